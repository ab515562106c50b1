/** @file test_chi_square_published.c
 * All 662 pairs of chi-square and probability that the published work printed, 103 degrees of freedom, to
 * their printed digits. Skipped where the published data are absent. */
#include "statistics/chi_square.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/fluxcal.h"

enum { PAIRS = 662 };

/* Half a unit of the last digit: the work rounds to three significant digits, whatever zeros it prints behind
 * them, and in fixed point to the last that it prints. */
static double half_a_digit(double tail, const char *printed)
{
    const char *point = strchr(printed, '.');
    double significant = pow(10.0, floor(log10(tail)) - 2.0);
    double decimal = 0.0;

    if (strchr(printed, 'e') == NULL)
        decimal = point != NULL ? pow(10.0, -(double)strlen(point + 1)) : 1.0;
    return 0.5 * fmax(significant, decimal) * (1.0 + 1e-9);
}

/* The original computes 1 - cdf, a difference of numbers near 1: it has no digits below 1e-15, and far out it
 * prints 0 where ours goes on. It rounds chi-square to what it prints before it takes the tail. */
static void compare(const char *chi2, const char *printed)
{
    double tail = tml_chi_square_tail(strtod(chi2, NULL), 103.0);

    if (!(fabs(tail - strtod(printed, NULL)) <= half_a_digit(tail, printed) + 1e-15))
        fail_msg("chi2 %s: %s was printed, it is %.10g", chi2, printed, tail);
}

static void test_all_pairs_to_their_printed_digits(void **state)
{
    FILE *file = open_published("chi2_pvalue_pairs.csv");
    char line[FLUXCAL_LINE];
    int compared = 0;

    (void)state;
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        char *comma = strchr(line, ',');

        assert_non_null(comma);
        *comma = '\0';
        comma[strcspn(comma + 1, "\r\n") + 1] = '\0';
        compare(line, comma + 1);
        ++compared;
    }
    fclose(file);
    assert_int_equal(compared, PAIRS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_pairs_to_their_printed_digits),
    };

    fclose(open_published("chi2_pvalue_pairs.csv"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
