#include "training/trainer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/clock.h"
#include "core/denormals.h"
#include "core/log.h"
#include "core/text.h"
#include "io/provenance.h"
#include "mpi/agree.h"
#include "mpi/stop_request.h"
#include "mpi/watchdog.h"
#include "network/gemm.h"
#include "network/initialise.h"
#include "training/sweep.h"
#include "training/trainer_private.h"

static uint64_t most_lanes(const tml_settings *settings)
{
    return tml_divide_up((uint64_t)settings->batch_global, (uint64_t)settings->batch_lane);
}

static tml_status load_data(tml_trainer *trainer, tml_error *error)
{
    const tml_settings *settings = trainer->settings;
    uint64_t rank_lanes = tml_divide_up(most_lanes(settings), (uint64_t)trainer->world->size);
    tml_data_request request = {.path = settings->grid_path,
                                .settings = settings,
                                .most_wanted = {(size_t)rank_lanes * (size_t)settings->batch_lane,
                                                tml_sweep_wanted((size_t)settings->batch_lane), 0}};
    tml_status status;

    tml_watchdog_beat(TML_PHASE_READING);
    status = tml_data_set_load(trainer->world->comm, &request, &trainer->data, error);
    if (status != TML_OK)
        return status;
    if (settings->monitor == TML_MONITOR_VALIDATION &&
        tml_sample_store_total(trainer->data.part[TML_PART_VALIDATION]) == 0)
        return TML_FAIL(
            error, TML_CONFIG,
            "stop.monitor is validation, but the validation part of %s is empty (split.validation %g); "
            "make it larger or set stop.monitor to train",
            settings->grid_path, settings->validation_fraction);
    return TML_OK;
}

/* Weights and moments, once on each computer; the kernels as the passes want them, for each rank. */
static tml_status allocate_arrays(tml_trainer *trainer, tml_error *error)
{
    size_t count = trainer->network.parameter_count;
    size_t kernels = tml_prepared_count(&trainer->network) * sizeof(tml_real);
    tml_weight_arrays arrays;
    tml_status status = tml_node_create(trainer->world->comm, &trainer->node, error);

    if (status == TML_OK)
        status = tml_agree(trainer->world->comm,
                           tml_node_weights_create(trainer->node, count, &trainer->weights, error), error);
    if (status == TML_OK)
        status = tml_agree(
            trainer->world->comm,
            tml_block_create(kernels > 0 ? kernels : 1, "the prepared kernels", &trainer->block, error),
            error);
    if (status != TML_OK)
        return status;
    arrays = tml_node_weights_arrays(trainer->weights);
    trainer->arrays.weights = arrays.weights;
    trainer->arrays.first_moment = arrays.first_moment;
    trainer->arrays.second_moment = arrays.second_moment;
    trainer->arrays.best = tml_node_weights_best(trainer->weights);
    trainer->prepared.kernels = tml_block_take(trainer->block, kernels, 1);
    trainer->prepared.weights = arrays.weights;
    return TML_OK;
}

static tml_status build_local(tml_trainer *trainer, tml_error *error)
{
    const tml_settings *settings = trainer->settings;
    size_t lane = (size_t)settings->batch_lane;
    size_t batch = (size_t)settings->batch_global;
    tml_status status = tml_lane_team_create(&trainer->network, trainer->data.layout,
                                             &trainer->data.preparation, lane, (int)settings->threads, 1,
                                             &trainer->team, error);
    if (status == TML_OK)
        status = tml_step_report_create((size_t)most_lanes(settings), settings->targets.count,
                                        &trainer->report, error);
    for (int i = 0; i < 2 && status == TML_OK; ++i)
        status = tml_batch_plan_create(lane, batch, trainer->world->size, &trainer->plan[i], error);
    return status;
}

