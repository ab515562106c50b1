#ifndef TML_REPORT_REPORT_H
#define TML_REPORT_REPORT_H

/** @file report/report.h
 * The report of a folder: every figure, report.json and report.html, made from the results on disk and from
 * nothing else, so that a folder that was copied elsewhere can be reported on again. Of several folders: what
 * they have in common and where they differ, comparison.json and comparison.html.
 *
 * What is looked for, each part left out when it is not there: results.h5 (observed objects),
 * predictions.json and predictions.csv beside it (a table of objects), evaluation.json and
 * evaluation_rows.csv (scores), history.csv, model.h5, used_parameters.yml, provenance.json and ranks.csv (a
 * training), exploration.json with the tables that `explore` writes beside it (a grid), scaling.csv and
 * phases.csv (speed).
 */

#include <cjson/cJSON.h>

#include "core/status.h"
#include "io/results_file.h"
#include "report/report_place.h"

/** Documents for people; a set of bits. */
typedef enum tml_report_format {
    TML_REPORT_HTML = 1 << 0,     /* report.html */
    TML_REPORT_MARKDOWN = 1 << 1, /* report.md: tables of objects and scores, as GitHub shows them */
    TML_REPORT_LATEX = 1 << 2     /* tables.tex: the same for a paper, with booktabs */
} tml_report_format;

typedef struct tml_report_request {
    size_t folders;            /* at least 1 */
    const char *const *folder; /* [folders] borrowed */
    const char *out;           /* a folder, or a file ending in .html; NULL: the one folder itself */
    unsigned formats;
} tml_report_request;

/** Make or renew the report of the folders: figures, the JSON document and those that `formats` asks for.
 * Not collective: one rank.
 * A figure that cannot be drawn is a warning (`no_figure`) and is named in the report; results that are
 * damaged are an error.
 * @param place  out: where it is
 * @return TML_OK; TML_USAGE (several folders without `out`, too many, or one of them twice); TML_NO_INPUT (a
 * folder is not there, or holds nothing to report on); TML_BAD_DATA; TML_CANNOT_CREATE; TML_IO_ERROR;
 * TML_INTERNAL */
TML_NODISCARD tml_status tml_report_make(const tml_report_request *request, tml_report_place *place,
                                         tml_error *error);

/** Read and check what it would be made from, and where it would go; writes nothing. @return as
 * tml_report_make */
TML_NODISCARD tml_status tml_report_check(const tml_report_request *request, tml_error *error);

/** Make DIR/figures, DIR/report.json and DIR/report.html: tml_report_make for one folder in itself. */
TML_NODISCARD tml_status tml_report_write(const char *folder, tml_error *error);

/** The `result` of telescopeml.predict/1 for the objects of one prediction.
 * @return on the heap, owned by the caller; NULL without memory */
cJSON *tml_report_objects_json(const tml_results *results);

#endif
