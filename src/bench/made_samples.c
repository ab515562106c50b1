#include "bench/made_samples.h"

#include <math.h>
#include <stdlib.h>

#include "core/memory.h"
#include "core/random.h"

/* A black body's hump, roughly, with absorption; of order 1, so that no scaling need be fitted. */
static void make_flux(uint64_t seed, uint64_t sample, size_t wavelengths, float *flux)
{
    double place = tml_random_uniform(seed, TML_RANDOM_DESIGN, sample, 0, 0);
    double width = 0.2 + 0.5 * tml_random_uniform(seed, TML_RANDOM_DESIGN, sample, 1, 0);

    for (size_t w = 0; w < wavelengths; ++w) {
        double x = ((double)w / (double)wavelengths - place) / width;
        double depth = tml_random_uniform(seed, TML_RANDOM_DESIGN, sample, 2, w);

        flux[w] = (float)(exp(-0.5 * x * x) * (1.0 - 0.5 * depth) + 0.1);
    }
}

tml_status tml_made_samples(tml_sample_layout layout, const tml_preparation *preparation, uint64_t seed,
                            uint64_t first, uint64_t count, float *records, tml_error *error)
{
    size_t length = tml_sample_length(layout);
    float *flux = NULL;
    tml_status status = tml_array_create(layout.wavelengths, sizeof *flux, "a spectrum", &flux, error);

    for (uint64_t i = 0; i < count && status == TML_OK; ++i) {
        float *record = records + (size_t)i * length;
        double truth[TML_PREPARATION_TARGETS];

        make_flux(seed, first + i, layout.wavelengths, flux);
        for (size_t t = 0; t < layout.targets; ++t)
            truth[t] = 1.0 + tml_random_uniform(seed, TML_RANDOM_DESIGN, first + i, 3, t);
        tml_sample_fill(layout, flux, truth, (int64_t)(first + i), record);
        status = tml_preparation_targets(preparation, truth, record + layout.wavelengths, error);
    }
    free(flux);
    return status;
}
