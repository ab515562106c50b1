#ifndef TML_COMMANDS_PREDICT_PRINT_H
#define TML_COMMANDS_PREDICT_PRINT_H

/** @file commands/predict_print.h
 * What `predict` says to people. Not collective. */

#include <stdio.h>

#include "io/results_file.h"

/** Words for a set of flags, joined by `joint`; nothing when there is none. */
void tml_print_flags(FILE *out, uint32_t flags, const char *joint);

/** The answer for one object: parameters, goodness of fit, what it rests on. */
void tml_predict_print(FILE *out, const tml_object_result *object);

#endif
