#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "report/comparison_sheets.h"
#include "report/people_number.h"
#include "report/run_facts.h"
#include "report/setting_list.h"

enum { LABEL = 128, TARGETS = 2 * TML_RESULT_TARGETS };

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

    return text != NULL ? text : "";
}

static void describe_part(const cJSON *part, char text[LABEL])
{
    double snr = tml_run_number(cJSON_GetObjectItemCaseSensitive(part, "noise"), "snr");

    snprintf(text, LABEL, "%.20s, %.0f spectra", text_of(part, "split"), tml_run_number(part, "rows"));
    if (isfinite(snr))
        snprintf(text + strlen(text), LABEL - strlen(text), ", S/N %g", snr);
}

/* One digit more than an error of this size deserves, as in report.html. */
static int decimals_of(double rmse)
{
    int decimals = tml_people_decimals(rmse);

    return decimals == TML_PEOPLE_PLAIN ? TML_PEOPLE_PLAIN : decimals + 1;
}

/* ---- one folder ---- */

static void add_part(const cJSON *part, bool has_baseline, tml_sheet *sheet)
{
    const cJSON *baseline = cJSON_GetObjectItemCaseSensitive(part, "baseline");
    const cJSON *theirs = cJSON_GetObjectItemCaseSensitive(baseline, "targets");
    const cJSON *target = NULL;
    char name[LABEL];

    describe_part(part, name);
    if (cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(part, "targets")) > 0)
        tml_sheet_group(sheet);
    cJSON_ArrayForEach(target, cJSON_GetObjectItemCaseSensitive(part, "targets"))
    {
        double rmse = tml_run_number(target, "rmse");

        tml_sheet_words(sheet, name);
        tml_sheet_target(sheet, target->string, text_of(target, "unit"));
        tml_sheet_number(sheet, tml_run_number(target, "r2"), 4);
        tml_sheet_number(sheet, rmse, decimals_of(rmse));
        tml_sheet_number(sheet, tml_run_number(target, "mae"), decimals_of(rmse));
        tml_sheet_number(sheet, tml_run_number(target, "bias"), decimals_of(rmse));
        if (has_baseline)
            tml_sheet_number(sheet,
                             tml_run_number(cJSON_GetObjectItemCaseSensitive(theirs, target->string), "rmse"),
                             decimals_of(rmse));
    }
}

static void fill_parts(const tml_report_sources *sources, tml_sheet *sheet)
{
    static const char *const columns[] = {"spectra", "parameter", "R\u00b2", "RMSE", "MAE", "bias"};
    const cJSON *result = tml_report_scores(sources);
    bool has_baseline = cJSON_GetObjectItemCaseSensitive(result, "baseline") != NULL;
    const cJSON *part = NULL;

    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; ++i)
        tml_sheet_column(sheet, columns[i]);
    if (has_baseline)
        tml_sheet_column(sheet, "RMSE of the nearest grid point");
    if (result == NULL)
        return;
    add_part(result, has_baseline, sheet);
    cJSON_ArrayForEach(part, cJSON_GetObjectItemCaseSensitive(result, "other_splits"))
    {
        add_part(part, has_baseline, sheet);
    }
}

void tml_sheet_of_labels(const tml_comparison *comparison, tml_sheet *sheet)
{
    static const char *const columns[] = {"parameter", "labels", "objects",     "bias",
                                          "MAD",       "RMSE",   "in 68 % [%]", "in 95 % [%]"};
    const cJSON *range = NULL;

    tml_sheet_create(sheet, "labels", "Objects of the table against their labels");
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; ++i)
        tml_sheet_column(sheet, columns[i]);
    if (comparison->folders != 1)
        return;
    cJSON_ArrayForEach(
        range, cJSON_GetObjectItemCaseSensitive(tml_report_table(&comparison->folder[0].sources), "ranges"))
    {
        int decimals = tml_people_decimals(tml_run_number(range, "rmse"));
        char bounds[TML_PEOPLE_PAIR];

        tml_people_interval(tml_run_number(range, "low"), tml_run_number(range, "high"), NAN, bounds);
        tml_sheet_target(sheet, text_of(range, "target"), text_of(range, "unit"));
        tml_sheet_words(sheet, bounds);
        tml_sheet_number(sheet, tml_run_number(range, "count"), 0);
        tml_sheet_number(sheet, tml_run_number(range, "bias"), decimals);
        tml_sheet_number(sheet, tml_run_number(range, "scatter_mad"), decimals);
        tml_sheet_number(sheet, tml_run_number(range, "rmse"), decimals);
        tml_sheet_number(sheet, 100.0 * tml_run_number(range, "coverage68"), 0);
        tml_sheet_number(sheet, 100.0 * tml_run_number(range, "coverage95"), 0);
    }
}

/* ---- several folders ---- */

static void add_folder_columns(const tml_comparison *comparison, tml_sheet *sheet)
{
    for (size_t f = 0; f < comparison->folders; ++f)
        tml_sheet_column(sheet, comparison->folder[f].label);
}

/* The same target of a folder's scores, of the same unit; NULL: none. */
static const cJSON *find_target(const tml_compared_folder *folder, const cJSON *like)
{
    const cJSON *found = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(tml_run_scores(&folder->sources), "targets"), like->string);

    return found != NULL && strcmp(text_of(found, "unit"), text_of(like, "unit")) == 0 ? found : NULL;
}

