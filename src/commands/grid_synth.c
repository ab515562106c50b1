/** @file grid_synth.c
 * telescopeml grid synth: a grid file of synthetic spectra. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/command_provenance.h"
#include "commands/synth_design.h"
#include "commands/synth_model.h"
#include "commands/synth_run.h"
#include "commands/time_limit.h"
#include "core/build_info.h"
#include "core/clock.h"
#include "core/digest.h"
#include "core/log.h"
#include "core/memory.h"
#include "core/text.h"
#include "io/envelope.h"
#include "mpi/agree.h"

#define SCHEMA "telescopeml.grid-synth/1"

typedef struct synth_options {
    const char *out, *model, *force, *resume, *time_limit;
    double time_limit_s;
    tml_synth_design_options of_design;
    tml_synth_model_options of_model;
} synth_options;

/* Which spectra, by which model. */
typedef struct synth_plan {
    const tml_forward_kind *kind;
    tml_synth_model model;
    tml_synth_design design;
} synth_plan;

static tml_status check_options(int argc, char **argv, synth_options *given, tml_error *error)
{
    if (given->out == NULL)
        return TML_FAIL(error, TML_USAGE, "grid synth: --out is missing; see telescopeml grid synth --help");
    if (given->resume != NULL && given->force != NULL)
        return TML_FAIL(error, TML_USAGE,
                        "grid synth: --resume goes on and --force begins anew; give one of them");
    if (tml_time_limit_read("grid synth", given->time_limit, &given->time_limit_s, error) != TML_OK)
        return TML_USAGE;
    return tml_synth_design_check(argc, argv, &given->of_design, error);
}

static tml_status parse(const tml_world *world, int argc, char **argv, synth_options *given,
                        tml_common_options *common, bool *help_shown, tml_error *error)
{
    const tml_option options[] = {
        {"preset", "NAME", "a regular grid: published (30,888 spectra) or quickstart (4,140)",
         &given->of_design.preset},
        {"nodes", "CSV", "a table with the columns teff, logg, c_o, met (or temperature, gravity, ...)",
         &given->of_design.nodes},
        {"out", "G.h5", "the grid file to write", &given->out},
        {"range", "NAME=LO:HI,...", "narrow axes of the preset; may be repeated", &given->of_design.range},
        {"random", "N", "N spectra between the nodes: at random within the preset's ranges",
         &given->of_design.random},
        {"sobol", "N", "the same by Sobol's sequence, shifted by the seed: even, best with N a power of 2",
         &given->of_design.sobol},
        {"latin", "N", "the same as a Latin hypercube: one spectrum in each of N parts of each range",
         &given->of_design.latin},
        {"model", "NAME", "the forward model: cloudless (physics) or simple (a toy; default)", &given->model},
        {"wavelength-range", "LO:HI", "micron, within 0.8 to 5 (default: the published grid, 0.9 to 2.5)",
         &given->of_model.range},
        {"resolution", "R", "resolution of the instrument (default: bins of R = 100, no smoothing)",
         &given->of_model.resolution},
        {"instrument", "CSV", "the same as a table with the columns wavelength, resolution",
         &given->of_model.instrument},
        {"without", "NAMES", "gases that do not absorb, as in CH4,NH3", &given->of_model.without},
        {"tables", "DIR", "folder of another table of opacities (default: the one of the program)",
         &given->of_model.tables},
        {"resume", NULL, "go on where an interrupted job stopped (any number of ranks)", &given->resume},
        {"time-limit", "[[H:]M:]S", "stop with exit code 75 before this job has run so long",
         &given->time_limit},
        {"force", NULL, "replace the grid file, and what an interrupted job has left", &given->force},
    };
    const tml_command_usage usage = {
        .name = "grid synth",
        .synopsis = "--preset NAME | --nodes CSV, --out G.h5 [options]",
        .summary =
            "Compute spectra of atmospheres with a forward model and write them to a grid file, all ranks "
            "at\n"
            "once. The model 'cloudless' is physical: radiative-convective profiles, equilibrium chemistry\n"
            "with condensation, correlated-k opacities, any range and resolution up to the opacity\n"
            "table's. The model 'simple' is a toy for tests of the pipeline, not for science: a grey\n"
            "temperature profile, equilibrium abundances, analytic bands. Spectra do not depend on the\n"
            "number of ranks. --seed (default 0) fixes the order of the rows and what --random, --sobol and\n"
            "--latin draw. Finished spectra are kept in G.h5.blocks until all are there: after a crash, "
            "SIGUSR1\n"
            "or --time-limit (exit code 75) the same command with --resume goes on.",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .examples =
            "  telescopeml grid synth --preset quickstart --out quickstart.h5\n"
            "  telescopeml grid synth --preset quickstart --random 500 --seed 7 --out unseen.h5\n"
            "  mpirun -np 4 telescopeml grid synth --preset published --model cloudless --out p.h5\n"
            "  telescopeml grid synth --nodes n.csv --model cloudless --wavelength-range 0.8:5 --out w.h5",
    };
    tml_status status = tml_command_parse(world, &usage, argc, argv, common, NULL, NULL, help_shown, error);

    return status == TML_OK && !*help_shown ? check_options(argc, argv, given, error) : status;
}

