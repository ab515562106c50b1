#ifndef TML_BENCH_MADE_SAMPLES_H
#define TML_BENCH_MADE_SAMPLES_H

/** @file bench/made_samples.h
 * Samples out of nothing: smooth spectra with lines of random depth, and targets. Sample n is the same on any
 * number of ranks. Not collective. */

#include <stdint.h>

#include "core/status.h"
#include "spectra/preparation.h"
#include "training/sample_record.h"

/** Fill records.
 * @param preparation  of the targets
 * @param first        number of the first sample
 * @param records      out: [count][tml_sample_length]
 */
TML_NODISCARD tml_status tml_made_samples(tml_sample_layout layout, const tml_preparation *preparation,
                                          uint64_t seed, uint64_t first, uint64_t count, float *records,
                                          tml_error *error);

#endif
