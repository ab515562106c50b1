#include "report/loss_figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/memory.h"
#include "io/path.h"
#include "plots/loss_history.h"

#define TARGET_COLUMN "train_loss_"

static tml_loss_curve curve_of(const tml_history *history, const char *target)
{
    char name[2 * TML_HISTORY_NAME];
    tml_loss_curve curve = {.name = target};

    snprintf(name, sizeof name, "%s%s", TARGET_COLUMN, target);
    curve.training = tml_history_column(history, name);
    snprintf(name, sizeof name, "validation_loss_%s", target);
    curve.validation = tml_history_column(history, name);
    return curve;
}

/* The targets are what the columns train_loss_NAME say. */
static size_t find_targets(const tml_history *history, tml_loss_curve *curves, size_t room)
{
    size_t count = 0;

    for (size_t c = 0; c < history->columns && count < room; ++c)
        if (strncmp(history->names[c], TARGET_COLUMN, strlen(TARGET_COLUMN)) == 0)
            curves[count++] = curve_of(history, history->names[c] + strlen(TARGET_COLUMN));
    return count;
}

/* People count epochs from 1, as the progress does; the file counts from 0. */
static tml_status count_from_one(const tml_history *history, double **epochs, tml_error *error)
{
    const double *from_zero = tml_history_column(history, "epoch");
    tml_status status;

    *epochs = NULL;
    if (from_zero == NULL)
        return TML_FAIL(error, TML_BAD_DATA, "history.csv has no column 'epoch'");
    status = tml_array_create(history->rows, sizeof **epochs, "epochs", epochs, error);
    for (size_t i = 0; i < history->rows && status == TML_OK; ++i)
        (*epochs)[i] = from_zero[i] + 1.0;
    return status;
}

static const char *name_of(const char *loss_kind)
{
    static const char *const names[][2] = {{"huber", "Huber loss"},
                                           {"squared", "Squared loss"},
                                           {"gaussian", "Gaussian negative log-likelihood"}};

    for (size_t i = 0; loss_kind != NULL && i < sizeof names / sizeof names[0]; ++i)
        if (strcmp(loss_kind, names[i][0]) == 0)
            return names[i][1];
    return "Loss";
}

tml_status tml_loss_figure_draw(const tml_history *history, const char *loss_kind, int64_t best_epoch,
                                const char *folder, tml_error *error)
{
    tml_loss_curve targets[TML_LOSS_HISTORY_TARGETS];
    tml_loss_history figure = {.loss_name = name_of(loss_kind),
                               .is_signed = loss_kind != NULL && strcmp(loss_kind, "gaussian") == 0,
                               .target = targets};
    double *epochs = NULL;
    tml_status status = count_from_one(history, &epochs, error);

    if (status != TML_OK)
        return status;
    figure.epochs = history->rows;
    figure.epoch = epochs;
    figure.total.training = tml_history_column(history, "train_loss");
    figure.total.validation = tml_history_column(history, "validation_loss");
    figure.targets = find_targets(history, targets, TML_LOSS_HISTORY_TARGETS);
    figure.has_best = best_epoch >= 0;
    figure.best_epoch = (double)best_epoch + 1.0;
    status = tml_plot_loss_history(&figure, folder, error);
    free(epochs);
    return status;
}

static tml_status draw_of_run(const char *run_dir, const char *loss_kind, int64_t best_epoch,
                              tml_error *error)
{
    char path[TML_PATH_LENGTH];
    char folder[TML_PATH_LENGTH];
    tml_history history = {0};
    tml_status status;

    if (!tml_path_join(path, sizeof path, run_dir, "history.csv") ||
        !tml_path_join(folder, sizeof folder, run_dir, "figures"))
        return TML_FAIL(error, TML_CANNOT_CREATE, "the path of %s is too long", run_dir);
    status = tml_history_read(path, &history, error);
    if (status == TML_OK)
        status = tml_loss_figure_draw(&history, loss_kind, best_epoch, folder, error);
    tml_history_free(&history);
    return status;
}

void tml_loss_figure_of_run(const char *run_dir, const char *loss_kind, int64_t best_epoch)
{
    tml_error error = {0, ""};

    if (draw_of_run(run_dir, loss_kind, best_epoch, &error) != TML_OK)
        tml_warn("no_figure", "the loss history was not drawn: %s", error.message);
}
