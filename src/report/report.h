#ifndef TML_REPORT_REPORT_H
#define TML_REPORT_REPORT_H

/** @file report/report.h
 * The report of a folder: every figure, report.json and report.html, made from the results on disk and from
 * nothing else, so that a folder that was copied elsewhere can be reported on again.
 *
 * What is looked for, each part left out when it is not there: results.h5 (observed objects),
 * predictions.json and predictions.csv beside it (a table of objects), evaluation.json and
 * evaluation_rows.csv (scores), history.csv, model.h5, used_parameters.yml, provenance.json and ranks.csv (a
 * training).
 */

#include <cjson/cJSON.h>

#include "core/status.h"
#include "io/results_file.h"

/** Make or renew DIR/figures, DIR/report.json and DIR/report.html. Not collective: one rank.
 * A figure that cannot be drawn is a warning (`no_figure`) and is named in the report; results that are
 * damaged are an error.
 * @return TML_OK; TML_NO_INPUT (DIR is not there, or holds nothing to report on); TML_BAD_DATA;
 * TML_CANNOT_CREATE; TML_IO_ERROR; TML_INTERNAL */
TML_NODISCARD tml_status tml_report_write(const char *folder, tml_error *error);

/** Read and check what a report of the folder would be made from; writes nothing. @return as
 * tml_report_write */
TML_NODISCARD tml_status tml_report_check(const char *folder, tml_error *error);

/** The `result` of telescopeml.predict/1 for the objects of one prediction.
 * @return on the heap, owned by the caller; NULL without memory */
cJSON *tml_report_objects_json(const tml_results *results);

#endif
