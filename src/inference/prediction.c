#include "inference/prediction.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/log.h"
#include "core/memory.h"
#include "inference/predicted_spread.h"
#include "inference/prediction_private.h"
#include "inference/same_wavelengths.h"
#include "mpi/agree.h"
#include "training/sweep.h"

static tml_status load_grid(tml_predictor *p, const char *path, tml_error *error)
{
    size_t wanted = tml_sweep_wanted((size_t)p->model->settings.batch_lane);
    tml_data_request request = {.path = path,
                                .settings = &p->model->settings,
                                .preparation = &p->model->preparation,
                                .most_wanted = {0, wanted, wanted}};
    tml_status status = tml_data_set_load(p->world->comm, &request, &p->data, error);

    if (status == TML_OK)
        status = tml_same_wavelengths(p->model, p->data.layout.wavelengths, p->data.wavelength_um, path,
                                      error);
    if (status == TML_OK && strcmp(p->data.grid_digest, p->model->grid_digest) != 0)
        tml_warn("other_grid",
                 "%s is not the grid that the network was trained on (digest %.8s, then %.8s): spectra that "
                 "the answers imply, and the error of the network, are those of another grid",
                 path, p->data.grid_digest, p->model->grid_digest);
    if (status == TML_OK)
        status = tml_grid_spectra_create(p->world->comm, &p->data, &p->grid, error);
    if (status == TML_OK)
        status = tml_held_out_run(p->world, p->model, &p->data, p->threads, &p->held_out, error);
    if (status == TML_OK && p->held_out.count == 0)
        tml_warn("no_held_out",
                 "%s: nothing of it was held out of the training (split.test and split.validation are 0): "
                 "the uncertainties are those of the observation's noise alone",
                 path);
    return status;
}

tml_status tml_predictor_create(const tml_world *world, const tml_model *model, const char *grid_path,
                                int threads, tml_predictor **predictor, tml_error *error)
{
    tml_predictor *made = NULL;
    tml_digest digest = tml_digest_of(model->weights, model->network.parameter_count * sizeof(float));
    tml_status status;

    *predictor = NULL;
    status = tml_agree(world->comm, tml_array_create(1, sizeof *made, "the predictor", &made, error), error);
    if (status != TML_OK) {
        free(made);
        return status;
    }
    made->world = world;
    made->model = model;
    made->threads = threads;
    tml_digest_text(&digest, made->model_digest);
    if (grid_path != NULL)
        status = load_grid(made, grid_path, error);
    if (status != TML_OK)
        tml_predictor_destroy(&made);
    *predictor = made;
    return status;
}

const char *tml_predictor_grid_digest(const tml_predictor *predictor)
{
    return predictor->data.grid_digest;
}

void tml_predictor_destroy(tml_predictor **predictor)
{
    if (*predictor == NULL)
        return;
    tml_grid_spectra_destroy(&(*predictor)->grid);
    tml_data_set_free(&(*predictor)->data);
    tml_held_out_free(&(*predictor)->held_out);
    free(*predictor);
    *predictor = NULL;
}

static tml_status allocate(tml_prediction_block *b, tml_error *error)
{
    size_t spectra = b->count * b->bins;
    size_t answers = b->count * b->targets;
    size_t draws = answers * (size_t)b->request->draws;
    size_t threads = (size_t)b->predictor->threads;
    const struct {
        double **array;
        size_t count;
    } wanted[] = {{&b->flux, spectra},
                  {&b->error, spectra},
                  {&b->filled, spectra},
                  {&b->implied, spectra},
                  {&b->answer, answers},
                  {&b->model_sd, answers},
                  {&b->noise_draw, draws},
                  {&b->draw, draws},
                  {&b->unit, b->count},
                  {&b->scale, b->count},
                  {&b->inflation, b->count},
                  {&b->scale_spread, b->count},
                  {&b->band, b->request->wants_spectra ? spectra * TML_RESULT_BANDS : 0},
                  {&b->pixels, threads * 2 * b->most_pixels},
                  {&b->draw_flux, threads * b->bins}};
    tml_status status = TML_OK;

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0] && status == TML_OK; ++i)
        status = tml_array_create(wanted[i].count, sizeof(double), "a prediction", wanted[i].array, error);
    if (status == TML_OK && tml_predicts_spread(b->predictor->model))
        status = tml_array_create(answers, sizeof(double), "a prediction", &b->answer_spread, error);
    if (status == TML_OK && tml_predicts_spread(b->predictor->model))
        status = tml_array_create(draws, sizeof(double), "a prediction", &b->draw_spread, error);
    if (status == TML_OK)
        status = tml_array_create(b->count, sizeof *b->note, "a prediction", &b->note, error);
    if (status == TML_OK)
        status = tml_array_create(b->count, sizeof *b->match, "a prediction", &b->match, error);
    if (status == TML_OK)
        status = tml_array_create(TML_RESULT_GRID_ROWS, sizeof *b->best, "a prediction", &b->best, error);
    return status;
}

