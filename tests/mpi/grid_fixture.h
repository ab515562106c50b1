#ifndef TML_TESTS_MPI_GRID_FIXTURE_H
#define TML_TESTS_MPI_GRID_FIXTURE_H

/** @file grid_fixture.h
 * A small grid whose rows follow from their number, so that each can be checked wherever it is read. Its
 * chunks are of four rows, so that a few rows are several chunks. */

#include "io/grid_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "io/grid_file_layout.h"
#include "mpi/share.h"
#include "mpi_test.h"

enum { WAVELENGTHS = 7, PARAMETERS = 3, CHUNK = 4, CHUNK_BYTES = CHUNK * WAVELENGTHS * 4, MOST_ROWS = 64 };

static const char PATH[] = "grid.h5";
static const char PARTIAL[] = "grid.h5.partial";
static const tml_io_mode MODES[] = {TML_IO_INDEPENDENT, TML_IO_COLLECTIVE, TML_IO_POSIX};
static const size_t WIDTHS[2] = {5, 12};

typedef struct rows_in_memory {
    int64_t row[MOST_ROWS];
    float flux[MOST_ROWS][WAVELENGTHS];
    double parameters[MOST_ROWS][PARAMETERS];
    char metadata[MOST_ROWS][17]; /* WIDTHS[0] + WIDTHS[1] */
} rows_in_memory;

static inline tml_grid_rows view(rows_in_memory *memory)
{
    tml_grid_rows rows = {memory->row, &memory->flux[0][0], &memory->parameters[0][0],
                          &memory->metadata[0][0]};

    return rows;
}

/* Row `at` of the file, put into place `place` of the memory. */
static inline void make_row(uint64_t at, uint64_t place, rows_in_memory *memory)
{
    char text[40];

    memory->row[place] = (int64_t)(at * 7919 % 1009);
    for (int j = 0; j < WAVELENGTHS; ++j)
        memory->flux[place][j] = ldexpf((float)(at * 31 + (uint64_t)j) + 0.37F, -20);
    for (int j = 0; j < PARAMETERS; ++j)
        memory->parameters[place][j] = (double)at / 3.0 + j;
    memset(memory->metadata[place], 0, sizeof memory->metadata[place]);
    snprintf(text, sizeof text, "n%03llu", (unsigned long long)at);
    memcpy(memory->metadata[place], text, strlen(text));
    snprintf(text, sizeof text, "family %llu", (unsigned long long)(at % 5));
    memcpy(memory->metadata[place] + WIDTHS[0], text, strlen(text));
}

static inline double wavelength(size_t i)
{
    return 0.9 + 0.1 * (double)i;
}

static inline tml_grid_shape make_shape(uint64_t rows)
{
    static const char *const NAMES[PARAMETERS] = {"teff", "logg", "c_o"};
    static const char *const UNITS[PARAMETERS] = {"K", "dex", "1"};
    tml_grid_shape shape;

    memset(&shape, 0, sizeof shape);
    shape.rows = rows;
    shape.wavelengths = WAVELENGTHS;
    shape.parameter_count = PARAMETERS;
    for (int i = 0; i < PARAMETERS; ++i) {
        snprintf(shape.parameters[i].name, TML_GRID_NAME, "%s", NAMES[i]);
        snprintf(shape.parameters[i].unit, TML_GRID_NAME, "%s", UNITS[i]);
        snprintf(shape.parameters[i].long_name, TML_GRID_NAME, "parameter %s", NAMES[i]);
    }
    shape.metadata_count = 2;
    snprintf(shape.metadata[0].name, TML_GRID_NAME, "source");
    snprintf(shape.metadata[1].name, TML_GRID_NAME, "family");
    shape.metadata[0].width = WIDTHS[0];
    shape.metadata[1].width = WIDTHS[1];
    shape.solar_c_o = 0.458;
    return shape;
}

