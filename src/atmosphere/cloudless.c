#include "atmosphere/cloudless.h"

#include <math.h>
#include <stdlib.h>

#include "atmosphere/chemistry.h"
#include "atmosphere/fast_math.h"
#include "atmosphere/formal_solution.h"
#include "atmosphere/opacity.h"
#include "atmosphere/opacity_quantiles.h"
#include "atmosphere/planck.h"
#include "atmosphere/structure.h"
#include "core/memory.h"
#include "core/wide.h"

enum { TEFF, LOGG, C_O, MET, PARAMETERS };
enum { ANGLES = 3, LAYERS = TML_STRUCTURE_LEVELS - 1 };

/* What is hidden behind so much gas is below the rounding of a double. */
static const double hidden = 1e-17;

/* Cold gas rich in metals has less in the blue than a float, which the grid file holds, can say. */
static const double least_flux = 1e-37;

/* Where chemistry.h begins [K]. All that condenses has done so by then. */
static const double coldest_chemistry = 75.0;

typedef struct cloudless_state {
    size_t bins;
    double *planck_factor; /* [bins] */
    double *planck_kelvin; /* [bins] h nu / k */
    tml_opacity *opacity;
    tml_quantiles quantiles;
    tml_emission_angles angles;
} cloudless_state;

/* Spans of the workspace. */
typedef struct spans {
    tml_opacity_layer layer;
    double *above, *below; /* [bins] source function at the two levels of a layer */
    double *middle;        /* [bins] and where half its mass is passed */
    double *depth;         /* [bins] */
    double *transmission;  /* [quantiles][angles][bins] */
    double *intensity;     /* [quantiles][bins] */
} spans;

enum { SPANS_OF_ALL = 7, SPANS_OF_QUANTILE = ANGLES + 1 };

static void cloudless_destroy(void *state)
{
    cloudless_state *s = state;

    free(s->planck_factor);
    free(s->planck_kelvin);
    tml_opacity_destroy(&s->opacity);
    free(s);
}

static tml_status fill_state(const tml_forward_setup *setup, cloudless_state *s, tml_error *error)
{
    tml_status status = tml_opacity_create(setup->opacity, setup->wavelengths, setup->wavelength_um,
                                           setup->without, &s->opacity, error);

    if (status == TML_OK)
        status = tml_array_create(s->bins, sizeof(double), "Planck factors", &s->planck_factor, error);
    if (status == TML_OK)
        status = tml_array_create(s->bins, sizeof(double), "Planck temperatures", &s->planck_kelvin, error);
    if (status == TML_OK)
        status = tml_quantiles_make(&s->quantiles, error);
    if (status == TML_OK)
        status = tml_emission_angles_make(ANGLES, &s->angles, error);
    for (size_t b = 0; status == TML_OK && b < s->bins; ++b) {
        s->planck_factor[b] = tml_planck_factor(setup->wavelength_um[b]);
        s->planck_kelvin[b] = tml_planck_temperature(setup->wavelength_um[b]);
    }
    return status;
}

static tml_status cloudless_create(const tml_forward_setup *setup, void **state, tml_error *error)
{
    cloudless_state *s = NULL;
    tml_status status;

    *state = NULL;
    if (setup->opacity == NULL)
        return TML_FAIL(error, TML_INTERNAL, "the model 'cloudless' was set up without an opacity table");
    status = tml_array_create(1, sizeof *s, "cloudless model", &s, error);
    if (status != TML_OK)
        return status;
    s->bins = setup->wavelengths;
    status = fill_state(setup, s, error);
    if (status != TML_OK) {
        cloudless_destroy(s);
        return status;
    }
    *state = s;
    return TML_OK;
}

static size_t cloudless_workspace_bytes(const void *state)
{
    const cloudless_state *s = state;

    return (SPANS_OF_ALL + SPANS_OF_QUANTILE * TML_QUANTILES) * s->bins * sizeof(double);
}

static spans carve(const cloudless_state *s, void *workspace)
{
    double *at = workspace;
    spans own = {
        .layer = {.mean = at, .spread = at + s->bins, .continuum = at + 2 * s->bins},
        .above = at + 3 * s->bins,
        .below = at + 4 * s->bins,
        .middle = at + 5 * s->bins,
        .depth = at + 6 * s->bins,
        .intensity = at + SPANS_OF_ALL * s->bins,
        .transmission = at + (SPANS_OF_ALL + TML_QUANTILES) * s->bins,
    };

    return own;
}

TML_WIDE static void fill_source(size_t bins, const double *restrict factor, const double *restrict kelvin,
                                 double temperature_k, double *restrict source)
{
    for (size_t b = 0; b < bins; ++b)
        source[b] = factor[b] / (tml_fast_exp(kelvin[b] / temperature_k) - 1.0);
}

/* Source functions of the layer below level l. Its opacity is uniform, so that half its mass is half its
 * depth; the temperature is linear in ln P. */
