#ifndef TML_TESTS_MPI_AUDIT_GRID_H
#define TML_TESTS_MPI_AUDIT_GRID_H

/** @file audit_grid.h
 * A small grid with the defect of the published one: its chemistry was that of the nearest table, so that 12
 * metallicities have 6 different spectra and 6 C/O ratios 5. Defects of other kinds can be put in. Include it
 * after mpi_test.h. */

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "io/grid_file.h"
#include "io/grid_file_layout.h"
#include "mpi/share.h"

enum {
    AUDIT_TEFFS = 5,
    AUDIT_LOGGS = 3,
    AUDIT_RATIOS = 6,
    AUDIT_METS = 12,
    AUDIT_ROWS = AUDIT_TEFFS * AUDIT_LOGGS * AUDIT_RATIOS * AUDIT_METS,
    AUDIT_WAVELENGTHS = 9,
    AUDIT_CHUNK = 16
};

static const double audit_ratio[AUDIT_RATIOS] = {0.25, 0.5, 1.0, 1.5, 2.0, 2.5};
static const double audit_met[AUDIT_METS] = {-1.0, -0.7, -0.5, -0.3, 0.0, 0.3, 0.5, 0.7, 1.0, 1.3, 1.7, 2.0};

/** Changes a row that is good. @param node of it @param flux [AUDIT_WAVELENGTHS] @param parameters [4] */
typedef void audit_change(int64_t node, float *flux, double *parameters);

static inline double audit_nearest(size_t count, const double *table, double value)
{
    size_t best = 0;

    for (size_t i = 1; i < count; ++i)
        if (fabs(table[i] - value) < fabs(table[best] - value))
            best = i;
    return table[best];
}

/** Row of a node, the last axis (met) fastest. */
static inline void audit_row(int64_t node, float *flux, double *parameters)
{
    static const double mets[6] = {0.0, 0.5, 1.0, 1.5, 1.7, 2.0};
    static const double ratios[5] = {0.5, 1.0, 1.5, 2.0, 2.5};
    double met, ratio;

    parameters[3] = audit_met[node % AUDIT_METS];
    parameters[2] = audit_ratio[node / AUDIT_METS % AUDIT_RATIOS];
    parameters[1] = 4.0 + 0.5 * (double)(node / (AUDIT_METS * AUDIT_RATIOS) % AUDIT_LOGGS);
    parameters[0] = 800.0 + 100.0 * (double)(node / (AUDIT_METS * AUDIT_RATIOS * AUDIT_LOGGS));
    met = audit_nearest(6, mets, parameters[3]);
    ratio = audit_nearest(5, ratios, parameters[2]);
    for (int w = 0; w < AUDIT_WAVELENGTHS; ++w)
        flux[w] = (float)(1e-9 * pow(parameters[0] / 1000.0, 4.0 + 0.3 * w) *
                          exp(0.2 * met * cos(w) - 0.3 * ratio * sin(1.7 * w) + 0.1 * parameters[1] * w));
}

static inline tml_grid_shape audit_shape(uint64_t rows)
{
    static const char *const names[4] = {"teff", "logg", "c_o", "met"};
    static const char *const units[4] = {"K", "dex (cgs)", "solar ratio", "dex"};
    tml_grid_shape shape;

    memset(&shape, 0, sizeof shape);
    shape.rows = rows;
    shape.wavelengths = AUDIT_WAVELENGTHS;
    shape.parameter_count = 4;
    shape.solar_c_o = 0.458;
    for (int p = 0; p < 4; ++p) {
        snprintf(shape.parameters[p].name, TML_GRID_NAME, "%s", names[p]);
        snprintf(shape.parameters[p].unit, TML_GRID_NAME, "%s", units[p]);
    }
    return shape;
}

/** Write the grid, its nodes in another order than they are counted in. Collective over MPI_COMM_WORLD.
 * @param rows   the first so many nodes @param change NULL for a grid with no other defect */
static inline void audit_make(const char *path, uint64_t rows, audit_change *change)
{
    static int64_t row[AUDIT_ROWS];
    static float flux[AUDIT_ROWS][AUDIT_WAVELENGTHS];
    static double parameters[AUDIT_ROWS][4];
    const tml_grid_shape shape = audit_shape(rows);
    const tml_grid_rows view = {row, &flux[0][0], &parameters[0][0], NULL};
    double wavelength_um[AUDIT_WAVELENGTHS];
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};
    tml_share share;

    for (int w = 0; w < AUDIT_WAVELENGTHS; ++w)
        wavelength_um[w] = 1.0 + 0.1 * w;
    TML_CHECK(tml_grid_file_create_chunked(MPI_COMM_WORLD, path, true, &shape, wavelength_um,
                                           "program=test\n", AUDIT_CHUNK * AUDIT_WAVELENGTHS * 4, &file,
                                           &error) == TML_OK);
    if (file == NULL)
        return;
    share = tml_share_of_blocks(rows, AUDIT_CHUNK, tml_test_rank, tml_test_size);
    for (uint64_t i = 0; i < share.count; ++i) {
        row[i] = (int64_t)((share.first + i) * 7919 % rows); /* 7919 is prime */
        audit_row(row[i], flux[i], parameters[i]);
        if (change != NULL)
            change(row[i], flux[i], parameters[i]);
    }
    TML_CHECK(tml_grid_file_write_rows(file, TML_OK, share.first, share.count, &view, &error) == TML_OK);
    TML_CHECK(tml_grid_file_finish(&file, &error) == TML_OK);
}

#endif
