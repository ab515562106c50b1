#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "plots/regression_report.h"
#include "report/figures.h"
#include "report/people_number.h"
#include "report/symbol.h"
#include "statistics/regression.h"

#define TRUE_END "_true"
#define LABEL_END "_label"

/* Numbers of one series, owned. */
typedef struct pairs {
    size_t count;
    double *truth;
    double *predicted;
} pairs;

static void free_pairs(pairs *p)
{
    free(p->truth);
    free(p->predicted);
    memset(p, 0, sizeof *p);
}

/* The rows that have both numbers and, unless `word` is negative, that word. */
static tml_status collect(const tml_number_table *table, long truth, long predicted, long word, pairs *p,
                          tml_error *error)
{
    tml_status status = tml_array_create(table->rows, sizeof *p->truth, "the points of a figure", &p->truth,
                                         error);

    if (status == TML_OK)
        status = tml_array_create(table->rows, sizeof *p->predicted, "the points of a figure", &p->predicted,
                                  error);
    for (size_t row = 0; row < table->rows && status == TML_OK; ++row) {
        double x = tml_number_table_at(table, row, truth);
        double y = tml_number_table_at(table, row, predicted);

        if ((word >= 0 && table->word[row] != (size_t)word) || !isfinite(x) || !isfinite(y))
            continue;
        p->truth[p->count] = x;
        p->predicted[p->count] = y;
        ++p->count;
    }
    return status;
}

static tml_regression_series series_of(const char *name, const pairs *p)
{
    tml_regression sums;
    tml_regression_result figures;

    tml_regression_clear(&sums);
    for (size_t i = 0; i < p->count; ++i)
        tml_regression_add(&sums, p->truth[i], p->predicted[i]);
    figures = tml_regression_get(&sums);
    return (tml_regression_series){name, p->count, p->truth, p->predicted, figures.r2, figures.rmse};
}

/* A column "NAME_true" or "NAME_label": NAME, if there is a column of that name too. */
static bool take_stem(const tml_number_table *table, size_t column, const char *end,
                      char stem[TML_TABLE_NAME], long *predicted)
{
    size_t length = strlen(table->names[column]);
    size_t tail = strlen(end);

    if (length <= tail || strcmp(table->names[column] + length - tail, end) != 0)
        return false;
    snprintf(stem, TML_TABLE_NAME, "%.*s", (int)(length - tail), table->names[column]);
    *predicted = tml_number_table_find(table, stem);
    return *predicted >= 0;
}

static tml_status draw(const tml_regression_plot *plot, const char *folder, tml_figure_place place,
                       const char *wanted, const char *caption, tml_report_figures *figures, tml_error *error)
{
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status = tml_report_figures_add(figures, place, 0, wanted, caption, &figure, error);

    if (status == TML_OK)
        tml_report_figure_drawn(figures, figure, tml_plot_regression_report(plot, folder, figure->name, &why),
                                &why);
    return status;
}

/* ---- scores of a network ---- */

static const char *unit_in_scores(const tml_report_sources *sources, const char *target)
{
    const cJSON *targets = cJSON_GetObjectItemCaseSensitive(tml_report_scores(sources), "targets");
    const cJSON *unit = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(targets, target),
                                                         "unit");

    return cJSON_IsString(unit) ? tml_people_unit(unit->valuestring) : "";
}

static long find_word(const tml_number_table *table, const char *word)
{
    for (size_t w = 0; w < table->word_count; ++w)
        if (strcmp(table->words[w], word) == 0)
            return (long)w;
    return -1;
}

/* Parts as the split names them; "all" stands alone. */
static tml_status fill_series(const tml_number_table *table, long truth, long predicted,
                              pairs part[TML_REGRESSION_SERIES], tml_regression_plot *plot, tml_error *error)
{
    static const char *const names[] = {"all", "train", "validation", "test"};
    tml_status status = TML_OK;

    for (size_t n = 0; n < sizeof names / sizeof names[0] && status == TML_OK; ++n) {
        long word = find_word(table, names[n]);
        pairs *p = &part[plot->series_count];

        if (word < 0 || plot->series_count == TML_REGRESSION_SERIES)
            continue;
        status = collect(table, truth, predicted, word, p, error);
        if (status == TML_OK && p->count > 0) {
            plot->series[plot->series_count] = series_of(names[n], p);
            ++plot->series_count;
        } else {
            free_pairs(p);
        }
    }
    return status;
}

