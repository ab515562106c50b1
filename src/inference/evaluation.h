#ifndef TML_INFERENCE_EVALUATION_H
#define TML_INFERENCE_EVALUATION_H

/** @file inference/evaluation.h
 * How well a trained network finds the parameters of spectra, with all ranks; beside it the nearest grid
 * point. */

#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"
#include "mpi/world.h"
#include "spectra/preparation.h"
#include "statistics/regression.h"
#include "statistics/regression_bootstrap.h"
#include "training/data_set.h"
#include "training/model.h"

typedef struct tml_evaluation_request {
    const char *grid_path;     /* spectra to score; NULL: the grid that the network was trained on */
    bool is_whole;             /* all rows as one part; else the parts of the network's split */
    bool wanted[TML_PARTS];    /* which of them */
    double snr;                /* of white noise put on the spectra; 0: none */
    uint64_t seed;             /* of that noise and of the resampling for the intervals */
    const char *baseline_path; /* grid in which the nearest point is looked for; NULL: no baseline */
    bool wants_predictions;    /* the table of all predictions on rank 0 */
    int threads;
} tml_evaluation_request;

/** One row of the table of predictions is a row of doubles: row of the grid's source, number within its part,
 * part, then the true and then the predicted value of each target. */
enum { TML_PREDICTION_ROW, TML_PREDICTION_NUMBER, TML_PREDICTION_PART, TML_PREDICTION_TRUTH };

/** Doubles of such a row. */
static inline size_t tml_prediction_width(size_t targets)
{
    return TML_PREDICTION_TRUTH + 2 * targets;
}

/** Scores of one part. */
typedef struct tml_part_scores {
    char name[16]; /* train, validation, test or all */
    uint64_t rows;
    bool has_baseline; /* not for the spectra among which the nearest is looked for: each is its own neighbour
                        */
    tml_regression_result target[TML_PREPARATION_TARGETS];
    tml_regression_intervals interval[TML_PREPARATION_TARGETS]; /* of `target`; on rank 0 if predictions were
                                                                   wanted; else not known */
    tml_regression_result baseline[TML_PREPARATION_TARGETS];
} tml_part_scores;

typedef struct tml_evaluation {
    double snr;
    size_t part_count;
    tml_part_scores part[TML_PARTS];
    size_t prediction_count; /* on rank 0 if wanted; else 0 */
    double *predictions;     /* [prediction_count][tml_prediction_width] in the order of part and number */
} tml_evaluation;

/** Score a network. Collective over world->comm; model and request equal on all ranks.
 *
 * Scores and intervals are the same bits for any number of ranks and threads.
 * @param evaluation  out, owned by the caller (tml_evaluation_free); all zero on failure
 * @return the same on all ranks: TML_OK; those of tml_data_set_load; TML_BAD_DATA (other wavelengths than the
 *         network's, nothing to score); TML_USAGE (noise on a network of log10 fluxes; the whole grid against
 * itself)
 */
TML_NODISCARD tml_status tml_evaluate(const tml_world *world, const tml_model *model,
                                      const tml_evaluation_request *request, tml_evaluation *evaluation,
                                      tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_evaluation_free(tml_evaluation *evaluation);

/** Whether the network is better than the nearest grid point in one target: a smaller RMSE. */
bool tml_beats_baseline(const tml_part_scores *scores, size_t target);

#endif
