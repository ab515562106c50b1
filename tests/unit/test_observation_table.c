/** @file test_observation_table.c
 * A table of observed spectra gives each object's numbers in the order of the network's wavelengths, with
 * gaps as NaN; tables that do not fit the network or each other are refused. */
#include "io/observation_table.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "observation_check.h"

enum { BINS = 3 };

static const char *const PATH = "table.csv";
static const char *const ERRORS = "errors.csv";
static const double BIN_UM[BINS] = {1.0004, 1.1, 1.2099};

static tml_observation_table *open_table(const char *errors, double snr)
{
    tml_observation_table *table = NULL;
    tml_error error = {0, ""};
    tml_status status = tml_observation_table_open(PATH, errors, snr, BINS, BIN_UM, &table, &error);

    if (status != TML_OK)
        print_error("%s\n", error.message);
    assert_int_equal(status, TML_OK);
    return table;
}

static tml_observation_row next_row(tml_observation_table *table)
{
    tml_observation_row row;
    tml_error error = {0, ""};
    tml_status status = tml_observation_table_next(table, &row, &error);

    if (status != TML_OK)
        print_error("%s\n", error.message);
    assert_int_equal(status, TML_OK);
    return row;
}

static void expect_open_fails(const char *text, const char *errors, double snr, const char *words)
{
    tml_observation_table *table = NULL;
    tml_error error = {0, ""};

    write_text(PATH, text);
    assert_int_equal(tml_observation_table_open(PATH, errors, snr, BINS, BIN_UM, &table, &error),
                     TML_BAD_DATA);
    if (strstr(error.message, words) == NULL)
        print_error("%s\n", error.message);
    assert_non_null(strstr(error.message, words));
    assert_null(table);
}

/* Reads on to the first failure, which must come. */
static void expect_row_fails(const char *text, const char *error_text, const char *words)
{
    tml_observation_table *table;
    tml_observation_row row;
    tml_error error = {0, ""};
    tml_status status;

    write_text(PATH, text);
    if (error_text != NULL)
        write_text(ERRORS, error_text);
    table = open_table(error_text != NULL ? ERRORS : NULL, 10.0);
    do
        status = tml_observation_table_next(table, &row, &error);
    while (status == TML_OK && row.flux != NULL);
    assert_int_equal(status, TML_BAD_DATA);
    if (strstr(error.message, words) == NULL)
        print_error("%s\n", error.message);
    assert_non_null(strstr(error.message, words));
    assert_null(row.flux);
    tml_observation_table_close(&table);
}

static void test_columns_find_their_place(void **state)
{
    tml_observation_table *table;
    tml_observation_row row;

    (void)state;
    write_text(PATH, "gravity,1.21,name,1.0,teff,1.1,2.0\n4.5,3,a,1,700,2,9\n,6,b,nan,NaN,,9\n");
    write_text(ERRORS, "1.0,1.1,1.21,temperature\n0.1,0.2,0.3,700\n,0.5,0.6,\n");
    table = open_table(ERRORS, 0.0);
    assert_int_equal(tml_observation_table_labels(table), 2);
    assert_string_equal(tml_observation_table_label(table, 0), "logg");
    assert_string_equal(tml_observation_table_label(table, 1), "teff");
    row = next_row(table);
    assert_int_equal(row.row, 0);
    assert_true(row.flux[0] == 1.0 && row.flux[1] == 2.0 && row.flux[2] == 3.0);
    assert_true(row.error[0] == 0.1 && row.error[1] == 0.2 && row.error[2] == 0.3);
    assert_true(row.label[0] == 4.5 && row.label[1] == 700.0);
    row = next_row(table);
    assert_int_equal(row.row, 1);
    assert_true(isnan(row.flux[0]) && isnan(row.flux[1]) && row.flux[2] == 6.0);
    assert_true(isnan(row.error[0]) && row.error[1] == 0.5);
    assert_true(isnan(row.label[0]) && isnan(row.label[1]));
    assert_null(next_row(table).flux);
    assert_null(next_row(table).flux);
    tml_observation_table_close(&table);
    assert_null(table);
    tml_observation_table_close(&table);
}

