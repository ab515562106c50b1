/** @file test_exploration_components.c
 * Principal components of a known covariance, and nearest neighbours by a search through all rows; both the
 * same bits on any number of ranks. */
#include "exploration/components.h"

#include <float.h>

#include "core/random.h"
#include "exploration/neighbours.h"
#include "exploration/outliers.h"
#include "mpi_test.h"

#include "made_rows.h"

enum { ROWS = 157, WAVELENGTHS = 9, AXES = 3 };

/* ---- a covariance by hand ---- */

/* Eight rows: (1, 2, 3) + a (0.6, 0, -0.8) + b (0, 1, 0), where a = 3 in half of them and -3 in the others,
 * b = 1 and -1 within each half: variances 72 / 7 and 8 / 7, and 0. */
static void crossed_row(uint64_t place, float *flux, float *scaled, double *parameter)
{
    double a = place < 4 ? 3.0 : -3.0;
    double b = place % 2 == 0 ? 1.0 : -1.0;

    (void)parameter;
    flux[0] = 1.0F;
    scaled[0] = (float)(1.0 + 0.6 * a);
    scaled[1] = (float)(2.0 + b);
    scaled[2] = (float)(3.0 - 0.8 * a);
}

static void test_components_of_a_known_covariance(void)
{
    static const double want[2][3] = {{-0.6, 0.0, 0.8}, {0.0, 1.0, 0.0}};
    tml_explored_rows rows = made_rows(MPI_COMM_WORLD, 8, 3, 1, crossed_row);
    tml_components c;
    tml_error error = {0, ""};

    TML_CHECK(tml_components_compute(&rows, 3, &c, &error) == TML_OK);
    /* 0.6 and 0.8 are floats here: 6e-8 of each. */
    TML_CHECK(c.pca.kept == 2);
    TML_CHECK(fabs(c.pca.variance[0] - 72.0 / 7.0) < 1e-5 && fabs(c.pca.variance[1] - 8.0 / 7.0) < 1e-6);
    TML_CHECK(c.pca.variance[2] < 1e-12 && fabs(c.pca.share[0] - 0.9) < 1e-6);
    for (size_t w = 0; w < 3; ++w) {
        TML_CHECK(fabs(c.mean[w] - (double)(w + 1)) < 1e-6);
        TML_CHECK(fabs(c.pca.component[w] - want[0][w]) < 1e-6);
        TML_CHECK(fabs(c.pca.component[3 + w] - want[1][w]) < 1e-6);
    }
    for (size_t i = 0; i < rows.count; ++i) {
        uint64_t place = rows.first + i;

        TML_CHECK(fabs(c.score[2 * i] - (place < 4 ? -3.0 : 3.0)) < 1e-5);
        TML_CHECK(fabs(c.score[2 * i + 1] - (place % 2 == 0 ? 1.0 : -1.0)) < 1e-5);
    }
    tml_components_free(&c);
    tml_explored_rows_free(&rows);
}

static void same_row(uint64_t place, float *flux, float *scaled, double *parameter)
{
    (void)place;
    (void)parameter;
    for (size_t w = 0; w < 3; ++w)
        flux[w] = scaled[w] = 0.3F * (float)w;
}

static void test_spectra_that_are_alike_have_no_components(void)
{
    static const uint64_t totals[] = {1, 9};

    for (size_t t = 0; t < 2; ++t) {
        tml_explored_rows rows = made_rows(MPI_COMM_WORLD, totals[t], 3, 1, same_row);
        tml_components c;
        tml_neighbours n = {NULL, NULL, 0.0};
        tml_row_table table;
        tml_error error = {0, ""};

        TML_CHECK(tml_components_compute(&rows, 3, &c, &error) == TML_OK);
        TML_CHECK(c.pca.kept == 0);
        TML_CHECK(tml_neighbours_find(&rows, &c, 1, &n, &error) == TML_OK);
        TML_CHECK(isnan(n.median) && (rows.count == 0 || isnan(n.distance[0])));
        TML_CHECK(tml_outlier_table(&rows, &n, &table, &error) == TML_OK);
        TML_CHECK(table.count == 0);
        tml_row_table_free(&table);
        tml_neighbours_free(&n);
        tml_components_free(&c);
        tml_explored_rows_free(&rows);
    }
}

