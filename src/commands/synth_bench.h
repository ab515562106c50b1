#ifndef TML_COMMANDS_SYNTH_BENCH_H
#define TML_COMMANDS_SYNTH_BENCH_H

/** @file commands/synth_bench.h
 * What one rank computes the spectra of `grid synth` with. Not collective. */

#include <stddef.h>
#include <stdint.h>

#include "commands/synth_run.h"
#include "core/status.h"
#include "io/grid_file.h"

typedef struct tml_synth_bench {
    const tml_synth_job *job; /* borrowed */
    tml_forward_model *model;
    void *workspace;
    double *computed; /* at the wavelengths of the setup */
    double *spectrum; /* at those of the file */
    tml_grid_rows rows;
} tml_synth_bench;

/** Make the model and room for rows.
 * @param rows   that are held at a time
 * @param bench  out, freed by tml_synth_bench_free, also after a failure
 * @return TML_OK, or what tml_forward_model_create returns */
TML_NODISCARD tml_status tml_synth_bench_make(const tml_synth_job *job, size_t rows, tml_synth_bench *bench,
                                              tml_error *error);

/** Compute the row of a node. @param at which of the rows that are held
 * @return TML_OK or TML_BAD_DATA, naming the node */
TML_NODISCARD tml_status tml_synth_bench_row(tml_synth_bench *bench, uint64_t node, size_t at,
                                             tml_error *error);

/** Shape of the grid. */
void tml_synth_bench_shape(const tml_synth_job *job, tml_grid_shape *shape);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_synth_bench_free(tml_synth_bench *bench);

#endif
