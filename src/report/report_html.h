#ifndef TML_REPORT_REPORT_HTML_H
#define TML_REPORT_REPORT_HTML_H

/** @file report/report_html.h
 * report.html: the report for people, one file that needs no other and no network. Not collective. */

#include <stddef.h>
#include <stdio.h>

#include <cjson/cJSON.h>

#include "core/status.h"
#include "report/figure_list.h"
#include "report/sources.h"

/** The document.
 * @param document  report.json (report/report_json.h), borrowed
 * @param text      out: on the heap, owned by the caller; NULL on failure
 * @return TML_OK or TML_INTERNAL (no memory) */
TML_NODISCARD tml_status tml_report_html(const tml_report_sources *sources, const tml_report_figures *figures,
                                         const cJSON *document, char **text, size_t *count, tml_error *error);

/** What every section gets. */
typedef struct tml_html_page {
    FILE *out;
    const tml_report_sources *sources;
    const tml_report_figures *figures;
    const cJSON *document;
    size_t figures_shown; /* so far */
} tml_html_page;

/** The sections, each printing nothing when there is nothing to say. */
void tml_html_objects(tml_html_page *page);
void tml_html_table_section(tml_html_page *page);
void tml_html_scores(tml_html_page *page);
void tml_html_training(tml_html_page *page);
void tml_html_exploration(tml_html_page *page);
void tml_html_speed(tml_html_page *page);
void tml_html_notes(tml_html_page *page);

/** The figures of a place; of an object those of that number. */
void tml_html_figures(tml_html_page *page, tml_figure_place place, size_t object);

#endif
