#include "commands/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/command_provenance.h"
#include "commands/predict_job.h"
#include "core/log.h"
#include "core/text.h"
#include "io/path.h"
#include "mpi/agree.h"

enum { OBSERVATIONS = 1024, DRAWS_OF_FILES = 1000, DRAWS_OF_TABLES = 100, MOST_DRAWS = 1000000 };

tml_status tml_predict_measure(const char *option, const char *text, tml_measure *measure, tml_error *error)
{
    char value[64];
    const char *colon = strchr(text, ':');
    size_t length = colon != NULL ? (size_t)(colon - text) : strlen(text);

    measure->sd = 0.0;
    snprintf(value, sizeof value, "%.*s", (int)(length < sizeof value ? length : sizeof value - 1), text);
    if (!tml_text_to_double(value, &measure->value) || !(measure->value > 0.0 && measure->value < 1e12) ||
        (colon != NULL &&
         (!tml_text_to_double(colon + 1, &measure->sd) || !(measure->sd >= 0.0 && measure->sd < 1e12))))
        return TML_FAIL(error, TML_USAGE,
                        "predict: %s wants a number above 0, or number:error as 11.1:0.2, not '%s'", option,
                        text);
    return TML_OK;
}

/* ---- what was typed ---- */

static tml_status check_form(const tml_predict_options *o, size_t files, tml_error *error)
{
    const char *const single[] = {o->distance, o->radius, o->name, o->object};

    if (o->model == NULL)
        return TML_FAIL(error, TML_USAGE, "predict: give the trained network by --model M.h5");
    if ((o->table == NULL) == (files == 0))
        return TML_FAIL(error, TML_USAGE,
                        "predict: give observations (--observation F ...) or a table (--table T.csv)");
    if (o->table != NULL && o->errors == NULL && o->snr == NULL)
        return TML_FAIL(error, TML_USAGE,
                        "predict: a table needs errors: --errors E.csv, or --snr X for all pixels");
    if (o->table == NULL && (o->errors != NULL || o->ranges != NULL))
        return TML_FAIL(error, TML_USAGE, "predict: --errors and --ranges belong to --table");
    if (o->table != NULL && o->errors != NULL && o->snr != NULL)
        return TML_FAIL(error, TML_USAGE, "predict: --errors and --snr exclude each other");
    if (o->table != NULL &&
        (o->unit_wavelength != NULL || o->unit_flux != NULL || o->columns != NULL || o->air != NULL))
        return TML_FAIL(error, TML_USAGE,
                        "predict: --unit-wavelength, --unit-flux, --columns and --air are for observations; "
                        "a table is in micron (vacuum) and F_nu at the surface");
    for (size_t i = 0; i < sizeof single / sizeof single[0]; ++i)
        if (single[i] != NULL && files != 1)
            return TML_FAIL(error, TML_USAGE,
                            "predict: --distance-pc, --radius-rjup, --name and --object are for one "
                            "observation; put a file OBJECT.yml beside each spectrum instead");
    if (o->grid != NULL && o->no_grid != NULL)
        return TML_FAIL(error, TML_USAGE, "predict: --grid and --no-grid exclude each other");
    return TML_OK;
}

static tml_status fill_request(const tml_predict_options *o, const tml_common_options *common,
                               tml_predict_job *job, tml_error *error)
{
    job->request.draws = o->table != NULL ? DRAWS_OF_TABLES : DRAWS_OF_FILES;
    job->request.seed = common->has_seed ? common->seed : 1;
    job->request.wants_spectra = o->table == NULL;
    job->request.wants_draws = true;
    job->request.keep_negative = o->negative != NULL && strcmp(o->negative, "keep") == 0;
    if (o->negative != NULL && strcmp(o->negative, "keep") != 0 && strcmp(o->negative, "mask") != 0)
        return TML_FAIL(error, TML_USAGE, "predict: --negative wants keep or mask, not '%s'", o->negative);
    if (o->draws != NULL && (!tml_text_to_uint64(o->draws, &job->request.draws) || job->request.draws < 2 ||
                             job->request.draws > MOST_DRAWS))
        return TML_FAIL(error, TML_USAGE, "predict: --draws wants a whole number from 2 to %d, not '%s'",
                        MOST_DRAWS, o->draws);
    if (o->snr != NULL && (!tml_text_to_double(o->snr, &job->snr) || !(job->snr > 0.0 && job->snr < 1e9)))
        return TML_FAIL(error, TML_USAGE, "predict: --snr wants a number above 0, not '%s'", o->snr);
    return TML_OK;
}

