#ifndef TML_COMMANDS_TABLE_SCORES_H
#define TML_COMMANDS_TABLE_SCORES_H

/** @file commands/table_scores.h
 * How the predictions of a table meet the labels that it came with, per range of the label. Not collective.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <cjson/cJSON.h>

#include "core/status.h"
#include "io/results_file.h"
#include "training/model.h"

enum { TML_TABLE_RANGES = 32 };

/** Edges of the ranges of one target; the others are taken as a whole. */
typedef struct tml_table_ranges {
    char target[TML_RESULT_NAME];
    size_t edges; /* at least 2; the ranges lie between them, the lower edge belongs to each */
    double edge[TML_TABLE_RANGES + 1];
} tml_table_ranges;

/** Read "NAME:A,B,...". @param text NULL: teff:400,1000,1400,2000,2600 */
TML_NODISCARD tml_status tml_table_ranges_parse(const char *text, tml_table_ranges *ranges, tml_error *error);

/** One labelled prediction. */
typedef struct tml_table_pair {
    size_t target;
    double label, value, p2_5, p16, p84, p97_5;
} tml_table_pair;

typedef struct tml_table_scores tml_table_scores;

/** @param scores out, owned by the caller; NULL on failure */
TML_NODISCARD tml_status tml_table_scores_create(const tml_model *model, const tml_table_ranges *ranges,
                                                 tml_table_scores **scores, tml_error *error);

/** Add one. @return TML_OK or TML_INTERNAL (no memory) */
TML_NODISCARD tml_status tml_table_scores_add(tml_table_scores *scores, const tml_table_pair *pair,
                                              tml_error *error);

/** [{target, unit, low, high, count, bias, median_bias, scatter_mad, rmse, coverage68, coverage95}], an entry
 * for each range that holds a label and one for all. bias: mean of prediction - label; scatter_mad: median of
 * |error - median error|; coverage: share of the labels within the central 68 and 95 percent.
 * @return on the heap, owned by the caller; NULL without memory */
cJSON *tml_table_scores_json(tml_table_scores *scores);

/** The same as a table. */
void tml_table_scores_print(FILE *out, tml_table_scores *scores);

/** Free; sets the pointer to NULL; NULL is fine. */
void tml_table_scores_free(tml_table_scores **scores);

#endif
