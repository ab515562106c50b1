#include "report/figure_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/log.h"

/* Room behind the longest name for "_4294967295". */
enum { LONGEST_STEM = TML_FIGURE_NAME - 16 };

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool is_taken(const tml_report_figures *figures, const char *name)
{
    for (size_t i = 0; i < figures->count; ++i)
        if (strcasecmp(figures->item[i].name, name) == 0) /* some file systems do not tell cases apart */
            return true;
    return false;
}

static void choose_name(const tml_report_figures *figures, const char *wanted, char name[TML_FIGURE_NAME])
{
    char stem[LONGEST_STEM];

    snprintf(stem, sizeof stem, "%s", wanted[0] != '\0' ? wanted : "figure");
    for (char *at = stem; *at != '\0'; ++at)
        if (!is_plain(*at))
            *at = '_';
    snprintf(name, TML_FIGURE_NAME, "%s", stem);
    for (unsigned number = 2; is_taken(figures, name); ++number)
        snprintf(name, TML_FIGURE_NAME, "%s_%u", stem, number);
}

tml_status tml_report_figures_add(tml_report_figures *figures, tml_figure_place place, size_t object,
                                  const char *wanted, const char *caption, tml_report_figure **figure,
                                  tml_error *error)
{
    tml_report_figure *grown = realloc(figures->item, (figures->count + 1) * sizeof *grown);

    *figure = NULL;
    if (grown == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for the list of figures");
    figures->item = grown;
    *figure = &grown[figures->count];
    memset(*figure, 0, sizeof **figure);
    choose_name(figures, wanted, (*figure)->name);
    snprintf((*figure)->caption, sizeof(*figure)->caption, "%s", caption);
    (*figure)->place = place;
    (*figure)->object = object;
    ++figures->count;
    return TML_OK;
}

void tml_report_figure_drawn(const tml_report_figures *figures, tml_report_figure *figure, tml_status status,
                             const tml_error *error)
{
    const char *message = error->message;
    size_t length = strlen(figures->folder);

    figure->is_drawn = status == TML_OK;
    if (figure->is_drawn)
        return;
    /* The report of a folder does not depend on where the folder is. */
    if (strncmp(message, figures->folder, length) == 0) {
        message += length;
        message += strspn(message, "/");
    }
    snprintf(figure->why, sizeof figure->why, "%.*s", TML_FIGURE_REASON - 1, message);
    tml_warn("no_figure", "the figure %s was not drawn: %s", figure->name, error->message);
}

void tml_report_figures_free(tml_report_figures *figures)
{
    free(figures->item);
    memset(figures, 0, sizeof *figures);
}
