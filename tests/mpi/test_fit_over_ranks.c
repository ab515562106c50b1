/** @file test_fit_over_ranks.c
 * Scalings and regression figures are the same bits for any number of ranks, ranks without rows included. */
#include "core/exact_moments.h"
#include "mpi/exact_reduce.h"
#include "mpi/share.h"
#include "spectra/preparation_fit.h"
#include "statistics/regression.h"

#include <math.h>
#include <string.h>

#include "mpi_test.h"

enum { ROWS = 5, WAVELENGTHS = 3, TARGETS = 2 };

static void fill(uint64_t row, float flux[WAVELENGTHS], double targets[TARGETS])
{
    for (uint64_t c = 0; c < WAVELENGTHS; ++c)
        flux[c] = 1e-8F / (float)(1 + row * 7 + c * 3);
    targets[0] = 785.1 + (double)row / 3.0;
    targets[1] = 0.1 * (double)row;
}

static void add_rows(const tml_preparation *preparation, tml_share share, tml_preparation_fit *fit,
                     tml_regression regression[TARGETS])
{
    for (uint64_t row = share.first; row < share.first + share.count; ++row) {
        float flux[WAVELENGTHS];
        double targets[TARGETS];
        tml_error error = {0};

        fill(row, flux, targets);
        TML_CHECK(tml_preparation_fit_add_row(preparation, fit, flux, targets, &error) == TML_OK);
        for (int t = 0; t < TARGETS; ++t)
            tml_regression_add(&regression[t], targets[t], targets[t] + 1.0 / (double)(row + 3));
    }
}

static void reduce(tml_preparation_fit *fit, tml_regression regression[TARGETS])
{
    tml_error error = {0};

    TML_CHECK(tml_exact_reduce(MPI_COMM_WORLD, fit->sums, fit->sum_count, &error) == TML_OK);
    MPI_Allreduce(MPI_IN_PLACE, fit->minima, (int)fit->columns, MPI_DOUBLE, MPI_MIN, MPI_COMM_WORLD);
    MPI_Allreduce(MPI_IN_PLACE, fit->maxima, (int)fit->columns, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    TML_CHECK(tml_exact_reduce(MPI_COMM_WORLD, regression[0].sums, TARGETS * TML_REGRESSION_SUMS, &error) ==
              TML_OK);
}

/* The scalings and figures of `share`, over all ranks if `is_shared`. */
static void compute(tml_share share, int is_shared, tml_preparation *preparation,
                    tml_regression_result *result)
{
    tml_preparation_choice choice = {.wavelengths = WAVELENGTHS,
                                     .transform = TML_TRANSFORM_LOG10,
                                     .spectrum_scaler = TML_SCALER_COLUMN_STANDARD,
                                     .feature_count = 2,
                                     .features = {TML_FEATURE_MIN, TML_FEATURE_STD},
                                     .feature_scaler = TML_COLUMN_MINMAX,
                                     .target_count = TARGETS,
                                     .target_log10 = {true, false},
                                     .target_scaler = TML_COLUMN_STANDARD};
    tml_preparation_fit fit;
    tml_regression regression[TARGETS];
    tml_error error = {0};

    TML_CHECK(tml_preparation_create(&choice, preparation, &error) == TML_OK);
    TML_CHECK(tml_preparation_fit_begin(preparation, &fit, &error) == TML_OK);
    for (int t = 0; t < TARGETS; ++t)
        tml_regression_clear(&regression[t]);
    add_rows(preparation, share, &fit, regression);
    if (is_shared)
        reduce(&fit, regression);
    TML_CHECK(tml_preparation_fit_end(&fit, preparation, &error) == TML_OK);
    for (int t = 0; t < TARGETS; ++t)
        result[t] = tml_regression_get(&regression[t]);
    tml_preparation_fit_free(&fit);
}

int main(int argc, char **argv)
{
    tml_preparation shared;
    tml_preparation alone;
    tml_regression_result shared_result[TARGETS];
    tml_regression_result alone_result[TARGETS];

    tml_test_start(&argc, &argv);
    compute(tml_share_of(ROWS, tml_test_rank, tml_test_size), 1, &shared, shared_result);
    compute((tml_share){0, ROWS}, 0, &alone, alone_result);
    TML_CHECK(memcmp(shared.spectrum, alone.spectrum, WAVELENGTHS * sizeof *shared.spectrum) == 0);
    TML_CHECK(memcmp(shared.features, alone.features, sizeof shared.features) == 0);
    TML_CHECK(memcmp(shared.targets, alone.targets, sizeof shared.targets) == 0);
    TML_CHECK(memcmp(shared_result, alone_result, sizeof shared_result) == 0);
    TML_CHECK(shared_result[0].count == ROWS);
    tml_preparation_free(&shared);
    tml_preparation_free(&alone);
    return tml_test_finish();
}
