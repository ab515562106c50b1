#ifndef TML_EXPLORATION_GRID_AUDIT_H
#define TML_EXPLORATION_GRID_AUDIT_H

/** @file exploration/grid_audit.h
 * Whether a grid is fit to train on: rows that no network can tell apart and the scores that they allow at
 * best, bad rows, missing nodes, more energy than there can be. Every rank reads its share of the rows once;
 * rows that have to be compared meet on one rank; the numbers are the same bits for any number of ranks. */

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "core/digest.h"
#include "core/status.h"
#include "exploration/audit_ceiling.h"
#include "exploration/audit_checks.h"
#include "exploration/audit_lines.h"
#include "exploration/audit_nodes.h"
#include "exploration/audit_twins.h"
#include "exploration/parameter_bins.h"
#include "exploration/row_table.h"
#include "io/grid_file.h"

#define TML_AUDIT_SCHEMA "telescopeml.grid-audit/1"

/* Rows with defects that are listed, the first in the file. */
enum { TML_AUDIT_LISTED = 1000 };

/** What stands in the table of bad rows beside row and parameters. */
enum { TML_AUDIT_DEFECTS, TML_AUDIT_ENERGY, TML_AUDIT_JUMP, TML_AUDIT_JUMP_PARAMETER, TML_AUDIT_EXTRAS };

typedef struct tml_audit_request {
    const char *path; /* of the grid; borrowed */
    double tolerance; /* of near spectra: rms difference of ln flux */
} tml_audit_request;

typedef struct tml_grid_audit {
    const char *path;
    double tolerance;
    tml_grid_shape shape;
    bool has_digest;
    char digest[TML_DIGEST_TEXT];
    tml_parameter_bins bins[TML_GRID_PARAMETERS];
    tml_label_scale scale[TML_GRID_PARAMETERS];
    tml_identical_rows identical;
    tml_near_rows near;
    tml_line_audit line[TML_GRID_PARAMETERS];
    tml_node_audit nodes;
    uint64_t defects[TML_ROW_DEFECTS]; /* rows with each defect */
    uint64_t bad_rows;                 /* rows with any */
    bool has_energy;                   /* there is a temperature in K */
    double energy[3];  /* in-band flux / (sigma teff^4): minimum, median, maximum; NaN without */
    tml_row_table bad; /* on rank 0, by number of the row */
} tml_grid_audit;

/** Audit a grid. Collective over `comm`; request equal on all ranks.
 * @param audit  out, owned by the caller (tml_grid_audit_free), to be freed also after a failure
 * @return TML_OK; TML_BAD_DATA (a parameter that is not finite); as tml_grid_file_open; TML_INTERNAL; the
 * same on all ranks */
TML_NODISCARD tml_status tml_grid_audit_run(MPI_Comm comm, const tml_audit_request *request,
                                            tml_grid_audit *audit, tml_error *error);

/** The `result` of telescopeml.grid-audit/1. Rank 0. @return on the heap; NULL without memory */
cJSON *tml_grid_audit_json(const tml_grid_audit *audit);

/** Names of the files, audit.json last. @param count out. Borrowed from static storage. */
const char *const *tml_grid_audit_file_names(size_t *count);

/** Write the files into a folder. Rank 0.
 *
 *   audit_rows.csv     row,NAME...,defects,energy,jump_dex,jump_parameter: rows with a defect, the first 1000
 *                      in the file; defects joined by "+"
 *   audit_classes.csv  parameter,value,class,near_class: values of one class share their spectra
 *   audit_pairs.csv    parameter,low,high,lines,identical,near: pairs of values, exploration/audit_lines.h
 *   audit.json         docs/schema/grid-audit.schema.json
 * @return TML_OK, TML_CANNOT_CREATE, TML_IO_ERROR or TML_INTERNAL */
TML_NODISCARD tml_status tml_grid_audit_write(const char *folder, const tml_grid_audit *audit,
                                              tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_grid_audit_free(tml_grid_audit *audit);

#endif
