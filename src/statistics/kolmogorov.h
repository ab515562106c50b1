#ifndef TML_STATISTICS_KOLMOGOROV_H
#define TML_STATISTICS_KOLMOGOROV_H

/** @file statistics/kolmogorov.h
 * How large the greatest distance between an empirical distribution and the true one is by chance. Not
 * collective. */

#include <stddef.h>

/** Where a probability comes from. */
typedef enum tml_ks_method {
    TML_KS_NONE,      /* there is none */
    TML_KS_EXACT,     /* the distribution for this number of values, to 1e-10 of p (1e-9 for a million) */
    TML_KS_ASYMPTOTIC /* that of very many values; how good is said with each function */
} tml_ks_method;

/** "none", "exact" or "asymptotic". */
const char *tml_ks_method_name(tml_ks_method method);

/** Kolmogorov's limiting distribution: probability that sqrt(n) D is above lambda for n to infinity,
 * 2 sum_k (-1)^(k-1) exp(-2 k^2 lambda^2) (Kolmogorov 1933; for small lambda by its theta transform).
 * @return 1 for lambda at most 0; NaN for NaN
 */
double tml_kolmogorov_tail(double lambda);

/** Probability that D of n values is at least d, when they do follow the distribution.
 *
 * For n d^2 >= 4 twice the one-sided probability, a sum of positive terms (Birnbaum & Tingey 1951, Ann. Math.
 * Stat. 22, 592): what that counts twice is below 4e-11 of it. Else, up to n = TML_KS_ONE_SAMPLE_EXACT, one
 * minus Durbin's matrix form (Marsaglia, Tsang & Wang 2003, J. Stat. Soft. 8, 18). For more values, to 1e-4
 * of p: the former for n d^2 >= 1.6 already, below that the limit, taken at
 * sqrt(n) d + 1 / (6 sqrt(n)) + (sqrt(n) d - 1) / (4 n) (Vrbik 2020, Appl. Math. 11, 227).
 * @param method  out
 * @return NaN when n is 0 or d is NaN or there is no memory
 */
double tml_kolmogorov_one_sample_tail(size_t n, double d, tml_ks_method *method);
enum { TML_KS_ONE_SAMPLE_EXACT = 1000 };

#endif
