/** @file grid_densify.c
 * telescopeml grid densify: a regular grid on finer axes. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/command_provenance.h"
#include "commands/progress_line.h"
#include "core/clock.h"
#include "core/log.h"
#include "core/memory.h"
#include "core/text.h"
#include "exploration/densification.h"
#include "io/envelope.h"
#include "mpi/agree.h"

#define SCHEMA "telescopeml.grid-densify/1"

enum { MOST_FACTOR = 1000 };

typedef struct densify_job {
    const char *grid, *out, *axis, *factor, *force;
    size_t named;
    char names[TML_GRID_PARAMETERS][TML_GRID_NAME];
    const char *name[TML_GRID_PARAMETERS];
    tml_dense_axis *axes; /* [TML_GRID_PARAMETERS] */
    tml_densification wish;
} densify_job;

/* ---- what was typed ---- */

static tml_status refuse_axis(const char *word, tml_error *error)
{
    return TML_FAIL(error, TML_USAGE,
                    "grid densify: --axis wants NAME=V1,V2,... with ascending numbers, as "
                    "teff=500,525,550, not '%s'",
                    word);
}

static tml_status read_values(const char *word, const char *values, tml_dense_axis *axis, tml_error *error)
{
    char text[64];

    for (const char *at = values; at != NULL;) {
        const size_t length = strcspn(at, ",");
        double value;

        if (length >= sizeof text)
            return refuse_axis(word, error);
        if (axis->count == TML_DENSE_VALUES)
            return TML_FAIL(error, TML_USAGE, "grid densify: --axis takes %d values at most",
                            TML_DENSE_VALUES);
        snprintf(text, sizeof text, "%.*s", (int)length, at);
        if (!tml_text_to_double(text, &value) || !isfinite(value) ||
            (axis->count > 0 && !(value > axis->value[axis->count - 1])))
            return refuse_axis(word, error);
        axis->value[axis->count++] = value + 0.0; /* -0 is 0 */
        at = at[length] == ',' ? at + length + 1 : NULL;
    }
    return TML_OK;
}

static tml_status read_axis(const char *word, densify_job *job, tml_error *error)
{
    const char *equals = strchr(word, '=');
    const size_t length = equals != NULL ? (size_t)(equals - word) : 0;

    if (length == 0 || length >= TML_GRID_NAME)
        return refuse_axis(word, error);
    if (job->named == TML_GRID_PARAMETERS)
        return TML_FAIL(error, TML_USAGE, "grid densify: more than %d times --axis", TML_GRID_PARAMETERS);
    snprintf(job->names[job->named], TML_GRID_NAME, "%.*s", (int)length, word);
    for (size_t k = 0; k < job->named; ++k)
        if (strcmp(job->names[k], job->names[job->named]) == 0)
            return TML_FAIL(error, TML_USAGE, "grid densify: --axis %s is given twice", job->names[k]);
    job->name[job->named] = job->names[job->named];
    return read_values(word, equals + 1, &job->axes[job->named++], error);
}

static tml_status read_axes(int argc, char **argv, densify_job *job, tml_error *error)
{
    static const char option[] = "--axis";
    tml_status status = TML_OK;

    for (int i = 1; i < argc && status == TML_OK; ++i) {
        if (strcmp(argv[i], option) == 0 && i + 1 < argc)
            status = read_axis(argv[++i], job, error);
        else if (strncmp(argv[i], "--axis=", sizeof option) == 0)
            status = read_axis(argv[i] + sizeof option, job, error);
    }
    return status;
}

static tml_status fill_job(int argc, char **argv, const tml_common_options *common, densify_job *job,
                           tml_error *error)
{
    uint64_t factor = 1;

    if (job->out == NULL)
        return TML_FAIL(error, TML_USAGE,
                        "grid densify: --out is missing; see telescopeml grid densify --help");
    if (job->axis == NULL && job->factor == NULL)
        return TML_FAIL(error, TML_USAGE, "grid densify: give --axis NAME=V1,V2,... or --factor K");
    if (job->factor != NULL &&
        (!tml_text_to_uint64(job->factor, &factor) || factor < 1 || factor > MOST_FACTOR))
        return TML_FAIL(error, TML_USAGE,
                        "grid densify: --factor wants a whole number from 1 to %d, not '%s'", MOST_FACTOR,
                        job->factor);
    if (strcmp(job->grid, job->out) == 0)
        return TML_FAIL(error, TML_USAGE, "grid densify: --out is the grid itself; name another file");
    job->wish = (tml_densification){.grid = job->grid,
                                    .out = job->out,
                                    .replace = job->force != NULL,
                                    .factor = factor,
                                    .name = job->name,
                                    .axis = job->axes,
                                    .seed = common->seed,
                                    .show_only = common->dry_run};
    if (read_axes(argc, argv, job, error) != TML_OK)
        return TML_USAGE;
    job->wish.named = job->named;
    return TML_OK;
}

/* ---- what is printed ---- */

