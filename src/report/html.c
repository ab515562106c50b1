#include "report/html.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "report/clean_text.h"
#include "report/html_style.h"
#include "report/people_number.h"
#include "report/symbol.h"

enum { PRINTED = 2048 };

void tml_html_text(FILE *out, const char *text)
{
    char *clean = tml_text_clean(text, true);

    for (const char *at = clean; at != NULL && *at != '\0'; ++at) {
        switch (*at) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        default:
            fputc(*at, out);
        }
    }
    free(clean);
}

static void print_escaped(FILE *out, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static void print_escaped(FILE *out, const char *format, va_list arguments)
{
    char text[PRINTED];

    vsnprintf(text, sizeof text, format, arguments);
    tml_html_text(out, text);
}

void tml_html_print(FILE *out, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_escaped(out, format, arguments);
    va_end(arguments);
}

void tml_html_target(FILE *out, const char *target, const char *unit)
{
    const char *shown = tml_people_unit(unit);

    if (strcmp(target, "teff") == 0)
        fputs("<i>T</i><sub>eff</sub>", out);
    else
        tml_html_text(out, tml_symbol_of(target));
    if (shown[0] != '\0')
        tml_html_print(out, " [%s]", shown);
}

void tml_html_head_begin(FILE *out)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
          out);
}

void tml_html_head_end(FILE *out)
{
    fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n", tml_html_style());
}

void tml_html_page_end(FILE *out)
{
    fputs("</main>\n</body>\n</html>\n", out);
}

void tml_html_table_begin(FILE *out, const char *caption)
{
    fputs("<div class=\"scroll\"><table>\n", out);
    if (caption == NULL)
        return;
    fputs("<caption>", out);
    tml_html_text(out, caption);
    fputs("</caption>\n", out);
}

void tml_html_headers(FILE *out, const char *const *headers)
{
    fputs("<thead><tr>", out);
    for (; *headers != NULL; ++headers) {
        fputs("<th scope=\"col\">", out);
        tml_html_text(out, *headers);
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n<tbody>\n", out);
}

void tml_html_row_of_target(FILE *out, const char *target, const char *unit)
{
    fputs("<tr><th scope=\"row\">", out);
    tml_html_target(out, target, unit);
    fputs("</th>", out);
}

void tml_html_row(FILE *out, const char *header)
{
    fputs("<tr><th scope=\"row\">", out);
    tml_html_text(out, header);
    fputs("</th>", out);
}

void tml_html_cell(FILE *out, const char *format, ...)
{
    va_list arguments;

    fputs("<td>", out);
    va_start(arguments, format);
    print_escaped(out, format, arguments);
    va_end(arguments);
    fputs("</td>", out);
}

void tml_html_row_end(FILE *out)
{
    fputs("</tr>\n", out);
}

void tml_html_table_end(FILE *out)
{
    fputs("</tbody>\n</table></div>\n", out);
}

void tml_html_facts_begin(FILE *out)
{
    fputs("<div class=\"scroll\"><table class=\"facts\">\n<tbody>\n", out);
}

void tml_html_fact(FILE *out, const char *name, const char *format, ...)
{
    va_list arguments;

    tml_html_row(out, name);
    fputs("<td>", out);
    va_start(arguments, format);
    print_escaped(out, format, arguments);
    va_end(arguments);
    fputs("</td>", out);
    tml_html_row_end(out);
}
