#ifndef TML_ATMOSPHERE_CHEMISTRY_CONSTANTS_H
#define TML_ATMOSPHERE_CHEMISTRY_CONSTANTS_H

/** @file atmosphere/chemistry_constants.h
 * Equilibrium constants of the reactions behind chemistry.h at a temperature.
 *
 *     ln K = a / t + b + c ln t + d t + e t^2,  t = T / 1000 K, pressures in bar
 *
 * (van 't Hoff's equation with a heat of reaction that is linear in T, and one more term). The numbers are
 * fitted by jobs/chemistry/fit_chemistry.py to the partial pressures in the tables of the Sonora models;
 * docs/forward_model.md compares them with those of FastChem. Those of PH2 to P4O6 reproduce PH3 and are not
 * meant for the other gases of phosphorus. Not collective. */

typedef enum tml_reaction {
    TML_REACTION_H,         /* p(H)^2 / p(H2) */
    TML_REACTION_CO,        /* CH4 + H2O = CO + 3 H2 */
    TML_REACTION_CO2,       /* CO + H2O = CO2 + H2 */
    TML_REACTION_C2H2,      /* 2 CH4 = C2H2 + 3 H2 */
    TML_REACTION_HCN,       /* CH4 + NH3 = HCN + 3 H2 */
    TML_REACTION_NH3,       /* N2 + 3 H2 = 2 NH3 */
    TML_REACTION_OH,        /* H2O = OH + H2 / 2 */
    TML_REACTION_O,         /* H2O = O + H2 */
    TML_REACTION_SH,        /* H2S = SH + H2 / 2 */
    TML_REACTION_S,         /* H2S = S + H2 */
    TML_REACTION_S2,        /* 2 H2S = S2 + 2 H2 */
    TML_REACTION_OCS,       /* CO + H2S = OCS + H2 */
    TML_REACTION_SIS,       /* SiO + H2S = SiS + H2O */
    TML_REACTION_SI,        /* SiO + H2 = Si + H2O */
    TML_REACTION_PH2,       /* PH3 = PH2 + H2 / 2 */
    TML_REACTION_PH,        /* PH3 = PH + H2 */
    TML_REACTION_PO,        /* PH3 + H2O = PO + 5/2 H2 */
    TML_REACTION_P2,        /* 2 PH3 = P2 + 3 H2 */
    TML_REACTION_PS,        /* PH3 + H2S = PS + 5/2 H2 */
    TML_REACTION_PN,        /* PH3 + N2 / 2 = PN + 3/2 H2 */
    TML_REACTION_P4O6,      /* 4 PH3 + 6 H2O = P4O6 + 12 H2, times 4 */
    TML_REACTION_NACL,      /* Na + HCl = NaCl + H2 / 2 */
    TML_REACTION_NAOH,      /* Na + H2O = NaOH + H2 / 2 */
    TML_REACTION_NAH,       /* Na + H2 / 2 = NaH */
    TML_REACTION_KCL,       /* K + HCl = KCl + H2 / 2 */
    TML_REACTION_KOH,       /* K + H2O = KOH + H2 / 2 */
    TML_REACTION_KH,        /* K + H2 / 2 = KH */
    TML_REACTION_HYDRIDE,   /* e- + H2 / 2 = H- */
    TML_REACTION_TIO2,      /* TiO + H2O = TiO2 + H2 */
    TML_REACTION_TI,        /* TiO + H2 = Ti + H2O */
    TML_REACTION_VO2,       /* VO + H2O = VO2 + H2 */
    TML_REACTION_V,         /* VO + H2 = V + H2O */
    TML_REACTION_FEH,       /* Fe + H2 / 2 = FeH */
    TML_REACTION_CRH,       /* all gas of Cr + H2 / 2 = CrH */
    TML_REACTION_GRAPHITE,  /* C(s) + 2 H2 = CH4 */
    TML_REACTION_ICE,       /* H2O(s) = H2O */
    TML_REACTION_WATER,     /* H2O(l) = H2O */
    TML_REACTION_METHANE,   /* CH4(s) = CH4 */
    TML_REACTION_AMMONIA,   /* NH3(s) = NH3 */
    TML_REACTION_NH4SH,     /* NH4SH(s) = H2S + NH3, p(H2S) at the tables' fixed p(NH3) */
    TML_REACTION_SILICATES, /* silicates: p(SiO) p(H2O) / p(H2) */
    TML_REACTION_NA2S,      /* Na2S(s) + H2 = 2 Na + H2S, p(Na) (p(H2S) / p(H2))^1/2 */
    TML_REACTION_KCL_SOLID, /* KCl(s) = KCl */
    TML_REACTION_TI4O7,     /* Ti4O7(s) + 3 H2 = 4 TiO + 3 H2O, p(TiO) (p(H2O) / p(H2))^3/4 */
    TML_REACTION_TI2O3,     /* Ti2O3(s) + H2 = 2 TiO + H2O, p(TiO) (p(H2O) / p(H2))^1/2 */
    TML_REACTION_V2O3,      /* V2O3(s) + H2 = 2 VO + H2O, p(VO) (p(H2O) / p(H2))^1/2 */
    TML_REACTION_IRON,      /* Fe(s) = Fe */
    TML_REACTION_CHROMIUM,  /* Cr(s) + H2 / 2 = CrH */
    TML_REACTION_COUNT
} tml_reaction;

typedef struct tml_equilibrium {
    double k[TML_REACTION_COUNT];
    double saha_sodium, saha_potassium, saha_aluminium; /* p(ion) p(e-) / p(atom) [bar] */
} tml_equilibrium;

/** Constants at a temperature [K]. Saha's equation with the ionisation energies of NIST. */
void tml_equilibrium_at(double temperature_k, tml_equilibrium *equilibrium);

#endif
