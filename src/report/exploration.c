#include "report/exploration.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/number_text.h"
#include "core/text.h"
#include "io/csv_reader.h"
#include "io/path.h"
#include "report/people_number.h"
#include "report/symbol.h"

#define MINUS "\u2212"
#define ALMOST "\u2248"

enum { FIRST_NODES = 1024 };

/* ---- exploration.json ---- */

static bool is_parameter(const cJSON *parameter)
{
    static const char *const names[] = {"count",  "mean", "sd", "ci95_low", "ci95_high", "minimum",
                                        "median", "q1",   "q3", "maximum",  "different"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(parameter, names[i]);

        if (!cJSON_IsNumber(item) && !cJSON_IsNull(item))
            return false;
    }
    return cJSON_IsString(cJSON_GetObjectItemCaseSensitive(parameter, "unit"));
}

bool tml_exploration_is_good(const cJSON *result)
{
    const cJSON *parameters = cJSON_GetObjectItemCaseSensitive(result, "parameters");
    const cJSON *parameter = NULL;

    if (!cJSON_IsObject(parameters) || cJSON_GetArraySize(parameters) > TML_EXPLORED_PARAMETERS ||
        !cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(result, "rows")) ||
        !cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(result, "wavelengths")))
        return false;
    cJSON_ArrayForEach(parameter, parameters)
    {
        if (!is_parameter(parameter))
            return false;
    }
    return true;
}

const cJSON *tml_exploration_result(const tml_exploration *exploration)
{
    return cJSON_GetObjectItemCaseSensitive(exploration->document, "result");
}

/* ---- coverage.csv ---- */

static tml_status take_name(const char *path, const char *field, tml_exploration *exploration, size_t *place,
                            tml_error *error)
{
    char(*grown)[TML_TABLE_NAME];

    for (*place = 0; *place < exploration->names; ++*place)
        if (strcmp(exploration->name[*place], field) == 0)
            return TML_OK;
    grown = realloc(exploration->name, (exploration->names + 1) * sizeof *grown);
    if (grown == NULL)
        return TML_FAIL(error, TML_INTERNAL, "%s: no memory for its names", path);
    exploration->name = grown;
    if (!tml_text_copy(grown[*place], TML_TABLE_NAME, field))
        return TML_FAIL(error, TML_BAD_DATA, "%s: the name '%.40s' of a parameter is too long", path, field);
    ++exploration->names;
    return TML_OK;
}

static tml_status make_room(const char *path, size_t *room, tml_exploration *exploration, tml_error *error)
{
    size_t more = *room > 0 ? 2 * *room : FIRST_NODES;
    tml_explored_node *grown;

    if (exploration->nodes < *room)
        return TML_OK;
    grown = realloc(exploration->node, more * sizeof *grown);
    if (grown == NULL)
        return TML_FAIL(error, TML_INTERNAL, "%s: no memory for its nodes", path);
    exploration->node = grown;
    *room = more;
    return TML_OK;
}

static tml_status take_node(const char *path, const tml_csv_reader *reader, const char *const *fields,
                            const long column[5], tml_exploration *exploration, tml_error *error)
{
    tml_explored_node node = {0};
    tml_status status = take_name(path, fields[column[0]], exploration, &node.x_parameter, error);

    if (status == TML_OK)
        status = take_name(path, fields[column[2]], exploration, &node.y_parameter, error);
    if (status == TML_OK)
        status = tml_csv_number(reader, (size_t)column[1], &node.x, error);
    if (status == TML_OK)
        status = tml_csv_number(reader, (size_t)column[3], &node.y, error);
    if (status == TML_OK)
        status = tml_csv_number(reader, (size_t)column[4], &node.count, error);
    if (status == TML_OK && node.x_parameter == node.y_parameter)
        status = TML_FAIL(error, TML_BAD_DATA, "%s: line %lld: '%.40s' is paired with itself", path,
                          (long long)tml_csv_line(reader), fields[column[0]]);
    if (status == TML_OK)
        exploration->node[exploration->nodes++] = node;
    return status;
}

