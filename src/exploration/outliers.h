#ifndef TML_EXPLORATION_OUTLIERS_H
#define TML_EXPLORATION_OUTLIERS_H

/** @file exploration/outliers.h
 * Tables of rows about the components: scores of a sample, and the rows that lie farthest from all others. */

#include "core/status.h"
#include "exploration/components.h"
#include "exploration/explored_rows.h"
#include "exploration/neighbours.h"
#include "exploration/row_table.h"

enum { TML_SCORE_ROWS = 5000, TML_OUTLIER_ROWS = 1000 };

/* The extra numbers of a line about an outlier; the first is the bits of the nearest row's number. */
enum { TML_OUTLIER_NEAREST, TML_OUTLIER_DISTANCE, TML_OUTLIER_SCORE, TML_OUTLIER_NUMBERS };

/** Scores of at most TML_SCORE_ROWS rows, spread evenly over the file. Collective over rows->comm.
 * @param table  out: sorted by the number of the row; extra: components->pca.kept scores. Owned by the caller
 * @return as tml_row_table_gather */
TML_NODISCARD tml_status tml_score_table(const tml_explored_rows *rows, const tml_components *components,
                                         tml_row_table *table, tml_error *error);

/** The at most TML_OUTLIER_ROWS rows with the largest distance to their nearest neighbour. Collective.
 * @param table  out: sorted by the score, the largest first, then by the number of the row; without lines
 * when there is no median distance. Owned by the caller
 * @return as tml_row_table_gather */
TML_NODISCARD tml_status tml_outlier_table(const tml_explored_rows *rows, const tml_neighbours *neighbours,
                                           tml_row_table *table, tml_error *error);

/** The number of the nearest row of a line. */
int64_t tml_outlier_nearest(const tml_row_line *line);

#endif
