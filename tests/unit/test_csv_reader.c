/** @file test_csv_reader.c
 * Comma-separated text, plain and compressed, is read field by field as it was meant, and what is not in
 * order is refused with its place; compressed data that stop early or are damaged are never taken for a
 * complete file. */
#include "io/csv_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

enum { MANY_ROWS = 40000 };

static const char *const PATH = "table.csv";

static void write_bytes(const char *bytes, size_t count)
{
    FILE *file = fopen(PATH, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

static void write_text(const char *text)
{
    write_bytes(text, strlen(text));
}

/* "i,i*i" for each row: long enough for several reads of the file and several blocks of bzip2. */
static char *many_rows(void)
{
    char *text = malloc(MANY_ROWS * 24);
    size_t at = 0;

    assert_non_null(text);
    at += (size_t)sprintf(text, "a,b\n");
    for (long i = 0; i < MANY_ROWS; ++i)
        at += (size_t)sprintf(text + at, "%ld,%ld\n", i, i * i);
    return text;
}

static tml_csv_reader *open_table(void)
{
    tml_csv_reader *reader = NULL;
    tml_error error = {0, ""};

    assert_int_equal(tml_csv_open(PATH, &reader, &error), TML_OK);
    return reader;
}

static const char *const *next_row(tml_csv_reader *reader)
{
    const char *const *fields = NULL;
    tml_error error = {0, ""};

    assert_int_equal(tml_csv_next(reader, &fields, &error), TML_OK);
    return fields;
}

static void expect_open_fails(tml_status expected, const char *words)
{
    tml_csv_reader *reader = NULL;
    tml_error error = {0, ""};

    assert_int_equal(tml_csv_open(PATH, &reader, &error), expected);
    assert_null(reader);
    assert_non_null(strstr(error.message, PATH));
    assert_non_null(strstr(error.message, words));
}

static void expect_row_fails(tml_csv_reader *reader, tml_status expected, const char *words)
{
    const char *const *fields = NULL;
    tml_error error = {0, ""};

    assert_int_equal(tml_csv_next(reader, &fields, &error), expected);
    assert_null(fields);
    assert_non_null(strstr(error.message, words));
}

/* Reads on to the end or to the first failure. */
static tml_status read_to_end(tml_csv_reader *reader, int64_t *rows, tml_error *error)
{
    const char *const *fields = NULL;
    tml_status status;

    do
        status = tml_csv_next(reader, &fields, error);
    while (status == TML_OK && fields != NULL);
    *rows = tml_csv_row(reader) + 1;
    return status;
}

static void test_fields_come_as_they_stand(void **state)
{
    tml_csv_reader *reader;
    const char *const *fields;

    (void)state;
    write_text("temperature,name,1.247\n1000, two words ,\n200,,3e-9\n");
    reader = open_table();
    assert_int_equal(tml_csv_columns(reader), 3);
    assert_string_equal(tml_csv_name(reader, 2), "1.247");
    assert_int_equal(tml_csv_find(reader, "name"), 1);
    assert_int_equal(tml_csv_find(reader, "nam"), -1);
    fields = next_row(reader);
    assert_string_equal(fields[0], "1000");
    assert_string_equal(fields[1], "two words");
    assert_string_equal(fields[2], "");
    fields = next_row(reader);
    assert_string_equal(fields[1], "");
    assert_string_equal(fields[2], "3e-9");
    assert_null(next_row(reader));
    assert_null(next_row(reader));
    tml_csv_close(&reader);
    assert_null(reader);
    tml_csv_close(&reader);
}

static void test_quotes_hold_commas_and_quotes(void **state)
{
    tml_csv_reader *reader;
    const char *const *fields;

    (void)state;
    write_text("\"a,\"\"b\"\"\",c\n\"1,5\" ,\"\"\n\" x \",\"\"\"\"\n5\" disk,2\n");
    reader = open_table();
    assert_string_equal(tml_csv_name(reader, 0), "a,\"b\"");
    fields = next_row(reader);
    assert_string_equal(fields[0], "1,5");
    assert_string_equal(fields[1], "");
    fields = next_row(reader);
    assert_string_equal(fields[0], " x ");
    assert_string_equal(fields[1], "\"");
    fields = next_row(reader);
    assert_string_equal(fields[0], "5\" disk");
    tml_csv_close(&reader);
}

static void test_bad_quotes_are_refused_with_their_place(void **state)
{
    tml_csv_reader *reader;

    (void)state;
    write_text("a,b\n1,2\n3,\"4\n5,6\n");
    reader = open_table();
    assert_non_null(next_row(reader));
    expect_row_fails(reader, TML_BAD_DATA, "line 3, row 1, field 2");
    tml_csv_close(&reader);
    write_text("a,b\n\"1\"2,3\n");
    reader = open_table();
    expect_row_fails(reader, TML_BAD_DATA, "line 2, row 0, field 1");
    tml_csv_close(&reader);
    write_text("a,\"b\n1,2\n");
    expect_open_fails(TML_BAD_DATA, "the header");
}

static void test_line_ends_marks_and_blank_lines_do_not_matter(void **state)
{
    static const char *const texts[] = {
        "a,b\n1,2\n3,4\n",
        "a,b\r\n1,2\r\n3,4\r\n",
        "\xEF\xBB\xBF"
        "a,b\n1,2\n3,4",
        "a,b\n1,2\n3,4\r",
        "\n\na,b\n\n1,2\n  \n3,4\n\n",
        "\xEF\xBB\xBF\r\na,b\r\n1,2\r\n\r\n3,4\r\n\r\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
        tml_csv_reader *reader;
        const char *const *fields;

        write_text(texts[i]);
        reader = open_table();
        assert_string_equal(tml_csv_name(reader, 0), "a");
        assert_string_equal(tml_csv_name(reader, 1), "b");
        assert_string_equal(next_row(reader)[1], "2");
        fields = next_row(reader);
        assert_string_equal(fields[0], "3");
        assert_string_equal(fields[1], "4");
        assert_null(next_row(reader));
        tml_csv_close(&reader);
    }
}

static void test_rows_and_lines_are_counted(void **state)
{
    tml_csv_reader *reader;

    (void)state;
    write_text("a\n\n10\n\n\n11\n");
    reader = open_table();
    assert_int_equal(tml_csv_row(reader), -1);
    next_row(reader);
    assert_int_equal(tml_csv_row(reader), 0);
    assert_int_equal(tml_csv_line(reader), 3);
    next_row(reader);
    assert_int_equal(tml_csv_row(reader), 1);
    assert_int_equal(tml_csv_line(reader), 6);
    tml_csv_close(&reader);
}

static void test_short_and_long_rows_are_refused(void **state)
{
    tml_csv_reader *reader;

    (void)state;
    write_text("a,b,c\n1,2,3\n4,5\n");
    reader = open_table();
    assert_non_null(next_row(reader));
    expect_row_fails(reader, TML_BAD_DATA, "line 3, row 1 has 2 fields, the header has 3");
    tml_csv_close(&reader);
    write_text("a,b,c\n1,2,3,\n");
    reader = open_table();
    expect_row_fails(reader, TML_BAD_DATA, "line 2, row 0 has 4 fields");
    tml_csv_close(&reader);
}

static void test_bad_headers_are_refused(void **state)
{
    (void)state;
    write_text("");
    expect_open_fails(TML_BAD_DATA, "empty");
    write_text("\n\n");
    expect_open_fails(TML_BAD_DATA, "empty");
    write_text("a,b,a\n1,2,3\n");
    expect_open_fails(TML_BAD_DATA, "'a'");
    write_text("a,,c\n1,2,3\n");
    expect_open_fails(TML_BAD_DATA, "column 2");
    write_text(",b\n1,2\n");
    expect_open_fails(TML_BAD_DATA, "pandas");
}

static void test_what_is_no_text_is_refused(void **state)
{
    tml_csv_reader *reader = NULL;
    tml_error error = {0, ""};

    (void)state;
    write_bytes("\xFF\xFE"
                "a\0,\0b\0\n\0",
                10);
    expect_open_fails(TML_BAD_DATA, "UTF-16");
    write_bytes("\xFD"
                "7zXZ\0abc",
                9);
    expect_open_fails(TML_BAD_DATA, "xz");
    unlink(PATH);
    expect_open_fails(TML_NO_INPUT, "No such file");
    assert_int_equal(tml_csv_open(".", &reader, &error), TML_NO_INPUT);
    assert_null(reader);
}

static void test_numbers_are_finite_or_refused(void **state)
{
    static const char *const bad[] = {"nan", "inf", "-Infinity", "1e999", "abc", "1.5x", "1,5", ""};
    tml_csv_reader *reader;
    tml_error error = {0, ""};
    double value = 0.0;

    (void)state;
    write_text("a,1.25\n0,-1.5e-9\n");
    reader = open_table();
    next_row(reader);
    assert_int_equal(tml_csv_number(reader, 1, &value, &error), TML_OK);
    assert_true(value == -1.5e-9);
    tml_csv_close(&reader);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; ++i) {
        char text[64];

        snprintf(text, sizeof text, "a,1.25\n0,1\n0,\"%s\"\n", bad[i]);
        write_text(text);
        reader = open_table();
        next_row(reader);
        next_row(reader);
        value = 7.0;
        assert_int_equal(tml_csv_number(reader, 1, &value, &error), TML_BAD_DATA);
        assert_true(value == 7.0);
        assert_non_null(strstr(error.message, "table.csv: line 3, row 1, column '1.25'"));
        assert_non_null(strstr(error.message, bad[i]));
        tml_csv_close(&reader);
    }
}

static void check_many_rows(void)
{
    tml_csv_reader *reader = open_table();

    for (long i = 0; i < MANY_ROWS; ++i) {
        const char *const *fields = next_row(reader);

        assert_non_null(fields);
        assert_int_equal(strtol(fields[0], NULL, 10), i);
        assert_int_equal(strtol(fields[1], NULL, 10), i * i);
    }
    assert_null(next_row(reader));
    tml_csv_close(&reader);
}

static void write_gzip(const char *text)
{
    gzFile file = gzopen(PATH, "wb");

    assert_non_null(file);
    assert_int_equal(gzwrite(file, text, (unsigned)strlen(text)), strlen(text));
    assert_int_equal(gzclose(file), Z_OK);
}

static void test_many_rows_plain_and_compressed(void **state)
{
    char *text = many_rows();

    (void)state;
    write_text(text);
    check_many_rows();
    write_gzip(text);
    check_many_rows();
    free(text);
}

/* tests/unit/test_byte_source.c cuts and damages at many places and with bzip2 too. */
static void test_a_truncated_file_ends_in_an_error(void **state)
{
    char *text = many_rows();
    tml_csv_reader *reader;
    tml_error error = {0, ""};
    int64_t rows = 0;

    (void)state;
    write_gzip(text);
    assert_int_equal(truncate(PATH, 100000), 0);
    reader = open_table();
    assert_int_equal(read_to_end(reader, &rows, &error), TML_IO_ERROR);
    assert_true(rows > 0 && rows < MANY_ROWS);
    assert_non_null(strstr(error.message, "stop before their end"));
    tml_csv_close(&reader);
    free(text);
}

static void test_a_line_of_a_million_letters_is_read(void **state)
{
    enum { LETTERS = 1000000 };
    char *text = malloc(LETTERS + 16);
    tml_csv_reader *reader;
    const char *const *fields;
    size_t at = (size_t)sprintf(text, "a,b\n7,");

    (void)state;
    memset(text + at, 'x', LETTERS);
    memcpy(text + at + LETTERS, "\n8,y\n", 6);
    write_text(text);
    reader = open_table();
    fields = next_row(reader);
    assert_string_equal(fields[0], "7");
    assert_int_equal(strlen(fields[1]), LETTERS);
    assert_int_equal(strspn(fields[1], "x"), LETTERS);
    assert_string_equal(next_row(reader)[1], "y");
    tml_csv_close(&reader);
    free(text);
}

static void test_a_line_beyond_the_limit_is_refused(void **state)
{
    enum { PIECE = 1 << 20 };
    char *piece = malloc(PIECE);
    FILE *file = fopen(PATH, "wb");
    tml_csv_reader *reader;

    (void)state;
    assert_non_null(file);
    fputs("a\n1\n", file);
    memset(piece, 'x', PIECE);
    for (int i = 0; i < 65; ++i)
        assert_int_equal(fwrite(piece, 1, PIECE, file), PIECE);
    assert_int_equal(fclose(file), 0);
    reader = open_table();
    next_row(reader);
    expect_row_fails(reader, TML_BAD_DATA, "line 3 is longer than 64 MiB");
    tml_csv_close(&reader);
    free(piece);
}

static int remove_table(void **state)
{
    (void)state;
    unlink(PATH);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_come_as_they_stand),
        cmocka_unit_test(test_quotes_hold_commas_and_quotes),
        cmocka_unit_test(test_bad_quotes_are_refused_with_their_place),
        cmocka_unit_test(test_line_ends_marks_and_blank_lines_do_not_matter),
        cmocka_unit_test(test_rows_and_lines_are_counted),
        cmocka_unit_test(test_short_and_long_rows_are_refused),
        cmocka_unit_test(test_bad_headers_are_refused),
        cmocka_unit_test(test_what_is_no_text_is_refused),
        cmocka_unit_test(test_numbers_are_finite_or_refused),
        cmocka_unit_test(test_many_rows_plain_and_compressed),
        cmocka_unit_test(test_a_truncated_file_ends_in_an_error),
        cmocka_unit_test(test_a_line_of_a_million_letters_is_read),
        cmocka_unit_test(test_a_line_beyond_the_limit_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, remove_table);
}
