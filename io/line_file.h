#ifndef TML_IO_LINE_FILE_H
#define TML_IO_LINE_FILE_H

/** @file io/line_file.h
 * A text file that grows by whole lines while a job runs, and that a resumed job takes up where its
 * checkpoint stands. What history_file and metrics_file have in common.
 *
 *   create or resume -> add ... -> flush -> add ... -> close
 *
 * Lines are collected in memory and written together. A write that fails is taken back, so that the file
 * always ends with a whole line; only a killed job can leave a torn one, which resume drops. Not collective:
 * one rank.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

typedef struct tml_line_file tml_line_file;

/** Says whether a line of the old file stays.
 * @param line    without its newline, borrowed
 * @param number  from 1
 * @param keep    out
 * @return not TML_OK refuses the whole file, which then stays as it is
 */
typedef tml_status tml_line_keep(const char *line, int64_t number, void *context, bool *keep,
                                 tml_error *error);

/** Begin an empty file; an existing one is emptied.
 * @param file  out, owned by the caller; NULL on failure
 * @return TML_OK, TML_CANNOT_CREATE or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_line_file_create(const char *path, tml_line_file **file, tml_error *error);

/** Take up an existing file: the lines that stay are written to a new file that replaces it at once. A file
 * that is not there is begun.
 * @param keep     asked once per whole line, in order
 * @param context  handed to keep, borrowed for the call
 * @return TML_OK, what keep returned, TML_CANNOT_CREATE, TML_IO_ERROR or TML_INTERNAL; *file is NULL on
 * failure and the old file is unchanged
 */
TML_NODISCARD tml_status tml_line_file_resume(const char *path, tml_line_keep *keep, void *context,
                                              tml_line_file **file, tml_error *error);

/** Whether there is no line in the file nor in memory. */
bool tml_line_file_is_empty(const tml_line_file *file);

/** Add a line. Written at the latest by the next flush.
 * @param line  without a newline, borrowed
 * @return as tml_line_file_flush
 */
TML_NODISCARD tml_status tml_line_file_add(tml_line_file *file, const char *line, tml_error *error);

/** Write what was added.
 * @return TML_OK, or TML_IO_ERROR, a full disk say: the lines since the last flush are then lost, the file
 * ends with the line before them and can be added to
 */
TML_NODISCARD tml_status tml_line_file_flush(tml_line_file *file, tml_error *error);

/** Flush, bring the file to disk, close. Frees the object and sets the pointer to NULL in any case; NULL is
 * fine.
 * @return TML_OK or TML_IO_ERROR
 */
TML_NODISCARD tml_status tml_line_file_close(tml_line_file **file, tml_error *error);

#endif
