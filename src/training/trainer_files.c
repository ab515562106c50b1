#include "training/trainer_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "io/atomic_file.h"
#include "io/path.h"
#include "io/provenance.h"
#include "mpi/agree.h"
#include "training/model.h"

static void in_run_directory(const tml_trainer *trainer, const char *name, char path[TML_CHECKPOINT_PATH])
{
    snprintf(path, TML_CHECKPOINT_PATH, "%s/%s", tml_run_directory_path(trainer->directory), name);
}

/* ---- resuming ---- */

/* Every key that differs and may not: the difference, key by key. */
static tml_status compare_settings(const tml_trainer *trainer, const char *configuration, const char *path,
                                   tml_error *error)
{
    const tml_config_table *table = tml_settings_table();
    char differences[1024] = "";
    size_t length = 0;
    tml_settings before;
    tml_status status;

    tml_config_defaults(table, &before);
    status = tml_config_read_text(table, configuration, path, &before, sizeof before, error);
    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < table->count; ++i) {
        char old_value[256];
        char new_value[256];

        if (tml_config_equal(&table->keys[i], &before, trainer->settings))
            continue;
        tml_config_value_text(&table->keys[i], &before, old_value, sizeof old_value);
        tml_config_value_text(&table->keys[i], trainer->settings, new_value, sizeof new_value);
        if (tml_settings_may_change(&table->keys[i]))
            tml_log(TML_LOG_INFO, "%s.%s changed from %s to %s", table->keys[i].section, table->keys[i].name,
                    old_value, new_value);
        else if (length < sizeof differences)
            length += (size_t)snprintf(differences + length, sizeof differences - length,
                                       "\n  %s.%s: %s in the run, %s now", table->keys[i].section,
                                       table->keys[i].name, old_value, new_value);
    }
    if (length > 0)
        return TML_FAIL(error, TML_CONFIG,
                        "%s cannot go on with another configuration; take the old values or start a new run "
                        "directory:%s",
                        trainer->job->run_directory, differences);
    return TML_OK;
}

static tml_status check_checkpoint(const tml_trainer *trainer, const tml_checkpoint_numbers *numbers,
                                   const char *path, tml_error *error)
{
    if ((size_t)numbers->parameter_count != trainer->network.parameter_count)
        return TML_FAIL(error, TML_BAD_DATA, "%s holds %lld weights, the network has %zu", path,
                        (long long)numbers->parameter_count, trainer->network.parameter_count);
    if (strcmp(numbers->grid_digest, trainer->data.grid_digest) != 0)
        return TML_FAIL(
            error, TML_CONFIG,
            "%s was written for another grid (digest %.8s, %s has %.8s); point grid.path to the grid of "
            "the run",
            path, numbers->grid_digest, trainer->settings->grid_path, trainer->data.grid_digest);
    return TML_OK;
}

/* Rank 0: the newest checkpoint whose digest holds; broken ones are named and passed over. */
static tml_status read_newest(tml_trainer *trainer, bool *found, tml_error *error)
{
    char folder[TML_CHECKPOINT_PATH];
    int64_t *steps = NULL;
    size_t count = 0;
    tml_status status;

    in_run_directory(trainer, "checkpoints", folder);
    status = tml_checkpoint_list(folder, &steps, &count, error);
    for (size_t i = 0; i < count && status == TML_OK && !*found; ++i) {
        char path[TML_CHECKPOINT_PATH];
        char *configuration = NULL;
        tml_error broken = {0, ""};
        tml_checkpoint_numbers numbers;
        tml_status read;

        tml_checkpoint_path(folder, steps[i], path);
        read = tml_checkpoint_read_numbers(path, &numbers, &configuration, &broken);
        if (read == TML_OK) {
            status = compare_settings(trainer, configuration, path, error);
            if (status == TML_OK)
                status = check_checkpoint(trainer, &numbers, path, error);
            if (status == TML_OK)
                read = tml_checkpoint_read_arrays(path, trainer->network.parameter_count, &trainer->arrays,
                                                  &broken);
        }
        free(configuration);
        if (status == TML_OK && read == TML_OK) {
            trainer->now = numbers;
            *found = true;
            tml_log(TML_LOG_INFO, "resuming from %s (epoch %lld, step %lld)", path,
                    (long long)numbers.epoch + 1, (long long)numbers.step);
        } else if (status == TML_OK) {
            size_t length = strlen(path);
            bool is_named = strncmp(broken.message, path, length) == 0 &&
                            strncmp(broken.message + length, ": ", 2) == 0;

            tml_warn("broken_checkpoint", "%s is passed over: %s", path,
                     broken.message + (is_named ? length + 2 : 0));
        }
    }
    free(steps);
    return status;
}

