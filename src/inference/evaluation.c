#include "inference/evaluation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/log.h"
#include "core/memory.h"
#include "inference/nearest.h"
#include "inference/same_wavelengths.h"
#include "inference/score_intervals.h"
#include "mpi/agree.h"
#include "mpi/exact_reduce.h"
#include "training/sweep.h"

/* The noise of scoring is not that of any epoch of training. */
static const uint64_t scoring_epoch = UINT64_MAX;

/* One part on one rank. */
typedef struct scoring {
    const tml_world *world;
    const tml_model *model;
    const tml_evaluation_request *request;
    tml_data_set data;
    tml_data_set reference;
    tml_lane_team *team;
    tml_noise noise;
    tml_part part; /* that is being scored */
    tml_regression scores[TML_PREPARATION_TARGETS];
    tml_regression baseline[TML_PREPARATION_TARGETS];
    bool is_same_grid; /* the nearest are looked for in the grid that is scored */
    double *own;       /* [own_count][tml_prediction_width] of this rank, all parts; NULL if not wanted */
    size_t own_count;
} scoring;

static void keep_prediction(scoring *s, const float *record, uint64_t number, const double *truth,
                            const double *value)
{
    size_t targets = s->data.layout.targets;
    double *row = s->own + s->own_count++ * tml_prediction_width(targets);

    row[TML_PREDICTION_ROW] = (double)tml_sample_row(s->data.layout, record);
    row[TML_PREDICTION_NUMBER] = (double)number;
    row[TML_PREDICTION_PART] = (double)s->part;
    memcpy(row + TML_PREDICTION_TRUTH, truth, targets * sizeof *row);
    memcpy(row + TML_PREDICTION_TRUTH + targets, value, targets * sizeof *row);
}

static tml_status add_outputs(void *context, const float *records, const uint64_t *numbers, size_t count,
                              const float *outputs, tml_error *error)
{
    scoring *s = context;
    tml_sample_layout layout = s->data.layout;
    size_t width = tml_network_outputs(&s->model->network);

    (void)error;
    for (size_t i = 0; i < count; ++i) {
        const float *record = records + i * tml_sample_length(layout);
        double truth[TML_PREPARATION_TARGETS];
        double value[TML_PREPARATION_TARGETS];

        tml_sample_truth(layout, record, truth);
        tml_preparation_inverse(&s->model->preparation, outputs + i * width, value);
        for (size_t t = 0; t < layout.targets; ++t)
            tml_regression_add(&s->scores[t], truth[t], value[t]);
        if (s->own != NULL)
            keep_prediction(s, record, numbers[i], truth, value);
    }
    return TML_OK;
}

static void add_nearest(void *context, uint64_t number, const double *truth, const double *nearest)
{
    scoring *s = context;

    (void)number;
    for (size_t t = 0; t < s->data.layout.targets; ++t)
        tml_regression_add(&s->baseline[t], truth[t], nearest[t]);
}

static tml_status reduce_scores(const scoring *s, tml_regression *scores, tml_regression_result *results,
                                tml_error *error)
{
    size_t targets = s->data.layout.targets;
    tml_status status = tml_exact_reduce(s->world->comm, scores[0].sums, targets * TML_REGRESSION_SUMS,
                                         error);

    for (size_t t = 0; t < targets && status == TML_OK; ++t)
        results[t] = tml_regression_get(&scores[t]);
    return status;
}

static tml_status score_part(scoring *s, tml_part_scores *result, tml_error *error)
{
    tml_sample_store *store = s->data.part[s->part];
    MPI_Comm comm = s->world->comm;
    tml_status status;

    result->rows = tml_sample_store_total(store);
    snprintf(result->name, sizeof result->name, "%s", s->request->is_whole ? "all" : tml_part_name(s->part));
    for (size_t t = 0; t < s->data.layout.targets; ++t) {
        tml_regression_clear(&s->scores[t]);
        tml_regression_clear(&s->baseline[t]);
        result->interval[t] = tml_regression_intervals_unknown();
    }
    status = tml_sweep_run(comm, store, s->data.layout, s->team, &s->model->prepared, &s->noise,
                           scoring_epoch, add_outputs, s, error);
    if (status == TML_OK)
        status = reduce_scores(s, s->scores, result->target, error);
    result->has_baseline = s->request->baseline_path != NULL &&
                           !(s->is_same_grid && s->part == TML_PART_TRAIN);
    if (status != TML_OK || !result->has_baseline)
        return status;
    status = tml_nearest_run(comm, store, s->reference.part[s->is_same_grid ? TML_PART_TRAIN : TML_PART_TEST],
                             s->data.layout, tml_lane_team_lane_size(s->team), &s->noise, scoring_epoch,
                             add_nearest, s, error);
    return status == TML_OK ? reduce_scores(s, s->baseline, result->baseline, error) : status;
}

