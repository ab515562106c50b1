#include "commands/predict_job.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/predict_print.h"
#include "core/digest.h"
#include "core/log.h"
#include "core/memory.h"
#include "core/text.h"
#include "inference/observed_object.h"
#include "io/envelope.h"
#include "io/observation_file.h"
#include "io/path.h"
#include "mpi/agree.h"
#include "report/report.h"
#include "spectra/pixel_state.h"

#define SCHEMA "telescopeml.predict/1"

/* ---- reading ---- */

static tml_status apply_options(const tml_predict_options *o, tml_object_facts *facts, tml_error *error)
{
    tml_status status = TML_OK;

    if (o->distance != NULL)
        status = tml_predict_measure("--distance-pc", o->distance, &facts->distance_pc, error);
    if (status == TML_OK && o->radius != NULL)
        status = tml_predict_measure("--radius-rjup", o->radius, &facts->radius_rjup, error);
    if (status == TML_OK && o->name != NULL && !tml_text_copy(facts->name, sizeof facts->name, o->name))
        return TML_FAIL(error, TML_USAGE, "predict: --name is longer than %d bytes", TML_OBJECT_NAME - 1);
    return status;
}

static tml_status read_object(const tml_predict_job *job, const char *path, tml_observed_object *object,
                              tml_error *error)
{
    const tml_predict_options *o = job->options;
    const tml_observation_options options = {.unit_wavelength = o->unit_wavelength,
                                             .unit_flux = o->unit_flux,
                                             .columns = o->columns,
                                             .object = o->object,
                                             .is_air = o->air != NULL,
                                             .snr = job->snr};
    tml_status status = tml_observation_file_read(path, &options, &object->spectrum, &object->facts, error);

    if (status == TML_OK)
        status = apply_options(o, &object->facts, error);
    if (status != TML_OK)
        return status;
    snprintf(object->file, sizeof object->file, "%s", path);
    object->key = tml_digest_64(object->facts.name, strlen(object->facts.name));
    return TML_OK;
}

/* Rank 0 reads; every rank gets the object. */
static tml_status load_object(const tml_predict_job *job, const char *path, tml_observed_object *object,
                              tml_error *error)
{
    tml_status status = TML_OK;

    if (job->world->rank == 0)
        status = read_object(job, path, object, error);
    status = tml_agree(job->world->comm, status, error);
    return status == TML_OK ? tml_observed_object_share(job->world->comm, object, error) : status;
}

/* ---- results ---- */

static char *lines_of_warnings(void)
{
    size_t count;
    const tml_warning *warnings = tml_log_warnings(&count);
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);

    if (stream == NULL)
        return NULL;
    for (size_t i = 0; i < count; ++i)
        fprintf(stream, "%s=%s\n", warnings[i].code, warnings[i].text);
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* RFC 4180: a quotation mark within a field is doubled. */
static void print_quoted(FILE *out, const char *text)
{
    fputs(",\"", out);
    for (; *text != '\0'; ++text) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputs("\"\n", out);
}

static tml_status write_csv(const tml_predict_job *job, const tml_results *results, tml_error *error)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    tml_status status;

    if (stream != NULL) {
        tml_predictions_header(stream, job->model);
        fprintf(stream, ",object\n");
        for (size_t m = 0; m < results->count; ++m) {
            tml_predictions_line(stream, (int64_t)m, &results->object[m]);
            print_quoted(stream, results->object[m].facts.name);
        }
    }
    if (stream == NULL || fclose(stream) != 0)
        status = TML_FAIL(error, TML_INTERNAL, "no memory for predictions.csv");
    else
        status = tml_predictions_write(job->options->out, text, length, error);
    free(text);
    return status;
}

static tml_status write_results(const tml_predict_job *job, tml_results *results, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    tml_status status;

    if (!tml_path_join(path, sizeof path, job->options->out, "results.h5"))
        return TML_FAIL(error, TML_CANNOT_CREATE, "the path of %s is too long", job->options->out);
    results->warnings = lines_of_warnings();
    status = tml_results_write(path, results, error);
    if (status == TML_OK)
        status = write_csv(job, results, error);
    if (status == TML_OK)
        status = tml_predictions_remove(job->options->out, "predictions.json", error);
    return status == TML_OK ? tml_report_write(job->options->out, error) : status;
}

