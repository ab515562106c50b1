#include "atmosphere/opacity.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "atmosphere/collisions.h"
#include "atmosphere/fast_math.h"
#include "atmosphere/planck.h"
#include "atmosphere/rayleigh.h"
#include "atmosphere/table_place.h"
#include "core/memory.h"
#include "core/wide.h"

/* What is rarer has no lines that could be seen; its square would come near the smallest double. */
static const double rarest = 1e-40;

struct tml_opacity {
    tml_opacity_table table; /* sizes, axes and species; its arrays are the members below */
    float *ln_mean, *ln_contrast, *log10_collision;
    double *scattering_h2, *scattering_he; /* [bins] cm2 per particle; 0 where it is switched off */
    double ln_temperature[TML_OPACITY_TEMPERATURES];
    double ln_pressure[TML_OPACITY_PRESSURES];
    double ln_collision_temperature[TML_COLLISION_TEMPERATURES];
    bool is_grey[TML_SPECIES_COUNT]; /* [table.species_count] */
    tml_species_set without;
};

static bool is_on(const tml_opacity *opacity, tml_species species)
{
    return (opacity->without >> species & 1U) == 0;
}

/* Rows of the table, of all its bins, become rows of the bins that are wanted. */
static void take_rows(size_t rows, size_t from_bins, const float *from, size_t bins, const size_t *bin,
                      float *to)
{
    for (size_t r = 0; r < rows; ++r)
        for (size_t b = 0; b < bins; ++b)
            to[r * bins + b] = from[r * from_bins + bin[b]];
}

static tml_status find_bins(const tml_opacity_table *table, size_t bins, const double *wavelength_um,
                            size_t *bin, tml_error *error)
{
    size_t at = 0;

    for (size_t b = 0; b < bins; ++b) {
        const double slack = 1e-9 * wavelength_um[b];

        while (at + 1 < table->bins && table->wavelength_um[at] < wavelength_um[b] - slack)
            ++at;
        if (!(fabs(table->wavelength_um[at] - wavelength_um[b]) <= slack))
            return TML_FAIL(error, TML_BAD_DATA,
                            "%.9g micron is not the centre of a bin of the opacity table, which has %zu from "
                            "%.6g to %.6g micron",
                            wavelength_um[b], table->bins, table->wavelength_um[0],
                            table->wavelength_um[table->bins - 1]);
        bin[b] = at;
    }
    return TML_OK;
}

static void note_axes(const tml_opacity_table *table, tml_opacity *made)
{
    const size_t nodes = table->temperatures * table->pressures * table->bins;

    for (size_t t = 0; t < table->temperatures; ++t)
        made->ln_temperature[t] = log(table->temperature_k[t]);
    for (size_t p = 0; p < table->pressures; ++p)
        made->ln_pressure[p] = log(table->pressure_bar[p]);
    for (size_t t = 0; t < table->collision_temperatures; ++t)
        made->ln_collision_temperature[t] = log(table->collision_temperature_k[t]);
    for (size_t s = 0; s < table->species_count; ++s) {
        made->is_grey[s] = true;
        for (size_t i = 0; i < nodes && made->is_grey[s]; ++i)
            made->is_grey[s] = table->ln_contrast[s * nodes + i] <= TML_OPACITY_GREY;
    }
}

static tml_status make_room(tml_opacity *made, size_t rows, size_t collision_rows, size_t bins,
                            tml_error *error)
{
    const char *what = "opacities";
    tml_status status = tml_array_create(rows * bins, sizeof(float), what, &made->ln_mean, error);

    if (status == TML_OK)
        status = tml_array_create(rows * bins, sizeof(float), what, &made->ln_contrast, error);
    if (status == TML_OK)
        status = tml_array_create(collision_rows * bins, sizeof(float), what, &made->log10_collision, error);
    if (status == TML_OK)
        status = tml_array_create(bins, sizeof(double), what, &made->scattering_h2, error);
    if (status == TML_OK)
        status = tml_array_create(bins, sizeof(double), what, &made->scattering_he, error);
    return status;
}

