#ifndef TML_COMMANDS_PROGRESS_LINE_H
#define TML_COMMANDS_PROGRESS_LINE_H

/** @file commands/progress_line.h
 * How far a long loop has come, for a person: on a terminal one line that is redrawn, in a log a plain line
 * at most every tenth of the way and every two seconds. On standard error. Not collective: rank 0 shows it.
 *
 *   begin -> update ... -> end
 */

#include <stdbool.h>
#include <stdint.h>

typedef struct tml_progress_line {
    bool is_on;
    bool is_terminal;
    const char *noun; /* "spectra"; borrowed */
    uint64_t total;
    uint64_t tenth; /* of the way, last shown in a log */
    double started; /* s */
    double shown;   /* s */
} tml_progress_line;

/** Begin. @param is_on  false on ranks other than 0, with -q and with --no-progress: then nothing is shown */
void tml_progress_line_begin(tml_progress_line *line, bool is_on, const char *noun, uint64_t total);

/** So many are done. Cheap enough to be called for every few spectra. */
void tml_progress_line_update(tml_progress_line *line, uint64_t done);

/** Wipe the line off a terminal. */
void tml_progress_line_end(tml_progress_line *line);

#endif
