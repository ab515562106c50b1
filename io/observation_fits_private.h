#ifndef TML_IO_OBSERVATION_FITS_PRIVATE_H
#define TML_IO_OBSERVATION_FITS_PRIVATE_H

/** @file io/observation_fits_private.h
 * What the readers of the FITS layouts share. Each looks at the HDU where the file stands: either it is a
 * spectrum of this layout, or the reader says in `reason` what it is instead. Only for
 * io/observation_fits*.c.
 */

#include <fitsio.h>
#include <stdbool.h>

#include "io/observation_raw.h"

enum {
    TML_FITS_REASON = 400,
    TML_FITS_PIXELS = 10000000 /* beyond this it is no spectrum */
};

typedef struct tml_fits_source {
    fitsfile *file;
    const char *path; /* for messages */
    int hdu;          /* where the file stands, from 1 */
    char reason[TML_FITS_REASON];
} tml_fits_source;

/** Names of columns and images of errors, the best first, matched without regard to case. Borrowed from
 * static storage, ended by NULL. */
const char *const *tml_fits_error_names(void);

/** Whether a name means 1 / variance. */
bool tml_fits_is_inverse_variance(const char *name);

/** error[i] = 1 / sqrt(error[i]); NaN where there is no variance. */
void tml_fits_invert_variance(size_t count, double *error);

/** Message of a CFITSIO call that failed; clears CFITSIO's stack of messages. @return TML_BAD_DATA or
 * TML_INTERNAL (no memory) */
tml_status tml_fits_failure(const tml_fits_source *source, const char *doing, int code, tml_error *error);

/** Move to an HDU, from 1; *there is false behind the last one. @return TML_OK or as tml_fits_failure */
TML_NODISCARD tml_status tml_fits_move_to(tml_fits_source *source, int hdu, bool *there, tml_error *error);

/** Value of a keyword; false, or "", if it is absent or of another type. */
bool tml_fits_number(const tml_fits_source *source, const char *key, double *value);
void tml_fits_text(const tml_fits_source *source, const char *key, char *text, size_t room);

/** Room for pixels that a header promises. @return TML_OK, TML_BAD_DATA (none, or too many) or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_fits_create(const tml_fits_source *source, LONGLONG count,
                                         tml_observation_raw *raw, tml_error *error);

/** Read the table that the file stands at.
 * @param columns  names as for tml_observation_fits_read, or NULL
 * @param found    out: it is a spectrum and was read; if not, source->reason says what it is
 */
TML_NODISCARD tml_status tml_fits_read_table(tml_fits_source *source, const char *columns,
                                             tml_observation_raw *raw, bool *found, tml_error *error);

/** Read the image that the file stands at, likewise. */
TML_NODISCARD tml_status tml_fits_read_image(tml_fits_source *source, tml_observation_raw *raw, bool *found,
                                             tml_error *error);

/** Fill in the wavelengths of an image with one axis from its header.
 * @param wavelength  out: [count]; only if true is returned
 * @return false if the axis is no axis of wavelengths: source->reason says why
 */
TML_NODISCARD bool tml_fits_wavelength_axis(tml_fits_source *source, size_t count, double *wavelength,
                                            tml_observation_raw *raw);

#endif
