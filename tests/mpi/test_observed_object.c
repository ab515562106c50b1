/** @file test_observed_object.c
 * An observed object reaches all ranks as rank 0 has it, and the network's pixels as one would bring it there
 * by hand: masks, resampling, units, distance and radius; what cannot be used is refused. */
#include "inference/observed_object.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mpi_test.h"

#include "agreed.h"
#include "spectra/pixel_state.h"

enum { BINS = 4, PIXELS = 2 * BINS };

/* Bin b takes the whole of pixels 2 b and 2 b + 1. */
static const double BIN_UM[BINS] = {1.05, 1.15, 1.25, 1.35};
static const double FLUX[PIXELS] = {3e-17, 5e-17, 2e-17, 9e-17, 4e-17, 1e-17, 7e-17, 6e-17};
static const double ERROR[PIXELS] = {3e-18, 4e-18, 6e-18, 8e-18, 5e-18, 12e-18, 1e-18, 2e-18};
static const double DISTANCE_PC = 8.0;
static const double RADIUS_RJUP = 0.9;

static tml_observed_object make_object(size_t pixels)
{
    tml_observed_object object;
    tml_error error = {0, ""};

    memset(&object, 0, sizeof object);
    tml_object_facts_clear(&object.facts);
    snprintf(object.file, sizeof object.file, "object.dat");
    object.key = 77;
    TML_CHECK(tml_observed_spectrum_create(pixels, &object.spectrum, &error) == TML_OK);
    object.spectrum.density = TML_FLUX_PER_WAVELENGTH;
    object.spectrum.has_errors = true;
    for (size_t i = 0; i < pixels; ++i) {
        object.spectrum.wavelength_um[i] = 1.025 + 0.05 * (double)i;
        object.spectrum.flux[i] = FLUX[i % PIXELS];
        object.spectrum.error[i] = ERROR[i % PIXELS];
    }
    return object;
}

static tml_binning make_binning(void)
{
    tml_binning binning = {.bins = BINS, .bin_um = BIN_UM};

    return binning;
}

static void place(tml_observed_object *object, double distance_sd, double radius_sd)
{
    object->facts.distance_pc = (tml_measure){DISTANCE_PC, distance_sd};
    object->facts.radius_rjup = (tml_measure){RADIUS_RJUP, radius_sd};
}

/* Tolerance: roundings of half a dozen operations, and edges of bins that are not quite edges of pixels. */
static bool is_close(double got, double want)
{
    return fabs(got - want) <= 1e-12 * fabs(want);
}

static void check_refused(tml_observed_object *object, const tml_binning *binning, tml_status want,
                          const char *mention)
{
    tml_error error = {TML_RANK_UNKNOWN, ""};

    agreed_failure(tml_observed_object_bin(object, binning, &error), want, &error, mention);
    TML_CHECK(strstr(error.message, "object.dat") != NULL);
    tml_observed_object_free(object);
}

/* ---- share ---- */

static tml_observed_object make_known(size_t pixels)
{
    tml_observed_object object = make_object(pixels);

    place(&object, 0.02, NAN);
    snprintf(object.facts.name, sizeof object.facts.name, "HD 3651B");
    object.facts.literature_count = 1;
    snprintf(object.facts.literature[0].source, TML_OBJECT_SOURCE, "somebody");
    object.facts.literature[0].count = 1;
    object.facts.literature[0].value[0] = (tml_measure){785.0, 12.0};
    object.spectrum.flux[pixels / 2] = NAN;
    object.spectrum.density = TML_FLUX_PER_FREQUENCY;
    object.spectrum.is_relative = true;
    object.is_binned = true;
    return object;
}

