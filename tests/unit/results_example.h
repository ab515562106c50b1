#ifndef TML_TESTS_RESULTS_EXAMPLE_H
#define TML_TESTS_RESULTS_EXAMPLE_H

/** @file results_example.h
 * Made-up results of observed objects, with everything that results may hold. For serial tests with cmocka;
 * include it after <cmocka.h>. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/results_file.h"
#include "spectra/pixel_state.h"

enum {
    EXAMPLE_PIXELS = 60,
    EXAMPLE_BINS = 24,
    EXAMPLE_PARAMETERS = 4,
    EXAMPLE_DRAWS = 200,
    EXAMPLE_GRID_ROWS = 81
};

static inline void results_example_spectra(tml_object_result *object)
{
    for (size_t i = 0; i < EXAMPLE_PIXELS; ++i) {
        object->pixel_um[i] = 1.0 + 0.02 * (double)i;
        object->pixel_flux[i] = 1e-16 * (2.0 + sin(0.3 * (double)i));
        object->pixel_error[i] = 1e-17;
        object->pixel_state[i] = TML_PIXEL_USED;
    }
    object->pixel_flux[7] = NAN;
    object->pixel_state[7] = TML_PIXEL_MISSING;
    object->pixel_flux[20] = -3e-18;
    object->pixel_state[20] = TML_PIXEL_NEGATIVE;
    for (size_t i = 0; i < EXAMPLE_BINS; ++i) {
        object->bin_um[i] = 1.0 + 0.05 * (double)i;
        object->bin_flux[i] = 1e-6 * (2.0 + sin(0.7 * (double)i));
        object->bin_error[i] = 1e-7;
        object->bin_filled[i] = object->bin_flux[i];
        object->bin_model[i] = 1.02 * object->bin_flux[i];
        object->bin_state[i] = TML_PIXEL_USED;
        for (int q = 0; q < TML_RESULT_BANDS; ++q)
            object->bin_band[q][i] = object->bin_model[i] * (1.0 + 0.02 * (q - 2));
    }
    object->bin_flux[3] = NAN;
    object->bin_error[3] = NAN;
    object->bin_state[3] = TML_PIXEL_NO_ERROR;
    object->bin_flux[EXAMPLE_BINS - 1] = NAN;
    object->bin_error[EXAMPLE_BINS - 1] = NAN;
    object->bin_state[EXAMPLE_BINS - 1] = TML_PIXEL_OUTSIDE;
}

static inline void results_example_parameters(tml_object_result *object)
{
    static const char *const names[EXAMPLE_PARAMETERS] = {"teff", "logg", "c_o", "met"};
    static const char *const units[EXAMPLE_PARAMETERS] = {"K", "dex (cgs)", "solar ratio", "dex"};
    static const double value[EXAMPLE_PARAMETERS] = {785.4321, 4.98765, 0.7654, -0.123456};
    static const double sd[EXAMPLE_PARAMETERS] = {31.2, 0.0942, 0.123, 0.0456};

    for (size_t p = 0; p < EXAMPLE_PARAMETERS; ++p) {
        tml_parameter_result *parameter = &object->parameter[p];

        snprintf(parameter->name, sizeof parameter->name, "%s", names[p]);
        snprintf(parameter->unit, sizeof parameter->unit, "%s", units[p]);
        parameter->value = value[p];
        parameter->mean = value[p] + 0.1 * sd[p];
        parameter->sd = sd[p];
        parameter->sd_noise = 0.8 * sd[p];
        parameter->sd_model = 0.6 * sd[p];
        parameter->p2_5 = value[p] - 2.0 * sd[p];
        parameter->p16 = value[p] - sd[p];
        parameter->p50 = value[p];
        parameter->p84 = value[p] + sd[p];
        parameter->p97_5 = value[p] + 2.0 * sd[p];
        parameter->grid_low = value[p] - 10.0 * sd[p];
        parameter->grid_high = value[p] + 10.0 * sd[p];
        object->grid_point.parameter[p] = value[p] + 0.5 * sd[p];
        for (size_t i = 0; i < EXAMPLE_DRAWS; ++i)
            object->draw[i * EXAMPLE_PARAMETERS + p] = value[p] +
                                                       sd[p] * 1.4 * sin(1.7 * (double)(i * (p + 1)));
    }
    object->parameter[1].flags = TML_FLAG_OUTSIDE_GRID;
}

/* Three nodes of each parameter. */
static inline void results_example_grid_rows(tml_object_result *object)
{
    for (size_t i = 0; i < EXAMPLE_GRID_ROWS; ++i) {
        size_t rest = i;

        object->grid_row[i] = 4711 + (int64_t)i;
        object->grid_chi2[i] = 31.25 + 4.0 * (double)i;
        object->grid_scale[i] = 1.0 + 0.01 * (double)(i % 7);
        for (size_t p = 0; p < EXAMPLE_PARAMETERS; ++p, rest /= 3)
            object->grid_parameter[i * EXAMPLE_PARAMETERS + p] = object->parameter[p].value *
                                                                 (0.9 + 0.1 * (double)(rest % 3));
    }
}

