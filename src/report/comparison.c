#include "report/comparison.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/memory.h"

/* ---- folders ---- */

/* The last part of a path, "" when that names no folder ("." and the like). */
static void name_of(const char *path, char name[TML_COMPARED_LABEL])
{
    size_t end = strlen(path);
    size_t start;

    while (end > 1 && path[end - 1] == '/')
        --end;
    start = end;
    while (start > 0 && path[start - 1] != '/')
        --start;
    snprintf(name, TML_COMPARED_LABEL, "%.*s", (int)(end - start), path + start);
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        name[0] = '\0';
}

static void choose_labels(size_t count, const char *const *paths, tml_compared_folder *folder)
{
    for (size_t i = 0; i < count; ++i) {
        bool is_plain;

        name_of(paths[i], folder[i].label);
        is_plain = folder[i].label[0] != '\0';
        for (size_t other = 0; other < count && is_plain; ++other) {
            char name[TML_COMPARED_LABEL];

            name_of(paths[other], name);
            is_plain = other == i || strcmp(name, folder[i].label) != 0;
        }
        if (!is_plain)
            snprintf(folder[i].label, sizeof folder[i].label, "%s", paths[i]);
    }
}

static tml_status check_paths(size_t count, const char *const *paths, tml_error *error)
{
    struct stat facts[TML_COMPARED_FOLDERS];

    if (count > TML_COMPARED_FOLDERS)
        return TML_FAIL(error, TML_USAGE, "report: %zu folders; at most %d can be compared", count,
                        TML_COMPARED_FOLDERS);
    for (size_t i = 0; i < count; ++i) {
        if (stat(paths[i], &facts[i]) != 0)
            memset(&facts[i], 0, sizeof facts[i]); /* reading it will say more */
        for (size_t other = 0; other < i; ++other)
            if (facts[i].st_nlink > 0 && facts[i].st_dev == facts[other].st_dev &&
                facts[i].st_ino == facts[other].st_ino)
                return TML_FAIL(error, TML_USAGE, "report: %s and %s are the same folder; name each once",
                                paths[other], paths[i]);
    }
    return TML_OK;
}

/* ---- objects ---- */

static tml_compared_object *find_object(tml_comparison *comparison, const char *name)
{
    for (size_t i = 0; i < comparison->objects; ++i)
        if (strcmp(comparison->object[i].name, name) == 0)
            return &comparison->object[i];
    return NULL;
}

static size_t count_answers(const tml_comparison *comparison)
{
    size_t count = 0;

    for (size_t f = 0; f < comparison->folders; ++f)
        count += comparison->folder[f].sources.results.count;
    return count;
}

/* The objects' names first, then the answers in the order of these. */
static tml_status collect_objects(tml_comparison *comparison, tml_error *error)
{
    size_t count = count_answers(comparison), at = 0;
    tml_status status = tml_array_create(count + 1, sizeof *comparison->object, "objects to compare",
                                         &comparison->object, error);

    if (status == TML_OK)
        status = tml_array_create(count + 1, sizeof *comparison->answer, "answers to compare",
                                  &comparison->answer, error);
    if (status != TML_OK)
        return status;
    for (size_t f = 0; f < comparison->folders; ++f) {
        const tml_results *results = &comparison->folder[f].sources.results;

        for (size_t i = 0; i < results->count; ++i)
            if (find_object(comparison, results->object[i].facts.name) == NULL)
                comparison->object[comparison->objects++].name = results->object[i].facts.name;
    }
    for (size_t o = 0; o < comparison->objects; ++o) {
        tml_compared_object *object = &comparison->object[o];

        object->answer = &comparison->answer[at];
        for (size_t f = 0; f < comparison->folders; ++f) {
            const tml_results *results = &comparison->folder[f].sources.results;

            for (size_t i = 0; i < results->count; ++i)
                if (strcmp(results->object[i].facts.name, object->name) == 0)
                    comparison->answer[at++] = (tml_compared_answer){f, &results->object[i]};
        }
        object->count = (size_t)(&comparison->answer[at] - object->answer);
    }
    return TML_OK;
}

tml_status tml_comparison_read(size_t count, const char *const *paths, tml_comparison *comparison,
                               tml_error *error)
{
    tml_status status = check_paths(count, paths, error);

    memset(comparison, 0, sizeof *comparison);
    if (status == TML_OK)
        status = tml_array_create(count, sizeof *comparison->folder, "folders to compare",
                                  &comparison->folder, error);
    for (size_t i = 0; i < count && status == TML_OK; ++i) {
        status = tml_report_sources_read(paths[i], &comparison->folder[i].sources, error);
        comparison->folders += status == TML_OK;
    }
    if (status == TML_OK) {
        choose_labels(count, paths, comparison->folder);
        status = collect_objects(comparison, error);
    }
    if (status != TML_OK)
        tml_comparison_free(comparison);
    return status;
}

void tml_comparison_free(tml_comparison *comparison)
{
    for (size_t i = 0; i < comparison->folders; ++i)
        tml_report_sources_free(&comparison->folder[i].sources);
    free(comparison->folder);
    free(comparison->object);
    free(comparison->answer);
    memset(comparison, 0, sizeof *comparison);
}

/* ---- answers ---- */

const tml_parameter_result *tml_compared_parameter(const tml_object_result *object,
                                                   const tml_parameter_result *like)
{
    for (size_t p = 0; p < object->parameters; ++p)
        if (strcmp(object->parameter[p].name, like->name) == 0 &&
            strcmp(object->parameter[p].unit, like->unit) == 0)
            return &object->parameter[p];
    return NULL;
}

double tml_compared_difference(const tml_object_result *first, const tml_object_result *second,
                               const tml_parameter_result *like)
{
    const tml_parameter_result *a = tml_compared_parameter(first, like);
    const tml_parameter_result *b = tml_compared_parameter(second, like);
    double difference;

    if (a == NULL || b == NULL)
        return NAN;
    difference = (b->value - a->value) / hypot(a->sd, b->sd);
    return isfinite(difference) ? difference : (double)NAN; /* without any error it would be infinite */
}

static void add_parameters(const tml_object_result *object, const tml_parameter_result **parameters,
                           size_t *count)
{
    for (size_t p = 0; p < object->parameters; ++p) {
        const tml_parameter_result *one = &object->parameter[p];
        size_t known = 0;

        while (known < *count && (strcmp(parameters[known]->name, one->name) != 0 ||
                                  strcmp(parameters[known]->unit, one->unit) != 0))
            ++known;
        if (known == *count && *count < TML_RESULT_TARGETS)
            parameters[(*count)++] = one;
    }
}

size_t tml_compared_parameters(const tml_comparison *comparison,
                               const tml_parameter_result *parameters[TML_RESULT_TARGETS])
{
    size_t count = 0;

    for (size_t o = 0; o < comparison->objects; ++o)
        for (size_t a = 0; a < comparison->object[o].count; ++a)
            add_parameters(comparison->object[o].answer[a].object, parameters, &count);
    return count;
}

bool tml_compared_is_shared(const tml_compared_object *object)
{
    return object->answer[object->count - 1].folder != object->answer[0].folder;
}
