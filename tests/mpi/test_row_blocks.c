/** @file test_row_blocks.c
 * Finished rows of an interrupted job: found again by any number of ranks, other jobs refused, damage
 * noticed.
 */
#include "io/row_blocks.h"

#include <string.h>
#include <sys/stat.h>

#include "core/log.h"
#include "mpi_test.h"

enum { ROWS = 5 * TML_BLOCK_ROWS + 11, BLOCKS = 6, WAVELENGTHS = 3, PARAMETERS = 2 };

static const char GRID[] = "blocks.h5";
static const char FOLDER[] = "blocks.h5.blocks";
static const char JOB[] = "model=test\nseed=1\n";

typedef struct rows_in_memory {
    int64_t row[ROWS];
    float flux[ROWS][WAVELENGTHS];
    double parameters[ROWS][PARAMETERS];
} rows_in_memory;

static tml_grid_rows view(rows_in_memory *memory)
{
    return (tml_grid_rows){memory->row, &memory->flux[0][0], &memory->parameters[0][0], NULL};
}

static void fill(uint64_t first, uint64_t count, rows_in_memory *memory)
{
    for (uint64_t i = 0; i < count; ++i) {
        memory->row[i] = (int64_t)(first + i) * 7;
        for (int w = 0; w < WAVELENGTHS; ++w)
            memory->flux[i][w] = (float)(first + i) + 0.25F * (float)w;
        for (int p = 0; p < PARAMETERS; ++p)
            memory->parameters[i][p] = (double)(first + i) / 3.0 + p;
    }
}

static tml_status open_blocks(MPI_Comm comm, const char *job, tml_blocks_start start, tml_row_blocks **blocks,
                              tml_error *error)
{
    const tml_grid_shape shape = {.rows = ROWS, .wavelengths = WAVELENGTHS, .parameter_count = PARAMETERS};

    return tml_row_blocks_open(comm, GRID, &shape, job, start, blocks, error);
}

