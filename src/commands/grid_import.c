/** @file grid_import.c
 * telescopeml grid import: a grid file from a CSV file. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/command_provenance.h"
#include "core/text.h"
#include "io/envelope.h"
#include "io/grid_import.h"
#include "mpi/agree.h"

/* The solar C/O ratio of the Sonora models (Lodders 2010), which the published grids refer to. */
static const double default_solar_c_o = 0.458;

typedef struct import_options {
    const char *csv, *out, *wavelengths, *meta, *target, *solar_c_o, *force;
} import_options;

static tml_status parse(const tml_world *world, int argc, char **argv, import_options *given,
                        tml_common_options *common, bool *help_shown, tml_error *error)
{
    const tml_option options[] = {
        {"csv", "F", "the CSV file; may be compressed with gzip or bzip2", &given->csv},
        {"out", "G.h5", "the grid file to write", &given->out},
        {"wavelengths", "W.csv", "exact wavelengths in a column 'wl', in place of rounded headers",
         &given->wavelengths},
        {"meta", "M.csv", "more columns for the same rows, kept as text", &given->meta},
        {"target", "NAME:UNIT,...", "further columns that are parameters (kzz:cm2/s)", &given->target},
        {"solar-c-o", "X", "C/O ratio that c_o_ratio = 1 stands for (default 0.458)", &given->solar_c_o},
        {"force", NULL, "replace the grid file if it exists", &given->force},
    };
    const tml_command_usage usage = {
        .name = "grid import",
        .synopsis = "--csv F[.bz2,.gz] --out G.h5 [options]",
        .summary = "Make a grid file from a CSV file with one spectrum per row. A column whose header is a "
                   "number is a\n"
                   "wavelength in micron, its values are fluxes F_nu at the surface in erg s-1 cm-2 Hz-1. "
                   "The columns\n"
                   "temperature (teff), gravity (logg), c_o_ratio (c_o) and metallicity (met) are "
                   "parameters, others are\n"
                   "kept as text. Rows are stored in an order that is shuffled once, by --seed (default 0).",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .examples = "  telescopeml grid import --csv bobcat.csv.bz2 --wavelengths wl.csv --out bobcat.h5\n"
                    "  mpirun -np 4 telescopeml grid import --csv grid.csv --target kzz:cm2/s --out grid.h5",
    };
    tml_status status = tml_command_parse(world, &usage, argc, argv, common, NULL, NULL, help_shown, error);

    if (status == TML_OK && !*help_shown && (given->csv == NULL || given->out == NULL))
        return TML_FAIL(error, TML_USAGE, "grid import: --%s is missing; see telescopeml grid import --help",
                        given->csv == NULL ? "csv" : "out");
    return status;
}

static tml_status make_job(const import_options *given, const tml_common_options *common,
                           tml_grid_import_job *job, tml_error *error)
{
    memset(job, 0, sizeof *job);
    job->files.csv = given->csv;
    job->files.wavelengths = given->wavelengths;
    job->files.meta = given->meta;
    job->files.targets = given->target;
    job->files.solar_c_o = default_solar_c_o;
    job->out = given->out;
    job->seed = common->seed; /* 0 unless it is given */
    job->replace = given->force != NULL;
    job->dry_run = common->dry_run;
    job->progress = !common->no_progress;
    if (given->solar_c_o != NULL && (!tml_text_to_double(given->solar_c_o, &job->files.solar_c_o) ||
                                     !isfinite(job->files.solar_c_o) || job->files.solar_c_o <= 0.0))
        return TML_FAIL(error, TML_USAGE, "grid import: --solar-c-o wants a number above 0, not '%s'",
                        given->solar_c_o);
    return TML_OK;
}

static void put_line(FILE *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    fprintf(out, "%s=", name);
    for (; *value != '\0'; ++value)
        fputc(*value == '\n' ? ' ' : *value, out);
    fputc('\n', out);
}

