#ifndef TML_EXPLORATION_COVARIANCE_H
#define TML_EXPLORATION_COVARIANCE_H

/** @file exploration/covariance.h
 * Mean and covariance of the row-standardised spectra over all ranks. */

#include "core/status.h"
#include "exploration/explored_rows.h"

/** Compute. Collective over rows->comm.
 * @param mean        out: [wavelengths]
 * @param covariance  out: [wavelengths][wavelengths], divided by rows - 1; 0 for a single row. As the mean
 * the same bits on all ranks and for any number of them
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_covariance_compute(const tml_explored_rows *rows, double *mean,
                                                double *covariance, tml_error *error);

#endif
