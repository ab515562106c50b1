#include "io/observation_table.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/memory.h"
#include "core/text.h"
#include "io/csv_reader.h"
#include "io/grid_targets.h"
#include "io/grid_wavelengths.h"

/* Headers are rounded; 0.6 of their last digit, as for grids, leaves room for what rounding itself does. */
static const double rounding = 0.6;
static const double part_of_pixel = 0.1;

/* Two programs may print the same label with a different number of digits. */
static const double same_label = 1e-6;
static const double same_zero = 1e-12;

/* One of the two files. */
typedef struct table_file {
    char *path;
    tml_csv_reader *csv;
    size_t *column;               /* [bins] */
    long label[TML_TABLE_LABELS]; /* column of each label, or -1 */
} table_file;

struct tml_observation_table {
    table_file fluxes;
    table_file errors; /* path NULL: errors from snr */
    double snr;
    size_t bins;
    double *flux;
    double *error;
    size_t label_count;
    char name[TML_TABLE_LABELS][TML_TABLE_LABEL_NAME];
    double label[TML_TABLE_LABELS];
};

/* Width of a pixel, from its neighbours; 0 for one that is alone. */
static double pixel_width(size_t bins, const double *bin_um, size_t i)
{
    if (bins < 2)
        return 0.0;
    return i + 1 < bins ? bin_um[i + 1] - bin_um[i] : bin_um[i] - bin_um[i - 1];
}

/* Give every bin its column. Both lists ascend. */
static tml_status assign_columns(const table_file *file, size_t bins, const double *bin_um, size_t count,
                                 const double *header_um, const size_t *header_column, tml_error *error)
{
    size_t at = 0;
    size_t taken = count; /* header of the bin before */

    for (size_t i = 0; i < bins; ++i) {
        double allowed;

        while (at + 1 < count && fabs(header_um[at + 1] - bin_um[i]) < fabs(header_um[at] - bin_um[i]))
            ++at;
        allowed = fmax(rounding * tml_grid_header_digit(tml_csv_name(file->csv, header_column[at])),
                       part_of_pixel * pixel_width(bins, bin_um, i));
        if (fabs(header_um[at] - bin_um[i]) > allowed)
            return TML_FAIL(
                error, TML_BAD_DATA,
                "%s: no column is the wavelength %.10g micron, the nearest is '%s'; the table must have "
                "the wavelengths of the network, %g to %g micron",
                file->path, bin_um[i], tml_csv_name(file->csv, header_column[at]), bin_um[0],
                bin_um[bins - 1]);
        if (at == taken)
            return TML_FAIL(
                error, TML_BAD_DATA,
                "%s: column '%s' would be both %.10g and %.10g micron; its header needs more digits",
                file->path, tml_csv_name(file->csv, header_column[at]), bin_um[i - 1], bin_um[i]);
        file->column[i] = header_column[at];
        taken = at;
    }
    return TML_OK;
}

static tml_status match_wavelengths(table_file *file, size_t bins, const double *bin_um, tml_error *error)
{
    double *header_um = NULL;
    size_t *header_column = NULL;
    size_t count = 0;
    tml_status status = tml_array_create(bins, sizeof *file->column, "columns of a table", &file->column,
                                         error);

    if (status == TML_OK)
        status = tml_grid_wavelengths_plan(file->csv, file->path, NULL, &count, &header_um, &header_column,
                                           error);
    if (status == TML_OK && (header_um[count - 1] < bin_um[0] || header_um[0] > bin_um[bins - 1]))
        status = TML_FAIL(
            error, TML_BAD_DATA,
            "%s: its wavelengths, %g to %g micron, do not overlap those of the network, %g to %g micron",
            file->path, header_um[0], header_um[count - 1], bin_um[0], bin_um[bins - 1]);
    if (status == TML_OK)
        status = assign_columns(file, bins, bin_um, count, header_um, header_column, error);
    free(header_um);
    free(header_column);
    return status;
}

