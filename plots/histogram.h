#ifndef TML_PLOTS_HISTOGRAM_H
#define TML_PLOTS_HISTOGRAM_H

/** @file plots/histogram.h
 * Histograms: bins, shares and steps. Not collective. Order of calls: sample, bins, add for each array, draw.
 */

#include <stddef.h>

#include "plots/axes.h"
#include "plots/fill.h"

enum { TML_HISTOGRAM_LEAST = 8, TML_HISTOGRAM_MOST = 60, TML_HISTOGRAM_SAMPLES = 1 << 16 };

typedef struct tml_bins {
    size_t count; /* TML_HISTOGRAM_LEAST to TML_HISTOGRAM_MOST */
    double low, high;
} tml_bins;

typedef struct tml_histogram {
    tml_bins bins;
    size_t total;   /* finite values */
    size_t outside; /* of these, not in any bin */
    size_t bin[TML_HISTOGRAM_MOST];
} tml_histogram;

/** Sort a sample in place. */
void tml_sample_sort(size_t count, double *sample);

/** Quantile of a sorted sample with linear interpolation (Hyndman and Fan 1996, type 7); NaN of none. */
double tml_sample_quantile(size_t count, const double *sorted, double probability);

/** Bins from low to high, as wide as Freedman and Diaconis (1981) say: 2 IQR / n^(1/3), within the limits of
 * their number. @param low, high  finite, low < high @param total n */
tml_bins tml_bins_choose(double low, double high, double interquartile_range, size_t total);

/** Count one value; one that is not finite is passed over. */
void tml_histogram_add(tml_histogram *histogram, double value);

/** Share of a bin among all finite values [%]; 0 of none. */
double tml_histogram_share(const tml_histogram *histogram, size_t bin);

/** Largest share [%]. */
double tml_histogram_peak(const tml_histogram *histogram);

/** The shares as filled steps. Only inside a tml_draw. */
void tml_histogram_draw(const tml_canvas *canvas, const tml_axes *axes, const tml_histogram *histogram,
                        const tml_fill *fill, const tml_pen *pen);

#endif
