#include "inference/prediction_private.h"

#include <math.h>
#include <string.h>

#include "inference/forward_run.h"
#include "spectra/pixel_state.h"
#include "statistics/chi_square.h"

/* Turns of answer and filling; the answers of real spectra move by less than a tenth of their error after
 * the second. */
enum { FILLING_TURNS = 3 };

static size_t masked_bins(const tml_prediction_block *b, size_t m)
{
    size_t counts[TML_PIXEL_STATES];

    tml_pixel_count(b->bins, b->objects[m].state, counts);
    return b->bins - counts[TML_PIXEL_USED];
}

static tml_status check_filling(const tml_prediction_block *b, tml_error *error)
{
    for (size_t m = 0; m < b->count; ++m)
        if (masked_bins(b, m) > 0)
            return TML_FAIL(error, TML_USAGE,
                            "%s: %zu of the network's %zu pixels are masked and can only be filled from the "
                            "grid; give it by --grid",
                            b->objects[m].file, masked_bins(b, m), b->bins);
    return TML_OK;
}

/* What the network sees: the measurements, and where there are none the implied spectrum on their scale. */
static void fill(tml_prediction_block *b)
{
    for (size_t m = 0; m < b->count; ++m) {
        const double *flux = b->flux + m * b->bins;
        const double *implied = b->implied + m * b->bins;
        double scale = tml_scale_fit_of(b->bins, flux, b->error + m * b->bins, implied).scale;

        for (size_t i = 0; i < b->bins; ++i)
            b->filled[m * b->bins + i] = isnan(flux[i]) ? scale * implied[i] : flux[i];
    }
}

static tml_status make_filled(void *context, uint64_t number, int worker, float *flux, tml_error *error)
{
    const tml_prediction_block *b = context;
    const double *filled = b->filled + (size_t)number * b->bins;

    (void)worker;
    (void)error;
    for (size_t i = 0; i < b->bins; ++i)
        flux[i] = (float)(filled[i] / b->unit[number]);
    return TML_OK;
}

static tml_status answer_once(tml_prediction_block *b, tml_error *error)
{
    const tml_predictor *p = b->predictor;
    tml_status status = tml_forward_run(p->world, p->model, p->threads, b->count, make_filled, b, b->answer,
                                        b->answer_spread, error);

    if (status == TML_OK && p->grid != NULL)
        status = tml_grid_spectra_at(p->grid, b->count, b->answer, b->implied, b->note, error);
    return status;
}

/* The best grid point is the first guess, and stays as a second opinion. */
static tml_status start_from_grid(tml_prediction_block *b, tml_error *error)
{
    tml_status status = tml_grid_spectra_match(b->predictor->grid, b->count, b->flux, b->error, true,
                                               b->match, error);

    for (size_t m = 0; m < b->count && status == TML_OK; ++m) {
        memcpy(b->answer + m * b->targets, b->match[m].truth, b->targets * sizeof(double));
        if (b->match[m].row < 0)
            status = TML_FAIL(error, TML_BAD_DATA,
                              "%s: no spectrum of the grid can be compared with it: the ratios of its fluxes "
                              "to its errors are too large or too small for numbers; check the errors, or "
                              "replace them by --snr X",
                              b->objects[m].file);
    }
    if (status == TML_OK)
        status = tml_grid_spectra_at(b->predictor->grid, b->count, b->answer, b->implied, b->note, error);
    return status;
}

static tml_status answer_without_grid(tml_prediction_block *b, tml_error *error)
{
    /* Every rank has the same objects: no agreement is needed. */
    tml_status status = check_filling(b, error);

    for (size_t i = 0; i < b->count * b->bins; ++i) {
        b->implied[i] = NAN;
        b->filled[i] = b->flux[i];
    }
    for (size_t m = 0; m < b->count; ++m)
        b->match[m].row = -1;
    return status == TML_OK ? answer_once(b, error) : status;
}

tml_status tml_prediction_answer(tml_prediction_block *b, tml_error *error)
{
    tml_status status;

    if (b->predictor->grid == NULL)
        return answer_without_grid(b, error);
    status = start_from_grid(b, error);
    for (int turn = 0; turn < FILLING_TURNS && status == TML_OK; ++turn) {
        fill(b);
        status = answer_once(b, error);
    }
    return status;
}
