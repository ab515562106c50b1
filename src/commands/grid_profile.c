/** @file grid_profile.c
 * telescopeml grid profile: the atmosphere behind a spectrum. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "atmosphere/cloudless.h"
#include "commands/command.h"
#include "commands/profile_table.h"
#include "commands/synth_nodes.h"
#include "core/log.h"
#include "core/text.h"
#include "io/atomic_file.h"
#include "mpi/agree.h"

/* teff, logg, c_o, met: those of tml_cloudless, in its order. */
enum { PARAMETERS = 4 };

typedef struct profile_options {
    const char *value[PARAMETERS];
    const char *nodes, *out, *layers, *force;
} profile_options;

/* The atmospheres that are asked for, on every rank. */
typedef struct profile_request {
    double single[PARAMETERS];
    tml_synth_nodes nodes; /* with --nodes */
    const double *values;  /* [count][PARAMETERS] */
    size_t count;
    bool is_of_layers;
} profile_request;

static tml_status parse(const tml_world *world, int argc, char **argv, profile_options *given,
                        tml_common_options *common, bool *help_shown, tml_error *error)
{
    const tml_option options[] = {
        {"teff", "K", "effective temperature, 200 to 2400", &given->value[0]},
        {"logg", "DEX", "log10 of the gravity in cm s-2, 3 to 5.5", &given->value[1]},
        {"c_o", "RATIO", "C/O in units of the solar ratio, 0.25 to 2.5 (default 1)", &given->value[2]},
        {"met", "DEX", "metallicity [M/H], -1 to 2 (default 0)", &given->value[3]},
        {"nodes", "CSV", "many: a table with the columns teff, logg, c_o, met (or temperature, ...)",
         &given->nodes},
        {"out", "F.csv", "write the CSV table to a file", &given->out},
        {"layers", NULL, "the middle of each layer, where the spectrum takes its opacity, not the levels",
         &given->layers},
        {"force", NULL, "replace the file if it exists", &given->force},
    };
    const tml_command_usage usage = {
        .name = "grid profile",
        .synopsis = "--teff K --logg DEX [--c_o RATIO] [--met DEX] | --nodes CSV [options]",
        .summary =
            "Print what is in an atmosphere of the model 'cloudless': pressure [bar], temperature [K] and\n"
            "of each gas its fraction of all particles, level by level from the top. The table is CSV.",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .examples = "  telescopeml grid profile --teff 900 --logg 5\n"
                    "  telescopeml grid profile --teff 1300 --logg 4.5 --met 0.5 --c_o 1.5 --json\n"
                    "  telescopeml grid profile --nodes objects.csv --out profiles.csv",
    };

    return tml_command_parse(world, &usage, argc, argv, common, NULL, NULL, help_shown, error);
}

static tml_status check_options(const profile_options *given, tml_error *error)
{
    const bool has_values = given->value[0] != NULL || given->value[1] != NULL || given->value[2] != NULL ||
                            given->value[3] != NULL;

    if (given->nodes != NULL && has_values)
        return TML_FAIL(error, TML_USAGE, "grid profile: give either --nodes CSV or --teff and --logg");
    if (given->nodes == NULL && (given->value[0] == NULL || given->value[1] == NULL))
        return TML_FAIL(error, TML_USAGE,
                        "grid profile: --teff and --logg are needed (or --nodes CSV); see telescopeml grid "
                        "profile --help");
    if (given->force != NULL && given->out == NULL)
        return TML_FAIL(error, TML_USAGE, "grid profile: --force is for --out");
    return TML_OK;
}

static tml_status read_single(const profile_options *given, double single[PARAMETERS], tml_error *error)
{
    static const double defaults[PARAMETERS] = {[2] = 1.0, [3] = 0.0};

    for (size_t p = 0; p < PARAMETERS; ++p) {
        const tml_forward_parameter *parameter = &tml_cloudless.parameters[p];

        single[p] = defaults[p];
        if (given->value[p] == NULL)
            continue;
        if (!tml_text_to_double(given->value[p], &single[p]))
            return TML_FAIL(error, TML_USAGE, "grid profile: --%s wants a number, not '%s'", parameter->name,
                            given->value[p]);
        /* Written so that NaN is refused too. */
        if (!(single[p] >= parameter->minimum && single[p] <= parameter->maximum))
            return TML_FAIL(error, TML_USAGE, "grid profile: --%s is %s; the model takes %g to %g %s",
                            parameter->name, given->value[p], parameter->minimum, parameter->maximum,
                            parameter->unit);
    }
    return TML_OK;
}

