#ifndef TML_IO_OBJECT_FILE_H
#define TML_IO_OBJECT_FILE_H

/** @file io/object_file.h
 * OBJECT.yml: what is known of an observed object, and how its spectrum is written. Not collective: one rank.
 *
 *   name: HD 3651B
 *   distance_pc: [11.134, 0.02]      # value, standard error; or one number
 *   radius_rjup: [0.81, 0.05]
 *   unit_wavelength: micron
 *   unit_flux: erg/s/cm2/A
 *   medium: vacuum                   # or air
 *   literature: [{source: text, teff: [785, 12], logg: [5.22, 0.05]}]
 *
 * All keys may be left out, or be empty or null: not known. Texts are UTF-8.
 */

#include <stdbool.h>

#include "core/status.h"
#include "spectra/observed_spectrum.h"

enum { TML_OBJECT_UNIT = 64 };

typedef struct tml_object_file {
    tml_object_facts facts;
    char unit_wavelength[TML_OBJECT_UNIT]; /* "": not said */
    char unit_flux[TML_OBJECT_UNIT];
    bool has_medium;
    bool is_air;
} tml_object_file;

/** Read and check: distance and radius above 0, standard errors not below, units known. Parameters of the
 * literature may have any name of letters, digits and underscores; TelescopeML's names become ours.
 * @param object  out; nothing is known on failure
 * @return TML_OK; TML_NO_INPUT; TML_BAD_DATA with line and column, key and, for an unknown key, the nearest
 *         known one; TML_IO_ERROR; TML_INTERNAL
 */
TML_NODISCARD tml_status tml_object_file_read(const char *path, tml_object_file *object, tml_error *error);

/** Write what is known, complete or not at all; numbers and texts read back to the same. @return as
 * tml_atomic_write, or TML_INTERNAL */
TML_NODISCARD tml_status tml_object_file_write(const char *path, const tml_object_file *object,
                                               tml_error *error);

#endif
