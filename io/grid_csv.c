#include "io/grid_csv.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/memory.h"
#include "core/text.h"
#include "io/csv_reader.h"
#include "io/grid_columns.h"

enum { LONGEST_TEXT = 4096 };

/* Two programs may print the same parameter with a different number of digits. */
static const double same_parameter = 1e-6;
static const double same_zero = 1e-12;

struct tml_grid_csv {
    char *csv_path;
    char *meta_path; /* NULL without a metadata file */
    tml_csv_reader *csv;
    tml_csv_reader *meta;
    tml_grid_columns columns;
    tml_grid_ranges ranges;
    char *payload;
    size_t payload_room;
    uint64_t tiny; /* fluxes that float32 holds with fewer digits or not at all */
};

static tml_status open_files(const tml_grid_csv_files *files, tml_grid_csv *csv, tml_error *error)
{
    tml_status status = tml_csv_open(files->csv, &csv->csv, error);

    if (status == TML_OK && files->meta != NULL)
        status = tml_csv_open(files->meta, &csv->meta, error);
    if (status == TML_OK)
        status = tml_grid_columns_plan(csv->csv, files->csv, csv->meta, files->meta, files->targets,
                                       files->wavelengths, files->solar_c_o, &csv->columns, error);
    if (status != TML_OK)
        return status;
    csv->payload_room = TML_GRID_PARAMETERS * sizeof(double) +
                        csv->columns.shape.wavelengths * sizeof(float) +
                        TML_GRID_METADATA * (LONGEST_TEXT + 1);
    return tml_array_create(csv->payload_room, 1, "a row of the grid", &csv->payload, error);
}

tml_status tml_grid_csv_open(const tml_grid_csv_files *files, tml_grid_csv **csv, tml_error *error)
{
    tml_grid_csv *made = calloc(1, sizeof *made);
    tml_status status = TML_OK;

    *csv = NULL;
    if (made != NULL) {
        made->csv_path = strdup(files->csv);
        made->meta_path = files->meta != NULL ? strdup(files->meta) : NULL;
    }
    if (made == NULL || made->csv_path == NULL || (files->meta != NULL && made->meta_path == NULL))
        status = TML_FAIL(error, TML_INTERNAL, "no memory to read %s", files->csv);
    if (status == TML_OK)
        status = open_files(files, made, error);
    if (status != TML_OK)
        tml_grid_csv_close(&made);
    *csv = made;
    return status;
}

static tml_status bad_flux(const tml_grid_csv *csv, size_t column, const char *text, const char *fault,
                           tml_error *error)
{
    return TML_FAIL(error, TML_BAD_DATA, "%s: line %lld, row %lld, column '%s': flux %.40s %s", csv->csv_path,
                    (long long)tml_csv_line(csv->csv), (long long)tml_csv_row(csv->csv),
                    tml_csv_name(csv->csv, column), text, fault);
}

/* float32 keeps its seven digits down to 1.2e-38 only. */
static void note_tiny(tml_grid_csv *csv, size_t column, const char *text)
{
    if (csv->tiny++ == 0)
        tml_warn("tiny_flux",
                 "%s: row %lld, column '%s': flux %.40s is below 1.2e-38 and loses digits in the grid file "
                 "(float32); "
                 "is the unit erg s-1 cm-2 Hz-1?",
                 csv->csv_path, (long long)tml_csv_row(csv->csv), tml_csv_name(csv->csv, column), text);
}

