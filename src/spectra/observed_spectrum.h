#ifndef TML_SPECTRA_OBSERVED_SPECTRUM_H
#define TML_SPECTRA_OBSERVED_SPECTRUM_H

/** @file spectra/observed_spectrum.h
 * A spectrum as a telescope saw it, with what is known of the object. Not collective. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "spectra/flux_unit.h"

enum {
    TML_OBJECT_NAME = 64,
    TML_OBJECT_SOURCE = 128,
    TML_OBJECT_LITERATURE = 8, /* sources of one object */
    TML_OBJECT_VALUES = 16     /* parameters of one source */
};

/** A number with its standard error. */
typedef struct tml_measure {
    double value; /* NaN: not known */
    double sd;    /* 0: taken as exact; NaN: not stated */
} tml_measure;

/** What somebody else found. */
typedef struct tml_literature {
    char source[TML_OBJECT_SOURCE];
    size_t count;
    char name[TML_OBJECT_VALUES][TML_OBJECT_NAME]; /* teff, logg, ... */
    tml_measure value[TML_OBJECT_VALUES];
} tml_literature;

/** What is known of an object beside its spectrum. */
typedef struct tml_object_facts {
    char name[TML_OBJECT_NAME];
    tml_measure distance_pc;
    tml_measure radius_rjup;
    size_t literature_count;
    tml_literature literature[TML_OBJECT_LITERATURE];
} tml_object_facts;

/** Pixels in ascending wavelength. A flux or error that is missing is NaN; nothing has been masked yet. */
typedef struct tml_observed_spectrum {
    size_t count;
    double *wavelength_um; /* [count] vacuum, strictly ascending */
    double *flux;          /* [count] erg s-1 cm-2 A-1 or erg s-1 cm-2 Hz-1, as `density` says */
    double *error;         /* [count] one standard deviation, in the unit of flux; all NaN if there is none */
    tml_flux_density density;
    bool is_relative; /* the flux has an unknown scale: only its shape counts */
    bool has_errors;
} tml_observed_spectrum;

/** Nothing is known: no name, no distance, no radius. */
void tml_object_facts_clear(tml_object_facts *facts);

/** Make room for pixels, all NaN. @param spectrum out, owned by the caller; all zero on failure */
TML_NODISCARD tml_status tml_observed_spectrum_create(size_t count, tml_observed_spectrum *spectrum,
                                                      tml_error *error);

/** Sort the pixels by wavelength. @return TML_OK, or TML_BAD_DATA for a wavelength that is not finite, not
 * above 0 or there twice, naming the pixel by its place as read, from 1, or TML_INTERNAL; the
 * pixels are then as before */
TML_NODISCARD tml_status tml_observed_spectrum_sort(tml_observed_spectrum *spectrum, tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_observed_spectrum_free(tml_observed_spectrum *spectrum);

#endif
