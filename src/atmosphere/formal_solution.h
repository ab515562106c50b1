#ifndef TML_ATMOSPHERE_FORMAL_SOLUTION_H
#define TML_ATMOSPHERE_FORMAL_SOLUTION_H

/** @file atmosphere/formal_solution.h
 * Flux that leaves a plane-parallel atmosphere without scattering.
 *
 * With the optical depth t and the source function S(t),
 *
 *     F = 2 pi integral_0^1 mu I(mu) dmu,   I(mu) = integral_0^inf S(t) exp(-t / mu) dt / mu
 *                                                 = S(0) + integral_0^inf S'(t) exp(-t / mu) dt
 *
 * (Mihalas 1978, Stellar Atmospheres, 2nd ed., section 2-2; the second form by parts). S is given at levels
 * and constant above the first; the angles are the points of Gauss-Legendre on [0, 1].
 *
 * Exact for a constant source (F = pi S) and, with two angles or more, for one that is linear in t (Eddington
 * and Barbier: F = pi (S(0) + 2/3 S')). Largest relative errors of the quadrature over angles alone, against
 * exact fluxes in exponential integrals E_n, x = h nu / k Teff:
 *
 *     angles   grey atmosphere, x = 6   grey atmosphere, x = 20   isothermal slab of any depth t
 *       2            0.1 %                    4 %                      4 %     (at t = 0.1)
 *       3            0.005 %                  0.03 %                   1.8 %   (at t = 0.05)
 *       4            0.0005 %                 0.001 %                  1.1 %
 *       8            below 1e-8               below 1e-8               0.3 %
 *
 * The grey atmosphere is Eddington's, T^4 = 3/4 Teff^4 (t + 2/3), with S = B(T); the slab has
 * F = pi S (1 - 2 E_3(t)), which is 2 pi S t where it is thin, and every rule has that limit. With three
 * angles and levels 0.7 apart in ln t the grey flux is good to 0.02 % up to x = 6, to 0.05 % at 12 and to 1 %
 * at 20 (tests/unit/test_emission_analytic.c).
 *
 * Not collective.
 */

#include <stddef.h>

#include "core/status.h"

/** Flux of an atmosphere given at its levels, with two angles, at one wavelength. Between levels the source
 * is linear in the optical depth; below the last it goes on with its last slope.
 * @param depth   [levels] optical depth, ascending, the first at least 0
 * @param source  [levels] source function
 * @param levels  at least 2
 * @return in the unit of the source times sr
 */
double tml_emergent_flux(const double *depth, const double *source, size_t levels);

enum { TML_EMISSION_ANGLES = 8 };

/** Gauss-Legendre on [0, 1] for fluxes. */
typedef struct tml_emission_angles {
    size_t count;
    double inverse_cosine[TML_EMISSION_ANGLES];
    double weight[TML_EMISSION_ANGLES]; /* 2 w mu; their sum is 1 */
} tml_emission_angles;

/** The points of a rule. @param count 1 to TML_EMISSION_ANGLES @return TML_OK or TML_INTERNAL (no memory) */
TML_NODISCARD tml_status tml_emission_angles_make(size_t count, tml_emission_angles *angles,
                                                  tml_error *error);

/* Many wavelengths ("columns") at once, from the top of the atmosphere down:
 *
 *   begin (the gas above the first level) -> layer, layer, ... -> end (what lies below the last level)
 *
 * A column's state is its transmission towards each angle and its flux so far. Spans must not overlap. */

/** @param depth         [columns] optical depth of the first level, at least 0
 * @param source        [columns] source function at the first level, and above it
 * @param transmission  out: [angles][columns]
 * @param flux          out: [columns]
 */
void tml_emission_begin(const tml_emission_angles *angles, size_t columns, const double *depth,
                        const double *source, double *transmission, double *flux);

/** The layer between two levels: the source is a parabola in the optical depth, bent no further than it keeps
 * between its values at the levels (Auer 2003, ASP Conf. Ser. 288, 3), so that no flux is negative. A depth
 * of any size, also 0, is good to 1e-11.
 * @param depth  [columns] optical depth of the layer, at least 0
 * @param above, middle, below  [columns] source function at its upper level, at half its depth, at its lower
 * level
 * @return the largest transmission of any column towards any angle
 */
double tml_emission_layer(const tml_emission_angles *angles, size_t columns, const double *depth,
                          const double *above, const double *middle, const double *below,
                          double *transmission, double *flux);

/** What shines from below the last level.
 * @param source     [columns] source function at the last level
 * @param intensity  [columns] that enters the last level from below, the same in all directions: the source
 * itself for an atmosphere that goes on, 0 for a slab in empty space
 * @param flux       in and out: [columns]; afterwards the flux in the unit of the source times sr
 */
void tml_emission_end(const tml_emission_angles *angles, size_t columns, const double *source,
                      const double *intensity, const double *transmission, double *flux);

#endif