static void fill(const tml_opacity_table *table, const size_t *bin, size_t rows, size_t collision_rows,
                 tml_opacity *made)
{
    const size_t bins = made->table.bins;

    note_axes(table, made);
    take_rows(rows, table->bins, table->ln_mean, bins, bin, made->ln_mean);
    take_rows(rows, table->bins, table->ln_contrast, bins, bin, made->ln_contrast);
    take_rows(collision_rows, table->bins, table->log10_collision, bins, bin, made->log10_collision);
    for (size_t b = 0; b < bins; ++b) {
        const double wavelength = table->wavelength_um[bin[b]];

        made->scattering_h2[b] = is_on(made, TML_SPECIES_H2) ? tml_rayleigh_h2(wavelength) : 0.0;
        made->scattering_he[b] = is_on(made, TML_SPECIES_HE) ? tml_rayleigh_he(wavelength) : 0.0;
    }
}

tml_status tml_opacity_create(const tml_opacity_table *table, size_t bins, const double *wavelength_um,
                              tml_species_set without, tml_opacity **opacity, tml_error *error)
{
    const size_t rows = table->species_count * table->temperatures * table->pressures;
    const size_t collision_rows = TML_COLLISION_COUNT * table->collision_temperatures;
    tml_opacity *made = NULL;
    size_t *bin = NULL;
    tml_status status = tml_array_create(bins, sizeof *bin, "bins of the opacity table", &bin, error);

    *opacity = NULL;
    if (status == TML_OK)
        status = find_bins(table, bins, wavelength_um, bin, error);
    if (status == TML_OK)
        status = tml_array_create(1, sizeof *made, "opacities", &made, error);
    if (status == TML_OK)
        status = make_room(made, rows, collision_rows, bins, error);
    if (status == TML_OK) {
        made->table = *table;
        made->table.bins = bins;
        made->without = without;
        fill(table, bin, rows, collision_rows, made);
        *opacity = made;
    } else {
        tml_opacity_destroy(&made);
    }
    free(bin);
    return status;
}

/* Four rows of a table around a temperature and a pressure, and their weights. */
typedef struct corners {
    size_t row[4];
    double weight[4];
} corners;

static corners find_corners(const tml_opacity *opacity, double temperature_k, double pressure_bar)
{
    const size_t pressures = opacity->table.pressures;
    const tml_table_place t = tml_table_place_of(opacity->ln_temperature, opacity->table.temperatures,
                                                 log(temperature_k));
    const tml_table_place p = tml_table_place_of(opacity->ln_pressure, pressures, log(pressure_bar));
    const corners found = {
        {t.low * pressures + p.low, t.low * pressures + p.high, t.high * pressures + p.low,
         t.high * pressures + p.high},
        {(1.0 - t.share) * (1.0 - p.share), (1.0 - t.share) * p.share, t.share * (1.0 - p.share),
         t.share * p.share},
    };

    return found;
}

TML_WIDE static void add_lines(size_t bins, const float *restrict ln_mean, const float *restrict ln_contrast,
                               const corners *at, double fraction, double *restrict mean,
                               double *restrict square)
{
    const float *restrict m0 = ln_mean + at->row[0] * bins;
    const float *restrict m1 = ln_mean + at->row[1] * bins;
    const float *restrict m2 = ln_mean + at->row[2] * bins;
    const float *restrict m3 = ln_mean + at->row[3] * bins;
    const float *restrict c0 = ln_contrast + at->row[0] * bins;
    const float *restrict c1 = ln_contrast + at->row[1] * bins;
    const float *restrict c2 = ln_contrast + at->row[2] * bins;
    const float *restrict c3 = ln_contrast + at->row[3] * bins;
    const double w0 = at->weight[0], w1 = at->weight[1], w2 = at->weight[2], w3 = at->weight[3];

    for (size_t b = 0; b < bins; ++b) {
        const double m = fraction * tml_fast_exp(w0 * (double)m0[b] + w1 * (double)m1[b] +
                                                 w2 * (double)m2[b] + w3 * (double)m3[b]);
        const double c = tml_fast_exp(w0 * (double)c0[b] + w1 * (double)c1[b] + w2 * (double)c2[b] +
                                      w3 * (double)c3[b]);

        mean[b] += m;
        square[b] += m * m * c;
    }
}

