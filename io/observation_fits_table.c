#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/text.h"
#include "io/observation_fits_private.h"

enum { NAMES = 256 };

/* A number of the spectrum and the column that holds it. */
typedef struct column {
    int number; /* from 1; 0: there is none */
    char name[FLEN_VALUE];
    char unit[TML_OBJECT_UNIT];
    LONGLONG repeat;
} column;

typedef struct columns_found {
    column wavelength;
    column flux;
    column error;
    LONGLONG rows;
    LONGLONG pixels;
} columns_found;

static const char *const wavelength_names[] = {"WAVELENGTH", "WAVE", "LAMBDA", "WL", "LAM", "LOGLAM", NULL};
static const char *const flux_names[] = {"FLUX", "FLUX_DENSITY", "FLAM", "F_LAMBDA",
                                         "FNU",  "F_NU",         "SPEC", NULL};

static bool is_logarithm(const char *name)
{
    return strcasecmp(name, "LOGLAM") == 0;
}

static bool is_per_frequency(const char *name)
{
    return strcasecmp(name, "FNU") == 0 || strcasecmp(name, "F_NU") == 0;
}

static void column_name(const tml_fits_source *source, int number, char name[FLEN_VALUE])
{
    char key[FLEN_KEYWORD];
    int code = 0;

    name[0] = '\0';
    fits_make_keyn("TTYPE", number, key, &code);
    tml_fits_text(source, key, name, FLEN_VALUE);
}

static int column_count(const tml_fits_source *source)
{
    int count = 0;
    int code = 0;

    fits_get_num_cols(source->file, &count, &code);
    return code == 0 ? count : 0;
}

/* Compares names itself: CFITSIO would take '*', '?' and '#' in a name for more than letters. */
static bool find_column(const tml_fits_source *source, const char *name, column *found)
{
    int count = column_count(source);

    for (int i = 1; i <= count; ++i) {
        column_name(source, i, found->name);
        if (strcasecmp(found->name, name) == 0) {
            found->number = i;
            return true;
        }
    }
    return false;
}

static bool find_any(const tml_fits_source *source, const char *const *names, column *found)
{
    for (size_t i = 0; names[i] != NULL; ++i)
        if (find_column(source, names[i], found))
            return true;
    return false;
}

/* Cut "WAVE,FLUX,ERROR" into names. @return how many; 0 for a list that is none */
static size_t cut_names(const char *list, char text[NAMES], const char *names[3])
{
    size_t count = 0;

    if (!tml_text_copy(text, NAMES, list))
        return 0;
    for (char *at = text; at != NULL; ++count) {
        char *comma = strchr(at, ',');

        if (comma != NULL)
            *comma = '\0';
        at += strspn(at, " ");
        tml_observation_plain_text(at);
        if (count == 3 || *at == '\0')
            return 0;
        names[count] = at;
        at = comma != NULL ? comma + 1 : NULL;
    }
    return count;
}

static tml_status find_named(const tml_fits_source *source, const char *list, columns_found *found,
                             bool *complete, tml_error *error)
{
    char text[NAMES];
    const char *names[3] = {NULL, NULL, NULL};
    size_t count = cut_names(list, text, names);

    if (count < 2)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: --columns wants two or three names, WAVE,FLUX or WAVE,FLUX,ERROR, not '%s'",
                        source->path, list);
    *complete = find_column(source, names[0], &found->wavelength) &&
                find_column(source, names[1], &found->flux) &&
                (count < 3 || find_column(source, names[2], &found->error));
    return TML_OK;
}

static void list_columns(tml_fits_source *source)
{
    int count = column_count(source);
    size_t used = (size_t)snprintf(source->reason, sizeof source->reason, "a table with the column%s ",
                                   count == 1 ? "" : "s");

    for (int i = 1; i <= count && used < sizeof source->reason; ++i) {
        char name[FLEN_VALUE];

        column_name(source, i, name);
        used += (size_t)snprintf(source->reason + used, sizeof source->reason - used, "%s%s",
                                 i > 1 ? ", " : "", name[0] != '\0' ? name : "(no name)");
    }
    if (used >= sizeof source->reason)
        memcpy(source->reason + sizeof source->reason - 4, "...", 4);
}

/* Type, unit and length of one column. */
static tml_status describe(const tml_fits_source *source, LONGLONG rows, column *one, tml_error *error)
{
    char key[FLEN_KEYWORD];
    LONGLONG offset = 0;
    int type = 0;
    int code = 0;

    fits_get_eqcoltypell(source->file, one->number, &type, &one->repeat, NULL, &code);
    if (code == 0 && type < 0 && rows == 1)
        fits_read_descriptll(source->file, one->number, 1, &one->repeat, &offset, &code);
    if (code == 0)
        fits_make_keyn("TUNIT", one->number, key, &code);
    if (code != 0)
        return tml_fits_failure(source, "reading the columns", code, error);
    type = abs(type);
    if (type == TSTRING || type == TLOGICAL || type == TBIT || type == TCOMPLEX || type == TDBLCOMPLEX)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: HDU %d: column '%s' holds no real numbers; name another one with --columns",
                        source->path, source->hdu, one->name);
    tml_fits_text(source, key, one->unit, sizeof one->unit);
    return TML_OK;
}

