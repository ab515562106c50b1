#include "statistics/histogram_test.h"

#include <math.h>
#include <stdbool.h>

#include "statistics/chi_square.h"

static bool is_count(double value)
{
    return isfinite(value) && value >= 0.0;
}

tml_histogram_test tml_histogram_compare(size_t bins, const double *first, const double *second)
{
    tml_histogram_test test = {NAN, 0, NAN};
    double first_total = 0.0;
    double second_total = 0.0;
    double chi2 = 0.0;
    size_t filled = 0;

    for (size_t i = 0; i < bins; ++i) {
        if (!is_count(first[i]) || !is_count(second[i]))
            return test;
        first_total += first[i];
        second_total += second[i];
    }
    if (!(first_total > 0.0) || !(second_total > 0.0))
        return test;
    for (size_t i = 0; i < bins; ++i)
        if (first[i] + second[i] > 0.0) {
            double difference = sqrt(second_total / first_total) * first[i] -
                                sqrt(first_total / second_total) * second[i];

            chi2 += difference * difference / (first[i] + second[i]);
            ++filled;
        }
    test.chi2 = chi2;
    test.dof = filled - 1;
    test.p = tml_chi_square_tail(chi2, (double)test.dof);
    return test;
}
