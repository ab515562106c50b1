#include <math.h>
#include <stdbool.h>

#include "core/random.h"
#include "inference/prediction_private.h"

/* Pixel blocks that no spectrum reaches: the counters of the held-out row, and of the first normal numbers.
 */
#define RESIDUAL_COUNTER (UINT64_MAX - 1)
#define NORMAL_COUNTER (UINT64_MAX - 2)

static double as_learned(const tml_preparation *preparation, size_t t, double value)
{
    return preparation->choice.target_log10[t] ? log10(value) : value;
}

static double as_unit(const tml_preparation *preparation, size_t t, double value)
{
    return preparation->choice.target_log10[t] ? pow(10.0, value) : value;
}

/* A standard normal number for target t of a draw. */
static double normal_of(const tml_prediction_block *b, size_t m, uint64_t draw, size_t t)
{
    tml_random_words words = tml_random_at(b->request->seed, TML_RANDOM_DRAW, b->objects[m].key, draw,
                                           NORMAL_COUNTER - t / 2);
    double pair[2];

    tml_random_normal_pair(words.word[0], words.word[1], pair);
    return pair[t % 2];
}

/* The error of the network in target t, as that on a held-out row was. Where the network predicts a spread,
 * the row says how the error went in units of it: of a network that is too sure of itself by more than one.
 */
static double error_like(const tml_prediction_block *b, size_t row, size_t t, const double *spread)
{
    const tml_held_out *held_out = &b->predictor->held_out;
    size_t at = row * b->targets + t;

    return spread == NULL ? held_out->residual[at]
                          : held_out->residual[at] / held_out->spread[at] * spread[t];
}

/* To each draw the error of the network on one of the held-out rows near the answer, picked at random; whole
 * rows, because the errors of the targets belong together. Without such rows a predicted spread is taken as
 * it is said. */
static void add_to_draw(tml_prediction_block *b, size_t m, uint64_t d, const size_t *rows, size_t near)
{
    const tml_preparation *preparation = &b->predictor->model->preparation;
    size_t place = (m * (size_t)b->request->draws + (size_t)d) * b->targets;
    const double *spread = b->draw_spread != NULL ? b->draw_spread + place : NULL;
    double share = tml_random_uniform(b->request->seed, TML_RANDOM_DRAW, b->objects[m].key, d,
                                      RESIDUAL_COUNTER);

    if (near == 0 && spread == NULL)
        return;
    for (size_t t = 0; t < b->targets; ++t) {
        double error = near > 0 ? error_like(b, rows[(size_t)(share * (double)near)], t, spread)
                                : normal_of(b, m, d, t) * spread[t];

        b->draw[place + t] = as_unit(preparation, t, as_learned(preparation, t, b->draw[place + t]) + error);
    }
}

/* Half the way between one standard deviation below and one above, in the target's unit. */
static double said_spread(const tml_preparation *preparation, size_t t, double learned, const double *spread)
{
    return spread == NULL ? (double)NAN
                          : 0.5 * (as_unit(preparation, t, learned + spread[t]) -
                                   as_unit(preparation, t, learned - spread[t]));
}

void tml_prediction_add_model_error(tml_prediction_block *b, size_t m)
{
    const tml_predictor *p = b->predictor;
    const tml_preparation *preparation = &p->model->preparation;
    const double *answer = b->answer + m * b->targets;
    const double *spread = b->answer_spread != NULL ? b->answer_spread + m * b->targets : NULL;
    size_t rows[TML_HELD_OUT_NEAR];
    double learned[TML_PREPARATION_TARGETS];
    size_t near;

    for (size_t t = 0; t < b->targets; ++t)
        learned[t] = as_learned(preparation, t, answer[t]);
    near = tml_held_out_nearest(&p->held_out, preparation, learned, TML_HELD_OUT_NEAR, rows);
    for (uint64_t d = 0; d < b->request->draws; ++d)
        add_to_draw(b, m, d, rows, near);
    for (size_t t = 0; t < b->targets; ++t) {
        double squares = 0.0;

        for (size_t k = 0; k < near; ++k) {
            double off = as_unit(preparation, t, learned[t] + error_like(b, rows[k], t, spread));

            squares += (off - answer[t]) * (off - answer[t]);
        }
        b->model_sd[m * b->targets + t] = near > 0 ? sqrt(squares / (double)near)
                                                   : said_spread(preparation, t, learned[t], spread);
    }
}
