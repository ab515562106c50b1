#ifndef TML_IO_ROW_BLOCKS_FOLDER_H
#define TML_IO_ROW_BLOCKS_FOLDER_H

/** @file io/row_blocks_folder.h
 * The folder of io/row_blocks.h: its names, who may have it, what is in it. Private to row_blocks.c. */

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "io/row_blocks.h"

enum { TML_BLOCKS_NAME = 64 };

/** A file of blocks. */
typedef struct tml_blocks_file {
    uint64_t attempt;
    uint64_t rank;
} tml_blocks_file;

typedef struct tml_blocks_list {
    size_t count;
    tml_blocks_file *file; /* [count] owned by the caller (free) */
} tml_blocks_list;

/** Name of a file of blocks within the folder. */
void tml_blocks_file_name(uint64_t attempt, uint64_t rank, char name[TML_BLOCKS_NAME]);

/** Make or take up the folder and lock it. Not collective: rank 0.
 * @param lock  out
 * @return as tml_row_blocks_open */
TML_NODISCARD tml_status tml_blocks_folder_begin(const char *folder, const char *job, tml_blocks_start start,
                                                 int *lock, tml_error *error);

/** The files of blocks that are there. Collective over `comm`: rank 0 looks.
 * @param list  out, the same on all ranks */
TML_NODISCARD tml_status tml_blocks_folder_list(MPI_Comm comm, const char *folder, tml_blocks_list *list,
                                                tml_error *error);

/** Give the lock back. Not collective: the rank that has it; elsewhere nothing happens.
 * @param keep  false: everything of ours is removed, and the folder, if nothing else is in it */
void tml_blocks_folder_end(const char *folder, bool keep, int *lock);

#endif