/* ---- any number of ranks ---- */

/* Every tenth row has the spectrum of an earlier one; row 33 lies far from all. */
static void random_row(uint64_t place, float *flux, float *scaled, double *parameter)
{
    uint64_t key = place % 10 == 7 ? place - 5 : place;

    parameter[0] = (double)place;
    for (size_t w = 0; w < WAVELENGTHS; ++w) {
        flux[w] = 1.0F;
        scaled[w] = (float)tml_random_uniform(7, TML_RANDOM_DESIGN, key, w, 0) + (place == 33 ? 3.0F : 0.0F);
    }
}

/* The nearest by a search through all whitened rows of this rank, which are the whole. */
static void search(const tml_explored_rows *rows, const tml_components *c, size_t self, double *distance,
                   int64_t *nearest)
{
    double smallest = DBL_MAX;

    for (size_t i = 0; i < rows->count; ++i) {
        double squared = 0.0;

        for (size_t k = 0; k < c->pca.kept; ++k) {
            double sd = sqrt(c->pca.variance[k]);
            double d = c->score[self * c->pca.kept + k] / sd - c->score[i * c->pca.kept + k] / sd;

            squared += d * d;
        }
        if (i == self || squared > smallest || (squared >= smallest && rows->row[i] > *nearest))
            continue;
        smallest = squared;
        *nearest = rows->row[i];
    }
    *distance = sqrt(smallest);
}

static void check_alone(const made_pair *pair, const tml_components *c, const tml_neighbours *n)
{
    size_t twins = 0;

    for (size_t i = 0; i < pair->alone.count; ++i) {
        double distance;
        int64_t nearest = -1;

        search(&pair->alone, &c[1], i, &distance, &nearest);
        TML_CHECK(made_same(1, &distance, &n[1].distance[i]) && nearest == n[1].nearest_row[i]);
        twins += distance > 0.0 ? 0 : 1;
    }
    TML_CHECK(twins == 30); /* places 7, 17, ... 147 and their models */
    for (size_t i = 0; i < pair->all.count; ++i) {
        size_t place = (size_t)pair->all.first + i;

        TML_CHECK(made_same(AXES, c[0].score + AXES * i, c[1].score + AXES * place));
        TML_CHECK(made_same(1, &n[0].distance[i], &n[1].distance[place]));
        TML_CHECK(n[0].nearest_row[i] == n[1].nearest_row[place]);
    }
}

static void check_tables(const made_pair *pair, const tml_components *c, const tml_neighbours *n)
{
    const tml_explored_rows *rows[2] = {&pair->all, &pair->alone};
    tml_row_table outliers[2];
    tml_row_table scores[2];
    tml_error error = {0, ""};

    for (size_t k = 0; k < 2; ++k) {
        TML_CHECK(tml_outlier_table(rows[k], &n[k], &outliers[k], &error) == TML_OK);
        TML_CHECK(tml_score_table(rows[k], &c[k], &scores[k], &error) == TML_OK);
    }
    TML_CHECK(outliers[1].count == ROWS && scores[1].count == ROWS);
    TML_CHECK(tml_row_table_line(&outliers[1], 0).row == made_number(33));
    for (size_t i = 1; i < ROWS; ++i) {
        TML_CHECK(tml_row_table_line(&outliers[1], i - 1).extra[TML_OUTLIER_SCORE] >=
                  tml_row_table_line(&outliers[1], i).extra[TML_OUTLIER_SCORE]);
        TML_CHECK(tml_row_table_line(&scores[1], i - 1).row < tml_row_table_line(&scores[1], i).row);
    }
    if (tml_test_rank == 0) {
        TML_CHECK(outliers[0].count == ROWS && scores[0].count == ROWS);
        TML_CHECK(memcmp(outliers[0].record, outliers[1].record,
                         ROWS * (2 + TML_OUTLIER_NUMBERS) * sizeof(double)) == 0);
        TML_CHECK(memcmp(scores[0].record, scores[1].record, ROWS * (2 + AXES) * sizeof(double)) == 0);
    } else {
        TML_CHECK(outliers[0].count == 0 && scores[0].count == 0);
    }
    for (size_t k = 0; k < 2; ++k) {
        tml_row_table_free(&outliers[k]);
        tml_row_table_free(&scores[k]);
    }
}

