#include "commands/table_scores.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/text.h"
#include "io/envelope.h"
#include "statistics/sample_summary.h"

#define DEFAULT_RANGES "teff:400,1000,1400,2000,2600"

struct tml_table_scores {
    const tml_model *model;
    tml_table_ranges ranges;
    size_t count, room;
    tml_table_pair *pairs;
    double *errors; /* [room] scratch */
};

/* One line of the table. */
typedef struct score {
    size_t target;
    double low, high; /* of the labels; those of the data when it is all of them */
    size_t count;
    double bias, median_bias, scatter_mad, rmse, coverage68, coverage95;
} score;

tml_status tml_table_ranges_parse(const char *text, tml_table_ranges *ranges, tml_error *error)
{
    const char *whole = text != NULL ? text : DEFAULT_RANGES;
    const char *at = strchr(whole, ':');
    size_t length = at != NULL ? (size_t)(at - whole) : 0;

    memset(ranges, 0, sizeof *ranges);
    if (at == NULL || length == 0 || length >= sizeof ranges->target)
        return TML_FAIL(error, TML_USAGE, "predict: --ranges wants NAME:A,B,... as in %s, not '%s'",
                        DEFAULT_RANGES, whole);
    memcpy(ranges->target, whole, length);
    while (*at != '\0') {
        char number[64];
        size_t digits = strcspn(++at, ",");

        snprintf(number, sizeof number, "%.*s", digits < sizeof number ? (int)digits : 0, at);
        if (ranges->edges > TML_TABLE_RANGES || !tml_text_to_double(number, &ranges->edge[ranges->edges]) ||
            !isfinite(ranges->edge[ranges->edges]) ||
            (ranges->edges > 0 && ranges->edge[ranges->edges] <= ranges->edge[ranges->edges - 1]))
            return TML_FAIL(error, TML_USAGE,
                            "predict: --ranges wants at most %d ascending edges, not '%s' in '%s'",
                            TML_TABLE_RANGES + 1, number, whole);
        ranges->edges += 1;
        at += digits;
    }
    return ranges->edges >= 2
               ? TML_OK
               : TML_FAIL(error, TML_USAGE, "predict: --ranges wants two edges or more: '%s'", whole);
}

tml_status tml_table_scores_create(const tml_model *model, const tml_table_ranges *ranges,
                                   tml_table_scores **scores, tml_error *error)
{
    tml_status status;

    *scores = NULL;
    status = tml_array_create(1, sizeof **scores, "scores", scores, error);
    if (status != TML_OK)
        return status;
    (*scores)->model = model;
    (*scores)->ranges = *ranges;
    return TML_OK;
}

tml_status tml_table_scores_add(tml_table_scores *scores, const tml_table_pair *pair, tml_error *error)
{
    if (scores->count == scores->room) {
        size_t room = scores->room > 0 ? 2 * scores->room : 1024;
        tml_table_pair *pairs = realloc(scores->pairs, room * sizeof *pairs);
        double *errors = pairs != NULL ? realloc(scores->errors, room * sizeof *errors) : NULL;

        scores->pairs = pairs != NULL ? pairs : scores->pairs;
        if (errors == NULL)
            return TML_FAIL(error, TML_INTERNAL, "no memory for %zu predictions", room);
        scores->errors = errors;
        scores->room = room;
    }
    scores->pairs[scores->count++] = *pair;
    return TML_OK;
}

