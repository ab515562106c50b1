#include "atmosphere/chemistry_constants.h"

#include <math.h>

/* Made by jobs/chemistry/fit_chemistry.py. */
static const double terms[TML_REACTION_COUNT][5] = {
    [TML_REACTION_H] = {-51.9181, 12.3225, 1.74936, -0.208574},
    [TML_REACTION_CO] = {-23.1995, 29.7036, 6.86514, -3.44882, 0.208658},
    [TML_REACTION_CO2] = {5.46856, -4.96086, 1.42867, -0.14349},
    [TML_REACTION_C2H2] = {-46.1872, 31.6915, 3.56676, -1.38166},
    [TML_REACTION_HCN] = {-33.6447, 31.5008},
    [TML_REACTION_NH3] = {9.28486, -27.4173, -7.01616, 3.50504, -0.249677},
    [TML_REACTION_OCS] = {1.66865, -4.53315, 1.40751, -0.216983},
    [TML_REACTION_HYDRIDE] = {-17.2032, 2.4189, -1.6185, -0.106856},
    [TML_REACTION_FEH] = {-3.26362, -5.12352, 0.945345, -0.102048},
    [TML_REACTION_GRAPHITE] = {10.2628, -12.6268, -0.371369},
    [TML_REACTION_ICE] = {-6.17365, 17.5226},
    [TML_REACTION_WATER] = {-6.13537, 13.4438, -3.03929},
    [TML_REACTION_METHANE] = {-1.07228, 9.5575},
    [TML_REACTION_AMMONIA] = {-3.65652, 15.8879},
    [TML_REACTION_NH4SH] = {-5.552, 17.4995},
    [TML_REACTION_SILICATES] = {-107.267, 61.7556, -27.3281},
    [TML_REACTION_NA2S] = {-34.4271, 16.8315, -2.27989},
    [TML_REACTION_TI4O7] = {-87.8166, 27.1349, -3.49212},
    [TML_REACTION_TI2O3] = {-77.5917, 20.727},
    [TML_REACTION_V2O3] = {-83.3652, 30.5681, -6.765},
    [TML_REACTION_IRON] = {-52.065, 20.2411, -3.06077},
    [TML_REACTION_CRH] = {-6.71845, -2.37386, -0.982133},
    [TML_REACTION_CHROMIUM] = {-67.4928, 27.1578, -9.57981},
    [TML_REACTION_OH] = {-33.8695, 8.45606},
    [TML_REACTION_O] = {-61.2184, 15.1215},
    [TML_REACTION_SH] = {-20.3361, 7.80133},
    [TML_REACTION_S] = {-36.7123, 13.1643},
    [TML_REACTION_SIS] = {2.24776, -0.965907},
    [TML_REACTION_S2] = {-26.2296, 14.6984},
    [TML_REACTION_SI] = {-36.8109, 1.26244},
    [TML_REACTION_TIO2] = {12.49, -2.08211},
    [TML_REACTION_TI] = {-23.0539, 0.50585},
    [TML_REACTION_VO2] = {15.7245, -1.7329},
    [TML_REACTION_V] = {-15.6849, 1.13327},
    [TML_REACTION_P4O6] = {96.5523, 0.488749, 12.5376},
    [TML_REACTION_PH2] = {-8.53428, 5.88175},
    [TML_REACTION_PH] = {-26.1511, 16.1014},
    [TML_REACTION_PO] = {-27.5291, 21.5787},
    [TML_REACTION_P2] = {-15.5814, 24.3063},
    [TML_REACTION_PS] = {-17.643, 17.7657},
    [TML_REACTION_PN] = {-10.9507, 11.4895},
    [TML_REACTION_NAH] = {-2.61014, -4.28843},
    [TML_REACTION_NAOH] = {7.56669, -4.72258},
    [TML_REACTION_KH] = {0.0527259, -4.77488},
    [TML_REACTION_KOH] = {9.7898, -4.17447},
    [TML_REACTION_NACL] = {23.548, -4.28675},
    [TML_REACTION_KCL] = {26.5218, -5.50806},
    [TML_REACTION_KCL_SOLID] = {-24.5333, 15.4419},
};

/* Below this an exponential is zero for every purpose but a logarithm's. */
static const double least_exponent = -600.0;
static const double greatest_exponent = 600.0;

/* Saha's equation in bar: 2 g+ / g0 = 1 for alkalis (Mihalas 1978, eq. 5-14). */
static double saha(double temperature_k, double log_temperature, double energy_ev, double log_weights)
{
    const double exponent = log_weights - 14.913974 + 2.5 * log_temperature -
                            11604.518 * energy_ev / temperature_k;

    return exp(fmax(exponent, least_exponent));
}

void tml_equilibrium_at(double temperature_k, tml_equilibrium *equilibrium)
{
    const double t = 1e-3 * temperature_k;
    const double inverse = 1.0 / t;
    const double logarithm = log(t);

    for (int i = 0; i < TML_REACTION_COUNT; ++i) {
        const double *a = terms[i];
        const double exponent = a[0] * inverse + a[1] + a[2] * logarithm + t * (a[3] + t * a[4]);

        equilibrium->k[i] = exp(fmin(fmax(exponent, least_exponent), greatest_exponent));
    }
    const double log_temperature = logarithm + log(1000.0);
    equilibrium->saha_sodium = saha(temperature_k, log_temperature, 5.1391, 0.0);
    equilibrium->saha_potassium = saha(temperature_k, log_temperature, 4.3407, 0.0);
    equilibrium->saha_aluminium = saha(temperature_k, log_temperature, 5.9858, -1.0788);
}
