/** @file test_prediction_limits.c
 * Predictions without a grid, without held-out rows, and what is refused: the same on all ranks, with nothing
 * left in the results. */
#include "inference/prediction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "mpi_test.h"

#include "agreed.h"
#include "inference/held_out.h"
#include "spectra_grid.h"

#include "small_model.h"

enum { W = SPECTRA_WAVELENGTHS, T = SPECTRA_TARGETS, DRAWS = 21 };

static const char PATH[] = "limits_grid.h5";
static const spectra_grid GRID = {.kind = SPECTRA_REGULAR, .rows = SPECTRA_ALL_NODES};

typedef struct fixture {
    tml_model model;
    tml_world world;
    tml_predictor *predictor;
} fixture;

static tml_settings settings_with(const char *setting)
{
    tml_settings settings = small_model_settings(PATH, &GRID);

    if (setting != NULL)
        small_model_set(&settings, setting);
    return settings;
}

static void load(fixture *f, const tml_settings *settings, const char *grid_path)
{
    tml_error error = {TML_RANK_UNKNOWN, ""};

    small_model_make(settings, &f->model);
    f->world = small_world(MPI_COMM_WORLD);
    TML_CHECK(tml_predictor_create(&f->world, &f->model, grid_path, 2, &f->predictor, &error) == TML_OK);
    if (f->predictor == NULL) {
        fprintf(stderr, "rank %d: %s\n", tml_test_rank, error.message);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
}

static void unload(fixture *f)
{
    tml_predictor_destroy(&f->predictor);
    tml_model_free(&f->model);
}

/* Smooth, all of it good. */
static tml_observed_object make_object(double error_of_flux)
{
    tml_observed_object object;
    tml_error error = {0, ""};

    memset(&object, 0, sizeof object);
    tml_object_facts_clear(&object.facts);
    snprintf(object.file, sizeof object.file, "object.dat");
    object.key = 12;
    TML_CHECK(tml_observed_spectrum_create(W, &object.spectrum, &error) == TML_OK);
    object.spectrum.has_errors = true;
    object.spectrum.density = TML_FLUX_PER_FREQUENCY;
    for (size_t j = 0; j < W; ++j) {
        object.spectrum.wavelength_um[j] = 0.9 + 0.1 * (double)j;
        object.spectrum.flux[j] = 1e-28 * (double)(3 + j);
        object.spectrum.error[j] = error_of_flux;
    }
    return object;
}

/* Two objects, the second of which is the one of interest. */
static tml_status predict(const fixture *f, tml_observed_object second, tml_object_result *results,
                          tml_error *error)
{
    const tml_prediction_request request = {.draws = DRAWS, .seed = 4, .wants_spectra = true};
    tml_observed_object objects[2] = {make_object(1e-29), second};
    tml_status status;

    objects[0].is_binned = true;
    error->rank = TML_RANK_UNKNOWN;
    status = tml_predict_objects(f->predictor, &request, 2, objects, results, error);
    tml_observed_object_free(&objects[0]);
    tml_observed_object_free(&objects[1]);
    return status;
}

static void check_refused(const fixture *f, tml_observed_object second, tml_status want, const char *mention)
{
    static tml_object_result results[2];
    static const tml_object_result nothing[2];
    tml_error error = {TML_RANK_UNKNOWN, ""};

    agreed_failure(predict(f, second, results, &error), want, &error, mention);
    TML_CHECK(strstr(error.message, "object.dat") != NULL);
    TML_CHECK(memcmp(results, nothing, sizeof nothing) == 0);
}

/* ---- without a grid ---- */

static void test_without_a_grid(void)
{
    static tml_object_result results[2];
    const tml_object_result *r = &results[1];
    tml_settings settings = settings_with(NULL);
    tml_error error;
    fixture f;

    load(&f, &settings, NULL);
    TML_CHECK(strcmp(tml_predictor_grid_digest(f.predictor), "") == 0);
    TML_CHECK(predict(&f, make_object(1e-29), results, &error) == TML_OK);
    if (tml_test_rank == 0) {
        TML_CHECK(r->flags == (TML_FLAG_NO_GRID | TML_FLAG_SHAPE_ONLY) && r->inflation == 1.0);
        TML_CHECK(isnan(r->chi2) && isnan(r->dof) && isnan(r->p) && isnan(r->scale.value));
        TML_CHECK(isnan(r->scale.sd) && isnan(r->radius_rjup.value) && r->grid_point.row == -1);
        for (size_t t = 0; t < T; ++t) {
            const tml_parameter_result *p = &r->parameter[t];

            TML_CHECK(isnan(p->sd_model) && isnan(p->grid_low) && isnan(p->grid_high));
            TML_CHECK(isfinite(p->value) && p->sd_noise > 0.0 && p->sd == p->sd_noise && p->flags == 0);
        }
        for (size_t j = 0; j < W; ++j)
            TML_CHECK(isnan(r->bin_model[j]) && r->bin_filled[j] == r->bin_flux[j]);
    }
    tml_object_result_free(&results[0]);
    tml_object_result_free(&results[1]);
    unload(&f);
}

static void test_masked_bins_need_a_grid(void)
{
    tml_observed_object object = make_object(1e-29);
    tml_settings settings = settings_with(NULL);
    fixture f;

    object.spectrum.flux[W - 1] = NAN;
    load(&f, &settings, NULL);
    check_refused(&f, object, TML_USAGE, "1 of the network's 9 pixels are masked");
    unload(&f);
}

/* A draw below 0 has no logarithm: it is filled in from the grid, if there is one. */
static void test_logarithms_of_draws(void)
{
    static tml_object_result results[2];
    tml_settings settings = settings_with("input.transform=log10");
    tml_error error;
    fixture f;

    load(&f, &settings, NULL);
    check_refused(&f, make_object(1e-26), TML_USAGE, "may be below 0");
    unload(&f);
    load(&f, &settings, PATH);
    TML_CHECK(predict(&f, make_object(1e-26), results, &error) == TML_OK);
    for (size_t d = 0; d < results[1].draws * T; ++d)
        TML_CHECK(isfinite(results[1].draw[d]));
    tml_object_result_free(&results[0]);
    tml_object_result_free(&results[1]);
    unload(&f);
}

/* ---- with a grid of which nothing was held out ---- */

static void test_nothing_was_held_out(void)
{
    static tml_object_result results[2];
    tml_settings settings = settings_with("split.test=0");
    tml_error error;
    fixture f;

    settings.validation_fraction = 0.0;
    load(&f, &settings, PATH);
    TML_CHECK(predict(&f, make_object(1e-26), results, &error) == TML_OK);
    for (size_t t = 0; t < T && tml_test_rank == 0; ++t) {
        TML_CHECK(isnan(results[1].parameter[t].sd_model) && results[1].inflation == 1.0);
        TML_CHECK(results[1].parameter[t].sd == results[1].parameter[t].sd_noise);
    }
    tml_object_result_free(&results[0]);
    tml_object_result_free(&results[1]);
    unload(&f);
}

/* Errors far below the misfit: the draws within inflated errors scatter more than those within the errors. */
static void test_errors_that_are_too_small_are_inflated(void)
{
    static tml_object_result results[2];
    tml_settings settings = settings_with("split.test=0");
    tml_error error;
    fixture f;

    settings.validation_fraction = 0.0;
    load(&f, &settings, PATH);
    TML_CHECK(predict(&f, make_object(1e-31), results, &error) == TML_OK);
    TML_CHECK(tml_test_rank != 0 || results[1].inflation > 10.0);
    for (size_t t = 0; t < T && tml_test_rank == 0; ++t)
        TML_CHECK(results[1].parameter[t].sd > 3.0 * results[1].parameter[t].sd_noise);
    tml_object_result_free(&results[0]);
    tml_object_result_free(&results[1]);
    unload(&f);
}

/* ---- refusals ---- */

static void test_objects_that_are_refused(void)
{
    tml_settings shapes = settings_with(NULL);
    tml_settings brightness = settings_with("input.features=[scale]");
    tml_observed_object object;
    fixture f;

    load(&f, &shapes, PATH);
    object = make_object(1e-29);
    for (size_t j = 0; j < W; ++j)
        object.spectrum.wavelength_um[j] += 10.0;
    check_refused(&f, object, TML_BAD_DATA, "do not overlap");
    object = make_object(1e-29);
    for (size_t j = 0; j < W; ++j)
        object.spectrum.flux[j] = 0.0;
    check_refused(&f, object, TML_BAD_DATA, "9 are zero");
    check_refused(&f, make_object(1e-250), TML_BAD_DATA, "check the errors");
    unload(&f);
    load(&f, &brightness, PATH);
    check_refused(&f, make_object(1e-29), TML_USAGE, "--distance-pc");
    object = make_object(1e-29);
    object.spectrum.is_relative = true;
    check_refused(&f, object, TML_USAGE, "--unit-flux");
    unload(&f);
}

static void test_grids_that_are_refused(void)
{
    const tml_world world = small_world(MPI_COMM_WORLD);
    tml_settings settings = settings_with(NULL);
    tml_predictor *predictor = NULL;
    tml_error error = {TML_RANK_UNKNOWN, ""};
    tml_model model;

    small_model_make(&settings, &model);
    agreed_failure(tml_predictor_create(&world, &model, "absent.h5", 1, &predictor, &error), TML_NO_INPUT,
                   &error, "absent.h5");
    TML_CHECK(predictor == NULL);
    error = (tml_error){TML_RANK_UNKNOWN, ""};
    model.wavelength_um[4] += 0.02; /* a fifth of a pixel */
    agreed_failure(tml_predictor_create(&world, &model, PATH, 1, &predictor, &error), TML_BAD_DATA, &error,
                   "wavelength 4 is 1.3 micron, the network was trained on 1.32");
    TML_CHECK(predictor == NULL);
    tml_model_free(&model);
}

/* ---- the nearest held-out rows ---- */

/* Predictions at 0, 1, 4, 9, ...: from 20 on the nearest are 16, 25, 9, then 4 and 36, which are equally far:
 * the first.
 */
static void test_the_nearest_held_out_rows(void)
{
    enum { ROWS = 10 };
    double prediction[ROWS];
    double residual[ROWS] = {0.0};
    const tml_held_out held_out = {1, ROWS, prediction, residual, NULL};
    tml_column column = {0.0, 3.0};
    tml_preparation preparation = {.choice = {.target_count = 1}};
    const size_t want[4] = {4, 5, 3, 2};
    size_t rows[ROWS];
    double answer = 20.0;

    preparation.targets[0] = column;
    for (size_t i = 0; i < ROWS; ++i)
        prediction[i] = (double)(i * i);
    TML_CHECK(tml_held_out_nearest(&held_out, &preparation, &answer, 4, rows) == 4);
    TML_CHECK(memcmp(rows, want, sizeof want) == 0);
    TML_CHECK(tml_held_out_nearest(&held_out, &preparation, &answer, TML_HELD_OUT_NEAR, rows) == ROWS);
    TML_CHECK(rows[0] == 4 && rows[ROWS - 1] == 9);
    answer = 12.5; /* 9 and 16 */
    TML_CHECK(tml_held_out_nearest(&held_out, &preparation, &answer, 2, rows) == 2);
    TML_CHECK(rows[0] == 3 && rows[1] == 4);
}

/* In units of their spread: 2 K are nearer than 0.1 dex. */
static void test_nearness_is_in_units_of_the_spread(void)
{
    double prediction[4] = {0.1, 0.0, 0.0, 2.0};
    double residual[4] = {0.0};
    const tml_held_out held_out = {2, 2, prediction, residual, NULL};
    const double answer[2] = {0.0, 0.0};
    tml_preparation preparation = {.choice = {.target_count = 2}};
    size_t rows[2];

    preparation.targets[0].divisor = 0.5;
    preparation.targets[1].divisor = 300.0;
    TML_CHECK(tml_held_out_nearest(&held_out, &preparation, answer, 2, rows) == 2);
    TML_CHECK(rows[0] == 1 && rows[1] == 0);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    spectra_grid_make(PATH, &GRID);
    test_without_a_grid();
    test_masked_bins_need_a_grid();
    test_logarithms_of_draws();
    test_nothing_was_held_out();
    test_errors_that_are_too_small_are_inflated();
    test_objects_that_are_refused();
    test_grids_that_are_refused();
    test_the_nearest_held_out_rows();
    test_nearness_is_in_units_of_the_spread();
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        remove(PATH);
    return tml_test_finish();
}
