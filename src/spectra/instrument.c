#include "spectra/instrument.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "spectra/instrument_bins.h"
#include "spectra/pixel_state.h"

static const double sigmas = 5.0;                        /* reach of the line-spread function */
static const double width_per_sigma = 2.354820045030949; /* 2 sqrt(2 ln 2) */
static const double slack = 1e-6;

/* Edges of cells around centres; the outermost as far beyond their centre as the other edge is before it. */
static void find_edges(size_t count, const double *centre, double *edge)
{
    for (size_t i = 1; i < count; ++i)
        edge[i] = 0.5 * (centre[i - 1] + centre[i]);
    edge[0] = centre[0] - (edge[1] - centre[0]);
    edge[count] = centre[count - 1] + (centre[count - 1] - edge[count - 1]);
}

/* The second antiderivative of the line-spread function. */
static double twice_integrated(double x, double sigma)
{
    const double root_half = 0.70710678118654752440;
    const double root_2_pi = 2.50662827463100050242;
    double z;

    if (sigma <= 0.0)
        return x > 0.0 ? x : 0.0;
    z = x / sigma;
    return 0.5 * x * erfc(-z * root_half) + sigma / root_2_pi * exp(-0.5 * z * z);
}

static double weight_of(double a, double b, double c, double d, double sigma)
{
    return twice_integrated(b - c, sigma) - twice_integrated(a - c, sigma) - twice_integrated(b - d, sigma) +
           twice_integrated(a - d, sigma);
}

/* Everything about one bin that its weights need. */
typedef struct reach {
    double low, high; /* edges of the bin */
    double sigma;
    size_t first, end; /* native bins within reach */
} reach;

static double sigma_of(const tml_instrument_wish *wish, double wavelength_um)
{
    const double resolution = tml_instrument_resolution(wish, wavelength_um);

    return resolution > 0.0 ? wavelength_um / (resolution * width_per_sigma) : 0.0;
}

static reach reach_of(const tml_instrument_wish *wish, const double *bin_edge, double centre, size_t bin,
                      size_t native, const double *native_edge)
{
    reach found = {bin_edge[bin], bin_edge[bin + 1], sigma_of(wish, centre), 0, 0};
    const double margin = found.sigma > 0.0 ? sigmas * found.sigma : -1e-9 * centre;

    while (found.first < native && native_edge[found.first + 1] <= found.low - margin)
        ++found.first;
    found.end = found.first;
    while (found.end < native && native_edge[found.end] < found.high + margin)
        ++found.end;
    return found;
}

static tml_status check_native(const tml_instrument_wish *wish, const tml_instrument *instrument,
                               const double *bin_edge, size_t native, const double *native_um,
                               const double *native_edge, tml_error *error)
{
    const size_t bins = instrument->bins;

    if (bin_edge[0] < native_edge[0] * (1.0 - slack) || bin_edge[bins] > native_edge[native] * (1.0 + slack))
        return TML_FAIL(
            error, TML_BAD_DATA,
            "bins from %.5g to %.5g micron are wanted, but the opacity table covers %.5g to %.5g; "
            "choose a smaller range, or a table that reaches further (--tables)",
            bin_edge[0], bin_edge[bins], native_edge[0], native_edge[native]);
    for (size_t i = 0, n = 0; i < bins; ++i) {
        const double centre = instrument->wavelength_um[i];
        const double resolution = tml_instrument_resolution(wish, centre);
        double native_resolution;

        while (n + 1 < native && native_edge[n + 1] <= centre)
            ++n;
        native_resolution = native_um[n] / (native_edge[n + 1] - native_edge[n]);
        if (resolution > native_resolution * (1.0 + 1e-4))
            return TML_FAIL(
                error, TML_BAD_DATA,
                "R = %g at %.5g micron is finer than the bins of the opacity table, which have R = "
                "%.4g there; ask for at most that, or name a finer table with --tables",
                resolution, centre, native_resolution);
    }
    return TML_OK;
}

static tml_status make_weights(size_t bins, size_t pixels, size_t entries, tml_resampling *weights,
                               tml_error *error)
{
    const char *what = "the weights of an instrument";
    tml_status status = tml_array_create(bins + 1, sizeof *weights->first, what, &weights->first, error);

    if (status == TML_OK)
        status = tml_array_create(entries, sizeof *weights->pixel, what, &weights->pixel, error);
    if (status == TML_OK)
        status = tml_array_create(entries, sizeof *weights->weight, what, &weights->weight, error);
    if (status == TML_OK)
        status = tml_array_create(bins, sizeof *weights->state, what, &weights->state, error);
    weights->bins = bins;
    weights->pixels = pixels;
    return status;
}

