/** @file grid_info.c
 * telescopeml grid info: what a grid file holds. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands/command.h"
#include "core/memory.h"
#include "core/text.h"
#include "io/envelope.h"
#include "io/grid_file.h"
#include "io/grid_provenance.h"
#include "io/grid_summary.h"
#include "mpi/agree.h"

static const char *const flux_unit = "erg s-1 cm-2 Hz-1";

/* Above this size only --verify checks the digest (io/grid_file.h). */
static const double checked_bytes = 1024.0 * 1024.0 * 1024.0;

/* Everything that is printed. */
typedef struct grid_info {
    const char *path;
    double bytes;
    tml_grid_shape shape;
    double *wavelength_um;
    tml_grid_summary summary;
    bool has_digest;
    bool digest_checked;
    char digest[TML_DIGEST_TEXT];
    char *provenance; /* on rank 0 only */
} grid_info;

static tml_status parse(const tml_world *world, int argc, char **argv, tml_common_options *common,
                        const char **path, const char **verify, bool *help_shown, tml_error *error)
{
    const tml_option options[] = {
        {"verify", NULL, "check the digest of the whole file, also above 1 GiB", verify},
    };
    const tml_command_usage usage = {
        .name = "grid info",
        .synopsis = "G.h5 [options]",
        .summary = "Say what a grid file holds: parameters with their ranges and values, wavelengths, "
                   "fluxes, rows with\n"
                   "identical spectra, digest and origin. Reads the whole file; all ranks share the work.",
        .options = options,
        .option_count = sizeof options / sizeof options[0],
        .positional_minimum = 1,
        .positional_maximum = 1,
        .examples = "  telescopeml grid info bobcat.h5\n"
                    "  mpirun -np 8 telescopeml grid info --verify --json large.h5",
    };

    return tml_command_parse(world, &usage, argc, argv, common, path, NULL, help_shown, error);
}

static tml_status copy_head(tml_grid_file *file, grid_info *info, tml_error *error)
{
    const tml_grid_shape *shape = tml_grid_file_shape(file);
    tml_digest digest;
    tml_status status = tml_array_create(shape->wavelengths, sizeof *info->wavelength_um, "wavelengths",
                                         &info->wavelength_um, error);

    if (status != TML_OK)
        return status;
    info->shape = *shape;
    memcpy(info->wavelength_um, tml_grid_file_wavelength_um(file),
           shape->wavelengths * sizeof *info->wavelength_um);
    info->has_digest = tml_grid_file_digest(file, &digest);
    if (info->has_digest)
        tml_digest_text(&digest, info->digest);
    return TML_OK;
}

static tml_status read_origin(const tml_world *world, bool verify, grid_info *info, tml_error *error)
{
    struct stat about;
    tml_status status = TML_OK;

    if (world->rank == 0) {
        status = tml_grid_provenance_read(info->path, &info->provenance, error);
        if (stat(info->path, &about) == 0)
            info->bytes = (double)about.st_size;
        info->digest_checked = info->has_digest && (verify || info->bytes <= checked_bytes);
    }
    return tml_agree(world->comm, status, error);
}

static tml_status read_info(const tml_world *world, bool verify, grid_info *info, tml_error *error)
{
    tml_grid_file *file = NULL;
    tml_status status = tml_grid_file_open(world->comm, info->path, TML_IO_INDEPENDENT, verify, &file, error);

    if (status != TML_OK)
        return status;
    status = tml_agree(world->comm, copy_head(file, info, error), error);
    if (status == TML_OK)
        status = tml_grid_summary_compute(world->comm, file, &info->summary, error);
    tml_grid_file_close(&file);
    return status == TML_OK ? read_origin(world, verify, info, error) : status;
}

/* ---- as a table ---- */

