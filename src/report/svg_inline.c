#include "report/svg_inline.h"

#include <string.h>

#include "report/html.h"

/* What stands in a picture before a name that the prefix goes in front of, and how it is printed. */
static const struct {
    const char *found;
    const char *printed;
} marks[] = {
    {" id=\"", " id=\""}, {" xlink:href=\"#", " href=\"#"}, {" href=\"#", " href=\"#"}, {"url(#", "url(#"}};

/* Attributes that only a document of its own needs. */
static const char *const dropped[] = {" xmlns=\"", " xmlns:xlink=\""};

static const char *skip_dropped(const char *at)
{
    for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; ++i) {
        size_t length = strlen(dropped[i]);
        const char *end = strncmp(at, dropped[i], length) == 0 ? strchr(at + length, '"') : NULL;

        if (end != NULL)
            return end + 1;
    }
    return at;
}

static const char *print_mark(FILE *out, const char *at, const char *prefix)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; ++i) {
        size_t length = strlen(marks[i].found);

        if (strncmp(at, marks[i].found, length) == 0) {
            fprintf(out, "%s%s-", marks[i].printed, prefix);
            return at + length;
        }
    }
    return at;
}

bool tml_svg_inline(FILE *out, const char *svg, const char *prefix, const char *label)
{
    const char *at = strstr(svg, "<svg ");

    if (at == NULL)
        return false;
    fputs("<svg role=\"img\" aria-label=\"", out);
    tml_html_text(out, label);
    fputc('"', out);
    at += strlen("<svg");
    while (*at != '\0') {
        const char *next = at;

        if (*at == ' ')
            next = skip_dropped(at);
        if (next == at && (*at == ' ' || *at == 'u'))
            next = print_mark(out, at, prefix);
        if (next == at)
            fputc(*next++, out);
        at = next;
    }
    return true;
}