static tml_status make_plan(const tml_world *world, const synth_options *given,
                            const tml_common_options *common, synth_plan *plan, tml_error *error)
{
    tml_status status = tml_forward_kind_find(given->model != NULL ? given->model : "simple", &plan->kind,
                                              error);

    if (given->model == NULL)
        tml_log(TML_LOG_INFO, "model 'simple', a toy for tests; for science give --model cloudless");
    if (status == TML_OK)
        status = tml_synth_model_make(world->comm, plan->kind, &given->of_model, &plan->model, error);
    if (status == TML_OK)
        status = tml_synth_design_make(world->comm, plan->kind, &given->of_design, common->seed,
                                       &plan->design, error);
    return status;
}

/* What this command knows about the origin of the grid. On the heap, or NULL. */
static char *source_lines(const synth_options *given, const tml_common_options *common,
                          const synth_plan *plan)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    if (out == NULL)
        return NULL;
    fprintf(out, "model=%s\nmodel_description=%s\n", plan->kind->name, plan->kind->description);
    tml_synth_model_lines(&given->of_model, &plan->model, out);
    tml_synth_design_lines(&given->of_design, &plan->design, out);
    fprintf(out, "seed=%llu\n", (unsigned long long)common->seed);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

/* What decides the rows, for an interrupted job that is taken up: the origin, and the program with its
 * version, since another may compute otherwise. Shared by rank 0, which knows the digest of a table of nodes.
 * @param identity  out, on the heap */
static tml_status share_identity(const tml_world *world, const char *source, const synth_plan *plan,
                                 char **identity, tml_error *error)
{
    const tml_build_info *build = tml_build_info_get();
    const tml_instrument *instrument = &plan->model.instrument;
    const tml_digest wavelengths = tml_digest_of(instrument->wavelength_um,
                                                 instrument->bins * sizeof *instrument->wavelength_um);
    char digest[TML_DIGEST_TEXT];
    size_t room = strlen(source) + strlen(build->version) + strlen(build->revision) + 256;
    tml_status status = tml_array_create(room, 1, "the description of a job", identity, error);

    tml_digest_text(&wavelengths, digest);
    if (status == TML_OK)
        snprintf(*identity, room, "%srows=%llu\nwavelengths=%zu %s\nprogram=%s %s\n", source,
                 (unsigned long long)plan->design.design.nodes, instrument->bins, digest, build->version,
                 build->revision);
    status = tml_agree(world->comm, status, error);
    if (status != TML_OK)
        return status;
    if (world->rank != 0) {
        free(*identity);
        *identity = NULL;
    }
    return tml_share_text(world->comm, identity, error);
}

static cJSON *result_to_json(const tml_world *world, const tml_synth_job *job, const tml_synth_result *result,
                             bool is_written)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "file", job->out);
    cJSON_AddBoolToObject(json, "written", is_written);
    cJSON_AddStringToObject(json, "model", job->kind->name);
    cJSON_AddItemToObject(json, "rows", tml_json_number((double)result->spectra));
    cJSON_AddItemToObject(json, "wavelengths", tml_json_number((double)result->wavelengths));
    cJSON_AddItemToObject(json, "bytes", tml_json_number(result->bytes));
    cJSON_AddItemToObject(json, "seconds", tml_json_number(result->seconds));
    cJSON_AddItemToObject(json, "ranks", tml_json_number(world->size));
    cJSON_AddItemToObject(json, "finished", tml_json_number((double)result->there));
    cJSON_AddItemToObject(json, "resumed", tml_json_number((double)result->kept));
    cJSON_AddItemToObject(json, "stopped_by",
                          result->stopped_by != NULL ? cJSON_CreateString(result->stopped_by)
                                                     : cJSON_CreateNull());
    return json;
}

