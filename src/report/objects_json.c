#include <math.h>
#include <string.h>

#include "io/envelope.h"
#include "report/json_text.h"
#include "report/report.h"
#include "spectra/pixel_state.h"
#include "statistics/noise_misfit.h"

static void add_number(cJSON *object, const char *name, double value)
{
    cJSON_AddItemToObject(object, name, tml_json_number(value));
}

static void add_text(cJSON *object, const char *name, const char *text)
{
    cJSON_AddItemToObject(object, name, tml_json_text(text));
}

static cJSON *flags_json(uint32_t flags)
{
    cJSON *list = cJSON_CreateArray();

    for (int i = 0; i < TML_FLAG_COUNT; ++i)
        if ((flags >> i & 1U) != 0)
            cJSON_AddItemToArray(list, cJSON_CreateString(tml_result_flag_name(i)));
    return list;
}

/* Those of the network, by what became of them: "masked" is what the observation covers but cannot be used.
 */
static cJSON *bins_json(const tml_object_result *object)
{
    size_t counts[TML_PIXEL_STATES];
    cJSON *json = cJSON_CreateObject();
    cJSON *reasons = cJSON_CreateObject();
    size_t masked = 0;

    tml_pixel_count(object->bins, object->bin_state, counts);
    for (int i = 0; i < TML_PIXEL_STATES; ++i) {
        if (i == TML_PIXEL_USED || i == TML_PIXEL_OUTSIDE)
            continue;
        masked += counts[i];
        cJSON_AddNumberToObject(reasons, tml_pixel_state_name((tml_pixel_state)i), (double)counts[i]);
    }
    cJSON_AddNumberToObject(json, "used", (double)counts[TML_PIXEL_USED]);
    cJSON_AddNumberToObject(json, "masked", (double)masked);
    cJSON_AddNumberToObject(json, "outside", (double)counts[TML_PIXEL_OUTSIDE]);
    cJSON_AddItemToObject(json, "masked_by", reasons);
    return json;
}

static cJSON *pixels_json(const tml_object_result *object)
{
    size_t counts[TML_PIXEL_STATES];
    cJSON *json = cJSON_CreateObject();

    tml_pixel_count(object->pixels, object->pixel_state, counts);
    cJSON_AddNumberToObject(json, "count", (double)object->pixels);
    for (int i = 0; i < TML_PIXEL_OUTSIDE; ++i)
        cJSON_AddNumberToObject(json, tml_pixel_state_name((tml_pixel_state)i), (double)counts[i]);
    return json;
}

static cJSON *parameter_json(const tml_parameter_result *p)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *grid = cJSON_CreateObject();

    add_text(json, "unit", p->unit);
    add_number(json, "value", p->value);
    add_number(json, "mean", p->mean);
    add_number(json, "sd", p->sd);
    add_number(json, "sd_noise", p->sd_noise);
    add_number(json, "sd_model", p->sd_model);
    add_number(json, "p2_5", p->p2_5);
    add_number(json, "p16", p->p16);
    add_number(json, "p50", p->p50);
    add_number(json, "p84", p->p84);
    add_number(json, "p97_5", p->p97_5);
    add_number(grid, "low", p->grid_low);
    add_number(grid, "high", p->grid_high);
    cJSON_AddItemToObject(json, "grid", grid);
    cJSON_AddItemToObject(json, "flags", flags_json(p->flags));
    return json;
}

static cJSON *parameters_json(const tml_object_result *object)
{
    cJSON *json = cJSON_CreateObject();

    for (size_t i = 0; i < object->parameters; ++i)
        tml_json_add(json, object->parameter[i].name, parameter_json(&object->parameter[i]));
    return json;
}

/* null where nothing is known. */
static cJSON *measure_json(tml_measure measure)
{
    cJSON *json;

    if (!isfinite(measure.value))
        return cJSON_CreateNull();
    json = cJSON_CreateObject();
    add_number(json, "value", measure.value);
    add_number(json, "sd", measure.sd);
    return json;
}

static cJSON *scale_json(const tml_object_result *object)
{
    cJSON *json = cJSON_CreateObject();

    add_number(json, "value", object->scale.value);
    add_number(json, "sd", object->scale.sd);
    add_number(json, "radius_rjup", object->radius_rjup.value);
    add_number(json, "radius_rjup_sd", object->radius_rjup.sd);
    return json;
}

static cJSON *goodness_json(const tml_object_result *object)
{
    cJSON *json = cJSON_CreateObject();

    add_number(json, "chi2", object->chi2);
    add_number(json, "dof", object->dof);
    add_number(json, "p", object->p);
    add_number(json, "inflation", object->inflation);
    return json;
}

static cJSON *grid_point_json(const tml_object_result *object)
{
    cJSON *json;
    cJSON *values;

    if (object->grid_point.row < 0)
        return cJSON_CreateNull();
    json = cJSON_CreateObject();
    values = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "row", (double)object->grid_point.row);
    add_number(json, "chi2", object->grid_point.chi2);
    add_number(json, "misfit", tml_misfit(object->grid_point.chi2, object->dof));
    for (size_t i = 0; i < object->parameters; ++i)
        tml_json_add(values, object->parameter[i].name, tml_json_number(object->grid_point.parameter[i]));
    cJSON_AddItemToObject(json, "parameters", values);
    return json;
}

static cJSON *literature_json(const tml_object_facts *facts)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t i = 0; i < facts->literature_count; ++i) {
        const tml_literature *source = &facts->literature[i];
        cJSON *json = cJSON_CreateObject();
        cJSON *values = cJSON_CreateObject();

        add_text(json, "source", source->source);
        for (size_t v = 0; v < source->count; ++v)
            tml_json_add(values, source->name[v], measure_json(source->value[v]));
        cJSON_AddItemToObject(json, "parameters", values);
        cJSON_AddItemToArray(list, json);
    }
    return list;
}

static cJSON *object_json(const tml_object_result *object)
{
    cJSON *json = cJSON_CreateObject();

    add_text(json, "name", object->facts.name);
    add_text(json, "file", object->file);
    add_text(json, "model", object->model_file);
    add_text(json, "model_digest", object->model_digest);
    cJSON_AddItemToObject(json, "pixels", bins_json(object));
    cJSON_AddItemToObject(json, "observed_pixels", pixels_json(object));
    cJSON_AddBoolToObject(json, "is_relative", object->is_relative);
    cJSON_AddBoolToObject(json, "is_at_surface", object->is_at_surface);
    cJSON_AddItemToObject(json, "distance_pc", measure_json(object->facts.distance_pc));
    cJSON_AddItemToObject(json, "radius_rjup", measure_json(object->facts.radius_rjup));
    cJSON_AddItemToObject(json, "parameters", parameters_json(object));
    cJSON_AddNumberToObject(json, "draws", (double)object->draws);
    cJSON_AddItemToObject(json, "scale", scale_json(object));
    cJSON_AddItemToObject(json, "goodness", goodness_json(object));
    cJSON_AddItemToObject(json, "grid_point", grid_point_json(object));
    cJSON_AddItemToObject(json, "literature", literature_json(&object->facts));
    cJSON_AddItemToObject(json, "flags", flags_json(object->flags));
    return json;
}

cJSON *tml_report_objects_json(const tml_results *results)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(json, "objects");

    if (list == NULL) {
        cJSON_Delete(json);
        return NULL;
    }
    for (size_t i = 0; i < results->count; ++i)
        cJSON_AddItemToArray(list, object_json(&results->object[i]));
    return json;
}
