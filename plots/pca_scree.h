#ifndef TML_PLOTS_PCA_SCREE_H
#define TML_PLOTS_PCA_SCREE_H

/** @file plots/pca_scree.h
 * The figure of a principal component analysis: the share of the variance that each component holds, and what
 * is left when this component and those before it are taken away, on a logarithmic axis. */

#include <stddef.h>

#include "core/status.h"

typedef struct tml_pca_scree_plot {
    const char *title;        /* NULL: none */
    size_t components;        /* at least 1 */
    const double *share;      /* [components] from 0 to 1 */
    const double *cumulative; /* [components] from 0 to 1 */
} tml_pca_scree_plot;

/** Draw FOLDER/NAME.pdf, .svg and .png; as tml_plot_observation. TML_BAD_DATA: no component. */
TML_NODISCARD tml_status tml_plot_pca_scree(const tml_pca_scree_plot *plot, const char *folder,
                                            const char *name, tml_error *error);

#endif
