#include "commands/predict_job.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "commands/table_scores.h"
#include "core/log.h"
#include "core/memory.h"
#include "core/number_text.h"
#include "io/envelope.h"
#include "io/observation_table.h"
#include "io/path.h"
#include "mpi/agree.h"
#include "report/report.h"
#include "statistics/calibration.h"

#define SCHEMA "telescopeml.predict/1"

/* Objects that are predicted together: enough for all ranks, few enough for the memory of their draws. */
enum { BLOCK_OBJECTS = 256, BLOCK_DRAWS = 1 << 20 };

/* A table under way. Everything but the block is rank 0's alone. */
typedef struct table_work {
    const tml_predict_job *job;
    tml_observation_table *table;
    tml_observed_object *objects; /* [BLOCK_OBJECTS] */
    tml_object_result *results;   /* [BLOCK_OBJECTS] */
    int64_t *rows;                /* [BLOCK_OBJECTS] of the table */
    double *labels;               /* [BLOCK_OBJECTS][label_count] */
    size_t label_count;
    size_t block; /* objects that are predicted together */
    size_t count; /* those of this block */
    size_t skipped;
    tml_table_scores *scores;
    FILE *csv;
    char *text;
    size_t length;
    uint64_t total;
} table_work;

static int target_of(const table_work *w, const char *name)
{
    const tml_config_names *targets = &w->job->model->settings.targets;

    for (size_t t = 0; t < targets->count; ++t)
        if (strcmp(targets->item[t], name) == 0)
            return (int)t;
    return -1;
}

/* ---- reading, on rank 0 ---- */

static size_t usable_pixels(const tml_observation_row *row, size_t bins, bool keep_negative)
{
    size_t usable = 0;

    for (size_t b = 0; b < bins; ++b)
        if (isfinite(row->flux[b]) && isfinite(row->error[b]) && row->error[b] > 0.0 &&
            (row->flux[b] > 0.0 || (keep_negative && row->flux[b] < 0.0)))
            ++usable;
    return usable;
}

static tml_status take_row(table_work *w, const tml_observation_row *row, tml_error *error)
{
    const tml_model *model = w->job->model;
    size_t bins = model->preparation.choice.wavelengths;
    tml_observed_object *object = &w->objects[w->count];
    tml_status status = tml_observed_spectrum_create(bins, &object->spectrum, error);

    if (status != TML_OK)
        return status;
    tml_object_facts_clear(&object->facts);
    snprintf(object->facts.name, sizeof object->facts.name, "row %lld", (long long)row->row);
    snprintf(object->file, sizeof object->file, "%.400s: row %lld", w->job->options->table,
             (long long)row->row);
    object->key = (uint64_t)row->row;
    object->is_binned = true;
    object->spectrum.density = TML_FLUX_PER_FREQUENCY;
    object->spectrum.has_errors = true;
    memcpy(object->spectrum.wavelength_um, model->wavelength_um, bins * sizeof(double));
    memcpy(object->spectrum.flux, row->flux, bins * sizeof(double));
    memcpy(object->spectrum.error, row->error, bins * sizeof(double));
    memcpy(w->labels + w->count * w->label_count, row->label, w->label_count * sizeof(double));
    w->rows[w->count++] = row->row;
    return TML_OK;
}

static tml_status read_block(table_work *w, tml_error *error)
{
    const tml_preparation_choice *choice = &w->job->model->preparation.choice;
    const bool keeps = w->job->request.keep_negative && choice->transform != TML_TRANSFORM_LOG10;
    size_t bins = choice->wavelengths;
    size_t least = tml_prediction_least_bins(choice->target_count);
    tml_status status = TML_OK;

    while (w->count < w->block && status == TML_OK) {
        tml_observation_row row;

        status = tml_observation_table_next(w->table, &row, error);
        if (status != TML_OK || row.flux == NULL)
            break;
        if (usable_pixels(&row, bins, keeps) >= least)
            status = take_row(w, &row, error);
        else
            w->skipped += 1;
    }
    return status;
}

/* ---- results, on rank 0 ---- */

static tml_status score_object(table_work *w, size_t m, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t l = 0; l < w->label_count && status == TML_OK; ++l) {
        double label = w->labels[m * w->label_count + l];
        int target = target_of(w, tml_observation_table_label(w->table, l));
        const tml_parameter_result *p = target >= 0 ? &w->results[m].parameter[target] : NULL;
        tml_table_pair pair;

        if (p == NULL || !isfinite(label))
            continue;
        pair = (tml_table_pair){(size_t)target, label, p->value, p->p2_5, p->p16, p->p84, p->p97_5};
        status = tml_table_scores_add(w->scores, &pair, error);
    }
    return status;
}