static void free_block(tml_prediction_block *b)
{
    double *const arrays[] = {b->flux,          b->error,        b->filled, b->implied,   b->answer,
                              b->noise_draw,    b->unit,         b->scale,  b->inflation, b->draw,
                              b->model_sd,      b->scale_spread, b->pixels, b->draw_flux, b->band,
                              b->answer_spread, b->draw_spread};

    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; ++i)
        free(arrays[i]);
    free(b->note);
    free(b->match);
    free(b->best);
}

static tml_status bin_objects(const tml_prediction_block *b, tml_error *error)
{
    const tml_model *model = b->predictor->model;
    const tml_preparation_choice *choice = &model->preparation.choice;
    const tml_binning binning = {.bins = b->bins,
                                 .bin_um = model->wavelength_um,
                                 .needs_surface = !tml_preparation_is_scale_free(choice),
                                 .keep_negative = b->request->keep_negative,
                                 .takes_logarithm = choice->transform == TML_TRANSFORM_LOG10,
                                 .least = tml_prediction_least_bins(b->targets)};
    tml_status status = TML_OK;

    for (size_t m = 0; m < b->count && status == TML_OK; ++m)
        status = tml_observed_object_bin(&b->objects[m], &binning, error);
    return status;
}

/* Fluxes of a relative scale may lie beyond the range of floats. A network of shapes takes them in any unit;
 * a power of two changes no digit. */
static double unit_of(const tml_preparation_choice *choice, size_t bins, const double *flux)
{
    double largest = 0.0;

    for (size_t i = 0; i < bins; ++i)
        largest = fmax(largest, fabs(flux[i]));
    return tml_preparation_is_scale_free(choice) && largest > 0.0 ? ldexp(1.0, ilogb(largest)) : 1.0;
}

static void take_objects(tml_prediction_block *b)
{
    for (size_t m = 0; m < b->count; ++m) {
        b->unit[m] = unit_of(&b->predictor->model->preparation.choice, b->bins, b->objects[m].flux);
        memcpy(b->flux + m * b->bins, b->objects[m].flux, b->bins * sizeof(double));
        memcpy(b->error + m * b->bins, b->objects[m].error, b->bins * sizeof(double));
    }
    for (size_t i = 0; b->request->wants_spectra && i < b->count * TML_RESULT_BANDS * b->bins; ++i)
        b->band[i] = NAN; /* until draws have spectra */
}

/* The best grid points are asked for one object at a time: of many they would be too much to keep twice. */
static tml_status finish_object(tml_prediction_block *b, size_t m, tml_object_result *result,
                                tml_error *error)
{
    const tml_predictor *p = b->predictor;
    tml_status status = TML_OK;

    if (p->grid != NULL && b->request->wants_spectra)
        status = tml_grid_spectra_best(p->grid, b->flux + m * b->bins, b->error + m * b->bins,
                                       TML_RESULT_GRID_ROWS, b->best, &b->best_count, error);
    if (status == TML_OK && p->world->rank == 0)
        status = tml_prediction_summarise(b, m, result, error);
    return tml_agree(p->world->comm, status, error);
}

static tml_status predict_block(tml_prediction_block *b, tml_object_result *results, tml_error *error)
{
    MPI_Comm comm = b->predictor->world->comm;
    tml_status status = bin_objects(b, error);

    for (size_t m = 0; m < b->count; ++m)
        if (b->objects[m].spectrum.count > b->most_pixels)
            b->most_pixels = b->objects[m].spectrum.count;
    if (status == TML_OK)
        status = allocate(b, error);
    status = tml_agree(comm, status, error);
    if (status != TML_OK)
        return status;
    take_objects(b);
    status = tml_prediction_answer(b, error);
    if (status == TML_OK)
        status = tml_prediction_draw(b, error);
    if (status != TML_OK)
        return status;
    for (size_t m = 0; m < b->count && status == TML_OK; ++m)
        status = finish_object(b, m, &results[m], error);
    return status;
}

tml_status tml_predict_objects(tml_predictor *predictor, const tml_prediction_request *request, size_t count,
                               tml_observed_object *objects, tml_object_result *results, tml_error *error)
{
    tml_prediction_block block = {.predictor = predictor,
                                  .request = request,
                                  .count = count,
                                  .bins = predictor->model->preparation.choice.wavelengths,
                                  .targets = predictor->model->settings.targets.count,
                                  .objects = objects};
    tml_status status;

    memset(results, 0, count * sizeof *results);
    status = predict_block(&block, results, error);
    free_block(&block);
    for (size_t m = 0; m < count && status != TML_OK; ++m)
        tml_object_result_free(&results[m]);
    return status;
}