static tml_status open_file(const char *path, size_t bins, const double *bin_um, table_file *file,
                            tml_error *error)
{
    tml_status status;

    file->path = strdup(path);
    if (file->path == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory to read %s", path);
    status = tml_csv_open(path, &file->csv, error);
    if (status == TML_OK)
        status = match_wavelengths(file, bins, bin_um, error);
    return status;
}

static void find_in_errors(tml_observation_table *table, size_t label)
{
    size_t columns = table->errors.csv != NULL ? tml_csv_columns(table->errors.csv) : 0;
    size_t count;
    const tml_grid_target *targets = tml_grid_targets(&count);

    table->errors.label[label] = -1;
    for (size_t i = 0; i < columns; ++i) {
        int known = tml_grid_target_find(tml_csv_name(table->errors.csv, i));

        if (known >= 0 && strcmp(targets[known].name, table->name[label]) == 0)
            table->errors.label[label] = (long)i;
    }
}

static tml_status find_labels(tml_observation_table *table, tml_error *error)
{
    const tml_csv_reader *csv = table->fluxes.csv;
    size_t count;
    const tml_grid_target *targets = tml_grid_targets(&count);

    _Static_assert(TML_TABLE_LABELS >= 4, "the known targets fit");
    for (size_t i = 0; i < tml_csv_columns(csv); ++i) {
        const int known = tml_grid_target_find(tml_csv_name(csv, i));
        const size_t at = table->label_count;

        if (known < 0)
            continue;
        for (size_t k = 0; k < at; ++k)
            if (strcmp(table->name[k], targets[known].name) == 0)
                return TML_FAIL(error, TML_BAD_DATA,
                                "%s: columns '%s' and '%s' are the same parameter; remove one",
                                table->fluxes.path, tml_csv_name(csv, (size_t)table->fluxes.label[k]),
                                tml_csv_name(csv, i));
        (void)tml_text_copy(table->name[at], sizeof table->name[at], targets[known].name);
        table->fluxes.label[at] = (long)i;
        find_in_errors(table, at);
        ++table->label_count;
    }
    return TML_OK;
}

tml_status tml_observation_table_open(const char *path, const char *errors_path, double snr, size_t bins,
                                      const double *bin_um, tml_observation_table **table, tml_error *error)
{
    tml_observation_table *made;
    tml_status status;

    *table = NULL;
    if (errors_path == NULL && !(snr > 0.0))
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: a table of spectra needs the errors: a second table with --errors, or --snr X for mean "
            "flux / X in every pixel",
            path);
    made = calloc(1, sizeof *made);
    if (made == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory to read %s", path);
    made->snr = snr;
    made->bins = bins;
    status = tml_array_create(bins, sizeof *made->flux, "a spectrum", &made->flux, error);
    if (status == TML_OK)
        status = tml_array_create(bins, sizeof *made->error, "errors of a spectrum", &made->error, error);
    if (status == TML_OK)
        status = open_file(path, bins, bin_um, &made->fluxes, error);
    if (status == TML_OK && errors_path != NULL)
        status = open_file(errors_path, bins, bin_um, &made->errors, error);
    if (status == TML_OK)
        status = find_labels(made, error);
    if (status != TML_OK)
        tml_observation_table_close(&made);
    *table = made;
    return status;
}

size_t tml_observation_table_labels(const tml_observation_table *table)
{
    return table->label_count;
}

const char *tml_observation_table_label(const tml_observation_table *table, size_t label)
{
    return table->name[label];
}

static tml_status read_number(const tml_csv_reader *csv, const char *const *fields, size_t column,
                              double *value, tml_error *error)
{
    if (fields[column][0] == '\0' || strcasecmp(fields[column], "nan") == 0) {
        *value = NAN;
        return TML_OK;
    }
    return tml_csv_number(csv, column, value, error);
}

static tml_status read_spectrum(const table_file *file, const char *const *fields, size_t bins,
                                double *values, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t i = 0; status == TML_OK && i < bins; ++i)
        status = read_number(file->csv, fields, file->column[i], &values[i], error);
    return status;
}

