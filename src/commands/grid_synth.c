/** @file grid_synth.c
 * telescopeml grid synth: a grid file of synthetic spectra. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/command_provenance.h"
#include "commands/synth_nodes.h"
#include "commands/synth_run.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/text.h"
#include "io/envelope.h"
#include "mpi/agree.h"

typedef struct synth_options {
    const char *preset, *nodes, *out, *random, *model, *force;
    uint64_t random_nodes;
} synth_options;

/* Which spectra, by which model. */
typedef struct synth_plan {
    const tml_forward_kind *kind;
    tml_parameter_design design;
    tml_synth_nodes nodes; /* with --nodes */
} synth_plan;

static tml_status check_options(synth_options *given, tml_error *error)
{
    if (given->out == NULL)
        return TML_FAIL(error, TML_USAGE, "grid synth: --out is missing; see telescopeml grid synth --help");
    if ((given->preset == NULL) == (given->nodes == NULL))
        return TML_FAIL(error, TML_USAGE, "grid synth: give either --preset NAME (%s) or --nodes CSV",
                        tml_design_preset_names());
    if (given->random != NULL && given->preset == NULL)
        return TML_FAIL(error, TML_USAGE,
                        "grid synth: --random draws within a preset's ranges; give --preset");
    if (given->random != NULL && (!tml_text_to_uint64(given->random, &given->random_nodes) ||
                                  given->random_nodes < 1 || given->random_nodes > (uint64_t)1 << 48))
        return TML_FAIL(error, TML_USAGE, "grid synth: --random wants a whole number from 1, not '%s'",
                        given->random);
    return TML_OK;
}

static tml_status parse(const tml_world *world, int argc, char **argv, synth_options *given,
                        tml_common_options *common, bool *help_shown, tml_error *error)
{
    const tml_option options[] = {
        {"preset", "NAME", "a regular grid: published (30,888 spectra) or quickstart (4,140)",
         &given->preset},
        {"nodes", "CSV", "a table with the columns teff, logg, c_o, met (or temperature, gravity, ...)",
         &given->nodes},
        {"out", "G.h5", "the grid file to write", &given->out},
        {"random", "N", "N spectra between the nodes: at random within the preset's ranges", &given->random},
        {"model", "NAME", "the forward model (default simple)", &given->model},
        {"force", NULL, "replace the grid file if it exists", &given->force},
    };
    const tml_command_usage usage = {
        .name = "grid synth",
        .synopsis = "--preset NAME | --nodes CSV, --out G.h5 [options]",
        .summary =
            "Compute spectra of atmospheres with a forward model and write them to a grid file, all ranks "
            "at\n"
            "once. The model 'simple' is a toy for tests of the pipeline, not for science: a grey\n"
            "temperature profile, equilibrium abundances, analytic bands. Spectra do not depend on the\n"
            "number of ranks. --seed (default 0) fixes the order of the rows and what --random draws.",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .examples = "  telescopeml grid synth --preset quickstart --out quickstart.h5\n"
                    "  telescopeml grid synth --preset quickstart --random 500 --seed 7 --out unseen.h5\n"
                    "  mpirun -np 4 telescopeml grid synth --preset published --out published.h5",
    };
    tml_status status = tml_command_parse(world, &usage, argc, argv, common, NULL, NULL, help_shown, error);

    return status == TML_OK && !*help_shown ? check_options(given, error) : status;
}

/* The axes of a design must be what the model takes, in its order and within its ranges. */
static tml_status check_axes(const synth_plan *plan, const char *preset, tml_error *error)
{
    double first[TML_DESIGN_AXES];
    double last[TML_DESIGN_AXES];
    bool fits = plan->design.axis_count == plan->kind->parameter_count;

    for (size_t a = 0; fits && a < plan->design.axis_count; ++a) {
        const tml_design_axis *axis = &plan->design.axes[a];

        fits = strcmp(axis->name, plan->kind->parameters[a].name) == 0;
        first[a] = axis->value[0];
        last[a] = axis->value[axis->count - 1];
    }
    if (fits && tml_forward_kind_refuses(plan->kind, first) < 0 &&
        tml_forward_kind_refuses(plan->kind, last) < 0)
        return TML_OK;
    return TML_FAIL(error, TML_USAGE, "the preset '%s' is not within the parameters of the model '%s'",
                    preset, plan->kind->name);
}

