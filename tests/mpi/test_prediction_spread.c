/** @file test_prediction_spread.c
 * The bands of the spectra that draws imply and the grid points that fit best: the same bits on any number of
 * ranks, and what the draws and the grid say when they are asked one by one. */
#include "inference/prediction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "mpi_test.h"

#include "spectra_grid.h"
#include "statistics/chi_square.h"
#include "statistics/sample_summary.h"

#include "small_model.h"

enum { OBJECTS = 2, DRAWS = 230, LOOKED_AT = 200, W = SPECTRA_WAVELENGTHS, T = SPECTRA_TARGETS };

static const char PATH[] = "spread_grid.h5";
static const spectra_grid GRID = {.kind = SPECTRA_REGULAR, .rows = SPECTRA_ALL_NODES};

/* A row of the grid as a table has it; of the second object one pixel is missing. */
static void make_objects(tml_observed_object *objects)
{
    tml_error error = {0, ""};

    memset(objects, 0, OBJECTS * sizeof *objects);
    for (size_t m = 0; m < OBJECTS; ++m) {
        tml_observed_object *object = &objects[m];
        float flux[W];
        double truth[T];

        spectra_grid_row(&GRID, 7 + 30 * m, flux, truth);
        tml_object_facts_clear(&object->facts);
        snprintf(object->file, sizeof object->file, "row");
        TML_CHECK(tml_observed_spectrum_create(W, &object->spectrum, &error) == TML_OK);
        object->key = m;
        object->is_binned = true;
        object->spectrum.has_errors = true;
        object->spectrum.density = TML_FLUX_PER_FREQUENCY;
        for (size_t j = 0; j < W; ++j) {
            object->spectrum.wavelength_um[j] = 0.9 + 0.1 * (double)j;
            object->spectrum.flux[j] = (double)flux[j];
            object->spectrum.error[j] = 0.03 * (double)flux[j];
        }
        object->spectrum.flux[4] = m == 1 ? (double)NAN : object->spectrum.flux[4];
    }
}

/* @param results  out: [OBJECTS] filled on the first rank */
static void predict(MPI_Comm comm, const tml_model *model, const char *grid_path,
                    const tml_prediction_request *request, tml_object_result *results)
{
    tml_world world = small_world(comm);
    tml_observed_object objects[OBJECTS];
    tml_predictor *predictor = NULL;
    tml_error error = {TML_RANK_UNKNOWN, ""};

    make_objects(objects);
    if (grid_path == NULL)
        objects[1].spectrum.flux[4] = objects[1].spectrum.flux[3];
    TML_CHECK(tml_predictor_create(&world, model, grid_path, 1, &predictor, &error) == TML_OK);
    TML_CHECK(tml_predict_objects(predictor, request, OBJECTS, objects, results, &error) == TML_OK);
    tml_predictor_destroy(&predictor);
    for (size_t m = 0; m < OBJECTS; ++m)
        tml_observed_object_free(&objects[m]);
}

static bool same(size_t count, const void *a, const void *b)
{
    return memcmp(a, b, count * sizeof(double)) == 0;
}

static void test_bits_of_one_rank(const tml_model *model)
{
    const tml_prediction_request request = {.draws = DRAWS, .seed = 4, .wants_spectra = true};
    tml_object_result shared[OBJECTS];
    tml_object_result alone[OBJECTS];

    predict(MPI_COMM_WORLD, model, PATH, &request, shared);
    predict(MPI_COMM_SELF, model, PATH, &request, alone);
    for (size_t m = 0; m < OBJECTS; ++m) {
        for (size_t q = 0; q < TML_RESULT_BANDS && tml_test_rank == 0; ++q)
            TML_CHECK(same(W, shared[m].bin_band[q], alone[m].bin_band[q]));
        if (tml_test_rank == 0) {
            TML_CHECK(shared[m].grid_rows == SPECTRA_ALL_NODES && alone[m].grid_rows == SPECTRA_ALL_NODES);
            TML_CHECK(same(SPECTRA_ALL_NODES, shared[m].grid_row, alone[m].grid_row));
            TML_CHECK(same(SPECTRA_ALL_NODES, shared[m].grid_chi2, alone[m].grid_chi2));
            TML_CHECK(same(SPECTRA_ALL_NODES, shared[m].grid_scale, alone[m].grid_scale));
            TML_CHECK(same(SPECTRA_ALL_NODES * T, shared[m].grid_parameter, alone[m].grid_parameter));
        }
        tml_object_result_free(&shared[m]);
        tml_object_result_free(&alone[m]);
    }
}

