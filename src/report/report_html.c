#include "report/report_html.h"

#include <stdlib.h>
#include <string.h>

#include "io/atomic_file.h"
#include "io/path.h"
#include "report/html.h"
#include "report/people_number.h"
#include "report/svg_inline.h"

enum { MOST_SVG = 64 << 20 };

/* ---- figures ---- */

/* The picture as it was drawn a moment ago. @return on the heap, or NULL */
static char *read_svg(const tml_html_page *page, const tml_report_figure *figure)
{
    char name[TML_FIGURE_NAME + 16];
    char path[TML_PATH_LENGTH];
    char *text = NULL;

    snprintf(name, sizeof name, "figures/%s.svg", figure->name);
    if (!figure->is_drawn || !tml_path_join(path, sizeof path, page->figures->folder, name) ||
        tml_file_read_text(path, MOST_SVG, &text, NULL, NULL) != TML_OK)
        return NULL;
    return text;
}

static void print_figure(tml_html_page *page, size_t number)
{
    const tml_report_figure *figure = &page->figures->item[number];
    char *svg = read_svg(page, figure);
    char prefix[32];

    snprintf(prefix, sizeof prefix, "f%zu", number);
    ++page->figures_shown;
    fprintf(page->out, "<figure id=\"figure-%zu\">\n<div class=\"card\">", page->figures_shown);
    if (svg == NULL || !tml_svg_inline(page->out, svg, prefix, figure->caption)) {
        fputs("<p><strong>This figure could not be drawn.</strong> ", page->out);
        tml_html_text(page->out, figure->why);
        fputs("</p>", page->out);
    }
    free(svg);
    fprintf(page->out, "</div>\n<figcaption>Figure %zu. ", page->figures_shown);
    tml_html_text(page->out, figure->caption);
    if (figure->is_drawn)
        fprintf(page->out, " <code>figures/%s</code> (.pdf, .svg, .png)", figure->name);
    fputs("</figcaption>\n</figure>\n", page->out);
}

void tml_html_figures(tml_html_page *page, tml_figure_place place, size_t object)
{
    for (size_t i = 0; i < page->figures->count; ++i)
        if (page->figures->item[i].place == place && page->figures->item[i].object == object)
            print_figure(page, i);
}

/* ---- the whole ---- */

static const cJSON *result_of(const tml_html_page *page, const char *name)
{
    const cJSON *part = cJSON_GetObjectItem(cJSON_GetObjectItem(page->document, "result"), name);

    return cJSON_IsNull(part) ? NULL : part;
}

static void print_title(const tml_html_page *page)
{
    const tml_results *results = &page->sources->results;

    if (results->count == 0) {
        fputs("TelescopeML report", page->out);
        return;
    }
    tml_html_text(page->out, results->object[0].facts.name);
    if (results->count > 1)
        fprintf(page->out, " and %zu more", results->count - 1);
    fputs(": TelescopeML report", page->out);
}

static void print_head(const tml_html_page *page)
{
    tml_html_head_begin(page->out);
    print_title(page);
    tml_html_head_end(page->out);
}

static void print_link(const tml_html_page *page, const char *anchor, const char *text)
{
    fprintf(page->out, "<li><a href=\"#%s\">%s</a></li>\n", anchor, text);
}

static void print_contents(const tml_html_page *page)
{
    const tml_results *results = &page->sources->results;

    fputs("<nav aria-label=\"Contents\"><ul>\n", page->out);
    for (size_t i = 0; i < results->count; ++i) {
        fprintf(page->out, "<li><a href=\"#object-%zu\">", i + 1);
        tml_html_text(page->out, results->object[i].facts.name);
        fputs("</a></li>\n", page->out);
    }
    if (result_of(page, "table") != NULL)
        print_link(page, "table", "Table of objects");
    if (result_of(page, "evaluation") != NULL || page->sources->has_scored_rows)
        print_link(page, "scores", "Scores of the network");
    if (result_of(page, "training") != NULL)
        print_link(page, "training", "Training");
    if (result_of(page, "exploration") != NULL)
        print_link(page, "grid", "The grid");
    if (tml_report_has_speed(page->sources))
        print_link(page, "speed", "Speed");
    print_link(page, "notes", "Warnings and meanings");
    print_link(page, "provenance", "Provenance");
    fputs("</ul></nav>\n", page->out);
}

static void print_summary(const tml_html_page *page)
{
    const tml_results *results = &page->sources->results;

    if (results->count < 2)
        return;
    fputs("<ul>\n", page->out);
    for (size_t i = 0; i < results->count; ++i) {
        char answer[TML_PEOPLE_ANSWER];

        tml_people_answer(&results->object[i], answer);
        fprintf(page->out, "<li><a href=\"#object-%zu\">", i + 1);
        tml_html_text(page->out, results->object[i].facts.name);
        fputs("</a>: ", page->out);
        tml_html_text(page->out, answer);
        if (results->object[i].flags != 0)
            fputs(" <span class=\"flag\">(flagged)</span>", page->out);
        fputs("</li>\n", page->out);
    }
    fputs("</ul>\n", page->out);
}

static void print_page(tml_html_page *page)
{
    print_head(page);
    fputs("<header>\n<h1>", page->out);
    print_title(page);
    fputs("</h1>\n", page->out);
    print_summary(page);
    print_contents(page);
    fputs("</header>\n", page->out);
    tml_html_objects(page);
    tml_html_table_section(page);
    tml_html_scores(page);
    tml_html_training(page);
    tml_html_exploration(page);
    tml_html_speed(page);
    tml_html_notes(page);
    tml_html_page_end(page->out);
}

tml_status tml_report_html(const tml_report_sources *sources, const tml_report_figures *figures,
                           const cJSON *document, char **text, size_t *count, tml_error *error)
{
    tml_html_page page = {.sources = sources, .figures = figures, .document = document};
    int failed;

    *text = NULL;
    page.out = open_memstream(text, count);
    if (page.out == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for report.html");
    print_page(&page);
    failed = ferror(page.out);
    if (fclose(page.out) == 0 && !failed)
        return TML_OK;
    free(*text);
    *text = NULL;
    return TML_FAIL(error, TML_INTERNAL, "no memory for report.html");
}
