#include "exploration/components.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "exploration/covariance.h"
#include "mpi/agree.h"

/* Share of the total variance below which a component is nothing but the rounding of fluxes, which are float.
 */
static const double least_share = 1e-13;

/* Every rank decomposes the same matrix; where nodes are of two kinds, those of rank 0 count. */
static tml_status decompose(const tml_explored_rows *rows, const double *covariance, size_t most,
                            tml_principal_components *pca, tml_error *error)
{
    const int w = (int)rows->wavelengths;
    size_t varying = 0;
    tml_status status = tml_principal_components_create(rows->wavelengths, covariance, most, pca, error);

    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(pca->variance, w, MPI_DOUBLE, 0, rows->comm), "sharing components",
                               error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(pca->share, w, MPI_DOUBLE, 0, rows->comm), "sharing components",
                               error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(pca->component, (int)pca->kept * w, MPI_DOUBLE, 0, rows->comm),
                               "sharing components", error);
    if (status != TML_OK)
        return status;
    while (varying < pca->kept && pca->share[varying] > least_share)
        ++varying;
    pca->kept = varying;
    return TML_OK;
}

static tml_status find_components(const tml_explored_rows *rows, size_t most, tml_components *components,
                                  tml_error *error)
{
    const size_t w = rows->wavelengths;
    double *covariance = NULL;
    tml_status status = tml_array_create(w, sizeof(double), "principal components", &components->mean, error);

    if (status == TML_OK)
        status = tml_array_create(w, w * sizeof *covariance, "a covariance", &covariance, error);
    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK)
        status = tml_covariance_compute(rows, components->mean, covariance, error);
    if (status == TML_OK)
        status = decompose(rows, covariance, most, &components->pca, error);
    free(covariance);
    return status;
}

static tml_status find_scores(const tml_explored_rows *rows, tml_components *components, tml_error *error)
{
    const size_t w = rows->wavelengths;
    const size_t kept = components->pca.kept;
    double *spectrum = NULL;
    tml_status status = tml_array_create(w, sizeof *spectrum, "a spectrum", &spectrum, error);

    if (status == TML_OK)
        status = tml_array_create(rows->count, kept * sizeof(double), "scores", &components->score, error);
    for (size_t i = 0; i < rows->count && status == TML_OK; ++i) {
        for (size_t j = 0; j < w; ++j)
            spectrum[j] = tml_scaled_flux_value(rows, i, j);
        tml_principal_scores(&components->pca, components->mean, spectrum, components->score + i * kept);
    }
    free(spectrum);
    return tml_agree(rows->comm, status, error);
}

tml_status tml_components_compute(const tml_explored_rows *rows, size_t most, tml_components *components,
                                  tml_error *error)
{
    tml_status status;

    memset(components, 0, sizeof *components);
    if (rows->wavelengths > TML_COMPONENTS_WAVELENGTHS)
        return TML_FAIL(error, TML_BAD_DATA,
                        "the grid has %zu wavelengths; principal components are computed of %d at most, "
                        "import it on fewer wavelengths",
                        rows->wavelengths, TML_COMPONENTS_WAVELENGTHS);
    status = find_components(rows, most, components, error);
    return status == TML_OK ? find_scores(rows, components, error) : status;
}

void tml_components_free(tml_components *components)
{
    tml_principal_components_free(&components->pca);
    free(components->mean);
    free(components->score);
    memset(components, 0, sizeof *components);
}
