#include "commands/evaluation_report.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number_text.h"
#include "io/atomic_file.h"
#include "io/envelope.h"
#include "io/path.h"

#define SCHEMA "telescopeml.evaluate/1"
#define BASELINE_NAME "nearest grid point"

static size_t target_count(const tml_evaluation_report *report)
{
    return report->model->settings.targets.count;
}

static const char *target_name(const tml_evaluation_report *report, size_t t)
{
    return report->model->settings.targets.item[t];
}

/* The part that speaks for the evaluation: the test part where there is one. */
static const tml_part_scores *main_part(const tml_evaluation_report *report)
{
    return &report->evaluation->part[report->evaluation->part_count - 1];
}

/* Nobody keeps the rows of the baseline: its scores have no intervals. */
static tml_regression_intervals intervals_of(const tml_part_scores *part, bool is_baseline, size_t target)
{
    return is_baseline ? tml_regression_intervals_unknown() : part->interval[target];
}

/* ---- JSON ---- */

static void add_interval(cJSON *object, const char *score, tml_interval interval)
{
    char name[16];

    snprintf(name, sizeof name, "%s_low", score);
    cJSON_AddItemToObject(object, name, tml_json_number(interval.low));
    snprintf(name, sizeof name, "%s_high", score);
    cJSON_AddItemToObject(object, name, tml_json_number(interval.high));
}

static double ceiling_of(const tml_evaluation_report *report, size_t target)
{
    return report->ceiling_r2 != NULL ? report->ceiling_r2[target] : (double)NAN;
}

static cJSON *target_json(const tml_regression_result *r, const tml_regression_intervals *intervals,
                          const char *unit, double ceiling)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "unit", unit);
    cJSON_AddItemToObject(object, "r2", tml_json_number(r->r2));
    cJSON_AddItemToObject(object, "rmse", tml_json_number(r->rmse));
    cJSON_AddItemToObject(object, "mae", tml_json_number(r->mae));
    cJSON_AddItemToObject(object, "bias", tml_json_number(r->bias));
    cJSON_AddItemToObject(object, "sd", tml_json_number(r->sd));
    cJSON_AddItemToObject(object, "skewness", tml_json_number(r->skewness));
    cJSON_AddItemToObject(object, "ceiling_r2", tml_json_number(ceiling));
    add_interval(object, "r2", intervals->r2);
    add_interval(object, "rmse", intervals->rmse);
    add_interval(object, "mae", intervals->mae);
    add_interval(object, "bias", intervals->bias);
    return object;
}

static cJSON *targets_json(const tml_evaluation_report *report, const tml_part_scores *part, bool is_baseline)
{
    cJSON *object = cJSON_CreateObject();

    for (size_t t = 0; t < target_count(report); ++t) {
        tml_regression_intervals intervals = intervals_of(part, is_baseline, t);

        cJSON_AddItemToObject(object, target_name(report, t),
                              target_json(is_baseline ? &part->baseline[t] : &part->target[t], &intervals,
                                          report->model->target_unit[t], ceiling_of(report, t)));
    }
    return object;
}

static bool beats_all(const tml_evaluation_report *report, const tml_part_scores *part)
{
    bool all = true;

    for (size_t t = 0; t < target_count(report); ++t)
        all = all && tml_beats_baseline(part, t);
    return all;
}

static cJSON *baseline_json(const tml_evaluation_report *report, const tml_part_scores *part)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *beaten = cJSON_CreateArray();

    for (size_t t = 0; t < target_count(report); ++t)
        if (tml_beats_baseline(part, t))
            cJSON_AddItemToArray(beaten, cJSON_CreateString(target_name(report, t)));
    cJSON_AddStringToObject(object, "name", BASELINE_NAME);
    cJSON_AddItemToObject(object, "targets", targets_json(report, part, true));
    cJSON_AddItemToObject(object, "beaten", beaten);
    cJSON_AddBoolToObject(object, "beats_baseline", beats_all(report, part));
    return object;
}