static tml_status report(const tml_world *world, const tml_synth_job *job, const tml_synth_result *result,
                         const tml_common_options *common, tml_error *error)
{
    tml_status status = TML_OK;
    char bytes[32];
    char duration[TML_CLOCK_TEXT];

    const uint64_t computed = common->dry_run ? result->spectra : result->spectra - result->kept;

    tml_text_bytes(result->bytes, bytes);
    tml_clock_duration(result->seconds, duration);
    tml_log(TML_LOG_INFO, "%s: %s%llu spectra at %zu wavelengths, %s, %s%s (%.0f spectra/s)", job->out,
            common->dry_run ? "would hold " : "", (unsigned long long)result->spectra, result->wavelengths,
            bytes, common->dry_run ? "in about " : "", duration,
            result->seconds > 0.0 ? (double)computed / result->seconds : 0.0);
    if (common->json && world->rank == 0)
        status = tml_envelope_print(SCHEMA, result_to_json(world, job, result, !common->dry_run), error);
    return tml_agree(world->comm, status, error);
}

/* A stopped job is a result, too. */
static void show_stop(const tml_world *world, const tml_synth_job *job, const tml_synth_result *result,
                      const tml_common_options *common, const tml_error *error)
{
    tml_error ignored = {0, ""};
    cJSON *document;

    tml_log(TML_LOG_INFO, "%s", error->message);
    if (!common->json || world->rank != 0)
        return;
    document = tml_envelope_create(SCHEMA, TML_STOPPED, result_to_json(world, job, result, false));
    if (document != NULL && tml_json_print(document, 0, &ignored) != TML_OK)
        tml_log(TML_LOG_DETAIL, "%s", ignored.message);
    cJSON_Delete(document);
}

/* Texts of the job, the same on all ranks. */
static tml_status make_texts(const tml_world *world, int argc, char **argv, const synth_options *given,
                             const tml_common_options *common, const synth_plan *plan, char **identity,
                             char **provenance, tml_error *error)
{
    char *source = source_lines(given, common, plan);
    tml_status status = source != NULL ? TML_OK
                                       : TML_FAIL(error, TML_INTERNAL, "no memory for the provenance");

    status = tml_agree(world->comm, status, error);
    if (status == TML_OK)
        status = share_identity(world, source, plan, identity, error);
    if (status == TML_OK)
        status = tml_command_provenance(world, "grid synth", argc, argv, 1, source, provenance, error);
    free(source);
    return status;
}

static tml_status run_job(const tml_world *world, const tml_synth_job *job, const tml_common_options *common,
                          tml_error *error)
{
    tml_synth_result result;
    tml_status status = common->dry_run ? tml_synth_estimate(world->comm, job, &result, error)
                                        : tml_synth_run(world->comm, job, &result, error);

    if (status == TML_STOPPED)
        show_stop(world, job, &result, common, error);
    return status == TML_OK ? report(world, job, &result, common, error) : status;
}

tml_status tml_command_grid_synth(const tml_world *world, int argc, char **argv, tml_error *error)
{
    synth_options given = {0};
    synth_plan plan = {0};
    tml_common_options common;
    char *provenance = NULL;
    char *identity = NULL;
    bool help_shown = false;
    tml_status status = parse(world, argc, argv, &given, &common, &help_shown, error);

    if (status != TML_OK || help_shown)
        return status;
    status = make_plan(world, &given, &common, &plan, error);
    if (status == TML_OK)
        status = make_texts(world, argc, argv, &given, &common, &plan, &identity, &provenance, error);
    if (status == TML_OK) {
        const tml_synth_job job = {
            .kind = plan.kind,
            .setup = &plan.model.setup,
            .instrument = &plan.model.instrument,
            .design = &plan.design.design,
            .out = given.out,
            .seed = common.seed, /* 0 unless it is given */
            .replace = given.force != NULL,
            .resume = given.resume != NULL,
            .time_limit_s = given.time_limit_s,
            .show_progress = world->rank == 0 && !common.no_progress &&
                             tml_log_current_level() >= TML_LOG_INFO,
            .identity = identity,
            .provenance = provenance,
        };

        status = run_job(world, &job, &common, error);
    }
    free(identity);
    free(provenance);
    tml_synth_design_free(&plan.design);
    tml_synth_model_free(&plan.model);
    return status;
}
