#ifndef TML_COMMANDS_EVALUATION_REPORT_H
#define TML_COMMANDS_EVALUATION_REPORT_H

/** @file commands/evaluation_report.h
 * An evaluation as a table for people, JSON and CSV for programs. Not collective: rank 0. */

#include "core/status.h"
#include "inference/evaluation.h"

typedef struct tml_evaluation_report {
    const tml_model *model;
    const tml_evaluation *evaluation;
    const char *model_path;
    const char *folder;       /* of the files; NULL: no files */
    const double *ceiling_r2; /* [targets] what identical spectra leave possible, NaN where it is not known;
                                 NULL: nothing is known */
} tml_evaluation_report;

/** Write evaluation.json, evaluation.csv and evaluation_rows.csv to the folder, each complete or not at all.
 * @return TML_OK, TML_CANNOT_CREATE or TML_IO_ERROR */
TML_NODISCARD tml_status tml_evaluation_report_write(const tml_evaluation_report *report, tml_error *error);

/** Print the table on standard output. @return TML_OK or TML_IO_ERROR */
TML_NODISCARD tml_status tml_evaluation_report_print(const tml_evaluation_report *report, tml_error *error);

/** Print the JSON document on standard output. @return TML_OK, TML_INTERNAL or TML_IO_ERROR */
TML_NODISCARD tml_status tml_evaluation_report_json(const tml_evaluation_report *report, tml_error *error);

#endif
