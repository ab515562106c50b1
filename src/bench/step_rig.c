#include "bench/step_rig.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "bench/made_samples.h"
#include "core/checked.h"
#include "core/clock.h"
#include "core/denormals.h"
#include "core/memory.h"
#include "core/permutation.h"
#include "mpi/agree.h"
#include "mpi/gradient_sum.h"
#include "mpi/sample_store.h"
#include "network/initialise.h"
#include "network/lane.h"
#include "training/batch_plan.h"
#include "training/data_set.h"
#include "training/lane_team.h"
#include "training/node_weights.h"
#include "training/step_report.h"

/* Steps of an epoch: enough that batches differ, few enough to be made in no time. */
enum { STEPS_OF_EPOCH = 4 };

/* The clocks of one thread, a cache line or more from the next. */
typedef struct thread_clock {
    double last; /* end of the part before */
    double seconds[TML_STEP_GRADIENT + 1];
    unsigned char apart[TML_ALIGNMENT];
} thread_clock;

struct tml_step_rig {
    const tml_world *world;
    const tml_settings *settings;
    tml_network network;
    tml_adam adam;
    tml_loss loss;
    tml_noise noise;
    tml_sample_layout layout;
    tml_preparation preparation;
    tml_sample_store *store;
    tml_batch_plan plan[2]; /* of the step under way and of the next one */
    tml_block *block;
    tml_node *node;
    tml_node_weights *weights;
    tml_prepared_weights prepared;
    tml_lane_team *team;
    tml_gradient_sum *sum;
    tml_step_report report;
    thread_clock *clock;            /* [threads] */
    double seconds[TML_STEP_PARTS]; /* of this rank, of the parts behind TML_STEP_GRADIENT */
    uint64_t step;
};

/* ---- clocks ---- */

/* Put the time since the end of the part before into a part. */
static void clock_thread(thread_clock *clock, tml_step_part part)
{
    double now = tml_clock_now();

    clock->seconds[part] += now - clock->last;
    clock->last = now;
}

static void clock_layer(void *context, const tml_layer *layer, bool is_backward)
{
    thread_clock *clock = context;

    if (layer == NULL)
        clock_thread(clock, TML_STEP_LOSS);
    else if (layer->kind == TML_LAYER_CONVOLUTION)
        clock_thread(clock, is_backward ? TML_STEP_CONVOLUTION_BACKWARD : TML_STEP_CONVOLUTION_FORWARD);
    else if (layer->kind == TML_LAYER_DENSE)
        clock_thread(clock, is_backward ? TML_STEP_DENSE_BACKWARD : TML_STEP_DENSE_FORWARD);
    else
        clock_thread(clock, layer->kind == TML_LAYER_POOL ? TML_STEP_POOL : TML_STEP_OTHER);
}

/* ---- making one ---- */

static uint64_t lanes_of_batch(const tml_settings *settings)
{
    return tml_divide_up((uint64_t)settings->batch_global, (uint64_t)settings->batch_lane);
}

static tml_status allocate_arrays(tml_step_rig *rig, tml_error *error)
{
    size_t kernels = tml_prepared_count(&rig->network) * sizeof(tml_real);
    MPI_Comm comm = rig->world->comm;
    tml_status status = tml_node_create(comm, &rig->node, error);

    if (status == TML_OK)
        status = tml_agree(
            comm, tml_node_weights_create(rig->node, rig->network.parameter_count, &rig->weights, error),
            error);
    if (status == TML_OK)
        status = tml_agree(
            comm, tml_block_create(kernels > 0 ? kernels : 1, "the prepared kernels", &rig->block, error),
            error);
    if (status != TML_OK)
        return status;
    rig->prepared.kernels = tml_block_take(rig->block, kernels, 1);
    rig->prepared.weights = tml_node_weights_arrays(rig->weights).weights;
    return TML_OK;
}

