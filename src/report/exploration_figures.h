#ifndef TML_REPORT_EXPLORATION_FIGURES_H
#define TML_REPORT_EXPLORATION_FIGURES_H

/** @file report/exploration_figures.h
 * The figures of an explored grid. Not collective: one rank. */

#include "report/exploration.h"
#include "report/figure_list.h"

/** Draw every figure that the tables allow: explore_parameters, explore_coverage, explore_spectra_NAME,
 * explore_fluxes, explore_scaled_fluxes, explore_correlations, explore_pca_scree, explore_pca_components,
 * explore_pca_scatter, explore_outliers.
 * @param folder  DIR/figures, must be there
 * @return TML_OK or TML_INTERNAL (no memory); a figure that cannot be drawn is noted in the list */
TML_NODISCARD tml_status tml_exploration_figures_draw(const tml_exploration *exploration, const char *folder,
                                                      tml_report_figures *figures, tml_error *error);

/** What its parts share: the folder, and the list that figures are added to. */
typedef struct tml_exploration_scene {
    const tml_exploration *exploration;
    const char *folder;
    tml_report_figures *figures;
} tml_exploration_scene;

/** A table column by column: column c begins at values + c * rows. @param values  out, owned by the caller */
TML_NODISCARD tml_status tml_exploration_columns(const tml_number_table *table, double **values,
                                                 tml_error *error);

/** Add a figure of the grid that is about to be drawn; as tml_report_figures_add. */
TML_NODISCARD tml_status tml_exploration_add_figure(const tml_exploration_scene *scene, const char *name,
                                                    const char *caption, tml_report_figure **figure,
                                                    tml_error *error);

/** The figure of the coverage. Bins of parameters that are no axes are put together when they are many.
 */
TML_NODISCARD tml_status tml_exploration_coverage_draw(const tml_exploration_scene *scene, tml_error *error);

/** The figures of the principal components and the outliers. */
TML_NODISCARD tml_status tml_exploration_pca_draw(const tml_exploration_scene *scene, tml_error *error);

#endif
