#ifndef TML_IO_LOCK_FILE_H
#define TML_IO_LOCK_FILE_H

/** @file io/lock_file.h
 * A file that one process at a time holds. The system takes the lock back when the process ends, so it never
 * goes stale. Between processes only: a second lock within the same process succeeds. Not collective. */

#include "core/status.h"

/** Make the file if need be and lock it.
 * @param owner       in words, for the message of those who are refused: written into the file
 * @param descriptor  out: handed to tml_lock_file_release; -1 on failure. Where the file system has no locks
 * a warning is given and the file is open without one
 * @return TML_OK or TML_CANNOT_CREATE (cannot be made; held by another process, whose words the message
 * quotes)
 */
TML_NODISCARD tml_status tml_lock_file_take(const char *path, const char *owner, int *descriptor,
                                            tml_error *error);

/** Let go; the file stays. Sets the descriptor to -1; -1 is fine. */
void tml_lock_file_release(int *descriptor);

#endif
