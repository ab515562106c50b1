#include "atmosphere/chemistry_gas.h"

#include <math.h>

#include "atmosphere/chemistry_condensation.h"

enum { PASSES = 40, STEPS = 60 };

/* Oxygen atoms that silicates bind per silicon atom, with what Al, Ca and Mg add (from the tables). */
static const double silicate_oxygen = 3.0512;

/* Converged: far below what a derivative by differences sees. */
static const double tolerance = 1e-11;
static const double converged = 1e-8;

/* Oxygen always grows with water; where CO and SiO bind nearly all of it, slowly. */
static const double least_slope = 1e-9;

/* The balance of oxygen and carbon at given p(H2): everything in units of bar. */
typedef struct balance {
    double carbon, oxygen, silicon; /* totals */
    double co, co2;                 /* p(CO) / p(CH4) / p(H2O), p(CO2) / p(CO) / p(H2O) */
    double radicals;                /* 1 + (p(OH) + p(O)) / p(H2O) */
    double hcn, c2h2;               /* p(HCN) / p(CH4), p(C2H2) / p(CH4)^2 */
    double graphite;                /* p(CH4) over graphite */
    double silicates;               /* p(SiO) p(H2O) over silicates */
    double silicon_gases;           /* (p(SiS) + p(Si)) p(H2O) / p(SiO) */
} balance;

/* The positive root of a x^2 + b x = c, without the difference of two near numbers. */
static double positive_root(double a, double b, double c)
{
    const double root = sqrt(b * b + 4.0 * a * c);

    return b > 0.0 ? 2.0 * c / (b + root) : (root - b) / (2.0 * a);
}

static double methane(const balance *b, double water)
{
    const double linear = 1.0 + b->hcn + b->co * water * (1.0 + b->co2 * water);

    return tml_condensed(positive_root(2.0 * b->c2h2, linear, b->carbon), b->graphite);
}

/* Silicon in the gas, as SiO, SiS and Si. */
static double silicon(const balance *b, double water)
{
    const double others = 1.0 + b->silicon_gases / water;

    return tml_condensed(b->silicon, b->silicates / water * others);
}

/* Oxygen that there must be for a pressure of water; grows with it. */
static double oxygen(const balance *b, double water)
{
    const double monoxide = b->co * water * methane(b, water);
    const double gas = silicon(b, water);
    const double sio = gas / (1.0 + b->silicon_gases / water);

    return water * b->radicals + monoxide * (1.0 + 2.0 * b->co2 * water) + sio +
           silicate_oxygen * (b->silicon - gas);
}

/* Where no CO2, graphite or silicate forms: water's share of w (radicals + co c) = oxygen, c (1 + co w) =
 * carbon. */
static double first_water(const balance *b)
{
    const double left = b->oxygen - b->silicon;

    return positive_root(b->co * b->radicals, b->radicals + b->co * (b->carbon - left), left);
}

/* Solve oxygen(water) = total by secants of the logarithms, kept within a bracket that shrinks; x is the
 * logarithm of water's share of the oxygen.
 * slope: in and out, d ln oxygen / d ln water about the root; what it begins with decides the speed alone */
static double solve_water(const balance *b, double start, double *slope)
{
    const double total = 1.0 / b->oxygen;
    double water = fmin(start, b->oxygen);
    double x = log(water * total);
    double low = -80.0;
    double high = 0.0;
    double excess = log(oxygen(b, water) * total);

    for (int i = 0; i < STEPS && fabs(excess) > tolerance * *slope; ++i) {
        double next = x - excess / *slope;

        if (excess > 0.0)
            high = x;
        else
            low = x;
        if (!(next > low && next < high))
            next = 0.5 * (low + high);
        water = b->oxygen * exp(next);
        const double next_excess = log(oxygen(b, water) * total);

        if (fabs(next - x) > 1e-7)
            *slope = fmax((next_excess - excess) / (next - x), least_slope);
        x = next;
        excess = next_excess;
    }
    return water;
}

static balance balance_of(const tml_elements *elements, const tml_equilibrium *equilibrium,
                          const tml_gas *gas)
{
    const double *k = equilibrium->k;
    const double h2 = gas->h2;
    const double cube = h2 * h2 * h2;

    return (balance){
        .carbon = elements->carbon * gas->nuclei,
        .oxygen = elements->oxygen * gas->nuclei,
        .silicon = elements->silicon * gas->nuclei,
        .co = k[TML_REACTION_CO] / cube,
        .co2 = k[TML_REACTION_CO2] / h2,
        .radicals = 1.0 + k[TML_REACTION_OH] / sqrt(h2) + k[TML_REACTION_O] / h2,
        .hcn = k[TML_REACTION_HCN] * gas->nh3 / cube,
        .c2h2 = k[TML_REACTION_C2H2] / cube,
        .graphite = k[TML_REACTION_GRAPHITE] * h2 * h2,
        .silicates = k[TML_REACTION_SILICATES] * h2,
        .silicon_gases = k[TML_REACTION_SIS] * gas->h2s + k[TML_REACTION_SI] * h2,
    };
}

