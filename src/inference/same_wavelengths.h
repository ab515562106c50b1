#ifndef TML_INFERENCE_SAME_WAVELENGTHS_H
#define TML_INFERENCE_SAME_WAVELENGTHS_H

/** @file inference/same_wavelengths.h
 * Whether spectra stand on the wavelengths that a network was trained on. Not collective. */

#include <stddef.h>

#include "core/status.h"
#include "training/model.h"

/** Check, to a tenth of a pixel: beyond that a feature stands in another place.
 * @param wavelength_um  [count] ascending   @param path  where they come from, for the message
 * @return TML_OK or TML_BAD_DATA
 */
TML_NODISCARD tml_status tml_same_wavelengths(const tml_model *model, size_t count,
                                              const double *wavelength_um, const char *path,
                                              tml_error *error);

#endif
