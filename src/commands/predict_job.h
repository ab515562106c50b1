#ifndef TML_COMMANDS_PREDICT_JOB_H
#define TML_COMMANDS_PREDICT_JOB_H

/** @file commands/predict_job.h
 * The two forms of `predict`: observed objects one by one, and a table of many. */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/status.h"
#include "inference/prediction.h"
#include "mpi/world.h"
#include "training/model.h"

/** The command's own options, as they were typed. */
typedef struct tml_predict_options {
    const char *model, *observation, *table, *errors, *out, *grid, *no_grid, *draws, *force, *negative;
    const char *distance, *radius, *name, *object, *unit_wavelength, *unit_flux, *columns, *air, *snr;
    const char *ranges;
} tml_predict_options;

/** One call of the command. */
typedef struct tml_predict_job {
    const tml_world *world;
    const tml_predict_options *options;
    const tml_model *model;
    tml_predictor *predictor; /* NULL in a dry run */
    tml_prediction_request request;
    double snr;              /* 0: not given */
    size_t file_count;       /* observations */
    const char *const *file; /* [file_count] */
    const char *provenance;  /* lines */
    bool wants_json;
    bool is_dry_run;
} tml_predict_job;

/** Predict observed objects, write what was found, print it. Collective over job->world->comm. */
TML_NODISCARD tml_status tml_predict_files(const tml_predict_job *job, tml_error *error);

/** Predict a table. Collective over job->world->comm. */
TML_NODISCARD tml_status tml_predict_table(const tml_predict_job *job, tml_error *error);

/** Read a value, or a value with its standard error ("11.134:0.02"). Not collective.
 * @return TML_OK, or TML_USAGE naming the option */
TML_NODISCARD tml_status tml_predict_measure(const char *option, const char *text, tml_measure *measure,
                                             tml_error *error);

/** A line of predictions.csv, and its header, up to but without their ends. Not collective. */
void tml_predictions_header(FILE *out, const tml_model *model);
void tml_predictions_line(FILE *out, int64_t row, const tml_object_result *result);

/** Write predictions.csv, complete or not at all. Not collective. */
TML_NODISCARD tml_status tml_predictions_write(const char *folder, const char *text, size_t length,
                                               tml_error *error);

/** Remove a file of earlier predictions that no new one replaces: those of a table have no results.h5, those
 * of objects no predictions.json, and a report would mix the two. Not collective.
 * @return TML_OK, also when there is none, or TML_CANNOT_CREATE */
TML_NODISCARD tml_status tml_predictions_remove(const char *folder, const char *name, tml_error *error);

#endif
