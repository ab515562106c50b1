#ifndef TML_REPORT_SOURCES_H
#define TML_REPORT_SOURCES_H

/** @file report/sources.h
 * What a folder holds to report on, read and checked. Not collective: one rank. */

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "core/status.h"
#include "io/history.h"
#include "io/model_file.h"
#include "io/results_file.h"
#include "report/exploration.h"
#include "report/number_table.h"
#include "report/phase_table.h"
#include "report/scaling_study.h"

typedef struct tml_report_sources {
    const char *folder; /* borrowed */
    bool has_results;
    tml_results results;   /* results.h5 */
    cJSON *table_document; /* predictions.json, whole; NULL: not there */
    bool has_table;
    tml_number_table table; /* predictions.csv beside it; its words are the flags of the rows */
    cJSON *evaluation;      /* evaluation.json, whole; NULL: not there */
    bool has_scored_rows;
    tml_number_table scored_rows; /* evaluation_rows.csv; its words are the parts of the split */
    bool has_history;
    tml_history history; /* history.csv */
    bool has_model;
    tml_model_contents model; /* model.h5 without weights */
    bool has_ranks;
    tml_number_table ranks;      /* ranks.csv */
    tml_exploration exploration; /* exploration.json and the tables beside it */
    tml_scaling_study scaling;   /* scaling.csv */
    tml_phase_table phases;      /* phases.csv */
    char *parameters;            /* used_parameters.yml; NULL: not there */
    cJSON *provenance;           /* provenance.json: an object of strings; NULL: not there */
} tml_report_sources;

/** Read what is there.
 * @param sources  out, owned by the caller (tml_report_sources_free); all zero on failure
 * @return TML_OK; TML_NO_INPUT (no folder, or nothing in it to report on); TML_BAD_DATA naming the file;
 *         TML_IO_ERROR; TML_INTERNAL
 */
TML_NODISCARD tml_status tml_report_sources_read(const char *folder, tml_report_sources *sources,
                                                 tml_error *error);

/** Whether scaling.csv or phases.csv holds anything. */
bool tml_report_has_speed(const tml_report_sources *sources);

/** The result of predictions.json, `table` with its `ranges`; NULL when it is not there. Borrowed. */
const cJSON *tml_report_table(const tml_report_sources *sources);

/** The result of evaluation.json; NULL when it is not there. Borrowed. */
const cJSON *tml_report_scores(const tml_report_sources *sources);

enum { TML_REPORT_SETTING = 96 };

/** Value of section.key in used_parameters.yml as it is written there, without its comment.
 * @param value  out: empty when it is not known
 * @return whether it is */
bool tml_report_setting(const tml_report_sources *sources, const char *section, const char *key,
                        char value[TML_REPORT_SETTING]);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_report_sources_free(tml_report_sources *sources);

#endif
