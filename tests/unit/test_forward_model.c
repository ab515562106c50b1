/** @file test_forward_model.c
 * The interface of forward models, and what the simple one promises (atmosphere/simple_emission.h): energy,
 * brightness, smoothness, bands where brown dwarfs have them, and parameters that can be told apart.
 */
#include "atmosphere/forward_model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "atmosphere/parameter_design.h"
#include "atmosphere/planck.h"
#include "core/random.h"
#include "spectra/wavelength_grid.h"

enum { W = TML_PUBLISHED_WAVELENGTHS, P = 4, BROAD = 400, CELLS = 250 };

typedef struct fixture {
    tml_forward_model *model;
    void *workspace;
    double wavelength_um[W];
} fixture;

static const tml_forward_kind *simple_kind(void)
{
    const tml_forward_kind *kind;
    tml_error error;

    assert_int_equal(tml_forward_kind_find("simple", &kind, &error), TML_OK);
    return kind;
}

static void make_model(size_t count, const double *wavelength_um, tml_forward_model **model, void **workspace)
{
    const tml_forward_setup setup = {.wavelengths = count, .wavelength_um = wavelength_um};
    tml_error error;

    assert_int_equal(tml_forward_model_create(simple_kind(), &setup, model, &error), TML_OK);
    assert_int_equal(tml_forward_workspace_create(*model, workspace, &error), TML_OK);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    tml_wavelength_grid_published(f->wavelength_um);
    make_model(W, f->wavelength_um, &f->model, &f->workspace);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;

    tml_forward_model_destroy(&f->model);
    free(f->workspace);
    free(f);
    return 0;
}

static void spectrum(const fixture *f, const double *parameters, double *flux)
{
    tml_error error = {0, ""};

    if (tml_forward_model_spectrum(f->model, f->workspace, parameters, flux, &error) != TML_OK)
        fail_msg("%s", error.message);
}

/* Trapezoid over frequency [erg s-1 cm-2]. */
static double integral(const double *wavelength_um, const double *flux, size_t count)
{
    double sum = 0.0;

    for (size_t w = 1; w < count; ++w)
        sum += 0.5 * (flux[w] + flux[w - 1]) * 1e4 * TML_LIGHT_SPEED *
               (1.0 / wavelength_um[w - 1] - 1.0 / wavelength_um[w]);
    return sum;
}

static double black_body(double teff)
{
    return TML_STEFAN_BOLTZMANN * teff * teff * teff * teff;
}

/* The flux at the wavelength of the grid that is nearest. */
static double at(const fixture *f, const double *flux, double wavelength_um)
{
    size_t best = 0;

    for (size_t w = 1; w < W; ++w)
        if (fabs(f->wavelength_um[w] - wavelength_um) < fabs(f->wavelength_um[best] - wavelength_um))
            best = w;
    return flux[best];
}

static void test_the_band_holds_at_most_the_energy_of_a_black_body(void **state)
{
    const fixture *f = *state;
    const tml_forward_kind *kind = simple_kind();
    double parameters[P], flux[W];

    /* Every corner of the allowed ranges, then points between. */
    for (uint64_t i = 0; i < 16 + 600; ++i) {
        for (size_t p = 0; p < P; ++p) {
            const double u = i < 16 ? (double)(i >> p & 1)
                                    : tml_random_uniform(1, TML_RANDOM_DESIGN, i, p, 0);

            parameters[p] = kind->parameters[p].minimum +
                            u * (kind->parameters[p].maximum - kind->parameters[p].minimum);
        }
        spectrum(f, parameters, flux);
        assert_true(integral(f->wavelength_um, flux, W) <= black_body(parameters[0]));
    }
}

static void test_the_flux_over_all_wavelengths_is_about_that_of_teff(void **state)
{
    static const double temperatures[] = {200.0, 300.0, 500.0, 800.0, 1200.0, 1800.0, 2400.0};
    double wavelength_um[BROAD], flux[BROAD];
    tml_forward_model *model;
    void *workspace;
    tml_error error;

    (void)state;
    for (size_t w = 0; w < BROAD; ++w)
        wavelength_um[w] = 0.35 * pow(300.0, (double)w / (BROAD - 1));
    make_model(BROAD, wavelength_um, &model, &workspace);
    for (size_t i = 0; i < sizeof temperatures / sizeof temperatures[0]; ++i) {
        const double parameters[P] = {temperatures[i], 4.75, 1.0, 0.0};
        double ratio;

        assert_int_equal(tml_forward_model_spectrum(model, workspace, parameters, flux, &error), TML_OK);
        ratio = integral(wavelength_um, flux, BROAD) / black_body(temperatures[i]);
        assert_true(ratio > 0.85 && ratio < 1.15); /* no energy balance is solved */
    }
    tml_forward_model_destroy(&model);
    free(workspace);
}

