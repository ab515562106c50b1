#ifndef TML_EXPLORATION_FIXED_POINT_H
#define TML_EXPLORATION_FIXED_POINT_H

/** @file exploration/fixed_point.h
 * The values at which parameters are held while one of them varies. */

#include <stddef.h>

#include "core/status.h"
#include "exploration/column_summary.h"
#include "exploration/explored_rows.h"
#include "exploration/parameter_bins.h"
#include "io/grid_file.h"

/** What somebody wants. */
typedef struct tml_fixed_value {
    char name[TML_GRID_NAME];
    double value;
} tml_fixed_value;

/** Check names. Not collective.
 * @return TML_OK, or TML_USAGE for a parameter that the grid does not have, naming the nearest, or one that
 * is given twice */
TML_NODISCARD tml_status tml_fixed_names_check(const tml_grid_shape *shape, size_t count,
                                               const tml_fixed_value *wanted, tml_error *error);

/** Find the point. Collective over rows->comm.
 *
 * What is wanted, on an axis the nearest of its values (with a warning when that is another one). Else the
 * value of an axis that most rows have, of several that nearest to the median; the median of a parameter that
 * is no axis. If the grid has no row there, the axes that nobody fixed move to the nearest row, by the sum of
 * the differences as shares of the ranges, so that there are spectra to look at.
 * @param bins, summary  [rows->parameters]
 * @param fixed          out: [rows->parameters], the same on all ranks and for any number of them
 * @return TML_OK, TML_USAGE for a value outside the grid, or TML_INTERNAL; the same on all ranks */
TML_NODISCARD tml_status tml_fixed_point_find(const tml_explored_rows *rows, const tml_grid_shape *shape,
                                              const tml_parameter_bins *bins,
                                              const tml_column_summary *summary, size_t count,
                                              const tml_fixed_value *wanted, double *fixed, tml_error *error);

#endif
