#ifndef TML_TESTS_FITS_FIXTURE_H
#define TML_TESTS_FITS_FIXTURE_H

/** @file fits_fixture.h
 * Small FITS files written with CFITSIO. For serial tests with cmocka; include it after <cmocka.h>. */

#include <fitsio.h>
#include <stdio.h>
#include <string.h>

enum { FIXTURE_PIXELS = 6 };

/* A spectrum that every layout can hold: 1.0, 1.1, ... micron. */
static const double fixture_wavelength[FIXTURE_PIXELS] = {1.0, 1.1, 1.2, 1.3, 1.4, 1.5};
static const double fixture_flux[FIXTURE_PIXELS] = {1e-15, 2e-15, 4e-15, 3e-15, 2e-15, 1e-15};
static const double fixture_error[FIXTURE_PIXELS] = {1e-16, 1e-16, 2e-16, 2e-16, 1e-16, 1e-16};

/** A new file without an HDU. */
static inline fitsfile *fits_begin(const char *path)
{
    fitsfile *file = NULL;
    int code = 0;

    remove(path);
    fits_create_diskfile(&file, path, &code);
    assert_int_equal(code, 0);
    return file;
}

static inline void fits_end(fitsfile *file)
{
    int code = 0;

    fits_close_file(file, &code);
    assert_int_equal(code, 0);
}

static inline void fits_put_text(fitsfile *file, const char *key, const char *value)
{
    int code = 0;

    fits_update_key_str(file, key, value, NULL, &code);
    assert_int_equal(code, 0);
}

static inline void fits_put_number(fitsfile *file, const char *key, double value)
{
    int code = 0;

    fits_update_key_dbl(file, key, value, 15, NULL, &code);
    assert_int_equal(code, 0);
}

/** An image of doubles with one or two axes (second 0: one). */
static inline void fits_put_image(fitsfile *file, long first, long second, const double *values)
{
    long axes[2] = {first, second};
    int code = 0;

    fits_create_img(file, DOUBLE_IMG, second > 0 ? 2 : 1, axes, &code);
    fits_write_img(file, TDOUBLE, 1, first * (second > 0 ? second : 1), (void *)(size_t)values, &code);
    assert_int_equal(code, 0);
}

static inline void fits_put_empty_primary(fitsfile *file)
{
    int code = 0;

    fits_create_img(file, BYTE_IMG, 0, NULL, &code);
    assert_int_equal(code, 0);
}

/** A table of columns of doubles.
 * @param names   separated by blanks
 * @param units   as many, separated by "|"
 * @param values  [columns][rows * repeat]
 */
static inline void fits_put_table(fitsfile *file, long rows, long repeat, const char *names,
                                  const char *units, const double *const *values)
{
    char name_text[200], unit_text[200], form[16];
    char *name[8], *unit[8], *forms[8];
    int count = 0;
    int code = 0;

    snprintf(name_text, sizeof name_text, "%s", names);
    snprintf(unit_text, sizeof unit_text, "%s", units);
    snprintf(form, sizeof form, "%ldD", repeat);
    for (char *at = name_text, *unit_at = unit_text; at != NULL && unit_at != NULL && count < 8; ++count) {
        name[count] = at;
        unit[count] = unit_at;
        forms[count] = form;
        at = strchr(at, ' ');
        unit_at = strchr(unit_at, '|');
        if (at != NULL)
            *at++ = '\0';
        if (unit_at != NULL)
            *unit_at++ = '\0';
    }
    fits_create_tbl(file, BINARY_TBL, rows, count, name, forms, unit, "SPECTRUM", &code);
    for (int i = 0; i < count; ++i)
        fits_write_col(file, TDOUBLE, i + 1, 1, 1, rows * repeat, (void *)(size_t)values[i], &code);
    assert_int_equal(code, 0);
}

#endif
