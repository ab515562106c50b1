/** @file test_prediction.c
 * Predictions of observed objects: the same bits on any number of ranks and threads, the network's own answer
 * where nothing is masked, and the numbers around it as their closed forms say. */
#include "inference/prediction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "mpi_test.h"

#include "agreed.h"
#include "inference/forward_run.h"
#include "inference/held_out.h"
#include "spectra/pixel_state.h"
#include "spectra_grid.h"
#include "statistics/chi_square.h"
#include "training/sweep.h"

#include "small_model.h"

enum { OBJECTS = 5, DRAWS = 37, W = SPECTRA_WAVELENGTHS, T = SPECTRA_TARGETS };

static const char PATH[] = "prediction_grid.h5";
static const spectra_grid GRID = {.kind = SPECTRA_REGULAR, .rows = SPECTRA_ALL_NODES};

/* Of the same grid twice: over all ranks, and on each rank alone. */
typedef struct pair {
    tml_model model;
    tml_world world[2];
    tml_predictor *predictor[2];
} pair;

static void pair_load(pair *p, const char *setting, const char *grid_path, int threads)
{
    const MPI_Comm comms[2] = {MPI_COMM_WORLD, MPI_COMM_SELF};
    tml_settings settings = small_model_settings(PATH, &GRID);
    tml_error error = {TML_RANK_UNKNOWN, ""};

    if (setting != NULL)
        small_model_set(&settings, setting);
    small_model_make(&settings, &p->model);
    for (int c = 0; c < 2; ++c) {
        p->world[c] = small_world(comms[c]);
        TML_CHECK(tml_predictor_create(&p->world[c], &p->model, grid_path, c == 0 ? threads : 1,
                                       &p->predictor[c], &error) == TML_OK);
        if (p->predictor[c] == NULL) {
            fprintf(stderr, "rank %d: %s\n", tml_test_rank, error.message);
            MPI_Abort(MPI_COMM_WORLD, 1);
        }
    }
}

static void pair_free(pair *p)
{
    for (int c = 0; c < 2; ++c) {
        tml_predictor_destroy(&p->predictor[c]);
        TML_CHECK(p->predictor[c] == NULL);
    }
    tml_model_free(&p->model);
}

/* ---- objects ---- */

static tml_observed_object blank_object(size_t pixels)
{
    tml_observed_object object;
    tml_error error = {0, ""};

    memset(&object, 0, sizeof object);
    tml_object_facts_clear(&object.facts);
    snprintf(object.facts.name, sizeof object.facts.name, "object");
    snprintf(object.file, sizeof object.file, "object.dat");
    TML_CHECK(tml_observed_spectrum_create(pixels, &object.spectrum, &error) == TML_OK);
    object.spectrum.has_errors = true;
    return object;
}

/* A row of the grid, as a table has it. @param relative_error of its mean flux */
static tml_observed_object row_object(uint64_t at, double relative_error)
{
    tml_observed_object object = blank_object(W);
    float flux[W];
    double truth[T];
    double mean = 0.0;

    spectra_grid_row(&GRID, at, flux, truth);
    for (size_t j = 0; j < W; ++j)
        mean += (double)flux[j] / W;
    object.key = at;
    object.is_binned = true;
    object.spectrum.density = TML_FLUX_PER_FREQUENCY;
    for (size_t j = 0; j < W; ++j) {
        object.spectrum.wavelength_um[j] = 0.9 + 0.1 * (double)j;
        object.spectrum.flux[j] = (double)flux[j];
        object.spectrum.error[j] = relative_error * mean;
    }
    return object;
}

