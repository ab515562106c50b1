#ifndef TML_COMMANDS_SYNTH_RUN_H
#define TML_COMMANDS_SYNTH_RUN_H

/** @file commands/synth_run.h
 * The work of `grid synth`: all spectra of a design, computed by all ranks and written in parallel.
 *
 * Stored row i holds node perm(i) of the design, perm being a keyed bijection (core/permutation.h), and /row
 * says which. Ranks compute blocks of 64 rows in turn and keep them in the folder OUT.blocks
 * (io/row_blocks.h), where an interrupted job finds them again; when all are there, they are put together to
 * the grid file and the folder is removed. What stands in the file depends neither on the number of ranks nor
 * on interruptions.
 */

#include <mpi.h>
#include <stdbool.h>
#include <stdint.h>

#include "atmosphere/forward_model.h"
#include "atmosphere/parameter_design.h"
#include "core/status.h"
#include "spectra/instrument.h"

typedef struct tml_synth_job {
    const tml_forward_kind *kind;
    const tml_forward_setup *setup;     /* what a model of this kind is made with */
    const tml_instrument *instrument;   /* from the wavelengths of the setup to those of the file */
    const tml_parameter_design *design; /* its axes are the parameters of the kind, in that order */
    const char *out;
    uint64_t seed; /* of the order of the rows */
    bool replace;
    bool resume;            /* take up an interrupted job */
    double time_limit_s;    /* of the job, from its start; 0: none */
    bool show_progress;     /* on rank 0 */
    const char *identity;   /* lines that say all that the rows depend on */
    const char *provenance; /* lines, equal on all ranks; may be NULL for an estimate */
} tml_synth_job;

typedef struct tml_synth_result {
    uint64_t spectra;
    size_t wavelengths;
    double bytes;           /* of the rows, without the header */
    double seconds;         /* taken by this job, or estimated */
    uint64_t there;         /* spectra that are finished */
    uint64_t kept;          /* of these, finished by an interrupted job before */
    const char *stopped_by; /* "signal" or "time_limit", static; NULL when not stopped */
} tml_synth_result;

/** Compute and write the grid. Collective over `comm`; the job equal on all ranks but for show_progress.
 * @param result  out, equal on all ranks but for the seconds; also after TML_STOPPED
 * @return the same on all ranks; TML_STOPPED after SIGUSR1, SIGTERM or the time limit. After a failure there
 * is no grid file; what was finished stays in OUT.blocks
 */
TML_NODISCARD tml_status tml_synth_run(MPI_Comm comm, const tml_synth_job *job, tml_synth_result *result,
                                       tml_error *error);

/** Say what it would be; the time is that of a sample that is spread over the design, shared by the ranks.
 * Collective over `comm`.
 * @return TML_OK, TML_CANNOT_CREATE (the file exists and is not to be replaced), or what a spectrum gives
 */
TML_NODISCARD tml_status tml_synth_estimate(MPI_Comm comm, const tml_synth_job *job, tml_synth_result *result,
                                            tml_error *error);

#endif
