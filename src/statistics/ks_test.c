#include "statistics/ks_test.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/memory.h"

/* Two sorted samples as steps: one value after the other, in the order of the values. */
typedef struct pair {
    size_t n, m;
    const double *first, *second;
} pair;

/* After i values of the first and j of the second sample: n m times the distance of their distributions. */
static uint64_t distance(const pair *samples, size_t i, size_t j)
{
    uint64_t left = (uint64_t)i * samples->m;
    uint64_t right = (uint64_t)j * samples->n;

    return left > right ? left - right : right - left;
}

/* The greatest distance, and behind which of the n + m values, in common order, another value begins: only
 * there the distributions can be compared.
 * @param ends  [n + m + 1] out; NULL: not wanted */
static uint64_t greatest_distance(const pair *samples, bool *ends)
{
    size_t i = 0;
    size_t j = 0;
    uint64_t greatest = 0;

    while (i < samples->n || j < samples->m) {
        double value = j == samples->m || (i < samples->n && samples->first[i] <= samples->second[j])
                           ? samples->first[i]
                           : samples->second[j];

        while (i < samples->n && samples->first[i] <= value)
            ++i;
        while (j < samples->m && samples->second[j] <= value)
            ++j;
        if (distance(samples, i, j) > greatest)
            greatest = distance(samples, i, j);
        if (ends != NULL)
            ends[i + j] = true;
    }
    return greatest;
}

/* Share of the paths from (0, 0) to (n, m) that somewhere are `least` or more away from the diagonal. All
 * terms are positive: small shares keep their digits.
 * @param share  [m + 1] scratch: of the paths to (i, j) */
static double share_of_paths(const pair *samples, uint64_t least, const bool *ends, double *share)
{
    for (size_t i = 0; i <= samples->n; ++i)
        for (size_t j = 0; j <= samples->m; ++j) {
            double steps = (double)(i + j);

            if (i + j == 0)
                share[0] = 0.0;
            else if (ends[i + j] && distance(samples, i, j) >= least)
                share[j] = 1.0;
            else if (j == 0)
                share[0] = i > 0 ? share[0] : 0.0;
            else if (i == 0)
                share[j] = share[j - 1];
            else
                share[j] = (double)i / steps * share[j] + (double)j / steps * share[j - 1];
        }
    return share[samples->m];
}

static tml_status exact_p(const pair *samples, uint64_t least, double *p, tml_error *error)
{
    double *share = NULL;
    bool *ends = NULL;
    tml_status status = tml_array_create(samples->m + 1, sizeof *share, "a two-sample test", &share, error);

    if (status == TML_OK)
        status = tml_array_create(samples->n + samples->m + 1, sizeof *ends, "a two-sample test", &ends,
                                  error);
    if (status == TML_OK) {
        greatest_distance(samples, ends);
        *p = share_of_paths(samples, least, ends, share);
    }
    free(share);
    free(ends);
    return status;
}

tml_status tml_ks_compare(size_t first_count, const double *first, size_t second_count, const double *second,
                          tml_ks_test *test, tml_error *error)
{
    pair samples = {first_count, second_count, first, second};
    double n = (double)first_count;
    double m = (double)second_count;
    uint64_t greatest;

    *test = (tml_ks_test){NAN, NAN, TML_KS_NONE};
    if (first_count == 0 || second_count == 0)
        return TML_OK;
    greatest = greatest_distance(&samples, NULL);
    test->d = (double)greatest / (n * m);
    if (n * m > TML_KS_TWO_SAMPLE_EXACT) {
        test->method = TML_KS_ASYMPTOTIC;
        test->p = tml_kolmogorov_tail(sqrt(n * m / (n + m)) * test->d);
        return TML_OK;
    }
    test->method = TML_KS_EXACT;
    return exact_p(&samples, greatest, &test->p, error);
}

tml_ks_test tml_ks_uniform(size_t count, const double *sorted)
{
    tml_ks_test test = {NAN, NAN, TML_KS_NONE};
    double n = (double)count;

    if (count == 0)
        return test;
    test.d = 0.0;
    for (size_t i = 0; i < count; ++i) {
        double value = fmin(fmax(sorted[i], 0.0), 1.0);

        test.d = fmax(test.d, fmax((double)(i + 1) / n - value, value - (double)i / n));
    }
    test.p = tml_kolmogorov_one_sample_tail(count, test.d, &test.method);
    return test;
}
