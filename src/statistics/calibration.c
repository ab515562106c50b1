#include "statistics/calibration.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/ks_test.h"

/* With fewer draws than this, tenths hold visibly different numbers of places. */
enum { DRAWS_FOR_ALL_BINS = 50 };

#define CHANCE_LOW 0.025
#define CHANCE_HIGH 0.975

double tml_share_below(size_t count, size_t stride, const double *values, double value)
{
    double below = 0.0;

    if (count == 0 || isnan(value))
        return NAN;
    for (size_t i = 0; i < count; ++i) {
        double other = values[i * stride];

        if (isnan(other))
            return NAN;
        below += other < value ? 1.0 : other > value ? 0.0 : 0.5;
    }
    return below / (double)count;
}

/* Beyond, GSL's continued fraction may not converge. */
enum { MOST_EXACT_TRIALS = 20000 };

static size_t normal_quantile(size_t n, double success, double p)
{
    double sd = sqrt((double)n * success * (1.0 - success));
    double k = round((double)n * success + gsl_cdf_ugaussian_Pinv(p) * sd);

    return (size_t)fmin(fmax(k, 0.0), (double)n);
}

size_t tml_binomial_quantile(size_t n, double success, double p)
{
    size_t low = 0;
    size_t high = n;

    if (n > MOST_EXACT_TRIALS)
        return normal_quantile(n, success, p);
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (gsl_cdf_binomial_P((unsigned)middle, success, (unsigned)n) >= p)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static size_t bins_for(size_t draws)
{
    size_t bins = TML_CALIBRATION_BINS;

    if (draws == 0 || draws >= DRAWS_FOR_ALL_BINS)
        return bins;
    while (bins > 2 && (draws + 1) % bins != 0)
        --bins;
    return bins;
}

static int compare(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;

    return (*left > *right) - (*left < *right);
}

static void fill_bins(size_t count, const double *place, tml_calibration *c)
{
    double share = 1.0 / (double)c->bins;

    for (size_t i = 0; i < count; ++i) {
        size_t bin = (size_t)(place[i] * (double)c->bins);

        c->bin[bin < c->bins ? bin : c->bins - 1] += 1;
    }
    c->expected = share * (double)count;
    c->bin_low = tml_binomial_quantile(count, share, CHANCE_LOW);
    c->bin_high = tml_binomial_quantile(count, share, CHANCE_HIGH);
}

static void fill_levels(size_t count, const double *place, tml_calibration *c)
{
    for (size_t l = 0; l < TML_CALIBRATION_LEVELS; ++l) {
        double nominal = (double)l / (TML_CALIBRATION_LEVELS - 1);
        size_t inside = 0;

        for (size_t i = 0; i < count; ++i)
            inside += fabs(2.0 * place[i] - 1.0) <= nominal ? 1 : 0;
        c->nominal[l] = nominal;
        c->observed[l] = (double)inside / (double)count;
        c->chance_low[l] = (double)tml_binomial_quantile(count, nominal, CHANCE_LOW) / (double)count;
        c->chance_high[l] = (double)tml_binomial_quantile(count, nominal, CHANCE_HIGH) / (double)count;
    }
}

tml_calibration tml_calibration_of(size_t count, double *share, size_t draws)
{
    tml_calibration c;

    memset(&c, 0, sizeof c);
    c.p = NAN;
    if (count == 0)
        return c;
    for (size_t i = 0; i < count && draws > 0; ++i)
        share[i] = (share[i] * (double)draws + 0.5) / (double)(draws + 1);
    qsort(share, count, sizeof *share, compare);
    c.count = count;
    c.bins = bins_for(draws);
    fill_bins(count, share, &c);
    fill_levels(count, share, &c);
    c.p = tml_ks_uniform(count, share).p;
    return c;
}
