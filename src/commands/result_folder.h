#ifndef TML_COMMANDS_RESULT_FOLDER_H
#define TML_COMMANDS_RESULT_FOLDER_H

/** @file commands/result_folder.h
 * The folder that a command's results go to. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "mpi/world.h"

/** What a command wants of its folder. */
typedef struct tml_result_folder {
    const char *path;
    const char *what;         /* "an exploration": what earlier results are */
    const char *const *names; /* [name_count] files of it, any of which is an earlier result */
    size_t name_count;
    bool replace; /* earlier results may be there */
} tml_result_folder;

/** Make the folder, unless it is there, and refuse it when nothing can be written or earlier results must not
 * be replaced. Collective over world->comm.
 * @return TML_OK or TML_CANNOT_CREATE, the same on all ranks; the message names the cure */
TML_NODISCARD tml_status tml_result_folder_prepare(const tml_world *world, const tml_result_folder *folder,
                                                   tml_error *error);

#endif
