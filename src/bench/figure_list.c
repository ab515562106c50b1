#include "bench/figure_list.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/build_info.h"
#include "core/text.h"
#include "io/envelope.h"

void tml_bench_add(tml_bench_figures *figures, const tml_bench_setting *setting, const char *name,
                   const char *unit, double value)
{
    tml_bench_figure *figure = &figures->figure[figures->count++];

    assert(figures->count <= TML_BENCH_FIGURES);
    snprintf(figure->name, sizeof figure->name, "%s", name);
    snprintf(figure->unit, sizeof figure->unit, "%s", unit);
    figure->value = value;
    figure->low = NAN;
    figure->high = NAN;
    figure->setting = *setting;
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

void tml_bench_add_series(tml_bench_figures *figures, const tml_bench_setting *setting, const char *name,
                          const char *unit, double *values, size_t count)
{
    tml_bench_figure *figure;

    qsort(values, count, sizeof *values, by_value);
    tml_bench_add(figures, setting, name, unit, 0.5 * (values[(count - 1) / 2] + values[count / 2]));
    figure = &figures->figure[figures->count - 1];
    figure->low = values[0];
    figure->high = values[count - 1];
}

static cJSON *text_or_null(const char *text)
{
    return text != NULL && text[0] != '\0' ? cJSON_CreateString(text) : cJSON_CreateNull();
}

static cJSON *count_or_null(size_t count)
{
    return count > 0 ? cJSON_CreateNumber((double)count) : cJSON_CreateNull();
}

static tml_status print_line(const tml_bench_figure *figure, tml_error *error)
{
    const tml_bench_setting *setting = &figure->setting;
    cJSON *line = cJSON_CreateObject();
    tml_status status;

    cJSON_AddStringToObject(line, "schema", "telescopeml.bench/1");
    cJSON_AddStringToObject(line, "version", tml_build_info_get()->version);
    cJSON_AddStringToObject(line, "name", figure->name);
    cJSON_AddItemToObject(line, "value", tml_json_number(figure->value));
    cJSON_AddStringToObject(line, "unit", figure->unit);
    cJSON_AddItemToObject(line, "low", tml_json_number(figure->low));
    cJSON_AddItemToObject(line, "high", tml_json_number(figure->high));
    cJSON_AddNumberToObject(line, "ranks", setting->ranks);
    cJSON_AddNumberToObject(line, "threads", setting->threads);
    cJSON_AddItemToObject(line, "batch", count_or_null(setting->batch));
    cJSON_AddItemToObject(line, "lane", count_or_null(setting->lane));
    cJSON_AddItemToObject(line, "convolution", text_or_null(setting->convolution));
    cJSON_AddItemToObject(line, "reduction", text_or_null(setting->reduction));
    cJSON_AddItemToObject(line, "shape", text_or_null(setting->shape));
    cJSON_AddNumberToObject(line, "repeats", (double)setting->repeats);
    cJSON_AddItemToObject(line, "foreign_load", tml_json_number(setting->foreign_load));
    cJSON_AddItemToObject(line, "digest", text_or_null(setting->digest));
    status = tml_json_print(line, 1, error);
    cJSON_Delete(line);
    return status;
}

static void print_row(const tml_bench_figure *figure)
{
    printf("%-42s %12.5g %-10s", figure->name, figure->value, figure->unit);
    if (!isnan(figure->low) && figure->setting.repeats > 1)
        printf(" %.5g to %.5g", figure->low, figure->high);
    if (figure->setting.shape[0] != '\0')
        printf("  %s", figure->setting.shape);
    printf("\n");
}

static void print_setting(const tml_bench_setting *setting)
{
    printf("ranks %d x %d thread%s", setting->ranks, setting->threads, setting->threads == 1 ? "" : "s");
    if (setting->batch > 0)
        printf(", batch %zu", setting->batch);
    if (setting->lane > 0)
        printf(" in lanes of %zu", setting->lane);
    if (setting->convolution != NULL)
        printf(", convolution %s", setting->convolution);
    if (setting->reduction != NULL)
        printf(", reduction %s", setting->reduction);
    printf("; median of %zu\n", setting->repeats);
    if (!isnan(setting->foreign_load))
        printf("foreign load %.1f %% of the processor time\n", 100.0 * setting->foreign_load);
    if (setting->digest[0] != '\0')
        printf("digest %s\n", setting->digest);
    printf("\n");
}

tml_status tml_bench_print(const tml_bench_figures *figures, bool as_json, tml_error *error)
{
    tml_status status = TML_OK;

    if (!as_json && figures->count > 0)
        print_setting(&figures->figure[0].setting);
    for (size_t i = 0; i < figures->count && status == TML_OK; ++i)
        if (as_json)
            status = print_line(&figures->figure[i], error);
        else
            print_row(&figures->figure[i]);
    if (status == TML_OK && (fflush(stdout) != 0 || ferror(stdout)))
        return TML_FAIL(error, TML_IO_ERROR, "standard output cannot be written");
    return status;
}
