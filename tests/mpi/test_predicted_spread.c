/** @file test_predicted_spread.c
 * A network that predicts the spread of its answers: the same bits on any number of ranks and threads, the
 * spread is what its outputs say, and draws scatter by it - measured by the errors on held-out rows where
 * there are any. A network that predicts none has none. */
#include "inference/predicted_spread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "core/random.h"
#include "mpi_test.h"

#include "inference/forward_run.h"
#include "inference/held_out.h"
#include "inference/prediction.h"
#include "spectra_grid.h"
#include "training/sweep.h"

#include "small_model.h"

enum { W = SPECTRA_WAVELENGTHS, T = SPECTRA_TARGETS, COUNT = 53, DRAWS = 4000 };

static const char PATH[] = "spread_grid.h5";
static const spectra_grid GRID = {.kind = SPECTRA_REGULAR, .rows = SPECTRA_ALL_NODES};

static void make_model(const char *loss, tml_model *model)
{
    tml_settings settings = small_model_settings(PATH, &GRID);

    small_model_set(&settings, loss);
    small_model_make(&settings, model);
}

static tml_status make_row(void *context, uint64_t number, int worker, float *flux, tml_error *error)
{
    double truth[T];

    (void)context;
    (void)worker;
    (void)error;
    spectra_grid_row(&GRID, number, flux, truth);
    return TML_OK;
}

static void test_the_spread_is_what_the_outputs_say(void)
{
    static double values[COUNT * T], spread[COUNT * T], alone[COUNT * T], alone_spread[COUNT * T];
    tml_world world = small_world(MPI_COMM_WORLD);
    tml_world self = small_world(MPI_COMM_SELF);
    tml_error error = {0, ""};
    tml_model model;

    make_model("loss.kind=gaussian", &model);
    TML_CHECK(tml_predicts_spread(&model) && tml_network_outputs(&model.network) == 2 * T);
    TML_CHECK(tml_forward_run(&self, &model, 1, COUNT, make_row, NULL, alone, alone_spread, &error) ==
              TML_OK);
    for (int threads = 1; threads <= 3; threads += 2) {
        TML_CHECK(tml_forward_run(&world, &model, threads, COUNT, make_row, NULL, values, spread, &error) ==
                  TML_OK);
        TML_CHECK(memcmp(values, alone, sizeof alone) == 0);
        TML_CHECK(memcmp(spread, alone_spread, sizeof alone_spread) == 0);
    }
    TML_CHECK(tml_forward_run(&world, &model, 1, COUNT, make_row, NULL, values, NULL, &error) == TML_OK);
    TML_CHECK(memcmp(values, alone, sizeof alone) == 0);
    for (size_t i = 0; i < COUNT * T; ++i)
        TML_CHECK(spread[i] > 0.0 && isfinite(spread[i]));
    TML_CHECK(spread[0] != spread[T]); /* each spectrum has its own */
    tml_model_free(&model);
}

/* In units of the learned scale: the root of the variance that the output's logarithm says, within its floor.
 */
static void test_the_spread_of_known_outputs(void)
{
    const float output[2 * T] = {9.0F, 9.0F, 9.0F, 0.0F, -2.0F, -99.0F};
    double spread[T];
    tml_model model;

    make_model("loss.kind=gaussian", &model);
    tml_predicted_spread(&model, output, spread);
    TML_CHECK(fabs(spread[0] - 0.05) < 1e-15 && fabs(spread[1] - 0.2 * exp(-1.0)) < 1e-15);
    TML_CHECK(fabs(spread[2] - 0.1 * 1e-3) < 1e-15);
    tml_model_free(&model);
    make_model("loss.kind=huber", &model);
    TML_CHECK(!tml_predicts_spread(&model) && tml_network_outputs(&model.network) == T);
    tml_model_free(&model);
}

/* Row 20 of the grid, nearly without noise. */
static tml_observed_object quiet_object(void)
{
    tml_observed_object object;
    tml_error error = {0, ""};
    float flux[W];
    double truth[T];

    memset(&object, 0, sizeof object);
    tml_object_facts_clear(&object.facts);
    snprintf(object.facts.name, sizeof object.facts.name, "object");
    TML_CHECK(tml_observed_spectrum_create(W, &object.spectrum, &error) == TML_OK);
    spectra_grid_row(&GRID, 20, flux, truth);
    object.spectrum.has_errors = true;
    object.spectrum.density = TML_FLUX_PER_FREQUENCY;
    object.is_binned = true;
    object.key = 20;
    for (size_t j = 0; j < W; ++j) {
        object.spectrum.wavelength_um[j] = 0.9 + 0.1 * (double)j;
        object.spectrum.flux[j] = (double)flux[j];
        object.spectrum.error[j] = 1e-9 * (double)flux[0];
    }
    return object;
}

