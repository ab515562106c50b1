#include "commands/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command_provenance.h"
#include "commands/configuration.h"
#include "core/clock.h"
#include "core/log.h"
#include "io/envelope.h"
#include "io/path.h"
#include "mpi/agree.h"
#include "report/loss_figure.h"
#include "training/trainer.h"

/* The command's own options, and the command as it was typed. */
typedef struct train_options {
    const char *run_dir, *resume, *force, *time_limit, *help_config;
    double time_limit_s;
    char *command_line;
} train_options;

static void print_summary(const tml_settings *settings, const char *run_dir, const tml_train_summary *s)
{
    char duration[TML_CLOCK_TEXT];

    tml_clock_duration(s->seconds, duration);
    printf("trained    %lld epochs, %lld steps in %s (%.0f spectra/s), stopped by %s\n", (long long)s->epochs,
           (long long)s->steps, duration, s->samples_per_second, s->stopped_by);
    printf("best       epoch %lld, %s loss %.4e\n", (long long)s->best_epoch + 1,
           settings->monitor == TML_MONITOR_TRAIN ? "training" : "validation", s->best_loss);
    printf("weights    %s\n", s->weights_digest);
    printf("model      %s/model.h5\n", run_dir);
}

static void print_dry_run(const tml_settings *settings, const tml_train_summary *s)
{
    printf("dry run    nothing was written; the configuration and the grid are good\n");
    printf("epoch      %llu steps of %lld spectra\n", (unsigned long long)s->steps_per_epoch,
           (long long)settings->batch_global);
}

/* null where there is none yet. */
static cJSON *text_json(const char *text)
{
    return text != NULL ? cJSON_CreateString(text) : cJSON_CreateNull();
}

static cJSON *summary_json(const char *run_dir, bool has_model, const tml_train_summary *s)
{
    cJSON *result = cJSON_CreateObject();
    char model[TML_PATH_LENGTH];

    has_model = has_model && tml_path_join(model, sizeof model, run_dir, "model.h5");
    cJSON_AddItemToObject(result, "run_dir", text_json(run_dir));
    cJSON_AddItemToObject(result, "model", text_json(has_model ? model : NULL));
    cJSON_AddNumberToObject(result, "epochs", (double)s->epochs);
    cJSON_AddItemToObject(result, "best_epoch",
                          s->best_epoch >= 0 ? cJSON_CreateNumber((double)s->best_epoch)
                                             : cJSON_CreateNull());
    cJSON_AddNumberToObject(result, "steps", (double)s->steps);
    cJSON_AddStringToObject(result, "stopped_by", s->stopped_by);
    cJSON_AddNumberToObject(result, "parameters", (double)s->parameters);
    cJSON_AddItemToObject(result, "weights_digest",
                          s->steps > 0 ? cJSON_CreateString(s->weights_digest) : cJSON_CreateNull());
    cJSON_AddItemToObject(result, "samples_per_second", tml_json_number(s->samples_per_second));
    cJSON_AddItemToObject(result, "seconds", tml_json_number(s->seconds));
    return result;
}

/* What a stop on request has left behind: no model yet, but a checkpoint. */
static void show_stop(const tml_common_options *common, const char *run_dir, const tml_train_summary *summary,
                      const tml_error *error)
{
    tml_error ignored = {0, ""};
    cJSON *document;

    tml_log(TML_LOG_INFO, "%s", error->message);
    if (!common->json)
        return;
    document = tml_envelope_create("telescopeml.train/1", TML_STOPPED, summary_json(run_dir, false, summary));
    if (document == NULL || tml_json_print(document, 0, &ignored) != TML_OK)
        tml_log(TML_LOG_ERROR, "the JSON document could not be printed");
    cJSON_Delete(document);
}

static tml_status show(const tml_common_options *common, const tml_settings *settings, const char *run_dir,
                       const tml_train_summary *summary, tml_error *error)
{
    if (!common->dry_run)
        tml_loss_figure_of_run(run_dir, settings->loss_kind == TML_LOSS_HUBER ? "huber" : "squared",
                               summary->best_epoch);
    if (common->json)
        return tml_envelope_print("telescopeml.train/1", summary_json(run_dir, !common->dry_run, summary),
                                  error);
    if (common->dry_run)
        print_dry_run(settings, summary);
    else
        print_summary(settings, run_dir, summary);
    return TML_OK;
}

