#include "inference/prediction_private.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "inference/forward_run.h"
#include "statistics/chi_square.h"

/* A misfit that noise alone makes in one of twenty observations is none. */
#define MISFIT_PROBABILITY 0.05

/* The draws of one pass. */
typedef struct drawing {
    const tml_prediction_block *block;
    bool is_inflated;
} drawing;

/* A draw of the observation; what it does not have, or what has no logarithm, is filled from the spectrum
 * that the answer implies. */
static tml_status make_draw(void *context, uint64_t number, int worker, float *flux, tml_error *error)
{
    const drawing *d = context;
    const tml_prediction_block *b = d->block;
    size_t m = (size_t)(number / b->request->draws);
    bool takes_logarithm = b->predictor->model->preparation.choice.transform == TML_TRANSFORM_LOG10;
    double *drawn = b->draw_flux + (size_t)worker * b->bins;
    double factor = b->scale[m] *
                    tml_observed_object_draw(&b->objects[m], b->request->seed, number % b->request->draws,
                                             d->is_inflated ? b->inflation[m] : 1.0,
                                             b->pixels + (size_t)worker * 2 * b->most_pixels, drawn);

    for (size_t i = 0; i < b->bins; ++i) {
        bool is_usable = isfinite(drawn[i]) && (!takes_logarithm || drawn[i] > 0.0);

        if (!is_usable && b->predictor->grid == NULL)
            return TML_FAIL(error, TML_USAGE,
                            "%s: within its errors the flux may be below 0, which has no logarithm and can "
                            "only be filled from the grid; give it by --grid",
                            b->objects[m].file);
        flux[i] = (float)((is_usable ? drawn[i] : factor * b->implied[m * b->bins + i]) / b->unit[m]);
    }
    return TML_OK;
}

/* By how much the errors are too small for the misfit: of the answer or of the best grid point, whichever
 * fits better, because a misfit that a grid point does not have is the network's own. */
static void find_inflation(tml_prediction_block *b)
{
    for (size_t m = 0; m < b->count; ++m) {
        const tml_scale_fit fit = tml_scale_fit_of(b->bins, b->flux + m * b->bins, b->error + m * b->bins,
                                                   b->implied + m * b->bins);
        double dof = (double)fit.used - (double)b->targets - 1.0;
        double chi2 = fmin(fit.chi2, b->match[m].chi2);

        b->scale[m] = fit.scale;
        b->inflation[m] = b->predictor->grid != NULL && tml_chi_square_tail(chi2, dof) < MISFIT_PROBABILITY
                              ? sqrt(chi2 / dof)
                              : 1.0;
    }
}

static bool is_any_inflated(const tml_prediction_block *b)
{
    for (size_t m = 0; m < b->count; ++m)
        if (b->inflation[m] > 1.0)
            return true;
    return false;
}

tml_status tml_prediction_draw(tml_prediction_block *b, tml_error *error)
{
    const tml_predictor *p = b->predictor;
    uint64_t count = b->count * b->request->draws;
    drawing pass = {b, false};
    tml_status status;

    find_inflation(b);
    status = tml_forward_run(p->world, p->model, p->threads, count, make_draw, &pass, b->noise_draw,
                             b->draw_spread, error);
    memcpy(b->draw, b->noise_draw, (size_t)count * b->targets * sizeof *b->draw);
    pass.is_inflated = true;
    if (status == TML_OK && is_any_inflated(b))
        status = tml_forward_run(p->world, p->model, p->threads, count, make_draw, &pass, b->draw,
                                 b->draw_spread, error);
    for (size_t m = 0; m < b->count && status == TML_OK; ++m)
        tml_prediction_add_model_error(b, m);
    if (status == TML_OK && p->grid != NULL && b->request->wants_spectra)
        status = tml_prediction_spread(b, error);
    return status;
}