static int by_part_and_number(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;

    if (left[TML_PREDICTION_PART] != right[TML_PREDICTION_PART])
        return left[TML_PREDICTION_PART] < right[TML_PREDICTION_PART] ? -1 : 1;
    return left[TML_PREDICTION_NUMBER] < right[TML_PREDICTION_NUMBER] ? -1 : 1;
}

/* How many rows each rank sends, and where they go. @param counts, firsts [ranks] out */
static tml_status share_counts(const scoring *s, int *counts, int *firsts, uint64_t *total, tml_error *error)
{
    int mine = 0;
    tml_status status = TML_OK;

    *total = s->own_count;
    status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, total, 1, MPI_UINT64_T, MPI_SUM, s->world->comm),
                           "counting predictions", error);
    if (status == TML_OK &&
        (!tml_int_from_size((size_t)*total, &mine) || !tml_int_from_size(s->own_count, &mine)))
        return TML_FAIL(error, TML_USAGE,
                        "%llu predictions are too many for one table; leave --out away or score one "
                        "--split",
                        (unsigned long long)*total);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Gather(&mine, 1, MPI_INT, counts, 1, MPI_INT, 0, s->world->comm),
                               "counting predictions", error);
    firsts[0] = 0;
    for (int r = 1; r < s->world->size; ++r)
        firsts[r] = firsts[r - 1] + counts[r - 1];
    return status;
}

/* The rows of all ranks on rank 0, as units of one row so that the counts stay small. */
static tml_status gather_rows(const scoring *s, const int *counts, const int *firsts, double *all,
                              tml_error *error)
{
    MPI_Datatype row;
    int result = MPI_Type_contiguous((int)tml_prediction_width(s->data.layout.targets), MPI_DOUBLE, &row);

    if (result == MPI_SUCCESS)
        result = MPI_Type_commit(&row);
    if (result == MPI_SUCCESS)
        result = MPI_Gatherv(s->own, (int)s->own_count, row, all, counts, firsts, row, 0, s->world->comm);
    MPI_Type_free(&row);
    return tml_mpi_check(result, "collecting predictions", error);
}

/* Rank 0 gets the table that people read. */
static tml_status collect_predictions(scoring *s, tml_evaluation *evaluation, tml_error *error)
{
    size_t width = tml_prediction_width(s->data.layout.targets);
    size_t ranks = (size_t)s->world->size;
    int *counts = NULL;
    int *firsts = NULL;
    uint64_t total = 0;
    tml_status status = tml_array_create(ranks, sizeof(int), "counts", &counts, error);

    if (status == TML_OK)
        status = tml_array_create(ranks, sizeof(int), "counts", &firsts, error);
    status = tml_agree(s->world->comm, status, error);
    if (status == TML_OK)
        status = share_counts(s, counts, firsts, &total, error);
    if (status == TML_OK && s->world->rank == 0)
        status = tml_array_create((size_t)total * width, sizeof(double), "predictions",
                                  &evaluation->predictions, error);
    status = tml_agree(s->world->comm, status, error);
    if (status == TML_OK)
        status = gather_rows(s, counts, firsts, evaluation->predictions, error);
    free(counts);
    free(firsts);
    if (status == TML_OK && s->world->rank == 0) {
        evaluation->prediction_count = (size_t)total;
        qsort(evaluation->predictions, evaluation->prediction_count, width * sizeof(double),
              by_part_and_number);
        status = tml_score_intervals(evaluation, s->data.layout.targets, s->request->seed, error);
    }
    return tml_agree(s->world->comm, status, error);
}

static tml_status load(const scoring *s, const char *path, bool is_whole, tml_data_set *data,
                       tml_error *error)
{
    size_t lane = (size_t)s->model->settings.batch_lane;
    tml_data_request request = {
        .path = path,
        .settings = &s->model->settings,
        .preparation = &s->model->preparation,
        .is_whole = is_whole,
        .most_wanted = {tml_sweep_wanted(lane), tml_sweep_wanted(lane), tml_sweep_wanted(lane)}};
    tml_status status = tml_data_set_load(s->world->comm, &request, data, error);

    return status == TML_OK
               ? tml_same_wavelengths(s->model, data->layout.wavelengths, data->wavelength_um, path, error)
               : status;
}

static tml_status check_request(const tml_model *model, const tml_evaluation_request *request,
                                tml_error *error)
{
    if (request->snr > 0.0 && model->preparation.choice.transform == TML_TRANSFORM_LOG10)
        return TML_FAIL(
            error, TML_USAGE,
            "--snr: this network takes the logarithm of the flux (input.transform log10), and noise makes "
            "negative fluxes; score it without noise, or train one with input.transform asinh or linear");
    return TML_OK;
}

