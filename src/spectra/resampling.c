#include "spectra/resampling.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "spectra/pixel_state.h"

/* A bin that is covered by half up to rounding counts as covered. */
static const double half = 0.5 * (1.0 - 1e-12);

/* What lies within one bin. */
typedef struct cover {
    double all;  /* width that the pixels cover, masked or not */
    double used; /* width that those with weight cover */
    size_t masked[TML_PIXEL_STATES];
} cover;

/* Edges of cells around centres. @param edge out: [count + 1] */
static void find_edges(size_t count, const double *centre, double *edge)
{
    for (size_t i = 1; i < count; ++i)
        edge[i] = 0.5 * (centre[i - 1] + centre[i]);
    edge[0] = centre[0] - (edge[1] - centre[0]);
    edge[count] = centre[count - 1] + (centre[count - 1] - edge[count - 1]);
}

static tml_status make_room(size_t pixels, size_t bins, size_t entries, tml_resampling *resampling,
                            tml_error *error)
{
    const char *what = "the weights of a resampling";
    tml_status status;

    memset(resampling, 0, sizeof *resampling);
    status = tml_array_create(bins + 1, sizeof *resampling->first, what, &resampling->first, error);
    if (status == TML_OK)
        status = tml_array_create(entries, sizeof *resampling->pixel, what, &resampling->pixel, error);
    if (status == TML_OK)
        status = tml_array_create(entries, sizeof *resampling->weight, what, &resampling->weight, error);
    if (status == TML_OK)
        status = tml_array_create(bins, sizeof *resampling->state, what, &resampling->state, error);
    if (status != TML_OK) {
        tml_resampling_free(resampling);
        return status;
    }
    resampling->pixels = pixels;
    resampling->bins = bins;
    return TML_OK;
}

/* P_ij w_j is the overlap of the two: entries of the bin [low, high] from pixel `from` on. */
static cover cover_bin(const double *edge, const uint8_t *state, size_t from, double low, double high,
                       tml_resampling *resampling, size_t *entries)
{
    cover found = {0};

    for (size_t j = from; j < resampling->pixels && edge[j] < high; ++j) {
        double overlap = fmin(edge[j + 1], high) - fmax(edge[j], low);

        if (!(overlap > 0.0))
            continue;
        found.all += overlap;
        if (state[j] != TML_PIXEL_USED) {
            ++found.masked[state[j]];
            continue;
        }
        found.used += overlap;
        resampling->pixel[*entries] = j;
        resampling->weight[*entries] = overlap;
        ++*entries;
    }
    return found;
}

static uint8_t state_of(const cover *found, double width)
{
    size_t commonest = TML_PIXEL_USED + 1;

    if (found->all < half * width)
        return TML_PIXEL_OUTSIDE;
    if (found->used >= half * width)
        return TML_PIXEL_USED;
    for (size_t s = commonest + 1; s < TML_PIXEL_STATES; ++s)
        if (found->masked[s] > found->masked[commonest])
            commonest = s;
    return (uint8_t)commonest;
}

static void fill(const double *edge, const uint8_t *state, const double *bin_edge, tml_resampling *resampling)
{
    size_t entries = 0;
    size_t from = 0;

    for (size_t i = 0; i < resampling->bins; ++i) {
        const double low = bin_edge[i];
        const double high = bin_edge[i + 1];
        cover found;

        while (from < resampling->pixels && edge[from + 1] <= low)
            ++from;
        found = cover_bin(edge, state, from, low, high, resampling, &entries);
        resampling->state[i] = state_of(&found, high - low);
        if (resampling->state[i] != TML_PIXEL_USED)
            entries = resampling->first[i];
        for (size_t k = resampling->first[i]; k < entries; ++k)
            resampling->weight[k] /= found.used;
        resampling->first[i + 1] = entries;
    }
}

tml_status tml_resampling_create(size_t pixels, const double *wavelength_um, const uint8_t *state,
                                 size_t bins, const double *bin_um, tml_resampling *resampling,
                                 tml_error *error)
{
    double *edge = NULL;
    double *bin_edge = NULL;
    tml_status status;

    memset(resampling, 0, sizeof *resampling);
    if (pixels < 2 || bins < 2)
        return TML_FAIL(error, TML_BAD_DATA,
                        "a spectrum of %zu pixels cannot be brought to %zu wavelengths: two of each are the "
                        "least that have a width",
                        pixels, bins);
    status = tml_array_create(pixels + 1, sizeof *edge, "edges of pixels", &edge, error);
    if (status == TML_OK)
        status = tml_array_create(bins + 1, sizeof *bin_edge, "edges of bins", &bin_edge, error);
    /* An edge of a bin cuts at most one pixel in two. */
    if (status == TML_OK)
        status = make_room(pixels, bins, pixels + bins, resampling, error);
    if (status == TML_OK) {
        find_edges(pixels, wavelength_um, edge);
        find_edges(bins, bin_um, bin_edge);
        fill(edge, state, bin_edge, resampling);
    }
    free(edge);
    free(bin_edge);
    return status;
}

tml_status tml_resampling_identity(size_t pixels, const uint8_t *state, tml_resampling *resampling,
                                   tml_error *error)
{
    tml_status status = make_room(pixels, pixels, pixels, resampling, error);
    size_t entries = 0;

    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < pixels; ++i) {
        resampling->state[i] = state[i];
        if (state[i] == TML_PIXEL_USED) {
            resampling->pixel[entries] = i;
            resampling->weight[entries++] = 1.0;
        }
        resampling->first[i + 1] = entries;
    }
    return TML_OK;
}

void tml_resampling_apply(const tml_resampling *resampling, const double *flux, double *binned)
{
    for (size_t i = 0; i < resampling->bins; ++i) {
        double sum = 0.0;

        for (size_t k = resampling->first[i]; k < resampling->first[i + 1]; ++k)
            sum += resampling->weight[k] * flux[resampling->pixel[k]];
        binned[i] = resampling->state[i] == TML_PIXEL_USED ? sum : (double)NAN;
    }
}

void tml_resampling_errors(const tml_resampling *resampling, const double *error, double *binned)
{
    for (size_t i = 0; i < resampling->bins; ++i) {
        double largest = 0.0;
        double squares = 0.0;

        /* The square of an error of 1e-170 would be lost. */
        for (size_t k = resampling->first[i]; k < resampling->first[i + 1]; ++k)
            largest = fmax(largest, resampling->weight[k] * error[resampling->pixel[k]]);
        for (size_t k = resampling->first[i]; largest > 0.0 && k < resampling->first[i + 1]; ++k) {
            double share = resampling->weight[k] * error[resampling->pixel[k]] / largest;

            squares += share * share;
        }
        binned[i] = resampling->state[i] == TML_PIXEL_USED ? largest * sqrt(squares) : (double)NAN;
    }
}

void tml_resampling_free(tml_resampling *resampling)
{
    free(resampling->first);
    free(resampling->pixel);
    free(resampling->weight);
    free(resampling->state);
    memset(resampling, 0, sizeof *resampling);
}
