#ifndef TML_NETWORK_WIDE_H
#define TML_NETWORK_WIDE_H

/** @file network/wide.h
 * Vectors of numbers for the loops of a network; TML_WIDE comes from core/wide.h. */

#include "core/wide.h"
#include "network/real.h"

enum { TML_VECTOR_NUMBERS = 8 };

/** Eight numbers that are computed together; at any address of a number. Where the registers are narrower the
 * compiler takes several. */
typedef tml_real tml_vector
    __attribute__((vector_size(TML_VECTOR_NUMBERS * sizeof(tml_real)), aligned(sizeof(tml_real)), may_alias));

#endif
