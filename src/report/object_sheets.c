#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/comparison_sheets.h"
#include "report/people_number.h"

enum { FLAGS_TEXT = 256 };

static void list_flags(uint32_t flags, char text[FLAGS_TEXT])
{
    size_t length = 0;

    text[0] = '\0';
    for (int f = 0; f < TML_FLAG_COUNT && length < FLAGS_TEXT; ++f)
        if ((flags >> f & 1U) != 0)
            length += (size_t)snprintf(text + length, FLAGS_TEXT - length, "%s%s", length > 0 ? ", " : "",
                                       tml_result_flag_name(f));
    for (char *at = text; *at != '\0'; ++at)
        if (*at == '_')
            *at = ' ';
}

static void add_answer(tml_sheet *sheet, const char *label, const tml_object_result *object,
                       const tml_parameter_result *const *parameters, size_t count)
{
    char flags[FLAGS_TEXT];

    list_flags(object->flags, flags);
    tml_sheet_words(sheet, object->facts.name);
    tml_sheet_words(sheet, label);
    for (size_t p = 0; p < count; ++p) {
        const tml_parameter_result *found = tml_compared_parameter(object, parameters[p]);

        if (found != NULL)
            tml_sheet_measure(sheet, found->value, found->sd);
        else
            tml_sheet_empty(sheet);
    }
    tml_sheet_number(sheet, object->dof > 0.0 ? object->chi2 / object->dof : (double)NAN, 2);
    tml_sheet_words(sheet, flags);
}

/* ---- what others found ---- */

static const tml_measure *find_value(const tml_literature *source, const char *name)
{
    for (size_t v = 0; v < source->count; ++v)
        if (strcmp(source->name[v], name) == 0 && isfinite(source->value[v].value))
            return &source->value[v];
    return NULL;
}

static bool says_something(const tml_literature *source, const tml_parameter_result *const *parameters,
                           size_t count)
{
    for (size_t p = 0; p < count; ++p)
        if (find_value(source, parameters[p]->name) != NULL)
            return true;
    return false;
}

/* Whether an answer before this one brought the same source along. */
static bool is_known(const tml_compared_object *object, size_t answer, const tml_literature *source)
{
    for (size_t a = 0; a < answer; ++a) {
        const tml_object_facts *facts = &object->answer[a].object->facts;

        for (size_t i = 0; i < facts->literature_count; ++i)
            if (strcmp(facts->literature[i].source, source->source) == 0)
                return true;
    }
    return false;
}

static void add_literature(tml_sheet *sheet, const tml_compared_object *object,
                           const tml_parameter_result *const *parameters, size_t count)
{
    for (size_t a = 0; a < object->count; ++a) {
        const tml_object_facts *facts = &object->answer[a].object->facts;

        for (size_t i = 0; i < facts->literature_count; ++i) {
            const tml_literature *source = &facts->literature[i];

            if (!says_something(source, parameters, count) || is_known(object, a, source))
                continue;
            tml_sheet_words(sheet, object->name);
            tml_sheet_words(sheet, source->source);
            for (size_t p = 0; p < count; ++p) {
                const tml_measure *found = find_value(source, parameters[p]->name);

                tml_sheet_measure(sheet, found != NULL ? found->value : (double)NAN,
                                  found != NULL ? found->sd : (double)NAN);
            }
            tml_sheet_empty(sheet);
            tml_sheet_empty(sheet);
        }
    }
}

static void add_parameter_columns(tml_sheet *sheet, const tml_parameter_result *const *parameters,
                                  size_t count)
{
    for (size_t p = 0; p < count; ++p)
        tml_sheet_column_of_target(sheet, parameters[p]->name, parameters[p]->unit);
}

void tml_sheet_of_objects(const tml_comparison *comparison, tml_sheet *sheet)
{
    const tml_parameter_result *parameters[TML_RESULT_TARGETS];
    size_t count = tml_compared_parameters(comparison, parameters);

    tml_sheet_create(sheet, "objects",
                     "Parameters of the observed objects with one standard deviation, and what others found");
    tml_sheet_column(sheet, "object");
    tml_sheet_column(sheet, comparison->folders > 1 ? "folder or source" : "source");
    add_parameter_columns(sheet, parameters, count);
    tml_sheet_column(sheet, "\u03c7\u00b2 per degree of freedom");
    tml_sheet_column(sheet, "flags");
    for (size_t o = 0; o < comparison->objects; ++o) {
        const tml_compared_object *object = &comparison->object[o];

        tml_sheet_group(sheet);
        for (size_t a = 0; a < object->count; ++a)
            add_answer(sheet,
                       comparison->folders > 1 ? comparison->folder[object->answer[a].folder].label
                                               : "this work",
                       object->answer[a].object, parameters, count);
        add_literature(sheet, object, parameters, count);
    }
}

/* ---- differences ---- */

static void add_differences(const tml_comparison *comparison, const tml_compared_object *object,
                            const tml_parameter_result *const *parameters, size_t count, tml_sheet *sheet)
{
    for (size_t a = 0; a < object->count; ++a)
        for (size_t b = a + 1; b < object->count; ++b) {
            const tml_compared_answer *first = &object->answer[a];
            const tml_compared_answer *second = &object->answer[b];

            if (first->folder == second->folder)
                continue;
            tml_sheet_words(sheet, object->name);
            tml_sheet_print(sheet, "%s minus %s", comparison->folder[second->folder].label,
                            comparison->folder[first->folder].label);
            for (size_t p = 0; p < count; ++p)
                tml_sheet_number(sheet, tml_compared_difference(first->object, second->object, parameters[p]),
                                 2);
        }
}

void tml_sheet_of_differences(const tml_comparison *comparison, tml_sheet *sheet)
{
    const tml_parameter_result *parameters[TML_RESULT_TARGETS];
    size_t count = tml_compared_parameters(comparison, parameters);

    tml_sheet_create(sheet, "differences",
                     "Differences between answers for the same object, in units of the combined standard "
                     "deviation");
    tml_sheet_column(sheet, "object");
    tml_sheet_column(sheet, "difference");
    for (size_t p = 0; p < count; ++p) /* dimensionless */
        tml_sheet_column_of_target(sheet, parameters[p]->name, "");
    for (size_t o = 0; o < comparison->objects; ++o)
        if (tml_compared_is_shared(&comparison->object[o])) {
            tml_sheet_group(sheet);
            add_differences(comparison, &comparison->object[o], parameters, count, sheet);
        }
}
