#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/number_text.h"
#include "io/atomic_file.h"
#include "io/object_file.h"

/* Double quotes hold every text, whatever YAML would make of the bare word. */
static void print_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (const char *c = text; *c != '\0'; ++c) {
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            fprintf(out, "\\x%02x", (unsigned)*c);
        else
            fprintf(out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    }
    fputs("\"\n", out);
}

static void print_known_text(FILE *out, const char *key, const char *text)
{
    if (text[0] == '\0')
        return;
    fprintf(out, "%s: ", key);
    print_text(out, text);
}

static void print_measure(FILE *out, const char *indent, const char *key, const tml_measure *measure)
{
    char value[TML_NUMBER_TEXT];
    char sd[TML_NUMBER_TEXT];

    if (isnan(measure->value))
        return;
    tml_number_text(measure->value, value);
    tml_number_text(measure->sd, sd);
    if (isnan(measure->sd))
        fprintf(out, "%s%s: %s\n", indent, key, value);
    else
        fprintf(out, "%s%s: [%s, %s]\n", indent, key, value, sd);
}

static void print_object(FILE *out, const tml_object_file *object)
{
    const tml_object_facts *facts = &object->facts;

    print_known_text(out, "name", facts->name);
    print_measure(out, "", "distance_pc", &facts->distance_pc);
    print_measure(out, "", "radius_rjup", &facts->radius_rjup);
    print_known_text(out, "unit_wavelength", object->unit_wavelength);
    print_known_text(out, "unit_flux", object->unit_flux);
    if (object->has_medium)
        fprintf(out, "medium: %s\n", object->is_air ? "air" : "vacuum");
    if (facts->literature_count > 0)
        fputs("literature:\n", out);
    for (size_t i = 0; i < facts->literature_count; ++i) {
        fputs("  - source: ", out);
        print_text(out, facts->literature[i].source);
        for (size_t v = 0; v < facts->literature[i].count; ++v)
            print_measure(out, "    ", facts->literature[i].name[v], &facts->literature[i].value[v]);
    }
}

tml_status tml_object_file_write(const char *path, const tml_object_file *object, tml_error *error)
{
    char *text = NULL;
    size_t count = 0;
    FILE *out = open_memstream(&text, &count);
    bool has_failed;
    tml_status status;

    if (out == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory to write %s", path);
    print_object(out, object);
    has_failed = ferror(out) != 0;
    has_failed |= fclose(out) != 0;
    if (has_failed) {
        free(text);
        return TML_FAIL(error, TML_INTERNAL, "no memory to write %s", path);
    }
    status = tml_atomic_write(path, text, count, error);
    free(text);
    return status;
}
