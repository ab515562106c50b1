#ifndef TML_TRAINING_SPLIT_H
#define TML_TRAINING_SPLIT_H

/** @file training/split.h
 * Which rows are for training, validation and test: a function of the row alone (docs/contracts.md, "Split").
 * Not collective. */

#include <stddef.h>
#include <stdint.h>

#include "training/data_set.h"

/** By rule `groups` (identical spectra stay together: the number drawn belongs to the float32 bytes of the
 * flux) or `random` (it belongs to the row's number in the source). */
tml_part tml_split_part(const tml_settings *settings, const float *flux, size_t wavelengths, int64_t row);

/** By rule `file`: the word of the metadata column 'split'.
 * @param text  [width] padded with NUL
 * @return TML_OK or TML_BAD_DATA (another word than train, validation, test)
 */
TML_NODISCARD tml_status tml_split_from_text(const char *text, size_t width, tml_part *part,
                                             tml_error *error);

#endif
