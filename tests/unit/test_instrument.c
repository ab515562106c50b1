/** @file test_instrument.c
 * What an instrument makes of a spectrum: which bins it has, how wide its lines are, that flux is kept, and
 * what it refuses. */
#include "spectra/instrument.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "spectra/wavelength_grid.h"

enum { FINE = 4200, COARSE = 185 };

static double fine_um[FINE], coarse_um[COARSE];

static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < FINE; ++i) /* R = 2000 */
        fine_um[i] = 0.75 * pow(4001.0 / 3999.0, (double)i);
    for (size_t i = 0; i < COARSE; ++i) /* the bins of the table that comes with the program */
        coarse_um[i] = 0.8967795781943042 * pow(201.0 / 199.0, (double)i - 12.0);
    return 0;
}

static tml_instrument make(size_t native, const double *native_um, const tml_instrument_wish *wish)
{
    tml_instrument made;
    tml_error error = {0, ""};

    if (tml_instrument_create(native, native_um, wish, &made, &error) != TML_OK)
        fail_msg("%s", error.message);
    return made;
}

/* The spectrum of an instrument from a whole native one. On the heap. */
static double *observe(const tml_instrument *instrument, const double *native)
{
    double *seen = calloc(instrument->bins, sizeof *seen);

    assert_non_null(seen);
    tml_resampling_apply(&instrument->weights, native + instrument->first, seen);
    return seen;
}

static void test_by_default_the_published_bins_are_picked(void **state)
{
    const tml_instrument_wish wish = {0};
    double published[TML_PUBLISHED_WAVELENGTHS];
    tml_instrument made = make(COARSE, coarse_um, &wish);
    double *seen = observe(&made, coarse_um); /* any values will do */

    (void)state;
    tml_wavelength_grid_published(published);
    assert_int_equal(made.bins, TML_PUBLISHED_WAVELENGTHS);
    assert_int_equal(made.first, 12);
    assert_int_equal(made.weights.pixels, TML_PUBLISHED_WAVELENGTHS);
    for (size_t i = 0; i < made.bins; ++i) {
        assert_true(fabs(made.wavelength_um[i] / published[i] - 1.0) < 1e-14);
        assert_true(seen[i] == coarse_um[12 + i]);
    }
    free(seen);
    tml_instrument_free(&made);
    assert_null(made.wavelength_um);
}

static void test_a_range_takes_the_bins_whose_centres_lie_in_it(void **state)
{
    const tml_instrument_wish wish = {.low_um = 0.8, .high_um = 5.0};
    tml_instrument made = make(COARSE, coarse_um, &wish);

    (void)state;
    assert_true(made.wavelength_um[0] >= 0.8 && made.wavelength_um[0] < 0.8 * 201.0 / 199.0);
    assert_true(made.wavelength_um[made.bins - 1] <= 5.0 && made.wavelength_um[made.bins - 1] > 4.95);
    assert_int_equal(made.weights.pixels, made.bins);
    tml_instrument_free(&made);
}

static void test_bins_of_finer_tables_are_means(void **state)
{
    const tml_instrument_wish wish = {0};
    tml_instrument made = make(FINE, fine_um, &wish);
    double *seen = observe(&made, fine_um);

    (void)state;
    assert_int_equal(made.bins, TML_PUBLISHED_WAVELENGTHS);
    assert_true(made.weights.pixels < FINE);
    /* The mean of the wavelength over a bin is its middle: 1.25e-5 beyond the centre; native bins are points.
     */
    for (size_t i = 1; i + 1 < made.bins; ++i)
        assert_true(fabs(seen[i] / made.wavelength_um[i] - 1.0) < 3e-5);
    free(seen);
    tml_instrument_free(&made);
}

static void test_a_constant_spectrum_stays_as_it_is(void **state)
{
    const tml_instrument_wish wishes[] = {{.resolution = 100.0},
                                          {.resolution = 30.0, .low_um = 1.0, .high_um = 4.0}};
    double flat[FINE];

    (void)state;
    for (size_t i = 0; i < FINE; ++i)
        flat[i] = 3.0;
    for (size_t k = 0; k < 2; ++k) {
        tml_instrument made = make(FINE, fine_um, &wishes[k]);
        double *seen = observe(&made, flat);

        for (size_t i = 0; i < made.bins; ++i)
            assert_true(fabs(seen[i] / 3.0 - 1.0) < 1e-13);
        free(seen);
        tml_instrument_free(&made);
    }
}

/* What is seen of a line of height 1 in one native bin. */
typedef struct moments {
    double flux, centre, variance;
} moments;

static moments see_line(const tml_instrument *made, size_t native_bin)
{
    double line[FINE] = {0.0};
    double square = 0.0;
    moments seen_as = {0.0, 0.0, 0.0};
    double *seen;

    line[native_bin] = 1.0;
    seen = observe(made, line);
    for (size_t i = 1; i + 1 < made->bins; ++i) {
        const double width = 0.5 * (made->wavelength_um[i + 1] - made->wavelength_um[i - 1]);
        const double distance = made->wavelength_um[i] - fine_um[native_bin];

        seen_as.flux += seen[i] * width;
        seen_as.centre += seen[i] * width * distance;
        square += seen[i] * width * distance * distance;
    }
    free(seen);
    seen_as.centre /= seen_as.flux;
    seen_as.variance = square / seen_as.flux - seen_as.centre * seen_as.centre;
    return seen_as;
}