static void test_all_ranks_get_what_rank_0_has(void)
{
    for (size_t pixels = 1; pixels < 40; pixels += 19) {
        tml_observed_object want = make_known(pixels);
        tml_observed_object object;
        tml_error error = {0, ""};

        memset(&object, 0, sizeof object);
        if (tml_test_rank == 0)
            object = make_known(pixels);
        TML_CHECK(tml_observed_object_share(MPI_COMM_WORLD, &object, &error) == TML_OK);
        TML_CHECK(memcmp(&object.facts, &want.facts, sizeof want.facts) == 0);
        TML_CHECK(strcmp(object.file, "object.dat") == 0 && object.key == 77 && object.is_binned);
        TML_CHECK(object.spectrum.count == pixels && object.spectrum.is_relative);
        TML_CHECK(object.spectrum.has_errors && object.spectrum.density == TML_FLUX_PER_FREQUENCY);
        TML_CHECK(memcmp(object.spectrum.wavelength_um, want.spectrum.wavelength_um, pixels * 8) == 0);
        TML_CHECK(memcmp(object.spectrum.flux, want.spectrum.flux, pixels * 8) == 0);
        TML_CHECK(memcmp(object.spectrum.error, want.spectrum.error, pixels * 8) == 0);
        tml_observed_object_free(&object);
        tml_observed_object_free(&want);
        TML_CHECK(object.spectrum.flux == NULL && object.key == 0);
    }
}

/* ---- bin ---- */

static double hand_factor(size_t bin, bool is_at_surface)
{
    double lambda = BIN_UM[bin] * 1e4;
    double surface = DISTANCE_PC * 3.0856775814913674e18 / (RADIUS_RJUP * 7.1492e9);

    return lambda * lambda / 2.99792458e18 * (is_at_surface ? surface * surface : 1.0);
}

static void test_flux_at_the_surface_by_hand(void)
{
    tml_observed_object object = make_object(PIXELS);
    const tml_binning binning = {.bins = BINS, .bin_um = BIN_UM, .needs_surface = true};
    tml_error error = {0, ""};

    place(&object, 0.16, 0.027);
    TML_CHECK(tml_observed_object_bin(&object, &binning, &error) == TML_OK);
    TML_CHECK(object.is_at_surface && object.bins == BINS);
    TML_CHECK(is_close(object.factor_sd, 2.0 * hypot(0.16 / DISTANCE_PC, 0.027 / RADIUS_RJUP)));
    for (size_t b = 0; b < BINS; ++b) {
        double factor = hand_factor(b, true);

        TML_CHECK(object.state[b] == TML_PIXEL_USED && is_close(object.factor[b], factor));
        TML_CHECK(is_close(object.flux[b], factor * 0.5 * (FLUX[2 * b] + FLUX[2 * b + 1])));
        TML_CHECK(is_close(object.error[b], factor * 0.5 * hypot(ERROR[2 * b], ERROR[2 * b + 1])));
    }
    tml_observed_object_free(&object);
}

/* Energy is conserved per wavelength: pixels that were converted one by one have another mean. */
static void test_the_unit_is_converted_after_the_resampling(void)
{
    tml_observed_object object = make_object(PIXELS);
    const tml_binning binning = make_binning();
    tml_error error = {0, ""};
    double before = 0.0;

    TML_CHECK(tml_observed_object_bin(&object, &binning, &error) == TML_OK);
    TML_CHECK(!object.is_at_surface && object.factor_sd == 0.0);
    for (size_t i = 2; i < 4; ++i)
        before += 0.5 * tml_per_frequency(object.spectrum.wavelength_um[i], FLUX[i]);
    TML_CHECK(is_close(object.flux[1], hand_factor(1, false) * 0.5 * (FLUX[2] + FLUX[3])));
    TML_CHECK(fabs(object.flux[1] / before - 1.0) > 1e-3);
    tml_observed_object_free(&object);
    object = make_object(PIXELS);
    object.spectrum.density = TML_FLUX_PER_FREQUENCY;
    TML_CHECK(tml_observed_object_bin(&object, &binning, &error) == TML_OK);
    TML_CHECK(is_close(object.flux[1], 0.5 * (FLUX[2] + FLUX[3])));
    tml_observed_object_free(&object);
}

