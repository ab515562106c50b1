/** @file test_grid_spectra.c
 * Spectra between the points of a small grid with known spectra, and the grid point that fits best: right,
 * and the same bits on any number of ranks as on one. tml-test: TIMEOUT 120 */
#include "inference/grid_spectra.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/random.h"
#include "mpi_test.h"
#include "spectra/stencil.h"

#include "agreed.h"
#include "spectra_grid.h"

enum { MANY = 2500 }; /* more than a round holds */

static const char PATH[] = "grid.h5";

/* The spectra at some points, which are the same for all ranks as for one. */
static void ask(spectra_pair *p, size_t count, const double *points, double *flux,
                tml_grid_spectrum_note *notes)
{
    size_t values = count * SPECTRA_WAVELENGTHS;
    double *alone = malloc(values * sizeof *alone);
    tml_grid_spectrum_note *alone_notes = calloc(count, sizeof *alone_notes);
    tml_error error = {0, ""};

    memset(flux, 0xff, values * sizeof *flux);
    TML_CHECK(tml_grid_spectra_at(p->spectra[0], count, points, flux, notes, &error) == TML_OK);
    TML_CHECK(tml_grid_spectra_at(p->spectra[1], count, points, alone, alone_notes, &error) == TML_OK);
    TML_CHECK(memcmp(flux, alone, values * sizeof *flux) == 0);
    TML_CHECK(memcmp(notes, alone_notes, count * sizeof *notes) == 0);
    free(alone);
    free(alone_notes);
}

/* One point. @param flux  out: [SPECTRA_WAVELENGTHS] */
static tml_grid_spectrum_note ask_one(spectra_pair *p, double teff, double logg, double met, double *flux)
{
    const double point[SPECTRA_TARGETS] = {teff, logg, met};
    tml_grid_spectrum_note note = {TML_INTERPOLATION_NODE, UINT32_MAX};

    ask(p, 1, point, flux, &note);
    return note;
}

static bool is_close(const double *flux, const double *want, double tolerance)
{
    for (size_t j = 0; j < SPECTRA_WAVELENGTHS; ++j)
        if (!(fabs(flux[j] - want[j]) <= tolerance * want[j]))
            return false;
    return true;
}

/* Points within the grid, and a tenth beyond on either side. */
static void random_points(size_t count, double *points)
{
    for (uint64_t i = 0; i < count; ++i)
        for (uint64_t t = 0; t < SPECTRA_TARGETS; ++t) {
            double low = SPECTRA_NODE[t][0];
            double high = SPECTRA_NODE[t][SPECTRA_NODES[t] - 1];

            points[i * SPECTRA_TARGETS + t] =
                low + (high - low) * (-0.1 + 1.2 * tml_random_uniform(9, TML_RANDOM_DESIGN, i, t, 0));
        }
}

static double moved(size_t target, double value)
{
    return fmin(fmax(value, SPECTRA_NODE[target][0]), SPECTRA_NODE[target][SPECTRA_NODES[target] - 1]);
}

static void test_a_grid_point_has_the_spectrum_of_the_grid(void)
{
    spectra_grid grid = {.kind = SPECTRA_REGULAR, .rows = SPECTRA_ALL_NODES};
    spectra_pair p;
    double flux[SPECTRA_WAVELENGTHS];

    spectra_pair_load(PATH, &grid, &p);
    for (uint64_t i = 0; i < grid.rows; ++i) {
        float row[SPECTRA_WAVELENGTHS];
        double truth[SPECTRA_TARGETS];
        tml_grid_spectrum_note note;

        spectra_grid_row(&grid, i, row, truth);
        note = ask_one(&p, truth[0], truth[1], truth[2], flux);
        TML_CHECK(note.method == TML_INTERPOLATION_NODE && note.outside == 0);
        for (size_t j = 0; j < SPECTRA_WAVELENGTHS; ++j)
            TML_CHECK(flux[j] == (double)row[j]);
    }
    spectra_pair_free(&p);
}

/* The logarithms of these spectra are multilinear; a flux of the grid is a float, rounded by 6e-8 of it, and
 * the weights have the sum 1. Points beyond the grid have the spectrum of its edge. Several rounds. */
