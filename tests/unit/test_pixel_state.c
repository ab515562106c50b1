/** @file test_pixel_state.c
 * Which pixels are used, and the one reason why another is not. */
#include "spectra/pixel_state.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { PIXELS = 13 };

static const double flux[PIXELS] = {1.0,  NAN,  INFINITY, 1.0, 1.0, 1.0,   0.0,
                                    -0.0, -2.0, -2.0,     0.0, NAN, 4e-320};
static const double error[PIXELS] = {0.1, 0.1, 0.1, NAN, 0.0, -0.1, 0.1, 0.1, 0.1, 0.0, NAN, NAN, 1e-320};

static void test_each_pixel_has_its_reason(void **state)
{
    static const tml_pixel_state want[PIXELS] = {
        TML_PIXEL_USED,     TML_PIXEL_MISSING, TML_PIXEL_MISSING, TML_PIXEL_NO_ERROR, TML_PIXEL_NO_ERROR,
        TML_PIXEL_NO_ERROR, TML_PIXEL_ZERO,    TML_PIXEL_ZERO,    TML_PIXEL_NEGATIVE, TML_PIXEL_NO_ERROR,
        TML_PIXEL_NO_ERROR, TML_PIXEL_MISSING, TML_PIXEL_USED,
    };
    uint8_t got[PIXELS];

    (void)state;
    tml_pixel_classify(PIXELS, flux, error, false, got);
    for (size_t i = 0; i < PIXELS; ++i)
        if (got[i] != want[i])
            fail_msg("pixel %zu is %s", i, tml_pixel_state_name((tml_pixel_state)got[i]));
}

static void test_negative_fluxes_with_an_error_can_be_kept(void **state)
{
    uint8_t kept[PIXELS];
    uint8_t masked[PIXELS];

    (void)state;
    tml_pixel_classify(PIXELS, flux, error, true, kept);
    tml_pixel_classify(PIXELS, flux, error, false, masked);
    for (size_t i = 0; i < PIXELS; ++i)
        assert_int_equal(kept[i], masked[i] == TML_PIXEL_NEGATIVE ? TML_PIXEL_USED : masked[i]);
}

static void test_every_pixel_is_counted_once(void **state)
{
    static const size_t want[TML_PIXEL_STATES] = {2, 3, 5, 2, 1, 0};
    uint8_t got[PIXELS];
    size_t counts[TML_PIXEL_STATES];

    (void)state;
    tml_pixel_classify(PIXELS, flux, error, false, got);
    tml_pixel_count(PIXELS, got, counts);
    assert_memory_equal(counts, want, sizeof want);
}

static void test_states_have_words(void **state)
{
    (void)state;
    assert_string_equal(tml_pixel_state_name(TML_PIXEL_USED), "used");
    assert_string_equal(tml_pixel_state_name(TML_PIXEL_MISSING), "missing");
    assert_string_equal(tml_pixel_state_name(TML_PIXEL_NO_ERROR), "no_error");
    assert_string_equal(tml_pixel_state_name(TML_PIXEL_ZERO), "zero");
    assert_string_equal(tml_pixel_state_name(TML_PIXEL_NEGATIVE), "negative");
    assert_string_equal(tml_pixel_state_name(TML_PIXEL_OUTSIDE), "outside");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_pixel_has_its_reason),
        cmocka_unit_test(test_negative_fluxes_with_an_error_can_be_kept),
        cmocka_unit_test(test_every_pixel_is_counted_once),
        cmocka_unit_test(test_states_have_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
