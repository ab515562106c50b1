#include "io/row_blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "io/block_file.h"
#include "io/path.h"
#include "io/row_blocks_folder.h"
#include "mpi/agree.h"

/* Where a block stands. */
typedef struct location {
    uint64_t file; /* attempt 2^32 + rank + 1; 0: nowhere */
    uint64_t offset;
} location;

struct tml_row_blocks {
    MPI_Comm comm; /* borrowed */
    int rank, size;
    uint64_t rows;
    size_t wavelengths, parameters;
    char *folder;
    int lock; /* on rank 0 */
    tml_digest job;
    uint64_t attempt;
    uint64_t kept, damaged;
    uint64_t count;
    location *where;      /* [count] */
    tml_block_file *file; /* of this rank, from its first block on */
    char *bytes;          /* of one block */
};

static size_t row_bytes(const tml_row_blocks *b)
{
    return sizeof(int64_t) + b->parameters * sizeof(double) + b->wavelengths * sizeof(float);
}

static uint64_t file_number(uint64_t attempt, int rank)
{
    return (attempt << 32) + (uint64_t)rank + 1;
}

static bool path_of(const tml_row_blocks *b, uint64_t file, char path[TML_PATH_LENGTH])
{
    char name[TML_BLOCKS_NAME];

    tml_blocks_file_name(file >> 32, (file & UINT32_MAX) - 1, name);
    return tml_path_join(path, TML_PATH_LENGTH, b->folder, name);
}

uint64_t tml_row_blocks_count(const tml_row_blocks *blocks)
{
    return blocks->count;
}

size_t tml_row_blocks_rows(const tml_row_blocks *blocks, uint64_t block)
{
    const uint64_t left = blocks->rows - block * TML_BLOCK_ROWS;

    return left < TML_BLOCK_ROWS ? (size_t)left : (size_t)TML_BLOCK_ROWS;
}

bool tml_row_blocks_has(const tml_row_blocks *blocks, uint64_t block)
{
    return blocks->where[block].file != 0;
}

uint64_t tml_row_blocks_kept(const tml_row_blocks *blocks)
{
    return blocks->kept;
}

uint64_t tml_row_blocks_damaged(const tml_row_blocks *blocks)
{
    return blocks->damaged;
}

const char *tml_row_blocks_folder(const tml_row_blocks *blocks)
{
    return blocks->folder;
}

/* ---- what is there ---- */

typedef struct finding {
    tml_row_blocks *blocks;
    uint64_t file;
} finding;

static void note_block(void *context, uint64_t block, uint64_t offset)
{
    const finding *now = context;

    if (block < now->blocks->count)
        now->blocks->where[block] = (location){now->file, offset};
}

/* The files are shared out over the ranks. */
static tml_status scan_files(tml_row_blocks *b, const tml_blocks_list *list, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t i = (size_t)b->rank; i < list->count && status == TML_OK; i += (size_t)b->size) {
        finding now = {b, file_number(list->file[i].attempt, (int)list->file[i].rank)};
        uint64_t damaged = 0;
        char path[TML_PATH_LENGTH];

        if (!path_of(b, now.file, path))
            return TML_FAIL(error, TML_INTERNAL, "%s: its path is too long", b->folder);
        status = tml_block_file_scan(path, &b->job, TML_BLOCK_ROWS * row_bytes(b), note_block, &now, &damaged,
                                     error);
        b->damaged += damaged;
    }
    return status;
}