static void test_between_nodes_the_logarithm_is_multilinear(void)
{
    spectra_grid grid = {.kind = SPECTRA_REGULAR, .rows = SPECTRA_ALL_NODES};
    static double points[MANY * SPECTRA_TARGETS];
    static double flux[MANY * SPECTRA_WAVELENGTHS];
    static tml_grid_spectrum_note notes[MANY];
    size_t outside = 0;
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    random_points(MANY, points);
    ask(&p, MANY, points, flux, notes);
    for (size_t i = 0; i < MANY; ++i) {
        double inside[SPECTRA_TARGETS];
        double want[SPECTRA_WAVELENGTHS];
        uint32_t bits = 0;

        for (size_t t = 0; t < SPECTRA_TARGETS; ++t) {
            double value = points[i * SPECTRA_TARGETS + t];

            inside[t] = moved(t, value);
            bits |= inside[t] < value || inside[t] > value ? (uint32_t)1 << t : 0;
        }
        spectra_grid_flux(&grid, inside, want);
        TML_CHECK(notes[i].outside == bits);
        TML_CHECK(notes[i].method == (bits == 7 ? TML_INTERPOLATION_NODE : TML_INTERPOLATION_MULTILINEAR));
        TML_CHECK(is_close(flux + i * SPECTRA_WAVELENGTHS, want, 7e-8));
        outside += bits != 0;
    }
    TML_CHECK(outside > MANY / 4 && outside < MANY / 2 + MANY / 4);
    spectra_pair_free(&p);
}

static void test_the_range_of_each_target(void)
{
    spectra_grid grid = {.kind = SPECTRA_REGULAR, .rows = SPECTRA_ALL_NODES};
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    for (size_t t = 0; t < SPECTRA_TARGETS; ++t) {
        double low;
        double high;

        tml_grid_spectra_range(p.spectra[0], t, &low, &high);
        TML_CHECK(low == SPECTRA_NODE[t][0] && high == SPECTRA_NODE[t][SPECTRA_NODES[t] - 1]);
    }
    spectra_pair_free(&p);
}

/* One node is missing: cells that touch it are fitted, the others are as before. The fit is through the
 * neighbours of a curved function: 0.05 is a few times what it errs by, and a tenth of its steps. */
static void test_a_missing_corner(void)
{
    spectra_grid grid = {.kind = SPECTRA_GAP, .rows = SPECTRA_ALL_NODES - 1};
    const double *gap = SPECTRA_GAP_NODE;
    double flux[SPECTRA_WAVELENGTHS];
    double want[SPECTRA_WAVELENGTHS];
    tml_grid_spectrum_note note;
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    note = ask_one(&p, gap[0], gap[1], gap[2], flux);
    spectra_grid_flux(&grid, gap, want);
    TML_CHECK(note.method == TML_INTERPOLATION_SCATTERED && is_close(flux, want, 0.05));
    note = ask_one(&p, gap[0] * 1.02, gap[1] + 0.2, gap[2] - 0.1, flux);
    spectra_grid_flux(&grid, (const double[]){gap[0] * 1.02, gap[1] + 0.2, gap[2] - 0.1}, want);
    TML_CHECK(note.method == TML_INTERPOLATION_SCATTERED && is_close(flux, want, 0.05));
    note = ask_one(&p, 600.0, 3.2, -0.4, flux);
    spectra_grid_flux(&grid, (const double[]){600.0, 3.2, -0.4}, want);
    TML_CHECK(note.method == TML_INTERPOLATION_MULTILINEAR && is_close(flux, want, 7e-8));
    /* on a face of the gap's cell that does not have the gap */
    note = ask_one(&p, gap[0] * 1.02, gap[1] + 0.2, SPECTRA_NODE[2][0], flux);
    spectra_grid_flux(&grid, (const double[]){gap[0] * 1.02, gap[1] + 0.2, SPECTRA_NODE[2][0]}, want);
    TML_CHECK(note.method == TML_INTERPOLATION_MULTILINEAR && is_close(flux, want, 7e-8));
    spectra_pair_free(&p);
}

