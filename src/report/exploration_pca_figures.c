#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "plots/outliers.h"
#include "plots/pca_components.h"
#include "plots/pca_scatter.h"
#include "plots/pca_scree.h"
#include "report/exploration_figures.h"

enum { SCREE_SHOWN = 30, COMPONENTS_SHOWN = 4, NAMED = 5, COLUMN_NAME = 32, LABEL = 64 };

/* Share of the variance of a component, from 1; NaN when it is not known. */
static double share_of(const tml_exploration *exploration, size_t component)
{
    const tml_number_table *table = &exploration->table[TML_EXPLORED_PCA_VARIANCE];
    long number = tml_number_table_find(table, "component"), share = tml_number_table_find(table, "share");

    for (size_t row = 0; row < table->rows; ++row)
        if (fabs(tml_number_table_at(table, row, number) - (double)component) < 0.5)
            return tml_number_table_at(table, row, share);
    return NAN;
}

static long find_numbered(const tml_number_table *table, const char *stem, size_t number)
{
    char name[COLUMN_NAME];

    snprintf(name, sizeof name, "%s_%zu", stem, number);
    return tml_number_table_find(table, name);
}

static tml_status draw_scree(const tml_exploration_scene *s, tml_error *error)
{
    const tml_number_table *table = &s->exploration->table[TML_EXPLORED_PCA_VARIANCE];
    tml_pca_scree_plot plot = {.components = table->rows < SCREE_SHOWN ? table->rows : SCREE_SHOWN};
    tml_report_figure *figure;
    tml_error why = {0, ""};
    double *values = NULL;
    tml_status status;

    if (table->rows == 0)
        return TML_OK;
    status = tml_exploration_columns(table, &values, error);
    if (status == TML_OK)
        status = tml_exploration_add_figure(
            s, "explore_pca_scree",
            "Share of the variance of the scaled spectra in each of the first principal components, and what "
            "is "
            "left of it after that component and those before it. pca_variance.csv has all.",
            &figure, error);
    if (status == TML_OK) {
        plot.share = values + (size_t)tml_number_table_find(table, "share") * table->rows;
        plot.cumulative = values + (size_t)tml_number_table_find(table, "cumulative") * table->rows;
        tml_report_figure_drawn(s->figures, figure, tml_plot_pca_scree(&plot, s->folder, figure->name, &why),
                                &why);
    }
    free(values);
    return status;
}

static tml_status draw_components(const tml_exploration_scene *s, tml_error *error)
{
    const tml_number_table *table = &s->exploration->table[TML_EXPLORED_PCA_COMPONENTS];
    tml_pca_components_plot plot = {.wavelengths = table->rows};
    tml_report_figure *figure;
    tml_error why = {0, ""};
    double *values = NULL;
    tml_status status;

    if (table->rows == 0 || find_numbered(table, "component", 1) < 0)
        return TML_OK;
    status = tml_exploration_columns(table, &values, error);
    for (size_t c = 1; c <= COMPONENTS_SHOWN && status == TML_OK; ++c) {
        long column = find_numbered(table, "component", c);

        if (column < 0)
            break;
        plot.panel[plot.panels++] = (tml_component_panel){share_of(s->exploration, c),
                                                          values + (size_t)column * table->rows};
    }
    if (status == TML_OK)
        status = tml_exploration_add_figure(
            s, "explore_pca_components",
            "The first principal components of the scaled spectra: each is a pattern over wavelength, and a "
            "spectrum is their mean with so much of each pattern as its score says. The sign of a pattern "
            "means "
            "nothing.",
            &figure, error);
    if (status == TML_OK) {
        plot.wavelength_um = values + (size_t)tml_number_table_find(table, "wavelength_um") * table->rows;
        tml_report_figure_drawn(s->figures, figure,
                                tml_plot_pca_components(&plot, s->folder, figure->name, &why), &why);
    }
    free(values);
    return status;
}

