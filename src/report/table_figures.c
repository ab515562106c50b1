#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "plots/calibration_report.h"
#include "plots/misfit_report.h"
#include "report/figures.h"
#include "report/symbol.h"
#include "statistics/calibration.h"
#include "statistics/noise_misfit.h"
#include "statistics/sample_summary.h"

#define LABEL_END "_label"
#define PIT_END "_pit"

enum { LABEL = 2 * TML_TABLE_NAME };

/* A column "NAME_label" or "NAME_pit": NAME. */
static bool take_stem(const char *name, const char *end, char stem[TML_TABLE_NAME])
{
    size_t length = strlen(name);
    size_t tail = strlen(end);

    if (length <= tail || strcmp(name + length - tail, end) != 0)
        return false;
    snprintf(stem, TML_TABLE_NAME, "%.*s", (int)(length - tail), name);
    return true;
}

/* ---- calibration ---- */

static size_t draws_of(const tml_report_sources *sources)
{
    const cJSON *draws = cJSON_GetObjectItemCaseSensitive(tml_report_table(sources), "draws");

    return cJSON_IsNumber(draws) && draws->valuedouble >= 1.0 && draws->valuedouble < 1e9
               ? (size_t)draws->valuedouble
               : 0;
}

static tml_status draw_calibration(const tml_report_sources *sources, const char *folder, size_t column,
                                   const char *target, double *share, tml_report_figures *figures,
                                   tml_error *error)
{
    double bins[TML_CALIBRATION_BINS];
    char wanted[TML_FIGURE_NAME];
    char caption[TML_FIGURE_CAPTION];
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_calibration c;
    size_t count = 0;
    tml_status status;

    for (size_t row = 0; row < sources->table.rows; ++row) {
        double value = tml_number_table_at(&sources->table, row, (long)column);

        if (value >= 0.0 && value <= 1.0)
            share[count++] = value;
    }
    if (count == 0)
        return TML_OK;
    c = tml_calibration_of(count, share, draws_of(sources));
    for (size_t b = 0; b < c.bins; ++b)
        bins[b] = (double)c.bin[b];
    const tml_calibration_plot plot = {.title = tml_symbol_of(target),
                                       .objects = c.count,
                                       .bins = c.bins,
                                       .bin = bins,
                                       .expected = c.expected,
                                       .low = (double)c.bin_low,
                                       .high = (double)c.bin_high,
                                       .levels = TML_CALIBRATION_LEVELS,
                                       .nominal = c.nominal,
                                       .observed = c.observed,
                                       .chance_low = c.chance_low,
                                       .chance_high = c.chance_high,
                                       .p = c.p};
    snprintf(wanted, sizeof wanted, "table_%s_calibration", target);
    snprintf(caption, sizeof caption,
             "Are the stated errors of %s right? Above, which share of an object's draws lies below its "
             "label: as often any share as any other if they are; high at both ends where errors are stated "
             "too small, high in the middle where they are too large, higher on one side where answers are "
             "off to one side. Below, how many labels lie inside central intervals of each size: on the "
             "dashed line if the errors are right. Grey is what chance alone makes of as many labels.",
             tml_symbol_of(target));
    status = tml_report_figures_add(figures, TML_FIGURE_OF_TABLE, 0, wanted, caption, &figure, error);
    if (status == TML_OK)
        tml_report_figure_drawn(figures, figure,
                                tml_plot_calibration_report(&plot, folder, figure->name, &why), &why);
    return status;
}

static tml_status draw_calibrations(const tml_report_sources *sources, const char *folder,
                                    tml_report_figures *figures, tml_error *error)
{
    char target[TML_TABLE_NAME];
    double *share = NULL;
    tml_status status = tml_array_create(sources->table.rows, sizeof *share, "the points of a figure", &share,
                                         error);

    for (size_t c = 0; c < sources->table.columns && status == TML_OK; ++c)
        if (take_stem(sources->table.names[c], PIT_END, target))
            status = draw_calibration(sources, folder, c, target, share, figures, error);
    free(share);
    return status;
}

/* ---- misfit ---- */

/* What the figure of misfits shows, owned. */
typedef struct misfits {
    size_t rows;
    double *numbers; /* [2 + targets][rows] misfits of the best grid point and of the answer, then errors */
    double dof;      /* median */
    size_t targets;
    char label[TML_MISFIT_PANELS][LABEL];
} misfits;

