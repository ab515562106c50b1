#ifndef TML_IO_PATH_H
#define TML_IO_PATH_H

/** @file io/path.h
 * Names of files in folders. Not collective. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

/** Room that a path gets where it is kept in an array. */
enum { TML_PATH_LENGTH = 4096 };

/** Join a folder and a name with one "/" between them; an empty folder gives the name alone.
 * @param buffer  out, `size` bytes
 * @return false, and an empty buffer, when the path does not fit
 */
TML_NODISCARD bool tml_path_join(char *buffer, size_t size, const char *folder, const char *name);

#endif
