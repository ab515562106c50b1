/** @file test_exploration_parameters.c
 * Distribution of parameters, coverage, the fixed point and the spectra along each parameter. */
#include "exploration/filtered.h"

#include "core/log.h"
#include "core/random.h"
#include "exploration/coverage.h"
#include "exploration/fixed_point.h"
#include "mpi_test.h"

#include "made_rows.h"

enum { PARAMETERS = 3 };

/* What several tests begin with. */
typedef struct known {
    tml_explored_rows rows;
    tml_column_summary summary[PARAMETERS];
    tml_parameter_bins bins[PARAMETERS];
    tml_grid_shape shape;
} known;

static known find_bins(uint64_t total, made_row *make)
{
    known k = {.rows = made_rows(MPI_COMM_WORLD, total, 2, PARAMETERS, make)};
    tml_error error = {0, ""};

    k.shape.parameter_count = PARAMETERS;
    strcpy(k.shape.parameters[0].name, "teff");
    strcpy(k.shape.parameters[1].name, "logg");
    strcpy(k.shape.parameters[2].name, "met");
    TML_CHECK(tml_column_summaries(&k.rows, PARAMETERS, tml_parameter_value, k.summary, &error) == TML_OK);
    for (size_t p = 0; p < PARAMETERS; ++p)
        TML_CHECK(tml_parameter_bins_find(&k.rows, p, k.summary[p].minimum, k.summary[p].maximum, &k.bins[p],
                                          &error) == TML_OK);
    return k;
}

/* ---- a grid with a gap ---- */

/* 5 x 4 x 3 nodes without the last, each of 59 once, and the first node a second time. */
static void node_row(uint64_t place, float *flux, float *scaled, double *parameter)
{
    uint64_t node = place == 59 ? 0 : place;

    (void)scaled;
    flux[0] = (float)(place + 1);
    flux[1] = 0.5F;
    parameter[0] = 500.0 + 100.0 * (double)(node / 12);
    parameter[1] = 3.0 + 0.5 * (double)(node / 3 % 4);
    parameter[2] = -0.5 + 0.5 * (double)(node % 3);
}

static void test_a_grid_is_counted_axis_by_axis(void)
{
    known k = find_bins(60, node_row);
    tml_coverage coverage;
    tml_error error = {0, ""};

    TML_CHECK(k.bins[0].is_axis && k.bins[0].count == 5 && k.bins[0].different == 5);
    TML_CHECK(k.bins[0].low[4] == 900.0 && k.bins[0].high[4] == 900.0);
    TML_CHECK(k.bins[0].rows[0] == 13 && k.bins[0].rows[1] == 12 && k.bins[0].rows[4] == 11);
    TML_CHECK(tml_coverage_count(&k.rows, k.bins, &coverage, &error) == TML_OK);
    TML_CHECK(coverage.nodes == 60.0 && coverage.filled == 59 && coverage.pair_count == 3);
    TML_CHECK(coverage.pair[1].x == 0 && coverage.pair[1].y == 2);
    TML_CHECK(coverage.pair[1].rows[0] == 5 && coverage.pair[1].rows[4 * 3 + 2] == 3);
    tml_coverage_free(&coverage);
    tml_explored_rows_free(&k.rows);
}

/* The commonest values: 500 K (13 rows), log g 3 (16), -0.5 (21). */
static void test_the_fixed_point_of_a_grid(void)
{
    const tml_fixed_value wanted[2] = {{"logg", 4.2}, {"met", 0.0}};
    known k = find_bins(60, node_row);
    double fixed[PARAMETERS];
    tml_error error = {0, ""};

    TML_CHECK(tml_fixed_point_find(&k.rows, &k.shape, k.bins, k.summary, 0, NULL, fixed, &error) == TML_OK);
    TML_CHECK(fixed[0] == 500.0 && fixed[1] == 3.0 && fixed[2] == -0.5);
    TML_CHECK(tml_fixed_point_find(&k.rows, &k.shape, k.bins, k.summary, 2, wanted, fixed, &error) == TML_OK);
    TML_CHECK(fixed[0] == 500.0 && fixed[1] == 4.0 && fixed[2] == 0.0);
    tml_explored_rows_free(&k.rows);
}

