/** @file test_grid_damage.c
 * A grid file that is not what was written is refused by all ranks alike, in every mode, without a crash. */
#include "grid_fixture.h"

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

/* On one rank the whole number, on several a part of it: they only have to do the same. */
static int tries(int whole)
{
    return tml_test_size == 1 ? whole : whole / 10 + 30;
}

static void test_a_truncated_file_is_refused(void)
{
    bytes_of_file whole;
    uint32_t state = 17;

    make_file(MPI_COMM_WORLD, 23);
    whole = load(PATH);
    TML_CHECK(whole.count > 0);
    for (int i = 0; i < tries(200) && whole.count > 0; ++i) {
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

    make_file(MPI_COMM_WORLD, 23);
    whole = load(PATH);
    TML_CHECK(whole.count > 0);
    for (int i = 0; i < tries(2000) && whole.count > 0; ++i) {
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

    make_file(MPI_COMM_WORLD, 23);
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

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    test_a_truncated_file_is_refused();
    test_a_flipped_bit_is_refused();
    test_a_damaged_chunk_without_digest_is_refused();
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        unlink(PATH);
    return tml_test_finish();
}
