#include "io/grid_wavelengths.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/memory.h"
#include "core/text.h"

/* Outside of this no spectrum of a brown dwarf is given in micron; a file in Angstrom or nanometre is. */
static const double shortest_um = 0.05;
static const double longest_um = 1000.0;

typedef struct wavelength {
    double um;
    size_t column;
    const char *text; /* as the header writes it */
} wavelength;

bool tml_grid_header_number(const char *name, double *value)
{
    return strchr("+-.0123456789", name[0]) != NULL && tml_text_to_double(name, value) && isfinite(*value);
}

static int compare_wavelengths(const void *a, const void *b)
{
    const wavelength *left = a;
    const wavelength *right = b;

    return (left->um > right->um) - (left->um < right->um);
}

static int compare_doubles(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;

    return (*left > *right) - (*left < *right);
}

double tml_grid_header_digit(const char *name)
{
    const char *point = strchr(name, '.');
    const char *exponent = strpbrk(name, "eE");
    long power = exponent != NULL ? strtol(exponent + 1, NULL, 10) : 0;

    if (point != NULL)
        power -= (long)strspn(point + 1, "0123456789");
    return pow(10.0, (double)power);
}

static tml_status collect(const tml_csv_reader *csv, const char *csv_path, wavelength *list, size_t *count,
                          tml_error *error)
{
    *count = 0;
    for (size_t i = 0; i < tml_csv_columns(csv); ++i) {
        double um = 0.0;

        if (!tml_grid_header_number(tml_csv_name(csv, i), &um))
            continue;
        if (um <= 0.0)
            return TML_FAIL(
                error, TML_BAD_DATA,
                "%s: column '%s': a column whose header is a number is a wavelength in micron and "
                "must be above 0",
                csv_path, tml_csv_name(csv, i));
        list[*count].um = um;
        list[*count].column = i;
        list[*count].text = tml_csv_name(csv, i);
        ++*count;
    }
    if (*count == 0)
        return TML_FAIL(
            error, TML_BAD_DATA,
            "%s: no column is a wavelength: their headers must be plain numbers in micron such as "
            "1.247",
            csv_path);
    qsort(list, *count, sizeof *list, compare_wavelengths);
    for (size_t i = 1; i < *count; ++i)
        if (list[i].um <= list[i - 1].um)
            return TML_FAIL(error, TML_BAD_DATA, "%s: columns '%s' and '%s' are the same wavelength",
                            csv_path, list[i - 1].text, list[i].text);
    return TML_OK;
}

/* Reads column 'wl'. Refuses more than `most` values as soon as they come. */
static tml_status read_exact(const char *path, size_t most, double *values, size_t *count, tml_error *error)
{
    tml_csv_reader *reader = NULL;
    const char *const *fields = NULL;
    long column = -1;
    tml_status status = tml_csv_open(path, &reader, error);

    *count = 0;
    if (status == TML_OK)
        column = tml_csv_find(reader, "wl");
    if (status == TML_OK && column < 0)
        status = TML_FAIL(error, TML_BAD_DATA,
                          "%s: no column is called 'wl'; it must hold the wavelengths [micron]", path);
    if (status == TML_OK)
        status = tml_csv_next(reader, &fields, error);
    while (status == TML_OK && fields != NULL) {
        double um = 0.0;

        status = tml_csv_number(reader, (size_t)column, &um, error);
        if (status == TML_OK && um <= 0.0)
            status = TML_FAIL(error, TML_BAD_DATA, "%s: line %lld: wavelength %s is not above 0", path,
                              (long long)tml_csv_line(reader), fields[column]);
        if (status == TML_OK && *count < most)
            values[*count] = um;
        ++*count;
        if (status == TML_OK)
            status = tml_csv_next(reader, &fields, error);
    }
    tml_csv_close(&reader);
    return status;
}

static tml_status match_exact(const char *csv_path, const char *exact_path, wavelength *list, size_t count,
                              tml_error *error)
{
    double *exact = NULL;
    size_t given = 0;
    tml_status status = tml_array_create(count, sizeof *exact, "wavelengths", &exact, error);

    if (status == TML_OK)
        status = read_exact(exact_path, count, exact, &given, error);
    if (status == TML_OK && given != count)
        status = TML_FAIL(error, TML_BAD_DATA, "%s has %zu wavelengths, the header of %s has %zu", exact_path,
                          given, csv_path, count);
    if (status == TML_OK)
        qsort(exact, count, sizeof *exact, compare_doubles);
    for (size_t i = 0; status == TML_OK && i < count; ++i) {
        double allowed = 0.6 * tml_grid_header_digit(list[i].text) + 4.0 * DBL_EPSILON * list[i].um;

        if (fabs(exact[i] - list[i].um) > allowed)
            status = TML_FAIL(
                error, TML_BAD_DATA,
                "wavelength %zu in ascending order is %.17g in %s but '%s' in the header of %s, which "
                "is more than rounding: do the files belong together?",
                i + 1, exact[i], exact_path, list[i].text, csv_path);
        else if (i > 0 && exact[i] <= exact[i - 1])
            status = TML_FAIL(error, TML_BAD_DATA, "%s: wavelength %.17g is there twice", exact_path,
                              exact[i]);
    }
    for (size_t i = 0; status == TML_OK && i < count; ++i)
        list[i].um = exact[i];
    free(exact);
    return status;
}

static void warn_of_other_units(const char *csv_path, const wavelength *list, size_t count)
{
    if (list[0].um < shortest_um || list[count - 1].um > longest_um)
        tml_warn(
            "wavelength_unit",
            "%s: the wavelengths go from %g to %g; they are taken as micron. Angstrom or nanometre must be "
            "converted first",
            csv_path, list[0].um, list[count - 1].um);
}

static tml_status hand_out(const wavelength *list, size_t count, double **wavelength_um, size_t **column,
                           tml_error *error)
{
    tml_status status = tml_array_create(count, sizeof **wavelength_um, "wavelengths", wavelength_um, error);

    if (status == TML_OK)
        status = tml_array_create(count, sizeof **column, "wavelength columns", column, error);
    if (status != TML_OK) {
        free(*wavelength_um);
        *wavelength_um = NULL;
        return status;
    }
    for (size_t i = 0; i < count; ++i) {
        (*wavelength_um)[i] = list[i].um;
        (*column)[i] = list[i].column;
    }
    return TML_OK;
}

tml_status tml_grid_wavelengths_plan(const tml_csv_reader *csv, const char *csv_path, const char *exact_path,
                                     size_t *count, double **wavelength_um, size_t **column, tml_error *error)
{
    wavelength *list = NULL;
    tml_status status = tml_array_create(tml_csv_columns(csv), sizeof *list, "wavelengths", &list, error);

    *count = 0;
    *wavelength_um = NULL;
    *column = NULL;
    if (status == TML_OK)
        status = collect(csv, csv_path, list, count, error);
    if (status == TML_OK && exact_path != NULL)
        status = match_exact(csv_path, exact_path, list, *count, error);
    if (status == TML_OK) {
        warn_of_other_units(csv_path, list, *count);
        status = hand_out(list, *count, wavelength_um, column, error);
    }
    free(list);
    return status;
}
