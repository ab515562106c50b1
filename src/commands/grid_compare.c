/** @file grid_compare.c
 * telescopeml grid compare: the spectra of grids beside each other. */

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "commands/result_folder.h"
#include "core/log.h"
#include "core/memory.h"
#include "exploration/grid_comparison.h"
#include "io/envelope.h"
#include "io/path.h"
#include "mpi/agree.h"
#include "plots/spectra_comparison.h"
#include "report/symbol.h"

#define SCHEMA "telescopeml.grid-compare/1"

enum { LABEL = 256 };

static const char *const file_names[] = {"grid_comparison.json", "grid_comparison.svg", "grid_comparison.pdf",
                                         "grid_comparison.png"};

typedef struct compare_job {
    const char *grid[1 + TML_COMPARED_GRIDS];
    size_t grids;
    const char *out, *force;
    bool wants_json, is_dry_run;
} compare_job;

/* ---- JSON ---- */

static void add_number(cJSON *json, const char *name, double value)
{
    cJSON_AddItemToObject(json, name, tml_json_number(value));
}

static void add_distance(cJSON *json, const tml_flux_distance *distance)
{
    add_number(json, "pairs", (double)distance->pairs);
    add_number(json, "fluxes", (double)distance->fluxes);
    add_number(json, "median_dex", distance->median);
    add_number(json, "p95_dex", distance->p95);
    add_number(json, "in_band", distance->in_band);
}

static cJSON *values_json(const tml_grid_comparison *c, const tml_compared_grid *grid, size_t p)
{
    cJSON *list = cJSON_CreateArray();

    for (size_t v = 0; v < c->bins[p].count; ++v) {
        cJSON *item;

        if (grid->by_value[p][v].pairs == 0)
            continue;
        item = cJSON_CreateObject();
        add_number(item, "low", c->bins[p].low[v]);
        add_number(item, "high", c->bins[p].high[v]);
        add_distance(item, &grid->by_value[p][v]);
        cJSON_AddItemToArray(list, item);
    }
    return list;
}

static cJSON *result_json(const compare_job *job, const tml_grid_comparison *c)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *list, *shown;

    cJSON_AddStringToObject(json, "grid", job->grid[0]);
    add_number(json, "rows", (double)c->shape.rows);
    add_number(json, "wavelengths", (double)c->shape.wavelengths);
    list = cJSON_AddArrayToObject(json, "others");
    for (size_t g = 0; g < c->count; ++g) {
        cJSON *item = cJSON_CreateObject();
        cJSON *parameters;

        cJSON_AddStringToObject(item, "grid", job->grid[g + 1]);
        add_number(item, "rows", (double)c->grid[g].rows);
        add_number(item, "unmatched", (double)c->grid[g].unmatched);
        add_distance(item, &c->grid[g].all);
        parameters = cJSON_AddObjectToObject(item, "by_value");
        for (size_t p = 0; p < c->shape.parameter_count; ++p)
            cJSON_AddItemToObject(parameters, c->shape.parameters[p].name, values_json(c, &c->grid[g], p));
        cJSON_AddItemToArray(list, item);
    }
    shown = cJSON_AddArrayToObject(json, "shown");
    for (size_t s = 0; s < c->shown; ++s)
        cJSON_AddItemToArray(shown, tml_json_number((double)c->spectrum[s].row));
    return json;
}

/* ---- the table ---- */

static void print_distance(const tml_flux_distance *distance)
{
    printf(" %9llu %10.4f %10.4f %9.1f %%\n", (unsigned long long)distance->pairs, distance->median,
           distance->p95, 100.0 * distance->in_band);
}

