#include "training/trainer_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "mpi/agree.h"

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

/* Read one checkpoint. A damaged one is TML_BAD_DATA; every other failure says nothing about the file. */
static tml_status read_checkpoint(tml_trainer *trainer, const char *path, tml_error *error)
{
    char *configuration = NULL;
    tml_checkpoint_numbers numbers;
    tml_status status = tml_checkpoint_read_numbers(path, &numbers, &configuration, error);

    if (status == TML_OK)
        status = compare_settings(trainer, configuration, path, error);
    if (status == TML_OK)
        status = check_checkpoint(trainer, &numbers, path, error);
    if (status == TML_OK)
        status = tml_checkpoint_read_arrays(path, trainer->network.parameter_count, &trainer->arrays, error);
    free(configuration);
    if (status != TML_OK)
        return status;
    trainer->now = numbers;
    tml_log(TML_LOG_INFO, "resuming from %s (epoch %lld, step %lld)", path, (long long)numbers.epoch + 1,
            (long long)numbers.step);
    return TML_OK;
}

/* Rank 0: the newest checkpoint whose digest holds; damaged ones are named and passed over. */
static tml_status read_newest(tml_trainer *trainer, bool *found, tml_error *error)
{
    char folder[TML_PATH_LENGTH];
    int64_t *steps = NULL;
    size_t count = 0;
    tml_status status;

    tml_trainer_path(trainer, "checkpoints", folder);
    status = tml_checkpoint_list(folder, &steps, &count, error);
    for (size_t i = 0; i < count && status == TML_OK && !*found; ++i) {
        char path[TML_PATH_LENGTH];
        tml_error broken = {0, ""};

        tml_checkpoint_path(folder, steps[i], path);
        status = read_checkpoint(trainer, path, &broken);
        *found = status == TML_OK;
        if (status == TML_BAD_DATA) {
            tml_warn("broken_checkpoint", "%s is passed over: %s", path, broken.message);
            status = TML_OK;
        } else if (status != TML_OK && error != NULL) {
            *error = broken;
        }
    }
    free(steps);
    if (status == TML_OK && count > 0 && !*found)
        status = TML_FAIL(error, TML_BAD_DATA,
                          "%s holds no checkpoint that can be used; start anew with --force",
                          trainer->job->run_directory);
    return status;
}

static tml_status share_state(tml_trainer *trainer, tml_error *error)
{
    tml_status status = tml_mpi_check(
        MPI_Bcast(&trainer->now, (int)sizeof trainer->now, MPI_BYTE, 0, trainer->world->comm),
        "sharing the checkpoint", error);

    return status == TML_OK ? tml_node_weights_share(trainer->weights, error) : status;
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
