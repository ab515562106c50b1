#include <stdlib.h>

#include "io/atomic_file.h"
#include "report/comparison_sheets.h"
#include "report/documents.h"
#include "report/flag_words.h"
#include "report/html.h"
#include "report/people_number.h"
#include "report/report_html.h"

/* What the page is made from. */
typedef struct contents {
    const tml_comparison *comparison;
    const tml_report_figures *figures;
    tml_comparison_sheets sheets;
} contents;

static void print_title(FILE *out, const tml_comparison *comparison)
{
    tml_html_print(out, "Comparison of %zu folders: TelescopeML report", comparison->folders);
}

/* Every answer in one line, object by object. */
static void print_summary(FILE *out, const tml_comparison *comparison)
{
    for (size_t o = 0; o < comparison->objects; ++o) {
        const tml_compared_object *object = &comparison->object[o];

        fputs("<h2>", out);
        tml_html_text(out, object->name);
        fputs("</h2>\n<ul>\n", out);
        for (size_t a = 0; a < object->count; ++a) {
            char answer[TML_PEOPLE_ANSWER];

            tml_people_answer(object->answer[a].object, answer);
            fputs("<li><strong>", out);
            tml_html_text(out, comparison->folder[object->answer[a].folder].label);
            fputs("</strong>: ", out);
            tml_html_text(out, answer);
            if (object->answer[a].object->flags != 0)
                fputs(" <span class=\"flag\">(flagged)</span>", out);
            fputs("</li>\n", out);
        }
        fputs("</ul>\n", out);
    }
}

static uint32_t flags_of(const tml_comparison *comparison)
{
    uint32_t flags = 0;

    for (size_t o = 0; o < comparison->objects; ++o)
        for (size_t a = 0; a < comparison->object[o].count; ++a)
            flags |= comparison->object[o].answer[a].object->flags;
    return flags;
}

static void print_flags(FILE *out, uint32_t flags)
{
    if (flags == 0)
        return;
    fputs("<h3>What the flags mean</h3>\n<dl>\n", out);
    for (int f = 0; f < TML_FLAG_COUNT; ++f) {
        if ((flags >> f & 1U) == 0)
            continue;
        fprintf(out, "<dt><code>%s</code></dt>\n<dd>", tml_result_flag_name(f));
        tml_html_text(out, tml_flag_explained(f));
        fputs("</dd>\n", out);
    }
    fputs("</dl>\n", out);
}

static void print_objects(tml_html_page *page, const contents *data)
{
    const tml_sheet *differences = &data->sheets.sheet[TML_SHEET_DIFFERENCES];

    if (data->comparison->objects == 0)
        return;
    fputs("<section id=\"objects\">\n<h2>Objects</h2>\n", page->out);
    tml_sheet_html(page->out, &data->sheets.sheet[TML_SHEET_OBJECTS]);
    if (differences->rows > 0) {
        fputs("<h3>What differs</h3>\n<p>Two answers to one observation share its noise: they should agree "
              "better than their errors say. Answers to independent observations differ by more than 2 by "
              "chance in 1 of 20 cases, by more than 3 in 1 of 400.</p>\n",
              page->out);
        tml_sheet_html(page->out, differences);
    }
    for (size_t o = 0; o < data->comparison->objects; ++o)
        tml_html_figures(page, TML_FIGURE_OF_OBJECT, o);
    print_flags(page->out, flags_of(data->comparison));
    fputs("</section>\n", page->out);
}

static void print_runs(FILE *out, const contents *data)
{
    const tml_sheet *scores = &data->sheets.sheet[TML_SHEET_SCORES];
    const tml_sheet *trainings = &data->sheets.sheet[TML_SHEET_TRAININGS];
    const tml_sheet *settings = &data->sheets.sheet[TML_SHEET_SETTINGS];

    if (scores->rows == 0 && trainings->rows == 0) {
        if (data->comparison->objects == 0)
            fputs(
                "<p>These folders hold no observed objects, no scores and no trainings: there is nothing to "
                "compare.</p>\n",
                out);
        return;
    }
    fputs("<section id=\"runs\">\n<h2>Trainings and scores</h2>\n", out);
    if (scores->rows > 0) {
        fputs(
            "<p>Scores are those on the test part where it was scored. They can be compared where they were "
            "taken on the same spectra with the same noise.</p>\n",
            out);
        tml_sheet_html(out, scores);
    }
    if (trainings->rows > 0)
        tml_sheet_html(out, trainings);
    if (settings->rows > 0)
        tml_sheet_html(out, settings);
    else if (trainings->rows > 0)
        fputs("<p>No settings differ.</p>\n", out);
    fputs("</section>\n", out);
}

static void print_origin(FILE *out, const tml_comparison *comparison)
{
    fputs("<section id=\"folders\">\n<h2>Folders</h2>\n<p>Each has more in its own report, which <code>"
          "telescopeml report FOLDER</code> makes.</p>\n<ul>\n",
          out);
    for (size_t f = 0; f < comparison->folders; ++f) {
        fputs("<li><code>", out);
        tml_html_text(out, comparison->folder[f].label);
        fputs("</code></li>\n", out);
    }
    fputs("</ul>\n<h3>How to make this again</h3>\n<pre>telescopeml report", out);
    for (size_t f = 0; f < comparison->folders; ++f) {
        fputc(' ', out);
        tml_html_text(out, comparison->folder[f].label);
    }
    fputs(" --out DIR</pre>\n</section>\n", out);
}

static void print_page(FILE *out, const void *given)
{
    const contents *data = given;
    tml_html_page page = {.out = out, .figures = data->figures};

    tml_html_head_begin(out);
    print_title(out, data->comparison);
    tml_html_head_end(out);
    fputs("<header>\n<h1>", out);
    print_title(out, data->comparison);
    fputs("</h1>\n", out);
    print_summary(out, data->comparison);
    fputs("</header>\n", out);
    print_objects(&page, data);
    print_runs(out, data);
    print_origin(out, data->comparison);
    tml_html_page_end(out);
}

tml_status tml_comparison_write_html(const tml_comparison *comparison, const tml_report_figures *figures,
                                     const tml_report_place *place, tml_error *error)
{
    contents data = {.comparison = comparison, .figures = figures};
    char path[TML_PATH_LENGTH];
    char *text = NULL;
    size_t count = 0;
    tml_status status = tml_comparison_sheets_fill(comparison, &data.sheets, error);

    if (status == TML_OK)
        status = tml_document_render(print_page, &data, &text, &count, error);
    tml_comparison_sheets_free(&data.sheets);
    if (status == TML_OK)
        status = tml_report_place_file(place, place->stem, ".html", path, error);
    if (status == TML_OK)
        status = tml_atomic_write(path, text, count, error);
    free(text);
    return status;
}
