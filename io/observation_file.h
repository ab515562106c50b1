#ifndef TML_IO_OBSERVATION_FILE_H
#define TML_IO_OBSERVATION_FILE_H

/** @file io/observation_file.h
 * An observed spectrum from a file: ASCII columns, or FITS in the layouts that archives use. Which one it is
 * is told by the file's first bytes. Not collective: one rank reads. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "spectra/observed_spectrum.h"

/** What a person says about the file; it wins over what the file or OBJECT.yml says. Strings borrowed; NULL:
 * not said. */
typedef struct tml_observation_options {
    const char *unit_wavelength;
    const char *unit_flux; /* "relative": the scale is unknown */
    const char *columns;   /* names of FITS table columns, "WAVE,FLUX,ERROR" or "WAVE,FLUX"; no case */
    const char *object;    /* path of OBJECT.yml; NULL: beside the spectrum, if there is one */
    bool is_air;           /* wavelengths are those in air; false: not said */
    double snr; /* above 0: errors are mean flux / snr in every pixel; the file's are not looked at */
} tml_observation_options;

/** Read a spectrum and, if there is one, the OBJECT.yml beside it: the spectrum's path with its extension
 * (and .gz or .bz2 behind it) replaced by .yml. Plain, gzip or bzip2, at most 256 MiB unpacked.
 *
 * What is said about units and air counts in this order: options, OBJECT.yml, file.
 * ASCII: wavelength, flux and error in columns between blanks, commas or tabs; more are passed over, and so
 * are comments ('#' anywhere, ';' or '!' first on the line) and lines of words before the first line of
 * numbers. Behind it every line holds numbers; "nan", "null", "--" and an empty field are missing ones. Taken
 * as micron and erg s-1 cm-2 A-1 unless something else is said: comments are not looked at.
 *
 * FITS: the first HDU that is a spectrum. Binary table: columns by name, one number a row or all in one row,
 * units by TUNIT. Image with one axis: wavelengths by CRVAL1, CRPIX1, CDELT1 or CD1_1 (linear; WAVE-LOG and
 * AWAV-LOG of the standard; DC-FLAG = 1 of IRAF; in air by AWAV), unit by CUNIT1 or WAT1_001, errors in an
 * image of the same length named ERROR, SIGMA or the like. Image of two to four rows or columns, as SpeX
 * writes them: wavelength (the one that only rises or only falls), flux, error; units by XUNITS and YUNITS.
 * Where no unit of wavelength is stated it is micron; where none of the flux is, the flux is relative, with
 * the warning `no_unit`. IVAR is 1 / error^2. A checksum that the file carries and does not agree with:
 * warning `checksum`.
 *
 * @param spectrum  out, owned by the caller; all zero on failure. It always has errors
 * @param facts     out: name (of OBJECT.yml, else FITS OBJECT, else the file's name without folder and
 *                  extension), distance, radius, literature; nothing is known on failure
 * @return TML_OK; TML_NO_INPUT; TML_BAD_DATA (no spectrum in it, unknown unit, bad number with line or
 *         pixel, wavelengths outside 0.05 to 1000 micron, the same wavelength twice, no errors and no snr,
 *         errors that cannot be errors: the median of |flux| / error is below 0.2, fewer than 2 pixels with
 *         flux and error); TML_IO_ERROR; TML_INTERNAL
 */
TML_NODISCARD tml_status tml_observation_file_read(const char *path, const tml_observation_options *options,
                                                   tml_observed_spectrum *spectrum, tml_object_facts *facts,
                                                   tml_error *error);

#endif
