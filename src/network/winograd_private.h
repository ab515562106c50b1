#ifndef TML_NETWORK_WINOGRAD_PRIVATE_H
#define TML_NETWORK_WINOGRAD_PRIVATE_H

/** @file network/winograd_private.h
 * One piece of a lane between the transforms: shared by winograd.c (products) and winograd_tiles.c
 * (transforms). At a point, a row stands for a tile of a sample. */

#include "network/architecture.h"
#include "network/cook_toom.h"
#include "network/panels.h"

/** One layer's shapes, and the scratch cut into its spans. */
typedef struct tml_winograd {
    const tml_layer *layer;
    tml_cook_toom matrices;
    tml_panel_widths widths;
    size_t channels, filters;
    size_t tiles;      /* of a sample */
    size_t samples;    /* of a whole piece */
    size_t room;       /* rows of a whole piece */
    tml_real *inputs;  /* [points][room][channels] */
    tml_real *outputs; /* [points][room][filters] */
    tml_real *left;    /* left panels of one product */
    tml_real *right;   /* stripes of one product */
    tml_real *kernel;  /* [points][channels][filters] gradient */
    tml_real *spare;   /* a row that nobody reads */
    tml_real *zeros;   /* a row of zeros */
} tml_winograd;

/** Samples under way: `count` from `first` of the lane. */
typedef struct tml_piece {
    size_t first;
    size_t count;
} tml_piece;

/** The inputs and the outputs of a piece at one point. */
static inline tml_real *tml_winograd_inputs_at(const tml_winograd *w, size_t point)
{
    return w->inputs + point * w->room * w->channels;
}

static inline tml_real *tml_winograd_outputs_at(const tml_winograd *w, size_t point)
{
    return w->outputs + point * w->room * w->filters;
}

/** in [lane][pitch][channels] -> inputs */
void tml_winograd_inputs(const tml_winograd *w, tml_piece piece, const tml_real *in);

/** outputs -> out [lane][pitch][filters], with bias and, if the layer has one, ReLU */
void tml_winograd_outputs(const tml_winograd *w, tml_piece piece, const tml_real *bias, tml_real *out);

/** d_out -> outputs: the adjoint of tml_winograd_outputs */
void tml_winograd_output_gradients(const tml_winograd *w, tml_piece piece, const tml_real *d_out);

/** inputs -> d_in: the adjoint of tml_winograd_inputs */
void tml_winograd_input_gradients(const tml_winograd *w, tml_piece piece, tml_real *d_in);

/** kernel gradient at the points -> d_kernel [window][channels][filters] */
void tml_winograd_finish_kernel(const tml_winograd *w, tml_real *d_kernel);

#endif