static void describe_results(const tml_predict_job *job, tml_results *results)
{
    for (size_t m = 0; m < results->count; ++m)
        snprintf(results->object[m].model_file, sizeof results->object[m].model_file, "%s",
                 job->options->model);
}

static tml_status give_results(const tml_predict_job *job, tml_results *results, tml_error *error)
{
    tml_status status = TML_OK;

    describe_results(job, results);
    if (job->options->out != NULL)
        status = write_results(job, results, error);
    if (status != TML_OK)
        return status;
    if (job->wants_json)
        return tml_envelope_print(SCHEMA, tml_report_objects_json(results), error);
    for (size_t m = 0; m < results->count; ++m)
        tml_predict_print(stdout, &results->object[m]);
    if (job->options->out != NULL)
        printf("report        %s/report.html\n", job->options->out);
    return fflush(stdout) == 0 ? TML_OK : TML_FAIL(error, TML_IO_ERROR, "standard output cannot be written");
}

/* A dry run says what would be used, without the network. */
static tml_status check_objects(const tml_predict_job *job, tml_observed_object *objects, tml_error *error)
{
    const tml_preparation_choice *choice = &job->model->preparation.choice;
    const tml_binning binning = {.bins = choice->wavelengths,
                                 .bin_um = job->model->wavelength_um,
                                 .needs_surface = !tml_preparation_is_scale_free(choice),
                                 .keep_negative = job->request.keep_negative,
                                 .takes_logarithm = choice->transform == TML_TRANSFORM_LOG10,
                                 .least = tml_prediction_least_bins(choice->target_count)};
    tml_status status = TML_OK;

    for (size_t m = 0; m < job->file_count && status == TML_OK; ++m) {
        size_t counts[TML_PIXEL_STATES];

        status = tml_observed_object_bin(&objects[m], &binning, error);
        if (status != TML_OK)
            break;
        tml_pixel_count(objects[m].bins, objects[m].state, counts);
        tml_log(TML_LOG_INFO, "%s: %zu pixels, which fill %zu of the network's %zu", objects[m].file,
                objects[m].spectrum.count, counts[TML_PIXEL_USED], objects[m].bins);
    }
    return tml_agree(job->world->comm, status, error);
}

static tml_status predict_and_give(const tml_predict_job *job, tml_observed_object *objects, tml_error *error)
{
    tml_results results = {.count = job->file_count};
    union {
        const char *read_only;
        char *plain;
    } provenance = {job->provenance};
    tml_status status = tml_agree(
        job->world->comm,
        tml_array_create(job->file_count, sizeof *results.object, "results", &results.object, error), error);

    if (status == TML_OK)
        status = tml_predict_objects(job->predictor, &job->request, job->file_count, objects, results.object,
                                     error);
    if (status == TML_OK && job->world->rank == 0) {
        results.provenance = provenance.plain;
        status = give_results(job, &results, error);
        results.provenance = NULL; /* the job's */
    }
    status = tml_agree(job->world->comm, status, error);
    tml_results_free(&results);
    return status;
}

tml_status tml_predict_files(const tml_predict_job *job, tml_error *error)
{
    tml_observed_object *objects = NULL;
    tml_status status = tml_agree(
        job->world->comm, tml_array_create(job->file_count, sizeof *objects, "observations", &objects, error),
        error);

    for (size_t m = 0; m < job->file_count && status == TML_OK; ++m)
        status = load_object(job, job->file[m], &objects[m], error);
    if (status == TML_OK)
        status = job->is_dry_run ? check_objects(job, objects, error) : predict_and_give(job, objects, error);
    for (size_t m = 0; m < job->file_count && objects != NULL; ++m)
        tml_observed_object_free(&objects[m]);
    free(objects);
    return status;
}