/* The different targets that folders were scored for. */
static size_t collect_targets(const tml_comparison *comparison, const cJSON *targets[TARGETS])
{
    size_t count = 0;

    for (size_t f = 0; f < comparison->folders; ++f) {
        const cJSON *target = NULL;

        cJSON_ArrayForEach(target, cJSON_GetObjectItemCaseSensitive(
                                       tml_run_scores(&comparison->folder[f].sources), "targets"))
        {
            bool is_new = count < TARGETS;

            for (size_t earlier = 0; earlier < f; ++earlier)
                is_new = is_new && find_target(&comparison->folder[earlier], target) == NULL;
            if (is_new)
                targets[count++] = target;
        }
    }
    return count;
}

/* Those that the smallest of the errors deserves, so that a row can be read across. */
static int common_decimals(const tml_comparison *comparison, const cJSON *target)
{
    double smallest = NAN;

    for (size_t f = 0; f < comparison->folders; ++f) {
        double rmse = tml_run_number(find_target(&comparison->folder[f], target), "rmse");

        smallest = rmse > 0.0 ? fmin(smallest, rmse) : smallest;
    }
    return decimals_of(smallest);
}

static void add_score(const tml_comparison *comparison, const char *score, const char *title,
                      const cJSON *target, tml_sheet *sheet)
{
    int decimals = strcmp(score, "r2") == 0 ? 4 : common_decimals(comparison, target);

    tml_sheet_target(sheet, target->string, text_of(target, "unit"));
    tml_sheet_words(sheet, title);
    for (size_t f = 0; f < comparison->folders; ++f)
        tml_sheet_number(sheet, tml_run_number(find_target(&comparison->folder[f], target), score), decimals);
}

static void fill_scores(const tml_comparison *comparison, tml_sheet *sheet)
{
    static const char *const scores[][2] = {
        {"r2", "R\u00b2"}, {"rmse", "RMSE"}, {"mae", "MAE"}, {"bias", "bias"}};
    const cJSON *targets[TARGETS];
    size_t count = collect_targets(comparison, targets);

    tml_sheet_column(sheet, "parameter");
    tml_sheet_column(sheet, "score");
    add_folder_columns(comparison, sheet);
    if (count == 0)
        return;
    tml_sheet_words(sheet, "scored on");
    tml_sheet_empty(sheet);
    for (size_t f = 0; f < comparison->folders; ++f) {
        const cJSON *part = tml_run_scores(&comparison->folder[f].sources);
        char text[LABEL] = "";

        if (part != NULL)
            describe_part(part, text);
        tml_sheet_words(sheet, text);
    }
    for (size_t t = 0; t < count; ++t) {
        tml_sheet_group(sheet);
        for (size_t s = 0; s < sizeof scores / sizeof scores[0]; ++s)
            add_score(comparison, scores[s][0], scores[s][1], targets[t], sheet);
    }
}

void tml_sheet_of_scores(const tml_comparison *comparison, tml_sheet *sheet)
{
    tml_sheet_create(sheet, "scores",
                     "Scores of the network on spectra whose parameters are known; bias is predicted minus "
                     "true");
    if (comparison->folders == 1)
        fill_parts(&comparison->folder[0].sources, sheet);
    else
        fill_scores(comparison, sheet);
}

static void add_times(const tml_comparison *comparison, const tml_run_facts *facts, tml_sheet *sheet)
{
    tml_sheet_words(sheet, "time of computing");
    for (size_t f = 0; f < comparison->folders; ++f) {
        char text[TML_CLOCK_TEXT] = "";

        if (isfinite(facts[f].seconds))
            tml_clock_duration(facts[f].seconds, text);
        tml_sheet_words(sheet, text);
    }
}

void tml_sheet_of_trainings(const tml_comparison *comparison, tml_sheet *sheet)
{
    static const struct {
        const char *name;
        size_t offset;
        int decimals;
    } rows[] = {{"epochs", offsetof(tml_run_facts, epochs), 0},
                {"best epoch", offsetof(tml_run_facts, best_epoch), 0},
                {"loss of the best epoch", offsetof(tml_run_facts, best_loss), TML_PEOPLE_PLAIN},
                {"weights", offsetof(tml_run_facts, weights), 0},
                {"ranks of the last job", offsetof(tml_run_facts, ranks), 0},
                {"spectra per second", offsetof(tml_run_facts, samples_per_second), 0}};
    tml_run_facts facts[TML_COMPARED_FOLDERS];
    size_t trainings = 0;

    tml_sheet_create(sheet, "trainings", "Trainings");
    tml_sheet_column(sheet, "training");
    add_folder_columns(comparison, sheet);
    for (size_t f = 0; f < comparison->folders; ++f)
        trainings += tml_run_facts_of(&comparison->folder[f].sources, &facts[f]);
    if (comparison->folders == 1 || trainings == 0)
        return;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; ++r) {
        tml_sheet_words(sheet, rows[r].name);
        for (size_t f = 0; f < comparison->folders; ++f)
            tml_sheet_number(sheet, *(const double *)((const char *)&facts[f] + rows[r].offset),
                             rows[r].decimals);
    }
    add_times(comparison, facts, sheet);
}

tml_status tml_sheet_of_settings(const tml_comparison *comparison, tml_sheet *sheet, tml_error *error)
{
    tml_setting_difference *list = NULL;
    size_t count = 0;
    tml_status status = tml_setting_differences(comparison, &list, &count, error);

    tml_sheet_create(sheet, "settings", "Settings of the trainings that differ");
    tml_sheet_column(sheet, "setting");
    add_folder_columns(comparison, sheet);
    for (size_t i = 0; i < count; ++i) {
        tml_sheet_words(sheet, list[i].name);
        for (size_t f = 0; f < comparison->folders; ++f)
            tml_sheet_words(sheet, list[i].value[f]);
    }
    free(list);
    return status;
}