static void print_parameters(const grid_info *info)
{
    printf("%-12s %-14s %12s %12s %8s\n", "parameter", "unit", "from", "to", "values");
    for (size_t i = 0; i < info->shape.parameter_count; ++i) {
        const tml_grid_parameter *parameter = &info->shape.parameters[i];
        const tml_grid_parameter_summary *summary = &info->summary.parameters[i];

        printf("%-12s %-14s %12.6g %12.6g %8llu", parameter->name, parameter->unit, summary->minimum,
               summary->maximum, (unsigned long long)summary->different);
        for (size_t v = 0; v < summary->value_count; ++v)
            printf("%s%.6g", v == 0 ? "  " : ", ", summary->values[v]);
        printf("\n");
    }
}

static void print_spectra(const grid_info *info)
{
    const tml_grid_summary *summary = &info->summary;
    const size_t last = info->shape.wavelengths - 1;

    printf("%-12s %.7g to %.7g micron (vacuum)", "wavelength", info->wavelength_um[0],
           info->wavelength_um[last]);
    if (last > 0 && summary->resolution_maximum < 1.001 * summary->resolution_minimum)
        printf(", one pixel per 1/%.4g of the wavelength", summary->resolution_minimum);
    else if (last > 0)
        printf(", one pixel per 1/%.4g to 1/%.4g of the wavelength", summary->resolution_minimum,
               summary->resolution_maximum);
    printf("\n%-12s %.6g to %.6g %s\n", "flux", summary->flux_minimum, summary->flux_maximum, flux_unit);
    if (summary->twin_groups == 0)
        printf("%-12s none: every row has a spectrum of its own\n", "identical");
    else
        printf("%-12s %llu rows share their spectrum with another row, in %llu group%s\n", "identical",
               (unsigned long long)summary->twin_rows, (unsigned long long)summary->twin_groups,
               summary->twin_groups == 1 ? "" : "s");
}

static void print_rest(const grid_info *info)
{
    const char *line = info->provenance;

    if (info->shape.metadata_count > 0)
        printf("%-12s ", "metadata");
    for (size_t i = 0; i < info->shape.metadata_count; ++i)
        printf("%s%s", info->shape.metadata[i].name, i + 1 < info->shape.metadata_count ? ", " : "\n");
    printf("%-12s %.6g stands for c_o = 1\n", "solar C/O", info->shape.solar_c_o);
    if (info->has_digest)
        printf("%-12s %s (%s)\n", "digest", info->digest,
               info->digest_checked ? "checked" : "not checked above 1 GiB without --verify");
    else
        printf("%-12s none: the file was written by another program\n", "digest");
    if (*line != '\0')
        printf("\norigin\n");
    while (*line != '\0') {
        const size_t length = strcspn(line, "\n");
        const size_t name = strcspn(line, "=");

        printf("  %-18.*s %.*s\n", (int)name, line, (int)(length > name ? length - name - 1 : 0),
               line + name + 1);
        line += length + (line[length] == '\n' ? 1 : 0);
    }
}

static tml_status print_table(const grid_info *info, tml_error *error)
{
    char size[32];

    tml_text_bytes(info->bytes, size);
    printf("%s: %llu spectra x %zu wavelengths, %s\n\n", info->path, (unsigned long long)info->shape.rows,
           info->shape.wavelengths, size);
    print_parameters(info);
    printf("\n");
    print_spectra(info);
    print_rest(info);
    if (fflush(stdout) != 0 || ferror(stdout))
        return TML_FAIL(error, TML_IO_ERROR, "standard output cannot be written");
    return TML_OK;
}

/* ---- as JSON ---- */

static void add_number(cJSON *json, const char *name, double value)
{
    cJSON_AddItemToObject(json, name, tml_json_number(value));
}

