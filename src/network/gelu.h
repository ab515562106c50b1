#ifndef TML_NETWORK_GELU_H
#define TML_NETWORK_GELU_H

/** @file network/gelu.h
 * The Gaussian error linear unit x Phi(x), Phi the normal distribution function (Hendrycks and Gimpel 2016),
 * not its approximation by tanh. Not collective.
 *
 * In float, Phi is Hastings' approximation (Abramowitz and Stegun 1964, 7.1.26), within 1.5e-7: a form of
 * additions, multiplications and one division in a fixed order, that compilers turn into vector instructions
 * and that gives the same bits on every processor. In double (the gradient checks) it is that of the
 * mathematical library.
 */

#include <stddef.h>

#include "network/real.h"

/** out[i] = gelu(in[i]). 0 gives 0: padding stays padding. */
void tml_gelu_forward(size_t count, const tml_real *in, tml_real *out);

/** d_in[i] = gelu'(in[i]) d_out[i]. */
void tml_gelu_backward(size_t count, const tml_real *in, const tml_real *d_out, tml_real *d_in);

#endif