static void print_header(table_work *w)
{
    tml_predictions_header(w->csv, w->job->model);
    for (size_t l = 0; l < w->label_count; ++l)
        fprintf(w->csv, ",%s_label", tml_observation_table_label(w->table, l));
    for (size_t l = 0; l < w->label_count; ++l)
        if (target_of(w, tml_observation_table_label(w->table, l)) >= 0)
            fprintf(w->csv, ",%s_pit", tml_observation_table_label(w->table, l));
    fputs(",grid_chi2\n", w->csv);
}

static void print_number(FILE *out, double value)
{
    char text[TML_NUMBER_TEXT];

    tml_number_text(value, text);
    fprintf(out, ",%s", text);
}

/* What a table has behind the columns that all predictions have. */
static void print_rest(table_work *w, size_t m)
{
    const double *labels = w->labels + m * w->label_count;
    const tml_object_result *result = &w->results[m];

    for (size_t l = 0; l < w->label_count; ++l)
        print_number(w->csv, labels[l]);
    for (size_t l = 0; l < w->label_count; ++l) {
        int target = target_of(w, tml_observation_table_label(w->table, l));

        if (target >= 0)
            print_number(
                w->csv, tml_share_below(result->draws, result->parameters, result->draw + target, labels[l]));
    }
    print_number(w->csv, result->grid_point.row >= 0 ? result->grid_point.chi2 : (double)NAN);
    fputc('\n', w->csv);
}

static tml_status keep_block(table_work *w, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t m = 0; m < w->count && status == TML_OK; ++m) {
        tml_predictions_line(w->csv, w->rows[m], &w->results[m]);
        print_rest(w, m);
        status = score_object(w, m, error);
    }
    return status;
}

static cJSON *result_json(table_work *w)
{
    cJSON *result = cJSON_CreateObject();
    cJSON *table = cJSON_AddObjectToObject(result, "table");

    cJSON_AddItemToObject(result, "objects", cJSON_CreateArray());
    cJSON_AddStringToObject(table, "file", w->job->options->table);
    cJSON_AddNumberToObject(table, "rows", (double)w->total);
    cJSON_AddNumberToObject(table, "skipped", (double)w->skipped);
    cJSON_AddNumberToObject(table, "draws", (double)w->job->request.draws);
    cJSON_AddItemToObject(table, "ranges", tml_table_scores_json(w->scores));
    return result;
}

static tml_status write_table(table_work *w, tml_error *error)
{
    const char *folder = w->job->options->out;
    char path[TML_PATH_LENGTH];
    cJSON *document;
    tml_status status;

    if (!tml_path_join(path, sizeof path, folder, "predictions.json"))
        return TML_FAIL(error, TML_CANNOT_CREATE, "the path of %s is too long", folder);
    document = tml_envelope_create(SCHEMA, TML_OK, result_json(w));
    status = tml_predictions_write(folder, w->text, w->length, error);
    if (status == TML_OK)
        status = tml_json_write(path, document, error);
    if (status == TML_OK)
        status = tml_predictions_remove(folder, "results.h5", error);
    cJSON_Delete(document);
    return status == TML_OK ? tml_report_write(folder, error) : status;
}

static tml_status check_rows(const table_work *w, tml_error *error)
{
    if (w->total == 0)
        return TML_FAIL(error, TML_BAD_DATA, "%s: no row has enough pixels that can be used",
                        w->job->options->table);
    if (w->skipped > 0)
        tml_warn("skipped_rows", "%s: %zu rows have too few pixels that can be used and were left out",
                 w->job->options->table, w->skipped);
    return TML_OK;
}

static tml_status give_table(table_work *w, tml_error *error)
{
    tml_status status = TML_OK;

    if (fflush(w->csv) != 0)
        return TML_FAIL(error, TML_INTERNAL, "no memory for the table of predictions");
    if (w->job->options->out != NULL)
        status = write_table(w, error);
    if (status != TML_OK)
        return status;
    if (w->job->wants_json)
        return tml_envelope_print(SCHEMA, result_json(w), error);
    if (w->job->options->out == NULL)
        fwrite(w->text, 1, w->length, stdout);
    else
        printf("%llu objects  %s/predictions.csv\n", (unsigned long long)w->total, w->job->options->out);
    /* Beside the table on standard output, the scores would spoil it. */
    tml_table_scores_print(w->job->options->out == NULL ? stderr : stdout, w->scores);
    if (w->job->options->out != NULL)
        printf("report        %s/report.html\n", w->job->options->out);
    return fflush(stdout) == 0 ? TML_OK : TML_FAIL(error, TML_IO_ERROR, "standard output cannot be written");
}