/* What needs no other rank. */
static tml_status build_local(tml_step_rig *rig, size_t wavelengths, tml_error *error)
{
    const tml_settings *settings = rig->settings;
    tml_architecture architecture = tml_settings_architecture(settings, wavelengths);
    size_t lane = (size_t)settings->batch_lane;
    tml_status status = tml_network_lay_out(&architecture, &rig->network, error);

    if (status == TML_OK)
        status = tml_preparation_from_settings(settings, wavelengths, &rig->preparation, error);
    if (status == TML_OK)
        status = tml_lane_team_create(&rig->network, rig->layout, &rig->preparation, lane,
                                      (int)settings->threads, 1, &rig->team, error);
    if (status == TML_OK)
        status = tml_step_report_create((size_t)lanes_of_batch(settings), settings->targets.count,
                                        &rig->report, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)settings->threads, sizeof *rig->clock, "clocks", &rig->clock,
                                  error);
    for (int w = 0; w < (int)settings->threads && status == TML_OK; ++w)
        tml_lane_watch(tml_lane_team_lane(rig->team, w), clock_layer, &rig->clock[w]);
    for (int i = 0; i < 2 && status == TML_OK; ++i)
        status = tml_batch_plan_create(lane, (size_t)settings->batch_global, rig->world->size, &rig->plan[i],
                                       error);
    return status;
}

static tml_status make_store(tml_step_rig *rig, tml_error *error)
{
    const tml_settings *settings = rig->settings;
    uint64_t total = STEPS_OF_EPOCH * (uint64_t)settings->batch_global;
    tml_share share = tml_share_of(total, rig->world->rank, rig->world->size);
    uint64_t rank_lanes = tml_divide_up(lanes_of_batch(settings), (uint64_t)rig->world->size);
    tml_status status = tml_sample_store_create(rig->world->comm, tml_sample_length(rig->layout), share.count,
                                                (size_t)(rank_lanes * (uint64_t)settings->batch_lane),
                                                &rig->store, error);

    if (status != TML_OK)
        return status;
    status = tml_made_samples(rig->layout, &rig->preparation, (uint64_t)settings->seed, share.first,
                              share.count, tml_sample_store_local(rig->store), error);
    return tml_agree(rig->world->comm, status, error);
}

static tml_status build(tml_step_rig *rig, size_t wavelengths, tml_error *error)
{
    const tml_settings *settings = rig->settings;
    tml_status status;

    rig->layout.wavelengths = wavelengths;
    rig->layout.targets = settings->targets.count;
    rig->adam = tml_settings_adam(settings);
    rig->loss = tml_settings_loss(settings);
    rig->noise.is_on = settings->noise == TML_NOISE_GAUSSIAN;
    rig->noise.seed = (uint64_t)settings->seed;
    rig->noise.snr_low = settings->noise_snr.count > 0 ? settings->noise_snr.item[0] : 1.0;
    rig->noise.snr_high = settings->noise_snr.count > 1 ? settings->noise_snr.item[1] : 1.0;
    status = tml_agree(rig->world->comm, build_local(rig, wavelengths, error), error);
    if (status == TML_OK)
        status = allocate_arrays(rig, error);
    if (status == TML_OK)
        status = make_store(rig, error);
    if (status == TML_OK)
        status = tml_gradient_sum_create(rig->world->comm, rig->node, rig->network.parameter_count,
                                         lanes_of_batch(settings), (int)settings->threads,
                                         (tml_reduction)settings->reduction, &rig->sum, error);
    return status;
}

tml_status tml_step_rig_create(const tml_world *world, const tml_settings *settings, size_t wavelengths,
                               tml_step_rig **rig, tml_error *error)
{
    tml_step_rig *made = NULL;
    tml_status status = tml_settings_check(settings, error);

    *rig = NULL;
    if (status == TML_OK)
        status = tml_array_create(1, sizeof *made, "the benchmark", &made, error);
    status = tml_agree(world->comm, status, error);
    if (status != TML_OK) {
        free(made);
        return status;
    }
    made->world = world;
    made->settings = settings;
    status = build(made, wavelengths, error);
    if (status == TML_OK)
        status = tml_step_rig_reset(made, error);
    if (status != TML_OK)
        tml_step_rig_destroy(&made);
    *rig = made;
    return status;
}

