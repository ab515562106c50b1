#include <stdlib.h>

#include "io/envelope.h"
#include "report/documents.h"
#include "report/json_text.h"
#include "report/report_json.h"
#include "report/run_facts.h"
#include "report/setting_list.h"

#define SCHEMA "telescopeml.comparison/1"

/* ---- objects ---- */

/* As in the folder's own report. */
static cJSON *answer_json(const tml_comparison *comparison, const tml_compared_answer *answer)
{
    tml_object_result object = *answer->object;
    const tml_results one = {.count = 1, .object = &object};
    cJSON *document = tml_report_objects_json(&one);
    cJSON *json = cJSON_DetachItemFromArray(cJSON_GetObjectItem(document, "objects"), 0);
    cJSON_Delete(document);
    cJSON_AddItemToObject(json, "folder", tml_json_text(comparison->folder[answer->folder].label));
    return json;
}

static cJSON *difference_json(const tml_comparison *comparison, const tml_compared_answer *first,
                              const tml_compared_answer *second,
                              const tml_parameter_result *const *parameters, size_t count)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *values = cJSON_CreateObject();

    cJSON_AddItemToObject(json, "from", tml_json_text(comparison->folder[first->folder].label));
    cJSON_AddItemToObject(json, "to", tml_json_text(comparison->folder[second->folder].label));
    for (size_t p = 0; p < count; ++p)
        if (tml_compared_parameter(first->object, parameters[p]) != NULL &&
            tml_compared_parameter(second->object, parameters[p]) != NULL)
            tml_json_add(
                values, parameters[p]->name,
                tml_json_number(tml_compared_difference(first->object, second->object, parameters[p])));
    cJSON_AddItemToObject(json, "parameters", values);
    return json;
}

static cJSON *object_json(const tml_comparison *comparison, const tml_compared_object *object)
{
    const tml_parameter_result *parameters[TML_RESULT_TARGETS];
    size_t count = tml_compared_parameters(comparison, parameters);
    cJSON *json = cJSON_CreateObject();
    cJSON *answers = cJSON_CreateArray();
    cJSON *differences = cJSON_CreateArray();

    for (size_t a = 0; a < object->count; ++a) {
        cJSON_AddItemToArray(answers, answer_json(comparison, &object->answer[a]));
        for (size_t b = a + 1; b < object->count; ++b)
            if (object->answer[a].folder != object->answer[b].folder)
                cJSON_AddItemToArray(differences, difference_json(comparison, &object->answer[a],
                                                                  &object->answer[b], parameters, count));
    }
    cJSON_AddItemToObject(json, "name", tml_json_text(object->name));
    cJSON_AddItemToObject(json, "answers", answers);
    cJSON_AddItemToObject(json, "differences", differences);
    return json;
}

/* ---- runs ---- */

static cJSON *scores_json(const tml_report_sources *sources)
{
    const cJSON *part = tml_run_scores(sources);
    cJSON *json;

    if (part == NULL)
        return cJSON_CreateNull();
    json = cJSON_CreateObject();
    cJSON_AddItemToObject(json, "split", tml_json_copy(cJSON_GetObjectItemCaseSensitive(part, "split")));
    cJSON_AddItemToObject(json, "rows", tml_json_copy(cJSON_GetObjectItemCaseSensitive(part, "rows")));
    cJSON_AddItemToObject(json, "noise", tml_json_copy(cJSON_GetObjectItemCaseSensitive(part, "noise")));
    cJSON_AddItemToObject(json, "targets", tml_json_copy(cJSON_GetObjectItemCaseSensitive(part, "targets")));
    return json;
}

static cJSON *training_json(const tml_report_sources *sources)
{
    tml_run_facts facts;
    cJSON *json;

    if (!tml_run_facts_of(sources, &facts))
        return cJSON_CreateNull();
    json = cJSON_CreateObject();
    cJSON_AddItemToObject(json, "epochs", tml_json_number(facts.epochs));
    cJSON_AddItemToObject(json, "best_epoch", tml_json_number(facts.best_epoch - 1.0));
    cJSON_AddItemToObject(json, "best_loss", tml_json_number(facts.best_loss));
    cJSON_AddItemToObject(json, "weights", tml_json_number(facts.weights));
    cJSON_AddItemToObject(json, "ranks", tml_json_number(facts.ranks));
    cJSON_AddItemToObject(json, "seconds", tml_json_number(facts.seconds));
    cJSON_AddItemToObject(json, "samples_per_second", tml_json_number(facts.samples_per_second));
    return json;
}

static cJSON *folders_json(const tml_comparison *comparison)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t f = 0; f < comparison->folders; ++f) {
        const tml_report_sources *sources = &comparison->folder[f].sources;
        cJSON *json = cJSON_CreateObject();

        cJSON_AddItemToObject(json, "folder", tml_json_text(comparison->folder[f].label));
        cJSON_AddItemToObject(json, "scores", scores_json(sources));
        cJSON_AddItemToObject(json, "training", training_json(sources));
        cJSON_AddItemToArray(list, json);
    }
    return list;
}

static cJSON *settings_json(const tml_comparison *comparison)
{
    cJSON *list = cJSON_CreateArray();
    tml_setting_difference *settings = NULL;
    size_t count = 0;
    tml_error error = {0, ""};

    if (tml_setting_differences(comparison, &settings, &count, &error) != TML_OK) {
        cJSON_Delete(list);
        return NULL;
    }
    for (size_t i = 0; i < count; ++i) {
        cJSON *json = cJSON_CreateObject();
        cJSON *values = cJSON_CreateArray();

        for (size_t f = 0; f < comparison->folders; ++f)
            cJSON_AddItemToArray(values, settings[i].value[f][0] != '\0' ? tml_json_text(settings[i].value[f])
                                                                         : cJSON_CreateNull());
        cJSON_AddItemToObject(json, "setting", tml_json_text(settings[i].name));
        cJSON_AddItemToObject(json, "values", values);
        cJSON_AddItemToArray(list, json);
    }
    free(settings);
    return list;
}

cJSON *tml_comparison_json(const tml_comparison *comparison, const tml_report_figures *figures)
{
    static const tml_report_sources no_sources = {0};
    cJSON *result = cJSON_CreateObject();
    cJSON *objects = cJSON_CreateArray();
    cJSON *document;

    for (size_t o = 0; o < comparison->objects; ++o)
        cJSON_AddItemToArray(objects, object_json(comparison, &comparison->object[o]));
    cJSON_AddItemToObject(result, "folders", folders_json(comparison));
    cJSON_AddItemToObject(result, "objects", objects);
    cJSON_AddItemToObject(result, "settings", settings_json(comparison));
    cJSON_AddItemToObject(result, "figures", tml_report_figures_json(figures));
    document = tml_envelope_create(SCHEMA, TML_OK, result);
    /* Warnings of the folders stand in their own reports; those of this process are not on disk. */
    if (document != NULL)
        cJSON_ReplaceItemInObjectCaseSensitive(document, "warnings",
                                               tml_report_warnings(&no_sources, figures));
    return document;
}
