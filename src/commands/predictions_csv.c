#include "commands/predict_job.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "commands/predict_print.h"
#include "core/number_text.h"
#include "io/atomic_file.h"
#include "io/path.h"

static void print_number(FILE *out, double value)
{
    char text[TML_NUMBER_TEXT];

    tml_number_text(value, text);
    fprintf(out, ",%s", text);
}

void tml_predictions_header(FILE *out, const tml_model *model)
{
    static const char *const endings[] = {"", "_sd", "_p2_5", "_p16", "_p50", "_p84", "_p97_5"};

    fprintf(out, "row");
    for (size_t t = 0; t < model->settings.targets.count; ++t)
        for (size_t e = 0; e < sizeof endings / sizeof endings[0]; ++e)
            fprintf(out, ",%s%s", model->settings.targets.item[t], endings[e]);
    fprintf(out, ",chi2,dof,flags");
}

void tml_predictions_line(FILE *out, int64_t row, const tml_object_result *result)
{
    fprintf(out, "%lld", (long long)row);
    for (size_t t = 0; t < result->parameters; ++t) {
        const tml_parameter_result *p = &result->parameter[t];
        const double numbers[] = {p->value, p->sd, p->p2_5, p->p16, p->p50, p->p84, p->p97_5};

        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; ++i)
            print_number(out, numbers[i]);
    }
    print_number(out, result->chi2);
    print_number(out, result->dof);
    fputc(',', out);
    tml_print_flags(out, result->flags, "+");
}

tml_status tml_predictions_write(const char *folder, const char *text, size_t length, tml_error *error)
{
    char path[TML_PATH_LENGTH];

    if (!tml_path_join(path, sizeof path, folder, "predictions.csv"))
        return TML_FAIL(error, TML_CANNOT_CREATE, "the path of %s is too long", folder);
    return tml_atomic_write(path, text, length, error);
}

tml_status tml_predictions_remove(const char *folder, const char *name, tml_error *error)
{
    char path[TML_PATH_LENGTH];

    if (!tml_path_join(path, sizeof path, folder, name))
        return TML_FAIL(error, TML_CANNOT_CREATE, "the path of %s is too long", folder);
    if (unlink(path) != 0 && errno != ENOENT)
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: earlier predictions cannot be removed (%s)", path,
                        strerror(errno));
    return TML_OK;
}
