#include "report/scaling_figures.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "plots/scaling.h"

enum { LABEL = 64 };

static const struct {
    const char *name;
    const char *caption;
} studies[TML_SCALING_KINDS] = {
    [TML_SCALING_STRONG] =
        {"scaling_strong",
         "Strong scaling: the same global batch on more ranks. Speed-up is the median over the repeats, with "
         "a bar from the slowest to the fastest where they differ; dashed is the ideal. Below are the "
         "parallel efficiency, which is the speed-up over the ideal, and, where it was measured, the share "
         "of the time that went into communication which computing did not hide."},
    [TML_SCALING_WEAK] =
        {"scaling_weak",
         "Weak scaling: a global batch that grows with the ranks. Speed-up is that of the samples per "
         "second, as the median over the repeats, with a bar from the slowest to the fastest where they "
         "differ; dashed is the ideal. Below are the parallel efficiency and, where it was measured, the "
         "share of the time that went into communication which computing did not hide."},
};

const char *tml_scaling_weights_text(tml_scaling_kind kind, tml_same_weights weights)
{
    if (weights == TML_WEIGHTS_UNKNOWN)
        return NULL;
    if (weights == TML_WEIGHTS_DIFFER)
        return "the weights differ";
    return kind == TML_SCALING_STRONG ? "same weights at every point" : "same weights for the same batch";
}

/* ---- figures ---- */

static tml_scaling_mark mark_of(const tml_scaling_point *point, const tml_scaling_point *base)
{
    return (tml_scaling_mark){.x = point->x,
                              .ideal = point->x / base->x,
                              .speed_up = point->speed_up,
                              .slowest = point->slowest / base->rate,
                              .fastest = point->fastest / base->rate,
                              .communication = point->communication,
                              .threads = point->threads};
}

static tml_status draw_study(const tml_scaling_series *series, tml_scaling_kind kind, const char *folder,
                             tml_report_figures *figures, tml_error *error)
{
    const tml_scaling_point *base = &series->point[series->base];
    tml_scaling_plot plot = {.x_label = series->counts_threads ? "Ranks × threads" : "Ranks",
                             .note = tml_scaling_weights_text(kind, series->weights),
                             .count = series->count};
    char label[LABEL] = "Speed-up";
    tml_report_figure *figure;
    tml_scaling_mark *marks = NULL;
    tml_error why = {0, ""};
    tml_status status = tml_array_create(series->count, sizeof *marks, "points of a figure", &marks, error);

    if (base->x > 1.0)
        snprintf(label, sizeof label, "Speed-up over %.0f%s", base->x,
                 series->counts_threads ? "" : " ranks");
    plot.speed_up_label = label;
    plot.mark = marks;
    for (size_t i = 0; i < series->count && status == TML_OK; ++i)
        marks[i] = mark_of(&series->point[i], base);
    if (status == TML_OK)
        status = tml_report_figures_add(figures, TML_FIGURE_OF_SPEED, 0, studies[kind].name,
                                        studies[kind].caption, &figure, error);
    if (status == TML_OK)
        tml_report_figure_drawn(figures, figure, tml_plot_scaling(&plot, folder, figure->name, &why), &why);
    free(marks);
    return status;
}

static tml_status draw_phases(const tml_phase_table *phases, const char *folder, tml_report_figures *figures,
                              tml_error *error)
{
    const tml_phases_plot plot = {.ranks = phases->ranks, .bar = phases->bar};
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status = tml_report_figures_add(
        figures, TML_FIGURE_OF_SPEED, 0, "phases",
        "Where the time of one run went, rank by rank: computing, communication that computing did not hide, "
        "input, and waiting for other ranks. The slowest rank is the one that was busy longest. Of more than "
        "64 ranks three are shown.",
        &figure, error);

    if (status != TML_OK)
        return status;
    tml_report_figure_drawn(figures, figure, tml_plot_phases(&plot, folder, figure->name, &why), &why);
    return TML_OK;
}

tml_status tml_scaling_figures_draw(const tml_scaling_study *study, const tml_phase_table *phases,
                                    const char *folder, tml_report_figures *figures, tml_error *error)
{
    tml_status status = TML_OK;

    for (int k = 0; k < TML_SCALING_KINDS && status == TML_OK; ++k)
        if (study->series[k].count > 0)
            status = draw_study(&study->series[k], (tml_scaling_kind)k, folder, figures, error);
    if (status == TML_OK && phases->ranks > 0)
        status = draw_phases(phases, folder, figures, error);
    return status;
}