/* Bin 0: one pixel is left, which covers half of it. Bins 1 and 2: none is; of bin 3 nothing is masked. */
static void test_masked_pixels_are_left_out(void)
{
    tml_observed_object object = make_object(PIXELS);
    const tml_binning binning = make_binning();
    const uint8_t want[PIXELS] = {TML_PIXEL_USED,     TML_PIXEL_ZERO,     TML_PIXEL_NO_ERROR,
                                  TML_PIXEL_NO_ERROR, TML_PIXEL_NEGATIVE, TML_PIXEL_MISSING,
                                  TML_PIXEL_USED,     TML_PIXEL_USED};
    tml_error error = {0, ""};

    object.spectrum.flux[1] = 0.0;
    object.spectrum.error[2] = NAN;
    object.spectrum.error[3] = 0.0;
    object.spectrum.flux[4] = -1e-17;
    object.spectrum.flux[5] = NAN;
    TML_CHECK(tml_observed_object_bin(&object, &binning, &error) == TML_OK);
    TML_CHECK(memcmp(object.pixel_state, want, sizeof want) == 0);
    TML_CHECK(object.state[0] == TML_PIXEL_USED && object.state[1] == TML_PIXEL_NO_ERROR);
    TML_CHECK(object.state[2] != TML_PIXEL_USED && object.state[3] == TML_PIXEL_USED);
    TML_CHECK(is_close(object.flux[0], hand_factor(0, false) * FLUX[0]));
    TML_CHECK(is_close(object.error[0], hand_factor(0, false) * ERROR[0]));
    TML_CHECK(isnan(object.flux[1]) && isnan(object.error[1]) && isnan(object.flux[2]));
    tml_observed_object_free(&object);
}

/* With its negative pixel bin 2 is the mean of 5 and -3, bin 0 that of 1 and -5, which has no logarithm. */
static void test_negative_fluxes_that_are_kept(void)
{
    for (int takes_logarithm = 0; takes_logarithm < 2; ++takes_logarithm) {
        tml_observed_object object = make_object(PIXELS);
        const tml_binning binning = {
            .bins = BINS, .bin_um = BIN_UM, .keep_negative = true, .takes_logarithm = takes_logarithm == 1};
        tml_error error = {0, ""};

        object.spectrum.flux[0] = 1e-17;
        object.spectrum.flux[1] = -5e-17;
        object.spectrum.flux[4] = 5e-17;
        object.spectrum.flux[5] = -3e-17;
        TML_CHECK(tml_observed_object_bin(&object, &binning, &error) == TML_OK);
        TML_CHECK(object.pixel_state[1] == TML_PIXEL_USED && object.state[2] == TML_PIXEL_USED);
        TML_CHECK(is_close(object.flux[2], hand_factor(2, false) * 1e-17));
        TML_CHECK(object.state[0] == (takes_logarithm == 1 ? TML_PIXEL_NEGATIVE : TML_PIXEL_USED));
        TML_CHECK(takes_logarithm == 1 ? isnan(object.flux[0])
                                       : is_close(object.flux[0], hand_factor(0, false) * -2e-17));
        tml_observed_object_free(&object);
    }
}

static void test_bins_beyond_the_observation(void)
{
    tml_observed_object object = make_object(5); /* up to 1.25: half of bin 2 */
    const tml_binning binning = make_binning();
    tml_error error = {0, ""};

    TML_CHECK(tml_observed_object_bin(&object, &binning, &error) == TML_OK);
    TML_CHECK(object.state[2] == TML_PIXEL_USED && object.state[3] == TML_PIXEL_OUTSIDE);
    TML_CHECK(is_close(object.flux[2], hand_factor(2, false) * FLUX[4]) && isnan(object.flux[3]));
    tml_observed_object_free(&object);
}