/* The mean over lines at 20 places within one output bin: a single one is sampled too coarsely. */
static void test_a_line_becomes_a_gaussian_of_the_width_asked_for(void **state)
{
    const double resolution = 100.0;
    const tml_instrument_wish wish = {.resolution = resolution, .low_um = 1.0, .high_um = 2.0};
    tml_instrument made = make(FINE, fine_um, &wish);
    moments mean = {0.0, 0.0, 0.0};
    size_t at = 0;

    (void)state;
    while (fine_um[at] < 1.5)
        ++at;
    for (size_t i = at; i < at + 20; ++i) {
        const double sigma = fine_um[i] / (resolution * 2.0 * sqrt(2.0 * log(2.0)));
        const moments m = see_line(&made, i);

        mean.flux += m.flux / (0.5 * (fine_um[i + 1] - fine_um[i - 1])) / 20.0;
        mean.centre += m.centre / sigma / 20.0;
        mean.variance += m.variance / (sigma * sigma) / 20.0;
    }
    /* 1 %: the line-spread function is 1 % wider at each next bin. */
    assert_true(fabs(mean.flux - 1.0) < 0.01);
    assert_true(fabs(mean.centre) < 0.05);
    /* The output bins, one per full width, add the variance of a box: (2.35 sigma)^2 / 12. */
    assert_true(fabs(sqrt(mean.variance / (1.0 + 5.545 / 12.0)) - 1.0) < 0.01);
    tml_instrument_free(&made);
}

static void test_a_table_sets_the_resolution_at_each_bin(void **state)
{
    const double row_um[3] = {0.9, 1.5, 2.4}, row_resolution[3] = {50.0, 80.0, 20.0};
    const tml_instrument_wish wish = {.rows = 3, .row_um = row_um, .row_resolution = row_resolution};
    const tml_instrument_wish inner = {
        .rows = 3, .row_um = row_um, .row_resolution = row_resolution, .low_um = 1.2, .high_um = 1.5};
    tml_instrument made = make(FINE, fine_um, &wish);

    (void)state;
    assert_true(made.wavelength_um[0] == 0.9 && made.wavelength_um[made.bins - 1] <= 2.4);
    for (size_t i = 1; i < made.bins; ++i) {
        const double at = made.wavelength_um[i - 1];
        const double resolution = at < 1.5 ? 50.0 + (at - 0.9) / 0.6 * 30.0 : 80.0 - (at - 1.5) / 0.9 * 60.0;
        const double ratio = (2.0 * resolution + 1.0) / (2.0 * resolution - 1.0);

        assert_true(fabs(made.wavelength_um[i] / at / ratio - 1.0) < 1e-12);
    }
    tml_instrument_free(&made);
    made = make(FINE, fine_um, &inner);
    assert_true(made.wavelength_um[0] == 1.2 && made.wavelength_um[made.bins - 1] <= 1.5);
    tml_instrument_free(&made);
}

static void test_what_cannot_be_done_is_refused_with_the_cure(void **state)
{
    static const double row_um[2] = {1.0, 2.0}, row_resolution[2] = {60.0, 60.0}, poor[2] = {60.0, 1.0};
    static const struct {
        tml_instrument_wish wish;
        tml_status status;
        const char *words;
    } wrong[] = {
        {{.resolution = 101.0}, TML_BAD_DATA, "--tables"},
        {{.resolution = 2.0}, TML_USAGE, "it must be from 5"},
        {{.resolution = 1e9}, TML_USAGE, "it must be from 5"},
        {{.low_um = 0.7, .high_um = 1.0}, TML_USAGE, "within 0.8 to 5 micron"},
        {{.low_um = 1.0, .high_um = 5.1}, TML_USAGE, "within 0.8 to 5 micron"},
        {{.low_um = 1.001, .high_um = 1.002}, TML_USAGE, "two are the least"},
        {{.rows = 2, .row_um = row_um, .row_resolution = poor}, TML_USAGE, "it must be from 5"},
        {{.rows = 2, .row_um = row_um, .row_resolution = row_resolution, .low_um = 0.9, .high_um = 1.5},
         TML_BAD_DATA,
         "beyond the instrument's table"},
    };
    tml_instrument made;
    tml_error error = {0, ""};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
        assert_int_equal(tml_instrument_create(COARSE, coarse_um, &wrong[i].wish, &made, &error),
                         wrong[i].status);
        assert_non_null(strstr(error.message, wrong[i].words));
        assert_null(made.wavelength_um);
    }
    /* A table of opacities that ends too early. */
    assert_int_equal(tml_instrument_create(60, coarse_um, &(tml_instrument_wish){0}, &made, &error),
                     TML_BAD_DATA);
    assert_non_null(strstr(error.message, "covers 0.79"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_default_the_published_bins_are_picked),
        cmocka_unit_test(test_a_range_takes_the_bins_whose_centres_lie_in_it),
        cmocka_unit_test(test_bins_of_finer_tables_are_means),
        cmocka_unit_test(test_a_constant_spectrum_stays_as_it_is),
        cmocka_unit_test(test_a_line_becomes_a_gaussian_of_the_width_asked_for),
        cmocka_unit_test(test_a_table_sets_the_resolution_at_each_bin),
        cmocka_unit_test(test_what_cannot_be_done_is_refused_with_the_cure),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