static void test_hotter_is_brighter(void **state)
{
    const fixture *f = *state;
    tml_parameter_design design;
    tml_error error;

    assert_int_equal(tml_design_preset("published", &design, &error), TML_OK);
    /* Every temperature of the preset over a scattered choice of the other parameters. */
    for (uint64_t other = 0; other < 792; other += 61) {
        double before = 0.0;

        for (uint64_t t = 0; t < 39; ++t) {
            double parameters[P], flux[W], now;

            tml_design_node(&design, t * 792 + other, parameters);
            spectrum(f, parameters, flux);
            now = integral(f->wavelength_um, flux, W);
            assert_true(now > before);
            before = now;
        }
    }
}

static void test_light_leaves_between_the_bands_of_water(void **state)
{
    const fixture *f = *state;
    double flux[W];

    for (double teff = 600.0; teff <= 2200.0; teff += 400.0) {
        const double parameters[P] = {teff, 5.0, 1.0, 0.0};

        spectrum(f, parameters, flux);
        assert_true(at(f, flux, 1.06) > 1.5 * at(f, flux, 1.14)); /* Y over water */
        assert_true(at(f, flux, 1.27) > 4.0 * at(f, flux, 1.39)); /* J */
        assert_true(at(f, flux, 1.58) > 2.0 * at(f, flux, 1.39)); /* H, both sides */
        assert_true(at(f, flux, 1.60) > 2.0 * at(f, flux, 1.88));
        assert_true(at(f, flux, 2.08) > 1.5 * at(f, flux, 1.88)); /* K */
    }
}

static void test_methane_shows_in_cool_objects_alone(void **state)
{
    const fixture *f = *state;
    const double cool[P] = {700.0, 5.0, 1.0, 0.0};
    const double hot[P] = {1900.0, 5.0, 1.0, 0.0};
    double flux[W];

    spectrum(f, cool, flux);
    assert_true(at(f, flux, 1.58) > 2.0 * at(f, flux, 1.67));
    assert_true(at(f, flux, 2.10) > 4.0 * at(f, flux, 2.30));
    spectrum(f, hot, flux);
    assert_true(at(f, flux, 1.58) < 1.2 * at(f, flux, 1.67));
    assert_true(at(f, flux, 2.10) < 1.4 * at(f, flux, 2.30));
}

/* How much a spectrum bends over three points at distance h: the largest second difference of ln flux. */
static double bend(const fixture *f, const double *centre, size_t parameter, double h)
{
    double low[W], middle[W], high[W];
    double moved[P];
    double most = 0.0;

    memcpy(moved, centre, sizeof moved);
    spectrum(f, moved, middle);
    moved[parameter] = centre[parameter] - h;
    spectrum(f, moved, low);
    moved[parameter] = centre[parameter] + h;
    spectrum(f, moved, high);
    for (size_t w = 0; w < W; ++w)
        most = fmax(most, fabs(log(low[w]) - 2.0 * log(middle[w]) + log(high[w])));
    return most;
}

/* Halving the distance quarters the second difference of a smooth function; a corner halves it, a jump leaves
 * it. */
static void test_spectra_are_smooth_in_every_parameter(void **state)
{
    static const double distance[P] = {2.0, 0.02, 0.005, 0.01};
    const fixture *f = *state;
    tml_parameter_design design;
    tml_error error;

    assert_int_equal(tml_design_preset("published", &design, &error), TML_OK);
    tml_design_randomise(&design, 200, 3);
    for (uint64_t node = 0; node < design.nodes; ++node) {
        double centre[P];

        tml_design_node(&design, node, centre);
        for (size_t p = 0; p < P; ++p) {
            const double wide = bend(f, centre, p, distance[p]);
            const double narrow = bend(f, centre, p, 0.5 * distance[p]);

            assert_true(narrow < 0.35 * wide + 1e-9); /* 1e-9: rounding of the logarithms and of the sums */
        }
    }
}

/* Changes of ln flux with one grid step of each parameter, from a cell of the published grid. */
static void steps_of_cell(const fixture *f, const tml_parameter_design *design, uint64_t cell,
                          double change[P][W])
{
    size_t index[P];
    double parameters[P], flux[W], moved_flux[W];

    for (size_t p = 0; p < P; ++p) {
        const double u = tml_random_uniform(11, TML_RANDOM_DESIGN, cell, p, 0);

        index[p] = (size_t)(u * (double)(design->axes[p].count - 1));
        parameters[p] = design->axes[p].value[index[p]];
    }
    spectrum(f, parameters, flux);
    for (size_t p = 0; p < P; ++p) {
        double moved[P];

        memcpy(moved, parameters, sizeof moved);
        moved[p] = design->axes[p].value[index[p] + 1];
        spectrum(f, moved, moved_flux);
        for (size_t w = 0; w < W; ++w)
            change[p][w] = log(moved_flux[w] / flux[w]);
    }
}

static double product(const double *a, const double *b)
{
    double sum = 0.0;

    for (size_t w = 0; w < W; ++w)
        sum += a[w] * b[w];
    return sum;
}

