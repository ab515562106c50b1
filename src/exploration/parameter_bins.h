#ifndef TML_EXPLORATION_PARAMETER_BINS_H
#define TML_EXPLORATION_PARAMETER_BINS_H

/** @file exploration/parameter_bins.h
 * How the values of a parameter are distributed: the values of an axis one by one if they are few, else a
 * histogram. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "exploration/explored_rows.h"

/* Different values up to which a parameter counts as an axis. */
enum { TML_PARAMETER_BINS = 64 };

typedef struct tml_parameter_bins {
    bool is_axis;                                             /* every bin is one value */
    uint64_t different;                                       /* values */
    size_t count;                                             /* bins */
    double low[TML_PARAMETER_BINS], high[TML_PARAMETER_BINS]; /* [count] ascending; equal on an axis */
    uint64_t rows[TML_PARAMETER_BINS];                        /* [count] rows in it */
} tml_parameter_bins;

/** Find and fill the bins of a parameter. Collective over rows->comm.
 * A histogram has the square root of the number of rows as its number of bins, 10 to 40, from the smallest to
 * the largest value.
 * @param bins  out, the same on all ranks and for any number of them
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_parameter_bins_find(const tml_explored_rows *rows, size_t parameter,
                                                 double minimum, double maximum, tml_parameter_bins *bins,
                                                 tml_error *error);

/** The bin of a value between the smallest and the largest; on an axis the bin whose value is nearest. */
size_t tml_parameter_bin(const tml_parameter_bins *bins, double value);

/** The middle of a bin: on an axis its value. */
double tml_parameter_bin_centre(const tml_parameter_bins *bins, size_t bin);

#endif
