#ifndef TML_ATMOSPHERE_CHEMISTRY_GAS_H
#define TML_ATMOSPHERE_CHEMISTRY_GAS_H

/** @file atmosphere/chemistry_gas.h
 * The main gases at a level: H2, H, He and what C, O, N, S and Si form with them, and the clouds that take
 * oxygen, carbon, nitrogen and sulphur out of the gas. Not collective. */

#include "atmosphere/chemistry.h"
#include "atmosphere/chemistry_constants.h"

/** Partial pressures [bar]. */
typedef struct tml_gas {
    double nuclei; /* of hydrogen: what p(H) would be if all compounds were taken apart */
    double h2, h, h2o, ch4, co, co2, nh3, n2, h2s;
    double heavy; /* all gases but H2, H and He */
} tml_gas;

/** Solve the balance of the elements.
 * @param gas  out; the gases before ices and NH4SH form, which tml_gas_freeze does */
void tml_gas_solve(const tml_elements *elements, const tml_equilibrium *equilibrium, double pressure_bar,
                   tml_gas *gas);

/** Condense water, methane, ammonia and ammonium hydrogen sulphide; the pressure of the other gases stays. */
void tml_gas_freeze(const tml_equilibrium *equilibrium, tml_gas *gas);

#endif
