#include "report/exploration_figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/text.h"
#include "plots/filtered_spectra.h"
#include "plots/flux_boxplots.h"
#include "plots/parameter_distribution.h"
#include "plots/wavelength_correlation.h"
#include "report/symbol.h"

#define FLUX_LABEL "Flux F\u03bd [erg s\u207b\u00b9 cm\u207b\u00b2 Hz\u207b\u00b9]"

tml_status tml_exploration_columns(const tml_number_table *table, double **values, tml_error *error)
{
    tml_status status = tml_array_create(table->rows * table->columns, sizeof **values,
                                         "the columns of a table", values, error);

    for (size_t row = 0; row < table->rows && status == TML_OK; ++row)
        for (size_t c = 0; c < table->columns; ++c)
            (*values)[c * table->rows + row] = table->values[row * table->columns + c];
    return status;
}

tml_status tml_exploration_add_figure(const tml_exploration_scene *scene, const char *name,
                                      const char *caption, tml_report_figure **figure, tml_error *error)
{
    return tml_report_figures_add(scene->figures, TML_FIGURE_OF_GRID, 0, name, caption, figure, error);
}

/* ---- parameters ---- */

/* The bars of a parameter, one after the other. */
static void take_bars(const tml_number_table *table, size_t word, double **room,
                      tml_distribution_panel *panel)
{
    static const char *const names[3] = {"low", "high", "count"};
    const double **bars[3] = {&panel->low, &panel->high, &panel->number};

    for (size_t row = 0; row < table->rows; ++row)
        panel->count += table->word[row] == word;
    for (size_t i = 0; i < 3; ++i) {
        long column = tml_number_table_find(table, names[i]);

        *bars[i] = *room;
        for (size_t row = 0; row < table->rows; ++row)
            if (table->word[row] == word)
                *(*room)++ = tml_number_table_at(table, row, column);
    }
}

static tml_status draw_parameters(const tml_exploration_scene *s, tml_error *error)
{
    const tml_number_table *table = &s->exploration->table[TML_EXPLORED_COUNTS];
    char labels[TML_DISTRIBUTION_PANELS][TML_EXPLORATION_LABEL];
    tml_parameter_distribution_plot plot = {.panels = table->word_count};
    tml_report_figure *figure;
    tml_error why = {0, ""};
    double *room = NULL, *next;
    tml_status status;

    if (table->rows == 0)
        return TML_OK;
    if (plot.panels > TML_DISTRIBUTION_PANELS)
        plot.panels = TML_DISTRIBUTION_PANELS;
    status = tml_array_create(3 * table->rows, sizeof *room, "the bars of a figure", &room, error);
    next = room;
    for (size_t p = 0; p < plot.panels && status == TML_OK; ++p) {
        tml_exploration_label(s->exploration, table->words[p], labels[p]);
        take_bars(table, p, &next, &plot.panel[p]);
        plot.panel[p].label = labels[p];
    }
    if (status == TML_OK)
        status = tml_exploration_add_figure(
            s, "explore_parameters",
            "How many spectra of the grid have each value of each parameter; of parameters with many values, "
            "how many fall into each bin.",
            &figure, error);
    if (status == TML_OK)
        tml_report_figure_drawn(s->figures, figure,
                                tml_plot_parameter_distribution(&plot, s->folder, figure->name, &why), &why);
    free(room);
    return status;
}

/* ---- spectra ---- */

/* Wavelengths are the columns whose names are numbers; they stand side by side. */
static tml_status take_wavelengths(const tml_number_table *table, double **um, size_t *first, size_t *count,
                                   tml_error *error)
{
    tml_status status = tml_array_create(table->columns, sizeof **um, "the wavelengths of a figure", um,
                                         error);

    *count = 0;
    for (size_t c = 0; c < table->columns && status == TML_OK; ++c) {
        if (!tml_text_to_double(table->names[c], &(*um)[*count]))
            continue;
        *first = *count == 0 ? c : *first;
        if (c != *first + *count)
            break;
        ++*count;
    }
    return status;
}

