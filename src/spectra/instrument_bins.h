#ifndef TML_SPECTRA_INSTRUMENT_BINS_H
#define TML_SPECTRA_INSTRUMENT_BINS_H

/** @file spectra/instrument_bins.h
 * Which wavelengths an instrument has (instrument.h). Not collective. */

#include "spectra/instrument.h"

/** The resolution of the line-spread function at a wavelength; 0 without one. */
double tml_instrument_resolution(const tml_instrument_wish *wish, double wavelength_um);

/** Centres of the bins that are asked for.
 * @param wavelength_um  out: on the heap, owned by the caller; NULL on failure
 * @return TML_OK, TML_USAGE or TML_BAD_DATA (as tml_instrument_create) or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_instrument_bins(const tml_instrument_wish *wish, size_t *bins,
                                             double **wavelength_um, tml_error *error);

#endif
