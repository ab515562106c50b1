#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/flag_words.h"
#include "report/html.h"
#include "report/people_number.h"
#include "report/report_html.h"

#define DASH "\u2013"
#define NO_BREAK "\u00a0"

static double number_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsNumber(item) ? item->valuedouble : (double)NAN;
}

static const char *text_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsString(item) ? item->valuestring : "";
}

/* With the decimals of another number of the same kind; a dash where there is none. */
static void print_number(FILE *out, double value, int decimals)
{
    char text[TML_PEOPLE_TEXT];

    tml_people_number(value, decimals, text);
    tml_html_cell(out, "%s", isfinite(value) ? text : DASH);
}

static void print_share(FILE *out, double value)
{
    if (isfinite(value))
        tml_html_cell(out, "%.0f %%", 100.0 * value);
    else
        tml_html_cell(out, DASH);
}

/* ---- scores on a grid ---- */

/* "6.3" above "(5.9 to 6.7)"; the score alone where its interval is not known. */
static void print_score(FILE *out, const cJSON *target, const char *name, int decimals)
{
    char text[3][TML_PEOPLE_TEXT];
    char end[2][16];

    snprintf(end[0], sizeof end[0], "%s_low", name);
    snprintf(end[1], sizeof end[1], "%s_high", name);
    if (!isfinite(number_of(target, end[0])) || !isfinite(number_of(target, end[1]))) {
        print_number(out, number_of(target, name), decimals);
        return;
    }
    tml_people_number(number_of(target, name), decimals, text[0]);
    tml_people_number(number_of(target, end[0]), decimals, text[1]);
    tml_people_number(number_of(target, end[1]), decimals, text[2]);
    fprintf(out, "<td>%s<br><small class=\"muted\">(%s" NO_BREAK "to" NO_BREAK "%s)</small></td>", text[0],
            text[1], text[2]);
}

/* An R2 near 1 has more decimals, so that the ends of its interval differ. */
static int r2_decimals(const cJSON *target)
{
    int decimals = tml_people_decimals(0.5 * (number_of(target, "r2_high") - number_of(target, "r2_low")));

    if (decimals == TML_PEOPLE_PLAIN || decimals < 4)
        return 4;
    return decimals < 5 ? decimals : 5;
}

static void print_target(FILE *out, const cJSON *target, const cJSON *baseline)
{
    double rmse = number_of(target, "rmse");
    int decimals = tml_people_decimals(rmse) == TML_PEOPLE_PLAIN ? TML_PEOPLE_PLAIN
                                                                 : tml_people_decimals(rmse) + 1;

    tml_html_row_of_target(out, target->string, text_of(target, "unit"));
    print_score(out, target, "r2", r2_decimals(target));
    print_score(out, target, "rmse", decimals);
    print_score(out, target, "mae", decimals);
    print_score(out, target, "bias", decimals);
    print_number(out, number_of(target, "skewness"), 2);
    if (baseline != NULL) {
        double theirs = number_of(baseline, "rmse");

        print_number(out, number_of(baseline, "r2"), 4);
        print_number(out, theirs, decimals);
        tml_html_cell(out, "%s", rmse < theirs ? "network" : rmse > theirs ? "grid point" : DASH);
    }
    tml_html_row_end(out);
}

static void print_part(FILE *out, const cJSON *part)
{
    static const char *const headers[] = {
        "parameter",          "R\u00b2", "RMSE", "MAE", "bias", "skewness", "R\u00b2 of grid point",
        "RMSE of grid point", "better",  NULL};
    static const char *const short_headers[] = {"parameter", "R\u00b2",  "RMSE", "MAE",
                                                "bias",      "skewness", NULL};
    const cJSON *baseline = cJSON_GetObjectItemCaseSensitive(part, "baseline");
    const cJSON *theirs = cJSON_GetObjectItemCaseSensitive(baseline, "targets");
    const cJSON *target = NULL;
    double snr = number_of(cJSON_GetObjectItemCaseSensitive(part, "noise"), "snr");
    char caption[160];

    snprintf(caption, sizeof caption, "%.20s: %.0f spectra", text_of(part, "split"), number_of(part, "rows"));
    if (isfinite(snr))
        snprintf(caption + strlen(caption), sizeof caption - strlen(caption),
                 ", with noise, signal-to-noise ratio %g", snr);
    tml_html_table_begin(out, caption);
    tml_html_headers(out, baseline != NULL ? headers : short_headers);
    cJSON_ArrayForEach(target, cJSON_GetObjectItemCaseSensitive(part, "targets"))
    {
        print_target(out, target, cJSON_GetObjectItemCaseSensitive(theirs, target->string));
    }
    tml_html_table_end(out);
}

static void print_verdict(FILE *out, const cJSON *result)
{
    const cJSON *baseline = cJSON_GetObjectItemCaseSensitive(result, "baseline");

    if (baseline == NULL)
        return;
    fprintf(out,
            "<p>The network is %s than the nearest grid point, which is what a reader could have had "
            "without a network.</p>\n",
            cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(baseline, "beats_baseline"))
                ? "better in every parameter"
                : "<strong>not better in every parameter</strong>");
}

