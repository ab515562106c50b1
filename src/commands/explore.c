#include "commands/command.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands/result_folder.h"
#include "core/log.h"
#include "core/text.h"
#include "exploration/exploration_files.h"
#include "exploration/grid_exploration.h"
#include "exploration/outliers.h"
#include "io/envelope.h"
#include "mpi/agree.h"
#include "report/report.h"

enum { MOST_COMPONENTS = 4096, OUTLIERS_SHOWN = 5 };

/* What was typed, and what it means. */
typedef struct explore_job {
    const char *grid, *out, *fix, *components, *force;
    tml_fixed_value fixed[TML_GRID_PARAMETERS];
    tml_exploration_request request;
    bool is_dry_run, wants_json;
} explore_job;

/* ---- what was typed ---- */

/* One "NAME=VALUE" of --fix. */
static tml_status parse_value(const char *word, size_t length, tml_fixed_value *value, tml_error *error)
{
    const char *equals = memchr(word, '=', length);
    size_t name = equals != NULL ? (size_t)(equals - word) : 0;
    char text[64];

    if (name > 0 && name < sizeof value->name && length - name - 1 < sizeof text) {
        snprintf(value->name, sizeof value->name, "%.*s", (int)name, word);
        snprintf(text, sizeof text, "%.*s", (int)(length - name - 1), equals + 1);
        if (tml_text_to_double(text, &value->value) && isfinite(value->value))
            return TML_OK;
    }
    return TML_FAIL(error, TML_USAGE, "explore: --fix wants NAME=VALUE,... as teff=800,logg=5, not '%.*s'",
                    (int)length, word);
}

static tml_status parse_fix(explore_job *job, tml_error *error)
{
    tml_status status = TML_OK;

    for (const char *word = job->fix; word != NULL && status == TML_OK;) {
        size_t length = strcspn(word, ",");

        if (job->request.fix_count == TML_GRID_PARAMETERS)
            return TML_FAIL(error, TML_USAGE, "explore: --fix takes %d values at most", TML_GRID_PARAMETERS);
        status = parse_value(word, length, &job->fixed[job->request.fix_count++], error);
        word = word[length] == ',' ? word + length + 1 : NULL;
    }
    return status;
}

/* A second --fix would silently replace the first. */
static tml_status check_repeats(int argc, char **argv, tml_error *error)
{
    static const char option[] = "--fix";
    int times = 0;

    for (int i = 1; i < argc; ++i)
        times += strcmp(argv[i], option) == 0 || strncmp(argv[i], "--fix=", sizeof option) == 0;
    if (times <= 1)
        return TML_OK;
    return TML_FAIL(error, TML_USAGE, "explore: give all values behind one --fix, as teff=800,logg=5");
}

static tml_status fill_job(const tml_common_options *common, explore_job *job, tml_error *error)
{
    uint64_t components = TML_EXPLORATION_COMPONENTS;

    job->is_dry_run = common->dry_run;
    job->wants_json = common->json;
    job->request.path = job->grid;
    job->request.threads = common->has_threads ? (int)common->threads : 1;
    job->request.fix = job->fixed;
    if (job->out == NULL && !job->is_dry_run)
        return TML_FAIL(error, TML_USAGE, "explore: say where the results go by --out DIR");
    if (job->components != NULL &&
        (!tml_text_to_uint64(job->components, &components) || components < 1 || components > MOST_COMPONENTS))
        return TML_FAIL(error, TML_USAGE, "explore: --components wants a whole number from 1 to %d, not '%s'",
                        MOST_COMPONENTS, job->components);
    job->request.components = (size_t)components;
    return parse_fix(job, error);
}

/* ---- what is printed ---- */

static void print_parameters(const tml_grid_exploration *e)
{
    printf("%-12s %-14s %11s %11s %11s %11s %11s %8s\n", "parameter", "unit", "from", "median", "mean", "sd",
           "to", "values");
    for (size_t p = 0; p < e->shape.parameter_count; ++p) {
        const tml_column_summary *s = &e->parameter[p];

        printf("%-12s %-14s %11.6g %11.6g %11.6g %11.4g %11.6g %8llu\n", e->shape.parameters[p].name,
               e->shape.parameters[p].unit, s->minimum, s->median, s->mean, s->sd, s->maximum,
               (unsigned long long)e->bins[p].different);
    }
}

static void print_coverage(const tml_grid_exploration *e)
{
    const unsigned long long filled = (unsigned long long)e->coverage.filled;

    if (isnan(e->coverage.nodes))
        printf("%-12s %llu different combinations of the parameters\n", "coverage", filled);
    else
        printf("%-12s %llu of the %.0f nodes that the axes span (%.1f %%)\n", "coverage", filled,
               e->coverage.nodes, 100.0 * (double)filled / e->coverage.nodes);
    if (e->twin_groups == 0)
        printf("%-12s none: every row has a spectrum of its own\n", "identical");
    else
        printf("%-12s %llu rows share their spectrum with another row, in %llu group%s\n", "identical",
               (unsigned long long)e->twin_rows, (unsigned long long)e->twin_groups,
               e->twin_groups == 1 ? "" : "s");
}