/* As a telescope sees it, with gaps; the pixels are narrower than the network's. */
static tml_observed_object seen_object(size_t pixels, uint64_t key)
{
    tml_observed_object object = blank_object(pixels);

    object.key = key;
    object.spectrum.density = TML_FLUX_PER_WAVELENGTH;
    object.facts.distance_pc = (tml_measure){10.0, 0.1};
    object.facts.radius_rjup = (tml_measure){0.9, NAN};
    for (size_t i = 0; i < pixels; ++i) {
        object.spectrum.wavelength_um[i] = 0.85 + 0.9 * ((double)i + 0.5) / (double)pixels;
        object.spectrum.flux[i] = 1e-17 * (3.0 + sin((double)(i + key)));
        object.spectrum.error[i] = 1e-18 * (double)(1 + i % 3);
    }
    for (size_t i = pixels / 2; i < pixels / 2 + pixels / 5; ++i)
        object.spectrum.flux[i] = NAN;
    return object;
}

static void make_objects(tml_observed_object *objects)
{
    objects[0] = row_object(7, 0.05);
    objects[1] = seen_object(41, 100);
    objects[2] = row_object(33, 0.02);
    objects[2].spectrum.flux[3] = 0.0;
    objects[3] = seen_object(90, 101);
    objects[3].spectrum.is_relative = true;
    objects[4] = row_object(59, 0.1);
}

static tml_prediction_request make_request(uint64_t draws)
{
    tml_prediction_request request = {.draws = draws, .seed = 4, .wants_spectra = true};

    return request;
}

