#ifndef TML_NETWORK_RECTIFIER_H
#define TML_NETWORK_RECTIFIER_H

/** @file network/rectifier.h
 * Bias and ReLU in one pass over a matrix, forward and backward. Not collective. */

#include <stdbool.h>
#include <stddef.h>

#include "network/real.h"

/** values[i][j] = max(0, values[i][j] + bias[j]), in place. @param values [rows][units] */
void tml_rectify_biased(size_t rows, size_t units, const tml_real *bias, tml_real *values);

/** values[i][j] += bias[j], in place. @param values [rows][units] */
void tml_add_bias(size_t rows, size_t units, const tml_real *bias, tml_real *values);

/** The one of the two that a layer asks for. */
void tml_finish_rows(bool has_relu, size_t rows, size_t units, const tml_real *bias, tml_real *values);

/** Gradient before ReLU and of the bias.
 * @param out     [rows][units] output of the forward pass
 * @param d_out   [rows][units] in: gradient of out; out: the same where out > 0, else 0
 * @param d_bias  [units] sum over the rows, overwritten
 */
void tml_rectify_backward(size_t rows, size_t units, const tml_real *out, tml_real *d_out, tml_real *d_bias);

/** d_bias[j] = sum over i of d_out[i][j]. */
void tml_sum_rows(size_t rows, size_t units, const tml_real *d_out, tml_real *d_bias);

#endif
