#ifndef TML_ATMOSPHERE_SPECIES_H
#define TML_ATMOSPHERE_SPECIES_H

/** @file atmosphere/species.h
 * The gases of the cloudless model, in one order for chemistry, opacity and files. */

#include <stdbool.h>

typedef enum tml_species {
    TML_SPECIES_H2,
    TML_SPECIES_HE,
    TML_SPECIES_H,
    TML_SPECIES_H2O,
    TML_SPECIES_CH4,
    TML_SPECIES_CO,
    TML_SPECIES_CO2,
    TML_SPECIES_NH3,
    TML_SPECIES_N2,
    TML_SPECIES_H2S,
    TML_SPECIES_PH3,
    TML_SPECIES_NA,
    TML_SPECIES_K,
    TML_SPECIES_TIO,
    TML_SPECIES_VO,
    TML_SPECIES_FEH,
    TML_SPECIES_CRH,
    TML_SPECIES_COUNT
} tml_species;

/** Name as in files and messages: "H2O". Static storage. Not collective. */
const char *tml_species_name(tml_species species);

/** Mass of a particle in atomic mass units. Not collective. */
double tml_species_mass(tml_species species);

/** The species of that name (case counts). @return false if there is none. Not collective. */
bool tml_species_find(const char *name, tml_species *species);

#endif