static tml_status print_table(const compare_job *job, const tml_grid_comparison *c, tml_error *error)
{
    for (size_t g = 0; g < c->count; ++g) {
        const tml_compared_grid *grid = &c->grid[g];

        printf("%s%s against %s; %llu of its %llu rows have no partner\n", g > 0 ? "\n" : "",
               job->grid[g + 1], job->grid[0], (unsigned long long)grid->unmatched,
               (unsigned long long)c->shape.rows);
        printf("|log10 of the ratio of fluxes| [dex], and rows whose flux over the band is within 10 %%\n\n");
        printf("%-22s %9s %10s %10s %11s\n", "", "rows", "median", "95 %", "in band");
        printf("%-22s", "all");
        print_distance(&grid->all);
        for (size_t p = 0; p < c->shape.parameter_count; ++p)
            for (size_t v = 0; v < c->bins[p].count; ++v) {
                char name[LABEL];

                if (grid->by_value[p][v].pairs == 0)
                    continue;
                snprintf(name, sizeof name, "%s %.6g%s", c->shape.parameters[p].name, c->bins[p].low[v],
                         c->bins[p].is_axis ? "" : " and more");
                printf("%-22s", name);
                print_distance(&grid->by_value[p][v]);
            }
    }
    if (job->out != NULL)
        printf("\nwrote %s/grid_comparison.json, .svg, .pdf, .png\n", job->out);
    if (fflush(stdout) != 0)
        return TML_FAIL(error, TML_IO_ERROR, "standard output: %s", strerror(errno));
    return TML_OK;
}

/* ---- the figure ---- */

static void write_label(const tml_grid_comparison *c, const tml_compared_spectrum *spectrum, char *label)
{
    size_t length = 0;

    label[0] = '\0';
    for (size_t p = 0; p < c->shape.parameter_count && length < LABEL - 1; ++p) {
        const tml_grid_parameter *parameter = &c->shape.parameters[p];
        const bool is_kelvin = strcmp(parameter->unit, "K") == 0;

        length += (size_t)snprintf(label + length, LABEL - length, "%s%s %.6g%s", p == 0 ? "" : ", ",
                                   tml_symbol_of(parameter->name), spectrum->parameter[p],
                                   is_kelvin ? " K" : "");
    }
}

/* The name of a file without folder and ending. */
static void write_name(const char *path, char *name)
{
    const char *slash = strrchr(path, '/');
    char *end;

    snprintf(name, LABEL, "%s", slash != NULL ? slash + 1 : path);
    end = strrchr(name, '.');
    if (end != NULL && end != name)
        *end = '\0';
}

/* Fluxes of the chosen spectra in double. @param flux [shown][count + 1][wavelengths] */
static void fill_plot(const tml_grid_comparison *c, double *flux, tml_spectra_comparison_plot *plot)
{
    for (size_t s = 0; s < c->shown; ++s)
        for (size_t g = 0; g <= c->count; ++g) {
            double *to = flux + (s * (c->count + 1) + g) * c->shape.wavelengths;

            for (size_t w = 0; w < c->shape.wavelengths && c->spectrum[s].flux[g] != NULL; ++w)
                to[w] = (double)c->spectrum[s].flux[g][w];
            plot->panel[s].flux[g] = c->spectrum[s].flux[g] != NULL ? to : NULL;
        }
}

static tml_status draw(const compare_job *job, const tml_grid_comparison *c, tml_error *error)
{
    char name[1 + TML_COMPARED_GRIDS][LABEL], label[TML_COMPARED_SPECTRA][LABEL];
    tml_spectra_comparison_plot plot = {.flux_label = "Fν [erg s⁻¹ cm⁻² Hz⁻¹]",
                                        .curves = c->count + 1,
                                        .wavelengths = c->shape.wavelengths,
                                        .wavelength_um = c->wavelength_um,
                                        .panels = c->shown};
    double *flux = NULL;
    tml_status status = tml_array_create(c->shown * (c->count + 1), c->shape.wavelengths * sizeof *flux,
                                         "spectra of a figure", &flux, error);

    for (size_t g = 0; g <= c->count; ++g) {
        write_name(job->grid[g], name[g]);
        plot.curve[g] = name[g];
    }
    for (size_t s = 0; s < c->shown && s < TML_COMPARED_SPECTRA; ++s) {
        write_label(c, &c->spectrum[s], label[s]);
        plot.panel[s].label = label[s];
    }
    if (status == TML_OK) {
        fill_plot(c, flux, &plot);
        status = tml_plot_spectra_comparison(&plot, job->out, "grid_comparison", error);
    }
    free(flux);
    return status;
}

/* ---- the command ---- */