/* Scores of the labels in [low, high); low and high NaN: of all. */
static score score_range(tml_table_scores *s, size_t target, double low, double high)
{
    score result = {.target = target, .low = INFINITY, .high = -INFINITY};
    double squares = 0.0;
    size_t within68 = 0;
    size_t within95 = 0;
    tml_sample_summary errors;

    for (size_t i = 0; i < s->count; ++i) {
        const tml_table_pair *p = &s->pairs[i];

        if (p->target != target || p->label < low || p->label >= high)
            continue;
        result.low = fmin(result.low, p->label);
        result.high = fmax(result.high, p->label);
        s->errors[result.count++] = p->value - p->label;
        squares += (p->value - p->label) * (p->value - p->label);
        within68 += p->label >= p->p16 && p->label <= p->p84 ? 1 : 0;
        within95 += p->label >= p->p2_5 && p->label <= p->p97_5 ? 1 : 0;
    }
    if (!isnan(low)) {
        result.low = low;
        result.high = high;
    }
    if (result.count == 0)
        return result;
    errors = tml_sample_summarise(result.count, s->errors);
    result.bias = errors.mean;
    result.median_bias = errors.p50;
    result.scatter_mad = errors.mad;
    result.rmse = sqrt(squares / (double)result.count);
    result.coverage68 = (double)within68 / (double)result.count;
    result.coverage95 = (double)within95 / (double)result.count;
    return result;
}

/* Every line of the table in turn: the ranges of each target that has labels, then all of them.
 * @param at in and out: start with 0. @return false at the end */
static bool next_score(tml_table_scores *s, size_t *at, score *result)
{
    size_t per_target = s->ranges.edges; /* its ranges, and the whole */

    while (*at < s->model->settings.targets.count * per_target) {
        size_t target = *at / per_target;
        size_t range = *at % per_target;
        bool is_whole = range + 1 == per_target;
        bool is_cut = strcmp(s->model->settings.targets.item[target], s->ranges.target) == 0;

        *at += 1;
        if (!is_whole && !is_cut)
            continue;
        *result = is_whole ? score_range(s, target, NAN, NAN)
                           : score_range(s, target, s->ranges.edge[range], s->ranges.edge[range + 1]);
        if (result->count > 0)
            return true;
    }
    return false;
}

cJSON *tml_table_scores_json(tml_table_scores *scores)
{
    cJSON *list = cJSON_CreateArray();
    size_t at = 0;
    score r;

    while (next_score(scores, &at, &r)) {
        cJSON *entry = cJSON_CreateObject();

        cJSON_AddStringToObject(entry, "target", scores->model->settings.targets.item[r.target]);
        cJSON_AddStringToObject(entry, "unit", scores->model->target_unit[r.target]);
        cJSON_AddItemToObject(entry, "low", tml_json_number(r.low));
        cJSON_AddItemToObject(entry, "high", tml_json_number(r.high));
        cJSON_AddNumberToObject(entry, "count", (double)r.count);
        cJSON_AddItemToObject(entry, "bias", tml_json_number(r.bias));
        cJSON_AddItemToObject(entry, "median_bias", tml_json_number(r.median_bias));
        cJSON_AddItemToObject(entry, "scatter_mad", tml_json_number(r.scatter_mad));
        cJSON_AddItemToObject(entry, "rmse", tml_json_number(r.rmse));
        cJSON_AddItemToObject(entry, "coverage68", tml_json_number(r.coverage68));
        cJSON_AddItemToObject(entry, "coverage95", tml_json_number(r.coverage95));
        cJSON_AddItemToArray(list, entry);
    }
    return list;
}

void tml_table_scores_print(FILE *out, tml_table_scores *scores)
{
    size_t at = 0;
    score r;

    if (scores->count == 0)
        return;
    fprintf(out, "\n%-12s %9s %9s %7s %10s %10s %10s %10s %6s %6s\n", "target", "from", "to", "labels",
            "bias", "median", "MAD", "RMSE", "in 68%", "in 95%");
    while (next_score(scores, &at, &r))
        fprintf(out, "%-12s %9.5g %9.5g %7zu %10.4g %10.4g %10.4g %10.4g %6.2f %6.2f\n",
                scores->model->settings.targets.item[r.target], r.low, r.high, r.count, r.bias, r.median_bias,
                r.scatter_mad, r.rmse, r.coverage68, r.coverage95);
}

void tml_table_scores_free(tml_table_scores **scores)
{
    if (*scores == NULL)
        return;
    free((*scores)->pairs);
    free((*scores)->errors);
    free(*scores);
    *scores = NULL;
}
