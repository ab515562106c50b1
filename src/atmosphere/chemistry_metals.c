#include "atmosphere/chemistry_metals.h"

#include <math.h>

#include "atmosphere/chemistry_condensation.h"

enum { STEPS = 60 };

/* a x + b x^2 + c x^4 = total: a sum of powers is convex in the logarithm, so that Newton's steps from above
 * come down to the root and never pass it. */
static double solve_phosphorus(double a, double b, double c, double total)
{
    double x = fmin(total / a, fmin(sqrt(total / b), sqrt(sqrt(total / c))));

    for (int i = 0; i < STEPS; ++i) {
        const double square = x * x;
        const double first = a * x;
        const double second = b * square;
        const double fourth = c * square * square;
        const double sum = first + second + fourth;
        const double step = log(sum / total) * sum / (first + 2.0 * second + 4.0 * fourth);

        x *= exp(-step);
        if (fabs(step) < 1e-13)
            break;
    }
    return x;
}

static double phosphine(double total, const double *k, const tml_gas *gas)
{
    const double h = gas->h2;
    const double root = sqrt(h);
    const double h25 = h * h * root;
    const double ratio = gas->h2o / (h * h);
    const double linear = 1.0 + k[TML_REACTION_PH2] / root + k[TML_REACTION_PH] / h +
                          k[TML_REACTION_PO] * gas->h2o / h25 + k[TML_REACTION_PS] * gas->h2s / h25 +
                          k[TML_REACTION_PN] * sqrt(gas->n2) / (h * root);
    const double square = 2.0 * k[TML_REACTION_P2] / (h * h * h);
    const double cube = ratio * ratio * ratio;

    return solve_phosphorus(linear, square, k[TML_REACTION_P4O6] * cube * cube, total);
}

void tml_metals_solve(const tml_elements *elements, const tml_equilibrium *equilibrium, const tml_gas *gas,
                      tml_metals *metals)
{
    const double *k = equilibrium->k;
    const double nuclei = gas->nuclei;
    const double root = sqrt(gas->h2);
    const double oxidant = gas->h2o / gas->h2; /* p(O2)^1/2 but for a factor of T alone */
    const double oxidant_root = sqrt(oxidant);
    const double titanium = 1.0 + k[TML_REACTION_TIO2] * oxidant + k[TML_REACTION_TI] / oxidant;
    const double vanadium = 1.0 + k[TML_REACTION_VO2] * oxidant + k[TML_REACTION_V] / oxidant;
    const double iron = tml_condensed(elements->iron * nuclei, k[TML_REACTION_IRON]);

    metals->ph3 = phosphine(elements->phosphorus * nuclei, k, gas);
    metals->tio = tml_condensed(
        tml_condensed(elements->titanium * nuclei / titanium, k[TML_REACTION_TI2O3] / oxidant_root),
        k[TML_REACTION_TI4O7] / (oxidant_root * sqrt(oxidant_root)));
    metals->vo = tml_condensed(elements->vanadium * nuclei / vanadium, k[TML_REACTION_V2O3] / oxidant_root);
    metals->feh = k[TML_REACTION_FEH] * root * iron;
    metals->crh = root *
                  tml_condensed(k[TML_REACTION_CRH] * elements->chromium * nuclei, k[TML_REACTION_CHROMIUM]);
}
