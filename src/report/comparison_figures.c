#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "io/path.h"
#include "plots/answer_comparison.h"
#include "report/clean_text.h"
#include "report/documents.h"
#include "report/people_number.h"
#include "report/symbol.h"

enum { LABEL = 160 };

/* One figure while it is filled. */
typedef struct scene {
    const tml_comparison *comparison;
    const tml_parameter_result *parameter[TML_RESULT_TARGETS];
    char label[TML_RESULT_TARGETS][LABEL];
    tml_answer_row row[TML_ANSWER_ROWS];
    tml_answer_comparison_plot plot;
} scene;

static tml_answer_row *next_row(scene *s, const char *label, bool is_reference)
{
    tml_answer_row *row;

    if (s->plot.rows == TML_ANSWER_ROWS)
        return NULL;
    row = &s->row[s->plot.rows++];
    row->label = label;
    row->is_reference = is_reference;
    for (size_t p = 0; p < TML_ANSWER_PANELS; ++p)
        row->value[p] = row->sd[p] = NAN;
    return row;
}

static void add_answer(scene *s, const tml_compared_answer *answer)
{
    tml_answer_row *row = next_row(s, s->comparison->folder[answer->folder].label, false);

    for (size_t p = 0; row != NULL && p < s->plot.panels; ++p) {
        const tml_parameter_result *found = tml_compared_parameter(answer->object, s->parameter[p]);

        if (found == NULL)
            continue;
        row->value[p] = found->value;
        row->sd[p] = found->sd;
    }
}

static bool is_drawn(const scene *s, const char *label)
{
    for (size_t r = 0; r < s->plot.rows; ++r)
        if (s->row[r].is_reference && strcmp(s->row[r].label, label) == 0)
            return true;
    return false;
}

static void add_reference(scene *s, const tml_literature *source)
{
    tml_answer_row values = {.label = source->source};
    tml_answer_row *row;
    bool says_something = false;

    for (size_t p = 0; p < TML_ANSWER_PANELS; ++p) {
        values.value[p] = values.sd[p] = NAN;
        for (size_t v = 0; v < source->count && p < s->plot.panels; ++v)
            if (strcmp(source->name[v], s->parameter[p]->name) == 0 && isfinite(source->value[v].value)) {
                values.value[p] = source->value[v].value;
                values.sd[p] = source->value[v].sd;
                says_something = true;
            }
    }
    row = says_something && !is_drawn(s, source->source) ? next_row(s, source->source, true) : NULL;
    if (row != NULL) {
        values.is_reference = true;
        *row = values;
    }
}

static void fill(scene *s, const tml_compared_object *object)
{
    for (size_t p = 0; p < s->plot.panels; ++p) {
        const char *unit = tml_people_unit(s->parameter[p]->unit);

        snprintf(s->label[p], LABEL, unit[0] != '\0' ? "%s [%s]" : "%s%s",
                 tml_symbol_of(s->parameter[p]->name), unit);
        s->plot.label[p] = s->label[p];
    }
    for (size_t a = 0; a < object->count; ++a)
        add_answer(s, &object->answer[a]);
    for (size_t a = 0; a < object->count; ++a)
        for (size_t i = 0; i < object->answer[a].object->facts.literature_count; ++i)
            add_reference(s, &object->answer[a].object->facts.literature[i]);
    s->plot.row = s->row;
}

static tml_status draw_object(scene *s, size_t number, const char *folder, tml_report_figures *figures,
                              tml_error *error)
{
    char *name = tml_text_clean(s->comparison->object[number].name, false);
    char wanted[TML_FIGURE_NAME];
    tml_report_figure *figure;
    tml_error why = {0, ""};
    tml_status status;

    if (name == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for the figures of an object");
    s->plot.title = name;
    fill(s, &s->comparison->object[number]);
    snprintf(wanted, sizeof wanted, "comparison_%.100s", name);
    status = tml_report_figures_add(figures, TML_FIGURE_OF_OBJECT, number, wanted,
                                    "The answers of the folders with one standard deviation, and what others "
                                    "found.",
                                    &figure, error);
    if (status == TML_OK)
        tml_report_figure_drawn(figures, figure,
                                tml_plot_answer_comparison(&s->plot, folder, figure->name, &why), &why);
    free(name);
    return status;
}

tml_status tml_comparison_figures_draw(const tml_comparison *comparison, const char *folder,
                                       tml_report_figures *figures, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    tml_status status = TML_OK;

    *figures = (tml_report_figures){.folder = folder};
    if (!tml_path_join(path, sizeof path, folder, "figures"))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", folder);
    for (size_t o = 0; o < comparison->objects && status == TML_OK; ++o) {
        scene *s = NULL;

        if (!tml_compared_is_shared(&comparison->object[o]))
            continue;
        status = tml_array_create(1, sizeof *s, "figure", &s, error);
        if (status == TML_OK) {
            s->comparison = comparison;
            s->plot.panels = tml_compared_parameters(comparison, s->parameter);
            status = draw_object(s, o, path, figures, error);
        }
        free(s);
    }
    if (status != TML_OK)
        tml_report_figures_free(figures);
    return status;
}
