/** @file simulate.c
 * telescopeml simulate: observations with known truth from the spectra of a grid. */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "commands/simulation.h"
#include "core/log.h"
#include "core/text.h"
#include "io/envelope.h"
#include "mpi/agree.h"

/* Where a simulated object stands unless it is said; its distance and radius are known to 1 %. */
static const double default_distance_pc = 10.0;
static const double default_radius_rjup = 1.0;
static const double default_relative_error = 0.01;

typedef struct simulate_options {
    const char *grid, *snr, *row, *out, *distance, *radius, *name, *table, *errors, *force;
} simulate_options;

static tml_status check_form(const simulate_options *given, tml_error *error)
{
    const bool is_object = given->row != NULL || given->out != NULL;
    const bool is_table = given->table != NULL || given->errors != NULL;

    if (given->grid == NULL || given->snr == NULL)
        return TML_FAIL(error, TML_USAGE, "simulate: --%s is missing; see telescopeml simulate --help",
                        given->grid == NULL ? "grid" : "snr");
    if (is_object == is_table)
        return TML_FAIL(error, TML_USAGE,
                        "simulate: give either --row N --out OBJ.dat (one object) or --table T.csv --errors "
                        "E.csv (all rows)");
    if (is_object && (given->row == NULL || given->out == NULL))
        return TML_FAIL(error, TML_USAGE, "simulate: --row and --out go together; --%s is missing",
                        given->row == NULL ? "row" : "out");
    if (is_table && (given->table == NULL || given->errors == NULL))
        return TML_FAIL(error, TML_USAGE, "simulate: --table and --errors go together; --%s is missing",
                        given->table == NULL ? "table" : "errors");
    if (is_table && (given->distance != NULL || given->radius != NULL || given->name != NULL))
        return TML_FAIL(error, TML_USAGE,
                        "simulate: --distance-pc, --radius-rjup and --name are for one object; a table holds "
                        "fluxes at the surface");
    if (is_table && strcmp(given->table, given->errors) == 0)
        return TML_FAIL(error, TML_USAGE, "simulate: --table and --errors name the same file, %s",
                        given->table);
    return TML_OK;
}

/* "D" or "D:E". */
static tml_status read_measure(const char *option, const char *text, double otherwise, tml_measure *measure,
                               tml_error *error)
{
    const char *colon = text != NULL ? strchr(text, ':') : NULL;
    char value[64];
    bool is_good = true;

    measure->value = otherwise;
    if (text != NULL) {
        size_t length = colon != NULL ? (size_t)(colon - text) : strlen(text);

        is_good = length < sizeof value;
        snprintf(value, sizeof value, "%.*s", is_good ? (int)length : 0, text);
        is_good = is_good && tml_text_to_double(value, &measure->value) && isfinite(measure->value) &&
                  measure->value > 0.0;
    }
    measure->sd = default_relative_error * measure->value;
    if (colon != NULL)
        is_good = is_good && tml_text_to_double(colon + 1, &measure->sd) && isfinite(measure->sd) &&
                  measure->sd >= 0.0;
    if (is_good)
        return TML_OK;
    return TML_FAIL(error, TML_USAGE,
                    "simulate: --%s wants a number above 0, or one with its error as in 11.13:0.02, not '%s'",
                    option, text);
}

/* OBJ.yml beside OBJ.dat, and the object's name from the file's where none is given. */
static tml_status name_object(const simulate_options *given, tml_simulation *simulation, tml_error *error)
{
    const char *slash = strrchr(given->out, '/');
    const char *base = slash != NULL ? slash + 1 : given->out;
    const char *dot = strrchr(base, '.');
    const size_t stem = dot != NULL && dot > base ? (size_t)(dot - given->out) : strlen(given->out);
    const size_t folder = (size_t)(base - given->out);

    if (*base == '\0' || stem + sizeof ".yml" > sizeof simulation->object_path)
        return TML_FAIL(error, TML_USAGE, "simulate: --out wants the name of a file, not '%s'", given->out);
    snprintf(simulation->object_path, sizeof simulation->object_path, "%.*s.yml", (int)stem, given->out);
    if (strcmp(simulation->object_path, given->out) == 0)
        return TML_FAIL(error, TML_USAGE,
                        "simulate: --out '%s' is the name of the file that describes the object; give the "
                        "spectrum another, such as OBJ.dat",
                        given->out);
    if (given->name != NULL && !tml_text_copy(simulation->name, sizeof simulation->name, given->name))
        return TML_FAIL(error, TML_USAGE, "simulate: --name is longer than %zu bytes",
                        sizeof simulation->name - 1);
    if (given->name == NULL)
        snprintf(simulation->name, sizeof simulation->name, "%.*s", (int)(stem - folder), base);
    return TML_OK;
}

static tml_status fill_object(const simulate_options *given, tml_simulation *simulation, tml_error *error)
{
    tml_status status = name_object(given, simulation, error);

    simulation->spectrum_path = given->out;
    if (status == TML_OK && !tml_text_to_uint64(given->row, &simulation->row))
        status = TML_FAIL(error, TML_USAGE, "simulate: --row wants a whole number from 0, not '%s'",
                          given->row);
    if (status == TML_OK)
        status = read_measure("distance-pc", given->distance, default_distance_pc, &simulation->distance_pc,
                              error);
    if (status == TML_OK)
        status = read_measure("radius-rjup", given->radius, default_radius_rjup, &simulation->radius_rjup,
                              error);
    return status;
}

