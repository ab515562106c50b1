#include "exploration/correlations.h"

#include <math.h>
#include <stdlib.h>

#include "core/memory.h"
#include "exploration/block_sums.h"
#include "exploration/column_ranks.h"
#include "mpi/agree.h"
#include "spectra/preparation.h"

/* Rounding may lead a correlation of 1 a little beyond it. */
static double correlation(double xy, double xx, double yy)
{
    return fmin(fmax(xy / sqrt(xx * yy), -1.0), 1.0);
}

/* ---- Pearson ---- */

/* Sums of one wavelength: first number of rows, sum of x, sums of the y; then, about the means, the sum of
 * x^2 and for each parameter of x y and y^2. */
typedef struct pearson_sums {
    const tml_explored_rows *rows;
    size_t means_length, products_length; /* sums of one wavelength */
    double *means;                        /* [wavelengths][means_length]; from the second pass on means */
    double *products;                     /* [wavelengths][products_length] */
} pearson_sums;

static void add_means(const pearson_sums *s, size_t row, double *partial)
{
    const double *y = s->rows->parameter + row * s->rows->parameters;

    for (size_t w = 0; w < s->rows->wavelengths; ++w) {
        double *sum = partial + w * s->means_length;
        double x = tml_log_flux_value(s->rows, row, w);

        if (isnan(x))
            continue;
        sum[0] += 1.0;
        sum[1] += x;
        for (size_t p = 0; p < s->rows->parameters; ++p)
            sum[2 + p] += y[p];
    }
}

static void add_products(const pearson_sums *s, size_t row, double *partial)
{
    const double *y = s->rows->parameter + row * s->rows->parameters;

    for (size_t w = 0; w < s->rows->wavelengths; ++w) {
        const double *mean = s->means + w * s->means_length;
        double *sum = partial + w * s->products_length;
        double x = tml_log_flux_value(s->rows, row, w) - mean[1];

        if (isnan(x))
            continue;
        sum[0] += x * x;
        for (size_t p = 0; p < s->rows->parameters; ++p) {
            double dy = y[p] - mean[2 + p];

            sum[1 + 2 * p] += x * dy;
            sum[2 + 2 * p] += dy * dy;
        }
    }
}

static tml_status add_up(const pearson_sums *s, void add(const pearson_sums *s, size_t row, double *partial),
                         size_t length, double *total, tml_error *error)
{
    tml_block_sums sums;
    tml_status status = tml_block_sums_create(s->rows->comm, s->rows->wavelengths * length, &sums, error);

    for (size_t i = 0; i < s->rows->count && status == TML_OK;) {
        for (size_t end = tml_explored_rows_block(s->rows, i); i < end; ++i)
            add(s, i, sums.partial);
        tml_block_sums_end_block(&sums);
    }
    if (status == TML_OK)
        status = tml_block_sums_reduce(&sums, total, error);
    tml_block_sums_free(&sums);
    return status;
}

static tml_status find_means(const pearson_sums *s, tml_error *error)
{
    tml_status status = add_up(s, add_means, s->means_length, s->means, error);

    for (size_t w = 0; w < s->rows->wavelengths && status == TML_OK; ++w) {
        double *mean = s->means + w * s->means_length;

        for (size_t i = 1; i < s->means_length; ++i)
            mean[i] /= mean[0];
    }
    return status;
}

static void finish_wavelength(const pearson_sums *s, size_t w, double *pearson)
{
    const double *mean = s->means + w * s->means_length;
    const double *sum = s->products + w * s->products_length;
    const double count = mean[0];
    const bool x_varies = count > 0.0 && !tml_variance_is_zero(sum[0] / count, mean[1], count);

    for (size_t p = 0; p < s->rows->parameters; ++p) {
        bool y_varies = x_varies && !tml_variance_is_zero(sum[2 + 2 * p] / count, mean[2 + p], count);

        pearson[p] = y_varies ? correlation(sum[1 + 2 * p], sum[0], sum[2 + 2 * p]) : (double)NAN;
    }
}

tml_status tml_pearson_correlations(const tml_explored_rows *rows, double *pearson, tml_error *error)
{
    pearson_sums s = {rows, 2 + rows->parameters, 1 + 2 * rows->parameters, NULL, NULL};
    tml_status status = tml_array_create(rows->wavelengths, s.means_length * sizeof(double), "correlations",
                                         &s.means, error);

    if (status == TML_OK)
        status = tml_array_create(rows->wavelengths, s.products_length * sizeof(double), "correlations",
                                  &s.products, error);
    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK)
        status = find_means(&s, error);
    if (status == TML_OK)
        status = add_up(&s, add_products, s.products_length, s.products, error);
    for (size_t w = 0; w < rows->wavelengths && status == TML_OK; ++w)
        finish_wavelength(&s, w, pearson + w * rows->parameters);
    free(s.means);
    free(s.products);
    return status;
}

