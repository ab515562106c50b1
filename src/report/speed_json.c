#include "io/envelope.h"
#include "report/json_text.h"
#include "report/scaling_figures.h"

static cJSON *point_json(const tml_scaling_point *point)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddNumberToObject(json, "ranks", (double)point->ranks);
    cJSON_AddNumberToObject(json, "threads", (double)point->threads);
    cJSON_AddNumberToObject(json, "batch", (double)point->batch);
    cJSON_AddNumberToObject(json, "repeats", (double)point->repeats);
    cJSON_AddItemToObject(json, "samples_per_second", tml_json_number(point->rate));
    cJSON_AddItemToObject(json, "slowest", tml_json_number(point->slowest));
    cJSON_AddItemToObject(json, "fastest", tml_json_number(point->fastest));
    cJSON_AddItemToObject(json, "speed_up", tml_json_number(point->speed_up));
    cJSON_AddItemToObject(json, "efficiency", tml_json_number(point->efficiency));
    cJSON_AddItemToObject(json, "communication_share", tml_json_number(point->communication));
    return json;
}

static cJSON *series_json(const tml_scaling_series *series)
{
    cJSON *json, *points;

    if (series->count == 0)
        return cJSON_CreateNull();
    json = cJSON_CreateObject();
    if (series->weights == TML_WEIGHTS_UNKNOWN)
        cJSON_AddNullToObject(json, "same_weights");
    else
        cJSON_AddBoolToObject(json, "same_weights", series->weights == TML_WEIGHTS_SAME);
    points = cJSON_AddArrayToObject(json, "points");
    for (size_t i = 0; i < series->count; ++i)
        cJSON_AddItemToArray(points, point_json(&series->point[i]));
    return json;
}

static cJSON *phases_json(const tml_phase_table *phases)
{
    static const char *const names[TML_PHASES] = {"compute", "communication", "input", "waiting"};
    const tml_phase_bar *slowest;
    cJSON *json, *seconds;

    if (phases->ranks == 0)
        return cJSON_CreateNull();
    slowest = &phases->bar[tml_phase_slowest(phases->ranks, phases->bar)];
    json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "ranks", (double)phases->ranks);
    cJSON_AddNumberToObject(json, "slowest_rank", (double)slowest->rank);
    cJSON_AddItemToObject(json, "slowest_host", tml_json_text(slowest->host));
    cJSON_AddItemToObject(json, "slowest_busy_seconds", tml_json_number(tml_phase_busy(slowest)));
    seconds = cJSON_AddObjectToObject(json, "mean_seconds");
    for (size_t p = 0; p < TML_PHASES; ++p) {
        double sum = 0.0;

        for (size_t r = 0; r < phases->ranks; ++r)
            sum += phases->bar[r].seconds[p];
        cJSON_AddItemToObject(seconds, names[p], tml_json_number(sum / (double)phases->ranks));
    }
    return json;
}

cJSON *tml_scaling_json(const tml_scaling_study *study, const tml_phase_table *phases)
{
    const tml_scaling_series *strong = &study->series[TML_SCALING_STRONG];
    const tml_scaling_series *weak = &study->series[TML_SCALING_WEAK];
    cJSON *json;

    if (strong->count == 0 && weak->count == 0 && phases->ranks == 0)
        return cJSON_CreateNull();
    json = cJSON_CreateObject();
    cJSON_AddItemToObject(json, "strong", series_json(strong));
    cJSON_AddItemToObject(json, "weak", series_json(weak));
    cJSON_AddItemToObject(json, "phases", phases_json(phases));
    return json;
}