static void test_everything_is_the_same_bits_on_any_number_of_ranks_and_threads(void)
{
    made_pair pair = made_rows_twice(ROWS, WAVELENGTHS, 1, random_row);
    tml_components c[2];
    tml_neighbours n[2] = {{NULL, NULL, 0.0}, {NULL, NULL, 0.0}};
    tml_error error = {0, ""};

    TML_CHECK(tml_components_compute(&pair.all, AXES, &c[0], &error) == TML_OK);
    TML_CHECK(tml_components_compute(&pair.alone, AXES, &c[1], &error) == TML_OK);
    TML_CHECK(c[0].pca.kept == AXES && c[1].pca.kept == AXES);
    TML_CHECK(made_same(WAVELENGTHS, c[0].pca.variance, c[1].pca.variance));
    TML_CHECK(made_same(WAVELENGTHS, c[0].mean, c[1].mean));
    TML_CHECK(made_same((size_t)AXES * WAVELENGTHS, c[0].pca.component, c[1].pca.component));
    TML_CHECK(tml_neighbours_find(&pair.all, &c[0], 3, &n[0], &error) == TML_OK);
    TML_CHECK(tml_neighbours_find(&pair.alone, &c[1], 1, &n[1], &error) == TML_OK);
    TML_CHECK(made_same(1, &n[0].median, &n[1].median) && n[0].median > 0.0);
    check_alone(&pair, c, n);
    check_tables(&pair, c, n);
    for (size_t k = 0; k < 2; ++k) {
        tml_neighbours_free(&n[k]);
        tml_components_free(&c[k]);
    }
    made_pair_free(&pair);
}

/* ---- more rows than a table holds ---- */

/* On a line, 1 apart, but for one pair at the end that is 0.5 apart: nearly all distances are the same. */
static void line_row(uint64_t place, float *flux, float *scaled, double *parameter)
{
    (void)parameter;
    flux[0] = 1.0F;
    scaled[0] = place == 1499 ? 1498.5F : (float)place;
}

static void test_a_table_holds_a_thousand_of_equal_rows_with_the_lowest_numbers(void)
{
    enum { MANY = 1500 };
    tml_explored_rows rows = made_rows(MPI_COMM_WORLD, MANY, 1, 1, line_row);
    tml_components c;
    tml_neighbours n = {NULL, NULL, 0.0};
    tml_row_table table;
    size_t below = 0;
    tml_error error = {0, ""};

    TML_CHECK(tml_components_compute(&rows, 1, &c, &error) == TML_OK);
    TML_CHECK(tml_neighbours_find(&rows, &c, 1, &n, &error) == TML_OK);
    /* Rounding of the scores tells the distances apart; made equal, as those of a regular grid may be. */
    for (size_t i = 0; i < rows.count; ++i)
        n.distance[i] = rows.first + i >= MANY - 2 ? 0.5 : 1.0;
    TML_CHECK(tml_outlier_table(&rows, &n, &table, &error) == TML_OK);
    if (tml_test_rank == 0) {
        int64_t last;

        TML_CHECK(table.count == TML_OUTLIER_ROWS);
        last = tml_row_table_line(&table, TML_OUTLIER_ROWS - 1).row;
        for (uint64_t place = 0; place < MANY - 2; ++place)
            below += made_number(place) <= last ? 1 : 0;
        TML_CHECK(below == TML_OUTLIER_ROWS);
    }
    tml_row_table_free(&table);
    tml_neighbours_free(&n);
    tml_components_free(&c);
    tml_explored_rows_free(&rows);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    test_components_of_a_known_covariance();
    test_spectra_that_are_alike_have_no_components();
    test_everything_is_the_same_bits_on_any_number_of_ranks_and_threads();
    test_a_table_holds_a_thousand_of_equal_rows_with_the_lowest_numbers();
    return tml_test_finish();
}
