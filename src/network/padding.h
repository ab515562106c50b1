#ifndef TML_NETWORK_PADDING_H
#define TML_NETWORK_PADDING_H

/** @file network/padding.h
 * The rows of zeros around each sample of a lane. Not collective. */

#include <stddef.h>

#include "network/architecture.h"
#include "network/real.h"

/** Zero the padding rows. @param values [lane][pitch][channels] */
void tml_padding_clear(tml_activation_shape shape, size_t lane, tml_real *values);

#endif
