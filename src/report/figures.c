#include "report/figures.h"

#include <stdio.h>

#include "io/path.h"
#include "report/exploration_figures.h"
#include "report/loss_figure.h"
#include "report/scaling_figures.h"

static tml_status draw_training(const tml_report_sources *sources, const char *folder,
                                tml_report_figures *figures, tml_error *error)
{
    char kind[TML_REPORT_SETTING];
    bool is_known = tml_report_setting(sources, "loss", "kind", kind);
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status;

    if (!sources->has_history || sources->history.rows == 0)
        return TML_OK;
    status = tml_report_figures_add(
        figures, TML_FIGURE_OF_TRAINING, 0, "loss_history",
        "Loss of every epoch in training and, dashed, in validation, in total and for each parameter, on a "
        "logarithmic axis. Training losses are means over the epoch, with noise and dropout; validation "
        "losses are taken at its end without either. Two curves that part company late in the training are "
        "a sign that the network learns its training spectra by heart.",
        &figure, error);
    if (status != TML_OK)
        return status;
    tml_report_figure_drawn(figures, figure,
                            tml_loss_figure_draw(&sources->history, is_known ? kind : NULL,
                                                 sources->has_model ? sources->model.best_epoch : -1, folder,
                                                 &why),
                            &why);
    return TML_OK;
}

tml_status tml_report_figures_draw(const tml_report_sources *sources, const char *out,
                                   tml_report_figures *figures, tml_error *error)
{
    char folder[TML_PATH_LENGTH];
    tml_status status;

    *figures = (tml_report_figures){.folder = out};
    if (!tml_path_join(folder, sizeof folder, out, "figures"))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", out);
    /* First, because its name is fixed. */
    status = draw_training(sources, folder, figures, error);
    if (status == TML_OK)
        status = tml_score_figures_draw(sources, folder, figures, error);
    if (status == TML_OK)
        status = tml_table_figures_draw(sources, folder, figures, error);
    if (status == TML_OK)
        status = tml_object_figures_draw(sources, folder, figures, error);
    if (status == TML_OK)
        status = tml_exploration_figures_draw(&sources->exploration, folder, figures, error);
    if (status == TML_OK)
        status = tml_scaling_figures_draw(&sources->scaling, &sources->phases, folder, figures, error);
    if (status != TML_OK)
        tml_report_figures_free(figures);
    return status;
}
