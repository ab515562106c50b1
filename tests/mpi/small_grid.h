#ifndef TML_TESTS_MPI_SMALL_GRID_H
#define TML_TESTS_MPI_SMALL_GRID_H

/** @file small_grid.h
 * A small grid file in the test's working directory, with twins: rows of the same spectrum and other labels.
 * For tests that run on several ranks; include it after mpi_test.h. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "io/grid_file.h"
#include "io/grid_file_layout.h"
#include "mpi/share.h"

enum {
    SMALL_GRID_WAVELENGTHS = 12,
    SMALL_GRID_PARAMETERS = 4,
    SMALL_GRID_CHUNK = 4,
    SMALL_GRID_FAMILY = 3, /* bytes of the first metadata column */
    SMALL_GRID_SPLIT = 10, /* of the second one */
    SMALL_GRID_MOST = 400
};

typedef struct small_grid {
    const char *path;
    uint64_t rows;
    bool has_metadata;
    int64_t bad_row;      /* place in the file of a row that is not as it should be; -1: none */
    float bad_flux;       /* its flux at wavelength 5, if not 0 */
    double bad_teff;      /* its temperature, if not NaN */
    const char *bad_word; /* its part, if not NULL */
} small_grid;

static inline small_grid small_grid_good(const char *path, uint64_t rows)
{
    small_grid grid = {path, rows, true, -1, 0.0F, (double)NAN, NULL};

    return grid;
}

/** The place of the row whose spectrum row `at` has: every fourth row is a twin of an earlier one. */
static inline uint64_t small_grid_twin_of(uint64_t at)
{
    return at % 4 == 3 ? at / 4 * 2 : at;
}

/** Number in the source of the row at a place of the file. */
static inline int64_t small_grid_row(uint64_t at)
{
    return (int64_t)(at * 7919 % 1009);
}

static inline const char *small_grid_word(const small_grid *grid, uint64_t at)
{
    if (grid->bad_word != NULL && (int64_t)at == grid->bad_row)
        return grid->bad_word;
    return at % 5 == 1 ? "validation" : at % 5 == 3 ? "test" : "train";
}

/** @param flux [SMALL_GRID_WAVELENGTHS]   @param parameters [4]: logg, teff, met, c_o */
static inline void small_grid_values(const small_grid *grid, uint64_t at, float *flux, double *parameters)
{
    uint64_t key = small_grid_twin_of(at);

    for (uint64_t i = 0; i < SMALL_GRID_WAVELENGTHS; ++i)
        flux[i] = 1e-7F * (float)(3 + (key * 37 + i * 11 + key * key * i) % 97);
    parameters[0] = 3.0 + 0.25 * (double)(at % 11);
    parameters[1] = 500.0 + 37.5 * (double)(at % 23);
    parameters[2] = 0.1 * (double)(at % 7) - 0.3;
    parameters[3] = 0.25 * (double)(1 + at % 5);
    if ((int64_t)at != grid->bad_row)
        return;
    if (grid->bad_flux < 0.0F || grid->bad_flux > 0.0F)
        flux[5] = grid->bad_flux;
    if (!isnan(grid->bad_teff))
        parameters[1] = grid->bad_teff;
}

static inline tml_grid_shape small_grid_shape(const small_grid *grid)
{
    static const char *const names[] = {"logg", "teff", "met", "c_o"};
    static const char *const units[] = {"dex", "K", "dex", "1"};
    tml_grid_shape shape;

    memset(&shape, 0, sizeof shape);
    shape.rows = grid->rows;
    shape.wavelengths = SMALL_GRID_WAVELENGTHS;
    shape.parameter_count = SMALL_GRID_PARAMETERS;
    for (int i = 0; i < SMALL_GRID_PARAMETERS; ++i) {
        snprintf(shape.parameters[i].name, TML_GRID_NAME, "%s", names[i]);
        snprintf(shape.parameters[i].unit, TML_GRID_NAME, "%s", units[i]);
        snprintf(shape.parameters[i].long_name, TML_GRID_NAME, "parameter %s", names[i]);
    }
    shape.metadata_count = grid->has_metadata ? 2 : 0;
    snprintf(shape.metadata[0].name, TML_GRID_NAME, "family");
    snprintf(shape.metadata[1].name, TML_GRID_NAME, "split");
    shape.metadata[0].width = SMALL_GRID_FAMILY;
    shape.metadata[1].width = SMALL_GRID_SPLIT;
    shape.solar_c_o = 0.458;
    return shape;
}

/** This rank's rows, in whole chunks. */
static inline tml_status small_grid_write(const small_grid *grid, tml_grid_file *file, tml_error *error)
{
    enum { WIDTH = SMALL_GRID_FAMILY + SMALL_GRID_SPLIT };
    static int64_t row[SMALL_GRID_MOST];
    static float flux[SMALL_GRID_MOST][SMALL_GRID_WAVELENGTHS];
    static double parameters[SMALL_GRID_MOST][SMALL_GRID_PARAMETERS];
    static char metadata[SMALL_GRID_MOST][WIDTH];
    tml_grid_rows rows = {row, &flux[0][0], &parameters[0][0], grid->has_metadata ? &metadata[0][0] : NULL};
    tml_share share = tml_share_of_blocks(grid->rows, tml_grid_file_chunk_rows(file), tml_test_rank,
                                          tml_test_size);

    memset(metadata, 0, sizeof metadata);
    for (uint64_t i = 0; i < share.count; ++i) {
        const char *word = small_grid_word(grid, share.first + i);

        row[i] = small_grid_row(share.first + i);
        small_grid_values(grid, share.first + i, flux[i], parameters[i]);
        memcpy(metadata[i], "abc", SMALL_GRID_FAMILY);
        memcpy(metadata[i] + SMALL_GRID_FAMILY, word, strlen(word));
    }
    return tml_grid_file_write_rows(file, TML_OK, share.first, share.count, &rows, error);
}

/** Make the file, replacing an older one. Collective over MPI_COMM_WORLD. */
static inline void small_grid_make(const small_grid *grid)
{
    tml_grid_shape shape = small_grid_shape(grid);
    double wavelength_um[SMALL_GRID_WAVELENGTHS];
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};

    for (int i = 0; i < SMALL_GRID_WAVELENGTHS; ++i)
        wavelength_um[i] = 0.9 + 0.1 * i;
    TML_CHECK(tml_grid_file_create_chunked(MPI_COMM_WORLD, grid->path, true, &shape, wavelength_um,
                                           "program=test\n", SMALL_GRID_CHUNK * SMALL_GRID_WAVELENGTHS * 4,
                                           &file, &error) == TML_OK);
    if (file == NULL)
        return;
    TML_CHECK(small_grid_write(grid, file, &error) == TML_OK);
    TML_CHECK(tml_grid_file_finish(&file, &error) == TML_OK);
}

#endif
