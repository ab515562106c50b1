#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/number_text.h"
#include "exploration/grid_audit.h"
#include "io/atomic_file.h"
#include "io/envelope.h"
#include "io/path.h"

static void print_number(FILE *out, double value)
{
    char text[TML_NUMBER_TEXT];

    tml_number_text(value, text);
    fprintf(out, ",%s", text);
}

static void print_defects(FILE *out, unsigned defects)
{
    const char *before = ",";

    for (size_t bit = 0; bit < TML_ROW_DEFECTS; ++bit)
        if ((defects >> bit & 1U) != 0) {
            fprintf(out, "%s%s", before, tml_row_defect_name(bit));
            before = "+";
        }
}

static void print_rows(FILE *out, const tml_grid_audit *audit)
{
    fputs("row", out);
    for (size_t p = 0; p < audit->shape.parameter_count; ++p)
        fprintf(out, ",%s", audit->shape.parameters[p].name);
    fputs(",defects,energy,jump_dex,jump_parameter\n", out);
    for (size_t i = 0; i < audit->bad.count; ++i) {
        const tml_row_line line = tml_row_table_line(&audit->bad, i);
        const double jump = line.extra[TML_AUDIT_JUMP];

        fprintf(out, "%lld", (long long)line.row);
        for (size_t p = 0; p < audit->shape.parameter_count; ++p)
            print_number(out, line.parameter[p]);
        print_defects(out, (unsigned)line.extra[TML_AUDIT_DEFECTS]);
        print_number(out, line.extra[TML_AUDIT_ENERGY]);
        print_number(out, jump);
        fprintf(out, ",%s\n",
                jump > 0.0 ? audit->shape.parameters[(size_t)line.extra[TML_AUDIT_JUMP_PARAMETER]].name : "");
    }
}

static void print_classes(FILE *out, const tml_grid_audit *audit)
{
    fputs("parameter,value,class,near_class\n", out);
    for (size_t p = 0; p < audit->shape.parameter_count; ++p)
        for (size_t v = 0; audit->line[p].is_axis && v < audit->bins[p].count; ++v) {
            fputs(audit->shape.parameters[p].name, out);
            print_number(out, audit->bins[p].low[v]);
            fprintf(out, ",%zu,%zu\n", audit->line[p].identical.class_of[v], audit->line[p].near.class_of[v]);
        }
}

static void print_pairs(FILE *out, const tml_grid_audit *audit)
{
    fputs("parameter,low,high,lines,identical,near\n", out);
    for (size_t p = 0; p < audit->shape.parameter_count; ++p) {
        const size_t count = audit->line[p].is_axis ? audit->bins[p].count : 0;

        for (size_t a = 0; a < count; ++a)
            for (size_t b = a + 1; b < count; ++b) {
                const tml_value_pairs *pair = &audit->line[p].pairs[a * count + b];

                fputs(audit->shape.parameters[p].name, out);
                print_number(out, audit->bins[p].low[a]);
                print_number(out, audit->bins[p].low[b]);
                fprintf(out, ",%llu,%llu,%llu\n", (unsigned long long)pair->lines,
                        (unsigned long long)pair->identical, (unsigned long long)pair->near);
            }
    }
}

static tml_status write_table(const char *folder, const char *name,
                              void print(FILE *out, const tml_grid_audit *audit), const tml_grid_audit *audit,
                              tml_error *error)
{
    char path[TML_PATH_LENGTH];
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    tml_status status;

    if (stream != NULL)
        print(stream, audit);
    if (stream == NULL || fclose(stream) != 0)
        status = TML_FAIL(error, TML_INTERNAL, "no memory for %s", name);
    else if (!tml_path_join(path, sizeof path, folder, name))
        status = TML_FAIL(error, TML_CANNOT_CREATE, "the path of %s is too long", folder);
    else
        status = tml_atomic_write(path, text, length, error);
    free(text);
    return status;
}

const char *const *tml_grid_audit_file_names(size_t *count)
{
    static const char *const names[] = {"audit_rows.csv", "audit_classes.csv", "audit_pairs.csv",
                                        "audit.json"};

    *count = sizeof names / sizeof names[0];
    return names;
}

/* An audit.json that is there goes first and the new one comes last, so that it never stands beside tables of
 * another grid. */
tml_status tml_grid_audit_write(const char *folder, const tml_grid_audit *audit, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    cJSON *document = NULL;
    tml_status status;

    if (!tml_path_join(path, sizeof path, folder, "audit.json"))
        return TML_FAIL(error, TML_CANNOT_CREATE, "the path of %s is too long", folder);
    if (unlink(path) != 0 && errno != ENOENT)
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: cannot be replaced: %s", path, strerror(errno));
    status = write_table(folder, "audit_rows.csv", print_rows, audit, error);
    if (status == TML_OK)
        status = write_table(folder, "audit_classes.csv", print_classes, audit, error);
    if (status == TML_OK)
        status = write_table(folder, "audit_pairs.csv", print_pairs, audit, error);
    if (status != TML_OK)
        return status;
    document = tml_envelope_create(TML_AUDIT_SCHEMA, TML_OK, tml_grid_audit_json(audit));
    status = tml_json_write(path, document, error);
    cJSON_Delete(document);
    return status;
}