static void fill_bin(const reach *bin, size_t i, size_t first, const double *native_edge,
                     tml_resampling *weights)
{
    size_t entries = weights->first[i];
    double sum = 0.0;

    for (size_t n = bin->first; n < bin->end; ++n) {
        const double weight = weight_of(bin->low, bin->high, native_edge[n], native_edge[n + 1], bin->sigma);

        weights->pixel[entries] = n - first;
        weights->weight[entries++] = weight;
        sum += weight;
    }
    for (size_t k = weights->first[i]; k < entries; ++k)
        weights->weight[k] /= sum;
    weights->first[i + 1] = entries;
    weights->state[i] = TML_PIXEL_USED;
}

static tml_status fill_weights(const tml_instrument_wish *wish, const double *bin_edge, size_t native,
                               const double *native_edge, tml_instrument *instrument, tml_error *error)
{
    const size_t bins = instrument->bins;
    size_t first = native;
    size_t end = 0;
    size_t entries = 0;
    tml_status status;

    for (size_t i = 0; i < bins; ++i) {
        const reach bin = reach_of(wish, bin_edge, instrument->wavelength_um[i], i, native, native_edge);

        first = bin.first < first ? bin.first : first;
        end = bin.end > end ? bin.end : end;
        entries += bin.end - bin.first;
    }
    instrument->first = first;
    status = make_weights(bins, end - first, entries, &instrument->weights, error);
    for (size_t i = 0; i < bins && status == TML_OK; ++i) {
        const reach bin = reach_of(wish, bin_edge, instrument->wavelength_um[i], i, native, native_edge);

        fill_bin(&bin, i, first, native_edge, &instrument->weights);
    }
    return status;
}

/* Where the wanted centres are native ones, nothing is to be done but to pick them. @return false if not so
 */
static bool find_identity(const tml_instrument_wish *wish, size_t native, const double *native_um,
                          tml_instrument *instrument)
{
    size_t n = 0;

    if (wish->rows > 0 || wish->resolution > 0.0)
        return false;
    while (n < native && native_um[n] < instrument->wavelength_um[0] * (1.0 - slack))
        ++n;
    instrument->first = n;
    for (size_t i = 0; i < instrument->bins; ++i)
        if (n + i >= native ||
            fabs(native_um[n + i] - instrument->wavelength_um[i]) > slack * instrument->wavelength_um[i])
            return false;
    return true;
}

static tml_status make_identity(tml_instrument *instrument, tml_error *error)
{
    uint8_t *state = NULL;
    tml_status status = tml_array_create(instrument->bins, sizeof *state, "states of bins", &state, error);

    if (status == TML_OK) {
        memset(state, TML_PIXEL_USED, instrument->bins);
        status = tml_resampling_identity(instrument->bins, state, &instrument->weights, error);
    }
    free(state);
    return status;
}

tml_status tml_instrument_create(size_t native, const double *native_um, const tml_instrument_wish *wish,
                                 tml_instrument *instrument, tml_error *error)
{
    double *native_edge = NULL;
    double *bin_edge = NULL;
    tml_status status;

    memset(instrument, 0, sizeof *instrument);
    status = tml_instrument_bins(wish, &instrument->bins, &instrument->wavelength_um, error);
    if (status == TML_OK && find_identity(wish, native, native_um, instrument)) {
        status = make_identity(instrument, error);
    } else {
        if (status == TML_OK)
            status = tml_array_create(native + 1, sizeof(double), "edges of bins", &native_edge, error);
        if (status == TML_OK)
            status = tml_array_create(instrument->bins + 1, sizeof(double), "edges of bins", &bin_edge,
                                      error);
        if (status == TML_OK) {
            find_edges(native, native_um, native_edge);
            find_edges(instrument->bins, instrument->wavelength_um, bin_edge);
            status = check_native(wish, instrument, bin_edge, native, native_um, native_edge, error);
        }
        if (status == TML_OK)
            status = fill_weights(wish, bin_edge, native, native_edge, instrument, error);
    }
    free(native_edge);
    free(bin_edge);
    if (status != TML_OK)
        tml_instrument_free(instrument);
    return status;
}

void tml_instrument_free(tml_instrument *instrument)
{
    free(instrument->wavelength_um);
    tml_resampling_free(&instrument->weights);
    memset(instrument, 0, sizeof *instrument);
}
