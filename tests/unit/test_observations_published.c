/** @file test_observations_published.c
 * From observed F_lambda to F_nu at the surface and on to the network's wavelengths: the numbers of the
 * published work (astropy, SpectRes). Skipped where the published data are absent. */
#include <cjson/cJSON.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "spectra/flux_unit.h"
#include "spectra/pixel_state.h"
#include "spectra/resampling.h"
#include "spectra/wavelength_grid.h"
#include "unit/fluxcal.h"

enum { BINS = TML_PUBLISHED_WAVELENGTHS, PRINTED = 20, TEXT = 8192 };

static void assert_close(double got, double want, double relative, const char *what)
{
    if (!(fabs(got - want) <= relative * fabs(want)))
        fail_msg("%s: %.17g instead of %.17g", what, got, want);
}

/* Both are chains of a few products in double: 1e-15 is seen, 1e-12 asked for. */
static void test_every_flux_is_converted_as_by_astropy(void **state)
{
    size_t compared = 0;

    (void)state;
    for (size_t object = 0; object < FLUXCAL_OBJECTS; ++object) {
        fluxcal data = read_fluxcal(object);
        double factor = tml_surface_factor(data.distance_pc, data.radius_rjup);

        for (size_t i = 0; i < data.count; ++i, ++compared)
            assert_close(tml_per_frequency(data.wavelength_um[i], data.per_wavelength[i]) * factor,
                         data.per_frequency[i], 1e-12, data.name);
    }
    assert_int_equal(compared, FLUXCAL_VALUES);
}

static cJSON *read_results(void)
{
    static char text[TEXT];
    FILE *file = open_published("reference_results.json");
    size_t count = fread(text, 1, sizeof text - 1, file);
    cJSON *json;

    fclose(file);
    text[count] = '\0';
    json = cJSON_Parse(text);
    assert_non_null(json);
    return json;
}

static void resample(const fluxcal *data, double wavelength_um[BINS], double binned[BINS])
{
    uint8_t used[FLUXCAL_ROOM] = {TML_PIXEL_USED};
    tml_resampling resampling;
    tml_error error = {0};

    tml_wavelength_grid_published(wavelength_um);
    assert_int_equal(tml_resampling_create(data->count, data->wavelength_um, used, BINS, wavelength_um,
                                           &resampling, &error),
                     TML_OK);
    tml_resampling_apply(&resampling, data->per_frequency, binned);
    tml_resampling_free(&resampling);
}

/* The keys are wavelengths rounded to three decimals, the values have seven digits. */
static void compare_bins(const cJSON *object, const double *wavelength_um, const double *binned)
{
    const cJSON *printed = cJSON_GetObjectItem(object, "spectres_resampled_Fnu_absolute_at_wl");
    const cJSON *value;
    int compared = 0;

    cJSON_ArrayForEach(value, printed)
    {
        double rounded = strtod(value->string, NULL);
        size_t bin = 0;

        while (bin < BINS && fabs(wavelength_um[bin] - rounded) > 5.1e-4)
            ++bin;
        assert_true(bin < BINS);
        assert_close(binned[bin], value->valuedouble, 1e-6, value->string);
        ++compared;
    }
    assert_int_equal(compared, PRINTED);
}

/* Divided by n - 1, as pandas does. */
static void compare_moments(const cJSON *object, const double *binned)
{
    double mean = 0.0;
    double squares = 0.0;

    for (size_t i = 0; i < BINS; ++i)
        mean += binned[i] / BINS;
    for (size_t i = 0; i < BINS; ++i)
        squares += (binned[i] - mean) * (binned[i] - mean);
    assert_close(mean, cJSON_GetObjectItem(object, "BD_mean")->valuedouble, 1e-14, "mean");
    assert_close(sqrt(squares / (BINS - 1)), cJSON_GetObjectItem(object, "BD_std")->valuedouble, 1e-14,
                 "standard deviation");
}

static void test_bins_and_moments_are_those_of_spectres(void **state)
{
    cJSON *results = read_results();

    (void)state;
    for (size_t i = 0; i < FLUXCAL_OBJECTS; ++i) {
        fluxcal data = read_fluxcal(i);
        const cJSON *object = cJSON_GetObjectItem(results, data.name);
        double wavelength_um[BINS];
        double binned[BINS];

        assert_non_null(object);
        resample(&data, wavelength_um, binned);
        compare_bins(object, wavelength_um, binned);
        compare_moments(object, binned);
    }
    cJSON_Delete(results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_flux_is_converted_as_by_astropy),
        cmocka_unit_test(test_bins_and_moments_are_those_of_spectres),
    };

    fclose(open_published("reference_results.json"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
