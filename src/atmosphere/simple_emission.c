#include "atmosphere/simple_emission.h"

#include <math.h>
#include <stdlib.h>

#include "atmosphere/formal_solution.h"
#include "atmosphere/planck.h"
#include "atmosphere/simple_opacity.h"
#include "core/memory.h"

enum { TEFF, LOGG, C_O, MET, PARAMETERS };
enum { LEVELS = 32, MEAN_POINTS = 40, TOP_STEPS = 8 };

static const double depth_top = 1e-3;
static const double depth_scale = 0.01;
static const double depth_step = 1.0 / 3.0;

/* exp(-36) is below the rounding of a double: what lies deeper does not show. */
static const double opaque_depth = 36.0;

typedef struct simple_state {
    size_t wavelengths;
    double *shapes;        /* [TML_SIMPLE_ABSORBERS][wavelengths] */
    double *planck_factor; /* [wavelengths] */
    double *planck_kelvin; /* [wavelengths] h nu / k */
    double depth[LEVELS];  /* mean optical depth */
    double mean_kelvin[MEAN_POINTS];
    double mean_shapes[TML_SIMPLE_ABSORBERS * MEAN_POINTS];
} simple_state;

static void simple_destroy(void *state)
{
    simple_state *s = state;

    free(s->shapes);
    free(s->planck_factor);
    free(s->planck_kelvin);
    free(s);
}

/* Points at equal distances in the logarithm of the wavelength, 0.4 to 40 micron. */
static void prepare_mean(simple_state *s)
{
    for (size_t i = 0; i < MEAN_POINTS; ++i) {
        const double wavelength = 0.4 * pow(100.0, (double)i / (MEAN_POINTS - 1));

        s->mean_kelvin[i] = tml_planck_temperature(wavelength);
        for (size_t a = 0; a < TML_SIMPLE_ABSORBERS; ++a)
            s->mean_shapes[a * MEAN_POINTS + i] = tml_simple_shape((tml_simple_absorber)a, wavelength);
    }
}

static tml_status simple_create(const tml_forward_setup *setup, void **state, tml_error *error)
{
    const size_t count = setup->wavelengths;
    simple_state *s = NULL;
    tml_status status = tml_array_create(1, sizeof *s, "simple emission model", &s, error);

    *state = NULL;
    if (status != TML_OK)
        return status;
    s->wavelengths = count;
    status = tml_array_create(TML_SIMPLE_ABSORBERS * count, sizeof(double), "band shapes", &s->shapes, error);
    if (status == TML_OK)
        status = tml_array_create(count, sizeof(double), "Planck factors", &s->planck_factor, error);
    if (status == TML_OK)
        status = tml_array_create(count, sizeof(double), "Planck temperatures", &s->planck_kelvin, error);
    if (status != TML_OK) {
        simple_destroy(s);
        return status;
    }
    for (size_t w = 0; w < count; ++w) {
        s->planck_factor[w] = tml_planck_factor(setup->wavelength_um[w]);
        s->planck_kelvin[w] = tml_planck_temperature(setup->wavelength_um[w]);
        for (size_t a = 0; a < TML_SIMPLE_ABSORBERS; ++a)
            s->shapes[a * count + w] = tml_simple_shape((tml_simple_absorber)a, setup->wavelength_um[w]);
    }
    for (size_t l = 0; l < LEVELS; ++l)
        s->depth[l] = depth_top + depth_scale * expm1(depth_step * (double)l);
    prepare_mean(s);
    *state = s;
    return TML_OK;
}

/* What one spectrum needs between its two passes; lies in the workspace, the opacities behind it. */
typedef struct simple_levels {
    double temperature[LEVELS];
    double column[LEVELS]; /* g cm-2 between the level and the one above; of the first: all above */
} simple_levels;

static size_t simple_workspace_bytes(const void *state)
{
    const simple_state *s = state;

    return sizeof(simple_levels) + LEVELS * s->wavelengths * sizeof(double);
}

/* Rosseland mean [cm2 g-1]: weights dB_nu/dT dnu at equal distances in ln nu are, but for a constant,
 * x^5 e^x / (e^x - 1)^2 with x = h nu / k T. */
static double mean_opacity(const simple_state *s, const double absorbers[TML_SIMPLE_ABSORBERS], double t)
{
    double kappa[MEAN_POINTS];
    double sum = 0.0;
    double transparency = 0.0;

    tml_simple_opacities(absorbers, s->mean_shapes, MEAN_POINTS, kappa);
    for (size_t i = 0; i < MEAN_POINTS; ++i) {
        const double x = s->mean_kelvin[i] / t;
        const double e = exp(-x);
        const double weight = x * x * x * x * x * e / ((1.0 - e) * (1.0 - e));

        sum += weight;
        transparency += weight / kappa[i];
    }
    return sum / transparency;
}