static void solve_nitrogen(const tml_elements *elements, const double *k, tml_gas *gas)
{
    const double cube = gas->h2 * gas->h2 * gas->h2;
    const double linear = 1.0 + k[TML_REACTION_HCN] * gas->ch4 / cube;
    const double square = 1.0 / (k[TML_REACTION_NH3] * cube);

    gas->nh3 = positive_root(2.0 * square, linear, elements->nitrogen * gas->nuclei);
    gas->n2 = square * gas->nh3 * gas->nh3;
}

/* H2S against SiS, which can hold all sulphur where there is little water. Half of the sodium that has
 * condensed took sulphur along as Na2S. */
static void solve_sulphur(const tml_elements *elements, const double *k, double silicon_gas, tml_gas *gas)
{
    const double h2 = gas->h2;
    const double sodium = elements->sodium * gas->nuclei;
    const double vapour = k[TML_REACTION_NA2S] * sqrt(h2 / gas->h2s);
    const double total = elements->sulphur * gas->nuclei - 0.5 * (sodium - tml_condensed(sodium, vapour));
    const double linear = 1.0 + k[TML_REACTION_SH] / sqrt(h2) + k[TML_REACTION_S] / h2 +
                          k[TML_REACTION_OCS] * gas->co / h2 +
                          2.0 * k[TML_REACTION_S2] * gas->h2s / (h2 * h2);
    const double sis = k[TML_REACTION_SIS];
    const double oxygen_share = gas->h2o + k[TML_REACTION_SI] * h2;

    gas->h2s = positive_root(linear * sis, linear * oxygen_share + (silicon_gas - total) * sis,
                             total * oxygen_share);
}

/* p(H2) and the nuclei from the pressure, with the heavy gases and the bound hydrogen of the pass before,
 * both per nucleus: nuclei (1 - bound) = 2 p(H2) + p(H), pressure = p(H2) + p(H) + nuclei (helium + heavy).
 */
static void solve_hydrogen(double helium, double constant, double pressure_bar, double heavy, double bound,
                           tml_gas *gas)
{
    const double others = (helium + heavy) / (1.0 - bound);
    const double root = positive_root(1.0 + 2.0 * others, sqrt(constant) * (1.0 + others), pressure_bar);

    gas->h2 = root * root;
    gas->h = sqrt(constant) * root;
    gas->nuclei = (2.0 * gas->h2 + gas->h) / (1.0 - bound);
}

/* One pass: all gases at a p(H2), beginning with those of the pass before. */
static void solve_pass(const tml_elements *elements, const tml_equilibrium *equilibrium, double *slope,
                       tml_gas *gas)
{
    const balance b = balance_of(elements, equilibrium, gas);

    gas->h2o = solve_water(&b, gas->h2o > 0.0 ? gas->h2o : first_water(&b), slope);
    gas->ch4 = methane(&b, gas->h2o);
    gas->co = b.co * gas->h2o * gas->ch4;
    gas->co2 = b.co2 * gas->h2o * gas->co;
    const double silicon_gas = silicon(&b, gas->h2o);

    solve_nitrogen(elements, equilibrium->k, gas);
    solve_sulphur(elements, equilibrium->k, silicon_gas, gas);
    gas->heavy = gas->h2o * b.radicals + gas->ch4 + gas->co + gas->co2 + gas->nh3 + gas->n2 + gas->h2s +
                 silicon_gas;
}

void tml_gas_solve(const tml_elements *elements, const tml_equilibrium *equilibrium, double pressure_bar,
                   tml_gas *gas)
{
    double heavy = 0.0;
    double bound = 0.0;
    double change = 1.0;
    double slope = 1.0;

    *gas = (tml_gas){0};
    for (int pass = 0; pass < PASSES && change > converged; ++pass) {
        solve_hydrogen(elements->helium, equilibrium->k[TML_REACTION_H], pressure_bar, heavy, bound, gas);
        if (pass == 0)
            gas->h2s = elements->sulphur * gas->nuclei;
        const double sulphide = gas->h2s;

        solve_pass(elements, equilibrium, &slope, gas);
        change = fabs(gas->heavy / gas->nuclei - heavy) + fabs(gas->h2s / sulphide - 1.0);
        heavy = gas->heavy / gas->nuclei;
        bound = (2.0 * gas->h2o + 4.0 * gas->ch4 + 3.0 * gas->nh3 + 2.0 * gas->h2s) / gas->nuclei;
    }
}

void tml_gas_freeze(const tml_equilibrium *equilibrium, tml_gas *gas)
{
    const double *k = equilibrium->k;
    const double before = gas->h2o + gas->nh3 + gas->h2s + gas->ch4;

    gas->h2o = tml_condensed(tml_condensed(gas->h2o, k[TML_REACTION_WATER]), k[TML_REACTION_ICE]);
    gas->nh3 = tml_condensed(gas->nh3, k[TML_REACTION_AMMONIA]);
    gas->h2s = tml_condensed(gas->h2s, k[TML_REACTION_NH4SH]);
    gas->ch4 = tml_condensed(gas->ch4, k[TML_REACTION_METHANE]);
    gas->heavy -= before - (gas->h2o + gas->nh3 + gas->h2s + gas->ch4);
}
