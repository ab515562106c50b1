#include "report/run_facts.h"

#include <math.h>
#include <string.h>

#include "core/text.h"

double tml_run_number(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(item) ? item->valuedouble : (double)NAN;
}

static double last_of(const tml_history *history, const char *column)
{
    const double *values = tml_history_column(history, column);

    return values != NULL && history->rows > 0 ? values[history->rows - 1] : (double)NAN;
}

bool tml_run_facts_of(const tml_report_sources *sources, tml_run_facts *facts)
{
    const tml_model_contents *model = &sources->model;
    char batch[TML_REPORT_SETTING];
    double samples;

    *facts = (tml_run_facts){NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    if (sources->has_model) {
        facts->epochs = (double)model->epochs;
        facts->weights = (double)model->weight_count;
        facts->best_epoch = model->best_epoch >= 0 ? (double)model->best_epoch + 1.0 : (double)NAN;
        facts->best_loss = model->best_loss;
    } else if (sources->has_history) {
        facts->epochs = (double)sources->history.rows;
    }
    if (sources->has_ranks)
        facts->ranks = (double)sources->ranks.rows;
    if (sources->has_history) {
        facts->seconds = last_of(&sources->history, "seconds");
        if (tml_report_setting(sources, "batch", "global", batch) && tml_text_to_double(batch, &samples) &&
            facts->seconds > 0.0)
            facts->samples_per_second = last_of(&sources->history, "step") * samples / facts->seconds;
    }
    return sources->has_model || sources->has_history;
}

const cJSON *tml_run_scores(const tml_report_sources *sources)
{
    const cJSON *result = tml_report_scores(sources);
    const cJSON *part = NULL;
    const cJSON *first = cJSON_GetObjectItemCaseSensitive(result, "split");

    if (result == NULL || strcmp(cJSON_GetStringValue(first), "test") == 0)
        return result;
    cJSON_ArrayForEach(part, cJSON_GetObjectItemCaseSensitive(result, "other_splits"))
    {
        if (strcmp(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(part, "split")), "test") == 0)
            return part;
    }
    return result;
}