/* A second --observation would silently replace the first. */
static tml_status check_repeats(int argc, char **argv, tml_error *error)
{
    static const char option[] = "--observation";
    int times = 0;

    for (int i = 1; i < argc; ++i)
        times += strcmp(argv[i], option) == 0 || strncmp(argv[i], "--observation=", sizeof option) == 0;
    if (times <= 1)
        return TML_OK;
    return TML_FAIL(error, TML_USAGE,
                    "predict: give all observations behind one --observation, not several of it");
}

/* The first observation stands behind --observation, the others after it as the shell lists them. */
static size_t list_files(const char *first, size_t words, const char **list)
{
    if (first == NULL)
        return words;
    memmove(list + 1, list, words * sizeof *list);
    list[0] = first;
    return words + 1;
}

/* ---- where the results go ---- */

static tml_status refuse_results(const char *folder, tml_error *error)
{
    static const char *const names[] = {"results.h5", "predictions.csv", "predictions.json"};
    char path[TML_PATH_LENGTH];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
        if (!tml_path_join(path, sizeof path, folder, names[i]) || access(path, F_OK) == 0)
            return TML_FAIL(error, TML_CANNOT_CREATE,
                            "%s: holds predictions already (%s); replace them by --force, or choose another "
                            "folder by --out",
                            folder, names[i]);
    return TML_OK;
}

static tml_status prepare_folder(const char *folder, bool force, bool *is_new, tml_error *error)
{
    struct stat facts;

    *is_new = mkdir(folder, 0777) == 0;
    if (!*is_new && errno != EEXIST)
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: the folder cannot be made (%s); make the folder above it, or choose another by "
                        "--out",
                        folder, strerror(errno));
    if (stat(folder, &facts) != 0 || !S_ISDIR(facts.st_mode) || access(folder, W_OK | X_OK) != 0)
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: results cannot be written there; choose another folder by --out", folder);
    return force ? TML_OK : refuse_results(folder, error);
}

/* @param is_new  out: whether this rank has made it */
static tml_status check_folder(const tml_predict_job *job, bool *is_new, tml_error *error)
{
    const tml_predict_options *o = job->options;
    tml_status status = TML_OK;

    if (job->world->rank == 0 && o->out != NULL && !job->is_dry_run)
        status = prepare_folder(o->out, o->force != NULL, is_new, error);
    return tml_agree(job->world->comm, status, error);
}

/* ---- the work ---- */

static tml_status predict(tml_predict_job *job, int threads, tml_error *error)
{
    const tml_predict_options *o = job->options;
    const char *grid = o->no_grid != NULL ? NULL : o->grid != NULL ? o->grid : job->model->settings.grid_path;
    tml_status status = TML_OK;

    if (!job->is_dry_run)
        status = tml_predictor_create(job->world, job->model, grid, threads, &job->predictor, error);
    if (status == TML_NO_INPUT && o->grid == NULL)
        tml_error_prefix(error,
                         "the grid that the network was trained on is needed for the spectrum that the "
                         "answer implies (name it by --grid, or do without by --no-grid): ");
    if (status == TML_OK)
        status = o->table != NULL ? tml_predict_table(job, error) : tml_predict_files(job, error);
    tml_predictor_destroy(&job->predictor);
    return status;
}

static tml_status run(tml_predict_job *job, const tml_common_options *common, int argc, char **argv,
                      tml_error *error)
{
    int threads = common->has_threads ? (int)common->threads : 1;
    tml_model model = {0};
    char *provenance = NULL;
    bool is_new = false;
    tml_status status = check_folder(job, &is_new, error);

    if (status == TML_OK)
        status = tml_model_load(job->world->comm, job->options->model, &model, error);
    if (status == TML_OK)
        status = tml_command_provenance(job->world, "predict", argc, argv, threads, NULL, &provenance, error);
    job->model = &model;
    job->provenance = provenance;
    if (status == TML_OK)
        status = predict(job, threads, error);
    if (status != TML_OK && is_new)
        rmdir(job->options->out); /* unless something was written */
    free(provenance);
    tml_model_free(&model);
    return status;
}