static void test_a_row_of_a_table_stays_as_it_is(void)
{
    tml_observed_object object = make_object(BINS);
    const tml_binning binning = {.bins = BINS, .bin_um = BIN_UM, .needs_surface = true};
    tml_error error = {0, ""};

    object.is_binned = true;
    object.spectrum.density = TML_FLUX_PER_FREQUENCY;
    object.spectrum.flux[2] = 0.0;
    TML_CHECK(tml_observed_object_bin(&object, &binning, &error) == TML_OK);
    TML_CHECK(object.is_at_surface && object.factor_sd == 0.0);
    TML_CHECK(object.flux[1] == FLUX[1] && object.error[1] == ERROR[1] && isnan(object.flux[2]));
    TML_CHECK(object.state[1] == TML_PIXEL_USED && object.state[2] == TML_PIXEL_ZERO);
    tml_observed_object_free(&object);
}

/* ---- what is refused ---- */

static void test_distance_and_radius_that_are_missing(void)
{
    static const tml_measure half_known[3][2] = {
        {{8.0, 0.1}, {NAN, NAN}}, {{NAN, NAN}, {0.9, 0.1}}, {{0.0, 0.0}, {0.9, 0.1}}};
    const tml_binning binning = {.bins = BINS, .bin_um = BIN_UM, .needs_surface = true};

    for (int i = 0; i < 3; ++i) {
        tml_observed_object object = make_object(PIXELS);

        object.facts.distance_pc = half_known[i][0];
        object.facts.radius_rjup = half_known[i][1];
        check_refused(&object, &binning, TML_USAGE, "--distance-pc and --radius-rjup");
    }
}

/* Neither distance nor radius give a scale to a flux that has none. */
static void test_a_relative_flux(void)
{
    tml_binning binning = {.bins = BINS, .bin_um = BIN_UM, .needs_surface = true};
    tml_observed_object object = make_object(PIXELS);
    tml_error error = {0, ""};

    object.spectrum.is_relative = true;
    place(&object, 0.1, 0.1);
    check_refused(&object, &binning, TML_USAGE, "--unit-flux");
    binning.needs_surface = false;
    object = make_object(PIXELS);
    object.spectrum.is_relative = true;
    place(&object, 0.1, 0.1);
    TML_CHECK(tml_observed_object_bin(&object, &binning, &error) == TML_OK);
    TML_CHECK(!object.is_at_surface && object.factor_sd == 0.0);
    tml_observed_object_free(&object);
}

static void test_nothing_that_can_be_used(void)
{
    const tml_binning binning = make_binning();
    tml_observed_object object = make_object(PIXELS);

    for (size_t i = 0; i < PIXELS; ++i)
        object.spectrum.wavelength_um[i] *= 1000.0;
    check_refused(&object, &binning, TML_BAD_DATA, "do not overlap");
    object = make_object(PIXELS);
    for (size_t i = 0; i < PIXELS; ++i)
        object.spectrum.flux[i] = i % 2 == 0 ? -1e-17 : 0.0;
    check_refused(&object, &binning, TML_BAD_DATA, "4 are zero, 4 negative");
    object = make_object(PIXELS);
    for (size_t i = 0; i < PIXELS; ++i)
        object.spectrum.error[i] = NAN;
    check_refused(&object, &binning, TML_BAD_DATA, "8 have no error, 0 are zero, 0 negative; --snr X");
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_all_ranks_get_what_rank_0_has();
    test_flux_at_the_surface_by_hand();
    test_the_unit_is_converted_after_the_resampling();
    test_masked_pixels_are_left_out();
    test_negative_fluxes_that_are_kept();
    test_bins_beyond_the_observation();
    test_a_row_of_a_table_stays_as_it_is();
    test_distance_and_radius_that_are_missing();
    test_a_relative_flux();
    test_nothing_that_can_be_used();
    return tml_test_finish();
}