void tml_step_rig_destroy(tml_step_rig **rig)
{
    if (*rig == NULL)
        return;
    tml_gradient_sum_destroy(&(*rig)->sum);
    tml_sample_store_destroy(&(*rig)->store);
    tml_lane_team_destroy(&(*rig)->team);
    tml_step_report_free(&(*rig)->report);
    for (int i = 0; i < 2; ++i)
        tml_batch_plan_free(&(*rig)->plan[i]);
    tml_block_destroy(&(*rig)->block);
    tml_node_weights_destroy(&(*rig)->weights);
    tml_node_destroy(&(*rig)->node);
    tml_preparation_free(&(*rig)->preparation);
    free((*rig)->clock);
    free(*rig);
    *rig = NULL;
}

tml_status tml_step_rig_reset(tml_step_rig *rig, tml_error *error)
{
    const float *ignored = NULL;
    tml_status status = TML_OK;

    /* The samples of the step that is not run any more are on their way. */
    if (rig->step > 0)
        status = tml_sample_store_fetch_finish(rig->store, (int)(rig->step % 2), &ignored, error);
    if (status == TML_OK)
        status = tml_node_weights_initialise(rig->weights, &rig->network, (uint64_t)rig->settings->seed,
                                             error);
    memset(rig->clock, 0, (size_t)rig->settings->threads * sizeof *rig->clock);
    memset(rig->seconds, 0, sizeof rig->seconds);
    rig->step = 0;
    return tml_agree(rig->world->comm, status, error);
}

/* ---- a step ---- */

/* Where the gradient of one lane goes. */
typedef struct lane_gradient {
    tml_gradient_sum *sum;
    thread_clock *clock;
    int worker;
    uint64_t lane;
} lane_gradient;

static void add_gradient(void *context, size_t first, size_t count, const tml_real *values)
{
    const lane_gradient *target = context;

    tml_gradient_sum_add(target->sum, target->worker, target->lane, first, count, values);
    clock_thread(target->clock, TML_STEP_GRADIENT);
}

static tml_status run_worker_lanes(tml_step_rig *rig, const tml_batch_plan *plan, const float *records,
                                   int worker, tml_error *error)
{
    tml_share lanes = tml_gradient_sum_worker_lanes(rig->sum, worker);
    thread_clock *clock = &rig->clock[worker];
    uint64_t start = plan->boundaries[rig->world->rank];
    uint64_t end = plan->boundaries[rig->world->rank + 1];

    for (uint64_t lane = lanes.first; lane < lanes.first + lanes.count; ++lane) {
        lane_gradient target = {rig->sum, clock, worker, lane};
        uint64_t first = lane * plan->lane;
        size_t count = (size_t)(end - first < plan->lane ? end - first : plan->lane);
        tml_status status;

        clock->last = tml_clock_now();
        status = tml_lane_team_fill(
            rig->team, worker, records + (size_t)(first - start) * tml_sample_length(rig->layout),
            plan->samples + first, count, &rig->noise, rig->step / STEPS_OF_EPOCH, error);

        if (status != TML_OK)
            return status;
        clock_thread(clock, TML_STEP_FILL);
        tml_lane_train(tml_lane_team_lane(rig->team, worker), &rig->prepared, &rig->loss,
                       (uint64_t)rig->settings->seed, rig->step,
                       tml_step_report_lane(&rig->report, (size_t)lane), add_gradient, &target);
    }
    return TML_OK;
}

static tml_status run_lanes(tml_step_rig *rig, const tml_batch_plan *plan, const float *records,
                            tml_error *error)
{
    int threads = tml_lane_team_threads(rig->team);
    tml_status worst = TML_OK;

#pragma omp parallel for num_threads(threads) schedule(static)
    for (int worker = 0; worker < threads; ++worker) {
        tml_error local = {0, ""};
        tml_status status = run_worker_lanes(rig, plan, records, worker, &local);

        if (status != TML_OK) {
#pragma omp critical
            {
                worst = status;
                *error = local;
            }
        }
    }
    return worst;
}

