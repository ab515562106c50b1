#include "exploration/exploration_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/number_text.h"
#include "exploration/outliers.h"
#include "io/atomic_file.h"
#include "io/envelope.h"
#include "io/path.h"

static void print_number(FILE *out, const char *before, double value)
{
    char text[TML_NUMBER_TEXT];

    tml_number_text(value, text);
    fprintf(out, "%s%s", before, text);
}

static void print_count(FILE *out, const char *before, uint64_t count)
{
    fprintf(out, "%s%llu", before, (unsigned long long)count);
}

/* ---- parameters ---- */

static void print_counts(FILE *out, const tml_grid_exploration *e)
{
    fputs("parameter,low,high,count\n", out);
    for (size_t p = 0; p < e->shape.parameter_count; ++p)
        for (size_t i = 0; i < e->bins[p].count; ++i) {
            fputs(e->shape.parameters[p].name, out);
            print_number(out, ",", e->bins[p].low[i]);
            print_number(out, ",", e->bins[p].high[i]);
            print_count(out, ",", e->bins[p].rows[i]);
            fputc('\n', out);
        }
}

static void print_coverage(FILE *out, const tml_grid_exploration *e)
{
    fputs("x_name,x,y_name,y,count\n", out);
    for (size_t i = 0; i < e->coverage.pair_count; ++i) {
        const tml_coverage_pair *pair = &e->coverage.pair[i];
        const size_t ys = e->bins[pair->y].count;

        for (size_t k = 0; k < e->bins[pair->x].count * ys; ++k) {
            fputs(e->shape.parameters[pair->x].name, out);
            print_number(out, ",", tml_parameter_bin_centre(&e->bins[pair->x], k / ys));
            fprintf(out, ",%s", e->shape.parameters[pair->y].name);
            print_number(out, ",", tml_parameter_bin_centre(&e->bins[pair->y], k % ys));
            print_count(out, ",", pair->rows[k]);
            fputc('\n', out);
        }
    }
}

/* ---- wavelengths ---- */

static void print_boxes(FILE *out, const tml_grid_exploration *e, const tml_column_summary *summary)
{
    fputs("wavelength_um,minimum,p2_5,whisker_low,q1,median,q3,whisker_high,p97_5,maximum,mean,sd\n", out);
    for (size_t w = 0; w < e->shape.wavelengths; ++w) {
        const tml_column_summary *s = &summary[w];
        const double numbers[] = {s->minimum,      s->p2_5,  s->whisker_low, s->q1,   s->median, s->q3,
                                  s->whisker_high, s->p97_5, s->maximum,     s->mean, s->sd};

        print_number(out, "", e->wavelength_um[w]);
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; ++i)
            print_number(out, ",", numbers[i]);
        fputc('\n', out);
    }
}

static void print_fluxes(FILE *out, const tml_grid_exploration *e)
{
    print_boxes(out, e, e->flux);
}

static void print_scaled_fluxes(FILE *out, const tml_grid_exploration *e)
{
    print_boxes(out, e, e->scaled_flux);
}

static void print_correlations(FILE *out, const tml_grid_exploration *e)
{
    const size_t parameters = e->shape.parameter_count;

    fputs("wavelength_um", out);
    for (size_t p = 0; p < parameters; ++p)
        fprintf(out, ",pearson_%s", e->shape.parameters[p].name);
    for (size_t p = 0; p < parameters; ++p)
        fprintf(out, ",spearman_%s", e->shape.parameters[p].name);
    fputc('\n', out);
    for (size_t w = 0; w < e->shape.wavelengths; ++w) {
        print_number(out, "", e->wavelength_um[w]);
        for (size_t p = 0; p < parameters; ++p)
            print_number(out, ",", e->pearson[w * parameters + p]);
        for (size_t p = 0; p < parameters; ++p)
            print_number(out, ",", e->spearman[w * parameters + p]);
        fputc('\n', out);
    }
}

/* ---- components ---- */

static void print_variance(FILE *out, const tml_grid_exploration *e)
{
    double cumulative = 0.0;

    fputs("component,variance,share,cumulative\n", out);
    for (size_t k = 0; k < e->pca.features; ++k) {
        cumulative += e->pca.share[k];
        print_count(out, "", k + 1);
        print_number(out, ",", e->pca.variance[k]);
        print_number(out, ",", e->pca.share[k]);
        print_number(out, ",", cumulative);
        fputc('\n', out);
    }
}

static void print_components(FILE *out, const tml_grid_exploration *e)
{
    fputs("wavelength_um,mean", out);
    for (size_t k = 0; k < e->pca.kept; ++k)
        print_count(out, ",component_", k + 1);
    fputc('\n', out);
    for (size_t w = 0; w < e->shape.wavelengths; ++w) {
        print_number(out, "", e->wavelength_um[w]);
        print_number(out, ",", e->pca_mean[w]);
        for (size_t k = 0; k < e->pca.kept; ++k)
            print_number(out, ",", e->pca.component[k * e->pca.features + w]);
        fputc('\n', out);
    }
}

/* ---- rows ---- */

static void print_names(FILE *out, const tml_grid_exploration *e)
{
    fputs("row", out);
    for (size_t p = 0; p < e->shape.parameter_count; ++p)
        fprintf(out, ",%s", e->shape.parameters[p].name);
}

