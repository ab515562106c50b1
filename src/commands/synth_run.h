#ifndef TML_COMMANDS_SYNTH_RUN_H
#define TML_COMMANDS_SYNTH_RUN_H

/** @file commands/synth_run.h
 * The work of `grid synth`: all spectra of a design, computed by all ranks and written in parallel.
 *
 * Stored row i holds node perm(i) of the design, perm being a keyed bijection (core/permutation.h), and /row
 * says which. Each rank computes whole chunks of the file and writes them in rounds that all ranks share; a
 * rank holds one chunk at a time. What stands in the file does not depend on the number of ranks.
 */

#include <mpi.h>
#include <stdbool.h>
#include <stdint.h>

#include "atmosphere/forward_model.h"
#include "atmosphere/parameter_design.h"
#include "core/status.h"

typedef struct tml_synth_job {
    const tml_forward_kind *kind;
    const tml_parameter_design *design; /* its axes are the parameters of the kind, in that order */
    const char *out;
    uint64_t seed; /* of the order of the rows */
    bool replace;
    bool show_progress;     /* on rank 0 */
    const char *provenance; /* lines, equal on all ranks; may be NULL for an estimate */
} tml_synth_job;

typedef struct tml_synth_result {
    uint64_t spectra;
    size_t wavelengths;
    double bytes;   /* of the rows, without the header */
    double seconds; /* taken, or estimated */
} tml_synth_result;

/** Compute and write the grid. Collective over `comm`; the job equal on all ranks but for show_progress.
 * @param result  out, equal on all ranks but for the seconds
 * @return the same on all ranks; after a failure no file is left
 */
TML_NODISCARD tml_status tml_synth_run(MPI_Comm comm, const tml_synth_job *job, tml_synth_result *result,
                                       tml_error *error);

/** Say what it would be; the time is that of a small sample on each rank. Collective over `comm`.
 * @return TML_OK, TML_CANNOT_CREATE (the file exists and is not to be replaced), or what a spectrum gives
 */
TML_NODISCARD tml_status tml_synth_estimate(MPI_Comm comm, const tml_synth_job *job, tml_synth_result *result,
                                            tml_error *error);

#endif
