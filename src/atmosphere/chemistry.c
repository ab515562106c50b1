#include "atmosphere/chemistry.h"

#include "atmosphere/chemistry_alkalis.h"
#include "atmosphere/chemistry_metals.h"

void tml_chemistry_at(const tml_elements *elements, double temperature_k, double pressure_bar,
                      double fraction[TML_SPECIES_COUNT])
{
    tml_equilibrium equilibrium;
    tml_gas gas;
    tml_alkalis alkalis;
    tml_metals metals;

    tml_equilibrium_at(temperature_k, &equilibrium);
    tml_gas_solve(elements, &equilibrium, pressure_bar, &gas);
    tml_alkalis_solve(elements, &equilibrium, &gas, &alkalis);
    tml_metals_solve(elements, &equilibrium, &gas, &metals);
    tml_gas_freeze(&equilibrium, &gas);

    const double helium = elements->helium * gas.nuclei;
    const double traces = alkalis.sodium + alkalis.potassium + metals.ph3 + metals.tio + metals.vo +
                          metals.feh + metals.crh;
    const double scale = 1.0 / (gas.h2 + gas.h + helium + gas.heavy + traces);

    fraction[TML_SPECIES_H2] = gas.h2 * scale;
    fraction[TML_SPECIES_HE] = helium * scale;
    fraction[TML_SPECIES_H] = gas.h * scale;
    fraction[TML_SPECIES_H2O] = gas.h2o * scale;
    fraction[TML_SPECIES_CH4] = gas.ch4 * scale;
    fraction[TML_SPECIES_CO] = gas.co * scale;
    fraction[TML_SPECIES_CO2] = gas.co2 * scale;
    fraction[TML_SPECIES_NH3] = gas.nh3 * scale;
    fraction[TML_SPECIES_N2] = gas.n2 * scale;
    fraction[TML_SPECIES_H2S] = gas.h2s * scale;
    fraction[TML_SPECIES_PH3] = metals.ph3 * scale;
    fraction[TML_SPECIES_NA] = alkalis.sodium * scale;
    fraction[TML_SPECIES_K] = alkalis.potassium * scale;
    fraction[TML_SPECIES_TIO] = metals.tio * scale;
    fraction[TML_SPECIES_VO] = metals.vo * scale;
    fraction[TML_SPECIES_FEH] = metals.feh * scale;
    fraction[TML_SPECIES_CRH] = metals.crh * scale;
}
