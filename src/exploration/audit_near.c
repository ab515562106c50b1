#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "exploration/audit_twins.h"
#include "exploration/sorted_columns.h"
#include "exploration/sorted_search.h"
#include "mpi/agree.h"
#include "mpi/exchange.h"

/* Wavelengths between two looks at whether the distance is too large already. */
enum { WAVELENGTHS_PER_LOOK = 16 };

/* Nothing may be lost at a border by rounding. */
static const double margin = 1.0 + 1e-9;

/* The head of a record; [wavelengths] floats of ln flux follow. */
typedef struct place {
    double key; /* mean of ln flux */
    int64_t row;
    double label[TML_GRID_PARAMETERS];
} place;

typedef struct search {
    const tml_explored_rows *rows;
    double tolerance;
    double *key;    /* [rows] NaN: not compared */
    double *border; /* [size - 1] ascending */
    size_t copies;  /* records that this rank sends */
    size_t *item;   /* [copies] row of this rank */
    int *owner;     /* [copies] */
    char *record;   /* [received] */
    size_t received;
    const place **sorted; /* [received] by key, then row */
    const double **label; /* [received] of one set */
} search;

double tml_log_distance(size_t count, const float *a, const float *b, double most)
{
    const double enough = most * most * (double)count * margin;
    double sum = 0.0;

    for (size_t begin = 0; begin < count && sum <= enough; begin += WAVELENGTHS_PER_LOOK) {
        const size_t end = begin + WAVELENGTHS_PER_LOOK < count ? begin + WAVELENGTHS_PER_LOOK : count;

        for (size_t j = begin; j < end; ++j) {
            const double difference = (double)a[j] - (double)b[j];

            sum += difference * difference;
        }
    }
    return sum <= enough ? sqrt(sum / (double)count) : 2.0 * most;
}

static size_t record_bytes(const search *s)
{
    const size_t bytes = sizeof(place) + s->rows->wavelengths * sizeof(float);

    return (bytes + sizeof(double) - 1) / sizeof(double) * sizeof(double);
}

static const float *log_flux(const place *head)
{
    return (const float *)(const void *)(head + 1);
}

/* ---- where rows go ---- */

static double key_of(const tml_explored_rows *rows, size_t row)
{
    double sum = 0.0;

    for (size_t j = 0; j < rows->wavelengths; ++j)
        sum += (double)logf(rows->flux[row * rows->wavelengths + j]);
    return sum / (double)rows->wavelengths;
}

/* The keys that part the rows into as many equal parts as there are ranks. */
static tml_status find_borders(search *s, const tml_row_check *checks, tml_near_rows *found, tml_error *error)
{
    const size_t borders = (size_t)s->rows->size - 1;
    tml_sorted_columns sorted;
    double *share = NULL;
    tml_status status = tml_array_create(borders, sizeof *share, "near spectra", &share, error);

    if (status == TML_OK)
        status = tml_array_create(borders, sizeof *s->border, "near spectra", &s->border, error);
    if (status == TML_OK)
        status = tml_array_create(s->rows->count, sizeof *s->key, "near spectra", &s->key, error);
    status = tml_agree(s->rows->comm, status, error);
    if (status != TML_OK) {
        free(share);
        return status;
    }
    status = tml_sorted_columns_create(s->rows->comm, 1, s->rows->count, &sorted, error);
    if (status == TML_OK) {
        for (size_t i = 0; i < s->rows->count; ++i) {
            s->key[i] = tml_row_has_log(&checks[i]) ? key_of(s->rows, i) : (double)NAN;
            tml_sorted_columns_put(&sorted, 0, s->key[i]);
        }
        status = tml_sorted_columns_finish(&sorted, error);
    }
    for (size_t b = 0; b < borders; ++b)
        share[b] = (double)(b + 1) / (double)s->rows->size;
    if (status == TML_OK)
        found->skipped = s->rows->total - sorted.total[0];
    if (status == TML_OK && borders > 0 && sorted.total[0] > 0)
        status = tml_sorted_columns_quantiles(&sorted, borders, share, s->border, error);
    tml_sorted_columns_free(&sorted);
    free(share);
    return status;
}

static int rank_of(const search *s, double key)
{
    return (int)tml_sorted_up_to((size_t)s->rows->size - 1, s->border, key);
}

/* A row goes to all ranks that have a row that may be near it. */
static tml_status list_copies(search *s, tml_error *error)
{
    const double reach = s->tolerance * margin;
    size_t room = 0;
    tml_status status;

    for (size_t i = 0; i < s->rows->count; ++i)
        if (!isnan(s->key[i]))
            room += (size_t)(rank_of(s, s->key[i] + reach) - rank_of(s, s->key[i] - reach) + 1);
    status = tml_array_create(room, sizeof *s->item, "near spectra", &s->item, error);
    if (status == TML_OK)
        status = tml_array_create(room, sizeof *s->owner, "near spectra", &s->owner, error);
    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < s->rows->count; ++i) {
        if (isnan(s->key[i]))
            continue;
        for (int r = rank_of(s, s->key[i] - reach); r <= rank_of(s, s->key[i] + reach); ++r) {
            s->item[s->copies] = i;
            s->owner[s->copies++] = r;
        }
    }
    return TML_OK;
}

