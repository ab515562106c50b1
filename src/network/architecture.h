#ifndef TML_NETWORK_ARCHITECTURE_H
#define TML_NETWORK_ARCHITECTURE_H

/** @file network/architecture.h
 * From a short description of a network to its list of layers, with every shape and the place of every weight
 * in one flat vector. Pure arithmetic, not collective.
 *
 * The published family (Gharib-Nezhad et al., TelescopeML): blocks of convolutions with F (b + l + 1)^2
 * filters in layer l of block b (from 0) and ReLU, each block ended by max pooling; dense layers of U1 (l +
 * 1)^2 units, dropout; the features appended; blocks of dense layers of U2 (b + l + 1)^2 units, dropout after
 * each block; one linear output per target.
 *
 * The flat vector holds the layers in the order in which the backward pass finishes them, last layer first,
 * so that a reduction can start at its front while earlier layers are still computed.
 */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

enum { TML_LAYER_NAME = 32, TML_LAYERS = 160 };

/** How a convolution is computed. */
typedef enum tml_convolution {
    TML_CONVOLUTION_AUTO, /* a fixed rule of the shapes */
    TML_CONVOLUTION_DIRECT,
    TML_CONVOLUTION_WINOGRAD /* where there is one for the window and the layer is wide enough */
} tml_convolution;

/** What the configuration says about a network of the published family. */
typedef struct tml_architecture {
    size_t wavelengths;
    size_t features; /* appended between the dense stacks; may be 0 */
    size_t targets;
    size_t conv_blocks, conv_layers, conv_filters, conv_kernel, pool;
    size_t fc1_layers, fc1_units;
    size_t fc2_blocks, fc2_layers, fc2_units;
    double fc1_dropout, fc2_dropout;
    tml_convolution convolution;
} tml_architecture;

typedef enum tml_layer_kind {
    TML_LAYER_CONVOLUTION, /* 'same' padding, then ReLU */
    TML_LAYER_POOL,        /* maximum over windows that do not overlap; what is left over is dropped */
    TML_LAYER_DENSE,       /* then ReLU if has_relu */
    TML_LAYER_DROPOUT,     /* in place on the layer before */
    TML_LAYER_CONCATENATE  /* the features behind the layer before */
} tml_layer_kind;

/** The output of a layer for one sample: positions x channels, with rows of zeros around it.
 * Sample s, position p of a lane stands at row s * pitch + before + p, pitch = before + positions + after. A
 * dense layer's output has one position and no padding. */
typedef struct tml_activation_shape {
    size_t positions;
    size_t channels;
    size_t before;
    size_t after;
} tml_activation_shape;

/** A tensor within the flat vector. */
typedef struct tml_tensor {
    size_t offset;
    size_t count;   /* 0: the layer has none */
    size_t rank;    /* number of dimensions, at most 3 */
    size_t size[3]; /* convolution: kernel, channels in, filters; dense: units in, units out; bias: units */
} tml_tensor;

typedef struct tml_layer {
    tml_layer_kind kind;
    char name[TML_LAYER_NAME]; /* as Keras users know them: Conv__B1_L1, FC1__B1_L1, ... */
    bool has_relu;
    bool is_head;  /* the outputs: linear, glorot_uniform for each target on its own */
    size_t window; /* kernel of a convolution, size of a pool */
    size_t tile;   /* outputs of a tile of a convolution in Winograd's form; 0: the direct form */
    double rate;   /* of a dropout */
    tml_activation_shape in;
    tml_activation_shape out;
    tml_tensor kernel;
    tml_tensor bias;
} tml_layer;

/** A network without weights. Plain data; no pointers. */
typedef struct tml_network {
    tml_architecture architecture;
    size_t layer_count;
    size_t parameter_count;
    tml_layer layer[TML_LAYERS]; /* in the order of the forward pass */
} tml_network;

/** Rows of one sample, padding included. */
static inline size_t tml_activation_pitch(tml_activation_shape shape)
{
    return shape.before + shape.positions + shape.after;
}

/** Numbers of one sample, padding included. */
static inline size_t tml_activation_size(tml_activation_shape shape)
{
    return tml_activation_pitch(shape) * shape.channels;
}

/** Lay the network out.
 * @param network  out, plain data owned by the caller
 * @return TML_OK, or TML_CONFIG when the pools leave no position or the network is too large to count
 */
TML_NODISCARD tml_status tml_network_lay_out(const tml_architecture *architecture, tml_network *network,
                                             tml_error *error);

/** Multiply-adds of one forward pass of one sample, as a direct convolution does them. */
double tml_network_multiply_adds(const tml_network *network);

#endif