static tml_status read_nodes(const char *path, tml_csv_reader *reader, tml_exploration *exploration,
                             tml_error *error)
{
    static const char *const names[5] = {"x_name", "x", "y_name", "y", "count"};
    const char *const *fields = NULL;
    long column[5];
    size_t room = 0;
    tml_status status = TML_OK;

    for (size_t i = 0; i < 5; ++i) {
        column[i] = tml_csv_find(reader, names[i]);
        if (column[i] < 0)
            return TML_FAIL(error, TML_BAD_DATA,
                            "%s: line 1: there is no column '%s'; was the file written by another version?",
                            path, names[i]);
    }
    while (status == TML_OK) {
        status = tml_csv_next(reader, &fields, error);
        if (status != TML_OK || fields == NULL)
            break;
        status = make_room(path, &room, exploration, error);
        if (status == TML_OK)
            status = take_node(path, reader, fields, column, exploration, error);
    }
    return status;
}

static tml_status read_coverage(const char *path, tml_exploration *exploration, tml_error *error)
{
    tml_csv_reader *reader = NULL;
    tml_status status = tml_csv_open(path, &reader, error);

    if (status == TML_OK)
        status = read_nodes(path, reader, exploration, error);
    tml_csv_close(&reader);
    return status;
}

/* ---- tables ---- */

static const struct {
    const char *file;
    const char *words;     /* column of words; NULL: none */
    const char *needed[4]; /* columns that figures and tables rest on */
} tables[TML_EXPLORED_TABLES] = {
    [TML_EXPLORED_COUNTS] = {"parameter_counts.csv", "parameter", {"low", "high", "count"}},
    [TML_EXPLORED_FLUXES] = {"fluxes.csv", NULL, {"wavelength_um", "median", "q1", "q3"}},
    [TML_EXPLORED_SCALED_FLUXES] = {"scaled_fluxes.csv", NULL, {"wavelength_um", "median", "q1", "q3"}},
    [TML_EXPLORED_CORRELATIONS] = {"correlations.csv", NULL, {"wavelength_um"}},
    [TML_EXPLORED_PCA_VARIANCE] = {"pca_variance.csv", NULL, {"component", "share", "cumulative"}},
    [TML_EXPLORED_PCA_COMPONENTS] = {"pca_components.csv", NULL, {"wavelength_um"}},
    [TML_EXPLORED_PCA_SCORES] = {"pca_scores.csv", NULL, {"row"}},
    [TML_EXPLORED_NEIGHBOURS] = {"neighbours.csv", NULL, {"row", "nearest_row", "distance", "outlier_score"}},
    [TML_EXPLORED_SPECTRA] = {"filtered_spectra.csv", "varied", {"value", "row"}},
};

static tml_status check_columns(const char *path, const tml_number_table *table, const char *const needed[4],
                                tml_error *error)
{
    for (size_t i = 0; i < 4 && needed[i] != NULL; ++i)
        if (tml_number_table_find(table, needed[i]) < 0)
            return TML_FAIL(error, TML_BAD_DATA,
                            "%s: line 1: there is no column '%s'; was the file written by another version?",
                            path, needed[i]);
    return TML_OK;
}

static bool find(const char *folder, const char *name, char path[TML_PATH_LENGTH])
{
    struct stat facts;

    return tml_path_join(path, TML_PATH_LENGTH, folder, name) && stat(path, &facts) == 0;
}

tml_status tml_exploration_read_tables(const char *folder, tml_exploration *exploration, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    tml_status status = TML_OK;

    for (size_t t = 0; t < TML_EXPLORED_TABLES && status == TML_OK; ++t) {
        if (!find(folder, tables[t].file, path))
            continue;
        status = tml_number_table_read(path, tables[t].words, &exploration->table[t], error);
        if (status == TML_OK)
            status = check_columns(path, &exploration->table[t], tables[t].needed, error);
    }
    if (status == TML_OK && find(folder, "coverage.csv", path))
        status = read_coverage(path, exploration, error);
    return status;
}

