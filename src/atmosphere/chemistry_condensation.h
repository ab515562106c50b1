#ifndef TML_ATMOSPHERE_CHEMISTRY_CONDENSATION_H
#define TML_ATMOSPHERE_CHEMISTRY_CONDENSATION_H

/** @file atmosphere/chemistry_condensation.h
 * How a condensate limits its gas; in the innermost loop of the chemistry. Not collective. */

#include <math.h>

/** Partial pressure of a gas that condenses: the smaller of what there is and of the vapour pressure, with a
 * smooth corner in place of the sharp one, (gas^-8 + vapour^-8)^(-1/8). Where both are equal it is 0.04 dex
 * below; a factor of 2 away, 0.0002 dex.
 * @param gas     what there is if nothing condenses, positive
 * @param vapour  over the condensate, positive */
static inline double tml_condensed(double gas, double vapour)
{
    const double ratio = gas < vapour ? gas / vapour : vapour / gas;

    if (ratio < 0.009) /* its eighth power is nothing beside 1 in a double */
        return fmin(gas, vapour);
    const double square = ratio * ratio;
    const double fourth = square * square;

    return fmin(gas, vapour) / sqrt(sqrt(sqrt(1.0 + fourth * fourth)));
}

#endif
