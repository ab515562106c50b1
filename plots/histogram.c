#include "plots/histogram.h"

#include <math.h>
#include <stdlib.h>

enum { CORNERS = 2 * TML_HISTOGRAM_MOST + 2 };

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

void tml_sample_sort(size_t count, double *sample)
{
    if (count > 1)
        qsort(sample, count, sizeof *sample, compare);
}

double tml_sample_quantile(size_t count, const double *sorted, double probability)
{
    double place = probability * (double)(count > 0 ? count - 1 : 0), fraction;
    size_t below = (size_t)place;

    if (count == 0)
        return NAN;
    if (below + 1 >= count)
        return sorted[count - 1];
    fraction = place - (double)below;
    return (1.0 - fraction) * sorted[below] + fraction * sorted[below + 1];
}

tml_bins tml_bins_choose(double low, double high, double interquartile_range, size_t total)
{
    double width = 2.0 * interquartile_range / cbrt((double)(total > 0 ? total : 1));
    double wanted = width > 0.0 ? ceil((high - low) / width) : TML_HISTOGRAM_MOST;

    return (tml_bins){(size_t)fmin(fmax(wanted, TML_HISTOGRAM_LEAST), TML_HISTOGRAM_MOST), low, high};
}

void tml_histogram_add(tml_histogram *histogram, double value)
{
    const tml_bins *bins = &histogram->bins;
    double place = (value - bins->low) / (bins->high - bins->low) * (double)bins->count;

    if (!isfinite(value))
        return;
    ++histogram->total;
    if (value < bins->low || value > bins->high)
        ++histogram->outside;
    else
        ++histogram->bin[place < (double)bins->count ? (size_t)place : bins->count - 1];
}

double tml_histogram_share(const tml_histogram *histogram, size_t bin)
{
    return histogram->total > 0 ? 100.0 * (double)histogram->bin[bin] / (double)histogram->total : 0.0;
}

double tml_histogram_peak(const tml_histogram *histogram)
{
    double peak = 0.0;

    for (size_t b = 0; b < histogram->bins.count; ++b)
        peak = fmax(peak, tml_histogram_share(histogram, b));
    return peak;
}

void tml_histogram_draw(const tml_canvas *canvas, const tml_axes *axes, const tml_histogram *histogram,
                        const tml_fill *fill, const tml_pen *pen)
{
    const tml_bins *bins = &histogram->bins;
    double x[CORNERS], y[CORNERS];
    size_t corners = 0;
    tml_stroke stroke;

    for (size_t edge = 0; edge <= bins->count; ++edge) {
        double at = tml_axes_x(axes,
                               bins->low + (bins->high - bins->low) * (double)edge / (double)bins->count);
        double before = edge > 0 ? tml_histogram_share(histogram, edge - 1) : 0.0;
        double after = edge < bins->count ? tml_histogram_share(histogram, edge) : 0.0;

        x[corners] = x[corners + 1] = at;
        y[corners] = tml_axes_y(axes, before);
        y[corners + 1] = tml_axes_y(axes, after);
        corners += 2;
    }
    tml_pen_clip(canvas, &axes->frame);
    tml_fill_polygon(canvas, fill, corners, x, y);
    tml_stroke_begin(&stroke, canvas, pen);
    for (size_t i = 0; i < corners; ++i)
        tml_stroke_to(&stroke, x[i], y[i]);
    tml_stroke_end(&stroke);
}
