/** @file test_grid_file.c
 * A grid written by any number of ranks is read back to the bit in every mode; it is complete or absent; and
 * whatever is wrong with one rank is the same answer on all of them. */
#include "grid_fixture.h"

static void test_every_mode_reads_what_was_written(void)
{
    const uint64_t sizes[] = {1, 2, 3, CHUNK, CHUNK + 1, 23, 64};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; ++i) {
        make_file(MPI_COMM_WORLD, sizes[i]);
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

    make_file(MPI_COMM_WORLD, 23);
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

    TML_CHECK(create(MPI_COMM_WORLD, 23, true, &file, &error) == TML_OK);
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

    make_file(MPI_COMM_WORLD, 3);
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

    make_file(MPI_COMM_WORLD, 3);
    TML_CHECK(create(MPI_COMM_WORLD, 5, false, &file, &error) == TML_CANNOT_CREATE);
    TML_CHECK(file == NULL && strstr(error.message, PATH) != NULL);
    TML_CHECK(access(PARTIAL, F_OK) != 0);
    TML_CHECK(create(MPI_COMM_WORLD, 5, true, &file, &error) == TML_OK);
    tml_grid_file_abandon(&file);
    TML_CHECK(file == NULL && access(PARTIAL, F_OK) != 0);
    TML_CHECK(create(MPI_COMM_WORLD, 5, true, &file, &error) == TML_OK);
    if (file != NULL)
        TML_CHECK(write_span(file, nothing, TML_OK, &error) == TML_OK);
    TML_CHECK(tml_grid_file_finish(&file, &error) == TML_INTERNAL); /* rows are missing */
    TML_CHECK(file == NULL && access(PARTIAL, F_OK) != 0);
    check_contents(3, TML_IO_POSIX);
    make_file(MPI_COMM_WORLD, 5);
    check_contents(5, TML_IO_POSIX);
}

static void test_one_rank_that_failed_stops_all(void)
{
    tml_share share;
    tml_grid_file *file = NULL;
    tml_error error = {0, ""};
    int failing = tml_test_size - 1;
    tml_status local = TML_OK;

    TML_CHECK(create(MPI_COMM_WORLD, 23, true, &file, &error) == TML_OK);
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

    TML_CHECK(create(MPI_COMM_WORLD, 23, true, &file, &error) == TML_OK);
    if (file == NULL)
        return;
    share = tml_share_of_blocks(23, CHUNK, tml_test_rank, tml_test_size);
    for (uint64_t i = 0; i < share.count; ++i) {
        make_row(share.first + i, i, &memory);
        if (share.first + i == 21)
            memory.flux[i][3] = NAN;
        if (share.first + i == 4)
            memory.parameters[i][1] = INFINITY;
    }
    TML_CHECK(tml_grid_file_write_rows(file, TML_OK, share.first, share.count, &rows, &error) == TML_OK);
    TML_CHECK(tml_grid_file_finish(&file, &error) == TML_OK);
    share = tml_share_of(23, tml_test_rank, tml_test_size);
    for (size_t mode = 0; mode < 3; ++mode) {
        TML_CHECK(tml_grid_file_open(MPI_COMM_WORLD, PATH, MODES[mode], false, &file, &error) == TML_OK);
        if (file == NULL)
            return;
        rows.flux = &memory.flux[0][0];
        rows.parameters = NULL;
        rows.row = mode == 0 ? memory.row
                             : NULL; /* the row's number is found even when it is not asked for */
        TML_CHECK(tml_grid_file_read_rows(file, share.first, share.count, &rows, &error) == TML_BAD_DATA);
        TML_CHECK(strstr(error.message, "row 823, wavelength 1.2 micron") != NULL); /* 21 * 7919 % 1009 */
        rows.flux = NULL;
        rows.parameters = &memory.parameters[0][0];
        TML_CHECK(tml_grid_file_read_rows(file, share.first, share.count, &rows, &error) == TML_BAD_DATA);
        TML_CHECK(strstr(error.message, "row 397: the parameter logg is inf") != NULL); /* 4 * 7919 % 1009 */
        tml_grid_file_close(&file);
    }
}

/* A grid is a fact of its rows: however many ranks write it, and whenever, its bytes and so its digest are
 * those that one process writes. */
static void test_any_number_of_ranks_writes_the_same_file(void)
{
    bytes_of_file together;
    bytes_of_file alone;

    make_file(MPI_COMM_WORLD, 23);
    together = load(PATH);
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        make_file(MPI_COMM_SELF, 23);
    MPI_Barrier(MPI_COMM_WORLD);
    alone = load(PATH);
    TML_CHECK(together.count > 0 && together.count == alone.count);
    TML_CHECK(together.count == alone.count && memcmp(together.bytes, alone.bytes, alone.count) == 0);
    free(together.bytes);
    free(alone.bytes);
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
    test_any_number_of_ranks_writes_the_same_file();
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        unlink(PATH);
    return tml_test_finish();
}
