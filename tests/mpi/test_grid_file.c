/** @file test_grid_file.c
 * A grid written by any number of ranks is read back to the bit in every mode; it is complete or absent; and
 * whatever is wrong with it or with one rank is the same answer on all of them.
 * tml-test: TIMEOUT 120 */
#include "io/grid_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "io/grid_file_layout.h"
#include "mpi/agree.h"
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

static tml_grid_rows view(rows_in_memory *memory)
{
    tml_grid_rows rows = {memory->row, &memory->flux[0][0], &memory->parameters[0][0],
                          &memory->metadata[0][0]};

    return rows;
}

/* Row `at` of the file, put into place `place` of the memory. */
static void make_row(uint64_t at, uint64_t place, rows_in_memory *memory)
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

static double wavelength(size_t i)
{
    return 0.9 + 0.1 * (double)i;
}

static tml_grid_shape make_shape(uint64_t rows)
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

static tml_status create(uint64_t rows, bool replace, tml_grid_file **file, tml_error *error)
{
    tml_grid_shape shape = make_shape(rows);
    double wavelength_um[WAVELENGTHS];

    for (size_t i = 0; i < WAVELENGTHS; ++i)
        wavelength_um[i] = wavelength(i);
    return tml_grid_file_create_chunked(MPI_COMM_WORLD, PATH, replace, &shape, wavelength_um,
                                        "program=test\ncommand=a = b\n", CHUNK_BYTES, file, error);
}

/* Rows [first, first + count) as this rank's part of one collective write. */
static tml_status write_span(tml_grid_file *file, tml_share share, tml_status local, tml_error *error)
{
    static rows_in_memory memory;
    tml_grid_rows rows = view(&memory);

    for (uint64_t i = 0; i < share.count; ++i)
        make_row(share.first + i, i, &memory);
    return tml_grid_file_write_rows(file, local, share.first, share.count, &rows, error);
}

/* The file of `rows` rows, shared out in whole chunks: with few rows the last ranks have none. */
static void make_file(uint64_t rows)
{
    tml_share share;
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};

    TML_CHECK(create(rows, true, &file, &error) == TML_OK);
    if (file == NULL)
        return;
    share = tml_share_of_blocks(rows, tml_grid_file_chunk_rows(file), tml_test_rank, tml_test_size);
    TML_CHECK(write_span(file, share, TML_OK, &error) == TML_OK);
    TML_CHECK(tml_grid_file_finish(&file, &error) == TML_OK);
    TML_CHECK(file == NULL);
    TML_CHECK(access(PARTIAL, F_OK) != 0);
}

static bool is_row(uint64_t at, const rows_in_memory *memory, uint64_t place)
{
    static rows_in_memory want;

    make_row(at, 0, &want);
    return want.row[0] == memory->row[place] &&
           memcmp(want.flux[0], memory->flux[place], sizeof want.flux[0]) == 0 &&
           memcmp(want.parameters[0], memory->parameters[place], sizeof want.parameters[0]) == 0 &&
           memcmp(want.metadata[0], memory->metadata[place], sizeof want.metadata[0]) == 0;
}

/* Shares that are not whole chunks: reading may begin anywhere. */
static void check_contents(uint64_t total, tml_io_mode mode)
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

static void test_every_mode_reads_what_was_written(void)
{
    const uint64_t sizes[] = {1, 2, 3, CHUNK, CHUNK + 1, 23, 64};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        make_file(sizes[i]);
        for (size_t mode = 0; mode < 3; ++mode)
            check_contents(sizes[i], MODES[mode]);
    }
}

static void test_the_header_comes_back(void)
{
    tml_grid_shape want = make_shape(23);
    const tml_grid_shape *got;
    tml_grid_file *file = NULL;
    tml_digest digest;
    tml_error error = {0, ""};

    make_file(23);
    TML_CHECK(tml_grid_file_open(MPI_COMM_WORLD, PATH, TML_IO_INDEPENDENT, true, &file, &error) == TML_OK);
    if (file == NULL)
        return;
    got = tml_grid_file_shape(file);
    TML_CHECK(got->rows == 23 && got->wavelengths == WAVELENGTHS && got->parameter_count == PARAMETERS);
    TML_CHECK(memcmp(got->parameters, want.parameters, sizeof want.parameters) == 0);
    TML_CHECK(got->metadata_count == 2 && strcmp(got->metadata[1].name, "family") == 0);
    TML_CHECK(got->metadata[0].width == WIDTHS[0] && got->metadata[1].width == WIDTHS[1]);
    TML_CHECK(got->solar_c_o == 0.458);
    for (size_t i = 0; i < WAVELENGTHS; ++i)
        TML_CHECK(tml_grid_file_wavelength_um(file)[i] == wavelength(i));
    TML_CHECK(tml_grid_file_parameter(file, "logg") == 1 && tml_grid_file_parameter(file, "met") == -1);
    TML_CHECK(tml_grid_file_chunk_rows(file) == CHUNK);
    TML_CHECK(tml_grid_file_digest(file, &digest));
    tml_grid_file_close(&file);
}

