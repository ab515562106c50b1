#include "io/grid_columns.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/log.h"
#include "core/text.h"
#include "io/grid_targets.h"
#include "io/grid_wavelengths.h"

enum { MOST_EXTRA = 8 };

/* A parameter that the user names: --target NAME:UNIT. */
typedef struct extra_target {
    char name[TML_GRID_NAME];
    char unit[TML_GRID_NAME];
} extra_target;

/* The name becomes a key of the configuration and of JSON documents, and part of column names. */
static bool is_parameter_name(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";

    return strspn(name, letters) == strlen(name) && (*name < '0' || *name > '9');
}

static tml_status read_target(char *text, extra_target *target, tml_error *error)
{
    char *colon = strchr(text, ':');
    double number;
    int known;

    if (colon == NULL || colon == text)
        return TML_FAIL(error, TML_USAGE, "--target wants NAME:UNIT (such as kzz:cm2/s), not '%s'", text);
    *colon = '\0';
    if (!tml_text_copy(target->name, sizeof target->name, text) ||
        !tml_text_copy(target->unit, sizeof target->unit, colon[1] != '\0' ? colon + 1 : "1"))
        return TML_FAIL(error, TML_USAGE, "--target %s: name and unit have at most %d letters each", text,
                        TML_GRID_NAME - 1);
    known = tml_grid_target_find(target->name);
    if (known >= 0) {
        size_t count;

        return TML_FAIL(error, TML_USAGE,
                        "--target %s: this parameter is known anyway (%s, in %s); leave it out", text,
                        tml_grid_targets(&count)[known].name, tml_grid_targets(&count)[known].unit);
    }
    if (tml_grid_header_number(target->name, &number))
        return TML_FAIL(error, TML_USAGE, "--target %s: a column whose header is a number is a wavelength",
                        text);
    if (!is_parameter_name(target->name))
        return TML_FAIL(
            error, TML_USAGE,
            "--target %s: the name of a parameter has letters, digits and underscores only and does not "
            "begin with a digit; rename the column",
            text);
    return TML_OK;
}