static void test_every_parameter_leaves_a_trace_of_its_own(void **state)
{
    const fixture *f = *state;
    tml_parameter_design design;
    tml_error error;
    int parallel = 0;

    assert_int_equal(tml_design_preset("published", &design, &error), TML_OK);
    for (uint64_t cell = 0; cell < CELLS; ++cell) {
        double change[P][W];

        steps_of_cell(f, &design, cell, change);
        for (size_t p = 0; p < P; ++p) {
            assert_true(sqrt(product(change[p], change[p]) / W) > 0.008);
            for (size_t q = 0; q < p; ++q)
                parallel += fabs(product(change[p], change[q])) >
                            0.98 * sqrt(product(change[p], change[p]) * product(change[q], change[q]));
        }
    }
    assert_in_range(parallel, 0, CELLS / 100); /* the bulk: 99 of 100 cells */
}

static void test_a_spectrum_is_a_pure_function_of_its_parameters(void **state)
{
    const fixture *f = *state;
    const double one[P] = {900.0, 4.5, 1.0, 0.0};
    const double two[P] = {2000.0, 5.5, 2.0, 1.0};
    double first[W], between[W], again[W], elsewhere[W];
    void *workspace;
    tml_error error;

    spectrum(f, one, first);
    spectrum(f, two, between);
    spectrum(f, one, again);
    assert_memory_equal(first, again, sizeof first);
    assert_int_equal(tml_forward_workspace_create(f->model, &workspace, &error), TML_OK);
    assert_int_equal(tml_forward_model_spectrum(f->model, workspace, one, elsewhere, &error), TML_OK);
    assert_memory_equal(first, elsewhere, sizeof first);
    free(workspace);
}

static void test_a_wavelength_does_not_know_its_neighbours(void **state)
{
    const fixture *f = *state;
    const double parameters[P] = {900.0, 4.5, 1.0, 0.0};
    double flux[W], alone;
    tml_forward_model *model;
    void *workspace;
    tml_error error;

    make_model(1, &f->wavelength_um[50], &model, &workspace);
    spectrum(f, parameters, flux);
    assert_int_equal(tml_forward_model_spectrum(model, workspace, parameters, &alone, &error), TML_OK);
    assert_true(fabs(alone / flux[50] - 1.0) < 1e-13); /* vectorised sums may contract otherwise */
    tml_forward_model_destroy(&model);
    free(workspace);
}

static void test_parameters_out_of_range_are_refused_by_name(void **state)
{
    static const double bad[][P] = {{100.0, 5.0, 1.0, 0.0},
                                    {900.0, 7.0, 1.0, 0.0},
                                    {900.0, 5.0, 0.0, 0.0},
                                    {900.0, 5.0, 1.0, (double)NAN}};
    static const char *const names[] = {"teff", "logg", "c_o", "met"};
    const fixture *f = *state;
    double flux[W];

    for (size_t i = 0; i < 4; ++i) {
        tml_error error = {0, ""};

        assert_int_equal(tml_forward_kind_refuses(simple_kind(), bad[i]), i);
        assert_int_equal(tml_forward_model_spectrum(f->model, f->workspace, bad[i], flux, &error),
                         TML_BAD_DATA);
        assert_non_null(strstr(error.message, names[i]));
    }
}

static void test_bad_wavelengths_are_refused(void **state)
{
    static const double wrong[][2] = {{1.0, 1.0}, {2.0, 1.0}, {-1.0, 1.0}, {1.0, (double)INFINITY}};
    tml_forward_model *model = NULL;
    tml_error error;

    (void)state;
    for (size_t i = 0; i < 4; ++i) {
        const tml_forward_setup setup = {.wavelengths = 2, .wavelength_um = wrong[i]};

        assert_int_equal(tml_forward_model_create(simple_kind(), &setup, &model, &error), TML_BAD_DATA);
        assert_null(model);
    }
    assert_int_equal(
        tml_forward_model_create(simple_kind(), &(tml_forward_setup){.wavelengths = 0}, &model, &error),
        TML_BAD_DATA);
}

static void test_an_unknown_model_names_the_nearest(void **state)
{
    const tml_forward_kind *kind;
    tml_error error = {0, ""};

    (void)state;
    assert_int_equal(tml_forward_kind_find("simpel", &kind, &error), TML_USAGE);
    assert_null(kind);
    assert_non_null(strstr(error.message, "'simple'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_band_holds_at_most_the_energy_of_a_black_body),
        cmocka_unit_test(test_the_flux_over_all_wavelengths_is_about_that_of_teff),
        cmocka_unit_test(test_hotter_is_brighter),
        cmocka_unit_test(test_light_leaves_between_the_bands_of_water),
        cmocka_unit_test(test_methane_shows_in_cool_objects_alone),
        cmocka_unit_test(test_spectra_are_smooth_in_every_parameter),
        cmocka_unit_test(test_every_parameter_leaves_a_trace_of_its_own),
        cmocka_unit_test(test_a_spectrum_is_a_pure_function_of_its_parameters),
        cmocka_unit_test(test_a_wavelength_does_not_know_its_neighbours),
        cmocka_unit_test(test_parameters_out_of_range_are_refused_by_name),
        cmocka_unit_test(test_bad_wavelengths_are_refused),
        cmocka_unit_test(test_an_unknown_model_names_the_nearest),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