static tml_status share_state(tml_trainer *trainer, tml_error *error)
{
    float *const arrays[] = {trainer->arrays.weights, trainer->arrays.first_moment,
                             trainer->arrays.second_moment, trainer->arrays.best};
    int result = MPI_Bcast(&trainer->now, (int)sizeof trainer->now, MPI_BYTE, 0, trainer->world->comm);

    for (int i = 0; i < 4 && result == MPI_SUCCESS; ++i)
        result = MPI_Bcast(arrays[i], (int)trainer->network.parameter_count, MPI_FLOAT, 0,
                           trainer->world->comm);
    return tml_mpi_check(result, "sharing the checkpoint", error);
}

tml_status tml_trainer_restore(tml_trainer *trainer, bool *found, tml_error *error)
{
    int is_there = 0;
    tml_status status = TML_OK;

    *found = false;
    if (trainer->world->rank == 0) {
        status = read_newest(trainer, found, error);
        is_there = *found ? 1 : 0;
    }
    status = tml_agree(trainer->world->comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(&is_there, 1, MPI_INT, 0, trainer->world->comm), "resuming", error);
    if (status != TML_OK)
        return status;
    *found = is_there == 1;
    if (!*found)
        return TML_OK;
    status = share_state(trainer, error);
    trainer->stop.best_loss = trainer->now.best_loss;
    trainer->stop.best_epoch = trainer->now.best_epoch;
    trainer->stop.waited = trainer->now.waited;
    return status;
}

/* ---- files of a run ---- */

static void target_names(const tml_trainer *trainer, const char *names[TML_HISTORY_TARGETS])
{
    for (size_t t = 0; t < trainer->settings->targets.count; ++t)
        names[t] = trainer->settings->targets.item[t];
}

static tml_status open_on_rank_0(tml_trainer *trainer, bool resumed, tml_error *error)
{
    const char *names[TML_HISTORY_TARGETS];
    char path[TML_CHECKPOINT_PATH];
    tml_status status;

    target_names(trainer, names);
    in_run_directory(trainer, "used_parameters.yml", path);
    status = tml_atomic_write(path, trainer->configuration, strlen(trainer->configuration), error);
    in_run_directory(trainer, "provenance.json", path);
    if (status == TML_OK)
        status = tml_provenance_write_json(path, trainer->provenance, error);
    in_run_directory(trainer, "history.csv", path);
    if (status == TML_OK)
        status = resumed ? tml_history_file_resume(path, names, trainer->settings->targets.count,
                                                   trainer->now.epoch, &trainer->history, error)
                         : tml_history_file_create(path, names, trainer->settings->targets.count,
                                                   &trainer->history, error);
    in_run_directory(trainer, "metrics.jsonl", path);
    if (status == TML_OK)
        status = resumed ? tml_metrics_file_resume(path, trainer->now.step, &trainer->metrics, error)
                         : tml_metrics_file_create(path, &trainer->metrics, error);
    return status;
}

tml_status tml_trainer_open_files(tml_trainer *trainer, bool resumed, tml_error *error)
{
    tml_status status = TML_OK;

    if (trainer->world->rank == 0)
        status = open_on_rank_0(trainer, resumed, error);
    return tml_agree(trainer->world->comm, status, error);
}

tml_status tml_trainer_save(tml_trainer *trainer, tml_error *error)
{
    tml_status status = TML_OK;

    trainer->now.best_loss = trainer->stop.best_loss;
    trainer->now.best_epoch = trainer->stop.best_epoch;
    trainer->now.waited = trainer->stop.waited;
    if (trainer->world->rank == 0) {
        char folder[TML_CHECKPOINT_PATH];
        char path[TML_CHECKPOINT_PATH];

        in_run_directory(trainer, "checkpoints", folder);
        tml_checkpoint_path(folder, trainer->now.step, path);
        /* A resumed run goes on behind these lines, also from the middle of an epoch. */
        status = tml_metrics_file_flush(trainer->metrics, error);
        if (status == TML_OK)
            status = tml_checkpoint_write(path, &trainer->now, &trainer->arrays, trainer->configuration,
                                          trainer->provenance, error);
        if (status == TML_OK)
            status = tml_checkpoint_prune(folder, (size_t)trainer->settings->checkpoint_keep, error);
        trainer->last_save = tml_clock_now();
    }
    return tml_agree(trainer->world->comm, status, error);
}

