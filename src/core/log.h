#ifndef TML_CORE_LOG_H
#define TML_CORE_LOG_H

/** @file core/log.h
 * Messages for people, on standard error, from rank 0 unless asked otherwise.
 *
 * The one piece of global state of the core: level, rank and the warnings given so far, which every JSON
 * result repeats. Results go to standard output and not through here. Not for use inside OpenMP regions.
 */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

typedef enum tml_log_level {
    TML_LOG_ERROR,
    TML_LOG_WARNING,
    TML_LOG_INFO,  /* a few lines per command */
    TML_LOG_DETAIL /* with -v */
} tml_log_level;

enum { TML_LOG_WARNINGS = 32, TML_LOG_WARNING_LENGTH = 512 };

/** A warning that was given: a fixed word for programs, a sentence for people. */
typedef struct tml_warning {
    char code[32];
    char text[TML_LOG_WARNING_LENGTH];
} tml_warning;

/** Set who speaks and how much. Not collective; each rank sets its own. */
void tml_log_setup(int rank, tml_log_level level);

/** Level that was set. */
tml_log_level tml_log_current_level(void);

/** Print one line on rank 0. Not collective: ranks other than 0 return at once. */
void tml_log(tml_log_level level, const char *format, ...) TML_PRINTF(2, 3);

/** Print one line with the rank in front, on any rank. Not collective. */
void tml_log_rank(tml_log_level level, const char *format, ...) TML_PRINTF(2, 3);

/** Print a warning on rank 0 and remember it there; the same code and text is given once. After
 * TML_LOG_WARNINGS different ones, further warnings are printed and not remembered.
 * @param code  word of lower-case letters and underscores, stable between versions
 */
void tml_warn(const char *code, const char *format, ...) TML_PRINTF(2, 3);

/** Remember a warning for JSON results without printing it. Not collective. @return false if it was known
 * already */
bool tml_log_remember(const char *code, const char *text);

/** Warnings remembered on this rank. @param count out. Borrowed until the next tml_warn. */
const tml_warning *tml_log_warnings(size_t *count);

#endif
