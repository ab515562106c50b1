#ifndef TML_ATMOSPHERE_CHEMISTRY_METALS_H
#define TML_ATMOSPHERE_CHEMISTRY_METALS_H

/** @file atmosphere/chemistry_metals.h
 * Phosphine and the oxides and hydrides of Ti, V, Fe and Cr, too rare to change the main gases, with the
 * clouds of titanates, V2O3, iron and chromium. Not collective. */

#include "atmosphere/chemistry_gas.h"

typedef struct tml_metals {
    double ph3, tio, vo, feh, crh; /* [bar] */
} tml_metals;

/** Gases at a level whose main gases are known. */
void tml_metals_solve(const tml_elements *elements, const tml_equilibrium *equilibrium, const tml_gas *gas,
                      tml_metals *metals);

#endif
