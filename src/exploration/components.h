#ifndef TML_EXPLORATION_COMPONENTS_H
#define TML_EXPLORATION_COMPONENTS_H

/** @file exploration/components.h
 * Principal components of the row-standardised spectra of a grid, over all ranks. */

#include <stddef.h>

#include "core/status.h"
#include "exploration/explored_rows.h"
#include "statistics/principal_components.h"

/* Wavelengths up to which components are computed: the time grows with their cube. */
enum { TML_COMPONENTS_WAVELENGTHS = 4096 };

typedef struct tml_components {
    tml_principal_components pca; /* variances divided by rows - 1; the features are the wavelengths */
    double *mean;                 /* [wavelengths] */
    double *score;                /* [rows of this rank][pca.kept] */
} tml_components;

/** Compute. Collective over rows->comm. The covariance is summed up by all ranks (exploration/block_sums.h).
 * @param most        components to keep, at most; those whose variance is only rounding are never kept
 * @param components  out, owned by the caller (tml_components_free), the same bits for any number of ranks;
 * to be freed also after a failure
 * @return TML_OK; TML_BAD_DATA (too many wavelengths); TML_INTERNAL; the same on all ranks */
TML_NODISCARD tml_status tml_components_compute(const tml_explored_rows *rows, size_t most,
                                                tml_components *components, tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_components_free(tml_components *components);

#endif
