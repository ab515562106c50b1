#ifndef TML_ATMOSPHERE_PARAMETER_DESIGN_H
#define TML_ATMOSPHERE_PARAMETER_DESIGN_H

/** @file atmosphere/parameter_design.h
 * Which atmospheres to compute: node number -> parameters.
 *
 * A regular design is the product of its axes, the last axis fastest; a random one is uniform between the
 * first and the last value of each axis; a table holds its nodes one by one. Node i is a pure function of the
 * design, so that ranks share a design without sending it. Nothing here is collective.
 */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

enum { TML_DESIGN_AXES = 16, TML_DESIGN_VALUES = 64 };

typedef enum tml_design_kind { TML_DESIGN_REGULAR, TML_DESIGN_RANDOM, TML_DESIGN_TABLE } tml_design_kind;

/** One parameter's values. */
typedef struct tml_design_axis {
    const char *name; /* "teff"; borrowed */
    size_t count;
    double value[TML_DESIGN_VALUES]; /* ascending */
} tml_design_axis;

/** A plain value: may be copied. Owns nothing. */
typedef struct tml_parameter_design {
    tml_design_kind kind;
    uint64_t nodes;
    size_t axis_count;
    tml_design_axis axes[TML_DESIGN_AXES]; /* of a table: names only */
    uint64_t seed;                         /* random design */
    const double *table;                   /* table: [nodes][axis_count], borrowed */
} tml_parameter_design;

/** A regular design by name: "published" (30,888 nodes of the published grid) or "quickstart" (4,140 nodes
 * between Teff 500 and 2000 K).
 * @param design  out; unchanged on failure
 * @return TML_OK, or TML_USAGE with the nearest name
 */
TML_NODISCARD tml_status tml_design_preset(const char *name, tml_parameter_design *design, tml_error *error);

/** Names of the presets, separated by commas. Static storage. */
const char *tml_design_preset_names(void);

/** Turn a regular design into random nodes within its ranges: value = first + u (last - first), with
 * u = tml_random_uniform(seed, TML_RANDOM_DESIGN, node, axis). */
void tml_design_randomise(tml_parameter_design *design, uint64_t nodes, uint64_t seed);

/** Parameters of a node. @param parameters out: [axis_count] in the order of the axes */
void tml_design_node(const tml_parameter_design *design, uint64_t node, double *parameters);

#endif
