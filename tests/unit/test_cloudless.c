/** @file test_cloudless.c
 * The cloudless model on a small made table: it is a function of its parameters, an absorber shows in its
 * bands alone, and fluxes lie between those of the coldest and of the hottest gas. */
#include "atmosphere/cloudless.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "atmosphere/planck.h"
#include "atmosphere/structure.h"
#include "core/random.h"
#include "opacity_example.h"

enum { W = EXAMPLE_BINS, P = 4 };

static opacity_example example;

typedef struct fixture {
    tml_forward_model *model;
    void *workspace;
} fixture;

static int set_up(void **state)
{
    (void)state;
    example_make(&example);
    return 0;
}

static fixture make_model(size_t first, size_t count, tml_species_set without)
{
    const tml_forward_setup setup = {
        .wavelengths = count,
        .wavelength_um = example.wavelength_um + first,
        .opacity = &example.table,
        .without = without,
    };
    const tml_forward_kind *kind;
    fixture made;
    tml_error error = {0, ""};

    assert_int_equal(tml_forward_kind_find("cloudless", &kind, &error), TML_OK);
    assert_true(kind->needs_opacity && kind->solar_c_o == 0.458);
    if (tml_forward_model_create(kind, &setup, &made.model, &error) != TML_OK)
        fail_msg("%s", error.message);
    assert_int_equal(tml_forward_workspace_create(made.model, &made.workspace, &error), TML_OK);
    return made;
}

static void free_model(fixture *made)
{
    tml_forward_model_destroy(&made->model);
    free(made->workspace);
}

static void spectrum(const fixture *f, const double *parameters, double *flux)
{
    tml_error error = {0, ""};

    if (tml_forward_model_spectrum(f->model, f->workspace, parameters, flux, &error) != TML_OK)
        fail_msg("%s", error.message);
}

/* What leaves a bin is a mean of the source function over depth: between that of the coldest and of the
 * hottest level. */
static void test_all_of_the_range_gives_a_spectrum_between_its_temperatures(void **state)
{
    fixture f = make_model(0, W, 0);

    (void)state;
    for (uint64_t i = 0; i < 16 + 150; ++i) {
        double parameters[P], flux[W];
        tml_structure structure;

        for (size_t p = 0; p < P; ++p) {
            const tml_forward_parameter *range = &tml_cloudless.parameters[p];
            const double u = i < 16 ? (double)(i >> p & 1)
                                    : tml_random_uniform(2, TML_RANDOM_DESIGN, i, p, 0);

            parameters[p] = range->minimum + u * (range->maximum - range->minimum);
        }
        tml_structure_of(parameters[0], parameters[1], parameters[2], parameters[3], &structure);
        spectrum(&f, parameters, flux);
        for (size_t w = 0; w < W; ++w) {
            const double wavelength = example.wavelength_um[w];

            assert_true(flux[w] >= TML_PI * tml_planck_nu(wavelength, structure.temperature_k[0]));
            assert_true(flux[w] <= TML_PI * tml_planck_nu(wavelength,
                                                          structure.temperature_k[TML_STRUCTURE_LEVELS - 1]));
        }
    }
    free_model(&f);
}

static void test_an_absorber_shows_in_its_bands_alone(void **state)
{
    const double parameters[P] = {900.0, 5.0, 1.0, 0.0};
    fixture all = make_model(0, W, 0);
    fixture dry = make_model(0, W, 1U << TML_SPECIES_H2O);
    double with[W], without[W];

    (void)state;
    spectrum(&all, parameters, with);
    spectrum(&dry, parameters, without);
    for (size_t w = 0; w < W; ++w)
        if (w < EXAMPLE_WATER_END)
            assert_true(without[w] > 1.2 * with[w]);
        else /* water's cross section is e^-95 here, not 0 */
            assert_true(fabs(without[w] / with[w] - 1.0) < 1e-9);
    free_model(&all);
    free_model(&dry);
}

static void test_a_bin_does_not_depend_on_the_others(void **state)
{
    const double parameters[P] = {1400.0, 4.5, 0.8, 0.3};
    fixture all = make_model(0, W, 0);
    fixture some = make_model(20, 7, 0);
    double flux[W], part[7];

    (void)state;
    spectrum(&all, parameters, flux);
    spectrum(&some, parameters, part);
    for (size_t w = 0; w < 7; ++w) /* 1e-17 of the source is left out below what is hidden */
        assert_true(fabs(part[w] / flux[20 + w] - 1.0) < 1e-14);
    free_model(&all);
    free_model(&some);
}

static void test_the_workspace_keeps_nothing(void **state)
{
    const double first[P] = {2000.0, 3.5, 1.5, 1.0}, second[P] = {700.0, 5.0, 1.0, 0.0};
    fixture f = make_model(0, W, 0);
    double fresh[W], again[W];

    (void)state;
    spectrum(&f, second, fresh);
    spectrum(&f, first, again);
    spectrum(&f, second, again);
    assert_memory_equal(fresh, again, sizeof fresh);
    free_model(&f);
}

static void test_a_setup_without_a_table_is_refused(void **state)
{
    const tml_forward_setup setup = {.wavelengths = W, .wavelength_um = example.wavelength_um};
    const double elsewhere[2] = {1.0, 1.1};
    const tml_forward_setup off = {.wavelengths = 2, .wavelength_um = elsewhere, .opacity = &example.table};
    tml_forward_model *model = NULL;
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_forward_model_create(&tml_cloudless, &setup, &model, &error), TML_INTERNAL);
    assert_null(model);
    assert_int_equal(tml_forward_model_create(&tml_cloudless, &off, &model, &error), TML_BAD_DATA);
    assert_null(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_of_the_range_gives_a_spectrum_between_its_temperatures),
        cmocka_unit_test(test_an_absorber_shows_in_its_bands_alone),
        cmocka_unit_test(test_a_bin_does_not_depend_on_the_others),
        cmocka_unit_test(test_the_workspace_keeps_nothing),
        cmocka_unit_test(test_a_setup_without_a_table_is_refused),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
