#include "training/trainer_private.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "io/atomic_file.h"
#include "io/provenance.h"
#include "mpi/agree.h"
#include "training/model.h"

void tml_trainer_path(const tml_trainer *trainer, const char *name, char path[TML_PATH_LENGTH])
{
    bool fits = tml_path_join(path, TML_PATH_LENGTH, tml_run_directory_path(trainer->directory), name);

    assert(fits); /* tml_train has refused longer ones */
    (void)fits;
}

static void target_names(const tml_trainer *trainer, const char *names[TML_HISTORY_TARGETS])
{
    for (size_t t = 0; t < trainer->settings->targets.count; ++t)
        names[t] = trainer->settings->targets.item[t];
}

static tml_status open_on_rank_0(tml_trainer *trainer, bool resumed, tml_error *error)
{
    const char *names[TML_HISTORY_TARGETS];
    char path[TML_PATH_LENGTH];
    tml_status status;

    target_names(trainer, names);
    tml_trainer_path(trainer, "used_parameters.yml", path);
    status = tml_atomic_write(path, trainer->configuration, strlen(trainer->configuration), error);
    tml_trainer_path(trainer, "provenance.json", path);
    if (status == TML_OK)
        status = tml_provenance_write_json(path, trainer->provenance, error);
    tml_trainer_path(trainer, "history.csv", path);
    if (status == TML_OK)
        status = resumed ? tml_history_file_resume(path, names, trainer->settings->targets.count,
                                                   trainer->now.epoch, &trainer->history, error)
                         : tml_history_file_create(path, names, trainer->settings->targets.count,
                                                   &trainer->history, error);
    tml_trainer_path(trainer, "metrics.jsonl", path);
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
        double started = tml_clock_now();
        char folder[TML_PATH_LENGTH];
        char path[TML_PATH_LENGTH];

        tml_trainer_path(trainer, "checkpoints", folder);
        tml_checkpoint_path(folder, trainer->now.step, path);
        /* A resumed run goes on behind these lines, also from the middle of an epoch. */
        status = tml_metrics_file_flush(trainer->metrics, error);
        if (status == TML_OK)
            status = tml_checkpoint_write(path, &trainer->now, &trainer->arrays, trainer->configuration,
                                          trainer->provenance, error);
        if (status == TML_OK)
            status = tml_checkpoint_prune(folder, trainer->now.step,
                                          (size_t)trainer->settings->checkpoint_keep, error);
        trainer->last_save = tml_clock_now();
        trainer->save_seconds = trainer->last_save - started;
    }
    return tml_agree(trainer->world->comm, status, error);
}

static tml_status write_model(tml_trainer *trainer, tml_error *error)
{
    char path[TML_PATH_LENGTH];
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
    tml_trainer_path(trainer, "model.h5", path);
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
    char path[TML_PATH_LENGTH];
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
    tml_trainer_path(trainer, "ranks.csv", path);
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
