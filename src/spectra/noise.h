#ifndef TML_SPECTRA_NOISE_H
#define TML_SPECTRA_NOISE_H

/** @file spectra/noise.h
 * Noise as an observation has it, added to synthetic spectra for training and scoring. Not collective. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** White Gaussian noise: sigma of every pixel = mean flux / SNR, with ln SNR uniform between the ends. */
typedef struct tml_noise {
    bool is_on;
    double snr_low;
    double snr_high;
    uint64_t seed;
} tml_noise;

/** The noisy spectrum: a function of (seed, epoch, sample) and the flux alone.
 * @param flux     [count] borrowed
 * @param scratch  [count] of the caller
 * @param noisy    [count] out; may be negative; a copy of flux when the noise is off
 */
void tml_noise_apply(const tml_noise *noise, uint64_t epoch, uint64_t sample, size_t count, const float *flux,
                     double *scratch, float *noisy);

#endif
