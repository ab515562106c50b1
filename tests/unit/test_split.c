/** @file test_split.c
 * Which part a row belongs to (docs/contracts.md, "Split"): by group of identical spectra, by row, or as the
 * file says. Fractions may be off by five binomial deviations; the keys are fixed. */
#include "training/split.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/digest.h"
#include "core/random.h"

enum { WAVELENGTHS = 6, ROWS = 20000 };

static tml_settings make_settings(tml_split_rule rule, double test, double validation)
{
    tml_settings settings;

    tml_config_defaults(tml_settings_table(), &settings);
    settings.split_rule = rule;
    settings.test_fraction = test;
    settings.validation_fraction = validation;
    return settings;
}

static void make_flux(int64_t row, float flux[WAVELENGTHS])
{
    for (int i = 0; i < WAVELENGTHS; ++i)
        flux[i] = 1e-6F * (float)(row * 7 + i + 1);
}

static void check_fractions(const tml_settings *settings)
{
    size_t counts[TML_PARTS] = {0};
    double wanted[TML_PARTS];

    wanted[TML_PART_TEST] = settings->test_fraction;
    wanted[TML_PART_VALIDATION] = settings->validation_fraction;
    wanted[TML_PART_TRAIN] = 1.0 - settings->test_fraction - settings->validation_fraction;
    for (int64_t row = 0; row < ROWS; ++row) {
        float flux[WAVELENGTHS];

        make_flux(row, flux);
        counts[tml_split_part(settings, flux, WAVELENGTHS, row)] += 1;
    }
    for (int p = 0; p < TML_PARTS; ++p)
        assert_true(fabs((double)counts[p] - wanted[p] * ROWS) <=
                    5.0 * sqrt(ROWS * wanted[p] * (1.0 - wanted[p])));
}

static void test_parts_have_the_wanted_sizes(void **state)
{
    static const double fractions[][2] = {{0.1, 0.1}, {0.2, 0.05}, {0.0, 0.5}, {0.3, 0.0}, {0.0, 0.0}};

    (void)state;
    for (size_t i = 0; i < sizeof fractions / sizeof fractions[0]; ++i) {
        tml_settings groups = make_settings(TML_SPLIT_GROUPS, fractions[i][0], fractions[i][1]);
        tml_settings random = make_settings(TML_SPLIT_RANDOM, fractions[i][0], fractions[i][1]);

        check_fractions(&groups);
        check_fractions(&random);
    }
}

static void test_identical_spectra_land_in_the_same_part(void **state)
{
    tml_settings settings = make_settings(TML_SPLIT_GROUPS, 0.3, 0.3);

    (void)state;
    for (int64_t row = 0; row < 500; ++row) {
        float flux[WAVELENGTHS];
        tml_part part;

        make_flux(row, flux);
        part = tml_split_part(&settings, flux, WAVELENGTHS, row);
        for (int64_t twin = 1; twin < 5; ++twin)
            assert_int_equal(tml_split_part(&settings, flux, WAVELENGTHS, row + 1000 * twin), part);
    }
}

/* The number that decides is Philox(seed, SPLIT, group), group = XXH3-64 of the float32 bytes. */
static void test_the_rule_of_groups_is_the_documented_one(void **state)
{
    tml_settings settings = make_settings(TML_SPLIT_GROUPS, 0.25, 0.35);

    (void)state;
    for (int64_t row = 0; row < 500; ++row) {
        float flux[WAVELENGTHS];
        double u;

        make_flux(row, flux);
        u = tml_random_uniform((uint64_t)settings.seed, TML_RANDOM_SPLIT, tml_digest_64(flux, sizeof flux), 0,
                               0);
        assert_int_equal(tml_split_part(&settings, flux, WAVELENGTHS, row), u < 0.25   ? TML_PART_TEST
                                                                            : u < 0.60 ? TML_PART_VALIDATION
                                                                                       : TML_PART_TRAIN);
    }
}