static tml_status read_targets(const char *text, extra_target *extra, size_t *count, tml_error *error)
{
    char *copy = strdup(text);
    tml_status status = TML_OK;

    *count = 0;
    if (copy == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for --target");
    for (char *at = copy; status == TML_OK && at != NULL;) {
        char *comma = strchr(at, ',');

        if (comma != NULL)
            *comma = '\0';
        if (*count == MOST_EXTRA)
            status = TML_FAIL(error, TML_USAGE, "--target names more than %d parameters", MOST_EXTRA);
        if (status == TML_OK)
            status = read_target(at, &extra[*count], error);
        for (size_t i = 0; status == TML_OK && i < *count; ++i)
            if (strcmp(extra[i].name, extra[*count].name) == 0)
                status = TML_FAIL(error, TML_USAGE, "--target names %s twice", extra[i].name);
        ++*count;
        at = comma != NULL ? comma + 1 : NULL;
    }
    free(copy);
    return status;
}

static tml_status add_known(const tml_csv_reader *csv, const char *csv_path, tml_grid_columns *columns,
                            tml_error *error)
{
    size_t count;
    const tml_grid_target *targets = tml_grid_targets(&count);

    for (size_t i = 0; i < count; ++i) {
        long by_name = tml_csv_find(csv, targets[i].name);
        long by_csv_name = tml_csv_find(csv, targets[i].csv_name);
        size_t at = columns->shape.parameter_count;
        tml_grid_parameter *parameter = &columns->shape.parameters[at];

        if (by_name >= 0 && by_csv_name >= 0)
            return TML_FAIL(error, TML_BAD_DATA,
                            "%s: columns '%s' and '%s' are the same parameter; remove one", csv_path,
                            targets[i].name, targets[i].csv_name);
        if (by_name < 0 && by_csv_name < 0)
            continue;
        (void)tml_text_copy(parameter->name, sizeof parameter->name, targets[i].name);
        (void)tml_text_copy(parameter->unit, sizeof parameter->unit, targets[i].unit);
        (void)tml_text_copy(parameter->long_name, sizeof parameter->long_name, targets[i].long_name);
        columns->parameter_column[at] = (size_t)(by_name >= 0 ? by_name : by_csv_name);
        ++columns->shape.parameter_count;
    }
    return TML_OK;
}

static tml_status no_such_column(const tml_csv_reader *csv, const char *csv_path, const char *name,
                                 tml_error *error)
{
    const char *names[64];
    const char *nearest;
    size_t count = 0;
    double number;

    for (size_t i = 0; i < tml_csv_columns(csv) && count < 64; ++i)
        if (!tml_grid_header_number(tml_csv_name(csv, i), &number))
            names[count++] = tml_csv_name(csv, i);
    nearest = tml_text_nearest(name, names, count);
    return TML_FAIL(error, TML_USAGE, "--target %s: %s has no column of that name%s%s%s", name, csv_path,
                    nearest != NULL ? ", did you mean '" : "", nearest != NULL ? nearest : "",
                    nearest != NULL ? "'?" : "");
}

static tml_status add_extra(const tml_csv_reader *csv, const char *csv_path, const char *targets,
                            tml_grid_columns *columns, tml_error *error)
{
    extra_target extra[MOST_EXTRA];
    size_t count = 0;
    tml_status status = read_targets(targets, extra, &count, error);

    for (size_t i = 0; status == TML_OK && i < count; ++i) {
        long column = tml_csv_find(csv, extra[i].name);
        size_t at = columns->shape.parameter_count;
        tml_grid_parameter *parameter = &columns->shape.parameters[at];

        if (column < 0)
            return no_such_column(csv, csv_path, extra[i].name, error);
        (void)tml_text_copy(parameter->name, sizeof parameter->name, extra[i].name);
        (void)tml_text_copy(parameter->unit, sizeof parameter->unit, extra[i].unit);
        (void)tml_text_copy(parameter->long_name, sizeof parameter->long_name, extra[i].name);
        columns->parameter_column[at] = (size_t)column;
        ++columns->shape.parameter_count;
    }
    return status;
}

/* Position of the parameter that a name stands for, or -1. */
static long find_parameter(const tml_grid_columns *columns, const char *name)
{
    size_t count;
    int known = tml_grid_target_find(name);
    const char *library_name = known >= 0 ? tml_grid_targets(&count)[known].name : name;

    for (size_t i = 0; i < columns->shape.parameter_count; ++i)
        if (strcmp(columns->shape.parameters[i].name, library_name) == 0)
            return (long)i;
    return -1;
}

static tml_status check_link_name(const char *path, const char *name, tml_error *error)
{
    if (strlen(name) >= TML_GRID_NAME)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: the name of column '%.80s' is longer than %d letters; shorten it", path, name,
                        TML_GRID_NAME - 1);
    if (strchr(name, '/') != NULL || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: column '%s' cannot be kept in a grid file, where names hold no '/'; rename it in the "
            "header",
            path, name);
    return TML_OK;
}

static tml_status add_metadata(const char *path, const char *name, size_t column, tml_grid_columns *columns,
                               tml_error *error)
{
    size_t at = columns->shape.metadata_count;
    tml_status status = check_link_name(path, name, error);

    if (status != TML_OK)
        return status;
    if (at == TML_GRID_METADATA)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: column '%s' would be metadata number %d, at most %d fit; remove some columns",
                        path, name, TML_GRID_METADATA + 1, TML_GRID_METADATA);
    (void)tml_text_copy(columns->shape.metadata[at].name, sizeof columns->shape.metadata[at].name, name);
    columns->shape.metadata[at].width = 1;
    columns->metadata_column[at] = column;
    ++columns->shape.metadata_count;
    return TML_OK;
}