static void add_parameters(const grid_info *info, cJSON *json)
{
    cJSON *parameters = cJSON_AddObjectToObject(json, "parameters");

    for (size_t i = 0; i < info->shape.parameter_count; ++i) {
        const tml_grid_parameter_summary *summary = &info->summary.parameters[i];
        cJSON *parameter = cJSON_AddObjectToObject(parameters, info->shape.parameters[i].name);
        cJSON *values;

        cJSON_AddStringToObject(parameter, "unit", info->shape.parameters[i].unit);
        cJSON_AddStringToObject(parameter, "long_name", info->shape.parameters[i].long_name);
        add_number(parameter, "minimum", summary->minimum);
        add_number(parameter, "maximum", summary->maximum);
        add_number(parameter, "different", (double)summary->different);
        values = summary->value_count > 0 ? cJSON_AddArrayToObject(parameter, "values")
                                          : cJSON_AddNullToObject(parameter, "values");
        for (size_t v = 0; v < summary->value_count; ++v)
            cJSON_AddItemToArray(values, tml_json_number(summary->values[v]));
    }
}

static void add_spectra(const grid_info *info, cJSON *json)
{
    const tml_grid_summary *summary = &info->summary;
    cJSON *wavelength = cJSON_AddObjectToObject(json, "wavelength");
    cJSON *flux = cJSON_AddObjectToObject(json, "flux");
    cJSON *identical = cJSON_AddObjectToObject(json, "identical_spectra");

    cJSON_AddStringToObject(wavelength, "unit", "micron");
    add_number(wavelength, "count", (double)info->shape.wavelengths);
    add_number(wavelength, "minimum", info->wavelength_um[0]);
    add_number(wavelength, "maximum", info->wavelength_um[info->shape.wavelengths - 1]);
    add_number(wavelength, "resolution_minimum", summary->resolution_minimum);
    add_number(wavelength, "resolution_maximum", summary->resolution_maximum);
    cJSON_AddStringToObject(flux, "unit", flux_unit);
    add_number(flux, "minimum", summary->flux_minimum);
    add_number(flux, "maximum", summary->flux_maximum);
    add_number(identical, "groups", (double)summary->twin_groups);
    add_number(identical, "rows", (double)summary->twin_rows);
}

static void add_provenance(const grid_info *info, cJSON *json)
{
    cJSON *provenance = cJSON_AddObjectToObject(json, "provenance");
    char *rest = NULL;

    for (char *line = strtok_r(info->provenance, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char *equals = strchr(line, '=');

        if (equals == NULL)
            continue;
        *equals = '\0';
        cJSON_AddStringToObject(provenance, line, equals + 1);
    }
}

static tml_status print_json(const grid_info *info, tml_error *error)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *metadata;

    cJSON_AddStringToObject(json, "file", info->path);
    add_number(json, "bytes", info->bytes);
    add_number(json, "rows", (double)info->shape.rows);
    add_number(json, "solar_c_o", info->shape.solar_c_o);
    add_parameters(info, json);
    metadata = cJSON_AddArrayToObject(json, "metadata");
    for (size_t i = 0; i < info->shape.metadata_count; ++i)
        cJSON_AddItemToArray(metadata, cJSON_CreateString(info->shape.metadata[i].name));
    add_spectra(info, json);
    cJSON_AddItemToObject(json, "digest",
                          info->has_digest ? cJSON_CreateString(info->digest) : cJSON_CreateNull());
    cJSON_AddBoolToObject(json, "digest_checked", info->digest_checked);
    add_provenance(info, json);
    return tml_envelope_print("telescopeml.grid-info/1", json, error);
}

tml_status tml_command_grid_info(const tml_world *world, int argc, char **argv, tml_error *error)
{
    grid_info info = {0};
    tml_common_options common;
    const char *verify = NULL;
    bool help_shown = false;
    tml_status status = parse(world, argc, argv, &common, &info.path, &verify, &help_shown, error);

    if (status != TML_OK || help_shown)
        return status;
    status = read_info(world, verify != NULL, &info, error);
    if (status == TML_OK) {
        if (world->rank == 0)
            status = common.json ? print_json(&info, error) : print_table(&info, error);
        status = tml_agree(world->comm, status, error);
    }
    free(info.wavelength_um);
    free(info.provenance);
    return status;
}
