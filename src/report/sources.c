#include "report/sources.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io/atomic_file.h"
#include "io/path.h"

enum { MOST_TEXT = 64 << 20 };

/* The path of a file of the folder. @return whether it is there */
static bool find(const char *folder, const char *name, char path[TML_PATH_LENGTH])
{
    struct stat facts;

    return tml_path_join(path, TML_PATH_LENGTH, folder, name) && stat(path, &facts) == 0;
}

/* ---- JSON ---- */

static tml_status read_json(const char *path, cJSON **document, tml_error *error)
{
    char *text = NULL;
    size_t count = 0;
    tml_status status = tml_file_read_text(path, MOST_TEXT, &text, &count, error);

    if (status != TML_OK)
        return status;
    *document = cJSON_ParseWithLength(text, count);
    if (*document == NULL)
        status = TML_FAIL(error, TML_BAD_DATA, "%s: is not JSON, or is cut off", path);
    free(text);
    return status;
}

static bool is_figure(const cJSON *item)
{
    return cJSON_IsNumber(item) || cJSON_IsNull(item);
}

static bool has_figures(const cJSON *object, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; ++i)
        if (!is_figure(cJSON_GetObjectItemCaseSensitive(object, names[i])))
            return false;
    return cJSON_IsObject(object);
}

static bool are_targets(const cJSON *targets)
{
    static const char *const names[] = {"r2", "rmse", "mae", "bias", "skewness"};
    const cJSON *target = NULL;

    if (!cJSON_IsObject(targets))
        return false;
    cJSON_ArrayForEach(target, targets)
    {
        if (!cJSON_IsString(cJSON_GetObjectItemCaseSensitive(target, "unit")) ||
            !has_figures(target, names, sizeof names / sizeof names[0]))
            return false;
    }
    return true;
}

static bool is_part(const cJSON *part)
{
    const cJSON *baseline = cJSON_GetObjectItemCaseSensitive(part, "baseline");

    return cJSON_IsString(cJSON_GetObjectItemCaseSensitive(part, "split")) &&
           cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(part, "rows")) &&
           are_targets(cJSON_GetObjectItemCaseSensitive(part, "targets")) &&
           (baseline == NULL || (cJSON_IsString(cJSON_GetObjectItemCaseSensitive(baseline, "name")) &&
                                 are_targets(cJSON_GetObjectItemCaseSensitive(baseline, "targets"))));
}

static bool is_evaluation(const cJSON *result)
{
    const cJSON *others = cJSON_GetObjectItemCaseSensitive(result, "other_splits");
    const cJSON *part = NULL;

    if (!is_part(result))
        return false;
    cJSON_ArrayForEach(part, others)
    {
        if (!is_part(part))
            return false;
    }
    return true;
}

static bool is_table(const cJSON *result)
{
    static const char *const names[] = {"low",         "high", "count",      "bias",
                                        "scatter_mad", "rmse", "coverage68", "coverage95"};
    const cJSON *table = cJSON_GetObjectItemCaseSensitive(result, "table");
    const cJSON *ranges = cJSON_GetObjectItemCaseSensitive(table, "ranges");
    const cJSON *range = NULL;

    if (!cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(table, "rows")) || !cJSON_IsArray(ranges))
        return false;
    cJSON_ArrayForEach(range, ranges)
    {
        if (!cJSON_IsString(cJSON_GetObjectItemCaseSensitive(range, "target")) ||
            !cJSON_IsString(cJSON_GetObjectItemCaseSensitive(range, "unit")) ||
            !has_figures(range, names, sizeof names / sizeof names[0]))
            return false;
    }
    return true;
}

/* A document of a kind, whose result is as it should be. */
static tml_status read_document(const char *path, const char *schema, bool is_good(const cJSON *result),
                                cJSON **document, tml_error *error)
{
    tml_status status = read_json(path, document, error);
    const cJSON *found;

    if (status != TML_OK)
        return status;
    found = cJSON_GetObjectItemCaseSensitive(*document, "schema");
    if (!cJSON_IsString(found) || strcmp(found->valuestring, schema) != 0)
        return TML_FAIL(error, TML_BAD_DATA, "%s: is not a document of %s", path, schema);
    if (!is_good(cJSON_GetObjectItemCaseSensitive(*document, "result")))
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: its result is damaged or incomplete; make it again by the command that wrote it",
                        path);
    return TML_OK;
}