/* Chunks in several rounds, given out from the back, so that every rank is at some time without rows. */
static void test_rounds_with_idle_ranks(void)
{
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};

    TML_CHECK(create(23, true, &file, &error) == TML_OK);
    if (file == NULL)
        return;
    for (int chunk = 5; chunk >= 0; --chunk) {
        tml_share share = {0, 0};

        if (chunk % tml_test_size == tml_test_rank) {
            share.first = (uint64_t)chunk * CHUNK;
            share.count = chunk == 5 ? 3 : CHUNK;
        }
        TML_CHECK(write_span(file, share, TML_OK, &error) == TML_OK);
    }
    TML_CHECK(tml_grid_file_finish(&file, &error) == TML_OK);
    check_contents(23, TML_IO_INDEPENDENT);
}

static void test_a_part_can_be_left_out(void)
{
    static rows_in_memory memory;
    tml_share share = tml_share_of(3, tml_test_rank, tml_test_size);
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};

    make_file(3);
    for (size_t mode = 0; mode < 3; ++mode) {
        tml_grid_rows rows = {NULL, NULL, NULL, NULL};

        if (share.count > 0) /* a rank without rows need not even have an array */
            rows.parameters = &memory.parameters[0][0];
        memset(&memory, 0, sizeof memory);
        TML_CHECK(tml_grid_file_open(MPI_COMM_WORLD, PATH, MODES[mode], false, &file, &error) == TML_OK);
        if (file == NULL)
            return;
        TML_CHECK(tml_grid_file_read_rows(file, share.first, share.count, &rows, &error) == TML_OK);
        for (uint64_t i = 0; i < share.count; ++i)
            TML_CHECK(memory.parameters[i][2] == (double)(share.first + i) / 3.0 + 2);
        TML_CHECK(tml_grid_file_bytes_read(file) == share.count * 8 * PARAMETERS);
        tml_grid_file_close(&file);
    }
}

static void test_an_old_file_is_spared_or_replaced(void)
{
    tml_share nothing = {0, 0};
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};

    make_file(3);
    TML_CHECK(create(5, false, &file, &error) == TML_CANNOT_CREATE);
    TML_CHECK(file == NULL && strstr(error.message, PATH) != NULL);
    TML_CHECK(access(PARTIAL, F_OK) != 0);
    TML_CHECK(create(5, true, &file, &error) == TML_OK);
    tml_grid_file_abandon(&file);
    TML_CHECK(file == NULL && access(PARTIAL, F_OK) != 0);
    TML_CHECK(create(5, true, &file, &error) == TML_OK);
    if (file != NULL)
        TML_CHECK(write_span(file, nothing, TML_OK, &error) == TML_OK);
    TML_CHECK(tml_grid_file_finish(&file, &error) == TML_INTERNAL); /* rows are missing */
    TML_CHECK(file == NULL && access(PARTIAL, F_OK) != 0);
    check_contents(3, TML_IO_POSIX);
    make_file(5);
    check_contents(5, TML_IO_POSIX);
}

static void test_one_rank_that_failed_stops_all(void)
{
    tml_share share;
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};
    int failing = tml_test_size - 1;
    tml_status local = TML_OK;

    TML_CHECK(create(23, true, &file, &error) == TML_OK);
    if (file == NULL)
        return;
    share = tml_share_of_blocks(23, CHUNK, tml_test_rank, tml_test_size);
    if (tml_test_rank == failing)
        local = TML_FAIL(&error, TML_BAD_DATA, "row 12 is bad");
    TML_CHECK(write_span(file, share, local, &error) == TML_BAD_DATA);
    TML_CHECK(strcmp(error.message, "row 12 is bad") == 0 && error.rank == failing);
    tml_grid_file_abandon(&file);
    TML_CHECK(access(PARTIAL, F_OK) != 0);
}

