#include "atmosphere/species.h"

#include <string.h>

/* Atomic masses of the most common composition (IUPAC 2013), to three decimals. */
static const struct {
    const char *name;
    double mass;
} table[TML_SPECIES_COUNT] = {
    [TML_SPECIES_H2] = {"H2", 2.016},    [TML_SPECIES_HE] = {"He", 4.003},
    [TML_SPECIES_H] = {"H", 1.008},      [TML_SPECIES_H2O] = {"H2O", 18.015},
    [TML_SPECIES_CH4] = {"CH4", 16.043}, [TML_SPECIES_CO] = {"CO", 28.010},
    [TML_SPECIES_CO2] = {"CO2", 44.009}, [TML_SPECIES_NH3] = {"NH3", 17.031},
    [TML_SPECIES_N2] = {"N2", 28.014},   [TML_SPECIES_H2S] = {"H2S", 34.076},
    [TML_SPECIES_PH3] = {"PH3", 33.998}, [TML_SPECIES_NA] = {"Na", 22.990},
    [TML_SPECIES_K] = {"K", 39.098},     [TML_SPECIES_TIO] = {"TiO", 63.866},
    [TML_SPECIES_VO] = {"VO", 66.941},   [TML_SPECIES_FEH] = {"FeH", 56.853},
    [TML_SPECIES_CRH] = {"CrH", 53.004},
};

const char *tml_species_name(tml_species species)
{
    return table[species].name;
}

double tml_species_mass(tml_species species)
{
    return table[species].mass;
}

bool tml_species_find(const char *name, tml_species *species)
{
    for (int i = 0; i < TML_SPECIES_COUNT; ++i)
        if (strcmp(table[i].name, name) == 0) {
            *species = (tml_species)i;
            return true;
        }
    return false;
}