static void test_a_fixed_value_must_be_one_of_the_grid(void)
{
    const tml_fixed_value outside[1] = {{"teff", 901.0}};
    const tml_fixed_value unknown[1] = {{"tef", 901.0}};
    const tml_fixed_value twice[2] = {{"teff", 900.0}, {"teff", 500.0}};
    known k = find_bins(60, node_row);
    double fixed[PARAMETERS];
    tml_error error = {0, ""};

    TML_CHECK(tml_fixed_point_find(&k.rows, &k.shape, k.bins, k.summary, 1, outside, fixed, &error) ==
              TML_USAGE);
    TML_CHECK(strstr(error.message, "teff=901") != NULL && strstr(error.message, "500 to 900") != NULL);
    TML_CHECK(tml_fixed_names_check(&k.shape, 1, unknown, &error) == TML_USAGE);
    TML_CHECK(strstr(error.message, "'tef'") != NULL && strstr(error.message, "'teff'") != NULL);
    TML_CHECK(tml_fixed_names_check(&k.shape, 2, twice, &error) == TML_USAGE);
    TML_CHECK(strstr(error.message, "twice") != NULL);
    tml_explored_rows_free(&k.rows);
}

static void test_spectra_along_an_axis(void)
{
    static const double fixed[PARAMETERS] = {500.0, 4.5, 0.5};
    known k = find_bins(60, node_row);
    tml_row_table table;
    tml_error error = {0, ""};

    TML_CHECK(tml_filtered_table(&k.rows, k.bins, fixed, 0, &table, &error) == TML_OK);
    /* The node at 900 K is the one that is not there. */
    TML_CHECK(table.count == (tml_test_rank == 0 ? 4 : 0));
    for (size_t i = 0; i < table.count; ++i) {
        tml_row_line line = tml_row_table_line(&table, i);
        uint64_t place = 12 * i + 11;

        TML_CHECK(line.row == made_number(place) && line.parameter[0] == 500.0 + 100.0 * (double)i);
        TML_CHECK(line.extra[0] == (double)(place + 1) && line.extra[1] == 0.5);
    }
    tml_row_table_free(&table);
    tml_explored_rows_free(&k.rows);
}

/* ---- a grid whose commonest values do not meet ---- */

/* Seven rows at 500 K and log g 3.0 to 3.6, nine at 607 to 615 K and log g 5. */
static void apart_row(uint64_t place, float *flux, float *scaled, double *parameter)
{
    (void)scaled;
    flux[0] = 1.0F;
    parameter[0] = place < 7 ? 500.0 : 600.0 + (double)place;
    parameter[1] = place < 7 ? 3.0 + 0.1 * (double)place : 5.0;
    parameter[2] = 0.0;
}

static void test_a_fixed_point_without_a_row_moves_to_one(void)
{
    known k = find_bins(16, apart_row);
    double fixed[PARAMETERS];
    tml_error error = {0, ""};

    /* 500 K is commonest, and log g 5. As shares of the ranges, log g 3.6 is 0.7 away, 607 K is 0.93. */
    TML_CHECK(tml_fixed_point_find(&k.rows, &k.shape, k.bins, k.summary, 0, NULL, fixed, &error) == TML_OK);
    TML_CHECK(fixed[0] == 500.0 && fixed[1] == 3.0 + 0.1 * 6.0);
    tml_explored_rows_free(&k.rows);
}

/* ---- scattered points ---- */

static void scattered_row(uint64_t place, float *flux, float *scaled, double *parameter)
{
    (void)scaled;
    flux[0] = 1.0F;
    for (size_t p = 0; p < PARAMETERS; ++p)
        parameter[p] = tml_random_uniform(11, TML_RANDOM_DESIGN, place, p, 0);
}

static void test_scattered_points_fill_a_histogram(void)
{
    known k = find_bins(300, scattered_row);
    tml_coverage coverage;
    uint64_t rows = 0;
    tml_error error = {0, ""};

    TML_CHECK(!k.bins[0].is_axis && k.bins[0].count == 18 && k.bins[0].different == 300); /* 17.3 upwards */
    TML_CHECK(k.bins[0].low[0] == k.summary[0].minimum && k.bins[0].high[17] == k.summary[0].maximum);
    for (size_t i = 0; i < k.bins[0].count; ++i)
        rows += k.bins[0].rows[i];
    TML_CHECK(rows == 300);
    TML_CHECK(tml_coverage_count(&k.rows, k.bins, &coverage, &error) == TML_OK);
    TML_CHECK(isnan(coverage.nodes) && coverage.filled == 300);
    tml_coverage_free(&coverage);
    tml_explored_rows_free(&k.rows);
}

