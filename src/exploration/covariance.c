#include "exploration/covariance.h"

#include <stdlib.h>

#include "core/memory.h"
#include "exploration/block_sums.h"
#include "mpi/agree.h"

/* Exact sums at a time: 35 MB of them. */
enum { BAND_SUMS = 1 << 16 };

/* Some rows of the covariance, from the diagonal on. */
typedef struct band {
    size_t first, end;
    double *difference; /* [wavelengths] a spectrum about the mean */
} band;

static tml_status find_mean(const tml_explored_rows *rows, double *mean, tml_error *error)
{
    tml_block_sums sums;
    tml_status status = tml_block_sums_create(rows->comm, rows->wavelengths, &sums, error);

    for (size_t i = 0; i < rows->count && status == TML_OK;) {
        for (size_t end = tml_explored_rows_block(rows, i); i < end; ++i)
            for (size_t w = 0; w < rows->wavelengths; ++w)
                sums.partial[w] += tml_scaled_flux_value(rows, i, w);
        tml_block_sums_end_block(&sums);
    }
    if (status == TML_OK)
        status = tml_block_sums_reduce(&sums, mean, error);
    for (size_t w = 0; w < rows->wavelengths && status == TML_OK; ++w)
        mean[w] /= (double)rows->total;
    tml_block_sums_free(&sums);
    return status;
}

/* Products of one spectrum, packed without what lies below the diagonal. */
static void add_row(const tml_explored_rows *rows, size_t row, const double *mean, const band *b,
                    double *restrict partial)
{
    const size_t w = rows->wavelengths;
    double *restrict d = b->difference;

    for (size_t i = 0; i < w; ++i)
        d[i] = tml_scaled_flux_value(rows, row, i) - mean[i];
    for (size_t i = b->first; i < b->end; ++i) {
        const double factor = d[i];

        for (size_t j = i; j < w; ++j)
            partial[j - i] += factor * d[j];
        partial += w - i;
    }
}

static void unpack(size_t wavelengths, const band *b, double divisor, const double *packed,
                   double *covariance)
{
    for (size_t i = b->first; i < b->end; ++i)
        for (size_t j = i; j < wavelengths; ++j) {
            double value = *packed++ / divisor;

            covariance[i * wavelengths + j] = value;
            covariance[j * wavelengths + i] = value;
        }
}

static tml_status sum_band(const tml_explored_rows *rows, const double *mean, const band *b,
                           double *covariance, tml_error *error)
{
    const size_t w = rows->wavelengths;
    const double divisor = rows->total > 1 ? (double)(rows->total - 1) : 1.0;
    tml_block_sums sums;
    double *packed = NULL;
    size_t count = 0;
    tml_status status;

    for (size_t i = b->first; i < b->end; ++i)
        count += w - i;
    status = tml_block_sums_create(rows->comm, count, &sums, error);
    if (status == TML_OK)
        status = tml_agree(rows->comm, tml_array_create(count, sizeof *packed, "covariance", &packed, error),
                           error);
    for (size_t i = 0; i < rows->count && status == TML_OK;) {
        for (size_t end = tml_explored_rows_block(rows, i); i < end; ++i)
            add_row(rows, i, mean, b, sums.partial);
        tml_block_sums_end_block(&sums);
    }
    if (status == TML_OK)
        status = tml_block_sums_reduce(&sums, packed, error);
    if (status == TML_OK)
        unpack(w, b, divisor, packed, covariance);
    tml_block_sums_free(&sums);
    free(packed);
    return status;
}

tml_status tml_covariance_compute(const tml_explored_rows *rows, double *mean, double *covariance,
                                  tml_error *error)
{
    const size_t w = rows->wavelengths;
    const size_t step = BAND_SUMS / w > 0 ? BAND_SUMS / w : 1;
    band b = {0, 0, NULL};
    tml_status status = tml_array_create(w, sizeof *b.difference, "covariance", &b.difference, error);

    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK)
        status = find_mean(rows, mean, error);
    while (b.end < w && status == TML_OK) {
        b.first = b.end;
        b.end = w - b.first < step ? w : b.first + step;
        status = sum_band(rows, mean, &b, covariance, error);
    }
    free(b.difference);
    return status;
}