void tml_exploration_free(tml_exploration *exploration)
{
    cJSON_Delete(exploration->document);
    for (size_t t = 0; t < TML_EXPLORED_TABLES; ++t)
        tml_number_table_free(&exploration->table[t]);
    free(exploration->name);
    free(exploration->node);
    memset(exploration, 0, sizeof *exploration);
}

/* ---- words ---- */

const char *tml_exploration_unit(const tml_exploration *exploration, const char *parameter)
{
    const cJSON *parameters = cJSON_GetObjectItemCaseSensitive(tml_exploration_result(exploration),
                                                               "parameters");
    const char *unit = cJSON_GetStringValue(
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(parameters, parameter), "unit"));

    return unit != NULL ? tml_people_unit(unit) : "";
}

void tml_exploration_label(const tml_exploration *exploration, const char *parameter,
                           char label[TML_EXPLORATION_LABEL])
{
    const char *unit = tml_exploration_unit(exploration, parameter);

    snprintf(label, TML_EXPLORATION_LABEL, unit[0] != '\0' ? "%.100s [%.100s]" : "%.100s%s",
             tml_symbol_of(parameter), unit);
}

bool tml_exploration_is_axis(const tml_exploration *exploration, const char *parameter)
{
    const cJSON *parameters = cJSON_GetObjectItemCaseSensitive(tml_exploration_result(exploration),
                                                               "parameters");

    return !cJSON_IsFalse(
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(parameters, parameter), "is_axis"));
}

/* " = 800" with all digits, or shorter where they mean nothing. */
static void write_equation(double value, bool is_exact, const char *roughly, char text[TML_PEOPLE_TEXT])
{
    const char *minus = value < 0.0 ? MINUS : "";
    char number[TML_NUMBER_TEXT];

    tml_number_text(fabs(value), number);
    if (is_exact)
        snprintf(text, TML_PEOPLE_TEXT, " = %s%s", minus, number);
    else
        snprintf(text, TML_PEOPLE_TEXT, " %s %s%.4g", roughly, minus, fabs(value));
}

/* "Teff = 800 K" after what is there. Only kelvin needs its unit to be understood. */
static void append_value(const tml_exploration *exploration, const char *parameter, double value,
                         const char *roughly, const char *before, char text[TML_EXPLORATION_LABEL])
{
    char equation[TML_PEOPLE_TEXT];
    size_t length = strlen(text);
    bool is_kelvin = strcmp(tml_exploration_unit(exploration, parameter), "K") == 0;

    if (!isfinite(value))
        return;
    write_equation(value, tml_exploration_is_axis(exploration, parameter), roughly, equation);
    snprintf(text + length, TML_EXPLORATION_LABEL - length, "%s%s%s%s", before, tml_symbol_of(parameter),
             equation, is_kelvin ? " K" : "");
}

void tml_exploration_fixed(const tml_exploration *exploration, const char *varied,
                           char text[TML_EXPLORATION_LABEL])
{
    const cJSON *fixed = cJSON_GetObjectItemCaseSensitive(tml_exploration_result(exploration), "fixed");
    const cJSON *value = NULL;

    text[0] = '\0';
    cJSON_ArrayForEach(value, fixed)
    {
        if (cJSON_IsNumber(value) && strcmp(value->string, varied) != 0)
            append_value(exploration, value->string, value->valuedouble, ALMOST, text[0] != '\0' ? ", " : "",
                         text);
    }
}

void tml_exploration_row_text(const tml_exploration *exploration, tml_explored_table table, size_t row,
                              char text[TML_EXPLORATION_LABEL])
{
    const tml_number_table *from = &exploration->table[table];
    const cJSON *parameter = NULL;
    const char *before = ": ";

    snprintf(text, TML_EXPLORATION_LABEL, "row %.0f",
             tml_number_table_at(from, row, tml_number_table_find(from, "row")));
    cJSON_ArrayForEach(parameter,
                       cJSON_GetObjectItemCaseSensitive(tml_exploration_result(exploration), "parameters"))
    {
        long column = tml_number_table_find(from, parameter->string);

        if (column < 0)
            continue;
        append_value(exploration, parameter->string, tml_number_table_at(from, row, column), "=", before,
                     text);
        before = ", ";
    }
}