static void test_errors_from_a_signal_to_noise_ratio(void **state)
{
    tml_observation_table *table;
    tml_observation_row row;

    (void)state;
    write_text(PATH, "1.0,1.1,1.21\n1,3,\n1,-3,1\n");
    table = open_table(NULL, 10.0);
    assert_int_equal(tml_observation_table_labels(table), 0);
    row = next_row(table);
    for (size_t i = 0; i < BINS; ++i)
        expect_near(row.error[i], 0.2, 4e-16);
    row = next_row(table); /* no mean above 0, no errors: one object does not stop the others */
    assert_true(isnan(row.error[0]));
    tml_observation_table_close(&table);
    expect_open_fails("1.0,1.1,1.21\n1,1,1\n", NULL, 0.0, "a second table with --errors, or --snr X");
}

static void test_header_within_rounding_or_a_tenth_of_a_pixel(void **state)
{
    tml_observation_table *table;

    (void)state;
    /* The pixels are 0.1 wide: 0.0099 off is within a tenth, 0.0102 is not. */
    write_text(PATH, "1.010300,1.1,1.2099\n1,1,1\n");
    table = open_table(NULL, 1.0);
    tml_observation_table_close(&table);
    expect_open_fails("1.010700,1.1,1.2099\n1,1,1\n", NULL, 1.0,
                      "no column is the wavelength 1.0004 micron, the nearest is '1.010700'");
    write_text(PATH, "1.0,1.1,1.2\n1,1,1\n"); /* one digit: 0.06 may be rounding */
    table = open_table(NULL, 1.0);
    tml_observation_table_close(&table);
}

static void test_tables_that_do_not_fit(void **state)
{
    (void)state;
    expect_open_fails("1.00,1.10\n1,1\n", NULL, 1.0, "no column is the wavelength 1.2099 micron");
    expect_open_fails("5.0,6.0,7.0\n1,1,1\n", NULL, 1.0,
                      "do not overlap those of the network, 1.0004 to 1.2099 micron");
    expect_open_fails("a,b\n1,1\n", NULL, 1.0, "no column is a wavelength");
    expect_open_fails("1.00,1.10,1.100,1.21\n1,1,1,1\n", NULL, 1.0, "are the same wavelength");
    expect_open_fails("1e0,3\n1,1\n", NULL, 1.0, "column '1e0' would be both 1.0004 and 1.1 micron");
    expect_open_fails("teff,temperature,1.0,1.1,1.21\n1,1,1,1,1\n", NULL, 1.0,
                      "columns 'teff' and 'temperature' are the same parameter");
    write_text(ERRORS, "1.0,1.1\n1,1\n");
    expect_open_fails("1.0,1.1,1.21\n1,1,1\n", ERRORS, 1.0, "errors.csv: no column is the wavelength 1.2099");
}

static void test_rows_that_do_not_fit(void **state)
{
    (void)state;
    expect_row_fails("1.0,1.1,1.21\n1,oops,1\n", NULL,
                     "table.csv: line 2, row 0, column '1.1': 'oops' is not a number");
    expect_row_fails("1.0,1.1,1.21\n1,1,1\n1,inf,1\n", NULL, "line 3, row 1, column '1.1'");
    expect_row_fails("1.0,1.1,1.21\n1,1\n", NULL, "has 2 fields, the header has 3");
    expect_row_fails("1.0,1.1,1.21\n", NULL, "there is a header but no row");
    expect_row_fails("teff,1.0,1.1,1.21\nhot,1,1,1\n", NULL, "column 'teff': 'hot' is not a number");
    expect_row_fails("1.0,1.1,1.21\n1,1,1\n", "1.0,1.1,1.21\n1,x,1\n",
                     "errors.csv: line 2, row 0, column '1.1'");
    expect_row_fails("1.0,1.1,1.21\n1,1,1\n1,1,1\n", "1.0,1.1,1.21\n1,1,1\n",
                     "errors.csv has fewer rows than table.csv, which has 2 or more");
    expect_row_fails("1.0,1.1,1.21\n1,1,1\n", "1.0,1.1,1.21\n1,1,1\n1,1,1\n",
                     "errors.csv has more rows than table.csv, which has 1");
    expect_row_fails("teff,1.0,1.1,1.21\n700,1,1,1\n800,1,1,1\n", "teff,1.0,1.1,1.21\n700,1,1,1\n900,1,1,1\n",
                     "errors.csv: line 3, row 1: teff is 900, but 800 in table.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_find_their_place),
        cmocka_unit_test(test_errors_from_a_signal_to_noise_ratio),
        cmocka_unit_test(test_header_within_rounding_or_a_tenth_of_a_pixel),
        cmocka_unit_test(test_tables_that_do_not_fit),
        cmocka_unit_test(test_rows_that_do_not_fit),
    };

    tml_log_setup(0, TML_LOG_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
