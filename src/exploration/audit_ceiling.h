#ifndef TML_EXPLORATION_AUDIT_CEILING_H
#define TML_EXPLORATION_AUDIT_CEILING_H

/** @file exploration/audit_ceiling.h
 * The best score that any predictor can have when it cannot tell some rows apart.
 *
 * Rows of one spectrum get one answer. The answer with the smallest sum of squares is the mean of their
 * labels, so that R2 is at most 1 - (sum of squares within the sets of such rows) / (total sum of squares),
 * in the unit of the parameter (the law of total variance). The mean Huber loss (delta 1) of the labels as a
 * network learns them (teff as log10; minus the mean, by the standard deviation of all rows) is at least what
 * statistics/huber_floor.h gives for each set. No network, however large, gets past either on these rows. */

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/exact_sum.h"
#include "core/status.h"
#include "exploration/explored_rows.h"

/** How a parameter is learned. */
typedef struct tml_label_scale {
    bool is_log10;
    double mean, sd; /* of what is learned, over all rows; population */
    double variance; /* in the parameter's unit, over all rows; population */
} tml_label_scale;

/** NaN for a parameter that does not vary. */
typedef struct tml_label_ceiling {
    double r2;
    double huber;
} tml_label_ceiling;

/** Losses of the sets added so far. */
typedef struct tml_ceiling_sums {
    MPI_Comm comm; /* borrowed */
    size_t parameters;
    uint64_t rows; /* of the grid */
    const tml_label_scale *scale;
    tml_exact_sum *loss; /* [parameters][2] squares, Huber */
    size_t room;
    double *label; /* [room] */
} tml_ceiling_sums;

/** Find the scales. Collective over rows->comm; exact, the same for any number of ranks.
 * @param is_log10  [rows->parameters]; such a parameter with a value that is not above 0 is learned as it is
 * @param scale     out: [rows->parameters]
 * @return TML_OK or TML_INTERNAL, the same on all ranks */
TML_NODISCARD tml_status tml_label_scales_find(const tml_explored_rows *rows, const bool *is_log10,
                                               tml_label_scale *scale, tml_error *error);

/** Begin. Collective over rows->comm.
 * @param scale  [rows->parameters] borrowed
 * @param room   rows of the largest set on this rank, at most
 * @param sums   out, owned by the caller (tml_ceiling_sums_free), which frees it also after a failure */
TML_NODISCARD tml_status tml_ceiling_sums_create(const tml_explored_rows *rows, const tml_label_scale *scale,
                                                 size_t room, tml_ceiling_sums *sums, tml_error *error);

/** Add rows that cannot be told apart. Not collective. The same bits for the same order of the labels.
 * @param labels  [count] pointers to [parameters] values in their units; count at most room
 * @param weight  1 for a set that is added once; 1 / count for one that is added for each of its rows */
void tml_ceiling_sums_add(tml_ceiling_sums *sums, size_t count, const double *const *labels, double weight);

/** The ceilings over all ranks. Collective, once.
 * @param ceiling  out: [parameters], the same on all ranks and for any distribution of the sets */
TML_NODISCARD tml_status tml_ceiling_sums_reduce(tml_ceiling_sums *sums, tml_label_ceiling *ceiling,
                                                 tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_ceiling_sums_free(tml_ceiling_sums *sums);

#endif
