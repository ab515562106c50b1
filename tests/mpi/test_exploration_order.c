/** @file test_exploration_order.c
 * Order statistics and summaries of columns are those of a sort of all values, to the bit, on any number of
 * ranks. */
#include "exploration/column_summary.h"

#include "core/random.h"
#include "exploration/sorted_columns.h"
#include "exploration/sorted_search.h"
#include "mpi_test.h"

#include "made_rows.h"

enum { ROWS = 203, COLUMNS = 40 };

/* Columns of all kinds: ties, both signs and tiny and huge numbers, only one value, none, some left out. */
static double number(uint64_t place, size_t column)
{
    double u = tml_random_uniform(5, TML_RANDOM_DESIGN, place, column, 0);

    switch (column % 6) {
    case 0:
        return floor(8.0 * u) - 4.0;
    case 1:
        return (u < 0.5 ? -1.0 : 1.0) * pow(10.0, 600.0 * (u - 0.5));
    case 2:
        return column < 6 ? 0.1 : u;
    case 3:
        return column < 6 ? (double)NAN : u * u;
    case 4:
        return u < 0.3 ? (double)NAN : -log(u);
    default:
        return u < 0.5 ? -0.0 : 0.0;
    }
}

static double made_number_of(const tml_explored_rows *rows, size_t row, size_t column)
{
    return number(rows->first + row, column);
}

/* Without the huge numbers, whose squares are none. */
static double made_moderate(const tml_explored_rows *rows, size_t row, size_t column)
{
    return column % 6 == 1 ? 5.0 + (double)row : number(rows->first + row, column);
}

static void leave_empty(uint64_t place, float *flux, float *scaled, double *parameter)
{
    (void)place;
    (void)flux;
    (void)scaled;
    (void)parameter;
}

/* @return number of values of the whole column, sorted */
static size_t whole_column(uint64_t rows, size_t column, double *sorted)
{
    size_t count = 0;

    for (uint64_t i = 0; i < rows; ++i) {
        double value = number(i, column);

        if (!isnan(value))
            sorted[count++] = value + 0.0;
    }
    tml_sort_doubles(count, sorted);
    return count;
}

static void put_all(const tml_explored_rows *rows, tml_sorted_columns *sorted)
{
    tml_error error = {0, ""};

    TML_CHECK(tml_sorted_columns_create(MPI_COMM_WORLD, COLUMNS, rows->count, sorted, &error) == TML_OK);
    for (size_t c = 0; c < COLUMNS; ++c)
        for (size_t i = 0; i < rows->count; ++i)
            tml_sorted_columns_put(sorted, c, made_number_of(rows, i, c));
    TML_CHECK(tml_sorted_columns_finish(sorted, &error) == TML_OK);
}

static void check_order(uint64_t total)
{
    enum { WANTED = 5 };
    static uint64_t order[COLUMNS][WANTED];
    static double got[COLUMNS][WANTED];
    tml_explored_rows rows = made_rows(MPI_COMM_WORLD, total, 1, 1, leave_empty);
    tml_sorted_columns sorted;
    tml_error error = {0, ""};

    put_all(&rows, &sorted);
    for (size_t c = 0; c < COLUMNS; ++c)
        for (size_t k = 0; k < WANTED; ++k)
            order[c][k] = k == 4 ? total : (total - 1) * k / 3; /* the last never is there */
    TML_CHECK(tml_sorted_columns_values(&sorted, WANTED, order[0], got[0], &error) == TML_OK);
    for (size_t c = 0; c < COLUMNS; ++c) {
        double all[ROWS];
        size_t count = whole_column(total, c, all);

        TML_CHECK(sorted.total[c] == count);
        for (size_t k = 0; k < WANTED; ++k) {
            double want = order[c][k] < count ? all[order[c][k]] : (double)NAN;

            TML_CHECK(made_same(1, &got[c][k], &want));
        }
    }
    tml_sorted_columns_free(&sorted);
    tml_explored_rows_free(&rows);
}

static void test_order_statistics_are_those_of_a_sort(void)
{
    check_order(1);
    check_order(2);
    check_order(17);
    check_order(ROWS);
}

/* 1, 2, ..., 9, 100: type 7 puts the quartiles at 3.25, 5.5 and 7.75, so 1.5 boxes reach from -3.5 to 14.5.
 */
