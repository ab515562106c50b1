#include "statistics/early_stop.h"

#include <math.h>

void tml_early_stop_begin(tml_early_stop *state, double min_delta, int64_t patience)
{
    state->min_delta = min_delta;
    state->patience = patience;
    state->best_loss = INFINITY;
    state->best_epoch = -1;
    state->waited = 0;
}

tml_early_stop_verdict tml_early_stop_update(tml_early_stop *state, int64_t epoch, double loss)
{
    if (loss + state->min_delta < state->best_loss) {
        state->best_loss = loss;
        state->best_epoch = epoch;
        state->waited = 0;
        return TML_EARLY_STOP_IMPROVED;
    }
    ++state->waited;
    return state->waited >= state->patience ? TML_EARLY_STOP_NOW : TML_EARLY_STOP_WAIT;
}