static tml_status fill(const simulate_options *given, const tml_common_options *common,
                       tml_simulation *simulation, tml_error *error)
{
    tml_status status = check_form(given, error);

    if (status != TML_OK)
        return status;
    simulation->grid = given->grid;
    simulation->seed = common->seed; /* 0 unless it is given */
    simulation->replace = given->force != NULL;
    simulation->dry_run = common->dry_run;
    simulation->table_path = given->table;
    simulation->errors_path = given->errors;
    if (!tml_text_to_double(given->snr, &simulation->snr) || !(simulation->snr > 0.0) ||
        !isfinite(simulation->snr))
        return TML_FAIL(error, TML_USAGE, "simulate: --snr wants a number above 0, not '%s'", given->snr);
    return given->out != NULL ? fill_object(given, simulation, error) : TML_OK;
}

static cJSON *result_to_json(const tml_simulation *simulation, const tml_simulation_result *result)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *files = cJSON_AddArrayToObject(json, "files");
    const bool is_object = simulation->spectrum_path != NULL;

    cJSON_AddItemToArray(files,
                         cJSON_CreateString(is_object ? simulation->spectrum_path : simulation->table_path));
    cJSON_AddItemToArray(files,
                         cJSON_CreateString(is_object ? simulation->object_path : simulation->errors_path));
    cJSON_AddBoolToObject(json, "written", !simulation->dry_run);
    cJSON_AddStringToObject(json, "grid", simulation->grid);
    cJSON_AddItemToObject(json, "row",
                          is_object ? tml_json_number((double)simulation->row) : cJSON_CreateNull());
    cJSON_AddItemToObject(json, "rows", tml_json_number((double)result->rows));
    cJSON_AddItemToObject(json, "wavelengths", tml_json_number((double)result->wavelengths));
    cJSON_AddItemToObject(json, "snr", tml_json_number(simulation->snr));
    cJSON_AddItemToObject(json, "seed", tml_json_number((double)simulation->seed));
    return json;
}

static tml_status report(const tml_world *world, const tml_simulation *simulation,
                         const tml_simulation_result *result, const tml_common_options *common,
                         tml_error *error)
{
    const char *verb = simulation->dry_run ? "would write" : "wrote";
    tml_status status = TML_OK;

    if (simulation->spectrum_path != NULL)
        tml_log(TML_LOG_INFO, "%s %s and %s: row %" PRIu64 " of %s, signal-to-noise ratio %g", verb,
                simulation->spectrum_path, simulation->object_path, simulation->row, simulation->grid,
                simulation->snr);
    else
        tml_log(TML_LOG_INFO, "%s %s and %s: %" PRIu64 " rows of %s, signal-to-noise ratio %g", verb,
                simulation->table_path, simulation->errors_path, result->rows, simulation->grid,
                simulation->snr);
    if (common->json && world->rank == 0)
        status = tml_envelope_print("telescopeml.simulate/1", result_to_json(simulation, result), error);
    return tml_agree(world->comm, status, error);
}

tml_status tml_command_simulate(const tml_world *world, int argc, char **argv, tml_error *error)
{
    simulate_options given = {0};
    const tml_option options[] = {
        {"grid", "G.h5", "where the spectra come from", &given.grid},
        {"snr", "X", "noise: sigma of every pixel = mean flux (F_nu) / X", &given.snr},
        {"row", "N", "one object: the row of the grid, by its number in the grid's source", &given.row},
        {"out", "OBJ.dat", "its spectrum; OBJ.yml beside it says what is known of it", &given.out},
        {"distance-pc", "D[:E]", "its distance and the error of that (default 10, error 1 %)",
         &given.distance},
        {"radius-rjup", "R[:E]", "its radius and the error of that (default 1, error 1 %)", &given.radius},
        {"name", "S", "its name (default: that of the file)", &given.name},
        {"table", "T.csv", "all rows: their noisy fluxes, in the layout of a grid", &given.table},
        {"errors", "E.csv", "all rows: the errors, in the same layout", &given.errors},
        {"force", NULL, "replace files that exist", &given.force},
    };
    const tml_command_usage usage = {
        .name = "simulate",
        .synopsis = "--grid G.h5 --snr X --row N --out OBJ.dat | --table T.csv --errors E.csv [options]",
        .summary =
            "Turn spectra of a grid into observations whose truth is known, to test predictions with. One "
            "row\n"
            "becomes an object at a distance, in erg s-1 cm-2 A-1 at Earth, with its true parameters as "
            "literature;\n"
            "or all rows become a table of fluxes at the surface. Noise is Gaussian and depends on --seed\n"
            "(default 0) and the row alone: both forms give a row the same.",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .examples =
            "  telescopeml simulate --grid unseen.h5 --row 17 --snr 30 --out obj17.dat --distance-pc "
            "8.5:0.1\n"
            "  mpirun -np 2 telescopeml simulate --grid unseen.h5 --snr 30 --table t.csv --errors e.csv",
    };
    tml_simulation simulation = {0};
    tml_simulation_result result = {0};
    tml_common_options common;
    bool help_shown = false;
    tml_status status = tml_command_parse(world, &usage, argc, argv, &common, NULL, NULL, &help_shown, error);

    if (status == TML_OK && !help_shown)
        status = fill(&given, &common, &simulation, error);
    if (status != TML_OK || help_shown)
        return status;
    status = given.out != NULL ? tml_simulate_object(world, &simulation, &result, error)
                               : tml_simulate_table(world, &simulation, &result, error);
    return status == TML_OK ? report(world, &simulation, &result, &common, error) : status;
}