/* More than 256 values of each target; logarithms that are linear in the targets as they are learned come out
 * as they are. Tolerance: the rounding of the grid's floats, times weights that grow to a few at the edge. */
static void test_a_grid_at_random_parameters(void)
{
    spectra_grid grid = {.kind = SPECTRA_RANDOM, .rows = 300};
    static double points[MANY * SPECTRA_TARGETS];
    static double flux[MANY * SPECTRA_WAVELENGTHS];
    static tml_grid_spectrum_note notes[MANY];
    double low[SPECTRA_TARGETS];
    double high[SPECTRA_TARGETS];
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    random_points(MANY, points);
    spectra_grid_row(&grid, 17, &(float[SPECTRA_WAVELENGTHS]){0}[0], points);
    ask(&p, MANY, points, flux, notes);
    TML_CHECK(notes[0].method == TML_INTERPOLATION_NODE);
    for (size_t t = 0; t < SPECTRA_TARGETS; ++t)
        tml_grid_spectra_range(p.spectra[0], t, &low[t], &high[t]);
    for (size_t i = 1; i < MANY; ++i) {
        double inside[SPECTRA_TARGETS];
        double want[SPECTRA_WAVELENGTHS];

        for (size_t t = 0; t < SPECTRA_TARGETS; ++t)
            inside[t] = fmin(fmax(points[i * SPECTRA_TARGETS + t], low[t]), high[t]);
        spectra_grid_flux(&grid, inside, want);
        TML_CHECK(notes[i].method == TML_INTERPOLATION_SCATTERED);
        /* corners of the range are farther from the points than the clamp lets a fit go */
        TML_CHECK(notes[i].outside != 0 || is_close(flux + i * SPECTRA_WAVELENGTHS, want, 1e-6));
    }
    spectra_pair_free(&p);
}

typedef struct near_row {
    double distance;
    uint64_t at;
} near_row;

static int compare_near(const void *a, const void *b)
{
    const near_row *left = a;
    const near_row *right = b;

    if (left->distance != right->distance)
        return left->distance > right->distance ? 1 : -1;
    return spectra_grid_number(left->at) > spectra_grid_number(right->at) ? 1 : -1;
}

/* Coordinates of a point: as they are learned, in units of the mean distance of nodes. */
static void place_of(const double *truth, double *place)
{
    place[0] = log10(truth[0]) / ((log10(2400.0) - log10(500.0)) / 4.0);
    place[1] = truth[1] / (2.5 / 3.0);
    place[2] = truth[2] / 0.5;
}

/* The local fit by a search through all rows: twelve points for three targets, of equally far ones the lowest
 * rows. */
static void fit_by_search(const spectra_grid *grid, const double *point, double *want)
{
    enum { NEAREST = 12 };
    near_row near[SPECTRA_ALL_NODES];
    double place[SPECTRA_TARGETS];
    double x[SPECTRA_ALL_NODES][SPECTRA_TARGETS];
    double sorted[NEAREST][SPECTRA_TARGETS];
    double weight[NEAREST];
    float row[SPECTRA_WAVELENGTHS];
    double truth[SPECTRA_TARGETS];
    double sum[SPECTRA_WAVELENGTHS] = {0.0};
    tml_error error;

    place_of(point, place);
    for (uint64_t i = 0; i < grid->rows; ++i) {
        spectra_grid_row(grid, i, row, truth);
        place_of(truth, x[i]);
        near[i] = (near_row){0.0, i};
        for (size_t t = 0; t < SPECTRA_TARGETS; ++t)
            near[i].distance += (x[i][t] - place[t]) * (x[i][t] - place[t]);
    }
    qsort(near, grid->rows, sizeof near[0], compare_near);
    for (size_t k = 0; k < NEAREST; ++k)
        memcpy(sorted[k], x[near[k].at], sizeof sorted[k]);
    TML_CHECK(tml_local_linear(SPECTRA_TARGETS, NEAREST, sorted[0], place, weight, &error) == TML_OK);
    for (size_t k = 0; k < NEAREST; ++k) {
        spectra_grid_row(grid, near[k].at, row, truth);
        for (size_t j = 0; j < SPECTRA_WAVELENGTHS; ++j)
            sum[j] += weight[k] * log((double)row[j]);
    }
    for (size_t j = 0; j < SPECTRA_WAVELENGTHS; ++j)
        want[j] = exp(sum[j]);
}