/* One number a row, or one row with all numbers: the same for all three columns. */
static tml_status measure(const tml_fits_source *source, columns_found *found, tml_error *error)
{
    column *const all[] = {&found->wavelength, &found->flux, &found->error};
    int code = 0;
    tml_status status = TML_OK;

    fits_get_num_rowsll(source->file, &found->rows, &code);
    if (code != 0)
        return tml_fits_failure(source, "reading the columns", code, error);
    for (size_t i = 0; status == TML_OK && i < 3; ++i) {
        if (all[i]->number == 0)
            continue;
        status = describe(source, found->rows, all[i], error);
        if (status == TML_OK && found->rows > 1 && all[i]->repeat != 1)
            status = TML_FAIL(error, TML_BAD_DATA,
                              "%s: HDU %d: column '%s' holds %lld numbers in each of %lld rows: these are "
                              "several spectra, and "
                              "one is wanted",
                              source->path, source->hdu, all[i]->name, (long long)all[i]->repeat,
                              (long long)found->rows);
        if (status == TML_OK && all[i]->repeat != found->wavelength.repeat)
            status = TML_FAIL(error, TML_BAD_DATA,
                              "%s: HDU %d: column '%s' has %lld numbers, column '%s' %lld", source->path,
                              source->hdu, all[i]->name, (long long)all[i]->repeat, found->wavelength.name,
                              (long long)found->wavelength.repeat);
    }
    found->pixels = found->rows == 1 ? found->wavelength.repeat : found->rows;
    return status;
}

static tml_status read_numbers(const tml_fits_source *source, const column *one, LONGLONG count,
                               double *values, tml_error *error)
{
    double missing = NAN;
    int any = 0;
    int code = 0;

    fits_read_col(source->file, TDOUBLE, one->number, 1, 1, count, &missing, values, &any, &code);
    return code == 0 ? TML_OK : tml_fits_failure(source, "reading a column", code, error);
}

static tml_status read_found(const tml_fits_source *source, const columns_found *found,
                             tml_observation_raw *raw, tml_error *error)
{
    tml_observed_spectrum *pixels = &raw->pixels;
    tml_status status = tml_fits_create(source, found->pixels, raw, error);

    if (status == TML_OK)
        status = read_numbers(source, &found->wavelength, found->pixels, pixels->wavelength_um, error);
    if (status == TML_OK)
        status = read_numbers(source, &found->flux, found->pixels, pixels->flux, error);
    if (status == TML_OK && found->error.number > 0)
        status = read_numbers(source, &found->error, found->pixels, pixels->error, error);
    if (status != TML_OK)
        return status;
    pixels->has_errors = found->error.number > 0;
    pixels->density = is_per_frequency(found->flux.name) ? TML_FLUX_PER_FREQUENCY : TML_FLUX_PER_WAVELENGTH;
    memcpy(raw->unit_wavelength, found->wavelength.unit, sizeof raw->unit_wavelength);
    memcpy(raw->unit_flux, found->flux.unit, sizeof raw->unit_flux);
    memcpy(raw->unit_error, found->error.unit, sizeof raw->unit_error);
    if (is_logarithm(found->wavelength.name)) { /* SDSS: log10 of Angstrom in vacuum */
        for (size_t i = 0; i < pixels->count; ++i)
            pixels->wavelength_um[i] = pow(10.0, pixels->wavelength_um[i]);
        (void)tml_text_copy(raw->unit_wavelength, sizeof raw->unit_wavelength, "Angstrom");
    }
    if (found->error.number > 0 && tml_fits_is_inverse_variance(found->error.name)) {
        tml_fits_invert_variance(pixels->count, pixels->error);
        raw->unit_error[0] = '\0';
    }
    return TML_OK;
}

tml_status tml_fits_read_table(tml_fits_source *source, const char *columns, tml_observation_raw *raw,
                               bool *found, tml_error *error)
{
    columns_found all;
    tml_status status = TML_OK;

    memset(&all, 0, sizeof all);
    *found = false;
    if (columns != NULL) {
        status = find_named(source, columns, &all, found, error);
    } else {
        *found = find_any(source, wavelength_names, &all.wavelength) &&
                 find_any(source, flux_names, &all.flux);
        if (!find_any(source, tml_fits_error_names(), &all.error))
            memset(&all.error, 0, sizeof all.error);
    }
    if (status == TML_OK && !*found)
        list_columns(source);
    if (status != TML_OK || !*found)
        return status;
    status = measure(source, &all, error);
    if (status == TML_OK)
        status = read_found(source, &all, raw, error);
    return status;
}
