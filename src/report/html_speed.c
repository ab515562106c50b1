#include <math.h>

#include "report/html.h"
#include "report/report_html.h"
#include "report/scaling_figures.h"

#define DASH "\u2013"

static void print_point(FILE *out, const tml_scaling_series *series, const tml_scaling_point *point)
{
    char ranks[64];

    if (series->counts_threads)
        snprintf(ranks, sizeof ranks, "%zu \u00d7 %zu threads", point->ranks, point->threads);
    else
        snprintf(ranks, sizeof ranks, "%zu", point->ranks);
    tml_html_row(out, ranks);
    /* Speeds vary by per cents between runs: four digits are enough. */
    tml_html_cell(out, "%.*f", point->rate < 1000.0 ? 1 : 0, point->rate);
    tml_html_cell(out, "%.1f %%", 100.0 * point->efficiency);
    if (isfinite(point->communication))
        tml_html_cell(out, "%.1f %%", 100.0 * point->communication);
    else
        tml_html_cell(out, DASH);
    tml_html_row_end(out);
}

static void print_series(FILE *out, const tml_scaling_series *series, tml_scaling_kind kind)
{
    static const char *const captions[TML_SCALING_KINDS] = {
        "Strong scaling: the same global batch on more ranks; medians over the repeats",
        "Weak scaling: a global batch that grows with the ranks; medians over the repeats"};
    static const char *const headers[] = {"Ranks", "Samples per second", "Efficiency", "Communication", NULL};
    const char *weights = tml_scaling_weights_text(kind, series->weights);

    if (series->count == 0)
        return;
    tml_html_table_begin(out, captions[kind]);
    tml_html_headers(out, headers);
    for (size_t i = 0; i < series->count; ++i)
        print_point(out, series, &series->point[i]);
    tml_html_table_end(out);
    if (weights != NULL) {
        fputs("<p>", out);
        tml_html_print(out, "%s scaling: %s.", kind == TML_SCALING_STRONG ? "Strong" : "Weak", weights);
        fputs("</p>\n", out);
    }
}

static void print_phases(FILE *out, const tml_phase_table *phases)
{
    const tml_phase_bar *slowest;

    if (phases->ranks == 0)
        return;
    slowest = &phases->bar[tml_phase_slowest(phases->ranks, phases->bar)];
    fputs("<p>", out);
    tml_html_print(out, "Slowest of %zu rank%s: rank %zu%s%s, busy for %.4g s.", phases->ranks,
                   phases->ranks == 1 ? "" : "s", slowest->rank, slowest->host[0] != '\0' ? " on " : "",
                   slowest->host, tml_phase_busy(slowest));
    fputs("</p>\n", out);
}

void tml_html_speed(tml_html_page *page)
{
    const tml_report_sources *sources = page->sources;
    FILE *out = page->out;

    if (!tml_report_has_speed(sources))
        return;
    fputs("<section id=\"speed\">\n<h2>Speed</h2>\n", out);
    for (int k = 0; k < TML_SCALING_KINDS; ++k)
        print_series(out, &sources->scaling.series[k], (tml_scaling_kind)k);
    print_phases(out, &sources->phases);
    tml_html_figures(page, TML_FIGURE_OF_SPEED, 0);
    fputs("</section>\n", out);
}
