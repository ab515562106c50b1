#include "inference/score_intervals.h"

tml_status tml_score_intervals(tml_evaluation *evaluation, size_t targets, uint64_t seed, tml_error *error)
{
    size_t width = tml_prediction_width(targets);
    const double *rows = evaluation->predictions;
    tml_status status = TML_OK;

    for (size_t p = 0; p < evaluation->part_count && status == TML_OK; ++p) {
        tml_part_scores *part = &evaluation->part[p];
        tml_scored_rows scored = {.count = (size_t)part->rows,
                                  .targets = targets,
                                  .stride = width,
                                  .truth = rows + TML_PREDICTION_TRUTH,
                                  .prediction = rows + TML_PREDICTION_TRUTH + targets,
                                  .scores = part->target};

        status = tml_regression_bootstrap(&scored, seed, (uint64_t)rows[TML_PREDICTION_PART], part->interval,
                                          error);
        rows += scored.count * width;
    }
    return status;
}