static tml_status write_files(const compare_job *job, const tml_grid_comparison *c, tml_error *error)
{
    char path[TML_PATH_LENGTH];
    cJSON *document;
    tml_status status = draw(job, c, error);

    if (status == TML_OK && !tml_path_join(path, sizeof path, job->out, file_names[0]))
        status = TML_FAIL(error, TML_CANNOT_CREATE, "the path of %s is too long", job->out);
    if (status != TML_OK)
        return status;
    document = tml_envelope_create(SCHEMA, TML_OK, result_json(job, c));
    status = tml_json_write(path, document, error);
    cJSON_Delete(document);
    return status;
}

static tml_status give_results(const compare_job *job, const tml_grid_comparison *c, tml_error *error)
{
    tml_status status = job->out != NULL ? write_files(job, c, error) : TML_OK;

    if (status != TML_OK)
        return status;
    return job->wants_json ? tml_envelope_print(SCHEMA, result_json(job, c), error)
                           : print_table(job, c, error);
}

/* Opens and closes: header, digest and what else is checked at once. */
static tml_status check_only(const tml_world *world, const compare_job *job, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t g = 0; g < job->grids && status == TML_OK; ++g) {
        tml_grid_file *file = NULL;

        status = tml_grid_file_open(world->comm, job->grid[g], TML_IO_INDEPENDENT, false, &file, error);
        tml_grid_file_close(&file);
    }
    if (status == TML_OK)
        tml_log(TML_LOG_INFO, "all %zu grids are good; nothing was compared", job->grids);
    return status;
}

static tml_status compare(const tml_world *world, const compare_job *job, tml_error *error)
{
    const tml_result_folder folder = {.path = job->out,
                                      .what = "a comparison",
                                      .names = file_names,
                                      .name_count = sizeof file_names / sizeof file_names[0],
                                      .replace = job->force != NULL};
    tml_grid_comparison comparison = {0};
    tml_status status = TML_OK;

    if (job->force != NULL && job->out == NULL)
        return TML_FAIL(error, TML_USAGE,
                        "grid compare: --force replaces the files in a folder; give --out DIR");
    if (job->is_dry_run)
        return check_only(world, job, error);
    if (job->out != NULL)
        status = tml_result_folder_prepare(world, &folder, error);
    if (status == TML_OK)
        status = tml_grid_comparison_run(world->comm, job->grids - 1, job->grid, &comparison, error);
    if (status == TML_OK) {
        if (world->rank == 0)
            status = give_results(job, &comparison, error);
        status = tml_agree(world->comm, status, error);
    }
    tml_grid_comparison_free(&comparison);
    return status;
}

tml_status tml_command_grid_compare(const tml_world *world, int argc, char **argv, tml_error *error)
{
    compare_job job = {0};
    const tml_option own[] = {
        {"out", "DIR", "write grid_comparison.json and the figure (.svg, .pdf, .png) there", &job.out},
        {"force", NULL, "replace the comparison that DIR holds", &job.force},
    };
    const tml_command_usage usage = {
        .name = "grid compare",
        .synopsis = "FIRST.h5 OTHER.h5 [OTHER.h5 ...] [options]",
        .summary =
            "Say how far the fluxes of other grids are from those of the first, over all rows with the same\n"
            "parameters and for each value of each parameter, and draw up to six of them over each other.\n"
            "Rows without a partner are left out and counted; wavelengths must be the same. All ranks share\n"
            "the work.",
        .options = own,
        .option_count = sizeof own / sizeof own[0],
        .positional_minimum = 2,
        .positional_maximum = 1 + TML_COMPARED_GRIDS,
        .examples = "  telescopeml grid compare bobcat.h5 model.h5 --out runs/comparison\n"
                    "  telescopeml grid compare all.h5 no_CH4.h5 no_H2O.h5 --out runs/absorbers",
    };
    tml_common_options common;
    bool help_shown;
    tml_status status = tml_command_parse(world, &usage, argc, argv, &common, job.grid, &job.grids,
                                          &help_shown, error);

    if (status != TML_OK || help_shown)
        return status;
    job.wants_json = common.json;
    job.is_dry_run = common.dry_run;
    return compare(world, &job, error);
}
