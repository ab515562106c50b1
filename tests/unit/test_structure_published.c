/** @file test_structure_published.c
 * Temperatures against the solar profiles of Sonora Bobcat that the fit has not seen: Teff 700, 1400, 2000 K
 * and log g 4.0. Skipped where the published data are absent. */
#include "atmosphere/structure.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/byte_source.h"

enum { ROOM = 65536, MOST_PROFILES = 80, GRAVITIES = 10 };

/* File names hold the gravity in m s-2, rounded down: 17 stands for 10^1.25. */
static const int gravity[GRAVITIES] = {17, 31, 56, 100, 178, 316, 562, 1000, 1780, 3160};

static const char *folder(void)
{
    const char *data = getenv("TML_TEST_DATA");

    return data != NULL ? data : ".";
}

/* The text of a profile; false if there is none. */
static bool read_profile(int teff, int gravity_si, char text[ROOM])
{
    char path[4096];
    tml_byte_source *source = NULL;
    tml_error error;
    size_t length = 0;
    size_t count = 1;

    snprintf(path, sizeof path, "%s/atmosphere/structures/t%dg%dnc_m0.0.cmp.gz", folder(), teff, gravity_si);
    if (tml_byte_source_open(path, &source, &error) != TML_OK)
        return false;
    while (count > 0 && length + 1 < ROOM) {
        assert_int_equal(tml_byte_source_read(source, text + length, ROOM - 1 - length, &count, &error),
                         TML_OK);
        length += count;
    }
    tml_byte_source_close(&source);
    text[length] = '\0';
    return true;
}

/* ln T at a pressure between the levels; NAN beyond them. */
static double ln_temperature_at(const tml_structure *s, double pressure_bar)
{
    for (size_t l = 0; l + 1 < TML_STRUCTURE_LEVELS; ++l)
        if (pressure_bar >= s->pressure_bar[l] && pressure_bar <= s->pressure_bar[l + 1]) {
            const double part = log(pressure_bar / s->pressure_bar[l]) /
                                log(s->pressure_bar[l + 1] / s->pressure_bar[l]);

            return (1.0 - part) * log(s->temperature_k[l]) + part * log(s->temperature_k[l + 1]);
        }
    return NAN;
}

/* Root of the mean square of T / T(published) - 1 between 0.001 and 100 bar, or the bottom of the structure.
 */
static double deviation_of(int teff, size_t g, char *text)
{
    tml_structure s;
    char *rest = NULL;
    double sum = 0.0;
    int count = 0;

    tml_structure_of(teff, 3.25 + 0.25 * (double)g, 1.0, 0.0, &s);
    for (const char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        double level;
        double pressure;
        double temperature;

        if (sscanf(line, "%lf %lf %lf", &level, &pressure, &temperature) == 3 && pressure >= 1e-3 &&
            pressure <= fmin(100.0, s.pressure_bar[TML_STRUCTURE_LEVELS - 1])) {
            const double off = expm1(ln_temperature_at(&s, pressure) - log(temperature));

            assert_true(isfinite(off));
            sum += off * off;
            ++count;
        }
    }
    assert_true(count > 20);
    return sqrt(sum / count);
}

static int compare(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;

    return (*left > *right) - (*left < *right);
}

/* Asked for are 3 % and 8 %; reached when this was written: 1.06 % and 2.2 %. */
static void test_profiles_that_no_fit_has_used_are_met(void **state)
{
    static char text[ROOM];
    double deviation[MOST_PROFILES];
    size_t count = 0;

    (void)state;
    if (!read_profile(700, 100, text)) {
        printf("skipped: %s/atmosphere/structures is not there (set TML_TEST_DATA)\n", folder());
        exit(77);
    }
    for (int teff = 200; teff <= 2400; teff += 25)
        for (size_t g = 0; g < GRAVITIES; ++g)
            if ((teff == 700 || teff == 1400 || teff == 2000 || gravity[g] == 100) &&
                read_profile(teff, gravity[g], text)) {
                assert_true(count < MOST_PROFILES);
                deviation[count++] = deviation_of(teff, g, text);
            }
    assert_int_equal(count, 66);
    qsort(deviation, count, sizeof deviation[0], compare);
    assert_true(deviation[count / 2] < 0.0115);
    assert_true(deviation[count * 95 / 100] < 0.024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_profiles_that_no_fit_has_used_are_met)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
