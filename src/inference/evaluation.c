#include "inference/evaluation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "inference/nearest.h"
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
    tml_prediction *own; /* of this rank, all parts */
    size_t own_count;
} scoring;

static tml_status add_outputs(void *context, const float *records, const uint64_t *numbers, size_t count,
                              const float *outputs, tml_error *error)
{
    scoring *s = context;
    tml_sample_layout layout = s->data.layout;

    (void)error;
    for (size_t i = 0; i < count; ++i) {
        const float *record = records + i * tml_sample_length(layout);
        tml_prediction *p = &s->own[s->own_count++];

        memset(p, 0, sizeof *p);
        p->row = tml_sample_row(layout, record);
        p->number = numbers[i];
        p->part = s->part;
        tml_sample_truth(layout, record, p->truth);
        tml_preparation_inverse(&s->model->preparation, outputs + i * layout.targets, p->value);
        for (size_t t = 0; t < layout.targets; ++t)
            tml_regression_add(&s->scores[t], p->truth[t], p->value[t]);
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

/* Training spectra only where the reference is the grid that is scored; another grid may be used whole. */
static tml_sample_store *reference_store(const scoring *s)
{
    return s->reference.part[s->request->is_whole ? TML_PART_TEST : TML_PART_TRAIN];
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
    }
    status = tml_sweep_run(comm, store, s->data.layout, s->team, &s->model->prepared, &s->noise,
                           scoring_epoch, add_outputs, s, error);
    if (status == TML_OK)
        status = reduce_scores(s, s->scores, result->target, error);
    if (status != TML_OK || s->request->baseline_path == NULL)
        return status;
    status = tml_nearest_run(comm, store, reference_store(s), s->data.layout,
                             tml_lane_team_lane_size(s->team), &s->noise, scoring_epoch, add_nearest, s,
                             error);
    return status == TML_OK ? reduce_scores(s, s->baseline, result->baseline, error) : status;
}

static int by_part_and_number(const void *a, const void *b)
{
    const tml_prediction *left = a;
    const tml_prediction *right = b;

    if (left->part != right->part)
        return left->part < right->part ? -1 : 1;
    return left->number < right->number ? -1 : left->number > right->number ? 1 : 0;
}

/* Rank 0 gets the table that people read. */
static tml_status collect_predictions(scoring *s, tml_evaluation *evaluation, tml_error *error)
{
    int size = s->world->size;
    int mine = (int)(s->own_count * sizeof *s->own);
    int *counts = NULL;
    int *firsts = NULL;
    double total = (double)s->own_count;
    tml_status status = tml_array_create((size_t)size, sizeof(int), "counts", &counts, error);

    if (status == TML_OK)
        status = tml_array_create((size_t)size, sizeof(int), "counts", &firsts, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, &total, 1, MPI_DOUBLE, MPI_SUM, s->world->comm),
                               "counting predictions", error);
    if (status == TML_OK && total * (double)sizeof *s->own > 2e9)
        status = TML_FAIL(error, TML_INTERNAL, "%.0f predictions are too many for one table; score a part",
                          total);
    if (status == TML_OK && s->world->rank == 0)
        status = tml_array_create((size_t)total, sizeof *s->own, "predictions", &evaluation->predictions,
                                  error);
    status = tml_agree(s->world->comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Gather(&mine, 1, MPI_INT, counts, 1, MPI_INT, 0, s->world->comm), "counts",
                               error);
    for (int r = 1; r < size && status == TML_OK; ++r)
        firsts[r] = firsts[r - 1] + counts[r - 1];
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Gatherv(s->own, mine, MPI_BYTE, evaluation->predictions, counts, firsts,
                                           MPI_BYTE, 0, s->world->comm),
                               "collecting predictions", error);
    free(counts);
    free(firsts);
    if (status == TML_OK && s->world->rank == 0) {
        evaluation->prediction_count = (size_t)total;
        qsort(evaluation->predictions, evaluation->prediction_count, sizeof *evaluation->predictions,
              by_part_and_number);
    }
    return status;
}

static tml_status check_wavelengths(const scoring *s, const tml_data_set *data, const char *path,
                                    tml_error *error)
{
    for (size_t i = 0; i < data->layout.wavelengths; ++i)
        if (fabs(data->wavelength_um[i] - s->model->wavelength_um[i]) > 1e-3 * s->model->wavelength_um[i])
            return TML_FAIL(
                error, TML_BAD_DATA,
                "%s: wavelength %zu is %.6g micron, the network was trained on %.6g; bring the spectra to "
                "the network's wavelengths",
                path, i, data->wavelength_um[i], s->model->wavelength_um[i]);
    return TML_OK;
}

static tml_status load(const scoring *s, const char *path, bool is_whole, tml_data_set *data,
                       tml_error *error)
{
    size_t lane = (size_t)s->model->settings.batch_lane;
    tml_data_request request = {.path = path,
                                .settings = &s->model->settings,
                                .preparation = &s->model->preparation,
                                .is_whole = is_whole,
                                .largest_fetch = tml_sweep_fetch(lane, s->world->size)};
    tml_status status = tml_data_set_load(s->world->comm, &request, data, error);

    return status == TML_OK ? check_wavelengths(s, data, path, error) : status;
}

static tml_status prepare(scoring *s, tml_error *error)
{
    const tml_evaluation_request *r = s->request;
    const char *path = r->grid_path != NULL ? r->grid_path : s->model->settings.grid_path;
    uint64_t held = 0;
    tml_status status = load(s, path, r->is_whole, &s->data, error);

    if (status == TML_OK && r->baseline_path != NULL)
        status = load(s, r->baseline_path, r->is_whole, &s->reference, error);
    if (status != TML_OK)
        return status;
    for (int p = 0; p < TML_PARTS; ++p)
        held += tml_sample_store_held(s->data.part[p]);
    /* A sweep deals whole lanes: a rank may run a few samples more than it holds. */
    held = s->data.rows / (uint64_t)s->world->size +
           (TML_PARTS * 2 + 1) * (uint64_t)s->model->settings.batch_lane + held;
    status = tml_array_create((size_t)held, sizeof *s->own, "predictions", &s->own, error);
    if (status == TML_OK)
        status = tml_lane_team_create(&s->model->network, s->data.layout, &s->model->preparation,
                                      (size_t)s->model->settings.batch_lane, r->threads, 0, &s->team, error);
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
    return status == TML_OK ? collect_predictions(s, evaluation, error) : status;
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
    evaluation->has_baseline = request->baseline_path != NULL;
    evaluation->snr = request->snr;
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
