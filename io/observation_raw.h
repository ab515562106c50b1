#ifndef TML_IO_OBSERVATION_RAW_H
#define TML_IO_OBSERVATION_RAW_H

/** @file io/observation_raw.h
 * An observation between the reader of its format and the conversion to the units of the program. Private to
 * io/. Not collective. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "io/object_file.h"
#include "spectra/observed_spectrum.h"

/** Numbers as the file has them, and what the file says about them. */
typedef struct tml_observation_raw {
    tml_observed_spectrum pixels; /* in the file's order and units, whatever the names of its members say;
                                     owned; `density` counts only where there is no unit of flux */
    char unit_wavelength[TML_OBJECT_UNIT]; /* "": the file does not say, as for the others */
    char unit_flux[TML_OBJECT_UNIT];
    char unit_error[TML_OBJECT_UNIT]; /* "": as the flux */
    char object[TML_OBJECT_NAME];
    bool is_air;
} tml_observation_raw;

/** Make a text from a file fit for messages, JSON and YAML: control characters and bytes that are no UTF-8
 * become '?', blanks at its end go. In place. */
void tml_observation_plain_text(char *text);

/** Copy as much as fits, whole characters only, and make it plain. */
void tml_observation_copy_text(char *target, size_t room, const char *source);

#endif
