#include "training/data_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/text.h"
#include "mpi/agree.h"
#include "mpi/exact_reduce.h"
#include "mpi/share.h"
#include "spectra/preparation_fit.h"
#include "training/split.h"

/* One rank's rows while the data set is being made. */
typedef struct shard {
    const tml_data_request *request;
    tml_grid_file *file;
    const tml_grid_shape *shape;
    tml_share share;
    tml_grid_rows rows;
    unsigned char *part; /* [share.count] */
    size_t metadata_width;
    size_t split_offset, split_width; /* of the column 'split' within a row's metadata */
    int target_column[TML_PREPARATION_TARGETS];
} shard;

const char *tml_part_name(tml_part part)
{
    static const char *const names[] = {"train", "validation", "test"};

    return part < TML_PARTS ? names[part] : "unknown";
}

tml_status tml_preparation_from_settings(const tml_settings *settings, size_t wavelengths,
                                         tml_preparation *preparation, tml_error *error)
{
    tml_preparation_choice choice = {
        .wavelengths = wavelengths,
        .transform = (tml_transform)settings->transform,
        .softening = settings->softening,
        .spectrum_scaler = (tml_scaler)settings->spectrum_scaler,
        .order = (tml_order)settings->order,
        .feature_count = settings->features.count,
        .feature_scaler = (tml_column_scaler)settings->feature_scaler,
        .target_count = settings->targets.count,
        .target_scaler = (tml_column_scaler)settings->target_scaler,
    };

    for (size_t f = 0; f < settings->features.count && f < TML_PREPARATION_FEATURES; ++f)
        if (!tml_feature_find(settings->features.item[f], &choice.features[f]))
            return TML_FAIL(error, TML_CONFIG, "input.features: unknown feature '%s'",
                            settings->features.item[f]);
    for (size_t t = 0; t < settings->targets.count && t < TML_PREPARATION_TARGETS; ++t)
        for (size_t l = 0; l < settings->log10_targets.count; ++l)
            if (strcmp(settings->targets.item[t], settings->log10_targets.item[l]) == 0)
                choice.target_log10[t] = true;
    return tml_preparation_create(&choice, preparation, error);
}

/* The columns of the targets; every rank sees the same header, so the answer is the same everywhere. */
static tml_status find_columns(shard *s, tml_data_set *set, tml_error *error)
{
    const tml_settings *settings = s->request->settings;
    const char *names[TML_GRID_PARAMETERS];

    for (size_t p = 0; p < s->shape->parameter_count; ++p)
        names[p] = s->shape->parameters[p].name;
    for (size_t t = 0; t < settings->targets.count; ++t) {
        const char *wanted = settings->targets.item[t];
        const char *nearest = tml_text_nearest(wanted, names, s->shape->parameter_count);

        s->target_column[t] = tml_grid_file_parameter(s->file, wanted);
        if (s->target_column[t] < 0)
            return TML_FAIL(error, TML_CONFIG,
                            "%s has no parameter '%s' (grid.targets)%s%s%s; telescopeml grid info "
                            "%s lists what it has",
                            s->request->path, wanted, nearest ? ", did you mean '" : "",
                            nearest ? nearest : "", nearest ? "'?" : "", s->request->path);
        memcpy(set->target_unit[t], s->shape->parameters[s->target_column[t]].unit, TML_GRID_NAME);
    }
    for (size_t m = 0; m < s->shape->metadata_count; ++m) {
        if (strcmp(s->shape->metadata[m].name, "split") == 0) {
            s->split_offset = s->metadata_width;
            s->split_width = s->shape->metadata[m].width;
        }
        s->metadata_width += s->shape->metadata[m].width;
    }
    if (settings->split_rule == TML_SPLIT_FILE && s->split_width == 0 && !s->request->is_whole)
        return TML_FAIL(error, TML_CONFIG, "split.rule is file, but %s has no metadata column 'split'",
                        s->request->path);
    return TML_OK;
}

static tml_status allocate_rows(shard *s, tml_error *error)
{
    size_t count = (size_t)s->share.count;
    tml_status status = tml_array_create(count, sizeof *s->part, "the parts of rows", &s->part, error);

    if (status == TML_OK)
        status = tml_array_create(count, sizeof *s->rows.row, "row numbers", &s->rows.row, error);
    if (status == TML_OK)
        status = tml_array_create(count * s->shape->wavelengths, sizeof(float), "the spectra of a rank",
                                  &s->rows.flux, error);
    if (status == TML_OK)
        status = tml_array_create(count * s->shape->parameter_count, sizeof(double), "parameters",
                                  &s->rows.parameters, error);
    if (status == TML_OK && s->request->settings->split_rule == TML_SPLIT_FILE && !s->request->is_whole)
        status = tml_array_create(count, s->metadata_width, "metadata", &s->rows.metadata, error);
    return status;
}

static const float *flux_of(const shard *s, uint64_t i)
{
    return s->rows.flux + (size_t)i * s->shape->wavelengths;
}