static size_t take_spectra(const tml_number_table *table, size_t word, size_t first, const double **flux,
                           double *value)
{
    long column = tml_number_table_find(table, "value");
    size_t count = 0;

    for (size_t row = 0; row < table->rows; ++row) {
        if (table->word[row] != word)
            continue;
        value[count] = tml_number_table_at(table, row, column);
        flux[count++] = table->values + row * table->columns + first;
    }
    return count;
}

static tml_status draw_varied(const tml_exploration_scene *s, const char *varied,
                              tml_filtered_spectra_plot *plot, tml_error *error)
{
    char label[TML_EXPLORATION_LABEL], fixed[TML_EXPLORATION_LABEL];
    char title[2 * TML_EXPLORATION_LABEL], caption[TML_FIGURE_CAPTION], name[TML_FIGURE_NAME];
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status;

    tml_exploration_label(s->exploration, varied, label);
    tml_exploration_fixed(s->exploration, varied, fixed);
    snprintf(title, sizeof title, fixed[0] != '\0' ? "%s at %s" : "%s%s", tml_symbol_of(varied), fixed);
    snprintf(name, sizeof name, "explore_spectra_%.64s", varied);
    snprintf(
        caption, sizeof caption,
        "Spectra of the grid that differ in %s alone%s%s. The colour is the value. Marks beside the colour "
        "bar are the values that the grid has; a bracket joins those whose spectra are the same to the last "
        "digit, so that nobody can tell them apart.",
        tml_symbol_of(varied), fixed[0] != '\0' ? ", at " : "", fixed);
    plot->title = title;
    plot->value_label = label;
    status = tml_exploration_add_figure(s, name, caption, &figure, error);
    if (status == TML_OK)
        tml_report_figure_drawn(s->figures, figure,
                                tml_plot_filtered_spectra(plot, s->folder, figure->name, &why), &why);
    return status;
}

static tml_status draw_spectra(const tml_exploration_scene *s, tml_error *error)
{
    const tml_number_table *table = &s->exploration->table[TML_EXPLORED_SPECTRA];
    tml_filtered_spectra_plot plot = {.flux_label = FLUX_LABEL};
    const double **flux = NULL;
    double *um = NULL, *value = NULL;
    size_t first = 0;
    tml_status status = TML_OK;

    if (table->rows == 0)
        return TML_OK;
    status = take_wavelengths(table, &um, &first, &plot.wavelengths, error);
    if (status == TML_OK)
        status = tml_array_create(table->rows, sizeof *flux, "the spectra of a figure", &flux, error);
    if (status == TML_OK)
        status = tml_array_create(table->rows, sizeof *value, "the values of a figure", &value, error);
    plot.wavelength_um = um;
    plot.flux = flux;
    plot.value = value;
    for (size_t w = 0; w < table->word_count && status == TML_OK; ++w) {
        plot.count = take_spectra(table, w, first, flux, value);
        status = draw_varied(s, table->words[w], &plot, error);
    }
    free(value);
    free(flux);
    free(um);
    return status;
}

/* ---- fluxes ---- */

static tml_status draw_boxes(const tml_exploration_scene *s, tml_explored_table which, const char *name,
                             const char *caption, const char *label, tml_error *error)
{
    static const char *const edges[TML_BOX_EDGES] = {[TML_EDGE_MINIMUM] = "minimum",
                                                     [TML_EDGE_P2_5] = "p2_5",
                                                     [TML_EDGE_WHISKER_LOW] = "whisker_low",
                                                     [TML_EDGE_Q1] = "q1",
                                                     [TML_EDGE_MEDIAN] = "median",
                                                     [TML_EDGE_Q3] = "q3",
                                                     [TML_EDGE_WHISKER_HIGH] = "whisker_high",
                                                     [TML_EDGE_P97_5] = "p97_5",
                                                     [TML_EDGE_MAXIMUM] = "maximum"};
    const tml_number_table *table = &s->exploration->table[which];
    tml_flux_boxplots_plot plot = {
        .label = label, .is_log10 = which == TML_EXPLORED_FLUXES, .wavelengths = table->rows};
    tml_report_figure *figure;
    tml_error why = {0, ""};
    double *values = NULL;
    tml_status status;

    for (size_t e = 0; e < TML_BOX_EDGES; ++e)
        if (tml_number_table_find(table, edges[e]) < 0)
            return TML_OK;
    status = tml_exploration_columns(table, &values, error);
    if (status == TML_OK)
        status = tml_exploration_add_figure(s, name, caption, &figure, error);
    if (status == TML_OK) {
        plot.wavelength_um = values + (size_t)tml_number_table_find(table, "wavelength_um") * table->rows;
        for (size_t e = 0; e < TML_BOX_EDGES; ++e)
            plot.edge[e] = values + (size_t)tml_number_table_find(table, edges[e]) * table->rows;
        tml_report_figure_drawn(s->figures, figure,
                                tml_plot_flux_boxplots(&plot, s->folder, figure->name, &why), &why);
    }
    free(values);
    return status;
}