static tml_status read_provenance(const char *path, cJSON **provenance, tml_error *error)
{
    const cJSON *fact = NULL;
    tml_status status = read_json(path, provenance, error);

    if (status == TML_OK && !cJSON_IsObject(*provenance))
        status = TML_FAIL(error, TML_BAD_DATA, "%s: is not an object of strings", path);
    if (status != TML_OK)
        return status;
    cJSON_ArrayForEach(fact, *provenance)
    {
        if (!cJSON_IsString(fact))
            return TML_FAIL(error, TML_BAD_DATA, "%s: '%.40s' is not a string", path, fact->string);
    }
    return TML_OK;
}

/* ---- parts ---- */

static tml_status read_objects(tml_report_sources *sources, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    tml_status status = TML_OK;

    if (find(sources->folder, "results.h5", path)) {
        status = tml_results_read(path, &sources->results, error);
        sources->has_results = status == TML_OK;
    }
    /* Without the document, predictions.csv is the objects of results.h5 once more. */
    if (status != TML_OK || !find(sources->folder, "predictions.json", path))
        return status;
    status = read_document(path, "telescopeml.predict/1", is_table, &sources->table_document, error);
    if (status == TML_OK && find(sources->folder, "predictions.csv", path)) {
        status = tml_number_table_read(path, "flags", &sources->table, error);
        sources->has_table = status == TML_OK;
    }
    return status;
}

static tml_status check_parts(const char *path, const tml_number_table *rows, tml_error *error)
{
    static const char *const parts[] = {"all", "train", "validation", "test"};

    for (size_t w = 0; w < rows->word_count; ++w) {
        bool is_known = false;

        for (size_t i = 0; i < sizeof parts / sizeof parts[0]; ++i)
            is_known = is_known || strcmp(rows->words[w], parts[i]) == 0;
        if (!is_known)
            return TML_FAIL(error, TML_BAD_DATA, "%s: '%.40s' in the column split is no part of a split",
                            path, rows->words[w]);
    }
    return TML_OK;
}

static tml_status read_scores(tml_report_sources *sources, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    tml_status status = TML_OK;

    if (find(sources->folder, "evaluation.json", path))
        status = read_document(path, "telescopeml.evaluate/1", is_evaluation, &sources->evaluation, error);
    if (status == TML_OK && find(sources->folder, "evaluation_rows.csv", path)) {
        status = tml_number_table_read(path, "split", &sources->scored_rows, error);
        sources->has_scored_rows = status == TML_OK;
        if (status == TML_OK)
            status = check_parts(path, &sources->scored_rows, error);
    }
    return status;
}

static tml_status read_training(tml_report_sources *sources, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    tml_status status = TML_OK;

    if (find(sources->folder, "history.csv", path)) {
        status = tml_history_read(path, &sources->history, error);
        sources->has_history = status == TML_OK;
    }
    if (status == TML_OK && find(sources->folder, "model.h5", path)) {
        status = tml_model_file_read_header(path, &sources->model, error);
        sources->has_model = status == TML_OK;
    }
    if (status == TML_OK && find(sources->folder, "ranks.csv", path)) {
        status = tml_number_table_read(path, NULL, &sources->ranks, error);
        sources->has_ranks = status == TML_OK;
    }
    if (status == TML_OK && find(sources->folder, "used_parameters.yml", path))
        status = tml_file_read_text(path, MOST_TEXT, &sources->parameters, NULL, error);
    if (status == TML_OK && find(sources->folder, "provenance.json", path))
        status = read_provenance(path, &sources->provenance, error);
    return status;
}

static tml_status read_exploration(tml_report_sources *sources, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    tml_status status;

    if (!find(sources->folder, "exploration.json", path))
        return TML_OK;
    status = read_document(path, "telescopeml.explore/1", tml_exploration_is_good,
                           &sources->exploration.document, error);
    if (status == TML_OK)
        status = tml_exploration_read_tables(sources->folder, &sources->exploration, error);
    return status;
}

static tml_status read_speed(tml_report_sources *sources, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    tml_status status = TML_OK;

    if (find(sources->folder, "scaling.csv", path))
        status = tml_scaling_study_read(path, &sources->scaling, error);
    if (status == TML_OK && find(sources->folder, "phases.csv", path))
        status = tml_phase_table_read(path, &sources->phases, error);
    return status;
}

