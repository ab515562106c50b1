#include <math.h>
#include <stdio.h>

#include "exploration/grid_audit.h"
#include "io/envelope.h"

static void add_number(cJSON *json, const char *name, double value)
{
    cJSON_AddItemToObject(json, name, tml_json_number(value));
}

static void add_count(cJSON *json, const char *name, uint64_t count)
{
    add_number(json, name, (double)count);
}

static cJSON *numbers(size_t count, const double *value)
{
    cJSON *json = cJSON_CreateArray();

    for (size_t i = 0; i < count; ++i)
        cJSON_AddItemToArray(json, tml_json_number(value[i]));
    return json;
}

/* [[values of the first class], ...]; null for a parameter that is no axis. */
static cJSON *classes_json(const tml_parameter_bins *bins, const tml_line_audit *line,
                           const tml_label_classes *classes)
{
    cJSON *json = line->is_axis ? cJSON_CreateArray() : cJSON_CreateNull();

    for (size_t c = 0; line->is_axis && c < classes->count; ++c) {
        cJSON *values = cJSON_CreateArray();

        for (size_t v = 0; v < bins->count; ++v)
            if (classes->class_of[v] == c)
                cJSON_AddItemToArray(values, tml_json_number(bins->low[v]));
        cJSON_AddItemToArray(json, values);
    }
    return json;
}

static cJSON *parameter_json(const tml_grid_audit *audit, size_t p)
{
    const tml_line_audit *line = &audit->line[p];
    const tml_parameter_bins *bins = &audit->bins[p];
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "unit", audit->shape.parameters[p].unit);
    cJSON_AddStringToObject(json, "learned", audit->scale[p].is_log10 ? "log10" : "linear");
    add_number(json, "learned_mean", audit->scale[p].mean);
    add_number(json, "learned_sd", audit->scale[p].sd);
    add_count(json, "different", line->is_axis ? bins->count : bins->different);
    cJSON_AddItemToObject(json, "values",
                          line->is_axis ? numbers(bins->count, bins->low) : cJSON_CreateNull());
    cJSON_AddItemToObject(json, "classes", classes_json(bins, line, &line->identical));
    cJSON_AddItemToObject(json, "near_classes", classes_json(bins, line, &line->near));
    add_number(json, "ceiling_r2", audit->identical.ceiling[p].r2);
    add_number(json, "huber_floor", audit->identical.ceiling[p].huber);
    add_number(json, "near_ceiling_r2", audit->near.ceiling[p].r2);
    add_number(json, "near_huber_floor", audit->near.ceiling[p].huber);
    add_count(json, "jumps", line->jumps);
    add_number(json, "jump_limit_dex", line->jump_limit);
    return json;
}

static cJSON *defects_json(unsigned defects)
{
    cJSON *json = cJSON_CreateArray();

    for (size_t bit = 0; bit < TML_ROW_DEFECTS; ++bit)
        if ((defects >> bit & 1U) != 0)
            cJSON_AddItemToArray(json, cJSON_CreateString(tml_row_defect_name(bit)));
    return json;
}

static cJSON *bad_rows_json(const tml_grid_audit *audit)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *list;

    add_count(json, "rows", audit->bad_rows);
    for (size_t bit = 0; bit < TML_ROW_DEFECTS; ++bit)
        add_count(json, tml_row_defect_name(bit), audit->defects[bit]);
    list = cJSON_AddArrayToObject(json, "listed");
    for (size_t i = 0; i < audit->bad.count; ++i) {
        const tml_row_line line = tml_row_table_line(&audit->bad, i);
        cJSON *row = cJSON_CreateObject();
        cJSON *parameters;

        add_number(row, "row", (double)line.row);
        parameters = cJSON_AddObjectToObject(row, "parameters");
        for (size_t p = 0; p < audit->shape.parameter_count; ++p)
            add_number(parameters, audit->shape.parameters[p].name, line.parameter[p]);
        cJSON_AddItemToObject(row, "defects", defects_json((unsigned)line.extra[TML_AUDIT_DEFECTS]));
        cJSON_AddItemToArray(list, row);
    }
    return json;
}

static cJSON *coverage_json(const tml_grid_audit *audit)
{
    const tml_node_audit *nodes = &audit->nodes;
    cJSON *json = cJSON_CreateObject();
    cJSON *list;

    cJSON_AddBoolToObject(json, "is_regular", nodes->is_regular);
    add_number(json, "nodes", nodes->is_regular ? (double)nodes->nodes : (double)NAN);
    add_count(json, "filled", nodes->filled);
    add_number(json, "missing", nodes->is_regular ? (double)(nodes->nodes - nodes->filled) : (double)NAN);
    add_count(json, "repeated", audit->shape.rows - nodes->filled);
    list = cJSON_AddArrayToObject(json, "first_missing");
    for (size_t i = 0; i < nodes->listed; ++i) {
        double value[TML_GRID_PARAMETERS];
        cJSON *node = cJSON_CreateObject();

        tml_node_values(audit->shape.parameter_count, audit->bins, nodes->missing[i], value);
        for (size_t p = 0; p < audit->shape.parameter_count; ++p)
            add_number(node, audit->shape.parameters[p].name, value[p]);
        cJSON_AddItemToArray(list, node);
    }
    return json;
}

cJSON *tml_grid_audit_json(const tml_grid_audit *audit)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *part;

    cJSON_AddStringToObject(json, "grid", audit->path);
    cJSON_AddItemToObject(json, "digest",
                          audit->has_digest ? cJSON_CreateString(audit->digest) : cJSON_CreateNull());
    add_count(json, "rows", audit->shape.rows);
    add_count(json, "wavelengths", audit->shape.wavelengths);
    part = cJSON_AddObjectToObject(json, "identical");
    add_count(part, "spectra", audit->identical.spectra);
    add_count(part, "groups", audit->identical.groups);
    add_count(part, "rows", audit->identical.rows);
    add_count(part, "largest_group", audit->identical.largest);
    part = cJSON_AddObjectToObject(json, "near");
    add_number(part, "tolerance", audit->tolerance);
    add_count(part, "rows", audit->near.rows);
    add_count(part, "pairs", audit->near.pairs);
    add_count(part, "skipped", audit->near.skipped);
    part = cJSON_AddObjectToObject(json, "parameters");
    for (size_t p = 0; p < audit->shape.parameter_count; ++p)
        cJSON_AddItemToObject(part, audit->shape.parameters[p].name, parameter_json(audit, p));
    cJSON_AddItemToObject(json, "bad_rows", bad_rows_json(audit));
    cJSON_AddItemToObject(json, "coverage", coverage_json(audit));
    part = audit->has_energy ? cJSON_AddObjectToObject(json, "energy")
                             : cJSON_AddNullToObject(json, "energy");
    if (audit->has_energy) {
        add_number(part, "minimum", audit->energy[0]);
        add_number(part, "median", audit->energy[1]);
        add_number(part, "maximum", audit->energy[2]);
        add_count(part, "exceeding", audit->defects[3]);
    }
    return json;
}