static tml_status draw_fluxes(const tml_exploration_scene *s, tml_error *error)
{
    tml_status status = draw_boxes(
        s, TML_EXPLORED_FLUXES, "explore_fluxes",
        "The fluxes of all spectra at each wavelength: median, quartiles, whiskers to the last values within "
        "1.5 interquartile ranges (IQR) of the quartiles, the range of the central 95 %, and the smallest "
        "and "
        "largest value.",
        FLUX_LABEL, error);

    if (status == TML_OK)
        status = draw_boxes(s, TML_EXPLORED_SCALED_FLUXES, "explore_scaled_fluxes",
                            "The same for the scaled flux that a network sees: of each spectrum its mean is "
                            "taken away, and the "
                            "rest is divided by its standard deviation.",
                            "Scaled flux", error);
    return status;
}

/* ---- correlations ---- */

static tml_status draw_correlations(const tml_exploration_scene *s, tml_error *error)
{
    static const char start[] = "pearson_";
    const tml_number_table *table = &s->exploration->table[TML_EXPLORED_CORRELATIONS];
    tml_wavelength_correlation_plot plot = {.wavelengths = table->rows};
    tml_report_figure *figure;
    tml_error why = {0, ""};
    double *values = NULL;
    tml_status status;

    if (table->rows == 0)
        return TML_OK;
    status = tml_exploration_columns(table, &values, error);
    for (size_t c = 0; c < table->columns && status == TML_OK; ++c) {
        const char *parameter = table->names[c] + strlen(start);
        char other[2 * TML_TABLE_NAME];

        if (strncmp(table->names[c], start, strlen(start)) != 0 || plot.panels == TML_CORRELATION_PANELS)
            continue;
        snprintf(other, sizeof other, "spearman_%s", parameter);
        if (tml_number_table_find(table, other) < 0)
            continue;
        plot.panel[plot.panels++] = (tml_correlation_panel){
            tml_symbol_of(parameter), values + c * table->rows,
            values + (size_t)tml_number_table_find(table, other) * table->rows};
    }
    if (status == TML_OK && plot.panels > 0) {
        plot.wavelength_um = values + (size_t)tml_number_table_find(table, "wavelength_um") * table->rows;
        status = tml_exploration_add_figure(
            s, "explore_correlations",
            "Correlation of the logarithm of the flux with each parameter at each wavelength: Pearson's, "
            "which "
            "is 1 or \u22121 on a straight line, and Spearman's, which is so on any curve that only rises or "
            "falls.",
            &figure, error);
        if (status == TML_OK)
            tml_report_figure_drawn(s->figures, figure,
                                    tml_plot_wavelength_correlation(&plot, s->folder, figure->name, &why),
                                    &why);
    }
    free(values);
    return status;
}

tml_status tml_exploration_figures_draw(const tml_exploration *exploration, const char *folder,
                                        tml_report_figures *figures, tml_error *error)
{
    const tml_exploration_scene s = {exploration, folder, figures};
    tml_status status = draw_parameters(&s, error);

    if (status == TML_OK)
        status = tml_exploration_coverage_draw(&s, error);
    if (status == TML_OK)
        status = draw_spectra(&s, error);
    if (status == TML_OK)
        status = draw_fluxes(&s, error);
    if (status == TML_OK)
        status = draw_correlations(&s, error);
    if (status == TML_OK)
        status = tml_exploration_pca_draw(&s, error);
    return status;
}
