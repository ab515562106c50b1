#include "commands/command.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command_provenance.h"
#include "commands/configuration.h"
#include "commands/placement_warning.h"
#include "commands/time_limit.h"
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

/* What the time went for, mean over the ranks. */
static void print_spent(const tml_train_spent *spent)
{
    double all = 0.0;

    for (int k = 0; k < TML_SPENT_KINDS; ++k)
        all += spent->use[k].mean;
    printf("time      ");
    for (int k = 0; k < TML_SPENT_KINDS; ++k)
        printf("%s %s %.1f %%", k > 0 ? "," : "", tml_spent_name((tml_spent)k),
               100.0 * spent->use[k].mean / all);
    printf("; busiest is rank %zu (%s)\n", spent->slowest, spent->host);
}

static void print_summary(const tml_settings *settings, const char *run_dir, const tml_train_summary *s)
{
    char duration[TML_CLOCK_TEXT];

    tml_clock_duration(s->seconds, duration);
    printf("trained    %lld epochs, %lld steps in %s (%.0f spectra/s), stopped by %s\n", (long long)s->epochs,
           (long long)s->steps, duration, s->samples_per_second, s->stopped_by);
    printf("best       epoch %lld, %s loss %.4e\n", (long long)s->best_epoch + 1,
           settings->monitor == TML_MONITOR_TRAIN ? "training" : "validation", s->best_loss);
    print_spent(&s->spent);
    printf("weights    %s\n", s->weights_digest);
    printf("model      %s/model.h5\n", run_dir);
}

static void print_dry_run(const tml_settings *settings, const tml_train_summary *s)
{
    char duration[TML_CLOCK_TEXT];

    printf("dry run    nothing was written%s; the configuration and the grid are good\n",
           isnan(s->expected.checkpoint_seconds) ? "" : " but a checkpoint on trial, which is removed again");
    printf("epoch      %llu steps of %lld spectra: %.3g s each; validation %.3g s\n",
           (unsigned long long)s->steps_per_epoch, (long long)settings->batch_global,
           s->expected.step_seconds, s->expected.validation_seconds);
    if (isnan(s->expected.checkpoint_seconds))
        printf("checkpoint not measured (give --run-dir): not counted below\n");
    else
        printf("checkpoint %.3g s\n", s->expected.checkpoint_seconds);
    tml_clock_duration(s->expected.seconds, duration);
    printf("training   %s%s for %lld epochs on these ranks and threads%s\n",
           settings->patience < settings->epochs ? "at most " : "", duration, (long long)settings->epochs,
           settings->patience < settings->epochs ? "; it may stop sooner (stop.patience)" : "");
}

static cJSON *expected_json(const tml_train_estimate *expected)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddItemToObject(json, "seconds", tml_json_number(expected->seconds));
    cJSON_AddItemToObject(json, "step_seconds", tml_json_number(expected->step_seconds));
    cJSON_AddItemToObject(json, "validation_seconds", tml_json_number(expected->validation_seconds));
    cJSON_AddItemToObject(json, "checkpoint_seconds", tml_json_number(expected->checkpoint_seconds));
    return json;
}

/* Seconds of this job. */
static cJSON *spent_json(const tml_train_spent *spent)
{
    cJSON *json = cJSON_CreateObject();

    for (int k = 0; k < TML_SPENT_KINDS; ++k) {
        const tml_spent_range *range = &spent->use[k];
        cJSON *use = cJSON_AddObjectToObject(json, tml_spent_name((tml_spent)k));

        cJSON_AddItemToObject(use, "least", tml_json_number(range->least));
        cJSON_AddItemToObject(use, "mean", tml_json_number(range->mean));
        cJSON_AddItemToObject(use, "most", tml_json_number(range->most));
        cJSON_AddNumberToObject(use, "slowest_rank", (double)range->slowest);
    }
    cJSON_AddNumberToObject(json, "busiest_rank", (double)spent->slowest);
    cJSON_AddStringToObject(json, "busiest_host", spent->host);
    return json;
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
    cJSON_AddItemToObject(result, "spent", has_model ? spent_json(&s->spent) : cJSON_CreateNull());
    cJSON_AddItemToObject(result, "expected",
                          s->expected.seconds > 0.0 ? expected_json(&s->expected) : cJSON_CreateNull());
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
        tml_loss_figure_of_run(run_dir, tml_loss_name((tml_loss_kind)settings->loss_kind),
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
    status = tml_time_limit_read("train", options.time_limit, &options.time_limit_s, error);
    if (status == TML_OK)
        status = tml_settings_from_command(world, config[0], &common, &settings, error);
    if (status == TML_OK)
        status = tml_warn_of_placement(world, (int)settings.threads, error);
    if (status != TML_OK)
        return status;
    options.command_line = tml_command_line(usage.name, argc, argv);
    status = run(world, &common, &options, &settings, error);
    free(options.command_line);
    return status;
}
