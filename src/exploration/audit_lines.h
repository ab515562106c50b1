#ifndef TML_EXPLORATION_AUDIT_LINES_H
#define TML_EXPLORATION_AUDIT_LINES_H

/** @file exploration/audit_lines.h
 * Spectra along one parameter while all others stay: which values of it share their spectra, and which nodes
 * lie off the curve that their neighbours make. For parameters that are axes (exploration/parameter_bins.h).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "exploration/audit_ceiling.h"
#include "exploration/audit_checks.h"
#include "exploration/explored_rows.h"
#include "exploration/parameter_bins.h"

/** How often two values of an axis meet on a line, and how often with one spectrum. */
typedef struct tml_value_pairs {
    uint64_t lines;     /* pairs of rows that differ in this parameter alone */
    uint64_t identical; /* of these with the same spectrum to the bit */
    uint64_t near;      /* of these within the tolerance, the identical ones among them */
} tml_value_pairs;

/** Values that share their spectra: two are in one class when at least half of the pairs of rows that have
 * them and differ in nothing else do. */
typedef struct tml_label_classes {
    size_t count;                        /* classes */
    size_t class_of[TML_PARAMETER_BINS]; /* [values] from 0, in the order of their lowest values */
} tml_label_classes;

typedef struct tml_line_audit {
    bool is_axis;           /* else nothing below is known */
    tml_value_pairs *pairs; /* [values][values], the lower value first */
    tml_label_classes identical, near;
    uint64_t tested;    /* rows between two neighbours on a line, all three with logarithms */
    double median_jump; /* dex; NaN without */
    double jump_limit;  /* dex */
    uint64_t jumps;     /* rows beyond the limit */
} tml_line_audit;

/** Look along one parameter. Collective over rows->comm.
 *
 * A row between two neighbours lies off the curve by the smaller of two root mean squared differences, over
 * the wavelengths, of its log10 flux: from the straight line between the neighbours, and from the polynomial
 * through the two nearest rows on either side, as far as they are there (in the parameter, or its logarithm
 * if it is learned so). It jumps when that is above 0.1 dex and above ten times the median of all such rows,
 * and no smaller than that of its neighbours.
 * @param checks  in and out: [rows->count] rows that jump are marked
 * @param audit   out, owned by the caller (tml_line_audit_free), to be freed also after a failure; the same
 * on all ranks and for any number of them
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_line_audit_run(const tml_explored_rows *rows, const tml_parameter_bins *bins,
                                            const tml_label_scale *scale, size_t parameter, double tolerance,
                                            tml_row_check *checks, tml_line_audit *audit, tml_error *error);

/** Classes from pairs. Not collective. @param near  count those within the tolerance, too */
void tml_label_classes_find(size_t values, const tml_value_pairs *pairs, bool near,
                            tml_label_classes *classes);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_line_audit_free(tml_line_audit *audit);

#endif
