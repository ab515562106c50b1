#include "network/convolution.h"

#include "network/convolution_direct.h"
#include "network/cook_toom.h"
#include "network/padding.h"
#include "network/rectifier.h"
#include "network/winograd.h"

/* Narrower layers spend more on the transforms than the products save: measured on lanes of 1 and 16 samples,
 * 104 to 4 positions; 16 channels to 64 filters is a draw. */
enum { WINOGRAD_CHANNELS = 32 };

/* Numbers: what stands behind a prepared kernel begins at a multiple of 64 bytes again. */
enum { ALIGNED = 16 };

size_t tml_convolution_tile(tml_convolution form, size_t window, size_t positions, size_t channels,
                            size_t filters)
{
    size_t tile = 4;

    if (form == TML_CONVOLUTION_DIRECT)
        return 0;
    if (form == TML_CONVOLUTION_AUTO && (channels < WINOGRAD_CHANNELS || filters < WINOGRAD_CHANNELS))
        return 0;
    while (tile > 0 && (!tml_cook_toom_exists(tile, window) || tile > positions))
        --tile;
    return tile;
}

size_t tml_convolution_prepared_count(const tml_layer *layer)
{
    size_t count = layer->tile > 0 ? tml_winograd_prepared_count(layer) : layer->kernel.count;

    return (count + ALIGNED - 1) / ALIGNED * ALIGNED;
}

size_t tml_convolution_scratch_count(const tml_layer *layer, size_t lane, int is_training)
{
    return layer->tile > 0 ? tml_winograd_scratch_count(layer, lane, is_training) : 0;
}

void tml_convolution_prepare(const tml_layer *layer, const tml_real *kernel, tml_real *prepared)
{
    if (layer->tile > 0)
        tml_winograd_prepare(layer, kernel, prepared);
    else
        tml_direct_flip(layer, kernel, prepared);
}

void tml_convolution_forward(const tml_layer *layer, size_t lane, const tml_real *kernel,
                             const tml_real *prepared, const tml_real *bias, const tml_real *in,
                             tml_real *out, tml_real *scratch)
{
    if (layer->tile > 0)
        tml_winograd_forward(layer, lane, prepared, bias, in, out, scratch);
    else
        tml_direct_forward(layer, lane, kernel, bias, in, out);
    tml_padding_clear(layer->out, lane, out);
}

void tml_convolution_backward(const tml_layer *layer, size_t lane, const tml_real *prepared,
                              const tml_real *in, const tml_real *out, tml_real *d_out, tml_real *d_kernel,
                              tml_real *d_bias, tml_real *d_in, tml_real *scratch)
{
    size_t rows = lane * tml_activation_pitch(layer->out);

    if (layer->has_relu) { /* padding rows of out are zero, so this zeroes those of d_out as well */
        tml_rectify_backward(rows, layer->out.channels, out, d_out, d_bias);
    } else {
        tml_padding_clear(layer->out, lane, d_out);
        tml_sum_rows(rows, layer->out.channels, d_out, d_bias);
    }
    if (layer->tile > 0)
        tml_winograd_backward(layer, lane, prepared, in, d_out, d_kernel, d_in, scratch);
    else
        tml_direct_backward(layer, lane, prepared, in, d_out, d_kernel, d_in);
}
