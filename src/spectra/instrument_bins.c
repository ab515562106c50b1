#include "spectra/instrument_bins.h"

#include <math.h>
#include <stdlib.h>

#include "core/memory.h"
#include "spectra/wavelength_grid.h"

static const double published_resolution = 100.0;
static const double least_resolution = 5.0;

/* A centre on the end of the range counts as within it. */
static const double slack = 1e-9;

double tml_instrument_resolution(const tml_instrument_wish *wish, double wavelength_um)
{
    size_t r = 1;
    double share;

    if (wish->rows == 0)
        return wish->resolution;
    if (wish->rows == 1 || wavelength_um <= wish->row_um[0])
        return wish->row_resolution[0];
    if (wavelength_um >= wish->row_um[wish->rows - 1])
        return wish->row_resolution[wish->rows - 1];
    while (wish->row_um[r] < wavelength_um)
        ++r;
    share = (wavelength_um - wish->row_um[r - 1]) / (wish->row_um[r] - wish->row_um[r - 1]);
    return wish->row_resolution[r - 1] + share * (wish->row_resolution[r] - wish->row_resolution[r - 1]);
}

static double step_of(double resolution)
{
    return (2.0 * resolution + 1.0) / (2.0 * resolution - 1.0);
}

static tml_status check_resolution(double resolution, tml_error *error)
{
    if (resolution >= least_resolution && resolution <= TML_INSTRUMENT_RESOLUTION)
        return TML_OK;
    return TML_FAIL(error, TML_USAGE, "a resolution of %g; it must be from %g to %g", resolution,
                    least_resolution, TML_INSTRUMENT_RESOLUTION);
}

static tml_status find_range(const tml_instrument_wish *wish, double *low, double *high, tml_error *error)
{
    double published[TML_PUBLISHED_WAVELENGTHS];

    tml_wavelength_grid_published(published);
    *low = wish->rows > 0 ? wish->row_um[0] : published[0];
    *high = wish->rows > 0 ? wish->row_um[wish->rows - 1] : published[TML_PUBLISHED_WAVELENGTHS - 1];
    if (wish->low_um != 0.0 || wish->high_um != 0.0) {
        if (wish->rows > 0 && (wish->low_um < *low || wish->high_um > *high))
            return TML_FAIL(error, TML_BAD_DATA,
                            "the range %g to %g micron goes beyond the instrument's table, which has "
                            "resolutions from %g to %g micron",
                            wish->low_um, wish->high_um, *low, *high);
        *low = wish->low_um;
        *high = wish->high_um;
    }
    if (*low >= TML_INSTRUMENT_LEAST_UM && *high <= TML_INSTRUMENT_MOST_UM && *low < *high)
        return TML_OK;
    return TML_FAIL(error, TML_USAGE,
                    "a range of %g to %g micron; it must ascend and lie within %g to %g micron", *low, *high,
                    TML_INSTRUMENT_LEAST_UM, TML_INSTRUMENT_MOST_UM);
}

/* Walk the centres of a range. @param wavelength_um NULL to count only. @return their number */
static size_t walk(const tml_instrument_wish *wish, double low, double high, double *wavelength_um)
{
    const double resolution = wish->resolution > 0.0 ? wish->resolution : published_resolution;
    const double ratio = step_of(resolution);
    const double first = 0.8967795781943042;
    const double begin = ceil(log(low * (1.0 - slack) / first) / log(ratio));
    double centre = wish->rows > 0 ? low : first * pow(ratio, begin);
    size_t count = 0;

    while (centre <= high * (1.0 + slack)) {
        if (wavelength_um != NULL)
            wavelength_um[count] = centre;
        ++count;
        /* A power for each, not a running product: no rounding error piles up. */
        centre = wish->rows > 0 ? centre * step_of(tml_instrument_resolution(wish, centre))
                                : first * pow(ratio, begin + (double)count);
    }
    return count;
}

tml_status tml_instrument_bins(const tml_instrument_wish *wish, size_t *bins, double **wavelength_um,
                               tml_error *error)
{
    double low = 0.0;
    double high = 0.0;
    tml_status status = TML_OK;

    *wavelength_um = NULL;
    *bins = 0;
    if (wish->rows == 0 && wish->resolution != 0.0)
        status = check_resolution(wish->resolution, error);
    for (size_t r = 0; r < wish->rows && status == TML_OK; ++r)
        status = check_resolution(wish->row_resolution[r], error);
    if (status == TML_OK)
        status = find_range(wish, &low, &high, error);
    if (status != TML_OK)
        return status;
    *bins = walk(wish, low, high, NULL);
    if (*bins < 2)
        return TML_FAIL(error, TML_USAGE, "%zu bins lie between %g and %g micron; two are the least", *bins,
                        low, high);
    status = tml_array_create(*bins, sizeof(double), "wavelengths", wavelength_um, error);
    if (status == TML_OK)
        walk(wish, low, high, *wavelength_um);
    return status;
}
