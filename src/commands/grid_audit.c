/** @file grid_audit.c
 * telescopeml grid audit: whether a grid is fit to train on. */

#include "exploration/grid_audit.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands/command.h"
#include "commands/result_folder.h"
#include "core/log.h"
#include "core/text.h"
#include "io/envelope.h"
#include "mpi/agree.h"

/* rms of ln flux: a tenth of a per cent. */
static const double default_tolerance = 1e-3;

enum { ROWS_SHOWN = 5, MISSING_SHOWN = 3 };

typedef struct audit_job {
    const char *grid, *out, *tolerance, *force;
    tml_audit_request request;
    bool wants_json, is_dry_run;
} audit_job;

static tml_status fill_job(const tml_common_options *common, audit_job *job, tml_error *error)
{
    job->wants_json = common->json;
    job->is_dry_run = common->dry_run;
    job->request.path = job->grid;
    job->request.tolerance = default_tolerance;
    if (job->tolerance != NULL && (!tml_text_to_double(job->tolerance, &job->request.tolerance) ||
                                   !(job->request.tolerance >= 1e-6 && job->request.tolerance <= 1.0)))
        return TML_FAIL(error, TML_USAGE, "grid audit: --tolerance wants a number from 1e-6 to 1, not '%s'",
                        job->tolerance);
    if (job->force != NULL && job->out == NULL)
        return TML_FAIL(error, TML_USAGE,
                        "grid audit: --force replaces the files in a folder; give --out DIR");
    return TML_OK;
}

/* ---- the table ---- */

static void print_twins(const tml_grid_audit *a)
{
    const tml_identical_rows *same = &a->identical;

    if (same->groups == 0)
        printf("%-10s none: every row has a spectrum of its own\n", "identical");
    else
        printf("%-10s %llu rows share their spectrum with another row, in %llu group%s of up to %llu; %llu "
               "different spectra\n",
               "identical", (unsigned long long)same->rows, (unsigned long long)same->groups,
               same->groups == 1 ? "" : "s", (unsigned long long)same->largest,
               (unsigned long long)same->spectra);
    printf("%-10s %llu rows have another within %g (rms of ln flux), %llu pairs", "near",
           (unsigned long long)a->near.rows, a->tolerance, (unsigned long long)a->near.pairs);
    if (a->near.skipped > 0)
        printf("; %llu rows with fluxes that are not above 0 were not compared",
               (unsigned long long)a->near.skipped);
    printf("\n");
}

static void print_figure(double value)
{
    if (isnan(value))
        printf(" %9s", "-");
    else
        printf(" %9.5f", value);
}

static void print_ceilings(const tml_grid_audit *a)
{
    printf("\nthe best score that any network can have     |  spectra within the tolerance as one\n");
    printf("%-10s %7s %7s %9s %9s  |  %7s %9s %9s\n", "parameter", "values", "classes", "R2", "Huber",
           "classes", "R2", "Huber");
    for (size_t p = 0; p < a->shape.parameter_count; ++p) {
        const tml_line_audit *line = &a->line[p];
        char classes[2][16] = {"-", "-"};

        if (line->is_axis) {
            snprintf(classes[0], sizeof classes[0], "%zu", line->identical.count);
            snprintf(classes[1], sizeof classes[1], "%zu", line->near.count);
        }
        printf("%-10s %7llu %7s", a->shape.parameters[p].name, (unsigned long long)a->bins[p].different,
               classes[0]);
        print_figure(a->identical.ceiling[p].r2);
        print_figure(a->identical.ceiling[p].huber);
        printf("  |  %7s", classes[1]);
        print_figure(a->near.ceiling[p].r2);
        print_figure(a->near.ceiling[p].huber);
        printf("\n");
    }
}

