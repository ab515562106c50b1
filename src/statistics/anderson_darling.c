#include "statistics/anderson_darling.h"

#include <math.h>

/* The ends of their table 2 for two samples, and the parabola in the statistic that fits the logarithms of
 * its seven probabilities best by least squares (tests/golden/statistics.py). */
static const double least_statistic = 0.325, most_p = 0.25;
static const double most_statistic = 6.546, least_p = 0.001;
static const double parabola[3] = {-1.0777702798204873, -1.0082265644652506, 0.018198094574111258};

/* Number of values at most `limit`, from `at` on. */
static size_t pass(size_t count, const double *sorted, size_t at, double limit)
{
    while (at < count && sorted[at] <= limit)
        ++at;
    return at;
}

/* The sum over the different values of both samples; B_j and M_j count half of those that are equal. */
static double squared_distance(size_t n, const double *first, size_t m, const double *second)
{
    double total = (double)(n + m);
    double sum = 0.0;
    size_t i = 0;
    size_t j = 0;

    while (i < n || j < m) {
        double value = j == m || (i < n && first[i] <= second[j]) ? first[i] : second[j];
        size_t i_next = pass(n, first, i, value);
        size_t j_next = pass(m, second, j, value);
        double equal = (double)(i_next - i + j_next - j);
        double before = (double)(i + j) + 0.5 * equal;
        double before_first = 0.5 * (double)(i + i_next);
        /* (N M_1j - n B_j)^2 is the same for both samples. */
        double difference = total * before_first - (double)n * before;

        sum += equal / total * difference * difference * (1.0 / (double)n + 1.0 / (double)m) /
               (before * (total - before) - 0.25 * total * equal);
        i = i_next;
        j = j_next;
    }
    return sum * (total - 1.0) / total;
}

/* Their eq. 4 for k = 2. */
static double variance(size_t n, size_t m)
{
    size_t count = n + m;
    double total = (double)count;
    double shares = 1.0 / (double)n + 1.0 / (double)m; /* H */
    double harmonic = 0.0;                             /* h */
    double nested = 0.0;                               /* g */
    double a, b, c, d;

    for (size_t i = count - 1; i > 0; --i) {
        nested += harmonic / (total - (double)i);
        harmonic += 1.0 / (double)i;
    }
    a = (4.0 * nested - 6.0) + (10.0 - 6.0 * nested) * shares;
    b = (2.0 * nested - 4.0) * 4.0 + 16.0 * harmonic + (2.0 * nested - 14.0 * harmonic - 4.0) * shares -
        8.0 * harmonic + 4.0 * nested - 6.0;
    c = (6.0 * harmonic + 2.0 * nested - 2.0) * 4.0 + (4.0 * harmonic - 4.0 * nested + 6.0) * 2.0 +
        (2.0 * harmonic - 6.0) * shares + 4.0 * harmonic;
    d = (2.0 * harmonic + 6.0) * 4.0 - 8.0 * harmonic;
    return (((a * total + b) * total + c) * total + d) / ((total - 1.0) * (total - 2.0) * (total - 3.0));
}

tml_anderson_darling tml_anderson_darling_compare(size_t first_count, const double *first,
                                                  size_t second_count, const double *second)
{
    tml_anderson_darling test = {NAN, NAN, false};
    double least, most;

    if (first_count == 0 || second_count == 0 || first_count + second_count < 4)
        return test;
    least = fmin(first[0], second[0]);
    most = fmax(first[first_count - 1], second[second_count - 1]);
    if (!(least < most))
        return test;
    test.statistic = (squared_distance(first_count, first, second_count, second) - 1.0) /
                     sqrt(variance(first_count, second_count));
    test.is_bound = test.statistic < least_statistic || test.statistic > most_statistic;
    if (test.is_bound)
        test.p = test.statistic < least_statistic ? most_p : least_p;
    else
        test.p = exp(parabola[0] + test.statistic * (parabola[1] + test.statistic * parabola[2]));
    return test;
}
