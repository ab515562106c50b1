#ifndef TML_ATMOSPHERE_CHEMISTRY_ALKALIS_H
#define TML_ATMOSPHERE_CHEMISTRY_ALKALIS_H

/** @file atmosphere/chemistry_alkalis.h
 * Sodium and potassium: hydrides, hydroxides, chlorides, ions, and the clouds of Na2S and KCl.
 * Not collective. */

#include "atmosphere/chemistry_gas.h"

typedef struct tml_alkalis {
    double sodium, potassium; /* neutral atoms [bar] */
    double electrons;         /* [bar] */
} tml_alkalis;

/** Atoms and electrons at a level whose main gases are known. */
void tml_alkalis_solve(const tml_elements *elements, const tml_equilibrium *equilibrium, const tml_gas *gas,
                       tml_alkalis *alkalis);

#endif
