#ifndef TML_ATMOSPHERE_FORMAL_SOLUTION_H
#define TML_ATMOSPHERE_FORMAL_SOLUTION_H

/** @file atmosphere/formal_solution.h
 * Flux that leaves a plane-parallel atmosphere without scattering, at one wavelength.
 *
 * With the optical depth t and the source function S(t),
 *
 *     F = 2 pi integral_0^1 mu I(mu) dmu,   I(mu) = integral_0^inf S(t) exp(-t / mu) dt / mu
 *                                                 = S(0) + integral_0^inf S'(t) exp(-t / mu) dt
 *
 * (Mihalas 1978, Stellar Atmospheres, 2nd ed., section 2-2; the second form by parts). S is taken as linear
 * in t between levels, constant above the first and goes on with its last slope below the last; the angles
 * are the two points of Gauss-Legendre on [0, 1]. Exact for a constant source (F = pi S) and for one that is
 * linear in t (Eddington and Barbier: F = pi (S(0) + 2/3 S')).
 */

#include <stddef.h>

/** Flux of an atmosphere given at its levels. Not collective.
 * @param depth   [levels] optical depth, ascending, the first at least 0
 * @param source  [levels] source function
 * @param levels  at least 2
 * @return in the unit of the source times sr
 */
double tml_emergent_flux(const double *depth, const double *source, size_t levels);

#endif
