/** @file test_exploration.c
 * A whole grid is explored to the same bits on any number of ranks, each row being read once, and what cannot
 * be explored is refused on all ranks alike. */
#include "exploration/grid_exploration.h"

#include "core/log.h"
#include "exploration/explored_rows.h"
#include "mpi_test.h"

#include "agreed.h"
#include "made_rows.h"
#include "small_grid.h"

enum { ROWS = 211 };

static const char PATH[] = "grid.h5";

static void check_tables(const tml_row_table *all, const tml_row_table *alone)
{
    if (tml_test_rank != 0) {
        TML_CHECK(all->count == 0);
        return;
    }
    TML_CHECK(all->count == alone->count && all->count > 0);
    TML_CHECK(memcmp(all->record, alone->record,
                     all->count * (1 + all->parameters + all->extra) * sizeof(double)) == 0);
}

static void check_wavelengths(const tml_grid_exploration *a, const tml_grid_exploration *b)
{
    const size_t w = a->shape.wavelengths;
    const size_t p = a->shape.parameter_count;

    for (size_t i = 0; i < w; ++i) {
        TML_CHECK(a->flux[i].count == b->flux[i].count);
        TML_CHECK(made_same(12, &a->flux[i].minimum, &b->flux[i].minimum)); /* all doubles of a summary */
        TML_CHECK(made_same(12, &a->scaled_flux[i].minimum, &b->scaled_flux[i].minimum));
    }
    TML_CHECK(made_same(w * p, a->pearson, b->pearson) && made_same(w * p, a->spearman, b->spearman));
    TML_CHECK(a->pca.kept == b->pca.kept && a->pca.kept == 5);
    TML_CHECK(made_same(w, a->pca.variance, b->pca.variance) && made_same(w, a->pca.share, b->pca.share));
    TML_CHECK(made_same(w * a->pca.kept, a->pca.component, b->pca.component));
    TML_CHECK(made_same(w, a->pca_mean, b->pca_mean));
    TML_CHECK(made_same(1, &a->median_distance, &b->median_distance));
}

static void check_parameters(const tml_grid_exploration *a, const tml_grid_exploration *b)
{
    const size_t p = a->shape.parameter_count;

    for (size_t i = 0; i < p; ++i) {
        TML_CHECK(made_same(12, &a->parameter[i].minimum, &b->parameter[i].minimum));
        TML_CHECK(made_same(2, &a->mean_ci95[i].low, &b->mean_ci95[i].low));
        TML_CHECK(memcmp(&a->bins[i], &b->bins[i], sizeof a->bins[i]) == 0);
    }
    TML_CHECK(made_same(p, a->standard_error, b->standard_error) && made_same(p, a->fixed, b->fixed));
    TML_CHECK(made_same(1, &a->coverage.nodes, &b->coverage.nodes));
    TML_CHECK(a->coverage.filled == b->coverage.filled && a->coverage.pair_count == b->coverage.pair_count);
    for (size_t i = 0; i < a->coverage.pair_count; ++i) {
        const tml_coverage_pair *pair = &a->coverage.pair[i];

        TML_CHECK(memcmp(pair->rows, b->coverage.pair[i].rows,
                         a->bins[pair->x].count * a->bins[pair->y].count * sizeof *pair->rows) == 0);
    }
    TML_CHECK(a->twin_groups == b->twin_groups && a->twin_rows == b->twin_rows && a->twin_groups > 0);
    TML_CHECK(a->zero_fluxes == 1 && b->zero_fluxes == 1 && a->zero_wavelengths == 1);
}