static void test_what_cannot_be_made_or_read(void)
{
    tml_grid_shape shape = make_shape(3);
    double descending[WAVELENGTHS] = {7, 6, 5, 4, 3, 2, 1};
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};

    TML_CHECK(tml_grid_file_create(MPI_COMM_WORLD, PATH, true, &shape, descending, NULL, &file, &error) ==
              TML_BAD_DATA);
    for (int i = 0; i < WAVELENGTHS; ++i)
        descending[i] = i + 1;
    TML_CHECK(tml_grid_file_create(MPI_COMM_WORLD, "absent/grid.h5", true, &shape, descending, NULL, &file,
                                   &error) == TML_CANNOT_CREATE);
    TML_CHECK(file == NULL && strstr(error.message, "absent/grid.h5") != NULL);
    snprintf(shape.parameters[1].name, TML_GRID_NAME, "a/b");
    TML_CHECK(tml_grid_file_create(MPI_COMM_WORLD, PATH, true, &shape, descending, NULL, &file, &error) ==
              TML_BAD_DATA);
    for (size_t mode = 0; mode < 3; ++mode) {
        TML_CHECK(tml_grid_file_open(MPI_COMM_WORLD, "absent.h5", MODES[mode], false, &file, &error) ==
                  TML_NO_INPUT);
        TML_CHECK(tml_grid_file_open(MPI_COMM_WORLD, ".", MODES[mode], false, &file, &error) == TML_NO_INPUT);
        TML_CHECK(file == NULL);
    }
}

static void test_a_value_that_is_not_finite_names_its_row(void)
{
    static rows_in_memory memory;
    tml_grid_rows rows = view(&memory);
    tml_share share;
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};

    TML_CHECK(create(23, true, &file, &error) == TML_OK);
    if (file == NULL)
        return;
    share = tml_share_of_blocks(23, CHUNK, tml_test_rank, tml_test_size);
    for (uint64_t i = 0; i < share.count; ++i) {
        make_row(share.first + i, i, &memory);
        if (share.first + i == 21)
            memory.flux[i][3] = NAN;
    }
    TML_CHECK(tml_grid_file_write_rows(file, TML_OK, share.first, share.count, &rows, &error) == TML_OK);
    TML_CHECK(tml_grid_file_finish(&file, &error) == TML_OK);
    share = tml_share_of(23, tml_test_rank, tml_test_size);
    for (size_t mode = 0; mode < 3; ++mode) {
        TML_CHECK(tml_grid_file_open(MPI_COMM_WORLD, PATH, MODES[mode], false, &file, &error) == TML_OK);
        if (file == NULL)
            return;
        rows.row = mode == 0 ? memory.row
                             : NULL; /* the row's number is found even when it is not asked for */
        TML_CHECK(tml_grid_file_read_rows(file, share.first, share.count, &rows, &error) == TML_BAD_DATA);
        TML_CHECK(strstr(error.message, "row 823, wavelength 1.2 micron") != NULL); /* 21 * 7919 % 1009 */
        tml_grid_file_close(&file);
    }
}

typedef struct bytes_of_file {
    unsigned char *bytes;
    size_t count;
} bytes_of_file;

static bytes_of_file load(const char *path)
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

static void store(const char *path, const unsigned char *bytes, size_t count)
{
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0) {
        FILE *file = fopen(path, "wb");

        TML_CHECK(file != NULL && fwrite(bytes, 1, count, file) == count);
        if (file != NULL)
            fclose(file);
    }
    MPI_Barrier(MPI_COMM_WORLD);
}

/* Reads all rows on all ranks. TML_OK only if they are what was written. */
static tml_status read_damaged(tml_io_mode mode)
{
    static rows_in_memory memory;
    tml_grid_rows rows = view(&memory);
    tml_share share = tml_share_of(23, tml_test_rank, tml_test_size);
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};
    tml_status status = tml_grid_file_open(MPI_COMM_WORLD, PATH, mode, false, &file, &error);

    TML_CHECK((status == TML_OK) == (file != NULL));
    if (status == TML_OK)
        status = tml_grid_file_read_rows(file, share.first, share.count, &rows, &error);
    for (uint64_t i = 0; status == TML_OK && i < share.count; ++i)
        TML_CHECK(is_row(share.first + i, &memory, i));
    tml_grid_file_close(&file);
    TML_CHECK(status == TML_OK || strstr(error.message, PATH) != NULL);
    return status;
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525U + 1013904223U;
    return *state >> 8;
}