/* ---- scores ---- */

static void write_label(const tml_exploration_scene *s, size_t component, char label[LABEL])
{
    double share = share_of(s->exploration, component);

    snprintf(label, LABEL, "Score %zu", component);
    if (isfinite(share))
        snprintf(label, LABEL, "Score %zu (%.3g %%)", component, 100.0 * share);
}

static tml_status draw_scatter(const tml_exploration_scene *s, tml_error *error)
{
    const tml_number_table *table = &s->exploration->table[TML_EXPLORED_PCA_SCORES];
    const cJSON *parameters = cJSON_GetObjectItemCaseSensitive(tml_exploration_result(s->exploration),
                                                               "parameters");
    long x = find_numbered(table, "score", 1), y = find_numbered(table, "score", 2);
    char labels[TML_SCATTER_PANELS][TML_EXPLORATION_LABEL], x_label[LABEL], y_label[LABEL];
    tml_pca_scatter_plot plot = {
        .x_label = x_label, .y_label = y_label, .count = table->rows, .stride = table->columns};
    const cJSON *parameter = NULL;
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status;

    if (table->rows == 0 || x < 0 || y < 0)
        return TML_OK;
    write_label(s, 1, x_label);
    write_label(s, 2, y_label);
    plot.x = table->values + x;
    plot.y = table->values + y;
    cJSON_ArrayForEach(parameter, parameters)
    {
        long column = tml_number_table_find(table, parameter->string);

        if (column < 0 || plot.panels == TML_SCATTER_PANELS)
            continue;
        tml_exploration_label(s->exploration, parameter->string, labels[plot.panels]);
        plot.panel[plot.panels] = (tml_scatter_panel){labels[plot.panels], table->values + column};
        ++plot.panels;
    }
    if (plot.panels == 0)
        return TML_OK;
    status = tml_exploration_add_figure(
        s, "explore_pca_scatter",
        "The spectra in the plane of the first two principal components, coloured by each parameter. Where a "
        "colour changes slowly the parameter shapes the spectra; where all colours mix it leaves no trace in "
        "these components.",
        &figure, error);
    if (status == TML_OK)
        tml_report_figure_drawn(s->figures, figure,
                                tml_plot_pca_scatter(&plot, s->folder, figure->name, &why), &why);
    return status;
}

/* ---- outliers ---- */

static tml_status draw_outliers(const tml_exploration_scene *s, tml_error *error)
{
    const tml_number_table *table = &s->exploration->table[TML_EXPLORED_NEIGHBOURS];
    char names[NAMED][TML_EXPLORATION_LABEL];
    tml_outliers_plot plot = {.score_label = "Outlier score", .count = table->rows, .stride = table->columns};
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status;

    if (table->rows == 0)
        return TML_OK;
    plot.score = table->values + tml_number_table_find(table, "outlier_score");
    for (plot.named = 0; plot.named < NAMED && plot.named < table->rows; ++plot.named) {
        tml_exploration_row_text(s->exploration, TML_EXPLORED_NEIGHBOURS, plot.named, names[plot.named]);
        plot.name[plot.named] = names[plot.named];
    }
    status = tml_exploration_add_figure(
        s, "explore_outliers",
        "The spectra that are least like any other, in descending order of their outlier score: the distance "
        "to the nearest other spectrum, divided by the median of these distances over the grid.",
        &figure, error);
    if (status == TML_OK)
        tml_report_figure_drawn(s->figures, figure, tml_plot_outliers(&plot, s->folder, figure->name, &why),
                                &why);
    return status;
}

tml_status tml_exploration_pca_draw(const tml_exploration_scene *scene, tml_error *error)
{
    tml_status status = draw_scree(scene, error);

    if (status == TML_OK)
        status = draw_components(scene, error);
    if (status == TML_OK)
        status = draw_scatter(scene, error);
    if (status == TML_OK)
        status = draw_outliers(scene, error);
    return status;
}