static void test_an_exploration_is_the_same_bits_on_any_number_of_ranks(void)
{
    const tml_fixed_value fix = {"logg", 4.0};
    const tml_exploration_request request = {PATH, 5, 2, 1, &fix};
    small_grid grid = small_grid_good(PATH, ROWS);
    tml_grid_exploration all;
    tml_grid_exploration alone;
    tml_error error = {0, ""};

    grid.bad_row = 42;
    grid.bad_flux = -1e-9F; /* not above 0 */
    small_grid_make(&grid);
    TML_CHECK(tml_grid_explore(MPI_COMM_WORLD, &request, &all, &error) == TML_OK);
    TML_CHECK(tml_grid_explore(MPI_COMM_SELF, &request, &alone, &error) == TML_OK);
    if (all.spearman == NULL || alone.spearman == NULL) {
        fprintf(stderr, "%s\n", error.message);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    check_parameters(&all, &alone);
    check_wavelengths(&all, &alone);
    check_tables(&all.scores, &alone.scores);
    check_tables(&all.outliers, &alone.outliers);
    for (size_t p = 0; p < SMALL_GRID_PARAMETERS; ++p)
        check_tables(&all.filtered[p], &alone.filtered[p]);
    tml_grid_exploration_free(&all);
    tml_grid_exploration_free(&alone);
}

static void test_every_row_is_read_once_and_by_one_rank(void)
{
    small_grid grid = small_grid_good(PATH, ROWS);
    tml_grid_file *file = NULL;
    tml_explored_rows rows;
    uint64_t counts[2];
    tml_error error = {0, ""};

    small_grid_make(&grid);
    TML_CHECK(tml_grid_file_open(MPI_COMM_WORLD, PATH, TML_IO_INDEPENDENT, false, &file, &error) == TML_OK);
    if (file == NULL)
        return;
    TML_CHECK(tml_explored_rows_read(MPI_COMM_WORLD, file, &rows, &error) == TML_OK);
    counts[0] = rows.count;
    counts[1] = rows.bytes_read;
    MPI_Allreduce(MPI_IN_PLACE, counts, 2, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
    TML_CHECK(counts[0] == ROWS);
    TML_CHECK(counts[1] == ROWS * (8 + 4 * SMALL_GRID_WAVELENGTHS + 8 * SMALL_GRID_PARAMETERS));
    TML_CHECK(rows.count <= ROWS / (size_t)tml_test_size + 2 * SMALL_GRID_CHUNK);
    for (size_t i = 0; i < rows.count; ++i) {
        float flux[SMALL_GRID_WAVELENGTHS];
        double parameters[SMALL_GRID_PARAMETERS];

        small_grid_values(&grid, rows.first + i, flux, parameters);
        TML_CHECK(rows.row[i] == small_grid_row(rows.first + i));
        TML_CHECK(memcmp(flux, rows.flux + i * SMALL_GRID_WAVELENGTHS, sizeof flux) == 0);
        TML_CHECK(made_same(SMALL_GRID_PARAMETERS, parameters, rows.parameter + i * SMALL_GRID_PARAMETERS));
    }
    tml_explored_rows_free(&rows);
    tml_grid_file_close(&file);
}

static void test_what_cannot_be_explored_is_refused_everywhere(void)
{
    const tml_fixed_value unknown = {"log_g", 4.0};
    const tml_fixed_value outside = {"teff", 99.0};
    tml_exploration_request request = {"absent.h5", 5, 1, 0, NULL};
    small_grid grid = small_grid_good(PATH, ROWS);
    tml_grid_exploration e;
    tml_error error = {0, ""};

    agreed_failure(tml_grid_explore(MPI_COMM_WORLD, &request, &e, &error), TML_NO_INPUT, &error, "absent.h5");
    tml_grid_exploration_free(&e);
    small_grid_make(&grid);
    request.path = PATH;
    request.fix_count = 1;
    request.fix = &unknown;
    agreed_failure(tml_grid_explore(MPI_COMM_WORLD, &request, &e, &error), TML_USAGE, &error, "'logg'");
    tml_grid_exploration_free(&e);
    request.fix = &outside;
    agreed_failure(tml_grid_explore(MPI_COMM_WORLD, &request, &e, &error), TML_USAGE, &error, "teff=99");
    tml_grid_exploration_free(&e);
    request.fix_count = 0;
    grid.bad_row = 77;
    grid.bad_teff = 1e61;
    small_grid_make(&grid);
    agreed_failure(tml_grid_explore(MPI_COMM_WORLD, &request, &e, &error), TML_BAD_DATA, &error, "1e+61");
    tml_grid_exploration_free(&e);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    test_an_exploration_is_the_same_bits_on_any_number_of_ranks();
    test_every_row_is_read_once_and_by_one_rank();
    test_what_cannot_be_explored_is_refused_everywhere();
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        remove(PATH);
    return tml_test_finish();
}
