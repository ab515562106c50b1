#ifndef TML_EXPLORATION_FILTERED_H
#define TML_EXPLORATION_FILTERED_H

/** @file exploration/filtered.h
 * Spectra along one parameter, with the others held. */

#include <stddef.h>

#include "core/status.h"
#include "exploration/explored_rows.h"
#include "exploration/parameter_bins.h"
#include "exploration/row_table.h"

enum { TML_FILTERED_ROWS = 60 };

/* How far a parameter that is no axis may be from its fixed value, as a share of its range. */
#define TML_FILTERED_TOLERANCE 0.2

/** The spectra along a parameter. Collective over rows->comm.
 * A row counts when every other parameter has its fixed value, or, where it is no axis, lies within
 * TML_FILTERED_TOLERANCE of it; of more than TML_FILTERED_ROWS the nearest are taken, and of equally near
 * ones those that spread evenly over the values of the parameter, of each value the row with the lowest
 * number.
 * @param bins   [rows->parameters]
 * @param fixed  [rows->parameters]
 * @param table  out: sorted by the parameter; extra: the fluxes. Owned by the caller
 * @return as tml_row_table_gather */
TML_NODISCARD tml_status tml_filtered_table(const tml_explored_rows *rows, const tml_parameter_bins *bins,
                                            const double *fixed, size_t varied, tml_row_table *table,
                                            tml_error *error);

#endif