static void print_classes(const tml_grid_audit *a)
{
    for (size_t p = 0; p < a->shape.parameter_count; ++p) {
        const tml_label_classes *classes = &a->line[p].near;

        if (!a->line[p].is_axis || classes->count == a->bins[p].count)
            continue;
        printf("\n%s: values that share their spectra:", a->shape.parameters[p].name);
        for (size_t c = 0; c < classes->count; ++c) {
            const char *before = " {";

            for (size_t v = 0; v < a->bins[p].count; ++v)
                if (classes->class_of[v] == c) {
                    printf("%s%.6g", before, a->bins[p].low[v]);
                    before = ", ";
                }
            printf("}");
        }
        printf("\n");
    }
}

static void print_bad(const tml_grid_audit *a)
{
    printf("\n%-10s ", "bad rows");
    if (a->bad_rows == 0)
        printf("none\n");
    else
        printf(
            "%llu: %llu with a flux that is not finite, %llu negative, %llu zero, %llu jump, %llu with too "
            "much energy\n",
            (unsigned long long)a->bad_rows, (unsigned long long)a->defects[0],
            (unsigned long long)a->defects[1], (unsigned long long)a->defects[2],
            (unsigned long long)a->defects[4], (unsigned long long)a->defects[3]);
    for (size_t i = 0; i < a->bad.count && i < ROWS_SHOWN; ++i) {
        const tml_row_line line = tml_row_table_line(&a->bad, i);
        const unsigned defects = (unsigned)line.extra[TML_AUDIT_DEFECTS];

        printf("  row %lld (", (long long)line.row);
        for (size_t p = 0; p < a->shape.parameter_count; ++p)
            printf("%s%s %.6g", p == 0 ? "" : ", ", a->shape.parameters[p].name, line.parameter[p]);
        printf("):");
        for (size_t bit = 0; bit < TML_ROW_DEFECTS; ++bit)
            if ((defects >> bit & 1U) != 0)
                printf(" %s", tml_row_defect_name(bit));
        if (line.extra[TML_AUDIT_JUMP] > 0.0)
            printf(", %.2f dex along %s", line.extra[TML_AUDIT_JUMP],
                   a->shape.parameters[(size_t)line.extra[TML_AUDIT_JUMP_PARAMETER]].name);
        printf("\n");
    }
}

static void print_coverage(const tml_grid_audit *a)
{
    const tml_node_audit *n = &a->nodes;

    if (!n->is_regular)
        printf("%-10s %llu different combinations of the parameters; not a regular grid\n", "coverage",
               (unsigned long long)n->filled);
    else if (n->filled == n->nodes && n->repeated == 0)
        printf("%-10s complete: each of the %llu nodes of the axes once\n", "coverage",
               (unsigned long long)n->nodes);
    else
        printf("%-10s %llu of the %llu nodes of the axes; %llu missing, %llu rows more than once\n",
               "coverage", (unsigned long long)n->filled, (unsigned long long)n->nodes,
               (unsigned long long)(n->nodes - n->filled), (unsigned long long)n->repeated);
    for (size_t i = 0; i < n->listed && i < MISSING_SHOWN; ++i) {
        double value[TML_GRID_PARAMETERS];

        tml_node_values(a->shape.parameter_count, a->bins, n->missing[i], value);
        printf("  missing:");
        for (size_t p = 0; p < a->shape.parameter_count; ++p)
            printf("%s %s %.6g", p == 0 ? "" : ",", a->shape.parameters[p].name, value[p]);
        printf("\n");
    }
    if (a->has_energy)
        printf("%-10s in-band flux / sigma Teff^4 from %.3g to %.3g, median %.3g; %llu rows exceed 1\n",
               "energy", a->energy[0], a->energy[2], a->energy[1], (unsigned long long)a->defects[3]);
}

