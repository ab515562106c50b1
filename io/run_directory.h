#ifndef TML_IO_RUN_DIRECTORY_H
#define TML_IO_RUN_DIRECTORY_H

/** @file io/run_directory.h
 * The folder of one training run: made, checked, and kept from two jobs at a time (contents:
 * docs/contracts.md, "Files").
 *
 * Rank 0 alone touches the disk. While it is open, rank 0 holds a lock on DIR/.lock, which the system takes
 * back when the process ends in whatever way; a file system without locks is warned about.
 */

#include <mpi.h>

#include "core/status.h"

typedef enum tml_run_start {
    TML_RUN_NEW,    /* a folder that is not there, or empty */
    TML_RUN_RESUME, /* the folder of an earlier run, or an empty one, left as it is */
    TML_RUN_FORCE   /* any folder; the files of an earlier run in it are removed, nothing else */
} tml_run_start;

typedef struct tml_run_directory tml_run_directory;

/** Say whether tml_run_directory_open would refuse, before the long work that comes first. Collective over
 * `comm`, synchronising; path and start equal on all ranks. Changes nothing.
 * @return as tml_run_directory_open
 */
TML_NODISCARD tml_status tml_run_directory_check(MPI_Comm comm, const char *path, tml_run_start start,
                                                 tml_error *error);

/** Make or take a run directory, with its folders `checkpoints` and `figures`. Collective over `comm`,
 * synchronising; path and start equal on all ranks.
 *
 * The folder that contains it must be there. An earlier attempt that wrote nothing but .lock and empty
 * folders counts as empty.
 * @param directory  out, owned by the caller (tml_run_directory_close); NULL on failure
 * @return the same on all ranks: TML_OK; TML_CANNOT_CREATE (not empty, not a folder, not writable, no folder
 *         above it, in use by another job); TML_NO_INPUT (nothing there to resume); TML_INTERNAL. After a
 * failure nothing of what was there has changed, except for files that `force` had already removed
 */
TML_NODISCARD tml_status tml_run_directory_open(MPI_Comm comm, const char *path, tml_run_start start,
                                                tml_run_directory **directory, tml_error *error);

/** Its path as it was given. Borrowed. Not collective. */
const char *tml_run_directory_path(const tml_run_directory *directory);

/** Let go of the lock and free; the folder stays. Not collective. Sets the pointer to NULL; NULL is fine. */
void tml_run_directory_close(tml_run_directory **directory);

#endif
