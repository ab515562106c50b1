/** @file test_grid_match.c
 * The grid point that fits an observation best is that of a search through all, to the bit, on any number of
 * ranks; of equal ones it is the lowest row. tml-test: TIMEOUT 120 */
#include "inference/grid_spectra.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "core/log.h"
#include "core/random.h"
#include "mpi_test.h"
#include "statistics/chi_square.h"

#include "spectra_grid.h"

enum { OBSERVATIONS = 1100 }; /* more than a round holds */

static const char PATH[] = "grid.h5";

typedef struct sky {
    double flux[OBSERVATIONS][SPECTRA_WAVELENGTHS];
    double error[OBSERVATIONS][SPECTRA_WAVELENGTHS];
} sky;

/* Spectra of the grid with errors of some per mille, times a factor; some pixels are masked in each way. */
static void observe(const spectra_grid *grid, sky *s)
{
    for (uint64_t q = 0; q < OBSERVATIONS; ++q) {
        float row[SPECTRA_WAVELENGTHS];
        double truth[SPECTRA_TARGETS];
        double normal[SPECTRA_WAVELENGTHS];

        spectra_grid_row(grid, q * 11 % grid->rows, row, truth);
        tml_random_normals(3, TML_RANDOM_DRAW, q, 0, SPECTRA_WAVELENGTHS, normal);
        for (size_t j = 0; j < SPECTRA_WAVELENGTHS; ++j) {
            s->error[q][j] = 0.003 * (double)row[j];
            s->flux[q][j] = (q % 3 == 0 ? 2.5 : 1.0) * ((double)row[j] + normal[j] * s->error[q][j]);
        }
        s->flux[q][q % SPECTRA_WAVELENGTHS] = q % 5 == 1 ? (double)NAN : 1e6;
        s->error[q][q % SPECTRA_WAVELENGTHS] = q % 5 == 1 ? 1e-30 : q % 2 == 0 ? 0.0 : (double)NAN;
    }
    for (size_t j = 0; j < SPECTRA_WAVELENGTHS; ++j)
        s->flux[7][j] = (double)NAN;
}

/* The best row by a search through all. */
static tml_grid_match search(const spectra_grid *grid, const double *flux, const double *error,
                             bool fit_scale)
{
    tml_grid_match best = {.row = -1, .chi2 = INFINITY, .scale = 1.0};

    for (uint64_t i = 0; i < grid->rows; ++i) {
        float row[SPECTRA_WAVELENGTHS];
        double model[SPECTRA_WAVELENGTHS];
        double truth[SPECTRA_TARGETS];
        tml_scale_fit fit;

        spectra_grid_row(grid, i, row, truth);
        for (size_t j = 0; j < SPECTRA_WAVELENGTHS; ++j)
            model[j] = (double)row[j];
        fit = tml_scale_fit_of(SPECTRA_WAVELENGTHS, flux, error, model);
        if (!fit_scale) {
            fit.scale = 1.0;
            fit.chi2 = tml_chi_square_at(SPECTRA_WAVELENGTHS, flux, error, model, 1.0);
        }
        if (fit.used == 0 || fit.chi2 > best.chi2 ||
            (fit.chi2 == best.chi2 && spectra_grid_number(i) > best.row))
            continue;
        best.row = spectra_grid_number(i);
        best.chi2 = fit.chi2;
        best.scale = fit.scale;
        memcpy(best.truth, truth, sizeof truth);
    }
    return best;
}