static void print_row(FILE *out, const tml_grid_exploration *e, const tml_row_line *line)
{
    fprintf(out, "%lld", (long long)line->row);
    for (size_t p = 0; p < e->shape.parameter_count; ++p)
        print_number(out, ",", line->parameter[p]);
}

static void print_scores(FILE *out, const tml_grid_exploration *e)
{
    print_names(out, e);
    for (size_t k = 0; k < e->pca.kept; ++k)
        print_count(out, ",score_", k + 1);
    fputc('\n', out);
    for (size_t i = 0; i < e->scores.count; ++i) {
        const tml_row_line line = tml_row_table_line(&e->scores, i);

        print_row(out, e, &line);
        for (size_t k = 0; k < e->pca.kept; ++k)
            print_number(out, ",", line.extra[k]);
        fputc('\n', out);
    }
}

static void print_neighbours(FILE *out, const tml_grid_exploration *e)
{
    print_names(out, e);
    fputs(",nearest_row,distance,outlier_score\n", out);
    for (size_t i = 0; i < e->outliers.count; ++i) {
        const tml_row_line line = tml_row_table_line(&e->outliers, i);

        print_row(out, e, &line);
        fprintf(out, ",%lld", (long long)tml_outlier_nearest(&line));
        print_number(out, ",", line.extra[TML_OUTLIER_DISTANCE]);
        print_number(out, ",", line.extra[TML_OUTLIER_SCORE]);
        fputc('\n', out);
    }
}

static void print_filtered(FILE *out, const tml_grid_exploration *e)
{
    fputs("varied,value,row", out);
    for (size_t w = 0; w < e->shape.wavelengths; ++w)
        print_number(out, ",", e->wavelength_um[w]);
    fputc('\n', out);
    for (size_t p = 0; p < e->shape.parameter_count; ++p)
        for (size_t i = 0; i < e->filtered[p].count; ++i) {
            const tml_row_line line = tml_row_table_line(&e->filtered[p], i);

            fputs(e->shape.parameters[p].name, out);
            print_number(out, ",", line.parameter[p]);
            fprintf(out, ",%lld", (long long)line.row);
            for (size_t w = 0; w < e->shape.wavelengths; ++w)
                print_number(out, ",", line.extra[w]);
            fputc('\n', out);
        }
}

/* ---- files ---- */

enum { TABLES = 10 };

static const char *const names[TABLES + 1] = {"parameter_counts.csv", "coverage.csv",     "fluxes.csv",
                                              "scaled_fluxes.csv",    "correlations.csv", "pca_variance.csv",
                                              "pca_components.csv",   "pca_scores.csv",   "neighbours.csv",
                                              "filtered_spectra.csv", "exploration.json"};

static void (*const printers[TABLES])(FILE *out, const tml_grid_exploration *e) = {
    print_counts,   print_coverage,   print_fluxes, print_scaled_fluxes, print_correlations,
    print_variance, print_components, print_scores, print_neighbours,    print_filtered};

const char *const *tml_grid_exploration_file_names(size_t *count)
{
    *count = TABLES + 1;
    return names;
}

static tml_status write_table(const char *path, void print(FILE *out, const tml_grid_exploration *e),
                              const tml_grid_exploration *e, tml_error *error)
{
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    tml_status status;

    if (stream != NULL)
        print(stream, e);
    if (stream == NULL || fclose(stream) != 0)
        status = TML_FAIL(error, TML_INTERNAL, "%s: no memory for its text", path);
    else
        status = tml_atomic_write(path, text, length, error);
    free(text);
    return status;
}

static tml_status path_of(const char *folder, const char *name, char path[TML_PATH_LENGTH], tml_error *error)
{
    if (!tml_path_join(path, TML_PATH_LENGTH, folder, name))
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the path is too long", folder);
    return TML_OK;
}

static tml_status remove_old(const char *path, tml_error *error)
{
    if (unlink(path) != 0 && errno != ENOENT)
        return TML_FAIL(error, TML_CANNOT_CREATE, "%s: the earlier result cannot be removed (%s)", path,
                        strerror(errno));
    return TML_OK;
}

static tml_status write_document(const char *path, const tml_grid_exploration *e, tml_error *error)
{
    cJSON *document = tml_envelope_create(TML_EXPLORATION_SCHEMA, TML_OK, tml_grid_exploration_json(e));
    tml_status status = tml_json_write(path, document, error);

    cJSON_Delete(document);
    return status;
}

tml_status tml_grid_exploration_write(const char *folder, const tml_grid_exploration *exploration,
                                      tml_error *error)
{
    char document[TML_PATH_LENGTH];
    tml_status status = path_of(folder, names[TABLES], document, error);

    if (status == TML_OK)
        status = remove_old(document, error);
    for (size_t i = 0; i < TABLES && status == TML_OK; ++i) {
        char path[TML_PATH_LENGTH];

        status = path_of(folder, names[i], path, error);
        if (status == TML_OK)
            status = write_table(path, printers[i], exploration, error);
    }
    return status == TML_OK ? write_document(document, exploration, error) : status;
}
