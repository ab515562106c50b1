#ifndef TML_INFERENCE_PREDICTION_PRIVATE_H
#define TML_INFERENCE_PREDICTION_PRIVATE_H

/** @file inference/prediction_private.h
 * What the files prediction*.c share: the predictor, and the objects of one call on their way. */

#include "inference/grid_spectra.h"
#include "inference/held_out.h"
#include "inference/prediction.h"

struct tml_predictor {
    const tml_world *world;
    const tml_model *model;
    int threads;
    tml_data_set data;
    tml_grid_spectra *grid; /* NULL without a grid */
    tml_held_out held_out;
    char model_digest[TML_DIGEST_TEXT];
};

/** Some objects on their way; equal on all ranks. */
typedef struct tml_prediction_block {
    tml_predictor *predictor;
    const tml_prediction_request *request;
    size_t count; /* objects */
    size_t bins;  /* of a spectrum */
    size_t targets;
    tml_observed_object *objects; /* [count] */
    double *flux;                 /* [count][bins] observed; NaN where masked */
    double *error;                /* [count][bins] */
    double *filled;               /* [count][bins] what the network sees */
    double *implied;              /* [count][bins] by the grid at the answer; NaN without one */
    double *answer;               /* [count][targets] */
    double *answer_spread;        /* [count][targets] that the network predicts with it, log10 where it learns
                                     the logarithm; NULL: it predicts none */
    double *unit;                 /* [count] what fluxes are divided by for the network; a power of two */
    double *scale;                /* [count] of the observation over the implied spectrum; NaN without one */
    double *inflation;            /* [count] of the observation's errors in `draw`; 1: none */
    double *noise_draw;           /* [count][draws][targets] within the errors of the observation as stated */
    double *draw;                 /* [count][draws][targets] within the inflated errors, and the error of the
                                     network added */
    double *draw_spread;          /* [count][draws][targets] that the network predicts with each draw; NULL as
                                     above */
    double *model_sd;             /* [count][targets] error of the network near the answer; NaN: not known */
    double *scale_spread;         /* [count] sd of the scale over draws; 0 if not wanted */
    double *band; /* [count][TML_RESULT_BANDS][bins] of the spectra that draws imply; NaN: none */
    tml_grid_spectrum_note *note; /* [count] */
    tml_grid_match *match;        /* [count] row -1 without a grid */
    tml_grid_match *best;         /* [TML_RESULT_GRID_ROWS] grid points for the object that is summarised */
    size_t best_count;            /* 0 if not wanted */
    double *pixels;               /* [threads][2 * most pixels] scratch */
    double *draw_flux;            /* [threads][bins] scratch */
    size_t most_pixels;
} tml_prediction_block;

/** The answers and the spectra that they imply, masked bins filled by turns. Collective. */
TML_NODISCARD tml_status tml_prediction_answer(tml_prediction_block *block, tml_error *error);

/** The draws and what follows from them. Collective. */
TML_NODISCARD tml_status tml_prediction_draw(tml_prediction_block *block, tml_error *error);

/** Put the error of the network on the draws of object m, and find its size. Not collective. */
void tml_prediction_add_model_error(tml_prediction_block *block, size_t m);

/** What the spectra that draws imply say: how much the scale moves, and the bands. Collective; with a grid.
 */
TML_NODISCARD tml_status tml_prediction_spread(tml_prediction_block *block, tml_error *error);

/** The result of object m from the finished block. Not collective. */
TML_NODISCARD tml_status tml_prediction_summarise(const tml_prediction_block *block, size_t m,
                                                  tml_object_result *result, tml_error *error);

#endif