static void fill_sources(const cloudless_state *s, const tml_structure *structure, size_t l, spans *own)
{
    const double *temperature = structure->temperature_k + l;
    const double ratio = structure->pressure_bar[l + 1] / structure->pressure_bar[l];
    const double share = log(0.5 * (1.0 + ratio)) / log(ratio);

    fill_source(s->bins, s->planck_factor, s->planck_kelvin,
                temperature[0] + share * (temperature[1] - temperature[0]), own->middle);
    fill_source(s->bins, s->planck_factor, s->planck_kelvin, temperature[1], own->below);
}

/* Opacity of the layer below level l; the first is also that of the gas above level 0. */
static void fill_layer(const cloudless_state *s, const tml_structure *structure, const tml_elements *elements,
                       size_t l, spans *own)
{
    const double temperature = 0.5 * (structure->temperature_k[l] + structure->temperature_k[l + 1]);
    const double pressure = sqrt(structure->pressure_bar[l] * structure->pressure_bar[l + 1]);
    double fraction[TML_SPECIES_COUNT];

    tml_chemistry_at(elements, fmax(temperature, coldest_chemistry), pressure, fraction);
    tml_opacity_at(s->opacity, temperature, pressure, fraction, &own->layer);
}

static double *transmission_of(const cloudless_state *s, const spans *own, size_t quantile)
{
    return own->transmission + quantile * ANGLES * s->bins;
}

static void begin(const cloudless_state *s, double column, spans *own)
{
    for (size_t j = 0; j < TML_QUANTILES; ++j) {
        tml_quantile_depth(s->bins, own->layer.mean, own->layer.spread, own->layer.continuum,
                           s->quantiles.deviate[j], column, own->depth);
        tml_emission_begin(&s->angles, s->bins, own->depth, own->above, transmission_of(s, own, j),
                           own->intensity + j * s->bins);
    }
}

/* @return the largest transmission down to the lower level of the layer */
static double cross(const cloudless_state *s, double column, spans *own)
{
    double most = 0.0;

    for (size_t j = 0; j < TML_QUANTILES; ++j) {
        tml_quantile_depth(s->bins, own->layer.mean, own->layer.spread, own->layer.continuum,
                           s->quantiles.deviate[j], column, own->depth);
        most = fmax(most,
                    tml_emission_layer(&s->angles, s->bins, own->depth, own->above, own->middle, own->below,
                                       transmission_of(s, own, j), own->intensity + j * s->bins));
    }
    return most;
}

/* What lies below shines as the last level does. */
static void end(const cloudless_state *s, const spans *own, double *flux)
{
    for (size_t b = 0; b < s->bins; ++b)
        flux[b] = 0.0;
    for (size_t j = 0; j < TML_QUANTILES; ++j) {
        double *intensity = own->intensity + j * s->bins;

        tml_emission_end(&s->angles, s->bins, own->above, own->above, transmission_of(s, own, j), intensity);
        for (size_t b = 0; b < s->bins; ++b)
            flux[b] += s->quantiles.weight[j] * intensity[b];
    }
}

static void cloudless_spectrum(const void *state, void *workspace, const double *parameters, double *flux)
{
    const cloudless_state *s = state;
    const tml_elements elements = tml_elements_of(parameters[C_O], parameters[MET]);
    spans own = carve(s, workspace);
    double most = 1.0;
    tml_structure structure;
    double dyne_per_gram;

    tml_structure_of(parameters[TEFF], parameters[LOGG], parameters[C_O], parameters[MET], &structure);
    dyne_per_gram = 1e6 / structure.gravity; /* 1 bar = 1e6 dyne cm-2; over g: a column in g cm-2 */
    fill_source(s->bins, s->planck_factor, s->planck_kelvin, structure.temperature_k[0], own.above);
    for (size_t l = 0; l < LAYERS && most > hidden; ++l) {
        const double column = (structure.pressure_bar[l + 1] - structure.pressure_bar[l]) * dyne_per_gram;
        double *spare = own.above;

        fill_layer(s, &structure, &elements, l, &own);
        if (l == 0)
            begin(s, structure.pressure_bar[0] * dyne_per_gram, &own);
        fill_sources(s, &structure, l, &own);
        most = cross(s, column, &own);
        own.above = own.below;
        own.below = spare;
    }
    end(s, &own, flux);
    for (size_t b = 0; b < s->bins; ++b)
        flux[b] = flux[b] > least_flux ? flux[b] : least_flux;
}

static const tml_forward_parameter cloudless_parameters[PARAMETERS] = {
    {"teff", "K", "effective temperature", 200.0, 2400.0},
    {"logg", "dex (cgs)", "surface gravity, log10 g", 3.0, 5.5},
    {"c_o", "solar ratio", "carbon-to-oxygen ratio in units of the solar one", 0.25, 2.5},
    {"met", "dex", "metallicity [M/H]", -1.0, 2.0},
};

const tml_forward_kind tml_cloudless = {
    .name = "cloudless",
    .description =
        "radiative-convective profiles, equilibrium chemistry with condensation, correlated-k opacities; no "
        "clouds, no scattering, no disequilibrium",
    .solar_c_o = 0.458,
    .needs_opacity = true,
    .parameter_count = PARAMETERS,
    .parameters = cloudless_parameters,
    .create = cloudless_create,
    .workspace_bytes = cloudless_workspace_bytes,
    .spectrum = cloudless_spectrum,
    .destroy = cloudless_destroy,
};
