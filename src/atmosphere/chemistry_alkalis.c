#include "atmosphere/chemistry_alkalis.h"

#include <math.h>

#include "atmosphere/chemistry_condensation.h"

enum { DONORS = 3, STEPS = 40 };

/* All gases of aluminium over its atoms, where it matters (3000 K; from the tables' electrons). */
static const double aluminium_gas = 2.2;

/* An element that gives electrons. */
typedef struct donor {
    double total;   /* nuclei [bar] */
    double saha;    /* p(ion) p(e-) / p(atom) [bar] */
    double neutral; /* 1 + molecules / atom */
} donor;

/* p(e-) (1 + p(H-) / p(e-)) = sum of ions, by Newton's steps of the logarithms: the slope is between 1 and 2
 * everywhere. */
static double solve_electrons(const donor donors[DONORS], double hydride)
{
    double electrons = 1e-30;

    for (int i = 0; i < DONORS; ++i)
        electrons += donors[i].total * donors[i].saha / (donors[i].neutral * electrons + donors[i].saha);
    for (int step = 0; step < STEPS; ++step) {
        double ions = 1e-200;
        double change = 0.0;

        for (int i = 0; i < DONORS; ++i) {
            const double sum = donors[i].neutral * electrons + donors[i].saha;
            const double ion = donors[i].total * (donors[i].saha / sum);

            ions += ion;
            change += ion * donors[i].neutral * electrons / sum;
        }
        const double excess = log(electrons * (1.0 + hydride) / ions);

        electrons *= exp(-excess / (1.0 + change / ions));
        if (fabs(excess) < 1e-13)
            break;
    }
    return electrons;
}

/* HCl beside NaCl and KCl: x (1 + sodium) + total_k x k / (neutral + x k) = chlorine. */
static double hydrogen_chloride(double chlorine, double sodium, double potassium, double kcl, double neutral)
{
    const double linear = 1.0 + sodium;
    const double a = linear * kcl;
    const double b = linear * neutral + (potassium - chlorine) * kcl;
    const double root = sqrt(b * b + 4.0 * a * chlorine * neutral);

    return b > 0.0 ? 2.0 * chlorine * neutral / (b + root) : (root - b) / (2.0 * a);
}

void tml_alkalis_solve(const tml_elements *elements, const tml_equilibrium *equilibrium, const tml_gas *gas,
                       tml_alkalis *alkalis)
{
    const double *k = equilibrium->k;
    const double root = sqrt(gas->h2);
    const double hydroxyl = gas->h2o / root;
    const double chlorine = elements->chlorine * gas->nuclei;
    donor donors[DONORS] = {
        {elements->sodium * gas->nuclei, equilibrium->saha_sodium,
         1.0 + k[TML_REACTION_NAH] * root + k[TML_REACTION_NAOH] * hydroxyl},
        {elements->potassium * gas->nuclei, equilibrium->saha_potassium,
         1.0 + k[TML_REACTION_KH] * root + k[TML_REACTION_KOH] * hydroxyl},
        {elements->aluminium * gas->nuclei, equilibrium->saha_aluminium, aluminium_gas},
    };

    alkalis->electrons = solve_electrons(donors, k[TML_REACTION_HYDRIDE] * root);

    const double vapour = k[TML_REACTION_NA2S] * sqrt(gas->h2 / gas->h2s);
    const double sodium_terms = donors[0].neutral + donors[0].saha / alkalis->electrons;
    const double potassium_terms = donors[1].neutral + donors[1].saha / alkalis->electrons;
    const double sodium = tml_condensed(donors[0].total / sodium_terms, vapour);
    const double nacl = k[TML_REACTION_NACL] * sodium / root;
    const double kcl = k[TML_REACTION_KCL] / root;
    const double hcl = hydrogen_chloride(chlorine, nacl, donors[1].total, kcl, potassium_terms);

    alkalis->sodium = tml_condensed(donors[0].total / (sodium_terms + k[TML_REACTION_NACL] * hcl / root),
                                    vapour);
    alkalis->potassium = tml_condensed(donors[1].total / (potassium_terms + kcl * hcl),
                                       k[TML_REACTION_KCL_SOLID] / (kcl * hcl));
}