static inline void results_example_literature(tml_object_facts *facts)
{
    facts->literature_count = 2;
    snprintf(facts->literature[0].source, sizeof facts->literature[0].source, "Line et al. 2017 <retrieval>");
    facts->literature[0].count = 2;
    snprintf(facts->literature[0].name[0], TML_OBJECT_NAME, "teff");
    facts->literature[0].value[0] = (tml_measure){719.0, 20.0};
    snprintf(facts->literature[0].name[1], TML_OBJECT_NAME, "logg");
    facts->literature[0].value[1] = (tml_measure){5.12, NAN};
    snprintf(facts->literature[1].source, sizeof facts->literature[1].source, "http://example.org/a");
}

static inline void results_example_object(const char *name, tml_object_result *object)
{
    tml_error error = {0, ""};

    object->pixels = EXAMPLE_PIXELS;
    object->bins = EXAMPLE_BINS;
    object->parameters = EXAMPLE_PARAMETERS;
    object->draws = EXAMPLE_DRAWS;
    object->grid_rows = EXAMPLE_GRID_ROWS;
    if (tml_object_result_allocate(object, &error) != TML_OK)
        fail_msg("%s", error.message);
    snprintf(object->facts.name, sizeof object->facts.name, "%s", name);
    object->facts.distance_pc = (tml_measure){11.134, 0.02};
    object->facts.radius_rjup = (tml_measure){0.81, 0.05};
    snprintf(object->file, sizeof object->file, "observed/HD3651B.dat");
    snprintf(object->model_file, sizeof object->model_file, "runs/bobcat/model.h5");
    snprintf(object->model_digest, sizeof object->model_digest, "0123456789abcdef0123456789abcdef");
    object->is_at_surface = true;
    object->scale = (tml_measure){1.02, 0.02};
    object->radius_rjup = (tml_measure){0.85, 0.031};
    object->chi2 = 25.5;
    object->dof = 17.0;
    object->p = 0.084;
    object->inflation = 1.2247;
    object->grid_point.row = 4711;
    object->grid_point.chi2 = 31.25;
    object->flags = TML_FLAG_OUTSIDE_GRID;
    results_example_spectra(object);
    results_example_parameters(object);
    results_example_grid_rows(object);
    results_example_literature(&object->facts);
}

static inline char *results_example_text(const char *text)
{
    char *copy = strdup(text);

    assert_non_null(copy);
    return copy;
}

/** Objects of these names, all alike. The caller frees (tml_results_free). */
static inline tml_results results_example_named(const char *const *names, size_t count)
{
    tml_results results = {.count = count, .object = calloc(count + 1, sizeof *results.object)};

    assert_non_null(results.object);
    results.provenance = results_example_text("program=telescopeml\nversion=0.1.0\n"
                                              "command=telescopeml predict --model a=b.h5\n");
    for (size_t i = 0; i < count; ++i)
        results_example_object(names[i], &results.object[i]);
    return results;
}

/** Two objects, one of them with a hostile name, without a grid and of a relative scale. */
static inline tml_results results_example(void)
{
    static const char *const names[] = {"HD 3651B", "<script>&\"'../x"};
    tml_results results = results_example_named(names, 2);
    tml_object_result *second = &results.object[1];

    results.warnings = results_example_text(
        "masked=2 pixels without error <b>\nmasked=HD 3651B: 1 negative\n");
    second->is_relative = true;
    second->is_at_surface = false;
    second->density = TML_FLUX_PER_FREQUENCY;
    second->facts.distance_pc = second->facts.radius_rjup = (tml_measure){NAN, NAN};
    second->facts.literature_count = 0;
    memset(second->facts.literature, 0, sizeof second->facts.literature);
    second->scale = second->radius_rjup = (tml_measure){NAN, NAN};
    second->chi2 = second->dof = second->p = second->grid_point.chi2 = NAN;
    second->inflation = 1.0;
    second->grid_point.row = -1;
    second->flags = TML_FLAG_SHAPE_ONLY | TML_FLAG_NO_GRID;
    for (size_t p = 0; p < EXAMPLE_PARAMETERS; ++p) {
        second->parameter[p].flags = 0;
        second->parameter[p].sd_model = second->parameter[p].grid_low = NAN;
        second->parameter[p].grid_high = second->grid_point.parameter[p] = NAN;
    }
    for (size_t i = 0; i < EXAMPLE_BINS; ++i)
        second->bin_model[i] = NAN;
    for (size_t i = 0; i < TML_RESULT_BANDS * EXAMPLE_BINS; ++i)
        second->bin_band[i / EXAMPLE_BINS][i % EXAMPLE_BINS] = NAN;
    second->grid_rows = 0;
    return results;
}

#endif