TML_WIDE static void add_grey(size_t bins, const float *restrict ln_mean, const corners *at, double fraction,
                              double *restrict continuum)
{
    const float *restrict m0 = ln_mean + at->row[0] * bins;
    const float *restrict m1 = ln_mean + at->row[1] * bins;
    const float *restrict m2 = ln_mean + at->row[2] * bins;
    const float *restrict m3 = ln_mean + at->row[3] * bins;
    const double w0 = at->weight[0], w1 = at->weight[1], w2 = at->weight[2], w3 = at->weight[3];

    for (size_t b = 0; b < bins; ++b)
        continuum[b] += fraction * tml_fast_exp(w0 * (double)m0[b] + w1 * (double)m1[b] + w2 * (double)m2[b] +
                                                w3 * (double)m3[b]);
}

/* The spread comes in as the sum of the variances. Everything leaves per gram. */
TML_WIDE static void finish(size_t bins, double per_gram, double *restrict mean, double *restrict spread,
                            double *restrict continuum)
{
    const double least = 1e-140; /* its square is a normal number still */

    for (size_t b = 0; b < bins; ++b) {
        const double m = mean[b] < least ? least : mean[b];

        spread[b] = sqrt(tml_fast_log(1.0 + spread[b] / (m * m)));
        mean[b] *= per_gram;
        continuum[b] *= per_gram;
    }
}

static void add_collisions(const tml_opacity *opacity, double temperature_k, double pressure_bar,
                           const double *fraction, double *continuum)
{
    const size_t bins = opacity->table.bins;
    const size_t rows = opacity->table.collision_temperatures;
    const double particles = 1e6 * pressure_bar / (TML_BOLTZMANN_CONSTANT * temperature_k);
    const double h2 = fraction[TML_SPECIES_H2];
    const double weight[TML_COLLISION_COUNT] = {
        [TML_COLLISION_H2_H2] = is_on(opacity, TML_SPECIES_H2) ? h2 * h2 : 0.0,
        [TML_COLLISION_H2_HE] = is_on(opacity, TML_SPECIES_H2) && is_on(opacity, TML_SPECIES_HE)
                                    ? h2 * fraction[TML_SPECIES_HE]
                                    : 0.0,
    };
    const tml_table_place at = tml_table_place_of(opacity->ln_collision_temperature, rows,
                                                  log(temperature_k));

    for (size_t pair = 0; pair < TML_COLLISION_COUNT; ++pair) {
        const float *table = opacity->log10_collision + pair * rows * bins;

        if (weight[pair] > 0.0)
            tml_collisions_add(bins, table + at.low * bins, table + at.high * bins, at.share,
                               weight[pair] * particles, continuum);
    }
}

void tml_opacity_at(const tml_opacity *opacity, double temperature_k, double pressure_bar,
                    const double fraction[TML_SPECIES_COUNT], const tml_opacity_layer *layer)
{
    const tml_opacity_table *table = &opacity->table;
    const size_t stride = table->temperatures * table->pressures * table->bins;
    const corners at = find_corners(opacity, temperature_k, pressure_bar);
    double weight = 0.0;
    double particles = 0.0;

    for (size_t b = 0; b < table->bins; ++b) {
        layer->mean[b] = 0.0;
        layer->spread[b] = 0.0;
        layer->continuum[b] = fraction[TML_SPECIES_H2] * opacity->scattering_h2[b] +
                              fraction[TML_SPECIES_HE] * opacity->scattering_he[b];
    }
    for (size_t s = 0; s < table->species_count; ++s) {
        const double x = fraction[table->species[s]];

        if (!is_on(opacity, table->species[s]) || x < rarest)
            continue;
        if (opacity->is_grey[s])
            add_grey(table->bins, opacity->ln_mean + s * stride, &at, x, layer->continuum);
        else
            add_lines(table->bins, opacity->ln_mean + s * stride, opacity->ln_contrast + s * stride, &at, x,
                      layer->mean, layer->spread);
    }
    add_collisions(opacity, temperature_k, pressure_bar, fraction, layer->continuum);
    for (int s = 0; s < TML_SPECIES_COUNT; ++s) {
        weight += fraction[s] * tml_species_mass((tml_species)s);
        particles += fraction[s];
    }
    finish(table->bins, particles / (weight * TML_ATOMIC_MASS), layer->mean, layer->spread, layer->continuum);
}

void tml_opacity_destroy(tml_opacity **opacity)
{
    if (*opacity == NULL)
        return;
    free((*opacity)->ln_mean);
    free((*opacity)->ln_contrast);
    free((*opacity)->log10_collision);
    free((*opacity)->scattering_h2);
    free((*opacity)->scattering_he);
    free(*opacity);
    *opacity = NULL;
}