/* The nearest 60 of 5000 points by a sort of all. */
static void test_scattered_spectra_are_the_nearest(void)
{
    enum { MANY = 5000 };
    static double away[MANY];
    static const double fixed[PARAMETERS] = {0.5, 0.4, 0.6};
    known k = find_bins(MANY, scattered_row);
    double bound;
    tml_row_table table;
    tml_error error = {0, ""};

    for (uint64_t i = 0; i < MANY; ++i) {
        double p[PARAMETERS];
        float flux;

        scattered_row(i, &flux, NULL, p);
        away[i] = fmax(fabs(p[0] - 0.5) / (k.summary[0].maximum - k.summary[0].minimum),
                       fabs(p[2] - 0.6) / (k.summary[2].maximum - k.summary[2].minimum));
    }
    for (size_t i = 0; i <= TML_FILTERED_ROWS; ++i) /* the 61 smallest, in order */
        for (size_t j = i + 1; j < MANY; ++j)
            if (away[j] < away[i]) {
                double smaller = away[j];

                away[j] = away[i];
                away[i] = smaller;
            }
    bound = 0.5 * (away[TML_FILTERED_ROWS - 1] + away[TML_FILTERED_ROWS]);
    TML_CHECK(tml_filtered_table(&k.rows, k.bins, fixed, 1, &table, &error) == TML_OK);
    TML_CHECK(table.count == (tml_test_rank == 0 ? TML_FILTERED_ROWS : 0));
    for (size_t i = 0; i < table.count; ++i) {
        tml_row_line line = tml_row_table_line(&table, i);

        TML_CHECK(fabs(line.parameter[0] - 0.5) < bound && fabs(line.parameter[2] - 0.6) < bound);
        TML_CHECK(i == 0 || tml_row_table_line(&table, i - 1).parameter[1] <= line.parameter[1]);
    }
    tml_row_table_free(&table);
    tml_explored_rows_free(&k.rows);
}

/* ---- more equally near rows than are shown ---- */

/* 64 values of the first parameter with ten rows each; the others are always the same. */
static void long_row(uint64_t place, float *flux, float *scaled, double *parameter)
{
    (void)scaled;
    flux[0] = 1.0F;
    parameter[0] = (double)(place % 64);
    parameter[1] = 4.0;
    parameter[2] = 0.0;
}

static void test_many_equally_near_spectra_are_thinned_evenly(void)
{
    static const double fixed[PARAMETERS] = {0.0, 4.0, 0.0};
    known k = find_bins(640, long_row);
    tml_row_table table;
    tml_error error = {0, ""};

    TML_CHECK(tml_filtered_table(&k.rows, k.bins, fixed, 0, &table, &error) == TML_OK);
    if (tml_test_rank == 0) {
        TML_CHECK(table.count == TML_FILTERED_ROWS);
        TML_CHECK(tml_row_table_line(&table, 0).parameter[0] == 0.0);
        TML_CHECK(tml_row_table_line(&table, table.count - 1).parameter[0] == 63.0);
    }
    for (size_t i = 0; i < table.count; ++i) {
        tml_row_line line = tml_row_table_line(&table, i);
        uint64_t value = (uint64_t)line.parameter[0];

        TML_CHECK(i == 0 || tml_row_table_line(&table, i - 1).parameter[0] < line.parameter[0]);
        for (uint64_t place = value; place < 640; place += 64)
            TML_CHECK(line.row <= made_number(place));
    }
    tml_row_table_free(&table);
    tml_explored_rows_free(&k.rows);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    test_a_grid_is_counted_axis_by_axis();
    test_the_fixed_point_of_a_grid();
    test_a_fixed_value_must_be_one_of_the_grid();
    test_spectra_along_an_axis();
    test_a_fixed_point_without_a_row_moves_to_one();
    test_scattered_points_fill_a_histogram();
    test_scattered_spectra_are_the_nearest();
    test_many_equally_near_spectra_are_thinned_evenly();
    return tml_test_finish();
}