/* "Teff" would be kept as text without a word, and the training would miss its target. */
static void warn_of_near_target(const char *path, const char *name)
{
    size_t count;
    const tml_grid_target *targets = tml_grid_targets(&count);

    for (size_t i = 0; i < count; ++i)
        if (strcasecmp(name, targets[i].name) == 0 || strcasecmp(name, targets[i].csv_name) == 0)
            tml_warn("near_target",
                     "%s: column '%s' is kept as text; as a parameter it must be called '%s' or '%s'", path,
                     name, targets[i].name, targets[i].csv_name);
}

static bool is_parameter_column(const tml_grid_columns *columns, size_t column)
{
    for (size_t i = 0; i < columns->shape.parameter_count; ++i)
        if (columns->parameter_column[i] == column)
            return true;
    return false;
}

static tml_status add_own_metadata(const tml_csv_reader *csv, const char *csv_path, tml_grid_columns *columns,
                                   tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t i = 0; status == TML_OK && i < tml_csv_columns(csv); ++i) {
        const char *name = tml_csv_name(csv, i);
        double number;

        if (tml_grid_header_number(name, &number) || is_parameter_column(columns, i))
            continue;
        warn_of_near_target(csv_path, name);
        status = add_metadata(csv_path, name, i, columns, error);
    }
    columns->own_metadata = columns->shape.metadata_count;
    return status;
}

static bool has_metadata(const tml_grid_columns *columns, const char *name)
{
    for (size_t i = 0; i < columns->shape.metadata_count; ++i)
        if (strcmp(columns->shape.metadata[i].name, name) == 0)
            return true;
    return false;
}

static tml_status add_meta_file(const tml_csv_reader *meta, const char *meta_path, tml_grid_columns *columns,
                                tml_error *error)
{
    tml_status status = TML_OK;

    columns->meta_row = tml_csv_find(meta, "row");
    for (size_t i = 0; status == TML_OK && i < tml_csv_columns(meta); ++i) {
        const char *name = tml_csv_name(meta, i);
        long parameter = find_parameter(columns, name);

        if (parameter >= 0)
            columns->meta_parameter[parameter] = (long)i;
        else if ((long)i != columns->meta_row && !has_metadata(columns, name))
            status = add_metadata(meta_path, name, i, columns, error);
    }
    return status;
}

tml_status tml_grid_columns_plan(const tml_csv_reader *csv, const char *csv_path, const tml_csv_reader *meta,
                                 const char *meta_path, const char *targets, const char *wavelengths_path,
                                 double solar_c_o, tml_grid_columns *columns, tml_error *error)
{
    tml_status status;

    memset(columns, 0, sizeof *columns);
    columns->shape.solar_c_o = solar_c_o;
    columns->meta_row = -1;
    for (size_t i = 0; i < TML_GRID_PARAMETERS; ++i)
        columns->meta_parameter[i] = -1;
    status = tml_grid_wavelengths_plan(csv, csv_path, wavelengths_path, &columns->shape.wavelengths,
                                       &columns->wavelength_um, &columns->flux_column, error);
    if (status == TML_OK)
        status = add_known(csv, csv_path, columns, error);
    if (status == TML_OK && targets != NULL)
        status = add_extra(csv, csv_path, targets, columns, error);
    if (status == TML_OK && columns->shape.parameter_count == 0)
        status = TML_FAIL(
            error, TML_BAD_DATA,
            "%s: no column is a parameter of the spectra: temperature, gravity, c_o_ratio and "
            "metallicity (or teff, logg, c_o, met) are known, others are named with --target NAME:UNIT",
            csv_path);
    if (status == TML_OK)
        status = add_own_metadata(csv, csv_path, columns, error);
    if (status == TML_OK && meta != NULL)
        status = add_meta_file(meta, meta_path, columns, error);
    if (status != TML_OK)
        tml_grid_columns_free(columns);
    return status;
}

void tml_grid_columns_free(tml_grid_columns *columns)
{
    free(columns->wavelength_um);
    free(columns->flux_column);
    memset(columns, 0, sizeof *columns);
}