/* Of a target that has labels. */
static void take_errors(const tml_report_sources *sources, size_t column, long predicted, const char *target,
                        misfits *m)
{
    const tml_number_table *table = &sources->table;
    const char *unit = tml_report_table_unit(sources, target);
    double *error = m->numbers + (2 + m->targets) * m->rows;
    bool is_any = false;

    for (size_t row = 0; row < m->rows; ++row) {
        error[row] = fabs(tml_number_table_at(table, row, predicted) -
                          tml_number_table_at(table, row, (long)column));
        is_any = is_any || isfinite(error[row]);
    }
    if (!is_any)
        return;
    snprintf(m->label[m->targets], LABEL, unit[0] != '\0' ? "|\u0394%.60s| [%.60s]" : "|\u0394%.60s|%.60s",
             tml_symbol_of(target), unit);
    m->targets += 1;
}

static double median_of(const tml_number_table *table, long column, double *scratch)
{
    size_t taken = 0;

    for (size_t row = 0; row < table->rows; ++row)
        if (isfinite(tml_number_table_at(table, row, column)))
            scratch[taken++] = tml_number_table_at(table, row, column);
    return tml_sample_summarise(taken, scratch).p50;
}

/* @return whether a misfit is known */
static bool take_misfits(const tml_report_sources *sources, long grid, long answer, long dof, misfits *m)
{
    const tml_number_table *table = &sources->table;
    char target[TML_TABLE_NAME];
    bool is_any = false;

    m->dof = median_of(table, dof, m->numbers);
    for (size_t row = 0; row < m->rows; ++row) {
        double freedom = tml_number_table_at(table, row, dof);

        m->numbers[row] = tml_misfit(tml_number_table_at(table, row, grid), freedom);
        m->numbers[m->rows + row] = tml_misfit(tml_number_table_at(table, row, answer), freedom);
        is_any = is_any || isfinite(m->numbers[row]);
    }
    for (size_t c = 0; c < table->columns && m->targets < TML_MISFIT_PANELS; ++c)
        if (take_stem(table->names[c], LABEL_END, target) && tml_number_table_find(table, target) >= 0)
            take_errors(sources, c, tml_number_table_find(table, target), target, m);
    return is_any;
}

static tml_status draw_misfits(const misfits *m, const char *folder, tml_report_figures *figures,
                               tml_error *error)
{
    const tml_interval noise = tml_noise_misfit(m->dof);
    tml_misfit_plot plot = {.count = m->rows,
                            .grid = m->numbers,
                            .answer = m->numbers + m->rows,
                            .noise_low = noise.low,
                            .noise_high = noise.high,
                            .panels = m->targets};
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status = tml_report_figures_add(
        figures, TML_FIGURE_OF_TABLE, 0, "table_misfit",
        "How well the grid knows these objects: the misfit of the best grid point, and of the spectrum that "
        "the answer implies, in units of the errors (the root of chi-square for each degree of freedom). "
        "Noise "
        "alone makes the grey range. Objects to the right of it look like nothing in the grid: like "
        "something "
        "else, or with more noise than stated; their answers and errors are not to be relied on. Where the "
        "errors are small beside the steps of the grid, the best grid point lies to the right as well, and "
        "the "
        "answer does not. Below, the size of the error of each labelled parameter against it.",
        &figure, error);

    for (size_t p = 0; p < m->targets; ++p)
        plot.panel[p] = (tml_misfit_panel){m->label[p], m->numbers + (2 + p) * m->rows};
    if (status == TML_OK)
        tml_report_figure_drawn(figures, figure, tml_plot_misfit_report(&plot, folder, figure->name, &why),
                                &why);
    return status;
}

tml_status tml_table_figures_draw(const tml_report_sources *sources, const char *folder,
                                  tml_report_figures *figures, tml_error *error)
{
    const tml_number_table *table = &sources->table;
    long grid = tml_number_table_find(table, "grid_chi2");
    long answer = tml_number_table_find(table, "chi2");
    long dof = tml_number_table_find(table, "dof");
    misfits m = {.rows = table->rows};
    tml_status status = draw_calibrations(sources, folder, figures, error);

    if (status != TML_OK || grid < 0 || answer < 0 || dof < 0 || table->rows == 0)
        return status;
    status = tml_array_create((2 + TML_MISFIT_PANELS) * m.rows, sizeof(double), "the points of a figure",
                              &m.numbers, error);
    if (status == TML_OK && take_misfits(sources, grid, answer, dof, &m))
        status = draw_misfits(&m, folder, figures, error);
    free(m.numbers);
    return status;
}