static tml_status parse_and_run(const tml_world *world, const tml_command_usage *usage,
                                const tml_predict_options *options, int argc, char **argv, tml_error *error)
{
    const char *files[OBSERVATIONS + 1];
    tml_predict_job job = {.world = world, .options = options, .file = files};
    tml_common_options common;
    bool help_shown;
    tml_status status = tml_command_parse(world, usage, argc, argv, &common, files, &job.file_count,
                                          &help_shown, error);

    if (status != TML_OK || help_shown)
        return status;
    job.file_count = list_files(options->observation, job.file_count, files);
    job.wants_json = common.json;
    job.is_dry_run = common.dry_run;
    status = check_repeats(argc, argv, error);
    if (status == TML_OK)
        status = check_form(options, job.file_count, error);
    if (status == TML_OK)
        status = fill_request(options, &common, &job, error);
    return status == TML_OK ? run(&job, &common, argc, argv, error) : status;
}

tml_status tml_command_predict(const tml_world *world, int argc, char **argv, tml_error *error)
{
    tml_predict_options o = {0};
    const tml_option own[] = {
        {"model", "M.h5", "the trained network", &o.model},
        {"observation", "F ...", "spectra: ASCII (wavelength, flux, error) or FITS", &o.observation},
        {"table", "T.csv", "many spectra in a grid's layout, F_nu at the surface", &o.table},
        {"errors", "E.csv", "their errors, in the same layout", &o.errors},
        {"out", "DIR", "where results, figures and the report go (default: nowhere)", &o.out},
        {"force", NULL, "replace the predictions that DIR holds", &o.force},
        {"grid", "G.h5", "spectra for the implied spectrum (default: those of the training)", &o.grid},
        {"no-grid", NULL, "do without: no implied spectrum, goodness of fit, model error", &o.no_grid},
        {"distance-pc", "D[:E]", "distance in parsec, with its error", &o.distance},
        {"radius-rjup", "R[:E]", "radius in Jupiter's equatorial radii, with its error", &o.radius},
        {"name", "S", "name of the object", &o.name},
        {"object", "O.yml", "facts about the object (default: beside the spectrum)", &o.object},
        {"unit-wavelength", "U", "such as micron, nm, Angstrom (default: the file's, else micron)",
         &o.unit_wavelength},
        {"unit-flux", "U", "such as erg/s/cm2/A, W/m2/um, Jy, relative", &o.unit_flux},
        {"columns", "W,F,E", "names of the columns of a FITS table", &o.columns},
        {"air", NULL, "wavelengths are those in air", &o.air},
        {"snr", "X", "errors are mean flux / X, whatever the file says", &o.snr},
        {"negative", "keep|mask", "use fluxes below 0, or mask them (default: mask)", &o.negative},
        {"draws", "N", "Monte-Carlo draws (default: 1000; 100 for a table)", &o.draws},
        {"ranges", "NAME:A,B,...", "of a labelled table (default: teff:400,1000,1400,2000,2600)", &o.ranges},
    };
    const tml_command_usage usage = {
        .name = "predict",
        .synopsis = "--model M.h5 --observation F ... | --table T.csv --errors E.csv  [--out DIR] [options]",
        .summary = "Says which atmosphere observed spectra come from, how sure that is, and how well the "
                   "spectrum that\n"
                   "the answer implies meets the observation. With --out, everything is kept and a report "
                   "is written.",
        .options = own,
        .option_count = sizeof own / sizeof own[0],
        .positional_maximum = OBSERVATIONS,
        .has_threads = true,
        .examples =
            "  telescopeml predict --model runs/small/model.h5 --observation HD3651B.dat \\\n"
            "    --distance-pc 11.134:0.02 --radius-rjup 0.81:0.05 --out runs/hd3651b\n"
            "  mpirun -np 2 telescopeml predict --model runs/small/model.h5 --table T.csv --errors E.csv "
            "--out runs/many",
    };

    return parse_and_run(world, &usage, &o, argc, argv, error);
}
