#ifndef TML_COMMANDS_SYNTH_DESIGN_H
#define TML_COMMANDS_SYNTH_DESIGN_H

/** @file commands/synth_design.h
 * Which atmospheres `grid synth` computes, from its options. */

#include <mpi.h>
#include <stdio.h>

#include "atmosphere/forward_model.h"
#include "atmosphere/parameter_design.h"
#include "commands/synth_nodes.h"
#include "core/status.h"

/* Times that --range may be given. */
enum { TML_SYNTH_RANGES = 64 };

/** Options as they were typed; NULL where they were not. */
typedef struct tml_synth_design_options {
    const char *preset, *nodes, *random, *sobol, *latin;
    const char *range; /* the last one; the others are found in argv */
    size_t range_count;
    const char *ranges[TML_SYNTH_RANGES]; /* "NAME=LO:HI,..." */
} tml_synth_design_options;

typedef struct tml_synth_design {
    tml_parameter_design design;
    tml_synth_nodes nodes; /* with --nodes */
} tml_synth_design;

/** Check that the options go together, and find all --range. Not collective.
 * @return TML_OK or TML_USAGE */
TML_NODISCARD tml_status tml_synth_design_check(int argc, char **argv, tml_synth_design_options *given,
                                                tml_error *error);

/** Make the design. Collective over `comm`; arguments equal on all ranks.
 * @param made  out, freed by tml_synth_design_free; zeroed on failure
 * @return TML_OK; TML_USAGE; what tml_synth_nodes_read returns; the same on all ranks */
TML_NODISCARD tml_status tml_synth_design_make(MPI_Comm comm, const tml_forward_kind *kind,
                                               const tml_synth_design_options *given, uint64_t seed,
                                               tml_synth_design *made, tml_error *error);

/** Lines "name=value" for the provenance: preset, ranges, random_nodes, sobol_nodes, latin_nodes, nodes,
 * nodes_digest. On rank 0, which knows the digest. */
void tml_synth_design_lines(const tml_synth_design_options *given, const tml_synth_design *made, FILE *out);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_synth_design_free(tml_synth_design *made);

#endif
