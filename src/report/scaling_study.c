#include "report/scaling_study.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/text.h"
#include "report/csv_fields.h"
#include "statistics/sample_summary.h"

enum { FIRST_RUNS = 64, DIGEST_LENGTH = 80 };
enum { KIND, RANKS, THREADS, REPEAT, BATCH, RATE, SHARE, DIGEST, COLUMNS };

static const char *const column_names[COLUMNS] = {
    "kind", "ranks", "threads", "repeat", "batch", "samples_per_second", "communication_share", "digest"};
static const char *const kind_names[TML_SCALING_KINDS] = {"strong", "weak"};

typedef struct run {
    size_t kind, ranks, threads, repeat, batch;
    double rate, share;
    char digest[DIGEST_LENGTH];
} run;

typedef struct run_list {
    size_t count, room;
    run *item;
} run_list;

/* ---- reading ---- */

static tml_status make_room(const char *path, run_list *runs, tml_error *error)
{
    size_t more = runs->room > 0 ? 2 * runs->room : FIRST_RUNS;
    run *grown;

    if (runs->count < runs->room)
        return TML_OK;
    grown = realloc(runs->item, more * sizeof *grown);
    if (grown == NULL)
        return TML_FAIL(error, TML_INTERNAL, "%s: no memory for its runs", path);
    runs->item = grown;
    runs->room = more;
    return TML_OK;
}

static tml_status take_kind(const char *path, const tml_csv_reader *reader, const char *field, size_t *kind,
                            tml_error *error)
{
    for (*kind = 0; *kind < TML_SCALING_KINDS; ++*kind)
        if (strcmp(field, kind_names[*kind]) == 0)
            return TML_OK;
    return TML_FAIL(error, TML_BAD_DATA, "%s: line %lld, column 'kind': '%.40s' is neither strong nor weak",
                    path, (long long)tml_csv_line(reader), field);
}

static tml_status take_measures(const char *path, const tml_csv_reader *reader, const char *const *fields,
                                const size_t column[COLUMNS], run *next, tml_error *error)
{
    const char *share = fields[column[SHARE]];
    double number = NAN;
    tml_status status = tml_csv_number(reader, column[RATE], &next->rate, error);

    if (status == TML_OK && !(next->rate > 0.0))
        status = TML_FAIL(error, TML_BAD_DATA,
                          "%s: line %lld, column 'samples_per_second': %g is not above 0", path,
                          (long long)tml_csv_line(reader), next->rate);
    next->share = NAN;
    if (status == TML_OK && share[0] != '\0' && !(tml_text_to_double(share, &number) && isnan(number)))
        status = tml_csv_within(path, reader, column[SHARE], 0.0, 1.0, &next->share, error);
    if (status == TML_OK && !tml_text_copy(next->digest, DIGEST_LENGTH, fields[column[DIGEST]]))
        status = TML_FAIL(error, TML_BAD_DATA, "%s: line %lld, column 'digest': the digest is too long", path,
                          (long long)tml_csv_line(reader));
    return status;
}

static tml_status take_run(const char *path, const tml_csv_reader *reader, const char *const *fields,
                           const size_t column[COLUMNS], run *next, tml_error *error)
{
    tml_status status = take_kind(path, reader, fields[column[KIND]], &next->kind, error);

    if (status == TML_OK)
        status = tml_csv_whole(path, reader, column[RANKS], 1, &next->ranks, error);
    if (status == TML_OK)
        status = tml_csv_whole(path, reader, column[THREADS], 1, &next->threads, error);
    if (status == TML_OK)
        status = tml_csv_whole(path, reader, column[REPEAT], 0, &next->repeat, error);
    if (status == TML_OK)
        status = tml_csv_whole(path, reader, column[BATCH], 1, &next->batch, error);
    if (status == TML_OK)
        status = take_measures(path, reader, fields, column, next, error);
    return status;
}

/* Runs that are compared have the same batch: all of a strong study, the repeats of a weak one. */
static tml_status check_batch(const char *path, const tml_csv_reader *reader, const run_list *runs,
                              const run *next, tml_error *error)
{
    for (size_t i = 0; i < runs->count; ++i) {
        const run *other = &runs->item[i];
        bool is_compared = other->kind == next->kind &&
                           (next->kind == TML_SCALING_STRONG ||
                            (other->ranks == next->ranks && other->threads == next->threads));

        if (is_compared && other->batch != next->batch)
            return TML_FAIL(
                error, TML_BAD_DATA,
                "%s: line %lld, column 'batch': %zu, where runs that it is compared with have %zu; "
                "keep one study in a file",
                path, (long long)tml_csv_line(reader), next->batch, other->batch);
        if (is_compared && next->kind == TML_SCALING_STRONG)
            break; /* the first has been compared with the others */
    }
    return TML_OK;
}

static tml_status read_runs(const char *path, tml_csv_reader *reader, run_list *runs, tml_error *error)
{
    const char *const *fields = NULL;
    size_t column[COLUMNS];
    tml_status status = tml_csv_need(path, reader, COLUMNS, column_names, column, error);

    while (status == TML_OK) {
        run *next;

        status = tml_csv_next(reader, &fields, error);
        if (status != TML_OK || fields == NULL)
            break;
        status = make_room(path, runs, error);
        if (status != TML_OK)
            break;
        next = &runs->item[runs->count];
        status = take_run(path, reader, fields, column, next, error);
        if (status == TML_OK)
            status = check_batch(path, reader, runs, next, error);
        runs->count += status == TML_OK;
    }
    return status;
}