static tml_status take_flux(tml_grid_csv *csv, const char *const *fields, char *target, tml_error *error)
{
    const tml_grid_columns *columns = &csv->columns;
    tml_grid_ranges *ranges = &csv->ranges;

    for (size_t i = 0; i < columns->shape.wavelengths; ++i) {
        const size_t column = columns->flux_column[i];
        double value = 0.0;
        float flux;
        tml_status status = tml_csv_number(csv->csv, column, &value, error);

        if (status != TML_OK)
            return status;
        if (value < 0.0)
            return bad_flux(csv, column, fields[column], "is negative", error);
        if (value > (double)FLT_MAX)
            return bad_flux(csv, column, fields[column], "is too large for the grid file (float32, 3.4e38)",
                            error);
        if (value > 0.0 && value < (double)FLT_MIN)
            note_tiny(csv, column, fields[column]);
        flux = (float)value + 0.0F; /* no negative zero: identical spectra are found by their bytes */
        memcpy(target + i * sizeof flux, &flux, sizeof flux);
        ranges->flux_minimum = csv->columns.shape.rows + i == 0 ? flux : fminf(ranges->flux_minimum, flux);
        ranges->flux_maximum = csv->columns.shape.rows + i == 0 ? flux : fmaxf(ranges->flux_maximum, flux);
    }
    return TML_OK;
}

static tml_status take_parameters(tml_grid_csv *csv, char *target, tml_error *error)
{
    const tml_grid_columns *columns = &csv->columns;
    tml_grid_ranges *ranges = &csv->ranges;

    for (size_t i = 0; i < columns->shape.parameter_count; ++i) {
        double value = 0.0;
        tml_status status = tml_csv_number(csv->csv, columns->parameter_column[i], &value, error);

        if (status != TML_OK)
            return status;
        value += 0.0; /* -0.0 in a file is a zero */
        memcpy(target + i * sizeof value, &value, sizeof value);
        ranges->minimum[i] = columns->shape.rows == 0 ? value : fmin(ranges->minimum[i], value);
        ranges->maximum[i] = columns->shape.rows == 0 ? value : fmax(ranges->maximum[i], value);
    }
    return TML_OK;
}

/* The next row of the metadata file, which must end when the grid ends. */
static tml_status next_meta(tml_grid_csv *csv, bool grid_ended, const char *const **meta, tml_error *error)
{
    const long long rows = (long long)csv->columns.shape.rows;
    tml_status status;

    *meta = NULL;
    if (csv->meta == NULL)
        return TML_OK;
    status = tml_csv_next(csv->meta, meta, error);
    if (status == TML_OK && !grid_ended && *meta == NULL)
        status = TML_FAIL(
            error, TML_BAD_DATA,
            "%s has only %lld rows and %s has more: the files must have the same rows in the same order",
            csv->meta_path, rows, csv->csv_path);
    if (status == TML_OK && grid_ended && *meta != NULL)
        status = TML_FAIL(
            error, TML_BAD_DATA,
            "%s has more rows than %s, which has %lld: the files must have the same rows in the same "
            "order",
            csv->meta_path, csv->csv_path, rows);
    return status;
}

static tml_status not_aligned(const tml_grid_csv *csv, size_t column, const char *text, const char *expected,
                              tml_error *error)
{
    return TML_FAIL(
        error, TML_BAD_DATA,
        "%s: line %lld, row %lld, column '%s' is '%.40s', but %s: the files must have the same rows in the "
        "same order",
        csv->meta_path, (long long)tml_csv_line(csv->meta), (long long)tml_csv_row(csv->meta),
        tml_csv_name(csv->meta, column), text, expected);
}

/* The metadata file repeats the number of the row and some parameters: they must be those of this row. */
static tml_status check_alignment(const tml_grid_csv *csv, const char *const *meta, const char *parameters,
                                  tml_error *error)
{
    const tml_grid_columns *columns = &csv->columns;
    char expected[160];
    uint64_t row = 0;

    if (columns->meta_row >= 0 &&
        (!tml_text_to_uint64(meta[columns->meta_row], &row) || row != columns->shape.rows)) {
        snprintf(expected, sizeof expected, "it is row %llu (from 0)",
                 (unsigned long long)columns->shape.rows);
        return not_aligned(csv, (size_t)columns->meta_row, meta[columns->meta_row], expected, error);
    }
    for (size_t i = 0; i < columns->shape.parameter_count; ++i) {
        double here = 0.0;
        double there;

        if (columns->meta_parameter[i] < 0)
            continue;
        memcpy(&there, parameters + i * sizeof there, sizeof there);
        if (tml_text_to_double(meta[columns->meta_parameter[i]], &here) &&
            fabs(here - there) <= fmax(same_parameter * fabs(there), same_zero))
            continue;
        snprintf(expected, sizeof expected, "%s is %.10g in the grid", columns->shape.parameters[i].name,
                 there);
        return not_aligned(csv, (size_t)columns->meta_parameter[i], meta[columns->meta_parameter[i]],
                           expected, error);
    }
    return TML_OK;
}

