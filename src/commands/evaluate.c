#include "commands/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands/audit_ceilings.h"
#include "commands/evaluation_report.h"
#include "core/log.h"
#include "core/text.h"
#include "inference/evaluation.h"
#include "io/path.h"
#include "mpi/agree.h"

/* The command's own options, as they were typed. */
typedef struct evaluate_options {
    const char *run_dir, *model, *grid, *split, *snr, *baseline, *out, *audit;
} evaluate_options;

static tml_status choose_parts(const evaluate_options *options, tml_evaluation_request *request,
                               tml_error *error)
{
    static const char *const words[] = {"each", "all", "train", "validation", "test"};
    const char *split = options->split != NULL ? options->split : options->grid != NULL ? "all" : "each";
    const char *nearest;

    request->is_whole = strcmp(split, "all") == 0;
    for (int p = 0; p < TML_PARTS; ++p)
        request->wanted[p] = strcmp(split, "each") == 0 || strcmp(split, tml_part_name((tml_part)p)) == 0;
    if (request->is_whole || request->wanted[0] || request->wanted[1] || request->wanted[2])
        return TML_OK;
    nearest = tml_text_nearest(split, words, sizeof words / sizeof words[0]);
    return TML_FAIL(
        error, TML_USAGE, "evaluate: --split '%s' is none of each, all, train, validation, test%s%s%s", split,
        nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
}

/* Where the files go; NULL: nowhere. */
static const char *folder_of(const evaluate_options *options)
{
    return options->out != NULL ? options->out : options->run_dir;
}

/* Before the work: whether its results can be written. */
static tml_status check_folder(const tml_world *world, const char *folder, tml_error *error)
{
    tml_status status = TML_OK;

    if (world->rank == 0 && folder != NULL && access(folder, W_OK | X_OK) != 0)
        status = TML_FAIL(error, TML_CANNOT_CREATE,
                          "%s: results cannot be written there: %s; make the folder or "
                          "choose another by --out",
                          folder, strerror(errno));
    return tml_agree(world->comm, status, error);
}

static tml_status fill_request(const evaluate_options *options, const tml_common_options *common,
                               tml_evaluation_request *request, tml_error *error)
{
    tml_status status = choose_parts(options, request, error);

    if (status != TML_OK)
        return status;
    request->grid_path = options->grid;
    request->baseline_path = options->baseline;
    request->wants_predictions = folder_of(options) != NULL;
    request->seed = common->has_seed ? common->seed : 1;
    request->threads = common->has_threads ? (int)common->threads : 1;
    if (options->snr != NULL &&
        (!tml_text_to_double(options->snr, &request->snr) || !(request->snr > 0.0 && request->snr < 1e9)))
        return TML_FAIL(error, TML_USAGE, "evaluate: --snr wants a number above 0, not '%s'", options->snr);
    return TML_OK;
}

/* What the audit of the grid says of the targets. On rank 0, which reports. */
static tml_status read_ceilings(const tml_world *world, const evaluate_options *options,
                                const tml_model *model, double *ceiling, tml_error *error)
{
    const char *name[TML_PREPARATION_TARGETS];
    char digest[TML_AUDIT_DIGEST] = "";
    tml_status status = TML_OK;

    for (size_t t = 0; t < model->settings.targets.count; ++t)
        name[t] = model->settings.targets.item[t];
    if (world->rank == 0 && options->audit != NULL) {
        status = tml_audit_ceilings_read(options->audit, model->settings.targets.count, name, ceiling, digest,
                                         error);
        if (status == TML_OK && options->grid == NULL && strcmp(digest, model->grid_digest) != 0)
            tml_warn("other_grid", "%s: is the audit of another grid than the one of the training",
                     options->audit);
    }
    return tml_agree(world->comm, status, error);
}

static tml_status evaluate(const tml_world *world, const tml_common_options *common,
                           const evaluate_options *options, const tml_evaluation_request *request,
                           const char *model_path, tml_error *error)
{
    tml_model model = {0};
    tml_evaluation evaluation = {0};
    double ceiling[TML_PREPARATION_TARGETS];
    tml_status status = check_folder(world, common->dry_run ? NULL : folder_of(options), error);

    if (status == TML_OK)
        status = tml_model_load(world->comm, model_path, &model, error);
    if (status == TML_OK)
        status = read_ceilings(world, options, &model, ceiling, error);
    if (status == TML_OK && common->dry_run)
        tml_log(TML_LOG_INFO, "%s is good: %zu weights; nothing was scored", model_path,
                model.network.parameter_count);
    else if (status == TML_OK)
        status = tml_evaluate(world, &model, request, &evaluation, error);
    if (status == TML_OK && !common->dry_run && world->rank == 0) {
        tml_evaluation_report report = {&model, &evaluation, model_path, folder_of(options),
                                        options->audit != NULL ? ceiling : NULL};

        status = tml_evaluation_report_write(&report, error);
        if (status == TML_OK)
            status = common->json ? tml_evaluation_report_json(&report, error)
                                  : tml_evaluation_report_print(&report, error);
    }
    status = tml_agree(world->comm, status, error);
    tml_evaluation_free(&evaluation);
    tml_model_free(&model);
    return status;
}

tml_status tml_command_evaluate(const tml_world *world, int argc, char **argv, tml_error *error)
{
    evaluate_options options = {0};
    const tml_option own[] = {
        {"run-dir", "DIR", "score DIR/model.h5; results go to DIR unless --out says otherwise",
         &options.run_dir},
        {"model", "M.h5", "score this model", &options.model},
        {"grid", "G.h5", "spectra to score (default: the grid it was trained on)", &options.grid},
        {"split", "PART", "each, all, train, validation or test (default: each; all with --grid)",
         &options.split},
        {"snr", "X", "put noise on the spectra: sigma of every pixel = mean flux / X", &options.snr},
        {"baseline", "G.h5", "score the nearest point of this grid beside the network", &options.baseline},
        {"audit", "FILE.json", "of the grid, by grid audit --out: shows the R2 that is possible at best",
         &options.audit},
        {"out", "DIR", "where evaluation.json, evaluation.csv, evaluation_rows.csv go", &options.out},
    };
    const tml_command_usage usage = {
        .name = "evaluate",
        .synopsis = "--run-dir DIR | --model M.h5 [--grid G.h5] [options]",
        .summary = "Scores a trained network: R2, RMSE, MAE, bias and skewness of every target, on the parts "
                   "of the\n"
                   "grid that it was trained on or on other spectra, all ranks together.",
        .options = own,
        .option_count = sizeof own / sizeof own[0],
        .has_threads = true,
        .examples =
            "  mpirun -np 2 telescopeml evaluate --run-dir runs/small\n"
            "  telescopeml evaluate --model runs/quickstart/model.h5 --grid runs/quickstart-unseen.h5 \\\n"
            "    --snr 30 --baseline runs/quickstart-grid.h5",
    };
    char model_path[TML_PATH_LENGTH];
    tml_evaluation_request request = {0};
    tml_common_options common;
    bool help_shown;
    tml_status status = tml_command_parse(world, &usage, argc, argv, &common, NULL, NULL, &help_shown, error);

    if (status != TML_OK || help_shown)
        return status;
    if ((options.run_dir == NULL) == (options.model == NULL))
        return TML_FAIL(error, TML_USAGE, "evaluate: give either --run-dir DIR or --model M.h5");
    status = fill_request(&options, &common, &request, error);
    if (status != TML_OK)
        return status;
    if (options.model != NULL)
        snprintf(model_path, sizeof model_path, "%s", options.model);
    else if (!tml_path_join(model_path, sizeof model_path, options.run_dir, "model.h5"))
        return TML_FAIL(error, TML_USAGE, "evaluate: the path of --run-dir is too long");
    return evaluate(world, &common, &options, &request, model_path, error);
}
