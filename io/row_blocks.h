#ifndef TML_IO_ROW_BLOCKS_H
#define TML_IO_ROW_BLOCKS_H

/** @file io/row_blocks.h
 * The finished rows of a grid that is being computed, in a folder beside it, so that an interrupted job goes
 * on where it stopped, on any number of ranks.
 *
 *   open -> { has -> add } ... -> settle -> read ... -> close
 *
 * The folder GRID.blocks holds the file `job`, which says what is computed, a lock, and for each attempt and
 * rank a file of blocks (io/block_file.h). A block is TML_BLOCK_ROWS rows that follow each other in the grid;
 * the last may be short. Whoever has computed it, a block is the same; so which rank computes which does not
 * matter. All files are read by all ranks: the folder must be on a file system that they share.
 */

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "io/grid_file.h"

enum { TML_BLOCK_ROWS = 64 };

typedef enum tml_blocks_start {
    TML_BLOCKS_NEW,    /* an interrupted job is refused */
    TML_BLOCKS_RESUME, /* taken up; begun if there is none */
    TML_BLOCKS_REPLACE /* removed */
} tml_blocks_start;

typedef struct tml_row_blocks tml_row_blocks;

/** Make or take up the folder. Collective over `comm`; arguments equal on all ranks.
 * @param grid    path of the grid; the folder is GRID.blocks
 * @param shape   rows, wavelengths and parameter_count are what matters
 * @param job     lines "name=value" that say all that the rows depend on; a folder of another job is not
 * taken up
 * @param blocks  out, owned by the caller; NULL on failure
 * @return the same on all ranks: TML_OK; TML_CANNOT_CREATE (an interrupted job is there; the folder cannot be
 * made; another job runs in it); TML_USAGE (an interrupted job with other lines: the first that differs is
 * named); TML_IO_ERROR; TML_INTERNAL
 */
TML_NODISCARD tml_status tml_row_blocks_open(MPI_Comm comm, const char *grid, const tml_grid_shape *shape,
                                             const char *job, tml_blocks_start start, tml_row_blocks **blocks,
                                             tml_error *error);

/** Number of blocks; rows of a block; whether it is there; rows that were there at the start; blocks that
 * were there and damaged. Not collective, the same on all ranks (`has`: as of open and settle). */
uint64_t tml_row_blocks_count(const tml_row_blocks *blocks);
size_t tml_row_blocks_rows(const tml_row_blocks *blocks, uint64_t block);
bool tml_row_blocks_has(const tml_row_blocks *blocks, uint64_t block);
uint64_t tml_row_blocks_kept(const tml_row_blocks *blocks);
uint64_t tml_row_blocks_damaged(const tml_row_blocks *blocks);

/** The folder. Borrowed. */
const char *tml_row_blocks_folder(const tml_row_blocks *blocks);

/** Add a block that this rank has computed. Not collective.
 * @param rows  [rows of the block]
 * @return TML_OK, TML_CANNOT_CREATE or TML_IO_ERROR */
TML_NODISCARD tml_status tml_row_blocks_add(tml_row_blocks *blocks, uint64_t block, const tml_grid_rows *rows,
                                            tml_error *error);

/** Bring everything to disk and tell all ranks what is there. Collective.
 * @param rows_there  out: rows in blocks that are there, the same on all ranks
 * @return the same on all ranks */
TML_NODISCARD tml_status tml_row_blocks_settle(tml_row_blocks *blocks, uint64_t *rows_there,
                                               tml_error *error);

/** Read rows that are there, after settle; each block is checked again. Not collective.
 * @param rows  room for [count]
 * @return TML_OK, TML_INTERNAL or TML_IO_ERROR */
TML_NODISCARD tml_status tml_row_blocks_read(tml_row_blocks *blocks, uint64_t first, uint64_t count,
                                             const tml_grid_rows *rows, tml_error *error);

/** Let go. Collective. Sets the pointer to NULL; NULL is fine.
 * @param keep  false: the files and the folder are removed */
void tml_row_blocks_close(tml_row_blocks **blocks, bool keep);

#endif
