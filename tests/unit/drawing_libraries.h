#ifndef TML_TESTS_DRAWING_LIBRARIES_H
#define TML_TESTS_DRAWING_LIBRARIES_H

/** @file drawing_libraries.h
 * What the bytes of a picture depend on beside the program: versions of the libraries that PLplot's driver
 * has loaded, the font, and how fontconfig wants it rendered. The libraries are asked as they are found at
 * run time, because the program does not link them itself. */

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "core/digest.h"
#include "io/atomic_file.h"

enum { DRAWING_TEXT = 512, DRAWING_FACTS = 16 };

typedef struct drawing_fact {
    char name[32];
    char value[DRAWING_TEXT]; /* "absent" where the library is not there */
} drawing_fact;

/* C knows no conversion between pointers to data and to functions; POSIX has them alike. */
static inline void drawing_find(const char *library, const char *symbol, void *function)
{
    void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);
    void *found = handle != NULL ? dlsym(handle, symbol) : NULL;

    memcpy(function, &found, sizeof found);
}

static inline void drawing_version(const char *library, const char *symbol, drawing_fact *fact)
{
    const char *(*version)(void) = NULL;

    drawing_find(library, symbol, &version);
    snprintf(fact->value, sizeof fact->value, "%s", version != NULL ? version() : "absent");
}

/* libpng wants an argument, freetype a library object. */
static inline void drawing_version_of_png(drawing_fact *fact)
{
    const char *(*version)(const void *) = NULL;

    drawing_find("libpng16.so.16", "png_get_libpng_ver", &version);
    snprintf(fact->value, sizeof fact->value, "%s", version != NULL ? version(NULL) : "absent");
}

static inline void drawing_version_of_freetype(drawing_fact *fact)
{
    int (*start)(void **) = NULL;
    void (*version)(void *, int *, int *, int *) = NULL;
    int (*end)(void *) = NULL;
    void *library = NULL;
    int number[3] = {0, 0, 0};

    drawing_find("libfreetype.so.6", "FT_Init_FreeType", &start);
    drawing_find("libfreetype.so.6", "FT_Library_Version", &version);
    drawing_find("libfreetype.so.6", "FT_Done_FreeType", &end);
    snprintf(fact->value, sizeof fact->value, "absent");
    if (start == NULL || version == NULL || end == NULL || start(&library) != 0)
        return;
    version(library, &number[0], &number[1], &number[2]);
    end(library);
    snprintf(fact->value, sizeof fact->value, "%d.%d.%d", number[0], number[1], number[2]);
}

static inline void drawing_version_of_plplot(drawing_fact *fact)
{
    void (*version)(char *) = NULL;
    char text[80] = "absent"; /* as much as PLplot may write */

    drawing_find("libplplot.so.17", "c_plgver", &version);
    if (version != NULL)
        version(text);
    snprintf(fact->value, sizeof fact->value, "%s", text);
}

/* What fontconfig gives for the font of the figures: a format of FcPatternFormat. */
static inline void drawing_font(const char *format, char text[DRAWING_TEXT])
{
    void *(*parse)(const char *) = NULL, *(*match)(void *, void *, int *) = NULL;
    int (*substitute)(void *, void *, int) = NULL;
    void (*complete)(void *) = NULL;
    char *(*print)(void *, const char *) = NULL;
    void *pattern, *found;
    char *printed;
    int result = 0;

    drawing_find("libfontconfig.so.1", "FcNameParse", &parse);
    drawing_find("libfontconfig.so.1", "FcConfigSubstitute", &substitute);
    drawing_find("libfontconfig.so.1", "FcDefaultSubstitute", &complete);
    drawing_find("libfontconfig.so.1", "FcFontMatch", &match);
    drawing_find("libfontconfig.so.1", "FcPatternFormat", &print);
    snprintf(text, DRAWING_TEXT, "absent");
    if (parse == NULL || substitute == NULL || complete == NULL || match == NULL || print == NULL)
        return;
    pattern = parse("DejaVu Sans");
    substitute(NULL, pattern, 0); /* FcMatchPattern */
    complete(pattern);
    found = match(NULL, pattern, &result);
    printed = found != NULL ? print(found, format) : NULL;
    if (printed != NULL)
        snprintf(text, DRAWING_TEXT, "%s", printed);
    free(printed);
}

/* The patterns stay: a process asks once, and fontconfig keeps what it has read anyway. */
static inline void drawing_font_digest(drawing_fact *fact)
{
    char path[DRAWING_TEXT];
    char *bytes = NULL;
    size_t count = 0;
    tml_error error = {0, ""};
    tml_digest digest;

    drawing_font("%{file}", path);
    snprintf(fact->value, sizeof fact->value, "absent");
    if (tml_file_read_text(path, (size_t)1 << 26, &bytes, &count, &error) != TML_OK)
        return;
    digest = tml_digest_of(bytes, count);
    tml_digest_text(&digest, fact->value);
    free(bytes);
}

/** All of them, in a fixed order. @return their number */
static inline size_t drawing_facts(drawing_fact facts[DRAWING_FACTS])
{
    static const char *const versions[][3] = {{"cairo", "libcairo.so.2", "cairo_version_string"},
                                              {"pixman", "libpixman-1.so.0", "pixman_version_string"},
                                              {"pango", "libpango-1.0.so.0", "pango_version_string"},
                                              {"harfbuzz", "libharfbuzz.so.0", "hb_version_string"},
                                              {"zlib", "libz.so.1", "zlibVersion"}};
    struct utsname machine;
    size_t count = 0;

    memset(facts, 0, DRAWING_FACTS * sizeof *facts);
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; ++i) {
        snprintf(facts[count].name, sizeof facts[count].name, "%s", versions[i][0]);
        drawing_version(versions[i][1], versions[i][2], &facts[count++]);
    }
    strcpy(facts[count].name, "libpng");
    drawing_version_of_png(&facts[count++]);
    strcpy(facts[count].name, "freetype");
    drawing_version_of_freetype(&facts[count++]);
    strcpy(facts[count].name, "plplot");
    drawing_version_of_plplot(&facts[count++]);
    strcpy(facts[count].name, "font");
    drawing_font_digest(&facts[count++]);
    strcpy(facts[count].name, "rendering");
    drawing_font("antialias=%{antialias} hinting=%{hinting} hintstyle=%{hintstyle} autohint=%{autohint} "
                 "rgba=%{rgba}",
                 facts[count++].value);
    strcpy(facts[count].name, "machine");
    if (uname(&machine) == 0)
        snprintf(facts[count].value, sizeof facts[count].value, "%s", machine.machine);
    return count + 1;
}

#endif
