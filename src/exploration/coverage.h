#ifndef TML_EXPLORATION_COVERAGE_H
#define TML_EXPLORATION_COVERAGE_H

/** @file exploration/coverage.h
 * Which combinations of parameters a grid has. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "exploration/explored_rows.h"
#include "exploration/parameter_bins.h"

/** The rows in every combination of the bins of two parameters. */
typedef struct tml_coverage_pair {
    size_t x, y;    /* parameters, x before y */
    uint64_t *rows; /* [bins of x][bins of y] */
} tml_coverage_pair;

typedef struct tml_coverage {
    double nodes;    /* of the full product of the axes; NaN when a parameter is no axis */
    uint64_t filled; /* different combinations of all parameters that are there */
    size_t pair_count;
    tml_coverage_pair *pair; /* [pair_count] */
} tml_coverage;

/** Count. Collective over rows->comm.
 * @param bins      [rows->parameters]
 * @param coverage  out, owned by the caller (tml_coverage_free), the same on all ranks and for any number of
 * them; to be freed also after a failure
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_coverage_count(const tml_explored_rows *rows, const tml_parameter_bins *bins,
                                            tml_coverage *coverage, tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_coverage_free(tml_coverage *coverage);

#endif
