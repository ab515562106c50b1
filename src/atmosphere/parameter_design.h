#ifndef TML_ATMOSPHERE_PARAMETER_DESIGN_H
#define TML_ATMOSPHERE_PARAMETER_DESIGN_H

/** @file atmosphere/parameter_design.h
 * Which atmospheres to compute: node number -> parameters.
 *
 * A regular design is the product of its axes, the last axis fastest. Others fill the box between the lowest
 * and the highest value of each axis: at random; by Sobol's sequence (1967, as GSL has it) with a digital
 * shift; as a Latin hypercube (McKay, Beckman and Conover 1979, doi:10.2307/1268522), which has one node in
 * each of N equal parts of each axis. A table holds its nodes one by one. Node i is a pure function of the
 * design, found without those before it, so that ranks share a design without sending it. Nothing here is
 * collective.
 */

#include <stddef.h>
#include <stdint.h>

#include "core/permutation.h"
#include "core/status.h"

enum { TML_DESIGN_AXES = 16, TML_DESIGN_VALUES = 64, TML_SOBOL_BITS = 30 };

typedef enum tml_design_kind {
    TML_DESIGN_REGULAR,
    TML_DESIGN_RANDOM,
    TML_DESIGN_SOBOL,
    TML_DESIGN_LATIN,
    TML_DESIGN_TABLE
} tml_design_kind;

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
    tml_design_axis axes[TML_DESIGN_AXES];               /* of a table: names only */
    double low[TML_DESIGN_AXES], high[TML_DESIGN_AXES];  /* the box; not of a table */
    uint64_t seed;                                       /* of a design that fills the box */
    uint32_t direction[TML_DESIGN_AXES][TML_SOBOL_BITS]; /* Sobol: in units of 2^-30 */
    uint32_t shift[TML_DESIGN_AXES];                     /* Sobol: in units of 2^-30 */
    tml_permutation latin[TML_DESIGN_AXES];              /* Latin: part of each axis by node */
    const double *table;                                 /* table: [nodes][axis_count], borrowed */
} tml_parameter_design;

/** A regular design by name: "published" (30,888 nodes of the published grid) or "quickstart" (4,140 nodes
 * between Teff 500 and 2000 K).
 * @param design  out; unchanged on failure
 * @return TML_OK, or TML_USAGE with the nearest name
 */
TML_NODISCARD tml_status tml_design_preset(const char *name, tml_parameter_design *design, tml_error *error);

/** Names of the presets, separated by commas. Static storage. */
const char *tml_design_preset_names(void);

/** Narrow an axis of a regular design: it keeps its values from low to high, and the box becomes just that.
 * @return TML_OK; or TML_USAGE, and the design unchanged: no such axis, naming the nearest; low above high; a
 * range that reaches beyond the axis
 */
TML_NODISCARD tml_status tml_design_narrow(tml_parameter_design *design, const char *axis, double low,
                                           double high, tml_error *error);

/** Whether every axis still has a value.
 * @return TML_OK or TML_USAGE, naming the axis that has none */
TML_NODISCARD tml_status tml_design_check(const tml_parameter_design *design, tml_error *error);

/** Turn a regular design into random nodes within its box: value = low + u (high - low), with
 * u = tml_random_uniform(seed, TML_RANDOM_DESIGN, node, axis). */
void tml_design_randomise(tml_parameter_design *design, uint64_t nodes, uint64_t seed);

/** The same with Sobol's points: u = (x ^ shift + w) / 2^30, x being point `node` of the sequence from its
 * start at 0, shift from the seed, and w the random number above, which fills the last digits.
 * Takes about 10 ns for each node of the design, once.
 * @param nodes  up to 2^30
 * @return TML_OK, TML_USAGE (more nodes) or TML_INTERNAL (no memory); the design unchanged on failure
 */
TML_NODISCARD tml_status tml_design_sobol(tml_parameter_design *design, uint64_t nodes, uint64_t seed,
                                          tml_error *error);

/** The same as a Latin hypercube: u = (part + w) / nodes, part being a keyed permutation of the nodes for
 * each axis. */
void tml_design_latin(tml_parameter_design *design, uint64_t nodes, uint64_t seed);

/** Parameters of a node. @param parameters out: [axis_count] in the order of the axes */
void tml_design_node(const tml_parameter_design *design, uint64_t node, double *parameters);

#endif