/* ---- Spearman ---- */

/* Sums of products of ranks are whole numbers, so any order gives the same. */
typedef struct spearman_sums {
    const tml_explored_rows *rows;
    size_t round;     /* wavelengths at a time */
    int64_t *y;       /* [parameters][rows of this process] */
    int64_t *x;       /* [round][rows of this process] */
    int64_t *squares; /* [parameters] of y */
    int64_t *sums;    /* [round][1 + parameters] of x x, and of x y */
} spearman_sums;

static tml_status make_room(spearman_sums *s, tml_error *error)
{
    const char *what = "ranks of values";
    const size_t parameters = s->rows->parameters;
    const size_t row_bytes = s->rows->count * sizeof(int64_t);
    tml_status status = tml_array_create(parameters, row_bytes, what, &s->y, error);

    if (status == TML_OK)
        status = tml_array_create(s->round, row_bytes, what, &s->x, error);
    if (status == TML_OK)
        status = tml_array_create(parameters, sizeof(int64_t), what, &s->squares, error);
    if (status == TML_OK)
        status = tml_array_create(s->round, (1 + parameters) * sizeof(int64_t), what, &s->sums, error);
    return status;
}

static int64_t product(size_t count, const int64_t *a, const int64_t *b)
{
    int64_t sum = 0;

    for (size_t i = 0; i < count; ++i)
        sum += a[i] * b[i];
    return sum;
}

static tml_status rank_parameters(spearman_sums *s, tml_error *error)
{
    const tml_explored_rows *rows = s->rows;
    tml_status status = TML_OK;

    for (size_t p = 0; p < rows->parameters && status == TML_OK; p += s->round) {
        size_t columns = rows->parameters - p < s->round ? rows->parameters - p : s->round;

        status = tml_column_ranks(rows, tml_parameter_value, p, columns, s->y + p * rows->count, error);
    }
    if (status != TML_OK)
        return status;
    for (size_t p = 0; p < rows->parameters; ++p)
        s->squares[p] = product(rows->count, s->y + p * rows->count, s->y + p * rows->count);
    return tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, s->squares, (int)rows->parameters, MPI_INT64_T, MPI_SUM, rows->comm),
        "adding ranks", error);
}

static tml_status correlate(spearman_sums *s, size_t first, size_t columns, double *spearman,
                            tml_error *error)
{
    const tml_explored_rows *rows = s->rows;
    const size_t length = 1 + rows->parameters;
    tml_status status = tml_column_ranks(rows, tml_flux_value, first, columns, s->x, error);

    if (status != TML_OK)
        return status;
    for (size_t c = 0; c < columns; ++c) {
        const int64_t *x = s->x + c * rows->count;

        s->sums[c * length] = product(rows->count, x, x);
        for (size_t p = 0; p < rows->parameters; ++p)
            s->sums[c * length + 1 + p] = product(rows->count, x, s->y + p * rows->count);
    }
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, s->sums, (int)(columns * length), MPI_INT64_T, MPI_SUM, rows->comm),
        "adding ranks", error);
    for (size_t i = 0; i < columns * rows->parameters && status == TML_OK; ++i) {
        const int64_t *sum = s->sums + i / rows->parameters * length;
        size_t p = i % rows->parameters;

        spearman[first * rows->parameters + i] = sum[0] > 0 && s->squares[p] > 0
                                                     ? correlation((double)sum[1 + p], (double)sum[0],
                                                                   (double)s->squares[p])
                                                     : (double)NAN;
    }
    return status;
}

tml_status tml_spearman_correlations(const tml_explored_rows *rows, double *spearman, tml_error *error)
{
    spearman_sums s = {.rows = rows, .round = (size_t)rows->size};
    tml_status status;

    for (size_t i = 0; i < rows->wavelengths * rows->parameters; ++i)
        spearman[i] = (double)NAN;
    if (rows->total > TML_COLUMN_RANKS_MOST)
        return TML_OK;
    if (s.round > rows->wavelengths)
        s.round = rows->wavelengths;
    status = tml_agree(rows->comm, make_room(&s, error), error);
    if (status == TML_OK)
        status = rank_parameters(&s, error);
    for (size_t w = 0; w < rows->wavelengths && status == TML_OK; w += s.round) {
        size_t columns = rows->wavelengths - w < s.round ? rows->wavelengths - w : s.round;

        status = correlate(&s, w, columns, spearman, error);
    }
    free(s.y);
    free(s.x);
    free(s.squares);
    free(s.sums);
    return status;
}
