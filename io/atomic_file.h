#ifndef TML_IO_ATOMIC_FILE_H
#define TML_IO_ATOMIC_FILE_H

/** @file io/atomic_file.h
 * Files that are complete or absent: a temporary name, every write checked, fsync, rename, fsync of the
 * folder. Not collective: called by one rank, whose status is then agreed on. */

#include <stddef.h>

#include "core/status.h"

/** Write a whole file. An existing one is replaced only by the complete new one.
 * @return TML_OK, TML_CANNOT_CREATE or TML_IO_ERROR; after a failure nothing new is left on disk
 */
TML_NODISCARD tml_status tml_atomic_write(const char *path, const void *bytes, size_t count,
                                          tml_error *error);

/** The temporary name that belongs to a path: "PATH.partial". @return on the heap, owned by the caller, or
 * NULL */
char *tml_atomic_partial_path(const char *path);

/** Write a whole temporary file, which stays under its temporary name. @return as tml_atomic_write */
TML_NODISCARD tml_status tml_atomic_write_partial(const char *partial, const void *bytes, size_t count,
                                                  tml_error *error);

/** Bring a finished temporary file under its name: fsync, rename, fsync of the folder.
 * @return as tml_atomic_write; after a failure the temporary file is removed
 */
TML_NODISCARD tml_status tml_atomic_publish(const char *partial, const char *path, tml_error *error);

/** Read a whole file as a NUL-terminated string.
 * @param limit  largest number of bytes that is accepted
 * @param text   out, on the heap, owned by the caller; NULL on failure
 * @param count  out, bytes without the NUL; may be NULL
 * @return TML_OK, TML_NO_INPUT, TML_BAD_DATA (too long) or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_file_read_text(const char *path, size_t limit, char **text, size_t *count,
                                            tml_error *error);

#endif