static void print_interval_note(FILE *out, const cJSON *result)
{
    const cJSON *targets = cJSON_GetObjectItemCaseSensitive(result, "targets");
    const cJSON *target = NULL;
    bool has_intervals = false;

    cJSON_ArrayForEach(target, targets)
    {
        has_intervals = has_intervals || isfinite(number_of(target, "rmse_low"));
    }
    if (has_intervals)
        fputs(
            "<p>In brackets: 95 % intervals, how far a score may be chance of the spectra that were scored; "
            "they say nothing of another training or of spectra of another kind.</p>\n",
            out);
}

void tml_html_scores(tml_html_page *page)
{
    const cJSON *result = tml_report_scores(page->sources);
    const cJSON *part = NULL;
    FILE *out = page->out;

    if (result == NULL && !page->sources->has_scored_rows)
        return;
    fputs("<section id=\"scores\">\n<h2>Scores of the network</h2>\n"
          "<p>How well the network finds the parameters of spectra of the grid, whose parameters are known. "
          "R\u00b2 is 1 for perfect answers and 0 for answering always the mean; RMSE is the root of the "
          "mean "
          "squared error, MAE the mean size of the error, bias the mean error (predicted minus true).</p>\n",
          out);
    if (result != NULL) {
        print_interval_note(out, result);
        print_verdict(out, result);
        print_part(out, result);
        cJSON_ArrayForEach(part, cJSON_GetObjectItemCaseSensitive(result, "other_splits"))
        {
            print_part(out, part);
        }
    }
    tml_html_figures(page, TML_FIGURE_OF_SCORES, 0);
    fputs("</section>\n", out);
}

/* ---- a table of objects ---- */

static void print_range(FILE *out, const cJSON *range)
{
    double rmse = number_of(range, "rmse");
    int decimals = tml_people_decimals(rmse);
    char bounds[TML_PEOPLE_PAIR];

    tml_html_row_of_target(out, text_of(range, "target"), text_of(range, "unit"));
    tml_people_interval(number_of(range, "low"), number_of(range, "high"), NAN, bounds);
    tml_html_cell(out, "%s", bounds);
    print_number(out, number_of(range, "count"), 0);
    print_number(out, number_of(range, "bias"), decimals);
    print_number(out, number_of(range, "median_bias"), decimals);
    print_number(out, number_of(range, "scatter_mad"), decimals);
    print_number(out, rmse, decimals);
    print_share(out, number_of(range, "coverage68"));
    print_share(out, number_of(range, "coverage95"));
    tml_html_row_end(out);
}

static void print_ranges(FILE *out, const cJSON *ranges)
{
    static const char *const headers[] = {"parameter", "labels", "objects", "bias",    "median",
                                          "MAD",       "RMSE",   "in 68 %", "in 95 %", NULL};
    const cJSON *range = NULL;

    if (cJSON_GetArraySize(ranges) == 0)
        return;
    fputs(
        "<p>Objects with labels, that is, with parameters which somebody else found, in ranges of their "
        "labels. Bias is the mean of predicted minus label, median its median, MAD the median distance from "
        "that, RMSE the root of its mean square. The last two columns say how often the label lies in the "
        "stated interval: in 68 % and 95 % of cases if the errors and the labels are right.</p>\n",
        out);
    tml_html_table_begin(out, NULL);
    tml_html_headers(out, headers);
    cJSON_ArrayForEach(range, ranges)
    {
        print_range(out, range);
    }
    tml_html_table_end(out);
}

static void print_flag_counts(const tml_html_page *page, const cJSON *counts)
{
    bool is_first = true;

    for (int f = 0; f < TML_FLAG_COUNT; ++f) {
        double count = number_of(counts, tml_result_flag_name(f));

        if (!(count > 0.0))
            continue;
        fputs(is_first ? "<p>Flags: " : ", ", page->out);
        fprintf(page->out, "%.0f <a class=\"flag\" href=\"#flag-%s\">%s</a>", count, tml_result_flag_name(f),
                tml_result_flag_name(f));
        is_first = false;
    }
    if (!is_first)
        fputs(".</p>\n", page->out);
}

void tml_html_table_section(tml_html_page *page)
{
    const cJSON *table = cJSON_GetObjectItem(cJSON_GetObjectItem(page->document, "result"), "table");

    if (!cJSON_IsObject(table))
        return;
    fputs("<section id=\"table\">\n<h2>Table of objects</h2>\n", page->out);
    fprintf(page->out, "<p>%.0f objects; their parameters stand in <code>predictions.csv</code>.</p>\n",
            number_of(tml_report_table(page->sources), "rows"));
    print_flag_counts(page, cJSON_GetObjectItem(table, "flag_counts"));
    print_ranges(page->out, cJSON_GetObjectItemCaseSensitive(tml_report_table(page->sources), "ranges"));
    tml_html_figures(page, TML_FIGURE_OF_TABLE, 0);
    fputs("</section>\n", page->out);
}