static tml_status make_request(const tml_world *world, const profile_options *given, profile_request *request,
                               tml_error *error)
{
    tml_status status = check_options(given, error);

    request->is_of_layers = given->layers != NULL;
    if (status == TML_OK && given->nodes != NULL) {
        status = tml_synth_nodes_read(world->comm, given->nodes, &tml_cloudless, &request->nodes, error);
        request->values = request->nodes.values;
        request->count = (size_t)request->nodes.design.nodes;
    } else if (status == TML_OK) {
        status = read_single(given, request->single, error);
        request->values = request->single;
        request->count = 1;
    }
    return status;
}

/* Rows of the table for each atmosphere. */
static size_t rows_of(const profile_request *request)
{
    return request->is_of_layers ? TML_STRUCTURE_LEVELS - 1 : TML_STRUCTURE_LEVELS;
}

static void compute(const profile_request *request, size_t node, tml_profile *profile)
{
    const double *value = request->values + node * PARAMETERS;
    const tml_profile_node asked = {value[0], value[1], value[2], value[3]};

    tml_profile_of(&asked, request->is_of_layers, profile);
}

static void print_table(FILE *out, const profile_request *request, tml_profile *profile)
{
    tml_profile_header(out, request->is_of_layers);
    for (size_t n = 0; n < request->count; ++n) {
        compute(request, n, profile);
        tml_profile_lines(out, n, profile);
    }
}

static tml_status write_file(const char *path, const profile_request *request, tml_profile *profile,
                             tml_error *error)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    tml_status status;

    if (out == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for the table");
    print_table(out, request, profile);
    if (fclose(out) == 0)
        status = tml_atomic_write(path, text, length, error);
    else
        status = TML_FAIL(error, TML_INTERNAL, "no memory for a table of %zu atmospheres", request->count);
    free(text);
    if (status == TML_OK)
        tml_log(TML_LOG_INFO, "%s: %zu %s of %zu atmosphere%s", path, rows_of(request),
                request->is_of_layers ? "layers" : "levels", request->count, request->count == 1 ? "" : "s");
    return status;
}

static tml_status print_json(const profile_options *given, const profile_request *request, bool is_dry_run,
                             tml_profile *profile, tml_error *error)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *list;

    cJSON_AddItemToObject(json, "file",
                          given->out != NULL ? cJSON_CreateString(given->out) : cJSON_CreateNull());
    cJSON_AddBoolToObject(json, "written", given->out != NULL && !is_dry_run);
    cJSON_AddItemToObject(json, "atmospheres", tml_json_number((double)request->count));
    cJSON_AddStringToObject(json, "at", request->is_of_layers ? "layers" : "levels");
    cJSON_AddItemToObject(json, "rows", tml_json_number((double)rows_of(request)));
    list = cJSON_AddArrayToObject(json, "profiles");
    for (size_t n = 0; n < request->count && given->out == NULL && !is_dry_run; ++n) {
        compute(request, n, profile);
        cJSON_AddItemToArray(list, tml_profile_to_json(profile));
    }
    return tml_envelope_print("telescopeml.grid-profile/1", json, error);
}

/* All of the output; for rank 0. */
static tml_status write_result(const profile_options *given, const tml_common_options *common,
                               const profile_request *request, tml_error *error)
{
    tml_profile *profile = malloc(sizeof *profile);
    tml_status status = TML_OK;

    if (profile == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for an atmosphere");
    if (given->out != NULL && given->force == NULL && access(given->out, F_OK) == 0)
        status = TML_FAIL(error, TML_CANNOT_CREATE,
                          "%s exists; choose another name, or --force to replace it", given->out);
    else if (common->dry_run)
        tml_log(TML_LOG_INFO, "would compute %zu %s of %zu atmosphere%s", rows_of(request),
                request->is_of_layers ? "layers" : "levels", request->count, request->count == 1 ? "" : "s");
    else if (given->out != NULL)
        status = write_file(given->out, request, profile, error);
    else if (!common->json)
        print_table(stdout, request, profile);
    if (status == TML_OK && common->json)
        status = print_json(given, request, common->dry_run, profile, error);
    if (status == TML_OK && (fflush(stdout) != 0 || ferror(stdout)))
        status = TML_FAIL(error, TML_IO_ERROR, "standard output cannot be written");
    free(profile);
    return status;
}

tml_status tml_command_grid_profile(const tml_world *world, int argc, char **argv, tml_error *error)
{
    profile_options given = {0};
    profile_request request = {0};
    tml_common_options common;
    bool help_shown = false;
    tml_status status = parse(world, argc, argv, &given, &common, &help_shown, error);

    if (status != TML_OK || help_shown)
        return status;
    status = make_request(world, &given, &request, error);
    if (status == TML_OK) {
        if (world->rank == 0)
            status = write_result(&given, &common, &request, error);
        status = tml_agree(world->comm, status, error);
    }
    tml_synth_nodes_free(&request.nodes);
    return status;
}
