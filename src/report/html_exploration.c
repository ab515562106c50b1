#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/html.h"
#include "report/people_number.h"
#include "report/report_html.h"
#include "report/symbol.h"

#define DASH "\u2013"
#define MINUS "\u2212"

enum { ROWS_SHOWN = 10, THRESHOLDS = 3, NUMBER_LENGTH = 64, COLUMNS_MOST = TML_EXPLORED_PARAMETERS + 4 };

static double number_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(item) ? item->valuedouble : (double)NAN;
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));

    return text != NULL ? text : "";
}

/* A value of a parameter with the digits that a table has room for: of an axis all that anybody chose. */
static void write_value(double value, bool is_axis, char text[NUMBER_LENGTH])
{
    if (isfinite(value))
        snprintf(text, NUMBER_LENGTH, "%s%.*g", value < 0.0 ? MINUS : "", is_axis ? 6 : 4, fabs(value));
    else
        snprintf(text, NUMBER_LENGTH, DASH);
}

static void print_value(FILE *out, double value, bool is_axis)
{
    char text[NUMBER_LENGTH];

    write_value(value, is_axis, text);
    tml_html_cell(out, "%s", text);
}

static void print_number(FILE *out, double value, int decimals)
{
    char text[TML_PEOPLE_TEXT];

    tml_people_number(value, decimals, text);
    tml_html_cell(out, "%s", isfinite(value) ? text : DASH);
}

static void print_range(FILE *out, const char *low, const char *high)
{
    tml_html_cell(out, "%s to %s", low, high);
}

/* ---- what it is ---- */

static void print_facts(FILE *out, const tml_exploration *exploration, const cJSON *result)
{
    const tml_number_table *fluxes = &exploration->table[TML_EXPLORED_FLUXES];
    double wavelengths = number_of(result, "wavelengths");
    char fixed[TML_EXPLORATION_LABEL];

    tml_exploration_fixed(exploration, "", fixed);
    tml_html_facts_begin(out);
    if (text_of(result, "grid")[0] != '\0')
        tml_html_fact(out, "Grid", "%s", text_of(result, "grid"));
    if (text_of(result, "digest")[0] != '\0')
        tml_html_fact(out, "Digest of the grid", "%s", text_of(result, "digest"));
    tml_html_fact(out, "Spectra", "%.0f", number_of(result, "rows"));
    if (fluxes->rows > 0) {
        long um = tml_number_table_find(fluxes, "wavelength_um");

        tml_html_fact(out, "Wavelengths", "%.0f, from %.4g to %.4g \u03bcm", wavelengths,
                      tml_number_table_at(fluxes, 0, um), tml_number_table_at(fluxes, fluxes->rows - 1, um));
    } else {
        tml_html_fact(out, "Wavelengths", "%.0f", wavelengths);
    }
    if (fixed[0] != '\0')
        tml_html_fact(out, "Held fixed while another parameter varies", "%s", fixed);
    tml_html_table_end(out);
}

/* ---- parameters ---- */

static void print_parameter(FILE *out, const tml_exploration *exploration, const cJSON *parameter)
{
    int decimals = tml_people_decimals(number_of(parameter, "standard_error"));
    bool is_axis = tml_exploration_is_axis(exploration, parameter->string);
    char mean[TML_PEOPLE_TEXT], low[TML_PEOPLE_TEXT], high[TML_PEOPLE_TEXT];

    tml_html_row_of_target(out, parameter->string, text_of(parameter, "unit"));
    print_number(out, number_of(parameter, "different"), 0);
    write_value(number_of(parameter, "minimum"), is_axis, low);
    write_value(number_of(parameter, "maximum"), is_axis, high);
    print_range(out, low, high);
    print_value(out, number_of(parameter, "median"), is_axis);
    write_value(number_of(parameter, "q1"), is_axis, low);
    write_value(number_of(parameter, "q3"), is_axis, high);
    print_range(out, low, high);
    tml_people_number(number_of(parameter, "mean"), decimals, mean);
    tml_people_number(number_of(parameter, "ci95_low"), decimals, low);
    tml_people_number(number_of(parameter, "ci95_high"), decimals, high);
    if (isfinite(number_of(parameter, "ci95_low")) && isfinite(number_of(parameter, "ci95_high")))
        tml_html_cell(out, "%s (%s to %s)", mean, low, high);
    else
        tml_html_cell(out, "%s", mean);
    print_number(out, number_of(parameter, "sd"), tml_people_decimals(number_of(parameter, "sd")));
    print_number(out, number_of(parameter, "skewness"), 2);
    tml_html_row_end(out);
}