static double ten_values(const tml_explored_rows *rows, size_t row, size_t column)
{
    uint64_t place = (rows->first + row) * 7 % 10;

    (void)column;
    return place == 9 ? 100.0 : (double)(place + 1);
}

static void test_a_box_by_hand(void)
{
    tml_explored_rows rows = made_rows(MPI_COMM_WORLD, 10, 1, 1, leave_empty);
    tml_column_summary s;
    tml_error error = {0, ""};

    TML_CHECK(tml_column_summaries(&rows, 1, ten_values, &s, &error) == TML_OK);
    TML_CHECK(s.count == 10 && s.minimum == 1.0 && s.maximum == 100.0);
    TML_CHECK(s.q1 == 3.25 && s.median == 5.5 && s.q3 == 7.75);
    TML_CHECK(s.whisker_low == 1.0 && s.whisker_high == 9.0);
    TML_CHECK(fabs(s.p2_5 - 1.225) < 1e-14 && fabs(s.p97_5 - 79.525) < 1e-12); /* 9 + 0.775 91 */
    TML_CHECK(s.mean == 14.5);
    /* Squares about 14.5 add up to 8182.5, cubes to 615600; rounding of double. */
    TML_CHECK(fabs(s.sd - sqrt(8182.5 / 9.0)) < 1e-13);
    TML_CHECK(fabs(s.skewness - 61560.0 / pow(818.25, 1.5)) < 1e-13);
    tml_explored_rows_free(&rows);
}

/* 0 0 0 1: the upper quartile lies between values at 0.25, 1.5 boxes reach to 0.625, so the whisker ends at
 * the box. */
static double one_of_four(const tml_explored_rows *rows, size_t row, size_t column)
{
    (void)column;
    return rows->first + row == 2 ? 1.0 : 0.0;
}

static void test_a_whisker_never_ends_inside_its_box(void)
{
    tml_explored_rows rows = made_rows(MPI_COMM_WORLD, 4, 1, 1, leave_empty);
    tml_column_summary s;
    tml_error error = {0, ""};

    TML_CHECK(tml_column_summaries(&rows, 1, one_of_four, &s, &error) == TML_OK);
    TML_CHECK(s.q3 == 0.25 && s.whisker_high == 0.25 && s.whisker_low == 0.0);
    tml_explored_rows_free(&rows);
}

static void test_columns_without_values_and_without_variation(void)
{
    tml_explored_rows rows = made_rows(MPI_COMM_WORLD, ROWS, 1, 1, leave_empty);
    tml_column_summary s[6];
    tml_error error = {0, ""};

    TML_CHECK(tml_column_summaries(&rows, 6, made_moderate, s, &error) == TML_OK);
    TML_CHECK(s[2].mean == 0.1 && s[2].sd == 0.0 && isnan(s[2].skewness) && s[2].whisker_high == 0.1);
    TML_CHECK(s[3].count == 0 && isnan(s[3].mean) && isnan(s[3].sd) && isnan(s[3].median));
    TML_CHECK(isnan(s[3].whisker_low) && isnan(s[3].minimum));
    TML_CHECK(s[5].minimum == 0.0 && s[5].sd == 0.0);
    tml_explored_rows_free(&rows);
}

static double from_place(const tml_explored_rows *rows, size_t row, size_t column)
{
    double value = number(rows->first + row, column);

    return column % 6 == 1 ? log10(fabs(value)) : value;
}

static void test_summaries_are_the_same_bits_on_any_number_of_ranks(void)
{
    static tml_column_summary all[COLUMNS];
    static tml_column_summary alone[COLUMNS];
    made_pair pair = made_rows_twice(ROWS, 1, 1, leave_empty);
    tml_error error = {0, ""};

    TML_CHECK(tml_column_summaries(&pair.all, COLUMNS, from_place, all, &error) == TML_OK);
    TML_CHECK(tml_column_summaries(&pair.alone, COLUMNS, from_place, alone, &error) == TML_OK);
    for (size_t c = 0; c < COLUMNS; ++c) {
        TML_CHECK(all[c].count == alone[c].count);
        TML_CHECK(made_same(12, &all[c].minimum, &alone[c].minimum)); /* all doubles of the summary */
    }
    made_pair_free(&pair);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_order_statistics_are_those_of_a_sort();
    test_a_box_by_hand();
    test_a_whisker_never_ends_inside_its_box();
    test_columns_without_values_and_without_variation();
    test_summaries_are_the_same_bits_on_any_number_of_ranks();
    return tml_test_finish();
}