static cJSON *result_json(const densify_job *job, const tml_densified *made, double seconds)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *axes;

    cJSON_AddStringToObject(json, "file", job->out);
    cJSON_AddBoolToObject(json, "written", !job->wish.show_only);
    cJSON_AddStringToObject(json, "grid", job->grid);
    cJSON_AddItemToObject(json, "grid_rows", tml_json_number((double)made->old_rows));
    cJSON_AddItemToObject(json, "rows", tml_json_number((double)made->rows));
    cJSON_AddItemToObject(json, "wavelengths", tml_json_number((double)made->wavelengths));
    axes = cJSON_AddObjectToObject(json, "axes");
    for (size_t p = 0; p < made->parameters; ++p)
        cJSON_AddItemToObject(axes, made->name[p], tml_json_number((double)made->count[p]));
    cJSON_AddItemToObject(json, "seconds", tml_json_number(seconds));
    return json;
}

static tml_status report(const tml_world *world, const tml_common_options *common, const densify_job *job,
                         const tml_densified *made, double seconds, tml_error *error)
{
    char duration[TML_CLOCK_TEXT];
    tml_status status = TML_OK;

    tml_clock_duration(seconds, duration);
    if (common->dry_run)
        tml_log(TML_LOG_INFO, "%s: would hold %llu spectra, from %llu", job->out,
                (unsigned long long)made->rows, (unsigned long long)made->old_rows);
    else
        tml_log(TML_LOG_INFO, "%s: %llu spectra from %llu in %s", job->out, (unsigned long long)made->rows,
                (unsigned long long)made->old_rows, duration);
    if (common->json && world->rank == 0)
        status = tml_envelope_print(SCHEMA, result_json(job, made, seconds), error);
    return tml_agree(world->comm, status, error);
}

/* ---- the command ---- */

static void show_progress(void *context, uint64_t done, uint64_t total)
{
    tml_progress_line *line = context;

    if (line->total == 0)
        tml_progress_line_begin(line, true, "spectra", total);
    tml_progress_line_update(line, done);
}

static tml_status densify(const tml_world *world, int argc, char **argv, const tml_common_options *common,
                          densify_job *job, tml_error *error)
{
    const double started = tml_clock_now();
    tml_progress_line line = {0};
    tml_densified made;
    char *provenance = NULL;
    char source[TML_ERROR_LENGTH];
    tml_status status;

    snprintf(source, sizeof source, "source=%s\nseed=%llu\n", job->grid, (unsigned long long)common->seed);
    status = tml_command_provenance(world, "grid densify", argc, argv, 1, source, &provenance, error);
    if (world->rank == 0 && !common->no_progress && tml_log_current_level() >= TML_LOG_INFO) {
        job->wish.progress = show_progress;
        job->wish.context = &line;
    }
    if (status == TML_OK)
        status = tml_densify(world->comm, &job->wish, provenance, &made, error);
    tml_progress_line_end(&line);
    free(provenance);
    return status == TML_OK ? report(world, common, job, &made, tml_clock_now() - started, error) : status;
}

tml_status tml_command_grid_densify(const tml_world *world, int argc, char **argv, tml_error *error)
{
    densify_job job = {0};
    const tml_option own[] = {
        {"out", "D.h5", "the grid file to write", &job.out},
        {"axis", "NAME=V1,V2,...", "the new values of an axis; may be repeated", &job.axis},
        {"factor", "K", "divide each step of the other axes into K equal parts", &job.factor},
        {"force", NULL, "replace the grid file if it exists", &job.force},
    };
    const tml_command_usage usage = {
        .name = "grid densify",
        .synopsis = "G.h5 --out D.h5 --axis NAME=V1,V2,... | --factor K [options]",
        .summary =
            "Interpolate a regular grid to finer axes: the logarithm of the flux, linear in each parameter\n"
            "(teff as log10). Spectra between nodes are only as good as the grid is fine; where a forward\n"
            "model can be asked, grid synth is better. Text columns are left out. --seed (default 0) fixes\n"
            "the order of the rows. All ranks share the work.",
        .options = own,
        .option_count = sizeof own / sizeof own[0],
        .positional_minimum = 1,
        .positional_maximum = 1,
        .examples = "  telescopeml grid densify bobcat.h5 --out fine.h5 --factor 2\n"
                    "  mpirun -np 4 telescopeml grid densify g.h5 --out d.h5 --axis teff=500,510,520 --axis "
                    "met=0",
    };
    tml_common_options common;
    bool help_shown;
    tml_status status = tml_command_parse(world, &usage, argc, argv, &common, &job.grid, NULL, &help_shown,
                                          error);

    if (status != TML_OK || help_shown)
        return status;
    status = tml_array_create(TML_GRID_PARAMETERS, sizeof *job.axes, "axes", &job.axes, error);
    if (status == TML_OK)
        status = fill_job(argc, argv, &common, &job, error);
    status = tml_agree(world->comm, status, error);
    if (status == TML_OK)
        status = densify(world, argc, argv, &common, &job, error);
    free(job.axes);
    return status;
}