/* The file of errors repeats the labels: they must be those of this row. */
static tml_status check_alignment(const tml_observation_table *table, const char *const *fields,
                                  tml_error *error)
{
    for (size_t i = 0; i < table->label_count; ++i) {
        const double here = table->label[i];
        double there = NAN;
        tml_status status;

        if (table->errors.label[i] < 0)
            continue;
        status = read_number(table->errors.csv, fields, (size_t)table->errors.label[i], &there, error);
        if (status != TML_OK)
            return status;
        if (isnan(here) || isnan(there) || fabs(here - there) <= fmax(same_label * fabs(here), same_zero))
            continue;
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: line %lld, row %lld: %s is %.10g, but %.10g in %s: the files must have the same rows in "
            "the same order",
            table->errors.path, (long long)tml_csv_line(table->errors.csv),
            (long long)tml_csv_row(table->errors.csv), table->name[i], there, here, table->fluxes.path);
    }
    return TML_OK;
}

static tml_status read_errors(tml_observation_table *table, bool at_end, tml_error *error)
{
    const char *const *fields = NULL;
    tml_status status = tml_csv_next(table->errors.csv, &fields, error);

    if (status == TML_OK && (fields == NULL) != at_end)
        status = TML_FAIL(
            error, TML_BAD_DATA,
            "%s has %s rows than %s, which has %lld%s: the files must have the same rows in the same "
            "order",
            table->errors.path, at_end ? "more" : "fewer", table->fluxes.path,
            (long long)tml_csv_row(table->fluxes.csv) + 1, at_end ? "" : " or more");
    if (status == TML_OK && !at_end)
        status = check_alignment(table, fields, error);
    if (status == TML_OK && !at_end)
        status = read_spectrum(&table->errors, fields, table->bins, table->error, error);
    return status;
}

static void make_errors(tml_observation_table *table)
{
    double sum = 0.0;
    size_t count = 0;

    for (size_t i = 0; i < table->bins; ++i)
        if (isfinite(table->flux[i])) {
            sum += table->flux[i];
            ++count;
        }
    for (size_t i = 0; i < table->bins; ++i)
        table->error[i] = sum > 0.0 ? sum / (double)count / table->snr : (double)NAN;
}

static tml_status check_end(tml_observation_table *table, tml_error *error)
{
    if (tml_csv_row(table->fluxes.csv) < 0)
        return TML_FAIL(error, TML_BAD_DATA, "%s: there is a header but no row", table->fluxes.path);
    return table->errors.csv != NULL ? read_errors(table, true, error) : TML_OK;
}

tml_status tml_observation_table_next(tml_observation_table *table, tml_observation_row *row,
                                      tml_error *error)
{
    const tml_csv_reader *csv = table->fluxes.csv;
    const char *const *fields = NULL;
    tml_status status = tml_csv_next(table->fluxes.csv, &fields, error);

    memset(row, 0, sizeof *row);
    if (status == TML_OK && fields == NULL)
        return check_end(table, error);
    if (status == TML_OK)
        status = read_spectrum(&table->fluxes, fields, table->bins, table->flux, error);
    for (size_t i = 0; status == TML_OK && i < table->label_count; ++i)
        status = read_number(csv, fields, (size_t)table->fluxes.label[i], &table->label[i], error);
    if (status == TML_OK && table->errors.csv != NULL)
        status = read_errors(table, false, error);
    else if (status == TML_OK)
        make_errors(table);
    if (status != TML_OK)
        return status;
    *row = (tml_observation_row){tml_csv_row(csv), table->flux, table->error, table->label};
    return TML_OK;
}

static void close_file(table_file *file)
{
    tml_csv_close(&file->csv);
    free(file->column);
    free(file->path);
}

void tml_observation_table_close(tml_observation_table **table)
{
    tml_observation_table *old = *table;

    if (old == NULL)
        return;
    close_file(&old->fluxes);
    close_file(&old->errors);
    free(old->flux);
    free(old->error);
    free(old);
    *table = NULL;
}