/* One object on this rank alone. The caller frees the result. */
static tml_object_result predict_alone(const pair *p, tml_observed_object object, uint64_t draws)
{
    const tml_prediction_request request = make_request(draws);
    tml_object_result result;
    tml_error error = {TML_RANK_UNKNOWN, ""};

    if (tml_predict_objects(p->predictor[1], &request, 1, &object, &result, &error) != TML_OK) {
        fprintf(stderr, "rank %d: %s\n", tml_test_rank, error.message);
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    tml_observed_object_free(&object);
    return result;
}

/* ---- ranks and threads ---- */

static bool same_doubles(size_t count, const double *a, const double *b)
{
    return count == 0 || memcmp(a, b, count * sizeof *a) == 0;
}

static void check_same(const tml_object_result *a, const tml_object_result *b)
{
    const double left[] = {a->chi2,
                           a->dof,
                           a->p,
                           a->inflation,
                           a->scale.sd,
                           a->scale.value,
                           a->radius_rjup.value,
                           a->radius_rjup.sd,
                           a->grid_point.chi2};
    const double right[] = {b->chi2,
                            b->dof,
                            b->p,
                            b->inflation,
                            b->scale.sd,
                            b->scale.value,
                            b->radius_rjup.value,
                            b->radius_rjup.sd,
                            b->grid_point.chi2};

    TML_CHECK(a->flags == b->flags && a->grid_point.row == b->grid_point.row);
    TML_CHECK(memcmp(left, right, sizeof left) == 0);
    TML_CHECK(memcmp(a->parameter, b->parameter, sizeof a->parameter) == 0);
    TML_CHECK(strcmp(a->model_digest, b->model_digest) == 0);
    TML_CHECK(a->bins == b->bins && a->pixels == b->pixels && a->draws == b->draws);
    TML_CHECK(same_doubles(a->bins, a->bin_flux, b->bin_flux));
    TML_CHECK(same_doubles(a->bins, a->bin_filled, b->bin_filled));
    TML_CHECK(same_doubles(a->bins, a->bin_model, b->bin_model));
    TML_CHECK(same_doubles(a->draws * a->parameters, a->draw, b->draw));
}

static void predict_all(const pair *p, int c, const tml_prediction_request *request,
                        tml_object_result *results)
{
    tml_observed_object objects[OBJECTS];
    tml_error error = {TML_RANK_UNKNOWN, ""};

    make_objects(objects);
    TML_CHECK(tml_predict_objects(p->predictor[c], request, OBJECTS, objects, results, &error) == TML_OK);
    for (size_t m = 0; m < OBJECTS; ++m)
        tml_observed_object_free(&objects[m]);
}

static void test_results_have_the_bits_of_one_rank(int threads)
{
    static tml_object_result shared[OBJECTS];
    static tml_object_result alone[OBJECTS];
    static const tml_object_result nothing;
    const tml_prediction_request request = make_request(DRAWS);
    pair p;

    pair_load(&p, NULL, PATH, threads);
    predict_all(&p, 0, &request, shared);
    predict_all(&p, 1, &request, alone);
    for (size_t m = 0; m < OBJECTS; ++m) {
        if (tml_test_rank == 0)
            check_same(&shared[m], &alone[m]);
        else
            TML_CHECK(memcmp(&shared[m], &nothing, sizeof nothing) == 0);
        tml_object_result_free(&shared[m]);
        tml_object_result_free(&alone[m]);
    }
    pair_free(&p);
}

/* Without spectra the numbers are the same but for the scatter of the scale, which is not looked for. */
static void test_numbers_without_spectra(void)
{
    static tml_object_result with[OBJECTS];
    static tml_object_result without[OBJECTS];
    tml_prediction_request request = make_request(2); /* as few as can be */
    pair p;

    pair_load(&p, NULL, PATH, 1);
    predict_all(&p, 1, &request, with);
    request.wants_spectra = false;
    predict_all(&p, 1, &request, without);
    for (size_t m = 0; m < OBJECTS; ++m) {
        TML_CHECK(with[m].draws == 2 && with[m].bins == W && with[m].pixels > 0);
        TML_CHECK(without[m].draws == 0 && without[m].bins == 0 && without[m].pixels == 0);
        TML_CHECK(memcmp(with[m].parameter, without[m].parameter, sizeof with[m].parameter) == 0);
        TML_CHECK(with[m].flags == without[m].flags);
        tml_object_result_free(&with[m]);
        tml_object_result_free(&without[m]);
    }
    pair_free(&p);
}

/* ---- the answer ---- */

static tml_status make_row(void *context, uint64_t number, int worker, float *flux, tml_error *error)
{
    double truth[T];

    (void)number;
    (void)worker;
    (void)error;
    spectra_grid_row(&GRID, *(const uint64_t *)context, flux, truth);
    return TML_OK;
}

static void test_a_row_of_the_grid_gets_the_network_s_answer(void)
{
    pair p;

    pair_load(&p, NULL, PATH, 1);
    for (uint64_t at = 0; at < SPECTRA_ALL_NODES; at += 7) {
        tml_object_result r = predict_alone(&p, row_object(at, 0.01), 2);
        double want[T];
        tml_error error = {TML_RANK_UNKNOWN, ""};

        TML_CHECK(tml_forward_run(&p.world[1], &p.model, 1, 1, make_row, &at, want, NULL, &error) == TML_OK);
        for (size_t t = 0; t < T; ++t)
            TML_CHECK(r.parameter[t].value == want[t]);
        /* The row itself is the best grid point. */
        TML_CHECK(r.grid_point.row == spectra_grid_number(at) && r.grid_point.chi2 < 1e-20);
        TML_CHECK(r.inflation == 1.0);
        tml_object_result_free(&r);
    }
    pair_free(&p);
}

/* Fluxes of an unknown scale beyond the range of floats: a power of two changes no digit. */
static void test_the_scale_of_a_relative_flux_does_not_matter(void)
{
    static const int exponents[] = {-140, 140};
    pair p;

    pair_load(&p, NULL, PATH, 1);
    for (size_t e = 0; e < 2; ++e) {
        tml_observed_object plain = seen_object(41, 100);
        tml_observed_object scaled = seen_object(41, 100);
        tml_object_result want;
        tml_object_result got;

        plain.spectrum.is_relative = scaled.spectrum.is_relative = true;
        for (size_t i = 0; i < 41; ++i) {
            scaled.spectrum.flux[i] = ldexp(scaled.spectrum.flux[i], exponents[e]);
            scaled.spectrum.error[i] = ldexp(scaled.spectrum.error[i], exponents[e]);
        }
        want = predict_alone(&p, plain, 5);
        got = predict_alone(&p, scaled, 5);
        TML_CHECK(memcmp(want.parameter, got.parameter, sizeof want.parameter) == 0);
        TML_CHECK(got.flags == want.flags && got.chi2 == want.chi2);
        tml_object_result_free(&want);
        tml_object_result_free(&got);
    }
    pair_free(&p);
}

/* Bins 3 and 5: what the network saw there is a spectrum of the grid on the scale of the others. */
static void test_masked_bins_are_filled(void)
{
    tml_observed_object object = row_object(20, 0.01);
    tml_object_result r;
    pair p;

    object.spectrum.flux[3] = 0.0;
    object.spectrum.error[5] = NAN;
    pair_load(&p, NULL, PATH, 1);
    r = predict_alone(&p, object, 3);
    TML_CHECK(r.bin_state[3] == TML_PIXEL_ZERO && r.bin_state[5] == TML_PIXEL_NO_ERROR);
    TML_CHECK(isnan(r.bin_flux[3]) && isnan(r.bin_flux[5]));
    TML_CHECK(r.bin_filled[3] > 0.0 && r.bin_filled[5] > 0.0);
    for (size_t j = 0; j < W; ++j)
        TML_CHECK(j == 3 || j == 5 || r.bin_filled[j] == r.bin_flux[j]);
    TML_CHECK(r.dof == W - 2 - T - 1 && (r.flags & TML_FLAG_MANY_MASKED) == 0);
    tml_object_result_free(&r);
    object = row_object(20, 0.01);
    for (size_t j = 0; j < 3; ++j) /* three of nine are more than a quarter */
        object.spectrum.flux[2 * j] = NAN;
    r = predict_alone(&p, object, 3);
    TML_CHECK((r.flags & TML_FLAG_MANY_MASKED) != 0);
    tml_object_result_free(&r);
    pair_free(&p);
}

static void test_an_answer_beyond_the_grid(void)
{
    tml_object_result r;
    pair p;

    pair_load(&p, NULL, PATH, 1);
    p.model.preparation.targets[1].offset = 9.0; /* logg; the grid ends at 5.5 */
    r = predict_alone(&p, row_object(20, 0.01), 3);
    TML_CHECK(r.parameter[1].flags == TML_FLAG_OUTSIDE_GRID && r.parameter[0].flags == 0);
    TML_CHECK((r.flags & TML_FLAG_OUTSIDE_GRID) != 0);
    TML_CHECK(r.parameter[1].grid_low == 3.0 && r.parameter[1].grid_high == 5.5);
    tml_object_result_free(&r);
    pair_free(&p);
}

/* ---- uncertainties ---- */

/* The same random numbers: where the network is as good as linear, four times the error is four times the
 * scatter. */
static void test_scatter_grows_with_the_error(void)
{
    tml_object_result small;
    tml_object_result large;
    pair p;

    pair_load(&p, NULL, PATH, 1);
    small = predict_alone(&p, row_object(20, 1e-4), DRAWS);
    large = predict_alone(&p, row_object(20, 4e-4), DRAWS);
    for (size_t t = 0; t < T; ++t) {
        TML_CHECK(small.parameter[t].sd_noise > 0.0);
        TML_CHECK(fabs(large.parameter[t].sd_noise / small.parameter[t].sd_noise - 4.0) < 0.2);
        TML_CHECK(large.parameter[t].sd_model == small.parameter[t].sd_model);
    }
    tml_object_result_free(&small);
    tml_object_result_free(&large);
    pair_free(&p);
}

/* Fewer than 64 rows are held out, so all are near: the root of the mean square of their errors about the
 * answer, here of a target that is learned as a logarithm and of one that is not. */
static void test_error_of_the_network(void)
{
    size_t wanted = tml_sweep_wanted(4);
    tml_data_set data;
    tml_held_out held_out;
    tml_object_result r;
    tml_error error = {TML_RANK_UNKNOWN, ""};
    pair p;

    pair_load(&p, NULL, PATH, 1);
    r = predict_alone(&p, row_object(20, 1e-3), DRAWS);
    tml_data_request request = {.path = PATH,
                                .settings = &p.model.settings,
                                .preparation = &p.model.preparation,
                                .most_wanted = {0, wanted, wanted}};
    TML_CHECK(tml_data_set_load(MPI_COMM_SELF, &request, &data, &error) == TML_OK);
    TML_CHECK(tml_held_out_run(&p.world[1], &p.model, &data, 1, &held_out, &error) == TML_OK);
    TML_CHECK(held_out.count > 10 && held_out.count < TML_HELD_OUT_NEAR);
    for (size_t t = 0; t < 2; ++t) {
        double value = r.parameter[t].value;
        double squares = 0.0;

        for (size_t i = 0; i < held_out.count; ++i) {
            double residual = held_out.residual[i * T + t];
            double off = t == 0 ? value * pow(10.0, residual) - value : residual;

            squares += off * off;
        }
        squares = sqrt(squares / (double)held_out.count);
        TML_CHECK(fabs(r.parameter[t].sd_model / squares - 1.0) < 1e-9);
        TML_CHECK(r.parameter[t].sd > r.parameter[t].sd_noise);
    }
    tml_held_out_free(&held_out);
    tml_data_set_free(&data);
    tml_object_result_free(&r);
    pair_free(&p);
}

/* ---- goodness of fit ---- */

/* Tolerance: roundings of sums of nine terms. */
static void test_goodness_is_its_closed_form(void)
{
    tml_object_result r;
    double chi2 = 0.0;
    double slope = 0.0;
    double best;
    pair p;

    pair_load(&p, NULL, PATH, 1);
    r = predict_alone(&p, row_object(11, 0.01), DRAWS);
    for (size_t j = 0; j < W; ++j) {
        double off = (r.bin_flux[j] - r.bin_model[j]) / r.bin_error[j];

        chi2 += off * off;
        slope += off * r.bin_model[j] / r.bin_error[j]; /* of chi2 with the scale: 0 at the best one */
    }
    TML_CHECK(fabs(r.chi2 / chi2 - 1.0) < 1e-10 && r.dof == W - T - 1);
    TML_CHECK(fabs(slope) < 1e-9 * chi2 && r.scale.value > 0.0 && r.scale.sd > 0.0);
    TML_CHECK(r.p == tml_chi_square_tail(r.chi2, r.dof));
    TML_CHECK(((r.flags & TML_FLAG_POOR_FIT) != 0) == (r.p < 1e-3));
    tml_object_result_free(&r);
    r = predict_alone(&p, seen_object(41, 100), DRAWS); /* no spectrum of the grid looks like it */
    best = fmin(r.chi2, r.grid_point.chi2);
    TML_CHECK(fabs(r.inflation - sqrt(best / r.dof)) < 1e-12 * r.inflation && r.inflation > 2.0);
    TML_CHECK(fabs(r.radius_rjup.value / (0.9 * sqrt(r.scale.value)) - 1.0) < 1e-12);
    TML_CHECK(fabs(r.radius_rjup.sd / (r.radius_rjup.value * hypot(0.5 * r.scale.sd / r.scale.value, 0.01)) -
                   1.0) < 1e-12);
    tml_object_result_free(&r);
    pair_free(&p);
}

int main(int argc, char **argv)
{
    tml_test_start(&argc, &argv);
    tml_log_setup(tml_test_rank, TML_LOG_ERROR);
    spectra_grid_make(PATH, &GRID);
    test_results_have_the_bits_of_one_rank(1);
    test_results_have_the_bits_of_one_rank(3);
    test_numbers_without_spectra();
    test_a_row_of_the_grid_gets_the_network_s_answer();
    test_the_scale_of_a_relative_flux_does_not_matter();
    test_masked_bins_are_filled();
    test_an_answer_beyond_the_grid();
    test_scatter_grows_with_the_error();
    test_error_of_the_network();
    test_goodness_is_its_closed_form();
    MPI_Barrier(MPI_COMM_WORLD);
    if (tml_test_rank == 0)
        remove(PATH);
    return tml_test_finish();
}
