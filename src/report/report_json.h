#ifndef TML_REPORT_REPORT_JSON_H
#define TML_REPORT_REPORT_JSON_H

/** @file report/report_json.h
 * report.json: everything that the report says, for programs. Not collective. */

#include "report/figure_list.h"
#include "report/sources.h"

/** The document telescopeml.report/1. It depends on the files of the folder alone: its warnings are those
 * that they hold and the figures that were not drawn.
 * @return on the heap, owned by the caller; NULL without memory */
cJSON *tml_report_json(const tml_report_sources *sources, const tml_report_figures *figures);

/** Its warnings: an array of {"code", "text"}, each once. @return as tml_report_json */
cJSON *tml_report_warnings(const tml_report_sources *sources, const tml_report_figures *figures);

/** Its figures: an array of {"name", "caption", "files"}. @return as tml_report_json */
cJSON *tml_report_figures_json(const tml_report_figures *figures);

/** Lines name=value as an object of strings. @param lines  borrowed; NULL gives null */
cJSON *tml_report_facts(const char *lines);

#endif
