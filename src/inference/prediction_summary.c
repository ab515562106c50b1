#include "inference/prediction_private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "spectra/pixel_state.h"
#include "statistics/chi_square.h"
#include "statistics/sample_summary.h"

#define POOR_FIT_PROBABILITY 1e-3
#define MANY_MASKED_SHARE 0.25
#define RADIUS_SIGMAS 3.0
#define WORSE_THAN_GRID_FACTOR 1.2
#define WORSE_THAN_GRID_SIGMAS 3.0

/* The draws of one parameter in a few numbers. */
static void summarise_draws(const double *draws, size_t count, size_t stride, double *column,
                            tml_sample_summary *summary)
{
    for (size_t d = 0; d < count; ++d)
        column[d] = draws[d * stride];
    *summary = tml_sample_summarise(count, column);
}

static void fill_parameter(const tml_prediction_block *b, size_t m, size_t t, double *column,
                           tml_parameter_result *parameter)
{
    const tml_model *model = b->predictor->model;
    size_t draws = (size_t)b->request->draws;
    size_t first = m * draws * b->targets + t;
    tml_sample_summary noise;
    tml_sample_summary all;

    summarise_draws(b->noise_draw + first, draws, b->targets, column, &noise);
    summarise_draws(b->draw + first, draws, b->targets, column, &all);
    snprintf(parameter->name, sizeof parameter->name, "%s", model->settings.targets.item[t]);
    snprintf(parameter->unit, sizeof parameter->unit, "%s", model->target_unit[t]);
    parameter->value = b->answer[m * b->targets + t];
    parameter->mean = all.mean;
    parameter->sd = all.sd;
    parameter->sd_noise = noise.sd;
    parameter->sd_model = b->model_sd[m * b->targets + t];
    parameter->p2_5 = all.p2_5;
    parameter->p16 = all.p16;
    parameter->p50 = all.p50;
    parameter->p84 = all.p84;
    parameter->p97_5 = all.p97_5;
    parameter->grid_low = parameter->grid_high = NAN;
    if (b->predictor->grid == NULL)
        return;
    tml_grid_spectra_range(b->predictor->grid, t, &parameter->grid_low, &parameter->grid_high);
    if ((b->note[m].outside >> t & 1U) != 0)
        parameter->flags |= TML_FLAG_OUTSIDE_GRID;
}

static void fill_spectra(const tml_prediction_block *b, size_t m, double scale, tml_object_result *result)
{
    const tml_observed_object *object = &b->objects[m];
    const tml_observed_spectrum *s = &object->spectrum;
    size_t first = m * b->bins;

    memcpy(result->pixel_um, s->wavelength_um, s->count * sizeof(double));
    memcpy(result->pixel_flux, s->flux, s->count * sizeof(double));
    memcpy(result->pixel_error, s->error, s->count * sizeof(double));
    memcpy(result->pixel_state, object->pixel_state, s->count);
    memcpy(result->bin_um, b->predictor->model->wavelength_um, b->bins * sizeof(double));
    memcpy(result->bin_flux, b->flux + first, b->bins * sizeof(double));
    memcpy(result->bin_error, b->error + first, b->bins * sizeof(double));
    memcpy(result->bin_state, object->state, b->bins);
    memcpy(result->bin_filled, b->filled + first, b->bins * sizeof(double));
    for (size_t i = 0; i < b->bins; ++i)
        result->bin_model[i] = scale * b->implied[first + i];
    for (size_t q = 0; q < TML_RESULT_BANDS; ++q)
        memcpy(result->bin_band[q], b->band + (m * TML_RESULT_BANDS + q) * b->bins, b->bins * sizeof(double));
}

static void fill_draws(const tml_prediction_block *b, size_t m, tml_object_result *result)
{
    size_t numbers = result->draws * b->targets;

    memcpy(result->draw, b->draw + m * (size_t)b->request->draws * b->targets, numbers * sizeof(double));
}

static void fill_grid_rows(const tml_prediction_block *b, tml_object_result *result)
{
    for (size_t i = 0; i < result->grid_rows; ++i) {
        result->grid_row[i] = b->best[i].row;
        result->grid_chi2[i] = b->best[i].chi2;
        result->grid_scale[i] = b->best[i].scale;
        memcpy(result->grid_parameter + i * b->targets, b->best[i].truth, b->targets * sizeof(double));
    }
}