/* In the cells that touch the gap; at met = 0 all points but those of that plane come in pairs that are
 * equally far. Tolerance: roundings of the same sums in another order. */
static void test_a_fit_is_through_the_nearest_points(void)
{
    spectra_grid grid = {.kind = SPECTRA_GAP, .rows = SPECTRA_ALL_NODES - 1};
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    for (int i = 0; i < 40; ++i) {
        const double point[SPECTRA_TARGETS] = {SPECTRA_GAP_NODE[0] + 10.0 * i,
                                               SPECTRA_GAP_NODE[1] + 0.011 * i, i % 4 == 3 ? 0.1 : 0.0};
        double flux[SPECTRA_WAVELENGTHS];
        double want[SPECTRA_WAVELENGTHS];
        tml_grid_spectrum_note note = ask_one(&p, point[0], point[1], point[2], flux);

        fit_by_search(&grid, point, want);
        TML_CHECK(note.method == TML_INTERPOLATION_SCATTERED && is_close(flux, want, 1e-11));
    }
    spectra_pair_free(&p);
}

/* The plane through the triangle is 1 dex up at one corner of the range and 1 dex down at the other; half of
 * the range beyond its points is as far as it is let. Where there are zeros, fluxes stand in for logarithms.
 */
static void test_a_fit_that_overshoots_is_held(void)
{
    spectra_grid grid = {.kind = SPECTRA_TRIANGLE, .rows = 3};
    double flux[SPECTRA_WAVELENGTHS];
    const double high = pow(10.0, -5.8);
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    TML_CHECK(ask_one(&p, 2000.0, 3.0, 0.0, flux).method == TML_INTERPOLATION_SCATTERED);
    TML_CHECK(fabs(flux[0] / pow(10.0, -5.7) - 1.0) < 2e-7 && fabs(flux[2] / (1.5 * high) - 1.0) < 1e-7);
    TML_CHECK(ask_one(&p, 1000.0, 4.0, 0.0, flux).method == TML_INTERPOLATION_SCATTERED);
    TML_CHECK(fabs(flux[0] / pow(10.0, -6.1) - 1.0) < 2e-7 && flux[2] == 0.0);
    spectra_pair_free(&p);
}

/* Nodes again, further on in the file, with other spectra and other row numbers: the lowest counts. */
static void test_of_rows_with_the_same_parameters_the_first_counts(void)
{
    spectra_grid grid = {.kind = SPECTRA_REGULAR, .rows = 2 * SPECTRA_ALL_NODES};
    size_t later = 0;
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    for (uint64_t i = 0; i < SPECTRA_ALL_NODES; ++i) {
        uint64_t twin = i + SPECTRA_ALL_NODES;
        bool is_twin = spectra_grid_number(twin) < spectra_grid_number(i);
        float row[SPECTRA_WAVELENGTHS];
        double truth[SPECTRA_TARGETS];
        double flux[SPECTRA_WAVELENGTHS];

        spectra_grid_row(&grid, is_twin ? twin : i, row, truth);
        TML_CHECK(ask_one(&p, truth[0], truth[1], truth[2], flux).method == TML_INTERPOLATION_NODE);
        TML_CHECK(flux[3] == (double)row[3]);
        later += is_twin;
    }
    TML_CHECK(later > 0 && later < SPECTRA_ALL_NODES); /* both cases occur */
    spectra_pair_free(&p);
}