static void truth_of(const shard *s, uint64_t i, double *truth)
{
    for (size_t t = 0; t < s->request->settings->targets.count; ++t)
        truth[t] = s->rows.parameters[(size_t)i * s->shape->parameter_count + (size_t)s->target_column[t]];
}

static tml_status assign_parts(shard *s, tml_error *error)
{
    const tml_settings *settings = s->request->settings;

    for (uint64_t i = 0; i < s->share.count; ++i) {
        tml_part part = TML_PART_TEST;
        tml_status status = TML_OK;

        if (!s->request->is_whole && settings->split_rule == TML_SPLIT_FILE)
            status = tml_split_from_text(s->rows.metadata + (size_t)i * s->metadata_width + s->split_offset,
                                         s->split_width, &part, error);
        else if (!s->request->is_whole)
            part = tml_split_part(settings, flux_of(s, i), s->shape->wavelengths, s->rows.row[i]);
        if (status != TML_OK) {
            tml_error_prefix(error, "%s: row %lld: ", s->request->path, (long long)s->rows.row[i]);
            return status;
        }
        s->part[i] = (unsigned char)part;
    }
    return TML_OK;
}

static tml_status add_training_rows(const shard *s, const tml_preparation *preparation,
                                    tml_preparation_fit *fit, tml_error *error)
{
    for (uint64_t i = 0; i < s->share.count; ++i) {
        double truth[TML_PREPARATION_TARGETS];
        tml_status status;

        if (s->part[i] != TML_PART_TRAIN)
            continue;
        truth_of(s, i, truth);
        status = tml_preparation_fit_add_row(preparation, fit, flux_of(s, i), truth, error);
        if (status != TML_OK) {
            tml_error_prefix(error, "%s: row %lld: ", s->request->path, (long long)s->rows.row[i]);
            return status;
        }
    }
    return TML_OK;
}

static tml_status fit_preparation(MPI_Comm comm, const shard *s, tml_preparation *preparation,
                                  tml_error *error)
{
    tml_preparation_fit fit;
    tml_status status = tml_preparation_fit_begin(preparation, &fit, error);

    if (status == TML_OK)
        status = add_training_rows(s, preparation, &fit, error);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = tml_exact_reduce(comm, fit.sums, fit.sum_count, error);
    if (status == TML_OK)
        status = tml_mpi_check(
            MPI_Allreduce(MPI_IN_PLACE, fit.minima, (int)fit.columns, MPI_DOUBLE, MPI_MIN, comm), "minima",
            error);
    if (status == TML_OK)
        status = tml_mpi_check(
            MPI_Allreduce(MPI_IN_PLACE, fit.maxima, (int)fit.columns, MPI_DOUBLE, MPI_MAX, comm), "maxima",
            error);
    if (status == TML_OK) {
        status = tml_preparation_fit_end(&fit, preparation, error);
        if (status != TML_OK)
            tml_error_prefix(error, "%s: the training part is empty: ", s->request->path);
    }
    tml_preparation_fit_free(&fit);
    return status;
}

/* A record, its targets as the network learns them, and a trial: every spectrum must be one that the network
 * can take, now and not in the middle of a training. */
static tml_status fill_record(const shard *s, uint64_t i, tml_data_set *set, float *scratch, float *record,
                              tml_error *error)
{
    double truth[TML_PREPARATION_TARGETS];
    float features[TML_PREPARATION_FEATURES];
    tml_status status;

    truth_of(s, i, truth);
    tml_sample_fill(set->layout, flux_of(s, i), truth, s->rows.row[i], record);
    status = tml_preparation_targets(&set->preparation, truth, record + set->layout.wavelengths, error);
    if (status == TML_OK)
        status = tml_preparation_input(&set->preparation, flux_of(s, i), scratch, features, error);
    if (status != TML_OK)
        tml_error_prefix(error, "%s: row %lld: ", s->request->path, (long long)s->rows.row[i]);
    return status;
}

static tml_status fill_part(const shard *s, tml_part part, tml_data_set *set, tml_error *error)
{
    float *record = tml_sample_store_local(set->part[part]);
    float *scratch = NULL;
    tml_status status = tml_array_create(set->layout.wavelengths, sizeof(float), "a spectrum", &scratch,
                                         error);

    for (uint64_t i = 0; i < s->share.count && status == TML_OK; ++i) {
        if (s->part[i] != part)
            continue;
        status = fill_record(s, i, set, scratch, record, error);
        record += tml_sample_length(set->layout);
    }
    free(scratch);
    return status;
}

static tml_status make_parts(MPI_Comm comm, const shard *s, tml_data_set *set, tml_error *error)
{
    uint64_t counts[TML_PARTS] = {0};
    tml_status status = TML_OK;

    for (uint64_t i = 0; i < s->share.count; ++i)
        counts[s->part[i]] += 1;
    for (int p = 0; p < TML_PARTS && status == TML_OK; ++p)
        status = tml_sample_store_create(comm, tml_sample_length(set->layout), counts[p],
                                         s->request->most_wanted[p], &set->part[p], error);
    if (status != TML_OK)
        return status;
    for (int p = 0; p < TML_PARTS && status == TML_OK; ++p)
        status = fill_part(s, (tml_part)p, set, error);
    return tml_agree(comm, status, error);
}

