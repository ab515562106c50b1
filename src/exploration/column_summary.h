#ifndef TML_EXPLORATION_COLUMN_SUMMARY_H
#define TML_EXPLORATION_COLUMN_SUMMARY_H

/** @file exploration/column_summary.h
 * Columns of numbers over all ranks in a few: a boxplot, mean, standard deviation, skewness. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "exploration/explored_rows.h"

/** All NaN without values. */
typedef struct tml_column_summary {
    uint64_t count;                              /* values */
    double minimum, p2_5, q1, median, q3, p97_5; /* quantiles as in exploration/sorted_columns.h */
    double maximum;
    double whisker_low, whisker_high; /* the last values within 1.5 (q3 - q1) of the box, or its edges */
    double mean;
    double sd;       /* divided by count - 1; NaN below two */
    double skewness; /* m3 / m2^1.5, as scipy.stats.skew; NaN when the values are all the same */
} tml_column_summary;

/** Summarise columns. Collective over rows->comm.
 * @param value    NaN leaves a row out of a column
 * @param summary  out: [columns], the same bits on all ranks and for any number of them
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_column_summaries(const tml_explored_rows *rows, size_t columns,
                                              tml_column_value *value, tml_column_summary *summary,
                                              tml_error *error);

#endif
