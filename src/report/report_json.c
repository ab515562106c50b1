#include "report/report_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/envelope.h"
#include "report/flag_words.h"
#include "report/json_text.h"
#include "report/report.h"
#include "report/scaling_figures.h"

#define SCHEMA "telescopeml.report/1"

/* ---- warnings ---- */

/* A word of lower-case letters, digits and underscores, as programs expect it. */
static bool is_code(const char *code)
{
    return code[0] >= 'a' && code[0] <= 'z' &&
           strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(code);
}

static bool is_there(const cJSON *list, const char *code, const char *text)
{
    const cJSON *entry = NULL;

    cJSON_ArrayForEach(entry, list)
    {
        if (strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(entry, "code")), code) == 0 &&
            strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(entry, "text")), text) == 0)
            return true;
    }
    return false;
}

static void add_warning(cJSON *list, const char *code, const char *text)
{
    cJSON *clean = tml_json_text(text[0] != '\0' ? text : code);
    const char *known = is_code(code) ? code : "warning";
    cJSON *entry;

    if (clean == NULL || is_there(list, known, clean->valuestring)) {
        cJSON_Delete(clean);
        return;
    }
    entry = cJSON_CreateObject();
    cJSON_AddStringToObject(entry, "code", known);
    cJSON_AddItemToObject(entry, "text", clean);
    cJSON_AddItemToArray(list, entry);
}

static void add_lines(cJSON *list, const char *lines)
{
    char *copy = strdup(lines != NULL ? lines : "");
    char *rest = NULL;

    if (copy == NULL)
        return;
    for (char *line = strtok_r(copy, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        char *equals = strchr(line, '=');

        if (equals != NULL)
            *equals = '\0';
        add_warning(list, equals != NULL ? line : "warning", equals != NULL ? equals + 1 : line);
    }
    free(copy);
}

static void add_of_document(cJSON *list, const cJSON *document)
{
    const cJSON *entry = NULL;

    cJSON_ArrayForEach(entry, cJSON_GetObjectItemCaseSensitive(document, "warnings"))
    {
        const char *code = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "code"));
        const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "text"));

        if (code != NULL && text != NULL)
            add_warning(list, code, text);
    }
}

cJSON *tml_report_warnings(const tml_report_sources *sources, const tml_report_figures *figures)
{
    cJSON *list = cJSON_CreateArray();

    add_lines(list, sources->results.warnings);
    add_of_document(list, sources->table_document);
    add_of_document(list, sources->evaluation);
    add_of_document(list, sources->exploration.document);
    for (size_t i = 0; i < figures->count; ++i) {
        const tml_report_figure *figure = &figures->item[i];
        char text[TML_FIGURE_NAME + TML_FIGURE_REASON + 64];

        if (figure->is_drawn)
            continue;
        snprintf(text, sizeof text, "the figure %s was not drawn: %s", figure->name, figure->why);
        add_warning(list, "no_figure", text);
    }
    return list;
}

/* ---- parts ---- */

cJSON *tml_report_facts(const char *lines)
{
    char *copy = lines != NULL ? strdup(lines) : NULL;
    char *rest = NULL;
    cJSON *facts;

    if (copy == NULL)
        return cJSON_CreateNull();
    facts = cJSON_CreateObject();
    for (char *line = strtok_r(copy, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        char *equals = strchr(line, '=');

        if (equals == NULL)
            continue;
        *equals = '\0';
        tml_json_add(facts, line, tml_json_text(equals + 1));
    }
    free(copy);
    return facts;
}

static cJSON *number_or_null(bool is_known, double value)
{
    return is_known ? tml_json_number(value) : cJSON_CreateNull();
}

static cJSON *setting_json(const tml_report_sources *sources, const char *section, const char *key)
{
    char value[TML_REPORT_SETTING];

    return tml_report_setting(sources, section, key, value) ? tml_json_text(value) : cJSON_CreateNull();
}

/* The last row of the history. */
static cJSON *last_of(const tml_report_sources *sources, const char *column)
{
    const double *values = tml_history_column(&sources->history, column);

    if (values == NULL || sources->history.rows == 0)
        return cJSON_CreateNull();
    return tml_json_number(values[sources->history.rows - 1]);
}

static cJSON *targets_json(const tml_model_contents *model)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t t = 0; t < model->target_count; ++t) {
        cJSON *target = cJSON_CreateObject();

        cJSON_AddItemToObject(target, "name", tml_json_text(model->targets[t].name));
        cJSON_AddItemToObject(target, "unit", tml_json_text(model->targets[t].unit));
        cJSON_AddItemToArray(list, target);
    }
    return list;
}