static void print_components(const tml_grid_exploration *e)
{
    double cumulative = 0.0;

    printf("%-12s", "components");
    for (size_t k = 0; k < e->pca.kept && k < OUTLIERS_SHOWN; ++k) {
        cumulative += e->pca.share[k];
        printf(" %.2f", 100.0 * cumulative);
    }
    printf(e->pca.kept > 0 ? " %% of the variance, one after another\n" : " none: all spectra are alike\n");
}

static void print_outliers(const tml_grid_exploration *e)
{
    for (size_t i = 0; i < e->outliers.count && i < OUTLIERS_SHOWN; ++i) {
        const tml_row_line line = tml_row_table_line(&e->outliers, i);

        printf("%-12s row %lld:", i == 0 ? "most alone" : "", (long long)line.row);
        for (size_t p = 0; p < e->shape.parameter_count; ++p)
            printf(" %s %.6g", e->shape.parameters[p].name, line.parameter[p]);
        printf("; %.1f times the median distance to its nearest, row %lld\n", line.extra[TML_OUTLIER_SCORE],
               (long long)tml_outlier_nearest(&line));
    }
}

static tml_status print_table(const explore_job *job, const tml_grid_exploration *e, tml_error *error)
{
    printf("%s: %llu spectra x %zu wavelengths\n\n", e->path, (unsigned long long)e->shape.rows,
           e->shape.wavelengths);
    print_parameters(e);
    printf("\n");
    print_coverage(e);
    print_components(e);
    print_outliers(e);
    printf("%-12s %s/report.html\n", "report", job->out);
    if (fflush(stdout) != 0 || ferror(stdout))
        return TML_FAIL(error, TML_IO_ERROR, "standard output cannot be written");
    return TML_OK;
}

/* ---- the work ---- */

static tml_status give_results(const explore_job *job, const tml_grid_exploration *e, tml_error *error)
{
    tml_status status = tml_grid_exploration_write(job->out, e, error);

    if (status == TML_OK)
        status = tml_report_write(job->out, error);
    if (status != TML_OK)
        return status;
    if (job->wants_json)
        return tml_envelope_print(TML_EXPLORATION_SCHEMA, tml_grid_exploration_json(e), error);
    return print_table(job, e, error);
}

static tml_status explore(const tml_world *world, const explore_job *job, tml_error *error)
{
    tml_result_folder folder = {.path = job->out, .what = "an exploration", .replace = job->force != NULL};
    tml_grid_exploration e = {0};
    tml_status status = TML_OK;

    folder.names = tml_grid_exploration_file_names(&folder.name_count);
    if (job->is_dry_run) {
        status = tml_grid_exploration_check(world->comm, &job->request, &e, error);
        if (status == TML_OK)
            tml_log(TML_LOG_INFO, "%s is good: %llu spectra; nothing was written", job->grid,
                    (unsigned long long)e.shape.rows);
        tml_grid_exploration_free(&e);
        return status;
    }
    status = tml_result_folder_prepare(world, &folder, error);
    if (status == TML_OK)
        status = tml_grid_explore(world->comm, &job->request, &e, error);
    if (status == TML_OK) {
        if (world->rank == 0)
            status = give_results(job, &e, error);
        status = tml_agree(world->comm, status, error);
    }
    tml_grid_exploration_free(&e);
    return status;
}

tml_status tml_command_explore(const tml_world *world, int argc, char **argv, tml_error *error)
{
    explore_job job = {0};
    const tml_option own[] = {
        {"out", "DIR", "where the results, the figures and the report go", &job.out},
        {"fix", "NAME=VALUE,...", "values of the parameters while one varies (default: commonest)", &job.fix},
        {"components", "K", "principal components to keep (default: 10)", &job.components},
        {"force", NULL, "replace the exploration that DIR holds", &job.force},
    };
    const tml_command_usage usage = {
        .name = "explore",
        .synopsis = "G.h5 --out DIR [options]",
        .summary =
            "Statistics and figures of a grid: how parameters are distributed and which combinations are\n"
            "there, fluxes and what a network sees of them at each wavelength, how they go with the\n"
            "parameters, principal components, rows that are alone, spectra along each parameter. All ranks\n"
            "share the work; each reads its part of the grid once.",
        .options = own,
        .option_count = sizeof own / sizeof own[0],
        .positional_minimum = 1,
        .positional_maximum = 1,
        .has_threads = true,
        .examples = "  telescopeml explore bobcat.h5 --out runs/bobcat-grid\n"
                    "  mpirun -np 8 telescopeml explore large.h5 --out runs/large --fix logg=5,met=0",
    };
    tml_common_options common;
    bool help_shown;
    tml_status status = tml_command_parse(world, &usage, argc, argv, &common, &job.grid, NULL, &help_shown,
                                          error);

    if (status != TML_OK || help_shown)
        return status;
    status = check_repeats(argc, argv, error);
    if (status == TML_OK)
        status = fill_job(&common, &job, error);
    return status == TML_OK ? explore(world, &job, error) : status;
}
