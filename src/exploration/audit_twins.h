#ifndef TML_EXPLORATION_AUDIT_TWINS_H
#define TML_EXPLORATION_AUDIT_TWINS_H

/** @file exploration/audit_twins.h
 * Rows with the same spectrum to the bit, and rows whose spectra are nearly the same, with the ceilings that
 * they impose. Rows that have to be compared meet on one rank; no rank sees all. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "exploration/audit_ceiling.h"
#include "exploration/audit_checks.h"
#include "exploration/explored_rows.h"
#include "io/grid_file.h"

/** Equal spectra (XXH3-64 of the float32 fluxes). */
typedef struct tml_identical_rows {
    uint64_t spectra; /* different ones */
    uint64_t groups;  /* that several rows have */
    uint64_t rows;    /* in these groups */
    uint64_t largest; /* rows of the largest group */
    tml_label_ceiling ceiling[TML_GRID_PARAMETERS];
} tml_identical_rows;

/** Count. Collective over rows->comm.
 * @param checks  [rows->count]   @param scale [rows->parameters]
 * @param found   out, the same bits on all ranks and for any number of them
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_identical_rows_find(const tml_explored_rows *rows, const tml_row_check *checks,
                                                 const tml_label_scale *scale, tml_identical_rows *found,
                                                 tml_error *error);

/** Spectra within a tolerance of each other. */
typedef struct tml_near_rows {
    uint64_t rows;    /* that have another one within the tolerance */
    uint64_t pairs;   /* of such rows */
    uint64_t skipped; /* rows without a logarithm at every wavelength: not compared */
    tml_label_ceiling ceiling[TML_GRID_PARAMETERS];
} tml_near_rows;

/** Compare. Collective over rows->comm.
 *
 * Two spectra are near when the root of the mean squared difference of ln flux over the wavelengths is at
 * most the tolerance. "Near" is not transitive; the ceilings take as one set, for each row, the row and all
 * that are near it, and are what a predictor reaches that cannot tell such spectra apart. Rows are sorted
 * over the ranks by the mean of ln flux, which cannot differ by more than the distance; those near a border
 * are sent to both sides.
 * @param tolerance  above 0
 * @param found      out, the same bits on all ranks and for any number of them
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_near_rows_find(const tml_explored_rows *rows, const tml_row_check *checks,
                                            const tml_label_scale *scale, double tolerance,
                                            tml_near_rows *found, tml_error *error);

/** Root of the mean squared difference of two rows of ln flux, or something above `most` as soon as it is
 * clear that it exceeds that. */
double tml_log_distance(size_t count, const float *a, const float *b, double most);

#endif
