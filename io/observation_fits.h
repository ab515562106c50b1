#ifndef TML_IO_OBSERVATION_FITS_H
#define TML_IO_OBSERVATION_FITS_H

/** @file io/observation_fits.h
 * An observed spectrum in a FITS file: the first of its parts (HDUs) that is one of
 *   - a table with a column of wavelengths and one of fluxes, one number a row or all in one row;
 *   - an image of one axis of wavelengths (linear; logarithmic as CTYPE1 = 'WAVE-LOG' or IRAF's DC-FLAG = 1;
 *     in air as CTYPE1 = 'AWAV'), with the errors in another image of the same length;
 *   - an image of two to four rows or columns (wavelength, flux, error, more are passed over), as SpeX writes
 *     it: the wavelength is the first one whose numbers only rise or only fall.
 * Private to io/. Not collective. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "io/observation_raw.h"

/** Whether a file with these first bytes says that it is FITS. */
bool tml_observation_is_fits(const char *bytes, size_t count);

/** Read. CFITSIO sees the bytes and never the path, in which it would take brackets and the like for
 * commands.
 * @param path     for messages; borrowed
 * @param bytes    the whole file, unpacked; borrowed, not changed
 * @param columns  names of table columns "WAVE,FLUX[,ERROR]", or NULL: common names are looked for
 * @param raw      out, its pixels owned by the caller; all zero on failure
 * @return TML_OK; TML_BAD_DATA (no spectrum: says what there is instead; damaged, cut off) or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_observation_fits_read(const char *path, char *bytes, size_t count,
                                                   const char *columns, tml_observation_raw *raw,
                                                   tml_error *error);

#endif
