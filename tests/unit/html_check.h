#ifndef TML_TESTS_HTML_CHECK_H
#define TML_TESTS_HTML_CHECK_H

/** @file html_check.h
 * A strict look at a page of our own: every tag that is opened is closed in order, ids are there once, every
 * reference leads to one of them, and nothing is loaded from elsewhere. For serial tests with cmocka; include
 * it after <cmocka.h>. */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HTML_DEPTH = 64, HTML_TAG = 32 };

typedef struct html_stack {
    size_t depth;
    char tag[HTML_DEPTH][HTML_TAG];
} html_stack;

static inline void html_take_tag(html_stack *stack, const char *start, size_t length)
{
    bool is_end = start[1] == '/';
    const char *name = start + (is_end ? 2 : 1);
    size_t name_length = strcspn(name, " />\n");
    char tag[HTML_TAG];

    if (start[1] == '!' || start[length - 2] == '/')
        return;
    snprintf(tag, sizeof tag, "%.*s", (int)name_length, name);
    if (strcmp(tag, "meta") == 0 || strcmp(tag, "br") == 0)
        return;
    if (is_end) {
        if (stack->depth == 0 || strcmp(stack->tag[stack->depth - 1], tag) != 0)
            fail_msg("</%s> closes <%s>", tag, stack->depth > 0 ? stack->tag[stack->depth - 1] : "nothing");
        --stack->depth;
    } else {
        assert_true(stack->depth < HTML_DEPTH);
        strcpy(stack->tag[stack->depth++], tag);
    }
}

/** Tags in order; quotes of attributes closed. */
static inline void html_check_tags(const char *page)
{
    html_stack stack = {0};

    for (const char *at = strchr(page, '<'); at != NULL; at = strchr(at, '<')) {
        const char *end = at;
        bool is_quoted = false;

        while (*end != '\0' && (*end != '>' || is_quoted))
            is_quoted ^= *end++ == '"';
        if (*end == '\0')
            fail_msg("a tag without end: %.60s", at);
        html_take_tag(&stack, at, (size_t)(end - at) + 1);
        at = end;
        if (stack.depth > 0 && strcmp(stack.tag[stack.depth - 1], "style") == 0)
            at = strstr(at, "</style>");
    }
    assert_int_equal(stack.depth, 0);
}

static inline int html_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/** The strings behind a mark, up to `end`, sorted, on the heap. */
static inline char **html_collect(const char *page, const char *mark, char end, size_t *count)
{
    char **found = NULL;

    *count = 0;
    for (const char *at = strstr(page, mark); at != NULL; at = strstr(at, mark)) {
        const char *stop;

        at += strlen(mark);
        stop = strchr(at, end);
        assert_non_null(stop);
        found = realloc(found, (*count + 1) * sizeof *found);
        assert_non_null(found);
        found[*count] = calloc((size_t)(stop - at) + 1, 1);
        memcpy(found[(*count)++], at, (size_t)(stop - at));
    }
    if (found != NULL)
        qsort(found, *count, sizeof *found, html_compare);
    return found;
}

static inline void html_free(char **list, size_t count)
{
    for (size_t i = 0; i < count; ++i)
        free(list[i]);
    free(list);
}

static inline void html_check_references(const char *page, const char *mark, char end, char **ids,
                                         size_t id_count)
{
    size_t count;
    char **references = html_collect(page, mark, end, &count);

    for (size_t i = 0; i < count; ++i)
        if (bsearch(&references[i], ids, id_count, sizeof *ids, html_compare) == NULL)
            fail_msg("#%s leads nowhere", references[i]);
    html_free(references, count);
}

static inline void html_check_ids(const char *page)
{
    size_t count;
    char **ids = html_collect(page, " id=\"", '"', &count);

    assert_true(count > 0);
    for (size_t i = 1; i < count; ++i)
        if (strcmp(ids[i - 1], ids[i]) == 0)
            fail_msg("the id %s is there twice", ids[i]);
    html_check_references(page, "href=\"#", '"', ids, count);
    html_check_references(page, "url(#", ')', ids, count);
    html_free(ids, count);
}

/** Nothing that a browser would fetch or run. Text may name addresses. */
static inline void html_check_alone(const char *page)
{
    static const char *const loading[] = {" src=",   "<link",   "<script", "<iframe", "<object", "<embed",
                                          "@import", "=\"http", "url(h",   "url(\"",  " onload", "<base"};

    for (size_t i = 0; i < sizeof loading / sizeof loading[0]; ++i)
        if (strstr(page, loading[i]) != NULL)
            fail_msg("'%s' is in the page", loading[i]);
}

#endif