static void print_parameters(FILE *out, const tml_exploration *exploration, const cJSON *result)
{
    static const char *const headers[] = {"parameter", "values",    "range",
                                          "median",    "quartiles", "mean (95 % interval)",
                                          "sd",        "skewness",  NULL};
    const cJSON *parameter = NULL;

    fputs("<h3>Parameters</h3>\n"
          "<p>How the parameters of all spectra are distributed: how many different values they have, from "
          "where "
          "to where, and the standard deviation (sd). The interval says how well the mean is known from so "
          "many "
          "spectra, and nothing about single ones.</p>\n",
          out);
    tml_html_table_begin(out, NULL);
    tml_html_headers(out, headers);
    cJSON_ArrayForEach(parameter, cJSON_GetObjectItemCaseSensitive(result, "parameters"))
    {
        print_parameter(out, exploration, parameter);
    }
    tml_html_table_end(out);
}

/* ---- coverage and twins ---- */

static void print_coverage(FILE *out, const cJSON *result)
{
    const cJSON *coverage = cJSON_GetObjectItemCaseSensitive(result, "coverage");
    double nodes = number_of(coverage, "nodes"), filled = number_of(coverage, "filled");

    if (!isfinite(filled))
        return;
    if (nodes > 0.0)
        fprintf(out,
                "<p>Coverage: the values of the parameters span %.0f nodes, and %.0f of them have a spectrum "
                "(%.3g %%).</p>\n",
                nodes, filled, 100.0 * filled / nodes);
    else
        fprintf(
            out,
            "<p>Coverage: the parameters do not lie on axes, so there are no nodes to count; %.0f different "
            "combinations of them are there.</p>\n",
            filled);
}

static void print_twins(FILE *out, const cJSON *result)
{
    const cJSON *twins = cJSON_GetObjectItemCaseSensitive(result, "twins");
    double groups = number_of(twins, "groups"), rows = number_of(twins, "rows");

    if (!isfinite(groups) || !isfinite(rows))
        return;
    if (!(groups > 0.0)) {
        fputs("<p>Identical spectra: none; every row has a spectrum of its own.</p>\n", out);
        return;
    }
    fprintf(
        out,
        "<p>Identical spectra: <strong>%.0f rows</strong> have a spectrum that is the same to the last digit "
        "as that of another row, in %.0f group%s. Where the parameters within a group differ, nobody can "
        "tell from the spectrum which of them are meant: no network can be right for all of these rows, "
        "however long it is trained, and they must stay on one side of a split.</p>\n",
        rows, groups, groups > 1.5 ? "s" : "");
}

static void print_zeros(FILE *out, const cJSON *result)
{
    const cJSON *zeros = cJSON_GetObjectItemCaseSensitive(result, "zero_fluxes");
    double count = number_of(zeros, "count");

    if (count > 0.0)
        fprintf(out,
                "<p>%.0f fluxes at %.0f wavelengths are not above 0; they have no logarithm and are left out "
                "where logarithms are shown.</p>\n",
                count, number_of(zeros, "wavelengths"));
}

/* ---- principal components ---- */