static tml_status take_metadata(tml_grid_csv *csv, const char *const *fields, const char *const *meta,
                                size_t *at, tml_error *error)
{
    tml_grid_columns *columns = &csv->columns;

    for (size_t i = 0; i < columns->shape.metadata_count; ++i) {
        const bool is_own = i < columns->own_metadata;
        const char *text = (is_own ? fields : meta)[columns->metadata_column[i]];
        const size_t length = strlen(text);

        if (length > LONGEST_TEXT)
            return TML_FAIL(error, TML_BAD_DATA,
                            "%s: row %lld, column '%s': a text of %zu bytes is too long (%d)",
                            is_own ? csv->csv_path : csv->meta_path, (long long)tml_csv_row(csv->csv),
                            columns->shape.metadata[i].name, length, LONGEST_TEXT);
        memcpy(csv->payload + *at, text, length + 1);
        *at += length + 1;
        if (length > columns->shape.metadata[i].width)
            columns->shape.metadata[i].width = length;
    }
    return TML_OK;
}

static tml_status end_of_rows(tml_grid_csv *csv, tml_error *error)
{
    const char *const *meta = NULL;
    tml_status status = next_meta(csv, true, &meta, error);

    if (status == TML_OK && csv->columns.shape.rows == 0)
        status = TML_FAIL(error, TML_BAD_DATA, "%s: there is a header but no row", csv->csv_path);
    if (status == TML_OK && csv->tiny > 1)
        tml_log(TML_LOG_WARNING, "%llu fluxes are that small", (unsigned long long)csv->tiny);
    return status;
}

tml_status tml_grid_csv_next(tml_grid_csv *csv, const char **payload, size_t *bytes, tml_error *error)
{
    const tml_grid_shape *shape = &csv->columns.shape;
    const char *const *fields = NULL;
    const char *const *meta = NULL;
    size_t at = shape->parameter_count * sizeof(double);
    tml_status status = tml_csv_next(csv->csv, &fields, error);

    *payload = NULL;
    *bytes = 0;
    if (status == TML_OK && fields == NULL)
        return end_of_rows(csv, error);
    if (status == TML_OK)
        status = take_parameters(csv, csv->payload, error);
    if (status == TML_OK)
        status = take_flux(csv, fields, csv->payload + at, error);
    if (status == TML_OK)
        status = next_meta(csv, false, &meta, error);
    if (status == TML_OK && meta != NULL)
        status = check_alignment(csv, meta, csv->payload, error);
    at += shape->wavelengths * sizeof(float);
    if (status == TML_OK)
        status = take_metadata(csv, fields, meta, &at, error);
    if (status != TML_OK)
        return status;
    ++csv->columns.shape.rows;
    *payload = csv->payload;
    *bytes = at;
    return TML_OK;
}

const tml_grid_shape *tml_grid_csv_shape(const tml_grid_csv *csv)
{
    return &csv->columns.shape;
}

const double *tml_grid_csv_wavelength_um(const tml_grid_csv *csv)
{
    return csv->columns.wavelength_um;
}

const tml_grid_ranges *tml_grid_csv_ranges(const tml_grid_csv *csv)
{
    return &csv->ranges;
}

void tml_grid_csv_close(tml_grid_csv **csv)
{
    tml_grid_csv *old = *csv;

    if (old == NULL)
        return;
    tml_csv_close(&old->csv);
    tml_csv_close(&old->meta);
    tml_grid_columns_free(&old->columns);
    free(old->payload);
    free(old->csv_path);
    free(old->meta_path);
    free(old);
    *csv = NULL;
}
