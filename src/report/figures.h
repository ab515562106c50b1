#ifndef TML_REPORT_FIGURES_H
#define TML_REPORT_FIGURES_H

/** @file report/figures.h
 * Which figures a report has, and the drawing of them. Not collective: one rank.
 *
 * A figure that cannot be drawn is noted in the list and warned about; only want of memory is an error.
 */

#include "report/figure_list.h"
#include "report/sources.h"

/** Draw every figure that the sources allow to OUT/figures, which must be there.
 * @param out      folder of the report, borrowed by `figures`
 * @param figures  out, owned by the caller (tml_report_figures_free)
 * @return TML_OK or TML_INTERNAL */
TML_NODISCARD tml_status tml_report_figures_draw(const tml_report_sources *sources, const char *out,
                                                 tml_report_figures *figures, tml_error *error);

/** Figures of the observed objects: observation, model, draws, corner, chi2. @param folder DIR/figures */
TML_NODISCARD tml_status tml_object_figures_draw(const tml_report_sources *sources, const char *folder,
                                                 tml_report_figures *figures, tml_error *error);

/** Figures of predicted against true values: evaluation_rows.csv, and the labelled targets of
 * predictions.csv.
 * @param folder DIR/figures */
TML_NODISCARD tml_status tml_score_figures_draw(const tml_report_sources *sources, const char *folder,
                                                tml_report_figures *figures, tml_error *error);

/** The unit of a target in predictions.json, as people write it; "" for none. Borrowed. */
const char *tml_report_table_unit(const tml_report_sources *sources, const char *target);

/** Figures of a table of objects: calibration of each labelled target, and the misfits.
 * @param folder DIR/figures */
TML_NODISCARD tml_status tml_table_figures_draw(const tml_report_sources *sources, const char *folder,
                                                tml_report_figures *figures, tml_error *error);

#endif