/* Eddington's grey atmosphere, cooled above depth 1/8 as the lines of a real one cool it. */
static double grey_temperature(double teff, double depth)
{
    const double hopf = 2.0 / 3.0 * (1.0 - 0.75 * exp(-8.0 * depth));

    return teff * pow(0.75 * (depth + hopf), 0.25);
}

/* Gas above the first level [g cm-2], uniform as it is there. It depends on the mean opacity, and that on the
 * pressure that the gas exerts: a fixed number of steps, so that the result is smooth in all parameters. */
static double top_column(const simple_state *s, const tml_simple_elements *elements, double teff,
                         double gravity)
{
    const double t = grey_temperature(teff, s->depth[0]);
    double column = 1.0;

    for (int step = 0; step < TOP_STEPS; ++step) {
        double absorbers[TML_SIMPLE_ABSORBERS];

        tml_simple_weights(elements, t, 1e-6 * gravity * column, absorbers);
        column = sqrt(column * s->depth[0] / mean_opacity(s, absorbers, t));
    }
    return column;
}

/* From the top down: the mean opacity at a level says how much gas lies between it and the next. */
static void fill_levels(const simple_state *s, const double *parameters, simple_levels *levels, double *kappa)
{
    const double teff = parameters[TEFF];
    const double gravity = pow(10.0, parameters[LOGG]);
    const tml_simple_elements elements = tml_simple_elements_of(parameters[C_O], parameters[MET]);
    double mean_above = 0.0;
    double mass = 0.0; /* g cm-2 above the level */

    levels->column[0] = top_column(s, &elements, teff, gravity);
    for (size_t l = 0; l < LEVELS; ++l) {
        const double t = grey_temperature(teff, s->depth[l]);
        double absorbers[TML_SIMPLE_ABSORBERS];
        double mean;

        mass += levels->column[l];
        tml_simple_weights(&elements, t, 1e-6 * gravity * mass, absorbers);
        tml_simple_opacities(absorbers, s->shapes, s->wavelengths, kappa + l * s->wavelengths);
        levels->temperature[l] = t;
        if (l + 1 == LEVELS)
            break;
        mean = mean_opacity(s, absorbers, t);
        /* Half-way down to the next level the mean opacity has changed half as much again as above this one.
         */
        levels->column[l + 1] = (s->depth[l + 1] - s->depth[l]) /
                                (l > 0 ? mean * sqrt(mean / mean_above) : mean);
        mean_above = mean;
    }
}

static void simple_spectrum(const void *state, void *workspace, const double *parameters, double *flux)
{
    const simple_state *s = state;
    simple_levels *levels = workspace;
    double *kappa = (double *)(levels + 1); /* [LEVELS][wavelengths] */

    fill_levels(s, parameters, levels, kappa);
    for (size_t w = 0; w < s->wavelengths; ++w) {
        double depth[LEVELS];
        double source[LEVELS];
        size_t l = 0;

        depth[0] = levels->column[0] * kappa[w];
        for (;;) {
            source[l] = s->planck_factor[w] / (exp(s->planck_kelvin[w] / levels->temperature[l]) - 1.0);
            if (++l == LEVELS || depth[l - 1] > opaque_depth)
                break;
            depth[l] = depth[l - 1] +
                       0.5 * levels->column[l] *
                           (kappa[(l - 1) * s->wavelengths + w] + kappa[l * s->wavelengths + w]);
        }
        flux[w] = tml_emergent_flux(depth, source, l);
    }
}

static const tml_forward_parameter simple_parameters[PARAMETERS] = {
    {"teff", "K", "effective temperature", 150.0, 3000.0},
    {"logg", "dex (cgs)", "surface gravity, log10 g", 2.5, 6.0},
    {"c_o", "solar ratio", "carbon-to-oxygen ratio in units of the solar one", 0.1, 3.0},
    {"met", "dex", "metallicity [M/H]", -2.0, 2.5},
};

const tml_forward_kind tml_simple_emission = {
    .name = "simple",
    .description =
        "grey temperature profile, equilibrium abundances in closed form, analytic bands; for tests of the "
        "pipeline, not for science",
    .solar_c_o = TML_SIMPLE_SOLAR_C_O,
    .parameter_count = PARAMETERS,
    .parameters = simple_parameters,
    .create = simple_create,
    .workspace_bytes = simple_workspace_bytes,
    .spectrum = simple_spectrum,
    .destroy = simple_destroy,
};
