#include "io/metrics_file.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/number_text.h"
#include "io/line_file.h"

enum { NAME_BYTES = 64, LINE_BYTES = 256 + TML_METRICS_EXTRA * (NAME_BYTES + TML_NUMBER_TEXT + 4) };

struct tml_metrics_file {
    tml_line_file *lines;
    char line[LINE_BYTES];
};

static tml_status keep_line(const char *line, int64_t number, void *context, bool *keep, tml_error *error)
{
    const int64_t *first_dropped = context;
    cJSON *object = cJSON_Parse(line);
    const cJSON *step = cJSON_GetObjectItemCaseSensitive(object, "step");

    (void)number;
    (void)error;
    *keep = cJSON_IsNumber(step) && step->valuedouble < (double)*first_dropped;
    cJSON_Delete(object);
    return TML_OK;
}

static tml_status begin(const char *path, const int64_t *resume_at, tml_metrics_file **file, tml_error *error)
{
    int64_t step = resume_at != NULL ? *resume_at : 0;
    tml_metrics_file *made = NULL;
    tml_status status;

    *file = NULL;
    status = tml_array_create(1, sizeof *made, "the metrics", &made, error);
    if (status != TML_OK)
        return status;
    if (resume_at != NULL)
        status = tml_line_file_resume(path, keep_line, &step, &made->lines, error);
    else
        status = tml_line_file_create(path, &made->lines, error);
    if (status != TML_OK) {
        free(made);
        return status;
    }
    *file = made;
    return TML_OK;
}

tml_status tml_metrics_file_create(const char *path, tml_metrics_file **file, tml_error *error)
{
    return begin(path, NULL, file, error);
}

tml_status tml_metrics_file_resume(const char *path, int64_t step, tml_metrics_file **file, tml_error *error)
{
    return begin(path, &step, file, error);
}

static void put_number(char *line, const char *name, double value)
{
    size_t used = strlen(line);
    char text[TML_NUMBER_TEXT] = "null";

    if (isfinite(value))
        tml_number_text(value, text);
    assert(strlen(name) <= NAME_BYTES);
    snprintf(line + used, LINE_BYTES - used, ",\"%.*s\":%s", NAME_BYTES, name, text);
}

tml_status tml_metrics_file_add(tml_metrics_file *file, const tml_metrics_step *step, tml_error *error)
{
    assert(step->extra_count <= TML_METRICS_EXTRA);
    snprintf(file->line, sizeof file->line, "{\"step\":%" PRId64 ",\"epoch\":%" PRId64, step->step,
             step->epoch);
    put_number(file->line, "loss", step->loss);
    put_number(file->line, "learning_rate", step->learning_rate);
    put_number(file->line, "seconds", round(step->seconds * 1e6) / 1e6);
    for (size_t i = 0; i < step->extra_count; ++i)
        put_number(file->line, step->extra[i].name, step->extra[i].value);
    strncat(file->line, "}", sizeof file->line - strlen(file->line) - 1);
    return tml_line_file_add(file->lines, file->line, error);
}

tml_status tml_metrics_file_flush(tml_metrics_file *file, tml_error *error)
{
    return tml_line_file_flush(file->lines, error);
}

tml_status tml_metrics_file_close(tml_metrics_file **file, tml_error *error)
{
    tml_status status;

    if (*file == NULL)
        return TML_OK;
    status = tml_line_file_close(&(*file)->lines, error);
    free(*file);
    *file = NULL;
    return status;
}