/* A block that stands in two files is taken from the later one, by all ranks alike. */
static tml_status join_locations(tml_row_blocks *b, tml_error *error)
{
    const size_t count = (size_t)b->count;
    uint64_t *file = NULL;
    uint64_t *offset = NULL;
    int narrow = 0;
    tml_status status = tml_array_create(count, sizeof *file, "places of blocks", &file, error);

    if (status == TML_OK)
        status = tml_array_create(count, sizeof *offset, "places of blocks", &offset, error);
    if (status == TML_OK && !tml_int_from_size(count, &narrow))
        status = TML_FAIL(error, TML_INTERNAL, "%zu blocks are too many", count);
    status = tml_agree(b->comm, status, error);
    for (size_t i = 0; i < count && status == TML_OK; ++i)
        file[i] = b->where[i].file;
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, file, narrow, MPI_UINT64_T, MPI_MAX, b->comm),
                               "sharing the places of blocks", error);
    for (size_t i = 0; i < count && status == TML_OK; ++i)
        offset[i] = b->where[i].file == file[i] ? b->where[i].offset : 0;
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, offset, narrow, MPI_UINT64_T, MPI_MAX, b->comm),
                               "sharing the places of blocks", error);
    for (size_t i = 0; i < count && status == TML_OK; ++i)
        b->where[i] = (location){file[i], offset[i]};
    free(file);
    free(offset);
    return status;
}

static uint64_t rows_there(const tml_row_blocks *b)
{
    uint64_t rows = 0;

    for (uint64_t i = 0; i < b->count; ++i)
        rows += tml_row_blocks_has(b, i) ? tml_row_blocks_rows(b, i) : 0;
    return rows;
}

static tml_status find_blocks(tml_row_blocks *b, const tml_blocks_list *list, tml_error *error)
{
    tml_status status = tml_agree(b->comm, scan_files(b, list, error), error);

    for (size_t i = 0; i < list->count; ++i)
        if (list->file[i].attempt >= b->attempt)
            b->attempt = list->file[i].attempt + 1;
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, &b->damaged, 1, MPI_UINT64_T, MPI_SUM, b->comm),
                               "counting damaged blocks", error);
    if (status == TML_OK)
        status = join_locations(b, error);
    b->kept = rows_there(b);
    return status;
}

/* ---- beginning ---- */

static tml_status prepare(tml_row_blocks *b, const char *grid, const tml_grid_shape *shape, const char *job,
                          tml_error *error)
{
    const size_t room = strlen(grid) + sizeof ".blocks";
    tml_status status;

    b->lock = -1;
    b->rows = shape->rows;
    b->wavelengths = shape->wavelengths;
    b->parameters = shape->parameter_count;
    b->count = tml_divide_up(shape->rows, TML_BLOCK_ROWS);
    b->job = tml_digest_of(job, strlen(job));
    status = tml_array_create(room, 1, "the name of a folder", &b->folder, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)b->count, sizeof *b->where, "places of blocks", &b->where, error);
    if (status == TML_OK)
        status = tml_array_create(TML_BLOCK_ROWS, row_bytes(b), "a block of rows", &b->bytes, error);
    if (status == TML_OK)
        snprintf(b->folder, room, "%s.blocks", grid);
    return status;
}

static void free_blocks(tml_row_blocks *b)
{
    free(b->folder);
    free(b->where);
    free(b->bytes);
    free(b);
}

tml_status tml_row_blocks_open(MPI_Comm comm, const char *grid, const tml_grid_shape *shape, const char *job,
                               tml_blocks_start start, tml_row_blocks **blocks, tml_error *error)
{
    tml_row_blocks *b = NULL;
    tml_blocks_list list = {0};
    tml_status status = tml_array_create(1, sizeof *b, "blocks of rows", &b, error);

    *blocks = NULL;
    if (status == TML_OK)
        status = prepare(b, grid, shape, job, error);
    status = tml_agree(comm, status, error);
    if (status == TML_OK) {
        b->comm = comm;
        MPI_Comm_rank(comm, &b->rank);
        MPI_Comm_size(comm, &b->size);
        if (b->rank == 0)
            status = tml_blocks_folder_begin(b->folder, job, start, &b->lock, error);
        status = tml_agree(comm, status, error);
    }
    if (status == TML_OK)
        status = tml_blocks_folder_list(comm, b->folder, &list, error);
    if (status == TML_OK)
        status = find_blocks(b, &list, error);
    free(list.file);
    if (status == TML_OK)
        *blocks = b;
    else if (b != NULL) {
        tml_blocks_folder_end(b->folder, true, &b->lock);
        free_blocks(b);
    }
    return status;
}

/* ---- rows to and from bytes ---- */

