#ifndef TML_TESTS_UNIT_OPACITY_EXAMPLE_H
#define TML_TESTS_UNIT_OPACITY_EXAMPLE_H

/** @file opacity_example.h
 * A small table of opacities for tests: the bins of the published grid, water absorbing in the first and
 * methane in the last third of them, potassium grey everywhere. */

#include "atmosphere/opacity_table.h"
#include "spectra/wavelength_grid.h"

enum {
    EXAMPLE_BINS = TML_PUBLISHED_WAVELENGTHS,
    EXAMPLE_T = 3,
    EXAMPLE_P = 2,
    EXAMPLE_SPECIES = 3,
    EXAMPLE_STRIDE = EXAMPLE_T * EXAMPLE_P * EXAMPLE_BINS,
    EXAMPLE_COLLISION_T = 2,
    EXAMPLE_WATER_END = 34,
    EXAMPLE_METHANE_BEGIN = 70
};

typedef struct opacity_example {
    tml_opacity_table table;
    double wavelength_um[EXAMPLE_BINS];
    float ln_mean[EXAMPLE_SPECIES * EXAMPLE_STRIDE];
    float ln_contrast[EXAMPLE_SPECIES * EXAMPLE_STRIDE];
    float log10_collision[TML_COLLISION_COUNT * EXAMPLE_COLLISION_T * EXAMPLE_BINS];
} opacity_example;

static inline size_t example_at(size_t species, size_t t, size_t p, size_t bin)
{
    return ((species * EXAMPLE_T + t) * EXAMPLE_P + p) * EXAMPLE_BINS + bin;
}

/* Cross sections that grow with temperature; contrasts that fall with pressure. */
static inline void example_lines(opacity_example *e, size_t species, size_t begin, size_t end)
{
    for (size_t t = 0; t < EXAMPLE_T; ++t)
        for (size_t p = 0; p < EXAMPLE_P; ++p)
            for (size_t b = 0; b < EXAMPLE_BINS; ++b) {
                const int is_inside = b >= begin && b < end;

                e->ln_mean[example_at(species, t, p, b)] = is_inside ? -50.0F + (float)t : -95.0F;
                e->ln_contrast[example_at(species, t, p, b)] = is_inside ? 2.0F - (float)p : -1.0F;
            }
}

static inline void example_make(opacity_example *e)
{
    static const double temperature[EXAMPLE_T] = {200.0, 800.0, 3200.0};
    static const double pressure[EXAMPLE_P] = {0.01, 100.0};
    const size_t potassium = 2;

    e->table = (tml_opacity_table){
        .bins = EXAMPLE_BINS,
        .wavelength_um = e->wavelength_um,
        .temperatures = EXAMPLE_T,
        .pressures = EXAMPLE_P,
        .species_count = EXAMPLE_SPECIES,
        .species = {TML_SPECIES_H2O, TML_SPECIES_CH4, TML_SPECIES_K},
        .ln_mean = e->ln_mean,
        .ln_contrast = e->ln_contrast,
        .collision_temperatures = EXAMPLE_COLLISION_T,
        .collision_temperature_k = {200.0, 2000.0},
        .log10_collision = e->log10_collision,
    };
    for (size_t t = 0; t < EXAMPLE_T; ++t)
        e->table.temperature_k[t] = temperature[t];
    for (size_t p = 0; p < EXAMPLE_P; ++p)
        e->table.pressure_bar[p] = pressure[p];
    tml_wavelength_grid_published(e->wavelength_um);
    example_lines(e, 0, 0, EXAMPLE_WATER_END);
    example_lines(e, 1, EXAMPLE_METHANE_BEGIN, EXAMPLE_BINS);
    for (size_t i = potassium * EXAMPLE_STRIDE; i < EXAMPLE_SPECIES * EXAMPLE_STRIDE; ++i) {
        e->ln_mean[i] = -52.0F;
        e->ln_contrast[i] = -30.0F;
    }
    for (size_t i = 0; i < TML_COLLISION_COUNT * EXAMPLE_COLLISION_T * EXAMPLE_BINS; ++i)
        e->log10_collision[i] = i < EXAMPLE_COLLISION_T * EXAMPLE_BINS ? -47.0F : -48.0F;
}

#endif
