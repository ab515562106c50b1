#include "plots/svg_groups.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fewer gain nothing. */
enum { LEAST_PATHS = 3 };

#define PATH "<path style=\""
#define DATA "\" d=\""
#define TRANSFORM "\" transform=\""
#define PATH_END "\"/>\n"

/* A span of the document. */
typedef struct span {
    const char *text;
    size_t length;
} span;

/* <path style="..." d="..." transform="..."/>; the transform may be missing. */
typedef struct path_line {
    span style, data, transform;
    const char *end; /* behind the line */
} path_line;

static bool read_path(const char *line, path_line *path)
{
    const char *end = strchr(line, '\n');
    const char *data, *transform;

    if (end == NULL || strncmp(line, PATH, strlen(PATH)) != 0)
        return false;
    path->end = end + 1;
    path->style.text = line + strlen(PATH);
    data = strstr(line, DATA);
    if (data == NULL || data > end || (size_t)(end + 1 - data) < strlen(DATA) + strlen(PATH_END) ||
        strncmp(end + 1 - strlen(PATH_END), PATH_END, strlen(PATH_END)) != 0)
        return false;
    path->style.length = (size_t)(data - path->style.text);
    path->data.text = data + strlen(DATA);
    transform = strstr(path->data.text, TRANSFORM);
    end += 1 - strlen(PATH_END);
    path->transform = (span){end, 0};
    if (transform != NULL && transform < end) {
        path->transform.text = transform + strlen(TRANSFORM);
        path->transform.length = (size_t)(end - path->transform.text);
        end = transform;
    }
    path->data.length = (size_t)(end - path->data.text);
    return memchr(path->data.text, '"', path->data.length) == NULL &&
           memchr(path->transform.text, '"', path->transform.length) == NULL;
}

static bool same(span a, span b)
{
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

static size_t row_length(const char *line, const path_line *first)
{
    path_line path;
    size_t count = 0;

    for (; read_path(line, &path) && same(path.style, first->style) && same(path.transform, first->transform);
         line = path.end)
        ++count;
    return count;
}

static const char *write_row(FILE *out, const char *line, const path_line *first, size_t count)
{
    fprintf(out, "<g style=\"%.*s\"", (int)first->style.length, first->style.text);
    if (first->transform.length > 0)
        fprintf(out, " transform=\"%.*s\"", (int)first->transform.length, first->transform.text);
    fputs(">\n", out);
    for (size_t i = 0; i < count; ++i) {
        path_line path;

        if (!read_path(line, &path))
            break;
        fputs("<path d=\"", out);
        fwrite(path.data.text, 1, path.data.length, out);
        fputs(PATH_END, out);
        line = path.end;
    }
    fputs("</g>\n", out);
    return line;
}

char *tml_svg_group_paths(const char *svg, size_t *count)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, count);
    const char *line = svg;

    while (out != NULL && *line != '\0') {
        const char *end = strchr(line, '\n');
        path_line first;
        size_t row = read_path(line, &first) ? row_length(line, &first) : 0;

        if (row >= LEAST_PATHS) {
            line = write_row(out, line, &first, row);
            continue;
        }
        end = end != NULL ? end + 1 : line + strlen(line);
        fwrite(line, 1, (size_t)(end - line), out);
        line = end;
    }
    if (out == NULL || fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
