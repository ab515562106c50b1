/** @file test_exploration_correlations.c
 * Correlations of fluxes with parameters: by hand, and the same bits on any number of ranks. */
#include "exploration/correlations.h"

#include "core/random.h"
#include "exploration/column_ranks.h"
#include "mpi_test.h"

#include "made_rows.h"

enum { ROWS = 151, WAVELENGTHS = 11, PARAMETERS = 3 };

/* ---- ranks ---- */

static void five_values(uint64_t place, float *flux, float *scaled, double *parameter)
{
    static const double values[5] = {30.0, 10.0, 20.0, 20.0, -5.0};

    (void)scaled;
    parameter[0] = values[place];
    flux[0] = (float)values[place];
}

/* Ranks from 1: 5, 2, 3.5, 3.5, 1; twice these less 6. */
static void test_ranks_by_hand(void)
{
    static const int64_t want[5] = {4, -2, 1, 1, -4};
    tml_explored_rows rows = made_rows(MPI_COMM_WORLD, 5, 1, 1, five_values);
    int64_t rank[5];
    tml_error error = {0, ""};

    TML_CHECK(tml_column_ranks(&rows, tml_parameter_value, 0, 1, rank, &error) == TML_OK);
    for (size_t i = 0; i < rows.count; ++i)
        TML_CHECK(rank[i] == want[rows.first + i]);
    tml_explored_rows_free(&rows);
}

/* ---- by hand ---- */

/* log10 of the flux: at wavelength 0 rises along a line with the parameter, at 1 falls, at 2 does not vary,
 * at 3 is 0, 0, 1, 1, 0. At 4 it rises, but one row has no flux. Parameter 1 does not vary. */
static void simple_row(uint64_t place, float *flux, float *scaled, double *parameter)
{
    (void)scaled;
    flux[0] = (float)(1 << (2 * place));
    flux[1] = 1.0F / (float)(1 << (2 * place));
    flux[2] = 3e-7F;
    flux[3] = place == 2 || place == 3 ? 10.0F : 1.0F;
    flux[4] = place == 1 ? 0.0F : (float)(1 << (2 * place));
    parameter[0] = 100.0 + (double)place;
    parameter[1] = 0.1;
}

static void test_correlations_by_hand(void)
{
    tml_explored_rows rows = made_rows(MPI_COMM_WORLD, 5, 5, 2, simple_row);
    double r[5][2];
    double rho[5][2];
    tml_error error = {0, ""};

    TML_CHECK(tml_pearson_correlations(&rows, r[0], &error) == TML_OK);
    TML_CHECK(tml_spearman_correlations(&rows, rho[0], &error) == TML_OK);
    /* Powers of four have exact floats, their logarithms are rounded: 1e-15. */
    TML_CHECK(fabs(r[0][0] - 1.0) < 1e-14 && fabs(r[1][0] + 1.0) < 1e-14);
    TML_CHECK(rho[0][0] == 1.0 && rho[1][0] == -1.0);
    TML_CHECK(isnan(r[2][0]) && isnan(rho[2][0]));
    /* Products about the means: 0.6 (2 - 2) + 0.6 (3 - 2) - 0.4 (0 + 1 + 4 - 6) = 1; squares 1.2 and 10. */
    TML_CHECK(fabs(r[3][0] - 1.0 / sqrt(12.0)) < 1e-14);
    TML_CHECK(fabs(rho[3][0] - 1.0 / sqrt(12.0)) < 1e-14); /* two values: their ranks are a line */
    TML_CHECK(fabs(r[4][0] - 1.0) < 1e-14);                /* the row without flux does not count */
    TML_CHECK(fabs(rho[4][0] - 0.9) < 1e-14);              /* there it is the lowest: 1 - 6 (1 + 1) / 120 */
    for (size_t w = 0; w < 5; ++w)
        TML_CHECK(isnan(r[w][1]) && isnan(rho[w][1]));
    tml_explored_rows_free(&rows);
}

/* ---- any number of ranks ---- */

static void random_row(uint64_t place, float *flux, float *scaled, double *parameter)
{
    (void)scaled;
    for (size_t p = 0; p < PARAMETERS; ++p)
        parameter[p] = floor(10.0 * tml_random_uniform(2, TML_RANDOM_DESIGN, place, p, 0)) * 1000.0 + 0.1;
    for (size_t w = 0; w < WAVELENGTHS; ++w) {
        double u = tml_random_uniform(3, TML_RANDOM_DESIGN, place, w, 0);

        flux[w] = w == 4 && u < 0.1 ? 0.0F : (float)pow(10.0, -7.0 + u + 1e-4 * (double)w * parameter[0]);
    }
}

static void test_correlations_are_the_same_bits_on_any_number_of_ranks(void)
{
    double all[2][WAVELENGTHS * PARAMETERS];
    double alone[2][WAVELENGTHS * PARAMETERS];
    made_pair pair = made_rows_twice(ROWS, WAVELENGTHS, PARAMETERS, random_row);
    tml_error error = {0, ""};

    TML_CHECK(tml_pearson_correlations(&pair.all, all[0], &error) == TML_OK);
    TML_CHECK(tml_pearson_correlations(&pair.alone, alone[0], &error) == TML_OK);
    TML_CHECK(tml_spearman_correlations(&pair.all, all[1], &error) == TML_OK);
    TML_CHECK(tml_spearman_correlations(&pair.alone, alone[1], &error) == TML_OK);
    for (size_t k = 0; k < 2; ++k)
        TML_CHECK(made_same(WAVELENGTHS * PARAMETERS, all[k], alone[k]));
    TML_CHECK(all[0][10 * PARAMETERS] > 0.9 && all[1][10 * PARAMETERS] > 0.9);
    made_pair_free(&pair);
}

static void test_a_single_row_has_no_correlations(void)
{
    tml_explored_rows rows = made_rows(MPI_COMM_WORLD, 1, WAVELENGTHS, PARAMETERS, random_row);
    double r[2][WAVELENGTHS * PARAMETERS];
    tml_error error = {0, ""};

    TML_CHECK(tml_pearson_correlations(&rows, r[0], &error) == TML_OK);
    TML_CHECK(tml_spearman_correlations(&rows, r[1], &error) == TML_OK);
    for (size_t i = 0; i < WAVELENGTHS * PARAMETERS; ++i)
        TML_CHECK(isnan(r[0][i]) && isnan(r[1][i]));
    tml_explored_rows_free(&rows);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_ranks_by_hand();
    test_correlations_by_hand();
    test_correlations_are_the_same_bits_on_any_number_of_ranks();
    test_a_single_row_has_no_correlations();
    return tml_test_finish();
}