static tml_row_blocks *open_or_fail(MPI_Comm comm, tml_blocks_start start)
{
    tml_row_blocks *blocks = NULL;
    tml_error error = {0, ""};

    TML_CHECK(open_blocks(comm, JOB, start, &blocks, &error) == TML_OK);
    if (blocks == NULL) {
        fprintf(stderr, "%s\n", error.message);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    return blocks;
}

/* Adds the blocks from `first` on that are missing, up to `end`, shared out over the ranks of the job. */
static void add_blocks(tml_row_blocks *blocks, int rank, int size, uint64_t first, uint64_t end)
{
    static rows_in_memory memory;
    const tml_grid_rows rows = view(&memory);
    tml_error error = {0, ""};

    for (uint64_t b = first; b < end; ++b) {
        if (tml_row_blocks_has(blocks, b) || (int)(b % (uint64_t)size) != rank)
            continue;
        fill(b * TML_BLOCK_ROWS, tml_row_blocks_rows(blocks, b), &memory);
        TML_CHECK(tml_row_blocks_add(blocks, b, &rows, &error) == TML_OK);
    }
}

static uint64_t settle(tml_row_blocks *blocks)
{
    uint64_t there = 0;
    tml_error error = {0, ""};

    TML_CHECK(tml_row_blocks_settle(blocks, &there, &error) == TML_OK);
    return there;
}

/* Spans that do not begin with a block. */
static void check_rows(tml_row_blocks *blocks)
{
    static rows_in_memory got, want;
    const uint64_t firsts[] = {0, 1, 63, 100, 64 * 5};
    const uint64_t counts[] = {ROWS, 1, 2, 150, 11};
    const tml_grid_rows rows = view(&got);
    tml_error error = {0, ""};

    for (int k = 0; k < 5; ++k) {
        const size_t n = (size_t)counts[k];

        fill(firsts[k], counts[k], &want);
        TML_CHECK(tml_row_blocks_read(blocks, firsts[k], counts[k], &rows, &error) == TML_OK);
        TML_CHECK(memcmp(got.row, want.row, n * sizeof *got.row) == 0);
        TML_CHECK(memcmp(got.flux, want.flux, n * sizeof *got.flux) == 0);
        TML_CHECK(memcmp(got.parameters, want.parameters, n * sizeof *got.parameters) == 0);
    }
}

static bool exists(const char *path)
{
    struct stat about;
    bool is_there;

    MPI_Barrier(MPI_COMM_WORLD);
    is_there = stat(path, &about) == 0;
    MPI_Barrier(MPI_COMM_WORLD);
    return is_there;
}

static void test_what_is_added_is_read_and_removed(void)
{
    tml_row_blocks *blocks = open_or_fail(MPI_COMM_WORLD, TML_BLOCKS_REPLACE);

    TML_CHECK(tml_row_blocks_count(blocks) == BLOCKS && tml_row_blocks_kept(blocks) == 0);
    TML_CHECK(tml_row_blocks_rows(blocks, 0) == TML_BLOCK_ROWS && tml_row_blocks_rows(blocks, 5) == 11);
    add_blocks(blocks, tml_test_rank, tml_test_size, 0, BLOCKS);
    TML_CHECK(settle(blocks) == ROWS);
    check_rows(blocks);
    TML_CHECK(exists(FOLDER));
    tml_row_blocks_close(&blocks, false);
    TML_CHECK(blocks == NULL && !exists(FOLDER));
}

/* One rank alone begins, all go on. */
static void test_another_number_of_ranks_goes_on(void)
{
    tml_row_blocks *blocks = NULL;

    if (tml_test_rank == 0) {
        blocks = open_or_fail(MPI_COMM_SELF, TML_BLOCKS_REPLACE);
        add_blocks(blocks, 0, 1, 0, 2);
        TML_CHECK(settle(blocks) == 2 * TML_BLOCK_ROWS);
        tml_row_blocks_close(&blocks, true);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    blocks = open_or_fail(MPI_COMM_WORLD, TML_BLOCKS_RESUME);
    TML_CHECK(tml_row_blocks_kept(blocks) == 2 * TML_BLOCK_ROWS && tml_row_blocks_damaged(blocks) == 0);
    TML_CHECK(tml_row_blocks_has(blocks, 1) && !tml_row_blocks_has(blocks, 2));
    add_blocks(blocks, tml_test_rank, tml_test_size, 0, 4);
    TML_CHECK(settle(blocks) == 4 * TML_BLOCK_ROWS);
    tml_row_blocks_close(&blocks, true);
    blocks = open_or_fail(MPI_COMM_WORLD, TML_BLOCKS_RESUME);
    add_blocks(blocks, tml_test_rank, tml_test_size, 0, BLOCKS);
    TML_CHECK(settle(blocks) == ROWS);
    check_rows(blocks);
    tml_row_blocks_close(&blocks, true);
}

/* What the test before has left. */
static void test_jobs_that_may_not_have_it(void)
{
    tml_row_blocks *blocks = NULL;
    tml_error error = {0, ""};

    TML_CHECK(open_blocks(MPI_COMM_WORLD, JOB, TML_BLOCKS_NEW, &blocks, &error) == TML_CANNOT_CREATE);
    TML_CHECK(blocks == NULL && strstr(error.message, "--resume") != NULL);
    TML_CHECK(open_blocks(MPI_COMM_WORLD, "model=test\nseed=2\n", TML_BLOCKS_RESUME, &blocks, &error) ==
              TML_USAGE);
    TML_CHECK(blocks == NULL && strstr(error.message, "there 'seed=1', here 'seed=2'") != NULL);
    TML_CHECK(open_blocks(MPI_COMM_WORLD, "model=test\n", TML_BLOCKS_RESUME, &blocks, &error) == TML_USAGE);
}

static void change_byte(const char *path, long at)
{
    FILE *stream = fopen(path, "r+b");
    int byte = 0;

    TML_CHECK(stream != NULL);
    if (stream == NULL)
        return;
    fseek(stream, at, SEEK_SET);
    byte = fgetc(stream);
    fseek(stream, at, SEEK_SET);
    fputc(byte ^ 1, stream);
    fclose(stream);
}

static void test_a_damaged_block_is_missing(void)
{
    tml_row_blocks *blocks = NULL;

    if (tml_test_rank == 0)
        change_byte("blocks.h5.blocks/blocks-0-0", 100); /* the first attempt: blocks 0 and 1 */
    MPI_Barrier(MPI_COMM_WORLD);
    blocks = open_or_fail(MPI_COMM_WORLD, TML_BLOCKS_RESUME);
    TML_CHECK(tml_row_blocks_damaged(blocks) == 1);
    TML_CHECK(!tml_row_blocks_has(blocks, 0) && tml_row_blocks_has(blocks, 1));
    add_blocks(blocks, tml_test_rank, tml_test_size, 0, BLOCKS);
    TML_CHECK(settle(blocks) == ROWS);
    check_rows(blocks);
    tml_row_blocks_close(&blocks, true);
    blocks = open_or_fail(MPI_COMM_WORLD, TML_BLOCKS_REPLACE);
    TML_CHECK(tml_row_blocks_kept(blocks) == 0 && tml_row_blocks_damaged(blocks) == 0);
    tml_row_blocks_close(&blocks, false);
    TML_CHECK(!exists(FOLDER));
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    test_what_is_added_is_read_and_removed();
    test_another_number_of_ranks_goes_on();
    test_jobs_that_may_not_have_it();
    test_a_damaged_block_is_missing();
    return tml_test_finish();
}
