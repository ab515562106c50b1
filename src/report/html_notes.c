#include <string.h>

#include "report/flag_words.h"
#include "report/html.h"
#include "report/report_html.h"

/* ---- warnings and flags ---- */

static void print_warnings(const tml_html_page *page)
{
    const cJSON *warnings = cJSON_GetObjectItem(page->document, "warnings");
    const cJSON *warning = NULL;

    if (cJSON_GetArraySize(warnings) == 0) {
        fputs("<p>There were no warnings.</p>\n", page->out);
        return;
    }
    fputs("<ul>\n", page->out);
    cJSON_ArrayForEach(warning, warnings)
    {
        fputs("<li>", page->out);
        tml_html_text(page->out, cJSON_GetStringValue(cJSON_GetObjectItem(warning, "text")));
        fputs(" <code class=\"muted\">", page->out);
        tml_html_text(page->out, cJSON_GetStringValue(cJSON_GetObjectItem(warning, "code")));
        fputs("</code></li>\n", page->out);
    }
    fputs("</ul>\n", page->out);
}

static bool is_raised(const tml_html_page *page, int flag)
{
    const tml_results *results = &page->sources->results;
    const tml_number_table *table = &page->sources->table;

    for (size_t i = 0; i < results->count; ++i) {
        if ((results->object[i].flags >> flag & 1U) != 0)
            return true;
        for (size_t p = 0; p < results->object[i].parameters; ++p)
            if ((results->object[i].parameter[p].flags >> flag & 1U) != 0)
                return true;
    }
    for (size_t w = 0; w < table->word_count; ++w)
        if (tml_report_has_flag(table->words[w], flag))
            return true;
    return false;
}

static void print_meanings(const tml_html_page *page)
{
    bool is_first = true;

    for (int f = 0; f < TML_FLAG_COUNT; ++f) {
        if (!is_raised(page, f))
            continue;
        if (is_first)
            fputs("<h3>What the flags mean</h3>\n<dl>\n", page->out);
        is_first = false;
        fprintf(page->out, "<dt id=\"flag-%s\"><code>%s</code></dt>\n<dd>", tml_result_flag_name(f),
                tml_result_flag_name(f));
        tml_html_text(page->out, tml_flag_explained(f));
        fputs("</dd>\n", page->out);
    }
    if (!is_first)
        fputs("</dl>\n", page->out);
}

/* ---- provenance ---- */

static const cJSON *provenance_of(const tml_html_page *page, const char *what)
{
    const cJSON *result = cJSON_GetObjectItem(page->document, "result");

    return cJSON_GetObjectItem(cJSON_GetObjectItem(result, "provenance"), what);
}

static void print_origin(const tml_html_page *page, const char *what, const char *title)
{
    const cJSON *facts = provenance_of(page, what);
    const cJSON *fact = NULL;

    if (!cJSON_IsObject(facts))
        return;
    fprintf(page->out, "<h3>%s</h3>\n", title);
    tml_html_facts_begin(page->out);
    cJSON_ArrayForEach(fact, facts)
    {
        tml_html_fact(page->out, fact->string, "%s", cJSON_GetStringValue(fact));
    }
    tml_html_table_end(page->out);
}

static void print_command(const tml_html_page *page, const char *what)
{
    const cJSON *command = cJSON_GetObjectItemCaseSensitive(provenance_of(page, what), "command");

    if (!cJSON_IsString(command))
        return;
    tml_html_text(page->out, command->valuestring);
    fputc('\n', page->out);
}

static void print_recipe(const tml_html_page *page)
{
    fputs(
        "<h3>How to make this again</h3>\n"
        "<p>With the program and the inputs that are named above, these commands give the same numbers; the "
        "last one draws the figures and writes this report from what is on disk, where DIR is the folder "
        "of this file.</p>\n<pre>",
        page->out);
    print_command(page, "training");
    print_command(page, "prediction");
    fputs("telescopeml report DIR</pre>\n", page->out);
}

void tml_html_notes(tml_html_page *page)
{
    fputs("<section id=\"notes\">\n<h2>Warnings and meanings</h2>\n", page->out);
    print_warnings(page);
    print_meanings(page);
    fputs("</section>\n<section id=\"provenance\">\n<h2>Provenance</h2>\n", page->out);
    print_origin(page, "prediction", "Of the prediction");
    print_origin(page, "training", "Of the training");
    print_recipe(page);
    fputs("</section>\n", page->out);
}