/* Row numbers, then parameters, then fluxes. */
static void pack(const tml_row_blocks *b, size_t count, const tml_grid_rows *rows, char *bytes)
{
    const size_t parameters = count * b->parameters * sizeof(double);

    memcpy(bytes, rows->row, count * sizeof *rows->row);
    bytes += count * sizeof *rows->row;
    memcpy(bytes, rows->parameters, parameters);
    memcpy(bytes + parameters, rows->flux, count * b->wavelengths * sizeof(float));
}

static void unpack(const tml_row_blocks *b, size_t count, size_t skip, size_t wanted, uint64_t at,
                   const tml_grid_rows *rows)
{
    const char *row = b->bytes;
    const char *parameters = row + count * sizeof *rows->row;
    const char *flux = parameters + count * b->parameters * sizeof(double);

    memcpy(rows->row + at, row + skip * sizeof *rows->row, wanted * sizeof *rows->row);
    memcpy(rows->parameters + at * b->parameters, parameters + skip * b->parameters * sizeof(double),
           wanted * b->parameters * sizeof(double));
    memcpy(rows->flux + at * b->wavelengths, flux + skip * b->wavelengths * sizeof(float),
           wanted * b->wavelengths * sizeof(float));
}

tml_status tml_row_blocks_add(tml_row_blocks *blocks, uint64_t block, const tml_grid_rows *rows,
                              tml_error *error)
{
    tml_row_blocks *b = blocks;
    const uint64_t number = file_number(b->attempt, b->rank);
    const size_t count = tml_row_blocks_rows(b, block);
    char path[TML_PATH_LENGTH];
    uint64_t offset = 0;
    tml_status status = TML_OK;

    if (b->file == NULL && !path_of(b, number, path))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: its path is too long", b->folder);
    if (b->file == NULL)
        status = tml_block_file_create(path, &b->job, &b->file, error);
    if (status != TML_OK)
        return status;
    pack(b, count, rows, b->bytes);
    status = tml_block_file_add(b->file, block, b->bytes, count * row_bytes(b), &offset, error);
    if (status == TML_OK)
        b->where[block] = (location){number, offset};
    return status;
}

tml_status tml_row_blocks_settle(tml_row_blocks *blocks, uint64_t *rows, tml_error *error)
{
    tml_status status = tml_agree(blocks->comm, tml_block_file_close(&blocks->file, error), error);

    *rows = 0;
    if (status == TML_OK)
        status = join_locations(blocks, error);
    if (status == TML_OK)
        *rows = rows_there(blocks);
    return status;
}

tml_status tml_row_blocks_read(tml_row_blocks *blocks, uint64_t first, uint64_t count,
                               const tml_grid_rows *rows, tml_error *error)
{
    tml_row_blocks *b = blocks;

    for (uint64_t done = 0; done < count;) {
        const uint64_t block = (first + done) / TML_BLOCK_ROWS;
        const size_t skip = (size_t)((first + done) % TML_BLOCK_ROWS);
        const size_t length = tml_row_blocks_rows(b, block);
        const size_t wanted = length - skip < count - done ? length - skip : (size_t)(count - done);
        char path[TML_PATH_LENGTH];
        tml_status status;

        if (b->where[block].file == 0 || !path_of(b, b->where[block].file, path))
            return TML_FAIL(error, TML_INTERNAL, "%s: block %llu is not there", b->folder,
                            (unsigned long long)block);
        status = tml_block_file_read(path, &b->job, block, b->where[block].offset, b->bytes,
                                     length * row_bytes(b), error);
        if (status != TML_OK)
            return status;
        unpack(b, length, skip, wanted, done, rows);
        done += wanted;
    }
    return TML_OK;
}

void tml_row_blocks_close(tml_row_blocks **blocks, bool keep)
{
    tml_row_blocks *b = *blocks;
    tml_error ignored;

    *blocks = NULL;
    if (b == NULL)
        return;
    /* Nobody removes what another still has open. */
    if (tml_agree(b->comm, tml_block_file_close(&b->file, &ignored), &ignored) != TML_OK)
        keep = true;
    if (b->rank == 0)
        tml_blocks_folder_end(b->folder, keep, &b->lock);
    free_blocks(b);
}