static cJSON *training_json(const tml_report_sources *sources)
{
    const tml_model_contents *model = &sources->model;
    bool has_model = sources->has_model;
    cJSON *json;

    if (!has_model && !sources->has_history)
        return cJSON_CreateNull();
    json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "epochs",
                            has_model ? (double)model->epochs : (double)sources->history.rows);
    cJSON_AddItemToObject(json, "best_epoch",
                          number_or_null(has_model && model->best_epoch >= 0, (double)model->best_epoch));
    cJSON_AddItemToObject(json, "best_loss", number_or_null(has_model, model->best_loss));
    cJSON_AddItemToObject(json, "weights", number_or_null(has_model, (double)model->weight_count));
    cJSON_AddItemToObject(json, "wavelengths", number_or_null(has_model, (double)model->wavelengths));
    cJSON_AddItemToObject(json, "targets", has_model ? targets_json(model) : cJSON_CreateNull());
    cJSON_AddItemToObject(json, "grid_digest",
                          has_model ? tml_json_text(model->grid_digest) : cJSON_CreateNull());
    cJSON_AddItemToObject(json, "steps", last_of(sources, "step"));
    cJSON_AddItemToObject(json, "seconds", last_of(sources, "seconds"));
    cJSON_AddItemToObject(json, "train_loss", last_of(sources, "train_loss"));
    cJSON_AddItemToObject(json, "validation_loss", last_of(sources, "validation_loss"));
    cJSON_AddItemToObject(json, "loss", setting_json(sources, "loss", "kind"));
    cJSON_AddItemToObject(json, "monitor", setting_json(sources, "stop", "monitor"));
    cJSON_AddItemToObject(json, "ranks", number_or_null(sources->has_ranks, (double)sources->ranks.rows));
    return json;
}

/* How many rows of predictions.csv carry each flag. */
static cJSON *flag_counts_json(const tml_number_table *table)
{
    cJSON *json = cJSON_CreateObject();

    for (int f = 0; f < TML_FLAG_COUNT; ++f) {
        size_t count = 0;

        for (size_t row = 0; row < table->rows; ++row)
            count += tml_report_has_flag(table->words[table->word[row]], f);
        cJSON_AddNumberToObject(json, tml_result_flag_name(f), (double)count);
    }
    return json;
}

static cJSON *table_json(const tml_report_sources *sources)
{
    const cJSON *table = tml_report_table(sources);
    cJSON *json;

    if (table == NULL)
        return cJSON_CreateNull();
    json = tml_json_copy(table);
    if (sources->has_table)
        cJSON_AddItemToObject(json, "flag_counts", flag_counts_json(&sources->table));
    return json;
}

cJSON *tml_report_figures_json(const tml_report_figures *figures)
{
    static const char *const endings[] = {"pdf", "svg", "png"};
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < figures->count; ++i) {
        const tml_report_figure *figure = &figures->item[i];
        cJSON *json = cJSON_CreateObject();
        cJSON *files = cJSON_CreateArray();

        cJSON_AddStringToObject(json, "name", figure->name);
        cJSON_AddItemToObject(json, "caption", tml_json_text(figure->caption));
        for (size_t e = 0; e < sizeof endings / sizeof endings[0] && figure->is_drawn; ++e) {
            char path[TML_FIGURE_NAME + 16];

            snprintf(path, sizeof path, "figures/%s.%s", figure->name, endings[e]);
            cJSON_AddItemToArray(files, cJSON_CreateString(path));
        }
        cJSON_AddItemToObject(json, "files", files);
        cJSON_AddItemToArray(list, json);
    }
    return list;
}

static cJSON *provenance_json(const tml_report_sources *sources)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddItemToObject(json, "prediction", tml_report_facts(sources->results.provenance));
    cJSON_AddItemToObject(json, "training", tml_json_copy(sources->provenance));
    return json;
}

cJSON *tml_report_json(const tml_report_sources *sources, const tml_report_figures *figures)
{
    cJSON *result = tml_report_objects_json(&sources->results);
    cJSON *document;

    cJSON_AddItemToObject(result, "table", table_json(sources));
    cJSON_AddItemToObject(result, "evaluation", tml_json_copy(tml_report_scores(sources)));
    cJSON_AddItemToObject(result, "training", training_json(sources));
    cJSON_AddItemToObject(result, "exploration",
                          tml_json_copy(tml_exploration_result(&sources->exploration)));
    cJSON_AddItemToObject(result, "speed", tml_scaling_json(&sources->scaling, &sources->phases));
    cJSON_AddItemToObject(result, "figures", tml_report_figures_json(figures));
    cJSON_AddItemToObject(result, "provenance", provenance_json(sources));
    document = tml_envelope_create(SCHEMA, TML_OK, result);
    /* Not the warnings of this process: they are not on disk. */
    if (document != NULL)
        cJSON_ReplaceItemInObjectCaseSensitive(document, "warnings", tml_report_warnings(sources, figures));
    return document;
}
