#ifndef TML_COMMANDS_TIME_LIMIT_H
#define TML_COMMANDS_TIME_LIMIT_H

/** @file commands/time_limit.h
 * The option --time-limit. Not collective. */

#include "core/status.h"

/** Seconds, minutes:seconds or hours:minutes:seconds.
 * @param command  "train", for the message
 * @param text     NULL gives 0
 * @param seconds  out: 0: no limit
 * @return TML_OK or TML_USAGE */
TML_NODISCARD tml_status tml_time_limit_read(const char *command, const char *text, double *seconds,
                                             tml_error *error);

#endif