static void test_a_truncated_file_is_refused(void)
{
    bytes_of_file whole;
    uint32_t state = 17;

    make_file(23);
    whole = load(PATH);
    TML_CHECK(whole.count > 0);
    for (int i = 0; i < 50 && whole.count > 0; ++i) {
        size_t length = i == 0 ? whole.count - 1 : i == 1 ? 0 : next_random(&state) % whole.count;

        store(PATH, whole.bytes, length);
        TML_CHECK(read_damaged(MODES[i % 3]) == TML_BAD_DATA);
    }
    free(whole.bytes);
}

/* Also in the user block, where a damaged digest must not pass for a file from elsewhere. */
static void test_a_flipped_bit_is_refused(void)
{
    bytes_of_file whole;
    uint32_t state = 4711;

    make_file(23);
    whole = load(PATH);
    TML_CHECK(whole.count > 0);
    for (int i = 0; i < 200 && whole.count > 0; ++i) {
        size_t at = next_random(&state) % (i % 4 == 0 ? 512 : whole.count);
        unsigned char bit = (unsigned char)(1U << next_random(&state) % 8U);

        whole.bytes[at] ^= bit;
        store(PATH, whole.bytes, whole.count);
        TML_CHECK(read_damaged(MODES[i % 3]) == TML_BAD_DATA);
        whole.bytes[at] ^= bit;
    }
    free(whole.bytes);
}

/* Without its digest, as a file from elsewhere or one that is too large to be verified each time: the
 * checksum of the chunk still tells, and the ranks that read other chunks do not hang. */
static void test_a_damaged_chunk_without_digest_is_refused(void)
{
    bytes_of_file whole;
    float wanted[WAVELENGTHS];
    rows_in_memory one;
    size_t at = 0;

    make_file(23);
    whole = load(PATH);
    make_row(21, 0, &one);
    memcpy(wanted, one.flux[0], sizeof wanted);
    while (at + sizeof wanted < whole.count && memcmp(whole.bytes + at, wanted, sizeof wanted) != 0)
        ++at;
    TML_CHECK(at + sizeof wanted < whole.count);
    memset(whole.bytes, 0, 512);
    store(PATH, whole.bytes, whole.count);
    for (size_t mode = 0; mode < 3; ++mode)
        TML_CHECK(read_damaged(MODES[mode]) == TML_OK);
    if (whole.count > 0)
        whole.bytes[at + 9] ^= 16;
    store(PATH, whole.bytes, whole.count);
    for (size_t mode = 0; mode < 3; ++mode)
        TML_CHECK(read_damaged(MODES[mode]) == TML_BAD_DATA);
    free(whole.bytes);
}

/* The rows, not the places of chunks in the file, are what two grids made by different ranks share: the
 * digest of the file may differ, the bytes of each dataset may not. Here: twice the same ranks, the same
 * file. */
static void test_the_same_ranks_write_the_same_file(void)
{
    bytes_of_file first;
    bytes_of_file second;

    make_file(23);
    MPI_Barrier(MPI_COMM_WORLD);
    first = load(PATH);
    MPI_Barrier(MPI_COMM_WORLD);
    make_file(23);
    second = load(PATH);
    TML_CHECK(first.count > 0 && first.count == second.count);
    TML_CHECK(first.count == second.count && memcmp(first.bytes, second.bytes, first.count) == 0);
    free(first.bytes);
    free(second.bytes);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    test_every_mode_reads_what_was_written();
    test_the_header_comes_back();
    test_rounds_with_idle_ranks();
    test_a_part_can_be_left_out();
    test_an_old_file_is_spared_or_replaced();
    test_one_rank_that_failed_stops_all();
    test_what_cannot_be_made_or_read();
    test_a_value_that_is_not_finite_names_its_row();
    test_a_truncated_file_is_refused();
    test_a_flipped_bit_is_refused();
    test_a_damaged_chunk_without_digest_is_refused();
    test_the_same_ranks_write_the_same_file();
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        unlink(PATH);
    return tml_test_finish();
}