static tml_status build(tml_trainer *trainer, tml_error *error)
{
    const tml_settings *settings = trainer->settings;
    tml_architecture architecture = tml_settings_architecture(settings, trainer->data.layout.wavelengths);
    tml_noise noise = {settings->noise == TML_NOISE_GAUSSIAN, 1, 1, (uint64_t)settings->seed};
    tml_status status = tml_network_lay_out(&architecture, &trainer->network, error);

    if (status != TML_OK)
        return status;
    if (noise.is_on) {
        noise.snr_low = settings->noise_snr.item[0];
        noise.snr_high = settings->noise_snr.item[1];
    }
    trainer->noise = noise;
    trainer->adam = tml_settings_adam(settings);
    trainer->schedule = tml_settings_schedule(
        settings, tml_batch_count(tml_sample_store_total(trainer->data.part[TML_PART_TRAIN]),
                                  (uint64_t)settings->batch_global));
    trainer->loss = tml_settings_loss(settings);
    tml_early_stop_begin(&trainer->stop, settings->min_delta, settings->patience);
    status = allocate_arrays(trainer, error);
    if (status == TML_OK)
        status = tml_agree(trainer->world->comm, build_local(trainer, error), error);
    if (status != TML_OK)
        return status;
    return tml_gradient_sum_create(trainer->world->comm, trainer->node, trainer->network.parameter_count,
                                   most_lanes(settings), (int)settings->threads,
                                   (tml_reduction)settings->reduction, &trainer->sum, error);
}

static void warn_about_layout(const tml_trainer *trainer)
{
    uint64_t lanes = most_lanes(trainer->settings);

    if (lanes < (uint64_t)trainer->world->size)
        tml_warn("idle_ranks",
                 "a batch has %llu lanes of %lld spectra for %d ranks (idle: %d); enlarge "
                 "batch.global, make "
                 "batch.lane smaller or start fewer ranks",
                 (unsigned long long)lanes, (long long)trainer->settings->batch_lane, trainer->world->size,
                 trainer->world->size - (int)lanes);
    else if (lanes < (uint64_t)trainer->world->size * (uint64_t)trainer->settings->threads)
        tml_warn("idle_threads", "a batch has %llu lanes for %d ranks of %lld threads: some threads are idle",
                 (unsigned long long)lanes, trainer->world->size, (long long)trainer->settings->threads);
}

/* BLIS picks its kernels by the processor: on nodes of two kinds the bits depend on who computes a lane. */
static tml_status check_kernels(const tml_trainer *trainer, tml_error *error)
{
    const char *kernels = tml_gemm_description();
    uint64_t mine = tml_digest_64(kernels, strlen(kernels));
    uint64_t ends[2] = {mine, ~mine}; /* the minimum, and the complement of the maximum */
    tml_status status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, ends, 2, MPI_UINT64_T, MPI_MIN, trainer->world->comm),
        "comparing the ranks' BLIS", error);

    if (status == TML_OK && ends[0] != ~ends[1])
        tml_warn("mixed_kernels",
                 "the ranks use different BLIS kernels (rank 0: %s): the weights will depend on which rank "
                 "computes "
                 "what; use nodes of one kind, or set BLIS_ARCH_TYPE to the same value everywhere",
                 kernels);
    return status;
}

static void print_banner(const tml_trainer *trainer)
{
    const tml_settings *s = trainer->settings;
    const tml_world *world = trainer->world;
    size_t bytes = tml_block_used(trainer->block) + tml_lane_team_bytes(trainer->team) +
                   tml_gradient_sum_bytes(trainer->sum);
    char memory[32];

    for (int p = 0; p < TML_PARTS; ++p)
        bytes += tml_sample_store_bytes(trainer->data.part[p]);
    tml_text_bytes((double)bytes, memory);
    tml_log(TML_LOG_INFO, "grid       %s: %llu spectra x %zu wavelengths, digest %.8s", s->grid_path,
            (unsigned long long)trainer->data.rows, trainer->data.layout.wavelengths,
            trainer->data.grid_digest);
    tml_log(TML_LOG_INFO, "parts      train %llu, validation %llu, test %llu (rule %s)",
            (unsigned long long)tml_sample_store_total(trainer->data.part[TML_PART_TRAIN]),
            (unsigned long long)tml_sample_store_total(trainer->data.part[TML_PART_VALIDATION]),
            (unsigned long long)tml_sample_store_total(trainer->data.part[TML_PART_TEST]),
            s->split_rule == TML_SPLIT_GROUPS   ? "groups"
            : s->split_rule == TML_SPLIT_RANDOM ? "random"
                                                : "file");
    tml_log(TML_LOG_INFO, "network    %zu weights, %.3g million multiply-adds per spectrum",
            trainer->network.parameter_count, tml_network_multiply_adds(&trainer->network) * 1e-6);
    tml_log(TML_LOG_INFO, "batch      %lld spectra = %llu lanes of %lld", (long long)s->batch_global,
            (unsigned long long)most_lanes(s), (long long)s->batch_lane);
    tml_log(TML_LOG_INFO, "ranks      %d x %lld threads on %d node%s, reduction %s, %s per rank", world->size,
            (long long)s->threads, world->nodes, world->nodes == 1 ? "" : "s",
            s->reduction == TML_REDUCTION_EXACT ? "exact" : "fast", memory);
    tml_log(TML_LOG_DETAIL, "BLIS       %s", tml_gemm_description());
    warn_about_layout(trainer);
}

