/** @file test_figures_reference.c
 * The figures of the list in reference_figures.h have the bytes that tests/golden/figures/digests.txt holds,
 * as SVG and PNG, where cairo, PLplot and the font are those that it was made with; elsewhere the comparison
 * is skipped and says what is different.
 *
 * test_figures_reference --draw FOLDER draws them all into a folder and writes FOLDER/digests.txt: for
 * tests/tools/review_figures.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "drawing_libraries.h"
#include "reference_figures.h"

enum { PATH = 4096, LINE = 1024, FORMATS = 3 };

/* Digests are kept of the first two; a PDF is there to be looked at. */
static const char *const formats[FORMATS] = {"svg", "png", "pdf"};

static char folder[] = "figures-XXXXXX";
static char *golden;

/* ---- drawing ---- */

static void path_of(const char *where, size_t figure, size_t format, char path[PATH])
{
    snprintf(path, PATH, "%.3000s/%s.%s", where, reference_figures[figure].name, formats[format]);
}

/* The line "figure NAME FORMAT DIGEST" for a picture in a folder. @return false, and the reason in `error` */
static bool describe(const char *where, size_t figure, size_t format, char line[LINE], tml_error *error)
{
    char path[PATH], text[TML_DIGEST_TEXT];
    char *bytes = NULL;
    size_t count = 0;
    tml_digest digest;

    path_of(where, figure, format, path);
    if (tml_file_read_text(path, (size_t)1 << 26, &bytes, &count, error) != TML_OK)
        return false;
    digest = tml_digest_of(bytes, count);
    tml_digest_text(&digest, text);
    free(bytes);
    snprintf(line, LINE, "figure %s %s %s", reference_figures[figure].name, formats[format], text);
    return true;
}

/* Everything is drawn once, before the libraries are asked: the driver loads them. */
static bool draw_all(const char *where, tml_error *error)
{
    for (size_t i = 0; i < REFERENCE_FIGURES; ++i)
        if (reference_figures[i].draw(where, reference_figures[i].name, error) != TML_OK)
            return false;
    return true;
}

static int draw_for_review(const char *where)
{
    drawing_fact facts[DRAWING_FACTS];
    char path[PATH], line[LINE];
    tml_error error = {0, ""};
    bool is_good = draw_all(where, &error);
    size_t count = drawing_facts(facts);
    FILE *out;

    snprintf(path, sizeof path, "%.3000s/digests.txt", where);
    out = fopen(path, "w");
    if (out == NULL || !is_good) {
        fprintf(stderr, "test_figures_reference: %s: %s\n", where,
                is_good ? "cannot be written" : error.message);
        return 1;
    }
    fputs("# XXH3-128 of the figures in tests/unit/reference_figures.h, and what they were drawn with.\n"
          "# Made by tests/tools/review_figures.sh --accept.\n",
          out);
    for (size_t i = 0; i < count; ++i)
        fprintf(out, "with %s %s\n", facts[i].name, facts[i].value);
    for (size_t i = 0; i < REFERENCE_FIGURES && is_good; ++i)
        for (size_t f = 0; f < 2 && is_good; ++f) {
            is_good = describe(where, i, f, line, &error);
            fprintf(out, "%s\n", line);
        }
    return fclose(out) == 0 && is_good ? 0 : 1;
}

/* ---- tests ---- */

static int load(void **state)
{
    const char *source = getenv("TML_SOURCE");
    char path[PATH];
    tml_error error = {0, ""};

    (void)state;
    unsetenv("DISPLAY");
    if (source == NULL || mkdtemp(folder) == NULL)
        return fprintf(stderr, "TML_SOURCE is not set: run this test through ctest\n");
    snprintf(path, sizeof path, "%.3000s/tests/golden/figures/digests.txt", source);
    if (tml_file_read_text(path, (size_t)1 << 20, &golden, NULL, &error) != TML_OK ||
        !draw_all(folder, &error))
        return fprintf(stderr, "%s\n", error.message);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    for (size_t i = 0; i < REFERENCE_FIGURES; ++i)
        for (size_t f = 0; f < FORMATS; ++f) {
            char path[PATH];

            path_of(folder, i, f, path);
            unlink(path);
        }
    free(golden);
    return rmdir(folder);
}

/* The first line of the golden file that begins with a text. */
static bool find_line(const char *start, char line[LINE])
{
    size_t length = strlen(start);

    for (const char *at = golden; at != NULL && *at != '\0'; at = strchr(at, '\n'), at += at != NULL)
        if (strncmp(at, start, length) == 0) {
            snprintf(line, LINE, "%.*s", (int)strcspn(at, "\n"), at);
            return true;
        }
    return false;
}

/* What is not as it was when the digests were made. @return false: nothing */
static bool find_difference(char text[LINE])
{
    drawing_fact facts[DRAWING_FACTS];
    size_t count = drawing_facts(facts);

    for (size_t i = 0; i < count; ++i) {
        char start[64], kept[LINE], here[LINE];

        snprintf(start, sizeof start, "with %.31s ", facts[i].name);
        snprintf(here, sizeof here, "%s%s", start, facts[i].value);
        snprintf(kept, sizeof kept, "with an unknown %.31s", facts[i].name);
        if (find_line(start, kept) && strcmp(kept, here) == 0)
            continue;
        snprintf(text, LINE, "the digests of figures were made %.400s, here is %.400s", kept,
                 here + strlen("with "));
        return true;
    }
    return false;
}

static void test_same_bytes_as_the_reference(void **state)
{
    char difference[LINE];

    (void)state;
    if (find_difference(difference)) {
        printf("skipped: %s\n", difference);
        skip();
    }
    for (size_t i = 0; i < REFERENCE_FIGURES; ++i)
        for (size_t f = 0; f < 2; ++f) {
            char here[LINE], kept[LINE], start[128];
            tml_error error = {0, ""};

            if (!describe(folder, i, f, here, &error))
                fail_msg("%s", error.message);
            snprintf(start, sizeof start, "figure %s %s ", reference_figures[i].name, formats[f]);
            if (!find_line(start, kept) || strcmp(here, kept) != 0)
                fail_msg(
                    "%s.%s does not look as it did; look at it by tests/tools/review_figures.sh and accept "
                    "it by --accept",
                    reference_figures[i].name, formats[f]);
        }
}

/* Also where nothing can be compared. */
static void test_every_digest_has_its_figure(void **state)
{
    size_t lines = 0;

    (void)state;
    for (const char *at = golden; at != NULL && *at != '\0'; at = strchr(at, '\n'), at += at != NULL) {
        bool is_known = strncmp(at, "figure ", 7) != 0;

        lines += !is_known;
        for (size_t i = 0; i < REFERENCE_FIGURES && !is_known; ++i) {
            size_t length = strlen(reference_figures[i].name);

            is_known = strncmp(at + 7, reference_figures[i].name, length) == 0 && at[7 + length] == ' ';
        }
        if (!is_known)
            fail_msg("no figure for the line %.60s", at);
    }
    assert_int_equal(lines, 2 * REFERENCE_FIGURES);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes_as_the_reference),
        cmocka_unit_test(test_every_digest_has_its_figure),
    };

    if (argc == 3 && strcmp(argv[1], "--draw") == 0)
        return draw_for_review(argv[2]);
    return cmocka_run_group_tests(tests, load, unload);
}