static void add_part(const tml_evaluation_report *report, const tml_part_scores *part, cJSON *object)
{
    cJSON *noise = cJSON_AddObjectToObject(object, "noise");

    cJSON_AddStringToObject(object, "split", part->name);
    cJSON_AddNumberToObject(object, "rows", (double)part->rows);
    cJSON_AddItemToObject(noise, "snr",
                          report->evaluation->snr > 0 ? tml_json_number(report->evaluation->snr)
                                                      : cJSON_CreateNull());
    cJSON_AddItemToObject(object, "targets", targets_json(report, part, false));
    if (part->has_baseline)
        cJSON_AddItemToObject(object, "baseline", baseline_json(report, part));
}

static cJSON *result_json(const tml_evaluation_report *report)
{
    cJSON *result = cJSON_CreateObject();
    cJSON *others = cJSON_CreateArray();
    const tml_part_scores *shown = main_part(report);

    add_part(report, shown, result);
    cJSON_AddStringToObject(result, "model", report->model_path);
    for (const tml_part_scores *part = report->evaluation->part; part < shown; ++part) {
        cJSON *object = cJSON_CreateObject();

        add_part(report, part, object);
        cJSON_AddItemToArray(others, object);
    }
    cJSON_AddItemToObject(result, "other_splits", others);
    return result;
}

tml_status tml_evaluation_report_json(const tml_evaluation_report *report, tml_error *error)
{
    return tml_envelope_print(SCHEMA, result_json(report), error);
}

static tml_status write_json(const tml_evaluation_report *report, const char *path, tml_error *error)
{
    cJSON *document = tml_envelope_create(SCHEMA, TML_OK, result_json(report));
    tml_status status = document == NULL ? TML_FAIL(error, TML_INTERNAL, "no memory for the JSON document")
                                         : tml_json_write(path, document, error);

    cJSON_Delete(document);
    return status;
}

/* ---- CSV ---- */

static void print_number(FILE *out, double value)
{
    char text[TML_NUMBER_TEXT];

    tml_number_text(value, text);
    fprintf(out, ",%s", text);
}

static void print_interval(FILE *out, tml_interval interval)
{
    print_number(out, interval.low);
    print_number(out, interval.high);
}

static void print_figures(FILE *out, const tml_regression_result *r,
                          const tml_regression_intervals *intervals)
{
    print_number(out, r->r2);
    print_number(out, r->rmse);
    print_number(out, r->mae);
    print_number(out, r->bias);
    print_number(out, r->sd);
    print_number(out, r->skewness);
    print_interval(out, intervals->r2);
    print_interval(out, intervals->rmse);
    print_interval(out, intervals->mae);
    print_interval(out, intervals->bias);
}

static void print_scores(const tml_evaluation_report *report, FILE *out)
{
    fprintf(out, "method,split,rows,target,unit,r2,rmse,mae,bias,sd,skewness,r2_low,r2_high,"
                 "rmse_low,rmse_high,mae_low,mae_high,bias_low,bias_high\n");
    for (size_t p = 0; p < report->evaluation->part_count; ++p) {
        const tml_part_scores *part = &report->evaluation->part[p];

        for (int is_baseline = 0; is_baseline <= (part->has_baseline ? 1 : 0); ++is_baseline)
            for (size_t t = 0; t < target_count(report); ++t) {
                tml_regression_intervals intervals = intervals_of(part, is_baseline != 0, t);

                fprintf(out, "%s,%s,%llu,%s,%s", is_baseline ? BASELINE_NAME : "network", part->name,
                        (unsigned long long)part->rows, target_name(report, t),
                        report->model->target_unit[t]);
                print_figures(out, is_baseline ? &part->baseline[t] : &part->target[t], &intervals);
                fputc('\n', out);
            }
    }
}