/* ---- the work of all ranks ---- */

static tml_status share_block(table_work *w, tml_error *error)
{
    MPI_Comm comm = w->job->world->comm;
    uint64_t count = w->count;
    tml_status status = tml_mpi_check(MPI_Bcast(&count, 1, MPI_UINT64_T, 0, comm), "sharing a table", error);

    w->count = (size_t)count;
    for (size_t m = 0; m < w->count && status == TML_OK; ++m)
        status = tml_observed_object_share(comm, &w->objects[m], error);
    return status;
}

static void free_block(table_work *w)
{
    for (size_t m = 0; m < w->count; ++m) {
        tml_observed_object_free(&w->objects[m]);
        tml_object_result_free(&w->results[m]);
    }
    w->count = 0;
}

static tml_status run_blocks(table_work *w, tml_error *error)
{
    const tml_predict_job *job = w->job;
    bool is_root = job->world->rank == 0;
    tml_status status;

    do {
        free_block(w);
        status = is_root ? read_block(w, error) : TML_OK;
        status = tml_agree(job->world->comm, status, error);
        if (status == TML_OK)
            status = share_block(w, error);
        w->total += w->count;
        if (status != TML_OK || w->count == 0 || job->is_dry_run)
            continue;
        status = tml_predict_objects(job->predictor, &job->request, w->count, w->objects, w->results, error);
        if (status == TML_OK && is_root)
            status = keep_block(w, error);
        status = tml_agree(job->world->comm, status, error);
    } while (status == TML_OK && w->count > 0);
    return status;
}

static tml_status open_table(table_work *w, tml_error *error)
{
    const tml_predict_options *o = w->job->options;
    const tml_model *model = w->job->model;
    tml_table_ranges ranges;
    tml_status status = tml_table_ranges_parse(o->ranges, &ranges, error);

    if (status == TML_OK && o->ranges != NULL && target_of(w, ranges.target) < 0)
        status = TML_FAIL(error, TML_USAGE, "predict: --ranges: '%s' is no target of this network",
                          ranges.target);
    if (status == TML_OK)
        status = tml_table_scores_create(model, &ranges, &w->scores, error);
    if (status == TML_OK)
        status = tml_observation_table_open(o->table, o->errors, w->job->snr,
                                            model->preparation.choice.wavelengths, model->wavelength_um,
                                            &w->table, error);
    if (status != TML_OK)
        return status;
    w->label_count = tml_observation_table_labels(w->table);
    w->csv = open_memstream(&w->text, &w->length);
    if (w->csv == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for the table of predictions");
    print_header(w);
    return tml_array_create(BLOCK_OBJECTS * (w->label_count + 1), sizeof(double), "labels", &w->labels,
                            error);
}

static tml_status prepare(table_work *w, tml_error *error)
{
    tml_status status = tml_array_create(BLOCK_OBJECTS, sizeof *w->objects, "observations", &w->objects,
                                         error);

    if (status == TML_OK)
        status = tml_array_create(BLOCK_OBJECTS, sizeof *w->results, "results", &w->results, error);
    if (status == TML_OK)
        status = tml_array_create(BLOCK_OBJECTS, sizeof *w->rows, "rows", &w->rows, error);
    if (status == TML_OK && w->job->world->rank == 0)
        status = open_table(w, error);
    return tml_agree(w->job->world->comm, status, error);
}

tml_status tml_predict_table(const tml_predict_job *job, tml_error *error)
{
    table_work w = {.job = job, .block = (size_t)(BLOCK_DRAWS / job->request.draws)};
    tml_status status = prepare(&w, error);

    w.block = w.block < 1 ? 1 : w.block > BLOCK_OBJECTS ? BLOCK_OBJECTS : w.block;
    if (status == TML_OK)
        status = run_blocks(&w, error);
    if (status == TML_OK && job->world->rank == 0)
        status = check_rows(&w, error);
    status = tml_agree(job->world->comm, status, error);
    if (status == TML_OK && job->is_dry_run)
        tml_log(TML_LOG_INFO, "%s is good: %llu rows; nothing was predicted", job->options->table,
                (unsigned long long)w.total);
    else if (status == TML_OK && job->world->rank == 0)
        status = give_table(&w, error);
    status = tml_agree(job->world->comm, status, error);
    if (w.objects != NULL && w.results != NULL)
        free_block(&w);
    if (w.csv != NULL)
        fclose(w.csv);
    free(w.text);
    free(w.objects);
    free(w.results);
    free(w.rows);
    free(w.labels);
    tml_table_scores_free(&w.scores);
    tml_observation_table_close(&w.table);
    return status;
}