static void fill_place(const void *context, size_t copy, void *record)
{
    const search *s = context;
    const tml_explored_rows *rows = s->rows;
    const size_t i = s->item[copy];
    place *head = record;
    float *flux = (float *)(void *)(head + 1);

    head->key = s->key[i];
    head->row = rows->row[i];
    memcpy(head->label, rows->parameter + i * rows->parameters, rows->parameters * sizeof *head->label);
    for (size_t j = 0; j < rows->wavelengths; ++j)
        flux[j] = logf(rows->flux[i * rows->wavelengths + j]);
}

/* ---- comparing ---- */

static int compare_places(const void *a, const void *b)
{
    const place *left = *(const place *const *)a;
    const place *right = *(const place *const *)b;
    const int order = (left->key > right->key) - (left->key < right->key);

    return order != 0 ? order : (left->row > right->row) - (left->row < right->row);
}

static tml_status sort_places(search *s, tml_error *error)
{
    tml_status status = tml_array_create(s->received, sizeof *s->sorted, "near spectra", &s->sorted, error);

    if (status == TML_OK)
        status = tml_array_create(s->received, sizeof *s->label, "near spectra", &s->label, error);
    if (status != TML_OK)
        return status;
    for (size_t i = 0; i < s->received; ++i)
        s->sorted[i] = (const place *)(const void *)(s->record + i * record_bytes(s));
    if (s->received > 0)
        qsort(s->sorted, s->received, sizeof *s->sorted, compare_places);
    return TML_OK;
}

/* The rows near row i, itself among them, in the order of the keys. @return how many */
static size_t find_set(search *s, size_t i, size_t from)
{
    const double reach = s->tolerance * margin;
    size_t count = 0;

    for (size_t k = from; k < s->received && s->sorted[k]->key <= s->sorted[i]->key + reach; ++k)
        if (k == i || tml_log_distance(s->rows->wavelengths, log_flux(s->sorted[i]), log_flux(s->sorted[k]),
                                       s->tolerance) <= s->tolerance)
            s->label[count++] = s->sorted[k]->label;
    return count;
}

static void compare_all(search *s, tml_ceiling_sums *sums, uint64_t *rows, uint64_t *partners)
{
    const double reach = s->tolerance * margin;
    size_t from = 0;

    for (size_t i = 0; i < s->received; ++i) {
        size_t count;

        while (s->sorted[from]->key < s->sorted[i]->key - reach)
            ++from;
        if (rank_of(s, s->sorted[i]->key) != s->rows->rank) /* here for the sake of others only */
            continue;
        count = find_set(s, i, from);
        if (count == 1)
            continue;
        ++*rows;
        *partners += count - 1;
        tml_ceiling_sums_add(sums, count, s->label, 1.0 / (double)count);
    }
}

static tml_status run(search *s, const tml_label_scale *scale, tml_near_rows *found, tml_error *error)
{
    const tml_exchange exchange = {.comm = s->rows->comm,
                                   .record_bytes = record_bytes(s),
                                   .count = s->copies,
                                   .owner = s->owner,
                                   .fill = fill_place,
                                   .context = s};
    uint64_t counts[2] = {0, 0};
    tml_ceiling_sums sums = {0};
    tml_status status = tml_exchange_records(&exchange, &s->record, &s->received, error);

    if (status == TML_OK)
        status = tml_agree(s->rows->comm, sort_places(s, error), error);
    if (status == TML_OK)
        status = tml_ceiling_sums_create(s->rows, scale, s->received, &sums, error);
    if (status == TML_OK) {
        compare_all(s, &sums, &counts[0], &counts[1]);
        status = tml_ceiling_sums_reduce(&sums, found->ceiling, error);
    }
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, counts, 2, MPI_UINT64_T, MPI_SUM, s->rows->comm),
                               "counting near spectra", error);
    found->rows = counts[0];
    found->pairs = counts[1] / 2;
    tml_ceiling_sums_free(&sums);
    return status;
}

tml_status tml_near_rows_find(const tml_explored_rows *rows, const tml_row_check *checks,
                              const tml_label_scale *scale, double tolerance, tml_near_rows *found,
                              tml_error *error)
{
    search s = {.rows = rows, .tolerance = tolerance};
    tml_status status;

    memset(found, 0, sizeof *found);
    status = find_borders(&s, checks, found, error);
    if (status == TML_OK)
        status = tml_agree(rows->comm, list_copies(&s, error), error);
    if (status == TML_OK)
        status = run(&s, scale, found, error);
    free(s.key);
    free(s.border);
    free(s.item);
    free(s.owner);
    free(s.record);
    free(s.sorted);
    free(s.label);
    return status;
}
