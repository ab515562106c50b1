#ifndef TML_STATISTICS_CALIBRATION_H
#define TML_STATISTICS_CALIBRATION_H

/** @file statistics/calibration.h
 * Whether stated uncertainties are right: where true values lie among the draws that were predicted for them.
 * The share of the draws below the truth (probability integral transform; Dawid 1984, J. R. Stat. Soc. A 147,
 * 278) is uniform over many objects when they are. Not collective. */

#include <stddef.h>

/** Share of values below another one; equal ones count half.
 * @param values  [count] with this stride; borrowed
 * @return NaN when count is 0 or a number is NaN
 */
double tml_share_below(size_t count, size_t stride, const double *values, double value);

/** Smallest k with P(X <= k) >= p for X binomial: n trials of that success. Above 20,000 trials by the normal
 * distribution, which is off by one or two.
 * @param success  0 to 1
 * @param p        inside (0, 1)
 */
size_t tml_binomial_quantile(size_t n, double success, double p);

enum { TML_CALIBRATION_BINS = 10, TML_CALIBRATION_LEVELS = 41 };

typedef struct tml_calibration {
    size_t count;                            /* objects */
    size_t bins;                             /* of equal width from 0 to 1; at most TML_CALIBRATION_BINS */
    size_t bin[TML_CALIBRATION_BINS];        /* [bins] objects whose share lies there */
    double expected;                         /* objects in a bin */
    size_t bin_low, bin_high;                /* central 95 % of the objects in one bin by chance */
    double nominal[TML_CALIBRATION_LEVELS];  /* share that a central interval is meant to hold, 0 to 1 */
    double observed[TML_CALIBRATION_LEVELS]; /* share of the objects whose truth lies in theirs */
    double chance_low[TML_CALIBRATION_LEVELS], chance_high[TML_CALIBRATION_LEVELS]; /* central 95 % of that */
    double p; /* Kolmogorov and Smirnov's probability of a distribution as far from the uniform one */
} tml_calibration;

/** Look at some objects. Of n draws the shares are the multiples of 1/n; they count as the middle of the n +
 * 1 places that a truth may have among them, and fewer than 50 draws get as many bins as divide these evenly.
 * @param draws  of each object; 0: not known
 * @param share  [count] 0 to 1, as by tml_share_below; replaced by their places, ascending
 * @return all zero, p NaN, when count is 0
 */
tml_calibration tml_calibration_of(size_t count, double *share, size_t draws);

#endif
