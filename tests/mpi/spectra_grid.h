#ifndef TML_TESTS_MPI_SPECTRA_GRID_H
#define TML_TESTS_MPI_SPECTRA_GRID_H

/** @file spectra_grid.h
 * A small grid file whose spectra are a known function of teff, logg and met. For tests that run on several
 * ranks; include it after mpi_test.h. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/random.h"
#include "inference/grid_spectra.h"
#include "io/grid_file.h"
#include "io/grid_file_layout.h"
#include "mpi/share.h"
#include "training/data_set.h"

enum {
    SPECTRA_WAVELENGTHS = 9,
    SPECTRA_TARGETS = 3,
    SPECTRA_CHUNK = 4,
    SPECTRA_MOST = 400,
    SPECTRA_ALL_NODES = 60 /* 5 x 4 x 3 */
};

static const size_t SPECTRA_NODES[SPECTRA_TARGETS] = {5, 4, 3};
static const double SPECTRA_NODE[SPECTRA_TARGETS][5] = {
    {500.0, 800.0, 1000.0, 1500.0, 2400.0}, {3.0, 4.0, 4.5, 5.5}, {-0.5, 0.0, 0.5}};
static const double SPECTRA_GAP_NODE[SPECTRA_TARGETS] = {1000.0, 4.0, 0.0};

typedef enum spectra_kind {
    SPECTRA_REGULAR,  /* all nodes; row 60 + i has the parameters of row i and another spectrum */
    SPECTRA_GAP,      /* without SPECTRA_GAP_NODE */
    SPECTRA_RANDOM,   /* at random, logarithms linear in the parameters */
    SPECTRA_ZERO,     /* no flux at wavelength 2 below 900 K */
    SPECTRA_DIAGONAL, /* row i is at node i of each target */
    SPECTRA_TIES,     /* at random; the second half has the spectra of the first */
    SPECTRA_TRIANGLE  /* three points near a line; see spectra_grid_triangle */
} spectra_kind;

typedef struct spectra_grid {
    spectra_kind kind;
    uint64_t rows;
} spectra_grid;

/** Number in the source of the row at a place of the file. */
static inline int64_t spectra_grid_number(uint64_t at)
{
    return (int64_t)(at * 7919 % 1009);
}

/** The function. @param flux  out: [SPECTRA_WAVELENGTHS] */
static inline void spectra_grid_flux(const spectra_grid *grid, const double *truth, double *flux)
{
    double u = log10(truth[0] / 1000.0);
    double g = truth[1] - 4.0;
    double m = truth[2];

    for (int j = 0; j < SPECTRA_WAVELENGTHS; ++j) {
        double dex = -6.0 + (3.0 + 0.1 * j) * u + (0.02 * j - 0.1) * g + (0.15 - 0.03 * j) * m;

        if (grid->kind != SPECTRA_RANDOM && grid->kind != SPECTRA_TIES)
            dex += 0.2 * u * g - 0.05 * j * u * m + 0.04 * g * m + 0.1 * u * g * m;
        flux[j] = grid->kind == SPECTRA_ZERO && j == 2 && truth[0] < 900.0 ? 0.0 : pow(10.0, dex);
    }
}

static inline void spectra_grid_at_random(uint64_t at, double *truth)
{
    for (uint64_t t = 0; t < SPECTRA_TARGETS; ++t) {
        double low = SPECTRA_NODE[t][0];
        double high = SPECTRA_NODE[t][SPECTRA_NODES[t] - 1];

        truth[t] = low + (high - low) * tml_random_uniform(1, TML_RANDOM_DESIGN, at, t, 0);
    }
}

static inline void spectra_grid_node(uint64_t number, double *truth)
{
    truth[0] = SPECTRA_NODE[0][number / 12];
    truth[1] = SPECTRA_NODE[1][number / 3 % 4];
    truth[2] = SPECTRA_NODE[2][number % 3];
}

/** Points (0, 0), (1, 1) and (0.6, 0.4) in octaves of teff above 1000 K and dex of logg above 3. At the third
 * the flux is ten to the power of 0.2 higher; at wavelength 2 only there it is not 0. */
static inline void spectra_grid_triangle(uint64_t at, float *flux, double *truth)
{
    static const double octaves[3] = {0.0, 1.0, 0.6};
    static const double dex[3] = {0.0, 1.0, 0.4};

    truth[0] = 1000.0 * exp2(octaves[at]);
    truth[1] = 3.0 + dex[at];
    truth[2] = 0.0;
    for (int j = 0; j < SPECTRA_WAVELENGTHS; ++j)
        flux[j] = at == 2 ? (float)pow(10.0, -5.8) : j == 2 ? 0.0F : 1e-6F;
}

/** A row of the file. @param flux, truth  out: [SPECTRA_WAVELENGTHS], [SPECTRA_TARGETS] */
static inline void spectra_grid_row(const spectra_grid *grid, uint64_t at, float *flux, double *truth)
{
    const uint64_t gap = 2 * 12 + 1 * 3 + 1;
    double exact[SPECTRA_WAVELENGTHS];
    double origin[SPECTRA_TARGETS];

    if (grid->kind == SPECTRA_TRIANGLE) {
        spectra_grid_triangle(at, flux, truth);
        return;
    }
    if (grid->kind == SPECTRA_RANDOM || grid->kind == SPECTRA_TIES)
        spectra_grid_at_random(at, truth);
    else if (grid->kind == SPECTRA_DIAGONAL)
        for (int t = 0; t < SPECTRA_TARGETS; ++t)
            truth[t] = SPECTRA_NODE[t][at];
    else
        spectra_grid_node(at % SPECTRA_ALL_NODES + (grid->kind == SPECTRA_GAP && at >= gap ? 1 : 0), truth);
    memcpy(origin, truth, sizeof origin);
    if (grid->kind == SPECTRA_TIES)
        spectra_grid_at_random(at % (grid->rows / 2), origin);
    spectra_grid_flux(grid, origin, exact);
    for (int j = 0; j < SPECTRA_WAVELENGTHS; ++j)
        flux[j] = (float)exact[j] * (grid->kind == SPECTRA_REGULAR && at >= SPECTRA_ALL_NODES ? 3.0F : 1.0F);
}