static void print_components(FILE *out, const cJSON *result)
{
    static const double thresholds[THRESHOLDS] = {0.9, 0.99, 0.999};
    const cJSON *shares = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(result, "pca"),
                                                           "shares");
    const cJSON *share = NULL;
    double sum = 0.0;
    size_t number = 0, reached = 0;

    cJSON_ArrayForEach(share, shares)
    {
        sum += cJSON_IsNumber(share) ? share->valuedouble : 0.0;
        ++number;
        while (reached < THRESHOLDS && sum >= thresholds[reached]) {
            fprintf(out, "%s %g %% in %zu",
                    reached == 0
                        ? "<p>Principal components: of the variance of the spectra, scaled as a network "
                          "sees them, there are"
                        : ",",
                    100.0 * thresholds[reached], number);
            ++reached;
        }
    }
    if (reached > 0)
        fputs(". So many patterns, each with a factor, make up a spectrum but for the rest.</p>\n", out);
}

/* ---- outliers ---- */

static void print_outlier(FILE *out, const tml_exploration *exploration, size_t row, const cJSON *parameters)
{
    const tml_number_table *table = &exploration->table[TML_EXPLORED_NEIGHBOURS];
    const cJSON *parameter = NULL;
    char number[NUMBER_LENGTH];

    snprintf(number, sizeof number, "%.0f",
             tml_number_table_at(table, row, tml_number_table_find(table, "row")));
    tml_html_row(out, number);
    cJSON_ArrayForEach(parameter, parameters)
    {
        long column = tml_number_table_find(table, parameter->string);

        print_value(out, column >= 0 ? tml_number_table_at(table, row, column) : (double)NAN,
                    tml_exploration_is_axis(exploration, parameter->string));
    }
    print_number(out, tml_number_table_at(table, row, tml_number_table_find(table, "nearest_row")), 0);
    print_number(out, tml_number_table_at(table, row, tml_number_table_find(table, "outlier_score")), 2);
    tml_html_row_end(out);
}

static void print_outliers(FILE *out, const tml_exploration *exploration, const cJSON *result)
{
    const tml_number_table *table = &exploration->table[TML_EXPLORED_NEIGHBOURS];
    const cJSON *parameters = cJSON_GetObjectItemCaseSensitive(result, "parameters");
    const char *headers[COLUMNS_MOST] = {"row"};
    const cJSON *parameter = NULL;
    size_t count = 1;

    if (table->rows == 0)
        return;
    fputs("<h3>Spectra that are alone</h3>\n"
          "<p>Those that are least like any other. The score is the distance to the nearest other spectrum, "
          "divided by the median of these distances: edges and corners of a grid have scores of a few, a "
          "spectrum that went wrong has a far larger one.</p>\n",
          out);
    cJSON_ArrayForEach(parameter, parameters)
    {
        headers[count++] = tml_symbol_of(parameter->string);
    }
    headers[count++] = "nearest row";
    headers[count++] = "score";
    headers[count] = NULL;
    tml_html_table_begin(out, NULL);
    tml_html_headers(out, headers);
    for (size_t row = 0; row < table->rows && row < ROWS_SHOWN; ++row)
        print_outlier(out, exploration, row, parameters);
    tml_html_table_end(out);
}

void tml_html_exploration(tml_html_page *page)
{
    const tml_exploration *exploration = &page->sources->exploration;
    const cJSON *result = tml_exploration_result(exploration);
    FILE *out = page->out;

    if (result == NULL)
        return;
    fputs("<section id=\"grid\">\n<h2>The grid</h2>\n", out);
    print_facts(out, exploration, result);
    print_parameters(out, exploration, result);
    fputs("<h3>What is there, and what is there twice</h3>\n", out);
    print_coverage(out, result);
    print_twins(out, result);
    print_zeros(out, result);
    print_components(out, result);
    print_outliers(out, exploration, result);
    tml_html_figures(page, TML_FIGURE_OF_GRID, 0);
    fputs("</section>\n", out);
}