/* The quantiles of a bin over the first draws, whose spectra are asked for one by one. */
static void check_bands(tml_grid_spectra *grid, const tml_object_result *result)
{
    static double spectrum[LOOKED_AT][W];
    double column[LOOKED_AT];
    tml_grid_spectrum_note note;
    tml_error error = {0, ""};

    for (size_t d = 0; d < LOOKED_AT; ++d) {
        double scale;

        TML_CHECK(tml_grid_spectra_at(grid, 1, result->draw + d * T, spectrum[d], &note, &error) == TML_OK);
        scale = tml_scale_fit_of(W, result->bin_flux, result->bin_error, spectrum[d]).scale;
        for (size_t j = 0; j < W; ++j)
            spectrum[d][j] *= scale;
    }
    for (size_t j = 0; j < W; ++j) {
        tml_sample_summary want;

        for (size_t d = 0; d < LOOKED_AT; ++d)
            column[d] = spectrum[d][j];
        want = tml_sample_summarise(LOOKED_AT, column);
        TML_CHECK(result->bin_band[0][j] == want.p2_5 && result->bin_band[1][j] == want.p16);
        TML_CHECK(result->bin_band[2][j] == want.p50 && result->bin_band[3][j] == want.p84);
        TML_CHECK(result->bin_band[4][j] == want.p97_5 && want.p2_5 < want.p97_5);
    }
}

static void check_grid_rows(const tml_object_result *result)
{
    TML_CHECK(result->grid_row[0] == result->grid_point.row);
    TML_CHECK(result->grid_chi2[0] == result->grid_point.chi2);
    TML_CHECK(same(T, result->grid_parameter, result->grid_point.parameter));
    for (size_t i = 1; i < result->grid_rows; ++i)
        TML_CHECK(result->grid_chi2[i] >= result->grid_chi2[i - 1] && result->grid_scale[i] > 0.0);
}

static void test_what_the_draws_and_the_grid_say(const tml_model *model)
{
    const tml_prediction_request request = {.draws = DRAWS, .seed = 4, .wants_spectra = true};
    tml_settings settings = model->settings;
    tml_data_request wanted = {.path = PATH, .settings = &settings};
    tml_object_result results[OBJECTS];
    tml_grid_spectra *grid = NULL;
    tml_data_set data;
    tml_error error = {0, ""};

    TML_CHECK(tml_data_set_load(MPI_COMM_SELF, &wanted, &data, &error) == TML_OK);
    TML_CHECK(tml_grid_spectra_create(MPI_COMM_SELF, &data, &grid, &error) == TML_OK);
    predict(MPI_COMM_SELF, model, PATH, &request, results);
    for (size_t m = 0; m < OBJECTS; ++m) {
        check_bands(grid, &results[m]);
        check_grid_rows(&results[m]);
        tml_object_result_free(&results[m]);
    }
    tml_grid_spectra_destroy(&grid);
    tml_data_set_free(&data);
}

static void test_draws_without_spectra(const tml_model *model)
{
    tml_prediction_request request = {.draws = 5, .seed = 4, .wants_spectra = true};
    tml_object_result with[OBJECTS];
    tml_object_result without[OBJECTS];

    predict(MPI_COMM_SELF, model, PATH, &request, with);
    request.wants_spectra = false;
    request.wants_draws = true;
    predict(MPI_COMM_SELF, model, PATH, &request, without);
    for (size_t m = 0; m < OBJECTS; ++m) {
        TML_CHECK(without[m].draws == 5 && without[m].bins == 0 && without[m].grid_rows == 0);
        TML_CHECK(same(5 * T, with[m].draw, without[m].draw));
        tml_object_result_free(&with[m]);
        tml_object_result_free(&without[m]);
    }
}

static void test_no_grid(const tml_model *model)
{
    const tml_prediction_request request = {.draws = 5, .seed = 4, .wants_spectra = true};
    tml_object_result results[OBJECTS];

    predict(MPI_COMM_SELF, model, NULL, &request, results);
    for (size_t m = 0; m < OBJECTS; ++m) {
        TML_CHECK(results[m].bins == W && results[m].grid_rows == 0);
        for (size_t q = 0; q < TML_RESULT_BANDS; ++q)
            for (size_t j = 0; j < W; ++j)
                TML_CHECK(isnan(results[m].bin_band[q][j]));
        tml_object_result_free(&results[m]);
    }
}

int main(int argc, char **argv)
{
    tml_settings settings;
    tml_model model;

    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    spectra_grid_make(PATH, &GRID);
    settings = small_model_settings(PATH, &GRID);
    small_model_make(&settings, &model);
    test_bits_of_one_rank(&model);
    test_what_the_draws_and_the_grid_say(&model);
    test_draws_without_spectra(&model);
    test_no_grid(&model);
    tml_model_free(&model);
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        remove(PATH);
    return tml_test_finish();
}
