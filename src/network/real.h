#ifndef TML_NETWORK_REAL_H
#define TML_NETWORK_REAL_H

/** @file network/real.h
 * The number type of the network: float in the product, double in the library that checks its gradients. */

#ifdef TML_REAL_IS_DOUBLE
typedef double tml_real;
#else
typedef float tml_real;
#endif

#endif