/* The grid in which the nearest are looked for: another grid as a whole, the grid that is scored by its
 * training part alone. */
static tml_status load_reference(scoring *s, tml_error *error)
{
    const char *path = s->request->baseline_path;
    tml_status status = load(s, path, false, &s->reference, error);

    if (status != TML_OK)
        return status;
    s->is_same_grid = strcmp(s->reference.grid_digest, s->data.grid_digest) == 0;
    if (s->is_same_grid && s->request->is_whole)
        return TML_FAIL(
            error, TML_USAGE,
            "--baseline %s is the grid that is scored: every spectrum would be its own neighbour; give "
            "--split test, or other spectra by --grid",
            path);
    if (s->is_same_grid)
        return TML_OK;
    tml_data_set_free(&s->reference);
    return load(s, path, true, &s->reference, error);
}

static void warn_about_grid(const scoring *s, const char *path)
{
    if (s->request->grid_path == NULL && strcmp(s->data.grid_digest, s->model->grid_digest) != 0)
        tml_warn("other_grid",
                 "%s is not the grid that the network was trained on (digest %.8s, then %.8s): its training "
                 "and test "
                 "parts may overlap with the network's",
                 path, s->data.grid_digest, s->model->grid_digest);
}

static tml_status prepare(scoring *s, tml_error *error)
{
    const tml_evaluation_request *r = s->request;
    const char *path = r->grid_path != NULL ? r->grid_path : s->model->settings.grid_path;
    uint64_t lane = (uint64_t)s->model->settings.batch_lane;
    /* A sweep deals out whole lanes: a rank may run some samples more than its share. */
    uint64_t most = 0;
    tml_status status = load(s, path, r->is_whole, &s->data, error);

    if (status == TML_OK)
        warn_about_grid(s, path);
    if (status == TML_OK && r->baseline_path != NULL)
        status = load_reference(s, error);
    if (status != TML_OK)
        return status;
    for (int p = 0; p < TML_PARTS; ++p)
        most += (tml_divide_up(tml_sample_store_total(s->data.part[p]), lane * (uint64_t)s->world->size)) *
                lane;
    if (r->wants_predictions)
        status = tml_array_create((size_t)most * tml_prediction_width(s->data.layout.targets), sizeof(double),
                                  "predictions", &s->own, error);
    if (status == TML_OK)
        status = tml_lane_team_create(&s->model->network, s->data.layout, &s->model->preparation,
                                      (size_t)lane, r->threads, 0, &s->team, error);
    return tml_agree(s->world->comm, status, error);
}

static tml_status score_parts(scoring *s, tml_evaluation *evaluation, tml_error *error)
{
    tml_status status = TML_OK;

    for (int p = 0; p < TML_PARTS && status == TML_OK; ++p) {
        bool is_wanted = s->request->is_whole ? p == TML_PART_TEST : s->request->wanted[p];

        s->part = (tml_part)p;
        if (is_wanted && tml_sample_store_total(s->data.part[p]) > 0)
            status = score_part(s, &evaluation->part[evaluation->part_count++], error);
    }
    if (status == TML_OK && evaluation->part_count == 0)
        return TML_FAIL(error, TML_BAD_DATA,
                        "there is no spectrum to score: the parts that were asked for are empty");
    if (status == TML_OK && s->request->wants_predictions)
        status = collect_predictions(s, evaluation, error);
    return status;
}

tml_status tml_evaluate(const tml_world *world, const tml_model *model, const tml_evaluation_request *request,
                        tml_evaluation *evaluation, tml_error *error)
{
    scoring *s = NULL;
    tml_status status;

    memset(evaluation, 0, sizeof *evaluation);
    status = tml_agree(world->comm, tml_array_create(1, sizeof *s, "the evaluation", &s, error), error);
    if (status != TML_OK) {
        free(s);
        return status;
    }
    s->world = world;
    s->model = model;
    s->request = request;
    s->noise.is_on = request->snr > 0.0;
    s->noise.snr_low = s->noise.snr_high = request->snr;
    s->noise.seed = request->seed;
    evaluation->snr = request->snr;
    status = check_request(model, request, error);
    if (status == TML_OK)
        status = prepare(s, error);
    if (status == TML_OK)
        status = score_parts(s, evaluation, error);
    tml_lane_team_destroy(&s->team);
    tml_data_set_free(&s->data);
    tml_data_set_free(&s->reference);
    free(s->own);
    free(s);
    if (status != TML_OK)
        tml_evaluation_free(evaluation);
    return status;
}

void tml_evaluation_free(tml_evaluation *evaluation)
{
    free(evaluation->predictions);
    memset(evaluation, 0, sizeof *evaluation);
}

bool tml_beats_baseline(const tml_part_scores *scores, size_t target)
{
    return scores->target[target].rmse < scores->baseline[target].rmse;
}
