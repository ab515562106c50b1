#ifndef TML_TRAINING_SAMPLE_RECORD_H
#define TML_TRAINING_SAMPLE_RECORD_H

/** @file training/sample_record.h
 * What the ranks hand each other for one sample, as a row of floats: flux, targets as learned, true
 * parameters and the row of the source. The last two are doubles and an integer, kept byte by byte. Not
 * collective. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct tml_sample_layout {
    size_t wavelengths;
    size_t targets;
} tml_sample_layout;

/** Floats of a record. */
static inline size_t tml_sample_length(tml_sample_layout layout)
{
    return layout.wavelengths + layout.targets + 2 * layout.targets + 2;
}

static inline const float *tml_sample_flux(const float *record)
{
    return record;
}

static inline const float *tml_sample_learned(tml_sample_layout layout, const float *record)
{
    return record + layout.wavelengths;
}

/** @param truth  out: [targets] in their units */
static inline void tml_sample_truth(tml_sample_layout layout, const float *record, double *truth)
{
    memcpy(truth, record + layout.wavelengths + layout.targets, layout.targets * sizeof *truth);
}

/** Number of the row in the source of the grid. */
static inline int64_t tml_sample_row(tml_sample_layout layout, const float *record)
{
    int64_t row;

    memcpy(&row, record + layout.wavelengths + 3 * layout.targets, sizeof row);
    return row;
}

/** Fill everything but the learned targets, which are left to the caller. */
static inline void tml_sample_fill(tml_sample_layout layout, const float *flux, const double *truth,
                                   int64_t row, float *record)
{
    memcpy(record, flux, layout.wavelengths * sizeof *record);
    memcpy(record + layout.wavelengths + layout.targets, truth, layout.targets * sizeof *truth);
    memcpy(record + layout.wavelengths + 3 * layout.targets, &row, sizeof row);
}

#endif