static tml_status make_plan(const tml_world *world, const synth_options *given,
                            const tml_common_options *common, synth_plan *plan, tml_error *error)
{
    tml_status status = tml_forward_kind_find(given->model != NULL ? given->model : "simple", &plan->kind,
                                              error);

    if (status == TML_OK && given->nodes != NULL) {
        status = tml_synth_nodes_read(world->comm, given->nodes, plan->kind, &plan->nodes, error);
        plan->design = plan->nodes.design;
        return status;
    }
    if (status == TML_OK)
        status = tml_design_preset(given->preset, &plan->design, error);
    if (status == TML_OK)
        status = check_axes(plan, given->preset, error);
    if (status == TML_OK && given->random != NULL)
        tml_design_randomise(&plan->design, given->random_nodes, common->seed);
    if (status != TML_OK)
        tml_error_prefix(error, "grid synth: ");
    return status;
}

/* What this command knows about the origin of the grid. On the heap, or NULL. */
static char *source_lines(const synth_options *given, const tml_common_options *common,
                          const synth_plan *plan)
{
    char digest[TML_DIGEST_TEXT];
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    if (out == NULL)
        return NULL;
    fprintf(out, "model=%s\nmodel_description=%s\n", plan->kind->name, plan->kind->description);
    if (given->preset != NULL)
        fprintf(out, "preset=%s\n", given->preset);
    if (given->random != NULL)
        fprintf(out, "random_nodes=%llu\n", (unsigned long long)given->random_nodes);
    if (given->nodes != NULL) {
        tml_digest_text(&plan->nodes.file_digest, digest);
        fprintf(out, "nodes=%s\nnodes_digest=%s\n", given->nodes, digest);
    }
    fprintf(out, "seed=%llu\n", (unsigned long long)common->seed);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static cJSON *result_to_json(const tml_world *world, const tml_synth_job *job, const tml_synth_result *result,
                             bool is_dry_run)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "file", job->out);
    cJSON_AddBoolToObject(json, "written", !is_dry_run);
    cJSON_AddStringToObject(json, "model", job->kind->name);
    cJSON_AddItemToObject(json, "rows", tml_json_number((double)result->spectra));
    cJSON_AddItemToObject(json, "wavelengths", tml_json_number((double)result->wavelengths));
    cJSON_AddItemToObject(json, "bytes", tml_json_number(result->bytes));
    cJSON_AddItemToObject(json, "seconds", tml_json_number(result->seconds));
    cJSON_AddItemToObject(json, "ranks", tml_json_number(world->size));
    return json;
}

static tml_status report(const tml_world *world, const tml_synth_job *job, const tml_synth_result *result,
                         const tml_common_options *common, tml_error *error)
{
    tml_status status = TML_OK;
    char bytes[32];
    char duration[TML_CLOCK_TEXT];

    tml_text_bytes(result->bytes, bytes);
    tml_clock_duration(result->seconds, duration);
    tml_log(TML_LOG_INFO, "%s: %s%llu spectra at %zu wavelengths, %s, %s%s (%.0f spectra/s)", job->out,
            common->dry_run ? "would hold " : "", (unsigned long long)result->spectra, result->wavelengths,
            bytes, common->dry_run ? "in about " : "", duration,
            result->seconds > 0.0 ? (double)result->spectra / result->seconds : 0.0);
    if (common->json && world->rank == 0)
        status = tml_envelope_print("telescopeml.grid-synth/1",
                                    result_to_json(world, job, result, common->dry_run), error);
    return tml_agree(world->comm, status, error);
}

tml_status tml_command_grid_synth(const tml_world *world, int argc, char **argv, tml_error *error)
{
    synth_options given = {0};
    synth_plan plan = {0};
    tml_common_options common;
    tml_synth_result result;
    char *provenance = NULL;
    char *source = NULL;
    bool help_shown = false;
    tml_status status = parse(world, argc, argv, &given, &common, &help_shown, error);

    if (status != TML_OK || help_shown)
        return status;
    status = make_plan(world, &given, &common, &plan, error);
    if (status == TML_OK) {
        source = source_lines(&given, &common, &plan);
        if (source == NULL)
            status = TML_FAIL(error, TML_INTERNAL, "no memory for the provenance");
        status = tml_agree(world->comm, status, error);
    }
    if (status == TML_OK)
        status = tml_command_provenance(world, "grid synth", argc, argv, 1, source, &provenance, error);
    if (status == TML_OK) {
        const tml_synth_job job = {
            .kind = plan.kind,
            .design = &plan.design,
            .out = given.out,
            .seed = common.seed, /* 0 unless it is given */
            .replace = given.force != NULL,
            .show_progress = world->rank == 0 && !common.no_progress &&
                             tml_log_current_level() >= TML_LOG_INFO,
            .provenance = provenance,
        };

        status = common.dry_run ? tml_synth_estimate(world->comm, &job, &result, error)
                                : tml_synth_run(world->comm, &job, &result, error);
        if (status == TML_OK)
            status = report(world, &job, &result, &common, error);
    }
    free(source);
    free(provenance);
    tml_synth_nodes_free(&plan.nodes);
    return status;
}
