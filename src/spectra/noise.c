#include "spectra/noise.h"

#include <math.h>
#include <string.h>

#include "core/random.h"

/* A pixel block that no spectrum reaches: the counter of the SNR itself. */
#define SNR_COUNTER UINT64_MAX

void tml_noise_apply(const tml_noise *noise, uint64_t epoch, uint64_t sample, size_t count, const float *flux,
                     double *scratch, float *noisy)
{
    double mean = 0.0;
    double ratio;
    double snr;

    if (!noise->is_on) {
        memcpy(noisy, flux, count * sizeof *noisy);
        return;
    }
    ratio = tml_random_uniform(noise->seed, TML_RANDOM_NOISE, epoch, sample, SNR_COUNTER);
    snr = noise->snr_low * pow(noise->snr_high / noise->snr_low, ratio);
    for (size_t i = 0; i < count; ++i)
        mean += (double)flux[i];
    mean /= (double)count;
    tml_random_normals(noise->seed, TML_RANDOM_NOISE, epoch, sample, count, scratch);
    for (size_t i = 0; i < count; ++i)
        noisy[i] = (float)((double)flux[i] + mean / snr * scratch[i]);
}
