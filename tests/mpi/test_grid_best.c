/** @file test_grid_best.c
 * The grid points that fit an observation best are those of a sort of all rows, to the bit, on any number of
 * ranks; of equal ones the lowest row comes first, and the first is the best match. tml-test: TIMEOUT 120 */
#include "inference/grid_spectra.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "mpi_test.h"
#include "statistics/chi_square.h"

#include "spectra_grid.h"

enum { ROWS = 120, OBSERVATIONS = 8 };

static const char PATH[] = "best_grid.h5";

/* A spectrum of the grid, on another scale and somewhat off; pixels are masked in each way. */
static void observe(const spectra_grid *grid, uint64_t q, double *flux, double *error)
{
    float row[SPECTRA_WAVELENGTHS];
    double truth[SPECTRA_TARGETS];

    spectra_grid_row(grid, q * 17 % grid->rows, row, truth);
    for (size_t j = 0; j < SPECTRA_WAVELENGTHS; ++j) {
        flux[j] = 2.5 * (double)row[j] * (1.0 + 0.01 * sin((double)(j + q)));
        error[j] = 0.01 * (double)row[j];
    }
    flux[q] = q % 2 == 0 ? (double)NAN : flux[q];
    error[q] = q % 3 == 0 ? 0.0 : error[q];
}

static int compare(const void *a, const void *b)
{
    const tml_grid_match *left = a;
    const tml_grid_match *right = b;

    if (left->chi2 < right->chi2 || left->chi2 > right->chi2)
        return left->chi2 < right->chi2 ? -1 : 1;
    return (left->row > right->row) - (left->row < right->row);
}

/* All rows by a sort. */
static void sort_all(const spectra_grid *grid, const double *flux, const double *error, tml_grid_match *all)
{
    for (uint64_t i = 0; i < grid->rows; ++i) {
        float row[SPECTRA_WAVELENGTHS];
        double model[SPECTRA_WAVELENGTHS];
        tml_scale_fit fit;

        memset(&all[i], 0, sizeof all[i]);
        spectra_grid_row(grid, i, row, all[i].truth);
        for (size_t j = 0; j < SPECTRA_WAVELENGTHS; ++j)
            model[j] = (double)row[j];
        fit = tml_scale_fit_of(SPECTRA_WAVELENGTHS, flux, error, model);
        all[i].row = spectra_grid_number(i);
        all[i].chi2 = fit.chi2;
        all[i].scale = fit.scale;
    }
    qsort(all, grid->rows, sizeof *all, compare);
}

static void check_ranking(spectra_pair *p, const spectra_grid *grid, uint64_t q, size_t most)
{
    static tml_grid_match all[ROWS];
    static tml_grid_match got[2 * ROWS];
    double flux[SPECTRA_WAVELENGTHS];
    double sd[SPECTRA_WAVELENGTHS];
    size_t want = most < grid->rows ? most : (size_t)grid->rows;
    tml_grid_match match;
    tml_error error = {0, ""};

    observe(grid, q, flux, sd);
    sort_all(grid, flux, sd, all);
    for (int c = 0; c < 2; ++c) {
        size_t found = 0;

        memset(got, 0xff, sizeof got);
        TML_CHECK(tml_grid_spectra_best(p->spectra[c], flux, sd, most, got, &found, &error) == TML_OK);
        TML_CHECK(found == want && memcmp(got, all, want * sizeof *all) == 0);
        TML_CHECK(tml_grid_spectra_match(p->spectra[c], 1, flux, sd, true, &match, &error) == TML_OK);
        TML_CHECK(memcmp(&match, &got[0], sizeof match) == 0);
    }
}

/* Every spectrum is there twice with other parameters, so that all are ties. */
static void test_the_ranking_is_that_of_a_sort_of_all(spectra_kind kind)
{
    static const size_t mosts[] = {1, 2, 37, ROWS, 2 * ROWS};
    spectra_grid grid = {.kind = kind, .rows = ROWS};
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    for (uint64_t q = 0; q < OBSERVATIONS; ++q)
        for (size_t i = 0; i < sizeof mosts / sizeof mosts[0]; ++i)
            check_ranking(&p, &grid, q, mosts[i]);
    spectra_pair_free(&p);
}

/* Fewer rows than ranks: some have nothing to give. */
static void test_a_grid_of_three(void)
{
    spectra_grid grid = {.kind = SPECTRA_DIAGONAL, .rows = 3};
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    check_ranking(&p, &grid, 1, 2);
    check_ranking(&p, &grid, 2, 5);
    spectra_pair_free(&p);
}

static void test_nothing_can_be_compared(void)
{
    spectra_grid grid = {.kind = SPECTRA_REGULAR, .rows = SPECTRA_ALL_NODES};
    double flux[SPECTRA_WAVELENGTHS];
    double sd[SPECTRA_WAVELENGTHS];
    tml_grid_match matches[4];
    tml_error error = {0, ""};
    size_t found = 7;
    spectra_pair p;

    for (size_t j = 0; j < SPECTRA_WAVELENGTHS; ++j) {
        flux[j] = (double)NAN;
        sd[j] = 1.0;
    }
    spectra_pair_load(PATH, &grid, &p);
    TML_CHECK(tml_grid_spectra_best(p.spectra[0], flux, sd, 4, matches, &found, &error) == TML_OK);
    TML_CHECK(found == 0);
    spectra_pair_free(&p);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    test_the_ranking_is_that_of_a_sort_of_all(SPECTRA_TIES);
    test_the_ranking_is_that_of_a_sort_of_all(SPECTRA_REGULAR);
    test_a_grid_of_three();
    test_nothing_can_be_compared();
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        remove(PATH);
    return tml_test_finish();
}
