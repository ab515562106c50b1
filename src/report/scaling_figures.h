#ifndef TML_REPORT_SCALING_FIGURES_H
#define TML_REPORT_SCALING_FIGURES_H

/** @file report/scaling_figures.h
 * Speed in the report: the figures scaling_strong, scaling_weak and phases, and the numbers of report.json.
 * Not collective. */

#include <cjson/cJSON.h>

#include "report/figure_list.h"
#include "report/phase_table.h"
#include "report/scaling_study.h"

/** Draw the figures that there are data for. @param folder DIR/figures @return TML_OK or TML_INTERNAL */
TML_NODISCARD tml_status tml_scaling_figures_draw(const tml_scaling_study *study,
                                                  const tml_phase_table *phases, const char *folder,
                                                  tml_report_figures *figures, tml_error *error);

/** The member `speed` of report.json: strong, weak, phases, each null when it is not there; null when none
 * is. @return owned by the caller; NULL without memory */
cJSON *tml_scaling_json(const tml_scaling_study *study, const tml_phase_table *phases);

/** What became of the weights, for people: a constant; NULL when nothing is known. */
const char *tml_scaling_weights_text(tml_scaling_kind kind, tml_same_weights weights);

#endif
