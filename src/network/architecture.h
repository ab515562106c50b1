#ifndef TML_NETWORK_ARCHITECTURE_H
#define TML_NETWORK_ARCHITECTURE_H

/** @file network/architecture.h
 * From a short description of a network to its list of layers, with every shape and the place of every weight
 * in one flat vector. Pure arithmetic, not collective.
 *
 * A network is a trunk of convolutions, dense layers, the features appended, dense layers, one linear output
 * per target (or two).
 *
 * Published trunk (Gharib-Nezhad et al., TelescopeML): blocks of convolutions with F (b + l + 1)^2 filters in
 * layer l of block b (from 0), each block ended by max pooling. Residual trunk (after He et al. 2016): a
 * convolution, then stages of residual blocks with F 2^s filters in stage s (from 0), each stage ended by
 * max pooling; a block adds to what it got - through a convolution of one position where the number of
 * filters changes - two convolutions with an activation between them. Behind the trunk all positions, or
 * their mean.
 *
 * Dense layers of U1 (l + 1)^2 units, dropout; the features appended; blocks of dense layers of U2 (b + l +
 * 1)^2 units, dropout after each block.
 *
 * Every convolution and dense layer but the second convolution of a block and the outputs is followed by
 * layer normalisation, if wanted, and ReLU or GELU. The published network is the one with ReLU, without
 * normalisation and with all positions.
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
    TML_CONVOLUTION_AUTO, /* a fixed rule of the shapes: Winograd for wide layers */
    TML_CONVOLUTION_DIRECT,
    TML_CONVOLUTION_WINOGRAD /* where there is one for the window */
} tml_convolution;

typedef enum tml_network_kind { TML_NETWORK_PUBLISHED, TML_NETWORK_RESIDUAL } tml_network_kind;
typedef enum tml_activation { TML_ACTIVATION_RELU, TML_ACTIVATION_GELU } tml_activation;
typedef enum tml_normalisation { TML_NORMALISATION_NONE, TML_NORMALISATION_LAYER } tml_normalisation;

/** What the dense layers get of the trunk. */
typedef enum tml_head {
    TML_HEAD_FLATTEN, /* every position */
    TML_HEAD_AVERAGE  /* the mean over the positions */
} tml_head;

/** Their names, in this order, as a configuration has them. */
#define TML_NETWORK_CHOICES "published|residual"
#define TML_ACTIVATION_CHOICES "relu|gelu"
#define TML_NORMALISATION_CHOICES "none|layer"
#define TML_HEAD_CHOICES "flatten|average"

/** What the configuration says about a network. All zero but the sizes is the published family. */
typedef struct tml_architecture {
    tml_network_kind kind;
    tml_activation activation;
    tml_normalisation normalisation;
    tml_head head;
    size_t wavelengths;
    size_t features; /* appended between the dense stacks; may be 0 */
    size_t targets;
    size_t outputs_per_target; /* 1 (0 is taken as 1), or 2: all means, then all logarithms of variances */
    size_t conv_blocks, conv_layers, conv_filters; /* of the published trunk */
    size_t stages, stage_blocks, stage_filters;    /* of the residual trunk */
    size_t conv_kernel, pool;                      /* of both */
    size_t fc1_layers, fc1_units;
    size_t fc2_blocks, fc2_layers, fc2_units;
    double fc1_dropout, fc2_dropout;
    tml_convolution convolution;
    bool is_steady; /* a sample's numbers are the same in a lane of any size: for predictions */
} tml_architecture;

typedef enum tml_layer_kind {
    TML_LAYER_CONVOLUTION, /* 'same' padding, then ReLU if has_relu */
    TML_LAYER_PROJECTION,  /* a convolution of one position, linear */
    TML_LAYER_NORM,        /* layer normalisation over the channels, then ReLU if has_relu */
    TML_LAYER_GELU,
    TML_LAYER_ADD,          /* the sum of the outputs `from` and `with`, then ReLU if has_relu */
    TML_LAYER_POOL,         /* maximum over windows that do not overlap; what is left over is dropped */
    TML_LAYER_AVERAGE_POOL, /* the mean over all positions */
    TML_LAYER_DENSE,        /* then ReLU if has_relu */
    TML_LAYER_DROPOUT,      /* in place on its input */
    TML_LAYER_CONCATENATE   /* the features behind its input */
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
    size_t size[3]; /* convolution: kernel, channels in, filters; dense: units in, units out; others: units */
} tml_tensor;

/** A layer. Outputs are numbered: 0 is the spectrum, i + 1 the output of layer i. */
typedef struct tml_layer {
    tml_layer_kind kind;
    size_t from;               /* number of the output that it takes */
    size_t with;               /* of a sum: number of the other one */
    char name[TML_LAYER_NAME]; /* as Keras users know them: Conv__B1_L1, FC1__B1_L1, ... */
    bool has_relu;
    bool is_steady; /* as the architecture */
    bool is_head;   /* the outputs: linear, glorot_uniform for each target on its own */
    size_t window;  /* kernel of a convolution, size of a pool */
    size_t tile;    /* outputs of a tile of a convolution in Winograd's form; 0: the direct form */
    double rate;    /* of a dropout */
    tml_activation_shape in;
    tml_activation_shape out;
    tml_tensor kernel; /* of a normalisation: the factors */
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

/** Outputs of the network for one sample: targets x outputs_per_target, the targets' own first. */
size_t tml_network_outputs(const tml_network *network);

/** Multiply-adds of one forward pass of one sample, as a direct convolution does them. */
double tml_network_multiply_adds(const tml_network *network);

#endif