/** Settings for a data set of it: in three parts, if there are rows for them. */
static inline tml_settings spectra_grid_settings(const spectra_grid *grid)
{
    tml_settings settings;
    tml_error error = {0, ""};

    memset(&settings, 0, sizeof settings);
    tml_config_defaults(tml_settings_table(), &settings);
    TML_CHECK(tml_config_set(tml_settings_table(), "grid.targets=[teff, logg, met]", &settings,
                             sizeof settings, &error) == TML_OK);
    settings.test_fraction = grid->rows > 10 ? 0.25 : 0.0;
    settings.validation_fraction = settings.test_fraction;
    return settings;
}

/** This rank's rows, in whole chunks. */
static inline tml_status spectra_grid_write(const spectra_grid *grid, tml_grid_file *file, tml_error *error)
{
    static int64_t row[SPECTRA_MOST];
    static float flux[SPECTRA_MOST][SPECTRA_WAVELENGTHS];
    static double parameters[SPECTRA_MOST][SPECTRA_TARGETS];
    tml_grid_rows rows = {row, &flux[0][0], &parameters[0][0], NULL};
    tml_share share = tml_share_of_blocks(grid->rows, tml_grid_file_chunk_rows(file), tml_test_rank,
                                          tml_test_size);

    for (uint64_t i = 0; i < share.count; ++i) {
        row[i] = spectra_grid_number(share.first + i);
        spectra_grid_row(grid, share.first + i, flux[i], parameters[i]);
    }
    return tml_grid_file_write_rows(file, TML_OK, share.first, share.count, &rows, error);
}

/** Make the file, replacing an older one. Collective over MPI_COMM_WORLD. */
static inline void spectra_grid_make(const char *path, const spectra_grid *grid)
{
    static const char *const names[SPECTRA_TARGETS] = {"teff", "logg", "met"};
    static const char *const units[SPECTRA_TARGETS] = {"K", "dex", "dex"};
    double wavelength_um[SPECTRA_WAVELENGTHS];
    tml_grid_shape shape;
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};

    memset(&shape, 0, sizeof shape);
    shape.rows = grid->rows;
    shape.wavelengths = SPECTRA_WAVELENGTHS;
    shape.parameter_count = SPECTRA_TARGETS;
    for (int t = 0; t < SPECTRA_TARGETS; ++t) {
        snprintf(shape.parameters[t].name, TML_GRID_NAME, "%s", names[t]);
        snprintf(shape.parameters[t].unit, TML_GRID_NAME, "%s", units[t]);
        snprintf(shape.parameters[t].long_name, TML_GRID_NAME, "parameter %s", names[t]);
    }
    shape.solar_c_o = 0.458;
    for (int j = 0; j < SPECTRA_WAVELENGTHS; ++j)
        wavelength_um[j] = 0.9 + 0.1 * j;
    TML_CHECK(tml_grid_file_create_chunked(MPI_COMM_WORLD, path, true, &shape, wavelength_um,
                                           "program=test\n", SPECTRA_CHUNK * SPECTRA_WAVELENGTHS * 4, &file,
                                           &error) == TML_OK);
    if (file == NULL)
        return;
    TML_CHECK(spectra_grid_write(grid, file, &error) == TML_OK);
    TML_CHECK(tml_grid_file_finish(&file, &error) == TML_OK);
}

/** The same grid over all ranks and on each rank alone. */
typedef struct spectra_pair {
    tml_data_set data[2];
    tml_grid_spectra *spectra[2];
} spectra_pair;

/** Make the file and load it both ways. Collective over MPI_COMM_WORLD. */
static inline void spectra_pair_load(const char *path, const spectra_grid *grid, spectra_pair *p)
{
    const MPI_Comm comms[2] = {MPI_COMM_WORLD, MPI_COMM_SELF};
    tml_settings settings = spectra_grid_settings(grid);
    tml_error error = {0, ""};

    spectra_grid_make(path, grid);
    for (int c = 0; c < 2; ++c) {
        tml_data_request request = {.path = path, .settings = &settings};

        p->spectra[c] = NULL;
        TML_CHECK(tml_data_set_load(comms[c], &request, &p->data[c], &error) == TML_OK);
        TML_CHECK(tml_grid_spectra_create(comms[c], &p->data[c], &p->spectra[c], &error) == TML_OK);
        if (p->spectra[c] == NULL) {
            fprintf(stderr, "rank %d: %s\n", tml_test_rank, error.message);
            MPI_Abort(MPI_COMM_WORLD, 1);
        }
    }
}

/** Collective. */
static inline void spectra_pair_free(spectra_pair *p)
{
    for (int c = 0; c < 2; ++c) {
        tml_grid_spectra_destroy(&p->spectra[c]);
        TML_CHECK(p->spectra[c] == NULL);
        tml_data_set_free(&p->data[c]);
    }
    MPI_Barrier(MPI_COMM_WORLD);
}

#endif