static void print_predictions(const tml_evaluation_report *report, FILE *out)
{
    fprintf(out, "row,split");
    for (size_t t = 0; t < target_count(report); ++t)
        fprintf(out, ",%s_true,%s", target_name(report, t), target_name(report, t));
    fputc('\n', out);
    for (size_t i = 0; i < report->evaluation->prediction_count; ++i) {
        const double *row = report->evaluation->predictions + i * tml_prediction_width(target_count(report));
        const double *truth = row + TML_PREDICTION_TRUTH;

        fprintf(out, "%.0f,%s", row[TML_PREDICTION_ROW],
                strcmp(main_part(report)->name, "all") == 0
                    ? "all"
                    : tml_part_name((tml_part)row[TML_PREDICTION_PART]));
        for (size_t t = 0; t < target_count(report); ++t) {
            print_number(out, truth[t]);
            print_number(out, truth[target_count(report) + t]);
        }
        fputc('\n', out);
    }
}

static tml_status write_text(const tml_evaluation_report *report,
                             void print(const tml_evaluation_report *report, FILE *out), const char *path,
                             tml_error *error)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    tml_status status;

    if (stream != NULL)
        print(report, stream);
    if (stream == NULL || fclose(stream) != 0)
        status = TML_FAIL(error, TML_INTERNAL, "no memory for %s", path);
    else
        status = tml_atomic_write(path, text, length, error);
    free(text);
    return status;
}

tml_status tml_evaluation_report_write(const tml_evaluation_report *report, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    tml_status status;

    if (report->folder == NULL)
        return TML_OK;
    if (!tml_path_join(path, sizeof path, report->folder, "evaluation.json"))
        return TML_FAIL(error, TML_CANNOT_CREATE, "the path of %s is too long", report->folder);
    status = write_json(report, path, error);
    if (status == TML_OK && tml_path_join(path, sizeof path, report->folder, "evaluation.csv"))
        status = write_text(report, print_scores, path, error);
    if (status == TML_OK && tml_path_join(path, sizeof path, report->folder, "evaluation_rows.csv"))
        status = write_text(report, print_predictions, path, error);
    return status;
}

/* ---- table ---- */

static void print_part(const tml_evaluation_report *report, const tml_part_scores *part)
{
    bool has_baseline = part->has_baseline;

    printf("\n%s: %llu spectra", part->name, (unsigned long long)part->rows);
    if (report->evaluation->snr > 0)
        printf(", S/N %g", report->evaluation->snr);
    printf("\n  %-6s %-14s %8s%s %10s %10s %10s %9s", "target", "unit", "R2",
           report->ceiling_r2 != NULL ? " (at best)" : "", "RMSE", "MAE", "bias", "skewness");
    printf("%s\n", has_baseline ? " | nearest grid point: R2, RMSE" : "");
    for (size_t t = 0; t < target_count(report); ++t) {
        const tml_regression_result *r = &part->target[t];

        printf("  %-6s %-14s %8.4f", target_name(report, t), report->model->target_unit[t], r->r2);
        if (report->ceiling_r2 != NULL)
            printf("  %8.4f", ceiling_of(report, t));
        printf(" %10.4g %10.4g %+10.3g %+9.2f", r->rmse, r->mae, r->bias, r->skewness);
        if (has_baseline)
            printf(" | %8.4f %10.4g  %s", part->baseline[t].r2, part->baseline[t].rmse,
                   tml_beats_baseline(part, t) ? "network better" : "NETWORK WORSE");
        printf("\n");
    }
}

tml_status tml_evaluation_report_print(const tml_evaluation_report *report, tml_error *error)
{
    for (size_t p = 0; p < report->evaluation->part_count; ++p)
        print_part(report, &report->evaluation->part[p]);
    if (main_part(report)->has_baseline)
        printf("\nThe network is %s than the nearest grid point.\n", beats_all(report, main_part(report))
                                                                         ? "better in every target"
                                                                         : "NOT better in every target");
    if (report->folder != NULL)
        printf("\nwrote %s/evaluation.json, evaluation.csv, evaluation_rows.csv\n", report->folder);
    if (fflush(stdout) != 0)
        return TML_FAIL(error, TML_IO_ERROR, "standard output: %s", strerror(errno));
    return TML_OK;
}