static void check_matches(spectra_pair *p, const spectra_grid *grid, const sky *s, bool fit_scale,
                          tml_grid_match *matches)
{
    static tml_grid_match alone[OBSERVATIONS];
    tml_error error = {0, ""};

    memset(matches, 0xff, OBSERVATIONS * sizeof *matches);
    TML_CHECK(tml_grid_spectra_match(p->spectra[0], OBSERVATIONS, s->flux[0], s->error[0], fit_scale, matches,
                                     &error) == TML_OK);
    TML_CHECK(tml_grid_spectra_match(p->spectra[1], OBSERVATIONS, s->flux[0], s->error[0], fit_scale, alone,
                                     &error) == TML_OK);
    TML_CHECK(memcmp(matches, alone, sizeof alone) == 0);
    for (size_t q = 0; q < OBSERVATIONS; ++q) {
        tml_grid_match want = search(grid, s->flux[q], s->error[q], fit_scale);

        TML_CHECK(matches[q].row == want.row && matches[q].scale == want.scale);
        if (want.row >= 0)
            TML_CHECK(matches[q].chi2 == want.chi2 &&
                      memcmp(matches[q].truth, want.truth, sizeof want.truth) == 0);
    }
}

/* Every row of the grid is there twice with the same spectrum and other parameters, so that all are ties. */
static void test_the_best_row_is_that_of_a_search_through_all(void)
{
    spectra_grid grid = {.kind = SPECTRA_TIES, .rows = 120};
    static sky s;
    static tml_grid_match matches[OBSERVATIONS];
    size_t observed = 0;
    size_t right = 0;
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    observe(&grid, &s);
    check_matches(&p, &grid, &s, true, matches);
    TML_CHECK(matches[7].row == -1 && matches[7].scale == 1.0);
    TML_CHECK(isnan(matches[7].chi2) && isnan(matches[7].truth[0]));
    check_matches(&p, &grid, &s, false, matches);
    for (size_t q = 0; q < OBSERVATIONS; ++q) {
        uint64_t at = q * 11 % grid.rows;
        int64_t first = spectra_grid_number(at);
        int64_t second = spectra_grid_number((at + grid.rows / 2) % grid.rows);

        observed += q % 3 != 0 && q != 7;
        right += q % 3 != 0 && matches[q].row == (first < second ? first : second);
    }
    TML_CHECK(right > observed * 9 / 10); /* the others are too close to a neighbour for their errors */
    spectra_pair_free(&p);
}

/* Without noise the row itself comes back, its factor and a chi2 of nothing but rounding. */
static void test_a_spectrum_of_the_grid_finds_its_row(void)
{
    spectra_grid grid = {.kind = SPECTRA_REGULAR, .rows = SPECTRA_ALL_NODES};
    tml_error error = {0, ""};
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    for (uint64_t i = 0; i < grid.rows; i += 7) {
        float row[SPECTRA_WAVELENGTHS];
        double truth[SPECTRA_TARGETS];
        double flux[SPECTRA_WAVELENGTHS];
        double sd[SPECTRA_WAVELENGTHS];
        tml_grid_match match;

        spectra_grid_row(&grid, i, row, truth);
        for (size_t j = 0; j < SPECTRA_WAVELENGTHS; ++j) {
            flux[j] = 0.37 * (double)row[j];
            sd[j] = 1e-3 * flux[j];
        }
        TML_CHECK(tml_grid_spectra_match(p.spectra[0], 1, flux, sd, true, &match, &error) == TML_OK);
        TML_CHECK(match.row == spectra_grid_number(i) && fabs(match.scale - 0.37) < 1e-14);
        TML_CHECK(match.chi2 < 1e-20 && memcmp(match.truth, truth, sizeof truth) == 0);
    }
    spectra_pair_free(&p);
}

static void test_no_observations(void)
{
    spectra_grid grid = {.kind = SPECTRA_DIAGONAL, .rows = 2};
    tml_error error = {0, ""};
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    TML_CHECK(tml_grid_spectra_match(p.spectra[0], 0, NULL, NULL, true, NULL, &error) == TML_OK);
    spectra_pair_free(&p);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    test_the_best_row_is_that_of_a_search_through_all();
    test_a_spectrum_of_the_grid_finds_its_row();
    test_no_observations();
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        remove(PATH);
    return tml_test_finish();
}