static tml_object_result predict(const tml_model *model, const tml_world *world, const char *grid)
{
    const tml_prediction_request request = {.draws = DRAWS, .seed = 4, .wants_draws = true};
    tml_observed_object object = quiet_object();
    tml_predictor *predictor = NULL;
    tml_object_result result = {0};
    tml_error error = {TML_RANK_UNKNOWN, ""};

    TML_CHECK(tml_predictor_create(world, model, grid, 2, &predictor, &error) == TML_OK);
    if (predictor == NULL ||
        tml_predict_objects(predictor, &request, 1, &object, &result, &error) != TML_OK) {
        fprintf(stderr, "rank %d: %s\n", tml_test_rank, error.message);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    tml_observed_object_free(&object);
    tml_predictor_destroy(&predictor);
    return result;
}

static void test_results_have_the_bits_of_one_rank(const char *grid)
{
    tml_world world = small_world(MPI_COMM_WORLD);
    tml_world self = small_world(MPI_COMM_SELF);
    tml_object_result shared;
    tml_object_result alone;
    tml_model model;

    make_model("loss.kind=gaussian", &model);
    shared = predict(&model, &world, grid);
    alone = predict(&model, &self, grid);
    if (tml_test_rank == 0) {
        TML_CHECK(memcmp(shared.parameter, alone.parameter, sizeof alone.parameter) == 0);
        TML_CHECK(memcmp(shared.draw, alone.draw, DRAWS * T * sizeof(double)) == 0);
    }
    tml_object_result_free(&shared);
    tml_object_result_free(&alone);
    tml_model_free(&model);
}

/* Draw d of target t as the network learns it. */
static double learned(const tml_object_result *r, size_t d, size_t t)
{
    return t == 0 ? log10(r->draw[d * T + t]) : r->draw[d * T + t];
}

/* Without held-out rows: normal about the answer with the spread that is predicted, independent from target
 * to target. Bounds: five standard errors of 4000 draws. */
static void test_draws_scatter_by_the_spread(void)
{
    tml_world self = small_world(MPI_COMM_SELF);
    tml_object_result r;
    tml_model model;
    static double values[21 * T], spreads[21 * T];
    const double *spread = spreads + 20 * T;
    double *value = values + 20 * T;
    double mean[T] = {0}, square[T] = {0}, product = 0.0;
    tml_error error = {0, ""};

    make_model("loss.kind=gaussian", &model);
    r = predict(&model, &self, NULL);
    TML_CHECK(tml_forward_run(&self, &model, 1, 21, make_row, NULL, values, spreads, &error) == TML_OK);
    value[0] = log10(value[0]);
    for (size_t d = 0; d < DRAWS; ++d) {
        double z[T];

        for (size_t t = 0; t < T; ++t) {
            z[t] = (learned(&r, d, t) - value[t]) / spread[t];
            mean[t] += z[t] / DRAWS;
            square[t] += z[t] * z[t] / DRAWS;
        }
        product += z[0] * z[1] / DRAWS;
    }
    for (size_t t = 0; t < T; ++t) {
        TML_CHECK(fabs(mean[t]) < 5.0 / sqrt(DRAWS));
        TML_CHECK(fabs(square[t] - 1.0) < 5.0 * sqrt(2.0 / DRAWS));
    }
    TML_CHECK(fabs(product) < 5.0 / sqrt(DRAWS));
    TML_CHECK(fabs(r.parameter[1].sd_model / spread[1] - 1.0) < 1e-6);
    TML_CHECK(fabs(r.parameter[0].sd_model / (r.parameter[0].value * sinh(log(10.0) * spread[0])) - 1.0) <
              1e-6);
    tml_object_result_free(&r);
    tml_model_free(&model);
}

/* With a grid: the errors of all held-out rows (fewer than 64), each in units of its own spread, times that
 * of the answer. */
static void test_held_out_rows_measure_the_spread(void)
{
    tml_world self = small_world(MPI_COMM_SELF);
    size_t wanted = tml_sweep_wanted(4);
    static double values[21 * T], spreads[21 * T];
    tml_model model;
    tml_data_set data;
    tml_held_out held_out;
    tml_object_result r;
    tml_error error = {TML_RANK_UNKNOWN, ""};

    make_model("loss.kind=gaussian", &model);
    r = predict(&model, &self, PATH);
    tml_data_request request = {.path = PATH,
                                .settings = &model.settings,
                                .preparation = &model.preparation,
                                .most_wanted = {0, wanted, wanted}};
    TML_CHECK(tml_data_set_load(MPI_COMM_SELF, &request, &data, &error) == TML_OK);
    TML_CHECK(tml_held_out_run(&self, &model, &data, 1, &held_out, &error) == TML_OK);
    TML_CHECK(tml_forward_run(&self, &model, 1, 21, make_row, NULL, values, spreads, &error) == TML_OK);
    TML_CHECK(held_out.spread != NULL && held_out.count > 10 && held_out.count < TML_HELD_OUT_NEAR);
    for (size_t t = 1; t < T && held_out.spread != NULL; ++t) {
        double squares = 0.0;

        for (size_t i = 0; i < held_out.count; ++i)
            squares += pow(held_out.residual[i * T + t] / held_out.spread[i * T + t], 2.0);
        squares = sqrt(squares / (double)held_out.count) * spreads[20 * T + t];
        TML_CHECK(fabs(r.parameter[t].sd_model / squares - 1.0) < 1e-6);
    }
    tml_held_out_free(&held_out);
    tml_data_set_free(&data);
    tml_object_result_free(&r);
    tml_model_free(&model);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    spectra_grid_make(PATH, &GRID);
    test_the_spread_is_what_the_outputs_say();
    test_the_spread_of_known_outputs();
    test_results_have_the_bits_of_one_rank(NULL);
    test_results_have_the_bits_of_one_rank(PATH);
    test_draws_scatter_by_the_spread();
    test_held_out_rows_measure_the_spread();
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        remove(PATH);
    return tml_test_finish();
}