/* Seconds, minutes:seconds or hours:minutes:seconds. */
static tml_status read_time_limit(train_options *options, tml_error *error)
{
    double total = 0.0;
    unsigned long parts[3];
    int length = 0;
    int count = 0;
    const char *at = options->time_limit;

    if (at == NULL)
        return TML_OK;
    while (count < 3 && sscanf(at, "%lu%n", &parts[count], &length) == 1 && at[0] >= '0' && at[0] <= '9') {
        total = 60.0 * total + (double)parts[count++];
        at += length;
        if (*at != ':')
            break;
        ++at;
    }
    if (count == 0 || *at != '\0' || total <= 0.0)
        return TML_FAIL(error, TML_USAGE,
                        "train: --time-limit wants a time such as 11:50:00 or 600, not '%s'",
                        options->time_limit);
    options->time_limit_s = total;
    return TML_OK;
}

static tml_status run(const tml_world *world, const tml_common_options *common, const train_options *options,
                      const tml_settings *settings, tml_error *error)
{
    tml_train_summary summary;
    tml_train_job job = {.settings = settings,
                         .run_directory = options->run_dir,
                         .start = options->resume != NULL  ? TML_RUN_RESUME
                                  : options->force != NULL ? TML_RUN_FORCE
                                                           : TML_RUN_NEW,
                         .dry_run = common->dry_run,
                         .show_progress = !common->no_progress && tml_log_current_level() >= TML_LOG_INFO,
                         .time_limit_s = options->time_limit_s,
                         .command_line = options->command_line};
    tml_status status = tml_train(world, &job, &summary, error);

    if (status == TML_STOPPED && world->rank == 0)
        show_stop(common, options->run_dir, &summary, error);
    if (status == TML_OK && world->rank == 0)
        status = show(common, settings, options->run_dir, &summary, error);
    return tml_agree(world->comm, status, error);
}

tml_status tml_command_train(const tml_world *world, int argc, char **argv, tml_error *error)
{
    train_options options = {0};
    const tml_option own[] = {
        {"run-dir", "DIR", "run directory: everything that the training writes goes there", &options.run_dir},
        {"resume", NULL, "go on from the newest checkpoint in the run directory", &options.resume},
        {"force", NULL, "use a run directory that is not empty; an earlier run in it is removed",
         &options.force},
        {"time-limit", "[[H:]M:]S", "stop with a checkpoint and exit code 75 before this job has run so long",
         &options.time_limit},
        {"help-config", NULL, "document every key of the configuration", &options.help_config},
    };
    const tml_command_usage usage = {
        .name = "train",
        .synopsis = "CONFIG.yml --run-dir DIR [options]",
        .summary =
            "Trains a network on a grid with all ranks. The same configuration gives the same weights, bit\n"
            "for bit, on any number of ranks and threads. Checkpoints are written as checkpoint.* says,\n"
            "by default at every epoch; a job that was killed goes on with --resume, on any number of\n"
            "ranks.",
        .options = own,
        .option_count = sizeof own / sizeof own[0],
        .positional_maximum = 1,
        .has_configuration = true,
        .has_threads = true,
        .examples = "  mpirun -np 2 telescopeml train jobs/configs/small.yml --run-dir runs/small \\\n"
                    "    --set grid.path=runs/grid.h5\n"
                    "  telescopeml train --help-config",
    };
    const char *config[1] = {NULL};
    tml_common_options common;
    tml_settings settings;
    bool help_shown;
    tml_status status = tml_command_parse(world, &usage, argc, argv, &common, config, NULL, &help_shown,
                                          error);

    if (status != TML_OK || help_shown)
        return status;
    if (options.help_config != NULL) {
        if (world->rank == 0)
            tml_config_help(tml_settings_table(), stdout);
        return TML_OK;
    }
    if (options.resume != NULL && options.force != NULL)
        return TML_FAIL(error, TML_USAGE, "train: --resume and --force exclude each other");
    if (config[0] == NULL || (options.run_dir == NULL && !common.dry_run))
        return TML_FAIL(error, TML_USAGE, "train: %s is missing; usage: telescopeml train %s",
                        config[0] == NULL ? "the configuration file" : "--run-dir DIR", usage.synopsis);
    status = read_time_limit(&options, error);
    if (status == TML_OK)
        status = tml_settings_from_command(world, config[0], &common, &settings, error);
    if (status != TML_OK)
        return status;
    options.command_line = tml_command_line(usage.name, argc, argv);
    status = run(world, &common, &options, &settings, error);
    free(options.command_line);
    return status;
}
