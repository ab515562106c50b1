#include "exploration/exploration_files.h"

#include "exploration/outliers.h"
#include "io/envelope.h"

/* Outliers that are listed: few, and clearly apart. neighbours.csv has more. */
enum { MOST_OUTLIERS = 20 };
static const double least_score = 3.0;

static void add_number(cJSON *json, const char *name, double value)
{
    cJSON_AddItemToObject(json, name, tml_json_number(value));
}

static void add_count(cJSON *json, const char *name, uint64_t count)
{
    add_number(json, name, (double)count);
}

static void add_parameter(cJSON *parameters, const tml_grid_exploration *e, size_t p)
{
    const tml_column_summary *s = &e->parameter[p];
    const struct {
        const char *name;
        double value;
    } numbers[] = {{"mean", s->mean},
                   {"sd", s->sd},
                   {"standard_error", e->standard_error[p]},
                   {"ci95_low", e->mean_ci95[p].low},
                   {"ci95_high", e->mean_ci95[p].high},
                   {"minimum", s->minimum},
                   {"p2_5", s->p2_5},
                   {"q1", s->q1},
                   {"median", s->median},
                   {"q3", s->q3},
                   {"p97_5", s->p97_5},
                   {"maximum", s->maximum},
                   {"skewness", s->skewness}};
    cJSON *json = cJSON_AddObjectToObject(parameters, e->shape.parameters[p].name);

    cJSON_AddStringToObject(json, "unit", e->shape.parameters[p].unit);
    add_count(json, "count", s->count);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; ++i)
        add_number(json, numbers[i].name, numbers[i].value);
    add_count(json, "different", e->bins[p].different);
    cJSON_AddBoolToObject(json, "is_axis", e->bins[p].is_axis);
}

static void add_components(cJSON *json, const tml_grid_exploration *e)
{
    cJSON *pca = cJSON_AddObjectToObject(json, "pca");
    cJSON *shares;

    add_count(pca, "components", e->pca.kept);
    shares = cJSON_AddArrayToObject(pca, "shares");
    for (size_t k = 0; k < e->pca.kept; ++k)
        cJSON_AddItemToArray(shares, tml_json_number(e->pca.share[k]));
}

static void add_outliers(cJSON *json, const tml_grid_exploration *e)
{
    cJSON *outliers = cJSON_AddArrayToObject(json, "outliers");

    for (size_t i = 0; i < e->outliers.count && i < MOST_OUTLIERS; ++i) {
        const tml_row_line line = tml_row_table_line(&e->outliers, i);
        cJSON *outlier;
        cJSON *parameters;

        if (!(line.extra[TML_OUTLIER_SCORE] >= least_score))
            break;
        outlier = cJSON_CreateObject();
        cJSON_AddItemToArray(outliers, outlier);
        add_number(outlier, "row", (double)line.row);
        parameters = cJSON_AddObjectToObject(outlier, "parameters");
        for (size_t p = 0; p < e->shape.parameter_count; ++p)
            add_number(parameters, e->shape.parameters[p].name, line.parameter[p]);
        add_number(outlier, "nearest_row", (double)tml_outlier_nearest(&line));
        add_number(outlier, "distance", line.extra[TML_OUTLIER_DISTANCE]);
        add_number(outlier, "outlier_score", line.extra[TML_OUTLIER_SCORE]);
    }
}

cJSON *tml_grid_exploration_json(const tml_grid_exploration *e)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *part;

    cJSON_AddStringToObject(json, "grid", e->path);
    cJSON_AddItemToObject(json, "digest", e->has_digest ? cJSON_CreateString(e->digest) : cJSON_CreateNull());
    add_count(json, "rows", e->shape.rows);
    add_count(json, "wavelengths", e->shape.wavelengths);
    part = cJSON_AddObjectToObject(json, "parameters");
    for (size_t p = 0; p < e->shape.parameter_count; ++p)
        add_parameter(part, e, p);
    part = cJSON_AddObjectToObject(json, "twins");
    add_count(part, "groups", e->twin_groups);
    add_count(part, "rows", e->twin_rows);
    part = cJSON_AddObjectToObject(json, "coverage");
    add_number(part, "nodes", e->coverage.nodes);
    add_count(part, "filled", e->coverage.filled);
    part = cJSON_AddObjectToObject(json, "zero_fluxes");
    add_count(part, "count", e->zero_fluxes);
    add_count(part, "wavelengths", e->zero_wavelengths);
    add_components(json, e);
    add_number(json, "median_distance", e->median_distance);
    add_outliers(json, e);
    part = cJSON_AddObjectToObject(json, "fixed");
    for (size_t p = 0; p < e->shape.parameter_count; ++p)
        add_number(part, e->shape.parameters[p].name, e->fixed[p]);
    return json;
}