static tml_status write_texts(tml_trainer *trainer, tml_error *error)
{
    const tml_world *world = trainer->world;
    char extra[512];
    tml_provenance_job job = {world->size, (int)trainer->settings->threads, world->nodes,
                              world->host, trainer->job->command_line,      extra};
    tml_status status = TML_OK;

    snprintf(extra, sizeof extra, "blis=%s\ndenormals=%s\ngrid_digest=%s\n", tml_gemm_description(),
             tml_denormals_mode(), trainer->data.grid_digest);
    trainer->configuration = tml_config_write(tml_settings_table(), trainer->settings);
    trainer->provenance = tml_provenance_lines(&job);
    if (trainer->configuration == NULL || trainer->provenance == NULL)
        status = TML_FAIL(error, TML_INTERNAL, "no memory for the configuration");
    return tml_agree(world->comm, status, error);
}

static tml_status start_or_resume(tml_trainer *trainer, tml_error *error)
{
    bool found = false;
    tml_status status = TML_OK;

    if (trainer->job->start == TML_RUN_RESUME) {
        status = tml_trainer_restore(trainer, &found, error);
        if (status == TML_OK && !found)
            tml_log(TML_LOG_INFO, "%s holds no usable checkpoint: starting from the beginning",
                    trainer->job->run_directory);
    }
    if (status != TML_OK)
        return status;
    if (!found) {
        status = tml_node_weights_initialise(trainer->weights, &trainer->network,
                                             (uint64_t)trainer->settings->seed, error);
        status = tml_agree(trainer->world->comm, status, error);
        if (status != TML_OK)
            return status;
        trainer->now.parameter_count = (int64_t)trainer->network.parameter_count;
        trainer->now.target_count = (int64_t)trainer->settings->targets.count;
        memcpy(trainer->now.grid_digest, trainer->data.grid_digest, sizeof trainer->data.grid_digest);
    }
    return tml_trainer_open_files(trainer, found, error);
}

static void summarise(const tml_trainer *trainer, const char *stopped_by, tml_train_summary *summary)
{
    tml_digest digest = tml_digest_of(trainer->arrays.best, trainer->network.parameter_count * sizeof(float));

    summary->train_samples = tml_sample_store_total(trainer->data.part[TML_PART_TRAIN]);
    summary->validation_samples = tml_sample_store_total(trainer->data.part[TML_PART_VALIDATION]);
    summary->test_samples = tml_sample_store_total(trainer->data.part[TML_PART_TEST]);
    summary->parameters = trainer->network.parameter_count;
    summary->steps_per_epoch = tml_batch_count(summary->train_samples,
                                               (uint64_t)trainer->settings->batch_global);
    summary->epochs = trainer->now.epoch;
    summary->best_epoch = trainer->stop.best_epoch;
    summary->best_loss = trainer->stop.best_loss;
    summary->steps = trainer->now.step;
    summary->seconds = trainer->now.seconds;
    summary->samples_per_second = tml_progress_rate(&trainer->progress);
    summary->stopped_by = stopped_by;
    tml_digest_text(&digest, summary->weights_digest);
}