/* What this command knows about the origin of the grid. On the heap, or NULL. */
static char *source_lines(const tml_grid_import_job *job)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    if (out == NULL)
        return NULL;
    put_line(out, "source", job->files.csv);
    put_line(out, "source_wavelengths", job->files.wavelengths);
    put_line(out, "source_metadata", job->files.meta);
    put_line(out, "further_targets", job->files.targets);
    fprintf(out, "seed=%llu\n", (unsigned long long)job->seed);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static tml_status make_provenance(const tml_world *world, int argc, char **argv,
                                  const tml_grid_import_job *job, char **lines, tml_error *error)
{
    char *extra = source_lines(job);
    tml_status status = TML_OK;

    if (extra == NULL)
        status = TML_FAIL(error, TML_INTERNAL, "no memory for the provenance");
    status = tml_agree(world->comm, status, error);
    if (status == TML_OK)
        status = tml_command_provenance(world, "grid import", argc, argv, 1, extra, lines, error);
    free(extra);
    return status;
}

static void add_parameters(const tml_grid_import_result *result, cJSON *json)
{
    cJSON *parameters = cJSON_AddObjectToObject(json, "parameters");

    for (size_t i = 0; i < result->shape.parameter_count; ++i) {
        cJSON *parameter = cJSON_AddObjectToObject(parameters, result->shape.parameters[i].name);

        cJSON_AddStringToObject(parameter, "unit", result->shape.parameters[i].unit);
        cJSON_AddItemToObject(parameter, "minimum", tml_json_number(result->ranges.minimum[i]));
        cJSON_AddItemToObject(parameter, "maximum", tml_json_number(result->ranges.maximum[i]));
    }
}

static cJSON *result_to_json(const tml_grid_import_job *job, const tml_grid_import_result *result)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *wavelength;
    cJSON *metadata;
    char digest[TML_DIGEST_TEXT];

    cJSON_AddStringToObject(json, "file", job->out);
    cJSON_AddBoolToObject(json, "written", !job->dry_run);
    cJSON_AddItemToObject(json, "rows", tml_json_number((double)result->shape.rows));
    add_parameters(result, json);
    metadata = cJSON_AddArrayToObject(json, "metadata");
    for (size_t i = 0; i < result->shape.metadata_count; ++i)
        cJSON_AddItemToArray(metadata, cJSON_CreateString(result->shape.metadata[i].name));
    wavelength = cJSON_AddObjectToObject(json, "wavelength");
    cJSON_AddStringToObject(wavelength, "unit", "micron");
    cJSON_AddItemToObject(wavelength, "count", tml_json_number((double)result->shape.wavelengths));
    cJSON_AddItemToObject(wavelength, "minimum", tml_json_number(result->shortest_um));
    cJSON_AddItemToObject(wavelength, "maximum", tml_json_number(result->longest_um));
    tml_digest_text(&result->digest, digest);
    cJSON_AddItemToObject(json, "bytes", tml_json_number((double)result->bytes));
    cJSON_AddItemToObject(json, "digest", job->dry_run ? cJSON_CreateNull() : cJSON_CreateString(digest));
    return json;
}

static tml_status print_json(const tml_world *world, const tml_grid_import_job *job,
                             const tml_grid_import_result *result, tml_error *error)
{
    tml_status status = TML_OK;

    if (world->rank == 0)
        status = tml_envelope_print("telescopeml.grid-import/1", result_to_json(job, result), error);
    return tml_agree(world->comm, status, error);
}

tml_status tml_command_grid_import(const tml_world *world, int argc, char **argv, tml_error *error)
{
    import_options given = {0};
    tml_common_options common;
    tml_grid_import_job job;
    tml_grid_import_result result;
    char *provenance = NULL;
    bool help_shown = false;
    tml_status status = parse(world, argc, argv, &given, &common, &help_shown, error);

    if (status != TML_OK || help_shown)
        return status;
    status = make_job(&given, &common, &job, error);
    if (status == TML_OK)
        status = make_provenance(world, argc, argv, &job, &provenance, error);
    job.provenance = provenance;
    if (status == TML_OK)
        status = tml_grid_import(world->comm, &job, &result, error);
    if (status == TML_OK && common.json)
        status = print_json(world, &job, &result, error);
    free(provenance);
    return status;
}
