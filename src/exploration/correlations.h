#ifndef TML_EXPLORATION_CORRELATIONS_H
#define TML_EXPLORATION_CORRELATIONS_H

/** @file exploration/correlations.h
 * How the flux at each wavelength goes with each parameter. */

#include "core/status.h"
#include "exploration/explored_rows.h"

/** Pearson's correlation of log10 of the flux with each parameter, over the rows whose flux at that
 * wavelength is above 0. Collective over rows->comm.
 * @param pearson  out: [wavelengths][parameters], the same bits on all ranks and for any number of them; NaN
 * where flux or parameter does not vary
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_pearson_correlations(const tml_explored_rows *rows, double *pearson,
                                                  tml_error *error);

/** Spearman's correlation of the flux with each parameter, over all rows: a flux of 0 ranks lowest. Ties
 * share their mean rank, as scipy.stats.spearmanr has it. Collective over rows->comm.
 * @param spearman  out: as `pearson`; all NaN above TML_COLUMN_RANKS_MOST rows
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_spearman_correlations(const tml_explored_rows *rows, double *spearman,
                                                   tml_error *error);

#endif
