#include "statistics/principal_components.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"

/* The eigenvalue iteration would not end on such numbers. */
static tml_status check_covariance(size_t features, const double *covariance, tml_error *error)
{
    if (features == 0)
        return TML_FAIL(error, TML_BAD_DATA, "principal components need a feature");
    for (size_t i = 0; i < features; ++i)
        for (size_t j = 0; j <= i; ++j)
            if (!isfinite(covariance[i * features + j]))
                return TML_FAIL(error, TML_BAD_DATA, "the covariance of features %zu and %zu is %g", i, j,
                                covariance[i * features + j]);
    return TML_OK;
}

/* @param matrix   [features][features] lost
 * @param vectors  [features][features] out: one in each column */
static tml_status decompose(size_t features, double *matrix, double *values, double *vectors,
                            tml_error *error)
{
    gsl_matrix_view a = gsl_matrix_view_array(matrix, features, features);
    gsl_matrix_view v = gsl_matrix_view_array(vectors, features, features);
    gsl_vector_view w = gsl_vector_view_array(values, features);
    /* GSL's own handler would end the program. */
    gsl_error_handler_t *before = gsl_set_error_handler_off();
    gsl_eigen_symmv_workspace *workspace = gsl_eigen_symmv_alloc(features);
    int result = GSL_ENOMEM;

    if (workspace != NULL) {
        result = gsl_eigen_symmv(&a.matrix, &w.vector, &v.matrix, workspace);
        gsl_eigen_symmv_free(workspace);
    }
    if (result == GSL_SUCCESS)
        result = gsl_eigen_symmv_sort(&w.vector, &v.matrix, GSL_EIGEN_SORT_VAL_DESC);
    gsl_set_error_handler(before);
    return result == GSL_SUCCESS ? TML_OK
                                 : TML_FAIL(error, TML_INTERNAL, "principal components of %zu features: %s",
                                            features, gsl_strerror(result));
}

/* An eigenvector may point either way. */
static double direction(size_t features, const double *vectors, size_t column)
{
    double largest = vectors[column];

    for (size_t f = 1; f < features; ++f)
        if (fabs(vectors[f * features + column]) > fabs(largest))
            largest = vectors[f * features + column];
    return largest < 0.0 ? -1.0 : 1.0;
}

static void keep(tml_principal_components *pca, const double *vectors)
{
    double total = 0.0;

    for (size_t i = 0; i < pca->features; ++i) {
        pca->variance[i] = fmax(pca->variance[i], 0.0); /* roundings lead below */
        total += pca->variance[i];
    }
    for (size_t i = 0; i < pca->features; ++i)
        pca->share[i] = total > 0.0 ? pca->variance[i] / total : (double)NAN;
    for (size_t k = 0; k < pca->kept; ++k) {
        double sign = direction(pca->features, vectors, k);

        for (size_t f = 0; f < pca->features; ++f)
            pca->component[k * pca->features + f] = sign * vectors[f * pca->features + k];
    }
}

static tml_status decompose_into(tml_principal_components *pca, const double *covariance, tml_error *error)
{
    double *memory = NULL; /* a copy of the matrix, then its eigenvectors */
    size_t entries = 0;
    tml_status status;

    if (!tml_size_multiply(pca->features, pca->features, &entries))
        return TML_FAIL(error, TML_INTERNAL, "principal components of %zu features: too many", pca->features);
    status = tml_array_create(entries, 2 * sizeof *memory, "principal components", &memory, error);
    if (status == TML_OK) {
        memcpy(memory, covariance, entries * sizeof *memory);
        status = decompose(pca->features, memory, pca->variance, memory + entries, error);
    }
    if (status == TML_OK)
        keep(pca, memory + entries);
    free(memory);
    return status;
}

tml_status tml_principal_components_create(size_t features, const double *covariance, size_t kept,
                                           tml_principal_components *pca, tml_error *error)
{
    tml_status status = check_covariance(features, covariance, error);

    memset(pca, 0, sizeof *pca);
    pca->features = features;
    pca->kept = kept < features ? kept : features;
    if (status == TML_OK)
        status = tml_array_create(features, sizeof(double), "principal components", &pca->variance, error);
    if (status == TML_OK)
        status = tml_array_create(features, sizeof(double), "principal components", &pca->share, error);
    if (status == TML_OK)
        status = tml_array_create(pca->kept, features * sizeof(double), "principal components",
                                  &pca->component, error);
    if (status == TML_OK)
        status = decompose_into(pca, covariance, error);
    if (status != TML_OK)
        tml_principal_components_free(pca);
    return status;
}

void tml_principal_components_free(tml_principal_components *pca)
{
    free(pca->variance);
    free(pca->share);
    free(pca->component);
    memset(pca, 0, sizeof *pca);
}

void tml_principal_scores(const tml_principal_components *pca, const double *mean, const double *row,
                          double *scores)
{
    for (size_t k = 0; k < pca->kept; ++k) {
        const double *component = pca->component + k * pca->features;
        double sum = 0.0;

        for (size_t f = 0; f < pca->features; ++f)
            sum += (row[f] - mean[f]) * component[f];
        scores[k] = sum;
    }
}

double tml_principal_error(const tml_principal_components *pca, const double *mean, const double *row,
                           const double *scores)
{
    double squares = 0.0;

    for (size_t f = 0; f < pca->features; ++f) {
        double left = row[f] - mean[f];

        for (size_t k = 0; k < pca->kept; ++k)
            left -= scores[k] * pca->component[k * pca->features + f];
        squares += left * left;
    }
    return sqrt(squares / (double)pca->features);
}
