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
#include "mpi/watchdog.h"
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
    tml_watchdog_beat(TML_PHASE_SAVING);
    (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_FILES);
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
    status = tml_agree(trainer->world->comm, status, error);
    (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_COMPUTE);
    return status;
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

tml_status tml_trainer_finish_files(tml_trainer *trainer, tml_error *error)
{
    tml_status status = TML_OK;

    (void)tml_phase_clock_enter(&trainer->clock, TML_SPENT_FILES);
    if (trainer->world->rank == 0) {
        status = write_model(trainer, error);
        if (status == TML_OK)
            status = tml_history_file_close(&trainer->history, error);
        if (status == TML_OK)
            status = tml_metrics_file_close(&trainer->metrics, error);
    }
    return tml_agree(trainer->world->comm, status, error);
}