static void test_one_bit_of_the_flux_makes_another_group(void **state)
{
    tml_settings settings = make_settings(TML_SPLIT_GROUPS, 0.3, 0.3);
    size_t moved = 0;

    (void)state;
    for (int64_t row = 0; row < 500; ++row) {
        float flux[WAVELENGTHS];
        tml_part part;

        make_flux(row, flux);
        part = tml_split_part(&settings, flux, WAVELENGTHS, row);
        flux[WAVELENGTHS - 1] = nextafterf(flux[WAVELENGTHS - 1], 1.0F);
        moved += tml_split_part(&settings, flux, WAVELENGTHS, row) != part;
    }
    /* 1 - 0.3^2 - 0.3^2 - 0.4^2 of them are expected to move */
    assert_true(fabs((double)moved - 0.66 * 500) <= 5.0 * sqrt(500 * 0.66 * 0.34));
}

static void test_the_rule_random_looks_at_the_row_alone(void **state)
{
    tml_settings settings = make_settings(TML_SPLIT_RANDOM, 0.3, 0.3);
    float flux[WAVELENGTHS];
    float same[WAVELENGTHS];
    size_t parted = 0;

    (void)state;
    make_flux(1, same);
    for (int64_t row = 0; row < 500; ++row) {
        make_flux(row, flux);
        assert_int_equal(tml_split_part(&settings, flux, WAVELENGTHS, row),
                         tml_split_part(&settings, same, WAVELENGTHS, row));
        parted += tml_split_part(&settings, same, WAVELENGTHS, row) !=
                  tml_split_part(&settings, same, WAVELENGTHS, row + 1000);
    }
    assert_true(parted > 250); /* twins are parted */
}

static void test_the_seed_decides(void **state)
{
    tml_settings one = make_settings(TML_SPLIT_GROUPS, 0.3, 0.3);
    tml_settings other = one;
    size_t moved = 0;

    (void)state;
    other.seed += 1;
    for (int64_t row = 0; row < 500; ++row) {
        float flux[WAVELENGTHS];

        make_flux(row, flux);
        moved += tml_split_part(&one, flux, WAVELENGTHS, row) !=
                 tml_split_part(&other, flux, WAVELENGTHS, row);
    }
    assert_true(moved > 250);
}

static void test_the_words_of_the_file(void **state)
{
    const char *const words[] = {"train", "validation", "test"};
    tml_error error = {0, ""};

    (void)state;
    for (int p = 0; p < TML_PARTS; ++p)
        for (size_t padding = 0; padding < 4; ++padding) {
            char text[16] = {0};
            tml_part part = TML_PARTS;

            memcpy(text, words[p], strlen(words[p]));
            assert_int_equal(tml_split_from_text(text, strlen(words[p]) + padding, &part, &error), TML_OK);
            assert_int_equal(part, p);
        }
}

static void test_other_words_are_refused_and_named(void **state)
{
    const char *const words[] = {"", "tes", "tests", "Train", "val", "training", " test", "trai"};
    tml_error error = {0, ""};

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; ++i) {
        char text[16] = {0};
        char quoted[32];
        tml_part part = TML_PARTS;

        memcpy(text, words[i], strlen(words[i]));
        snprintf(quoted, sizeof quoted, "'%s'", words[i]);
        assert_int_equal(tml_split_from_text(text, 10, &part, &error), TML_BAD_DATA);
        assert_non_null(strstr(error.message, quoted));
        assert_non_null(strstr(error.message, "train, validation or test"));
        assert_int_equal(part, TML_PARTS);
    }
    /* A column too narrow for the word, without a NUL at the end of it. */
    {
        const char narrow[4] = {'t', 'r', 'a', 'i'};
        tml_part part = TML_PARTS;

        assert_int_equal(tml_split_from_text(narrow, sizeof narrow, &part, &error), TML_BAD_DATA);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_have_the_wanted_sizes),
        cmocka_unit_test(test_identical_spectra_land_in_the_same_part),
        cmocka_unit_test(test_the_rule_of_groups_is_the_documented_one),
        cmocka_unit_test(test_one_bit_of_the_flux_makes_another_group),
        cmocka_unit_test(test_the_rule_random_looks_at_the_row_alone),
        cmocka_unit_test(test_the_seed_decides),
        cmocka_unit_test(test_the_words_of_the_file),
        cmocka_unit_test(test_other_words_are_refused_and_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
