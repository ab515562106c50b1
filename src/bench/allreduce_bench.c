#include "bench/allreduce_bench.h"

#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/measurement.h"
#include "core/checked.h"
#include "core/clock.h"
#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/gradient_sum.h"

/* Sums that are not counted. */
enum { WARM_SUMS = 2 };

/* A gradient comes in pieces, layer by layer. */
enum { PIECE = 1 << 18 };

typedef struct sums {
    size_t numbers;
    uint64_t lanes;
    int threads;
    float *values; /* [numbers] a lane's gradient; every lane has the same, which no sum can tell */
    tml_gradient_sum *sum;
} sums;

static void add_lanes(const sums *s)
{
#pragma omp parallel for num_threads(s->threads) schedule(static)
    for (int worker = 0; worker < s->threads; ++worker) {
        tml_share lanes = tml_gradient_sum_worker_lanes(s->sum, worker);

        for (uint64_t lane = lanes.first; lane < lanes.first + lanes.count; ++lane)
            for (size_t first = 0; first < s->numbers; first += PIECE) {
                size_t left = s->numbers - first;

                tml_gradient_sum_add(s->sum, worker, lane, first, left < PIECE ? left : PIECE,
                                     s->values + first);
            }
    }
}

/* @param seconds  out: adding, finishing; of the slowest rank */
static tml_status sum_once(const tml_world *world, const sums *s, double seconds[2], tml_digest *digest,
                           tml_error *error)
{
    const float *gradient = NULL;
    uint64_t bad = 0;
    double from = tml_clock_now();
    tml_status status;

    tml_gradient_sum_begin(s->sum, s->lanes);
    add_lanes(s);
    seconds[0] = tml_clock_now() - from;
    status = tml_mpi_check(MPI_Barrier(world->comm), "starting a measurement", error);
    from = tml_clock_now();
    if (status == TML_OK)
        status = tml_gradient_sum_finish(s->sum, &gradient, &bad, error);
    seconds[1] = tml_clock_now() - from;
    if (status != TML_OK)
        return status;
    *digest = tml_digest_of(gradient, s->numbers * sizeof *gradient);
    return tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, seconds, 2, MPI_DOUBLE, MPI_MAX, world->comm),
                         "comparing times", error);
}

static void add_figures(const sums *s, const tml_bench_setting *setting, double *adding, double *finishing,
                        tml_bench_figures *figures)
{
    double rates[TML_BENCH_REPEATS];
    char name[TML_BENCH_NAME];

    for (size_t r = 0; r < setting->repeats; ++r) {
        rates[r] = (double)s->numbers * sizeof(float) * 1e-9 / fmax(finishing[r], 1e-9);
        adding[r] *= 1e3;
        finishing[r] *= 1e3;
    }
    snprintf(name, sizeof name, "allreduce.%s", setting->reduction);
    tml_bench_add_series(figures, setting, name, "ms", finishing, setting->repeats);
    snprintf(name, sizeof name, "allreduce.%s.add", setting->reduction);
    tml_bench_add_series(figures, setting, name, "ms", adding, setting->repeats);
    snprintf(name, sizeof name, "allreduce.%s.rate", setting->reduction);
    tml_bench_add_series(figures, setting, name, "GB/s", rates, setting->repeats);
}

static tml_status measure(const tml_world *world, const sums *s, tml_bench_setting *setting,
                          tml_bench_figures *figures, tml_error *error)
{
    double adding[TML_BENCH_REPEATS];
    double finishing[TML_BENCH_REPEATS];
    double seconds[2] = {0.0, 0.0};
    tml_foreign_load load;
    tml_digest digest;
    tml_status status = TML_OK;

    for (int i = 0; i < WARM_SUMS && status == TML_OK; ++i)
        status = sum_once(world, s, seconds, &digest, error);
    tml_foreign_load_begin(&load);
    for (size_t r = 0; r < setting->repeats && status == TML_OK; ++r) {
        status = sum_once(world, s, seconds, &digest, error);
        adding[r] = seconds[0];
        finishing[r] = seconds[1];
    }
    if (status == TML_OK)
        status = tml_foreign_load_end(world->comm, &load, &setting->foreign_load, error);
    if (status != TML_OK)
        return status;
    tml_digest_text(&digest, setting->digest);
    snprintf(setting->shape, sizeof setting->shape, "%zu numbers", s->numbers);
    add_figures(s, setting, adding, finishing, figures);
    return TML_OK;
}

/* Of the kind that gradients are: centred on 0, of different size. */
static tml_status make_values(sums *s, tml_error *error)
{
    tml_status status = tml_array_create(s->numbers, sizeof *s->values, "a gradient", &s->values, error);

    for (size_t i = 0; status == TML_OK && i < s->numbers; ++i)
        s->values[i] = (float)((double)((i * 2654435761U) % 20011U) / 10005.5 - 1.0);
    return status;
}

static tml_status count_numbers(const tml_step_request *request, size_t *numbers, tml_error *error)
{
    tml_architecture architecture = tml_settings_architecture(request->settings, request->wavelengths);
    tml_network *network = NULL;
    tml_status status = tml_array_create(1, sizeof *network, "a network", &network, error);

    if (status == TML_OK)
        status = tml_network_lay_out(&architecture, network, error);
    if (status == TML_OK)
        *numbers = network->parameter_count;
    free(network);
    return status;
}

tml_status tml_bench_allreduce(const tml_world *world, const tml_step_request *request, size_t numbers,
                               tml_bench_figures *figures, tml_error *error)
{
    static const char *const names[] = {[TML_REDUCTION_EXACT] = "exact", [TML_REDUCTION_FAST] = "fast"};
    const tml_settings *settings = request->settings;
    tml_bench_setting setting = tml_bench_setting_of(world, settings, NULL, request->repeats);
    sums s = {.numbers = numbers,
              .lanes = tml_divide_up((uint64_t)settings->batch_global, (uint64_t)settings->batch_lane),
              .threads = (int)settings->threads};
    tml_node *node = NULL;
    tml_status status = numbers > 0 ? TML_OK : count_numbers(request, &s.numbers, error);

    if (status == TML_OK)
        status = make_values(&s, error);
    status = tml_agree(world->comm, status, error);
    if (status == TML_OK)
        status = tml_node_create(world->comm, &node, error);
    for (int kind = TML_REDUCTION_EXACT; kind <= TML_REDUCTION_FAST && status == TML_OK; ++kind) {
        setting.reduction = names[kind];
        status = tml_gradient_sum_create(world->comm, node, s.numbers, s.lanes, s.threads,
                                         (tml_reduction)kind, &s.sum, error);
        if (status == TML_OK)
            status = measure(world, &s, &setting, figures, error);
        tml_gradient_sum_destroy(&s.sum);
    }
    tml_node_destroy(&node);
    free(s.values);
    return status;
}