static tml_status write_model(tml_trainer *trainer, tml_error *error)
{
    char path[TML_CHECKPOINT_PATH];
    tml_model model = {.settings = *trainer->settings,
                       .network = trainer->network,
                       .preparation = trainer->data.preparation,
                       .wavelength_um = trainer->data.wavelength_um,
                       .solar_c_o = trainer->data.solar_c_o,
                       .best_loss = trainer->stop.best_loss,
                       .best_epoch = trainer->stop.best_epoch,
                       .epochs = trainer->now.epoch,
                       .weights = trainer->arrays.best};

    memcpy(model.target_unit, trainer->data.target_unit, sizeof model.target_unit);
    memcpy(model.grid_digest, trainer->data.grid_digest, sizeof trainer->data.grid_digest);
    in_run_directory(trainer, "model.h5", path);
    return tml_model_save(path, &model, trainer->configuration, trainer->provenance, error);
}

/* What each rank did, so that a scaling study sees who held, read and ran how much. */
typedef struct rank_record {
    uint64_t rows_read, bytes_read, held, lanes_run, sample_bytes_received, gradient_bytes_received;
} rank_record;

static rank_record describe_rank(const tml_trainer *trainer)
{
    rank_record record = {.rows_read = trainer->data.rows_read,
                          .bytes_read = trainer->data.bytes_read,
                          .lanes_run = trainer->lanes_run,
                          .gradient_bytes_received = tml_gradient_sum_received(trainer->sum)};

    for (int p = 0; p < TML_PARTS; ++p) {
        record.held += tml_sample_store_held(trainer->data.part[p]);
        record.sample_bytes_received += tml_sample_store_received(trainer->data.part[p]);
    }
    return record;
}

static tml_status write_ranks(const tml_trainer *trainer, const rank_record *records, tml_error *error)
{
    char path[TML_CHECKPOINT_PATH];
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    tml_status status;

    if (stream == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for ranks.csv");
    fprintf(
        stream,
        "rank,rows_read,bytes_read,samples_held,lanes_run,sample_bytes_received,gradient_bytes_received\n");
    for (int r = 0; r < trainer->world->size; ++r)
        fprintf(stream, "%d,%llu,%llu,%llu,%llu,%llu,%llu\n", r, (unsigned long long)records[r].rows_read,
                (unsigned long long)records[r].bytes_read, (unsigned long long)records[r].held,
                (unsigned long long)records[r].lanes_run,
                (unsigned long long)records[r].sample_bytes_received,
                (unsigned long long)records[r].gradient_bytes_received);
    if (fclose(stream) != 0) {
        free(text);
        return TML_FAIL(error, TML_INTERNAL, "no memory for ranks.csv");
    }
    in_run_directory(trainer, "ranks.csv", path);
    status = tml_atomic_write(path, text, length, error);
    free(text);
    return status;
}

tml_status tml_trainer_finish_files(tml_trainer *trainer, tml_error *error)
{
    rank_record mine = describe_rank(trainer);
    rank_record *all = NULL;
    tml_status status = tml_array_create((size_t)trainer->world->size, sizeof *all, "the ranks' records",
                                         &all, error);

    status = tml_agree(trainer->world->comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Gather(&mine, (int)sizeof mine, MPI_BYTE, all, (int)sizeof mine, MPI_BYTE,
                                          0, trainer->world->comm),
                               "collecting what ranks did", error);
    if (status == TML_OK && trainer->world->rank == 0) {
        status = write_model(trainer, error);
        if (status == TML_OK)
            status = write_ranks(trainer, all, error);
        if (status == TML_OK)
            status = tml_history_file_close(&trainer->history, error);
        if (status == TML_OK)
            status = tml_metrics_file_close(&trainer->metrics, error);
    }
    free(all);
    return tml_agree(trainer->world->comm, status, error);
}