bool tml_report_has_speed(const tml_report_sources *sources)
{
    return sources->scaling.series[TML_SCALING_STRONG].count > 0 ||
           sources->scaling.series[TML_SCALING_WEAK].count > 0 || sources->phases.ranks > 0;
}

static tml_status check_folder(const char *folder, tml_error *error)
{
    struct stat facts;

    if (stat(folder, &facts) != 0)
        return TML_FAIL(error, TML_NO_INPUT, "%s: cannot be opened: %s; check the path", folder,
                        strerror(errno));
    if (!S_ISDIR(facts.st_mode))
        return TML_FAIL(error, TML_NO_INPUT,
                        "%s: is a file; name the folder that train, evaluate, predict or explore wrote to",
                        folder);
    return TML_OK;
}

tml_status tml_report_sources_read(const char *folder, tml_report_sources *sources, tml_error *error)
{
    tml_status status = check_folder(folder, error);

    memset(sources, 0, sizeof *sources);
    sources->folder = folder;
    if (status == TML_OK)
        status = read_objects(sources, error);
    if (status == TML_OK)
        status = read_scores(sources, error);
    if (status == TML_OK)
        status = read_training(sources, error);
    if (status == TML_OK)
        status = read_exploration(sources, error);
    if (status == TML_OK)
        status = read_speed(sources, error);
    if (status == TML_OK && !sources->has_results && !sources->has_history && !sources->has_model &&
        sources->table_document == NULL && sources->evaluation == NULL &&
        sources->exploration.document == NULL && !tml_report_has_speed(sources))
        status = TML_FAIL(error, TML_NO_INPUT,
                          "%s: there is nothing to report on; train, evaluate, predict or explore into this "
                          "folder first",
                          folder);
    if (status != TML_OK)
        tml_report_sources_free(sources);
    return status;
}

const cJSON *tml_report_table(const tml_report_sources *sources)
{
    const cJSON *result = cJSON_GetObjectItemCaseSensitive(sources->table_document, "result");

    return cJSON_GetObjectItemCaseSensitive(result, "table");
}

const cJSON *tml_report_scores(const tml_report_sources *sources)
{
    return cJSON_GetObjectItemCaseSensitive(sources->evaluation, "result");
}

/* ---- settings ---- */

/* The line after this one; NULL after the last. */
static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');

    return end != NULL ? end + 1 : NULL;
}

bool tml_report_setting(const tml_report_sources *sources, const char *section, const char *key,
                        char value[TML_REPORT_SETTING])
{
    bool is_inside = false;

    value[0] = '\0';
    for (const char *line = sources->parameters; line != NULL && *line != '\0'; line = next_line(line)) {
        const char *word = line + strspn(line, " ");
        size_t length = strcspn(word, ":\n");

        if (word == line) {
            is_inside = strlen(section) == length && strncmp(word, section, length) == 0;
        } else if (is_inside && strlen(key) == length && strncmp(word, key, length) == 0 &&
                   word[length] == ':') {
            const char *start = word + length + 1 + strspn(word + length + 1, " ");
            size_t end = strcspn(start, "\n");

            for (size_t i = 1; i < end; ++i)
                if (start[i] == '#' && start[i - 1] == ' ')
                    end = i;
            while (end > 0 && start[end - 1] == ' ')
                --end;
            snprintf(value, TML_REPORT_SETTING, "%.*s", (int)(end < 90 ? end : 90), start);
            return true;
        }
    }
    return false;
}

void tml_report_sources_free(tml_report_sources *sources)
{
    tml_results_free(&sources->results);
    tml_number_table_free(&sources->table);
    tml_number_table_free(&sources->scored_rows);
    tml_number_table_free(&sources->ranks);
    tml_history_free(&sources->history);
    tml_model_contents_free(&sources->model);
    tml_exploration_free(&sources->exploration);
    tml_scaling_study_free(&sources->scaling);
    tml_phase_table_free(&sources->phases);
    cJSON_Delete(sources->table_document);
    cJSON_Delete(sources->evaluation);
    cJSON_Delete(sources->provenance);
    free(sources->parameters);
    memset(sources, 0, sizeof *sources);
}