static tml_status train(tml_trainer *trainer, tml_train_summary *summary, tml_error *error)
{
    const tml_train_job *job = trainer->job;
    const char *stopped_by = "dry_run";
    tml_status status;

    if (!job->dry_run)
        tml_stop_request_watch(); /* heard while the grid is read, obeyed after the first step */
    status = load_data(trainer, error);

    if (status == TML_OK)
        status = build(trainer, error);
    if (status != TML_OK)
        return status;
    print_banner(trainer);
    status = check_kernels(trainer, error);
    if (status != TML_OK)
        return status;
    if (job->dry_run) {
        status = tml_trainer_estimate(trainer, &summary->expected, error);
        summarise(trainer, stopped_by, summary);
        return status;
    }
    /* Only now: a grid or a network that is refused leaves no run directory and removes no earlier run. */
    status = tml_run_directory_open(trainer->world->comm, job->run_directory, job->start, &trainer->directory,
                                    error);
    if (status == TML_OK)
        status = write_texts(trainer, error);
    if (status == TML_OK)
        status = start_or_resume(trainer, error);
    if (status != TML_OK)
        return status;
    trainer->last_save = tml_clock_now();
    tml_progress_begin(&trainer->progress, job->show_progress && trainer->world->rank == 0,
                       trainer->settings->epochs, trainer->now.epoch);
    status = tml_trainer_run(trainer, &stopped_by, error);
    tml_progress_end(&trainer->progress);
    if (status != TML_OK && status != TML_STOPPED)
        return status;
    summarise(trainer, stopped_by, summary);
    if (status == TML_STOPPED)
        return status;
    status = tml_trainer_finish_files(trainer, error);
    return status == TML_OK ? tml_trainer_write_ranks(trainer, &summary->spent, error) : status;
}

/* Files of rank 0 that an error has left open: what is in them stays, the error that is reported is the
 * first. */
static void close_files(tml_trainer *trainer)
{
    tml_error ignored = {0, ""};

    if (tml_history_file_close(&trainer->history, &ignored) != TML_OK)
        tml_log(TML_LOG_DETAIL, "%s", ignored.message);
    if (tml_metrics_file_close(&trainer->metrics, &ignored) != TML_OK)
        tml_log(TML_LOG_DETAIL, "%s", ignored.message);
}

static void free_trainer(tml_trainer *trainer)
{
    close_files(trainer);
    tml_gradient_sum_destroy(&trainer->sum);
    tml_lane_team_destroy(&trainer->team);
    tml_step_report_free(&trainer->report);
    for (int i = 0; i < 2; ++i)
        tml_batch_plan_free(&trainer->plan[i]);
    tml_block_destroy(&trainer->block);
    tml_node_weights_destroy(&trainer->weights);
    tml_node_destroy(&trainer->node);
    tml_data_set_free(&trainer->data);
    tml_run_directory_close(&trainer->directory);
    free(trainer->configuration);
    free(trainer->provenance);
    free(trainer);
}

tml_status tml_train(const tml_world *world, const tml_train_job *job, tml_train_summary *summary,
                     tml_error *error)
{
    tml_trainer *trainer = NULL;
    tml_status status;

    memset(summary, 0, sizeof *summary);
    status = tml_agree(world->comm, tml_array_create(1, sizeof *trainer, "the trainer", &trainer, error),
                       error);
    if (status != TML_OK) {
        free(trainer);
        return status;
    }
    trainer->world = world;
    trainer->job = job;
    trainer->settings = job->settings;
    trainer->started = tml_clock_now();
    tml_phase_clock_start(&trainer->clock, TML_SPENT_SETUP);
    status = tml_settings_check(job->settings, error);
    if (status == TML_OK && job->run_directory != NULL)
        status = tml_run_directory_check(world->comm, job->run_directory, job->start, error);
    if (status == TML_OK)
        status = tml_watchdog_start(world, job->settings->stall_seconds, error);
    if (status == TML_OK)
        status = train(trainer, summary, error);
    tml_stop_request_unwatch();
    tml_watchdog_end();
    free_trainer(trainer);
    return status;
}
