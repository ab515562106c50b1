#ifndef TML_COMMANDS_SYNTH_NODES_H
#define TML_COMMANDS_SYNTH_NODES_H

/** @file commands/synth_nodes.h
 * A table of atmospheres from a CSV file, for `grid synth --nodes`. */

#include <mpi.h>

#include "atmosphere/forward_model.h"
#include "atmosphere/parameter_design.h"
#include "core/digest.h"
#include "core/status.h"

typedef struct tml_synth_nodes {
    tml_parameter_design design; /* TML_DESIGN_TABLE */
    double *values;              /* [nodes][parameters], on every rank */
    tml_digest file_digest;      /* XXH3-128 of the file, on rank 0 */
} tml_synth_nodes;

/** Read the table on rank 0 and share it. Collective over `comm`.
 *
 * The file has a column for each parameter of the model, under its name or the one of TelescopeML's CSV
 * layout (teff or temperature, ...), in any order; other columns are passed over.
 * @param nodes  out, freed by tml_synth_nodes_free; zeroed on failure
 * @return TML_OK, TML_NO_INPUT, TML_IO_ERROR, or TML_BAD_DATA: a column that is missing, no rows, a value
 * that is not a number or that the model does not take (file, line, row and column); the same on all ranks
 */
TML_NODISCARD tml_status tml_synth_nodes_read(MPI_Comm comm, const char *path, const tml_forward_kind *kind,
                                              tml_synth_nodes *nodes, tml_error *error);

/** Free the values and zero the object. */
void tml_synth_nodes_free(tml_synth_nodes *nodes);

#endif
