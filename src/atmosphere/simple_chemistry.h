#ifndef TML_ATMOSPHERE_SIMPLE_CHEMISTRY_H
#define TML_ATMOSPHERE_SIMPLE_CHEMISTRY_H

/** @file atmosphere/simple_chemistry.h
 * Abundances of the absorbers of the simple emission model: gas in equilibrium, in closed form.
 *
 * Burrows and Sharp (1999, ApJ 512, 843, appendix A): with A_i = N_i / N_H of the elements and P = P(H2) in
 * atm,
 *
 *     CO + 3 H2 = CH4 + H2O   X1 = P^2 / (2 K1),  s = A_C + A_O + X1
 *         CO / H2  = s - sqrt(s^2 - 4 A_C A_O),   CH4 / H2 = 2 A_C - CO / H2,   H2O / H2 = 2 A_O - CO / H2
 *     N2 + 3 H2 = 2 NH3       X2 = P^2 / (8 K2),  u = A_N + X2
 *         N2 / H2  = u - sqrt(u^2 - A_N^2),       NH3 / H2 = 2 (A_N - N2 / H2)
 *     K_i = exp((a_i / T + b_i + c_i T + d_i T^2 + e_i T^3) / (1.9872036 T))
 *
 * Elements: solar by Lodders (2010) as the Sonora chemistry uses it, C/O = 0.458; all scaled by 10^[M/H]; C/O
 * moves C and O against each other at constant C + O; a fifth of the oxygen is bound in silicates. Sodium and
 * potassium leave the gas below about 1000 K (a tanh in T, width 80 K).
 *
 * Limits. No condensation of water, methane or ammonia, no clouds, no mixing; no CO2, HCN, C2H2: 0.1 % of C +
 * O is added to X1 in their stead, which also rounds off the corner at C = O, where everything is CO. Against
 * the tables of the Sonora chemistry (600 to 2000 K, 0.01 to 100 bar) at solar C/O: CH4 and CO to 5 % of the
 * carbon, NH3 to 5 % of the nitrogen, H2O to 17 % of the oxygen; at other C/O the tables differ by 10 to 30 %
 * (rms). Not collective.
 */

/** C/O of the Sun, by number. */
#define TML_SIMPLE_SOLAR_C_O 0.458

/** Fraction of H2 among the molecules, by number. */
#define TML_SIMPLE_H2_FRACTION 0.836

/** The elements of an atmosphere, as N / N_H in the gas. */
typedef struct tml_simple_elements {
    double carbon;
    double oxygen;
    double nitrogen;
    double alkali; /* potassium; sodium is 16 times as much */
    double metals; /* all heavy elements in units of the solar abundance */
} tml_simple_elements;

/** Fractions of all molecules, by number. */
typedef struct tml_simple_abundances {
    double h2o;
    double ch4;
    double co;
    double nh3;
    double potassium;
} tml_simple_abundances;

/** Elements of an atmosphere. @param c_o in units of the solar C/O @param met [M/H], dex */
tml_simple_elements tml_simple_elements_of(double c_o, double met);

/** Abundances at a temperature [K] and a total pressure [bar]. */
tml_simple_abundances tml_simple_abundances_at(const tml_simple_elements *elements, double temperature_k,
                                               double pressure_bar);

#endif
