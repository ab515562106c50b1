#ifndef TML_INFERENCE_SCORE_INTERVALS_H
#define TML_INFERENCE_SCORE_INTERVALS_H

/** @file inference/score_intervals.h
 * Intervals of the scores of an evaluation from the table of its predictions. Not collective: rank 0, which
 * has the table. */

#include "core/status.h"
#include "inference/evaluation.h"

/** Fill `interval` of every part by statistics/regression_bootstrap.h; the stream is the part's number. The
 * table is in the order of part and number, whoever made it: the same bits for any number of ranks.
 * @param evaluation  with scores and predictions
 * @return TML_OK or TML_INTERNAL (no memory)
 */
TML_NODISCARD tml_status tml_score_intervals(tml_evaluation *evaluation, size_t targets, uint64_t seed,
                                             tml_error *error);

#endif
