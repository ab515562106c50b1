#ifndef TML_EXPLORATION_AUDIT_NODES_H
#define TML_EXPLORATION_AUDIT_NODES_H

/** @file exploration/audit_nodes.h
 * Which nodes of the product of all axes a grid has: missing ones and ones that are there several times. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "exploration/explored_rows.h"
#include "exploration/parameter_bins.h"
#include "io/grid_file.h"

/* Missing nodes that are listed, and nodes up to which they are looked for. */
enum { TML_MISSING_LISTED = 20 };
#define TML_NODES_MOST ((double)(1LL << 40))

typedef struct tml_node_audit {
    bool is_regular;   /* every parameter is an axis, and there are not too many nodes; else nothing below is
                          known but `filled` */
    uint64_t nodes;    /* of the product of the axes */
    uint64_t filled;   /* different combinations of parameters that are there */
    uint64_t repeated; /* rows beyond the first of their node */
    size_t listed;     /* missing nodes, the first TML_MISSING_LISTED */
    uint64_t missing[TML_MISSING_LISTED]; /* ascending; the last axis runs fastest */
} tml_node_audit;

/** Look. Collective over rows->comm. Each rank looks after a part of the nodes.
 * @param bins   [rows->parameters]
 * @param audit  out, the same on all ranks and for any number of them
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_node_audit_run(const tml_explored_rows *rows, const tml_parameter_bins *bins,
                                            tml_node_audit *audit, tml_error *error);

/** Values of a node. @param value out: [parameters] */
void tml_node_values(size_t parameters, const tml_parameter_bins *bins, uint64_t node, double *value);

#endif