/* Wavelength 2 has no flux at the two lower temperatures. Where they are, the flux itself is interpolated. */
static void test_a_flux_of_zero(void)
{
    spectra_grid grid = {.kind = SPECTRA_ZERO, .rows = SPECTRA_ALL_NODES};
    const double *teff = SPECTRA_NODE[0];
    double flux[SPECTRA_WAVELENGTHS];
    double want[SPECTRA_WAVELENGTHS];
    double share = log10(900.0 / teff[1]) / log10(teff[2] / teff[1]);
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    TML_CHECK(ask_one(&p, 600.0, 4.0, 0.0, flux).method == TML_INTERPOLATION_MULTILINEAR);
    spectra_grid_flux(&grid, (const double[]){600.0, 4.0, 0.0}, want);
    TML_CHECK(flux[2] == 0.0 && fabs(flux[3] - want[3]) < 7e-8 * want[3]);
    TML_CHECK(ask_one(&p, 900.0, 4.0, 0.0, flux).method == TML_INTERPOLATION_MULTILINEAR);
    spectra_grid_flux(&grid, (const double[]){teff[2], 4.0, 0.0}, want);
    TML_CHECK(fabs(flux[2] - share * want[2]) < 1e-7 * want[2]);
    spectra_pair_free(&p);
}

/* Two points: the fit is linear along their line and knows nothing across it. One point: all is that point.
 */
static void test_grids_of_two_points_and_of_one(void)
{
    spectra_grid grid = {.kind = SPECTRA_DIAGONAL, .rows = 2};
    float first[SPECTRA_WAVELENGTHS];
    float second[SPECTRA_WAVELENGTHS];
    double truth[2][SPECTRA_TARGETS];
    double flux[SPECTRA_WAVELENGTHS];
    tml_grid_spectrum_note note;
    spectra_pair p;

    spectra_grid_row(&grid, 0, first, truth[0]);
    spectra_grid_row(&grid, 1, second, truth[1]);
    spectra_pair_load(PATH, &grid, &p);
    note = ask_one(&p, sqrt(truth[0][0] * truth[1][0]), 0.5 * (truth[0][1] + truth[1][1]), 9.0, flux);
    TML_CHECK(note.method == TML_INTERPOLATION_SCATTERED && note.outside == 4);
    for (size_t j = 0; j < SPECTRA_WAVELENGTHS; ++j)
        TML_CHECK(fabs(flux[j] / cbrt((double)first[j] * (double)second[j] * (double)second[j]) - 1.0) <
                  1e-12);
    spectra_pair_free(&p);
    grid.rows = 1;
    spectra_pair_load(PATH, &grid, &p);
    note = ask_one(&p, truth[0][0], truth[0][1] + 1.0, truth[0][2] - 1.0, flux);
    TML_CHECK(note.method == TML_INTERPOLATION_NODE && note.outside == 6);
    TML_CHECK(flux[4] == (double)first[4]);
    spectra_pair_free(&p);
}

static void test_no_points_and_no_rows(void)
{
    spectra_grid grid = {.kind = SPECTRA_REGULAR, .rows = SPECTRA_ALL_NODES};
    tml_data_set empty;
    tml_grid_spectra *spectra = NULL;
    tml_error error = {0, ""};
    spectra_pair p;

    spectra_pair_load(PATH, &grid, &p);
    TML_CHECK(tml_grid_spectra_at(p.spectra[0], 0, NULL, NULL, NULL, &error) == TML_OK);
    memset(&empty, 0, sizeof empty);
    empty.layout = p.data[0].layout;
    agreed_failure(tml_grid_spectra_create(MPI_COMM_WORLD, &empty, &spectra, &error), TML_BAD_DATA, &error,
                   "no spectra");
    TML_CHECK(spectra == NULL);
    spectra_pair_free(&p);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    test_a_grid_point_has_the_spectrum_of_the_grid();
    test_between_nodes_the_logarithm_is_multilinear();
    test_the_range_of_each_target();
    test_a_missing_corner();
    test_a_grid_at_random_parameters();
    test_a_fit_is_through_the_nearest_points();
    test_a_fit_that_overshoots_is_held();
    test_of_rows_with_the_same_parameters_the_first_counts();
    test_a_flux_of_zero();
    test_grids_of_two_points_and_of_one();
    test_no_points_and_no_rows();
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        remove(PATH);
    return tml_test_finish();
}