/* The radius that makes the implied spectrum as bright as the observation: flux goes with its square. */
static void fill_radius(const tml_observed_object *object, tml_object_result *result)
{
    const tml_measure distance = object->facts.distance_pc;
    const tml_measure given = object->facts.radius_rjup;
    double base = given.value;
    double part_of_scale;
    double part_of_distance = isfinite(distance.sd) ? distance.sd / distance.value : 0.0;
    double off;

    result->radius_rjup.value = result->radius_rjup.sd = NAN;
    if (!object->is_at_surface || object->is_binned || !(result->scale.value > 0.0))
        return;
    part_of_scale = 0.5 * result->scale.sd / result->scale.value;
    result->radius_rjup.value = base * sqrt(result->scale.value);
    result->radius_rjup.sd = result->radius_rjup.value * hypot(part_of_scale, part_of_distance);
    off = fabs(result->radius_rjup.value - base);
    if (isfinite(given.sd) && off > RADIUS_SIGMAS * hypot(result->radius_rjup.sd, given.sd))
        result->flags |= TML_FLAG_RADIUS_DISAGREES;
}

static void fill_goodness(const tml_prediction_block *b, size_t m, tml_object_result *result)
{
    const tml_scale_fit fit = tml_scale_fit_of(b->bins, b->flux + m * b->bins, b->error + m * b->bins,
                                               b->implied + m * b->bins);
    double margin;

    result->chi2 = result->dof = result->p = result->scale.value = result->scale.sd = NAN;
    result->radius_rjup.value = result->radius_rjup.sd = NAN;
    result->inflation = b->inflation[m];
    result->grid_point.row = b->match[m].row;
    if (b->predictor->grid == NULL) {
        result->flags |= TML_FLAG_NO_GRID;
        return;
    }
    result->grid_point.chi2 = b->match[m].chi2;
    memcpy(result->grid_point.parameter, b->match[m].truth, b->targets * sizeof(double));
    result->chi2 = fit.chi2;
    /* The targets and the scale were found from the same pixels. */
    result->dof = (double)fit.used - (double)b->targets - 1.0;
    result->p = tml_chi_square_tail(result->chi2, result->dof);
    result->scale.value = fit.scale;
    result->scale.sd = hypot(fit.sd, isfinite(b->scale_spread[m]) ? b->scale_spread[m] : 0.0);
    fill_radius(&b->objects[m], result);
    if (result->p < POOR_FIT_PROBABILITY)
        result->flags |= TML_FLAG_POOR_FIT;
    margin = WORSE_THAN_GRID_SIGMAS * sqrt(2.0 * fmax(result->dof, 1.0));
    if (result->chi2 > WORSE_THAN_GRID_FACTOR * result->grid_point.chi2 &&
        result->chi2 > result->grid_point.chi2 + margin)
        result->flags |= TML_FLAG_WORSE_THAN_GRID;
}

static void fill_flags(const tml_prediction_block *b, size_t m, tml_object_result *result)
{
    const tml_observed_object *object = &b->objects[m];
    size_t counts[TML_PIXEL_STATES];

    tml_pixel_count(b->bins, object->state, counts);
    if ((double)(b->bins - counts[TML_PIXEL_USED]) > MANY_MASKED_SHARE * (double)b->bins)
        result->flags |= TML_FLAG_MANY_MASKED;
    if (!object->is_at_surface || tml_preparation_is_scale_free(&b->predictor->model->preparation.choice))
        result->flags |= TML_FLAG_SHAPE_ONLY;
    for (size_t t = 0; t < b->targets; ++t)
        result->flags |= result->parameter[t].flags;
}

static void fill_facts(const tml_prediction_block *b, size_t m, tml_object_result *result)
{
    const tml_observed_object *object = &b->objects[m];

    result->facts = object->facts;
    memcpy(result->file, object->file, sizeof result->file);
    memcpy(result->model_digest, b->predictor->model_digest, sizeof result->model_digest);
    result->density = object->spectrum.density;
    result->is_relative = object->spectrum.is_relative;
    result->is_at_surface = object->is_at_surface;
    result->parameters = b->targets;
    result->bins = b->request->wants_spectra ? b->bins : 0;
    result->pixels = b->request->wants_spectra ? object->spectrum.count : 0;
    result->draws = b->request->wants_spectra || b->request->wants_draws ? (size_t)b->request->draws : 0;
    result->grid_rows = b->best_count;
}

tml_status tml_prediction_summarise(const tml_prediction_block *b, size_t m, tml_object_result *result,
                                    tml_error *error)
{
    double *column = NULL;
    tml_status status = tml_array_create((size_t)b->request->draws, sizeof(double), "draws", &column, error);

    memset(result, 0, sizeof *result);
    fill_facts(b, m, result);
    if (status == TML_OK)
        status = tml_object_result_allocate(result, error);
    for (size_t t = 0; t < b->targets && status == TML_OK; ++t)
        fill_parameter(b, m, t, column, &result->parameter[t]);
    free(column);
    if (status != TML_OK)
        return status;
    fill_goodness(b, m, result);
    fill_flags(b, m, result);
    if (b->request->wants_spectra)
        fill_spectra(b, m, result->scale.value, result);
    fill_draws(b, m, result);
    fill_grid_rows(b, result);
    return TML_OK;
}