static tml_status draw_scores(const tml_report_sources *sources, const char *folder, size_t truth,
                              const char *target, long predicted, tml_report_figures *figures,
                              tml_error *error)
{
    pairs part[TML_REGRESSION_SERIES] = {{0}};
    char wanted[TML_FIGURE_NAME];
    char caption[TML_FIGURE_CAPTION];
    tml_regression_plot plot = {.symbol = tml_symbol_of(target), .unit = unit_in_scores(sources, target)};
    tml_status status = fill_series(&sources->scored_rows, (long)truth, predicted, part, &plot, error);

    snprintf(wanted, sizeof wanted, "regression_%s", target);
    snprintf(caption, sizeof caption,
             "%s of spectra of the grid: predicted against true value with the line on which both are equal, "
             "the error (predicted minus true) against the true value, and how often each error occurs.",
             plot.symbol);
    if (status == TML_OK && plot.series_count > 0)
        status = draw(&plot, folder, TML_FIGURE_OF_SCORES, wanted, caption, figures, error);
    for (size_t i = 0; i < TML_REGRESSION_SERIES; ++i)
        free_pairs(&part[i]);
    return status;
}

/* ---- a table of objects ---- */

const char *tml_report_table_unit(const tml_report_sources *sources, const char *target)
{
    const cJSON *range = NULL;

    cJSON_ArrayForEach(range, cJSON_GetObjectItemCaseSensitive(tml_report_table(sources), "ranges"))
    {
        if (strcmp(cJSON_GetObjectItemCaseSensitive(range, "target")->valuestring, target) == 0)
            return tml_people_unit(cJSON_GetObjectItemCaseSensitive(range, "unit")->valuestring);
    }
    return "";
}

static tml_status draw_table(const tml_report_sources *sources, const char *folder, size_t label,
                             const char *target, long predicted, tml_report_figures *figures,
                             tml_error *error)
{
    pairs points = {0};
    char wanted[TML_FIGURE_NAME];
    char caption[TML_FIGURE_CAPTION];
    tml_regression_plot plot = {.symbol = tml_symbol_of(target),
                                .unit = tml_report_table_unit(sources, target)};
    tml_status status = collect(&sources->table, (long)label, predicted, -1, &points, error);

    plot.series_count = 1;
    snprintf(wanted, sizeof wanted, "table_%s", target);
    snprintf(caption, sizeof caption,
             "%s of the objects of the table: predicted value against the table's label, the difference "
             "(predicted minus label) against the label, and how often each difference occurs.",
             plot.symbol);
    if (status == TML_OK && points.count > 0) {
        plot.series[0] = series_of("table", &points);
        status = draw(&plot, folder, TML_FIGURE_OF_TABLE, wanted, caption, figures, error);
    }
    free_pairs(&points);
    return status;
}

tml_status tml_score_figures_draw(const tml_report_sources *sources, const char *folder,
                                  tml_report_figures *figures, tml_error *error)
{
    char target[TML_TABLE_NAME];
    long predicted = -1;
    tml_status status = TML_OK;

    for (size_t c = 0; c < sources->scored_rows.columns && status == TML_OK; ++c)
        if (take_stem(&sources->scored_rows, c, TRUE_END, target, &predicted))
            status = draw_scores(sources, folder, c, target, predicted, figures, error);
    for (size_t c = 0; c < sources->table.columns && status == TML_OK; ++c)
        if (take_stem(&sources->table, c, LABEL_END, target, &predicted))
            status = draw_table(sources, folder, c, target, predicted, figures, error);
    return status;
}