static inline tml_status create(MPI_Comm comm, uint64_t rows, bool replace, tml_grid_file **file,
                                tml_error *error)
{
    tml_grid_shape shape = make_shape(rows);
    double wavelength_um[WAVELENGTHS];

    for (size_t i = 0; i < WAVELENGTHS; ++i)
        wavelength_um[i] = wavelength(i);
    return tml_grid_file_create_chunked(comm, PATH, replace, &shape, wavelength_um,
                                        "program=test\ncommand=a = b\n", CHUNK_BYTES, file, error);
}

/* Rows [first, first + count) as this rank's part of one collective write. */
static inline tml_status write_span(tml_grid_file *file, tml_share share, tml_status local, tml_error *error)
{
    static rows_in_memory memory;
    tml_grid_rows rows = view(&memory);

    for (uint64_t i = 0; i < share.count; ++i)
        make_row(share.first + i, i, &memory);
    return tml_grid_file_write_rows(file, local, share.first, share.count, &rows, error);
}

/* The file of `rows` rows, shared out in whole chunks: with few rows the last ranks have none. */
static inline void make_file(MPI_Comm comm, uint64_t rows)
{
    int rank = 0;
    int size = 1;
    tml_share share;
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    TML_CHECK(create(comm, rows, true, &file, &error) == TML_OK);
    if (file == NULL)
        return;
    share = tml_share_of_blocks(rows, tml_grid_file_chunk_rows(file), rank, size);
    TML_CHECK(write_span(file, share, TML_OK, &error) == TML_OK);
    TML_CHECK(tml_grid_file_finish(&file, &error) == TML_OK);
    TML_CHECK(file == NULL);
    TML_CHECK(access(PARTIAL, F_OK) != 0);
}

static inline bool is_row(uint64_t at, const rows_in_memory *memory, uint64_t place)
{
    static rows_in_memory want;

    make_row(at, 0, &want);
    return want.row[0] == memory->row[place] &&
           memcmp(want.flux[0], memory->flux[place], sizeof want.flux[0]) == 0 &&
           memcmp(want.parameters[0], memory->parameters[place], sizeof want.parameters[0]) == 0 &&
           memcmp(want.metadata[0], memory->metadata[place], sizeof want.metadata[0]) == 0;
}

/* Shares that are not whole chunks: reading may begin anywhere. */
static inline void check_contents(uint64_t total, tml_io_mode mode)
{
    static rows_in_memory memory;
    tml_share share = tml_share_of(total, tml_test_rank, tml_test_size);
    tml_grid_rows rows = view(&memory);
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};

    TML_CHECK(tml_grid_file_open(MPI_COMM_WORLD, PATH, mode, false, &file, &error) == TML_OK);
    if (file == NULL) {
        fprintf(stderr, "%s\n", error.message);
        return;
    }
    memset(&memory, 0x55, sizeof memory);
    TML_CHECK(tml_grid_file_read_rows(file, share.first, share.count, &rows, &error) == TML_OK);
    for (uint64_t i = 0; i < share.count; ++i)
        TML_CHECK(is_row(share.first + i, &memory, i));
    TML_CHECK(tml_grid_file_bytes_read(file) ==
              share.count * (8 + 4 * WAVELENGTHS + 8 * PARAMETERS + WIDTHS[0] + WIDTHS[1]));
    tml_grid_file_close(&file);
    TML_CHECK(file == NULL);
}

typedef struct bytes_of_file {
    unsigned char *bytes;
    size_t count;
} bytes_of_file;

static inline bytes_of_file load(const char *path)
{
    bytes_of_file loaded = {NULL, 0};
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return loaded;
    fseek(file, 0, SEEK_END);
    loaded.count = (size_t)ftell(file);
    rewind(file);
    loaded.bytes = malloc(loaded.count + 1);
    if (loaded.bytes == NULL || fread(loaded.bytes, 1, loaded.count, file) != loaded.count)
        loaded.count = 0;
    fclose(file);
    return loaded;
}

#endif