/* ---- summary ---- */

static int compare_sizes(size_t one, size_t other)
{
    return (one > other) - (one < other);
}

static int compare_runs(const void *a, const void *b)
{
    const run *left = a, *right = b;
    int order = compare_sizes(left->kind, right->kind);

    if (order == 0)
        order = compare_sizes(left->threads, right->threads);
    return order != 0 ? order : compare_sizes(left->ranks, right->ranks);
}

/* @param room [2][count] */
static tml_scaling_point make_point(size_t count, const run *runs, double *room)
{
    tml_scaling_point point = {
        .ranks = runs->ranks, .threads = runs->threads, .batch = runs->batch, .repeats = count};
    size_t shares = 0;
    tml_sample_summary summary;

    for (size_t i = 0; i < count; ++i) {
        room[i] = runs[i].rate;
        if (isfinite(runs[i].share))
            room[count + shares++] = runs[i].share;
    }
    summary = tml_sample_summarise(count, room);
    point.rate = summary.p50;
    point.slowest = summary.minimum;
    point.fastest = summary.maximum;
    point.communication = tml_sample_summarise(shares, room + count).p50;
    return point;
}

static tml_same_weights compare_weights(size_t count, const run *runs)
{
    bool is_known = true;
    size_t compared = 0;

    for (size_t i = 0; i < count; ++i) {
        is_known = is_known && runs[i].digest[0] != '\0';
        for (size_t j = 0; j < i; ++j) {
            if (runs[i].batch != runs[j].batch)
                continue;
            if (runs[i].digest[0] != '\0' && runs[j].digest[0] != '\0') {
                ++compared;
                if (strcmp(runs[i].digest, runs[j].digest) != 0)
                    return TML_WEIGHTS_DIFFER;
            }
        }
    }
    return is_known && compared > 0 ? TML_WEIGHTS_SAME : TML_WEIGHTS_UNKNOWN;
}

static void compare_speeds(tml_scaling_series *series)
{
    const tml_scaling_point *base;

    for (size_t i = 0; i < series->count; ++i)
        series->counts_threads = series->counts_threads ||
                                 series->point[i].threads != series->point[0].threads;
    for (size_t i = 0; i < series->count; ++i) {
        tml_scaling_point *point = &series->point[i];

        point->x = (double)point->ranks * (series->counts_threads ? (double)point->threads : 1.0);
        if (point->x < series->point[series->base].x)
            series->base = i;
    }
    base = &series->point[series->base];
    for (size_t i = 0; i < series->count; ++i) {
        tml_scaling_point *point = &series->point[i];

        point->speed_up = point->rate / base->rate;
        point->efficiency = point->speed_up / (point->x / base->x);
    }
}

static tml_status summarise(size_t count, const run *runs, tml_scaling_series *series, tml_error *error)
{
    double *room = NULL;
    tml_status status = tml_array_create(count, sizeof *series->point, "points of a scaling study",
                                         &series->point, error);

    if (status == TML_OK)
        status = tml_array_create(2 * count, sizeof *room, "repeats of a scaling study", &room, error);
    for (size_t start = 0, end; start < count && status == TML_OK; start = end) {
        end = start + 1;
        while (end < count && compare_runs(&runs[start], &runs[end]) == 0)
            ++end;
        series->point[series->count++] = make_point(end - start, runs + start, room);
    }
    free(room);
    if (status == TML_OK) {
        compare_speeds(series);
        series->weights = compare_weights(count, runs);
    }
    return status;
}

static tml_status summarise_kinds(const run_list *runs, tml_scaling_study *study, tml_error *error)
{
    tml_status status = TML_OK;

    if (runs->count > 0)
        qsort(runs->item, runs->count, sizeof *runs->item, compare_runs);
    for (size_t start = 0, end; start < runs->count && status == TML_OK; start = end) {
        end = start + 1;
        while (end < runs->count && runs->item[end].kind == runs->item[start].kind)
            ++end;
        status = summarise(end - start, runs->item + start, &study->series[runs->item[start].kind], error);
    }
    return status;
}

tml_status tml_scaling_study_read(const char *path, tml_scaling_study *study, tml_error *error)
{
    tml_csv_reader *reader = NULL;
    run_list runs = {0, 0, NULL};
    tml_status status;

    memset(study, 0, sizeof *study);
    status = tml_csv_open(path, &reader, error);
    if (status == TML_OK)
        status = read_runs(path, reader, &runs, error);
    tml_csv_close(&reader);
    if (status == TML_OK)
        status = summarise_kinds(&runs, study, error);
    free(runs.item);
    if (status != TML_OK)
        tml_scaling_study_free(study);
    return status;
}

void tml_scaling_study_free(tml_scaling_study *study)
{
    for (size_t k = 0; k < TML_SCALING_KINDS; ++k)
        free(study->series[k].point);
    memset(study, 0, sizeof *study);
}