static tml_status print_table(const audit_job *job, const tml_grid_audit *audit, tml_error *error)
{
    printf("%s: %llu spectra x %zu wavelengths\n\n", audit->path, (unsigned long long)audit->shape.rows,
           audit->shape.wavelengths);
    print_twins(audit);
    print_ceilings(audit);
    print_classes(audit);
    print_bad(audit);
    print_coverage(audit);
    if (job->out != NULL)
        printf("\nwrote %s/audit.json, audit_rows.csv, audit_classes.csv, audit_pairs.csv\n", job->out);
    if (fflush(stdout) != 0)
        return TML_FAIL(error, TML_IO_ERROR, "standard output: %s", strerror(errno));
    return TML_OK;
}

/* ---- the command ---- */

static tml_status give_results(const audit_job *job, const tml_grid_audit *audit, tml_error *error)
{
    tml_status status = job->out != NULL ? tml_grid_audit_write(job->out, audit, error) : TML_OK;

    if (status != TML_OK)
        return status;
    if (job->wants_json)
        return tml_envelope_print(TML_AUDIT_SCHEMA, tml_grid_audit_json(audit), error);
    return print_table(job, audit, error);
}

/* Opens and closes: header, digest and what else is checked at once. */
static tml_status check_only(const tml_world *world, const audit_job *job, tml_error *error)
{
    tml_grid_file *file = NULL;
    tml_status status = tml_grid_file_open(world->comm, job->grid, TML_IO_INDEPENDENT, false, &file, error);

    if (status == TML_OK)
        tml_log(TML_LOG_INFO, "%s is good: %llu spectra; nothing was audited", job->grid,
                (unsigned long long)tml_grid_file_shape(file)->rows);
    tml_grid_file_close(&file);
    return status;
}

static tml_status audit_grid(const tml_world *world, const audit_job *job, tml_error *error)
{
    tml_result_folder folder = {.path = job->out, .what = "an audit", .replace = job->force != NULL};
    tml_grid_audit audit = {0};
    tml_status status = TML_OK;

    if (job->is_dry_run)
        return check_only(world, job, error);
    folder.names = tml_grid_audit_file_names(&folder.name_count);
    if (job->out != NULL)
        status = tml_result_folder_prepare(world, &folder, error);
    if (status == TML_OK)
        status = tml_grid_audit_run(world->comm, &job->request, &audit, error);
    if (status == TML_OK) {
        if (world->rank == 0)
            status = give_results(job, &audit, error);
        status = tml_agree(world->comm, status, error);
    }
    tml_grid_audit_free(&audit);
    return status;
}

tml_status tml_command_grid_audit(const tml_world *world, int argc, char **argv, tml_error *error)
{
    audit_job job = {0};
    const tml_option own[] = {
        {"out", "DIR", "write audit.json and the tables there", &job.out},
        {"tolerance", "X", "rms of ln flux up to which spectra count as near (default 0.001)",
         &job.tolerance},
        {"force", NULL, "replace the audit that DIR holds", &job.force},
    };
    const tml_command_usage usage = {
        .name = "grid audit",
        .synopsis = "G.h5 [options]",
        .summary =
            "Say whether a grid is fit to train on: rows with identical or nearly identical spectra, the\n"
            "labels that they merge and the scores that they allow at best; rows with bad fluxes or off the\n"
            "curve of their neighbours; missing nodes; more energy in the band than the temperature allows.\n"
            "Reads the whole file; all ranks share the work. A grid with defects is no failure: exit code 0.",
        .options = own,
        .option_count = sizeof own / sizeof own[0],
        .positional_minimum = 1,
        .positional_maximum = 1,
        .examples = "  telescopeml grid audit bobcat.h5\n"
                    "  mpirun -np 8 telescopeml grid audit large.h5 --out runs/audit\n"
                    "  telescopeml evaluate --run-dir runs/small --audit runs/audit/audit.json",
    };
    tml_common_options common;
    bool help_shown;
    tml_status status = tml_command_parse(world, &usage, argc, argv, &common, &job.grid, NULL, &help_shown,
                                          error);

    if (status != TML_OK || help_shown)
        return status;
    status = fill_job(&common, &job, error);
    return status == TML_OK ? audit_grid(world, &job, error) : status;
}