/* A grid from elsewhere may carry no digest: then its rows say which it is, in any order and on any number of
 * ranks. */
static tml_status identify_contents(MPI_Comm comm, const shard *s, tml_data_set *set, tml_error *error)
{
    uint64_t sum = 0;
    tml_status status;

    if (set->grid_digest[0] != '\0')
        return TML_OK;
    for (uint64_t i = 0; i < s->share.count; ++i) {
        uint64_t parts[3] = {(uint64_t)s->rows.row[i],
                             tml_digest_64(flux_of(s, i), s->shape->wavelengths * sizeof(float)),
                             tml_digest_64(s->rows.parameters + (size_t)i * s->shape->parameter_count,
                                           s->shape->parameter_count * sizeof(double))};

        sum += tml_digest_64(parts, sizeof parts);
    }
    status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_UINT64_T, MPI_SUM, comm),
                           "identifying the grid", error);
    snprintf(set->grid_digest, sizeof set->grid_digest, "rows-%016llx", (unsigned long long)sum);
    return status;
}

/* Copy of a trained network's preparation, for spectra of the same wavelengths. */
static tml_status copy_preparation(const tml_preparation *from, tml_preparation *to, tml_error *error)
{
    tml_status status = tml_preparation_create(&from->choice, to, error);

    if (status != TML_OK)
        return status;
    memcpy(to->features, from->features, sizeof to->features);
    memcpy(to->targets, from->targets, sizeof to->targets);
    if (from->spectrum != NULL)
        memcpy(to->spectrum, from->spectrum, from->choice.wavelengths * sizeof *to->spectrum);
    return TML_OK;
}

static tml_status describe(shard *s, tml_data_set *set, tml_error *error)
{
    tml_digest digest;
    size_t wavelengths = s->shape->wavelengths;
    tml_status status = find_columns(s, set, error);

    if (status != TML_OK)
        return status;
    set->layout.wavelengths = wavelengths;
    set->layout.targets = s->request->settings->targets.count;
    set->rows = s->shape->rows;
    set->solar_c_o = s->shape->solar_c_o;
    if (tml_grid_file_digest(s->file, &digest))
        tml_digest_text(&digest, set->grid_digest);
    status = tml_array_create(wavelengths, sizeof(double), "wavelengths", &set->wavelength_um, error);
    if (status != TML_OK)
        return status;
    memcpy(set->wavelength_um, tml_grid_file_wavelength_um(s->file), wavelengths * sizeof(double));
    if (s->request->preparation != NULL && s->request->preparation->choice.wavelengths != wavelengths)
        return TML_FAIL(error, TML_BAD_DATA, "%s has %zu wavelengths, the network was trained on %zu",
                        s->request->path, wavelengths, s->request->preparation->choice.wavelengths);
    if (s->request->preparation != NULL)
        return copy_preparation(s->request->preparation, &set->preparation, error);
    return tml_preparation_from_settings(s->request->settings, wavelengths, &set->preparation, error);
}

static tml_status load(MPI_Comm comm, shard *s, tml_data_set *set, tml_error *error)
{
    int rank = 0;
    int size = 1;
    tml_status status;

    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    s->shape = tml_grid_file_shape(s->file);
    s->share = tml_share_of(s->shape->rows, rank, size);
    status = describe(s, set, error);
    if (status == TML_OK)
        status = allocate_rows(s, error);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = tml_grid_file_read_rows(s->file, s->share.first, s->share.count, &s->rows, error);
    if (status != TML_OK)
        return status;
    set->rows_read = s->share.count;
    set->bytes_read = tml_grid_file_bytes_read(s->file);
    status = identify_contents(comm, s, set, error);
    if (status == TML_OK)
        status = tml_agree(comm, assign_parts(s, error), error);
    if (status == TML_OK && s->request->preparation == NULL)
        status = fit_preparation(comm, s, &set->preparation, error);
    return status == TML_OK ? make_parts(comm, s, set, error) : status;
}

tml_status tml_data_set_load(MPI_Comm comm, const tml_data_request *request, tml_data_set *set,
                             tml_error *error)
{
    shard s = {.request = request};
    tml_status status;

    memset(set, 0, sizeof *set);
    status = tml_grid_file_open(comm, request->path, (tml_io_mode)request->settings->io_mode, false, &s.file,
                                error);
    if (status != TML_OK)
        return status;
    status = load(comm, &s, set, error);
    tml_grid_file_close(&s.file);
    free(s.part);
    free(s.rows.row);
    free(s.rows.flux);
    free(s.rows.parameters);
    free(s.rows.metadata);
    if (status != TML_OK)
        tml_data_set_free(set);
    return status;
}

void tml_data_set_free(tml_data_set *set)
{
    for (int p = 0; p < TML_PARTS; ++p)
        tml_sample_store_destroy(&set->part[p]);
    tml_preparation_free(&set->preparation);
    free(set->wavelength_um);
    memset(set, 0, sizeof *set);
}