/* Samples of a step on their way. */
static tml_status start_fetch(tml_step_rig *rig, uint64_t step, tml_error *error)
{
    uint64_t total = tml_sample_store_total(rig->store);
    tml_permutation order = tml_permutation_create(total, (uint64_t)rig->settings->seed, TML_RANDOM_SHUFFLE,
                                                   step / STEPS_OF_EPOCH);
    tml_batch_plan *plan = &rig->plan[step % 2];

    tml_batch_plan_shuffled(plan, &order, total, (uint64_t)rig->settings->batch_global,
                            step % STEPS_OF_EPOCH);
    return tml_sample_store_fetch_begin(rig->store, (int)(step % 2), plan->samples, plan->boundaries, error);
}

/* The samples of this step, and those of the next on their way. */
static tml_status fetch(tml_step_rig *rig, const float **records, tml_error *error)
{
    tml_status status = rig->step == 0 ? start_fetch(rig, 0, error) : TML_OK;

    if (status == TML_OK)
        status = start_fetch(rig, rig->step + 1, error);
    if (status == TML_OK)
        status = tml_sample_store_fetch_finish(rig->store, (int)(rig->step % 2), records, error);
    return status;
}

/* Put the time since *from into a part and go on from now. */
static void clock_part(tml_step_rig *rig, tml_step_part part, double *from)
{
    double now = tml_clock_now();

    rig->seconds[part] += now - *from;
    *from = now;
}

static tml_status compute(tml_step_rig *rig, const tml_batch_plan *plan, const float *records,
                          tml_error *error)
{
    double sum[TML_LOSS_TARGETS];
    double from = tml_clock_now();
    const float *gradient = NULL;
    uint64_t bad = 0;
    tml_denormals before;
    tml_weight_step step = {
        .adam = &rig->adam, .clip_norm = rig->settings->clip_norm, .threads = (int)rig->settings->threads};
    tml_status status;

    tml_prepare_weights(&rig->network, &rig->prepared);
    clock_part(rig, TML_STEP_PREPARE, &from);
    tml_gradient_sum_begin(rig->sum, plan->lanes);
    tml_step_report_begin(&rig->report, (size_t)plan->lanes);
    status = run_lanes(rig, plan, records, error);
    from = tml_clock_now();
    status = tml_step_report_share(rig->world->comm, &rig->report, status, sum, error);
    clock_part(rig, TML_STEP_LOSSES, &from);
    before = tml_denormals_flush();
    if (status == TML_OK)
        status = tml_gradient_sum_finish(rig->sum, &gradient, &bad, error);
    tml_denormals_restore(before);
    clock_part(rig, TML_STEP_REDUCTION, &from);
    if (status != TML_OK)
        return status;
    if (bad > 0)
        return TML_FAIL(error, TML_DIVERGED,
                        "step %llu of the benchmark: the gradient is not finite; lower "
                        "optimiser.learning_rate",
                        (unsigned long long)rig->step + 1);
    step.number = rig->step + 1;
    step.samples = plan->count;
    status = tml_node_weights_step(rig->weights, &step, gradient, error);
    clock_part(rig, TML_STEP_OPTIMISER, &from);
    return status;
}

tml_status tml_step_rig_run(tml_step_rig *rig, tml_error *error)
{
    double from = tml_clock_now();
    const float *records = NULL;
    tml_status status = fetch(rig, &records, error);

    clock_part(rig, TML_STEP_FETCH, &from);
    if (status == TML_OK)
        status = compute(rig, &rig->plan[rig->step % 2], records, error);
    rig->step += 1;
    return tml_agree(rig->world->comm, status, error);
}

/* ---- what it tells ---- */

double tml_step_rig_seconds(const tml_step_rig *rig, tml_step_part part)
{
    double sum = 0.0;

    if (part > TML_STEP_GRADIENT)
        return rig->seconds[part];
    for (int64_t t = 0; t < rig->settings->threads; ++t)
        sum += rig->clock[t].seconds[part];
    return sum / (double)rig->settings->threads;
}

const tml_network *tml_step_rig_network(const tml_step_rig *rig)
{
    return &rig->network;
}

tml_digest tml_step_rig_digest(const tml_step_rig *rig)
{
    return tml_digest_of(rig->prepared.weights, rig->network.parameter_count * sizeof(float));
}
