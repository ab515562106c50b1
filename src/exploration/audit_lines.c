#include "exploration/audit_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/memory.h"
#include "exploration/audit_twins.h"
#include "exploration/sorted_columns.h"
#include "mpi/agree.h"
#include "mpi/exchange.h"
#include "mpi/share.h"

/* Nodes on both sides that a curve goes through. */
enum { MOST_OTHERS = 4 };

static const double least_jump = 0.1; /* dex */
static const double times_median = 10.0;

/* The head of a record; [wavelengths] floats of ln flux follow. */
typedef struct node {
    uint64_t line; /* digest of all other parameters */
    uint64_t spectrum;
    int64_t row;
    uint64_t place; /* in the file */
    double value;
    size_t bin;
    uint64_t has_log;
} node;

/* A row that jumps, on its way home. */
typedef struct jump {
    uint64_t place;
    double size;
} jump;

typedef struct walk {
    const tml_explored_rows *rows;
    const tml_parameter_bins *bins;
    const tml_label_scale *scale;
    const tml_row_check *checks;
    size_t parameter;
    double tolerance;
    char *record; /* [received] */
    size_t received;
    const node **sorted; /* [received] by line, value, row */
    double *size;        /* [received] of the jump; NaN where none was tested */
    tml_line_audit *audit;
} walk;

static size_t record_bytes(const walk *w)
{
    const size_t bytes = sizeof(node) + w->rows->wavelengths * sizeof(float);

    return (bytes + sizeof(double) - 1) / sizeof(double) * sizeof(double);
}

static const float *log_flux(const node *head)
{
    return (const float *)(const void *)(head + 1);
}

/* ---- bringing lines together ---- */

static uint64_t line_of(const walk *w, size_t row)
{
    double others[TML_GRID_PARAMETERS];
    size_t count = 0;

    for (size_t p = 0; p < w->rows->parameters; ++p)
        if (p != w->parameter)
            others[count++] = tml_parameter_value(w->rows, row, p);
    return tml_digest_64(others, count * sizeof *others);
}

static void fill_node(const void *context, size_t i, void *record)
{
    const walk *w = context;
    node *head = record;
    float *flux = (float *)(void *)(head + 1);

    head->line = line_of(w, i);
    head->spectrum = w->checks[i].spectrum;
    head->row = w->rows->row[i];
    head->place = w->rows->first + i;
    head->value = tml_parameter_value(w->rows, i, w->parameter);
    head->bin = tml_parameter_bin(w->bins, head->value);
    head->has_log = tml_row_has_log(&w->checks[i]) != 0;
    for (size_t j = 0; j < w->rows->wavelengths && head->has_log; ++j)
        flux[j] = logf(w->rows->flux[i * w->rows->wavelengths + j]);
}

static int compare_nodes(const void *a, const void *b)
{
    const node *left = *(const node *const *)a;
    const node *right = *(const node *const *)b;
    int order = (left->line > right->line) - (left->line < right->line);

    if (order == 0)
        order = (left->value > right->value) - (left->value < right->value);
    return order != 0 ? order : (left->row > right->row) - (left->row < right->row);
}

static tml_status gather_lines(walk *w, tml_error *error)
{
    int *owner = NULL;
    tml_status status = tml_array_create(w->rows->count, sizeof *owner, "lines of a grid", &owner, error);

    status = tml_agree(w->rows->comm, status, error);
    if (status == TML_OK) {
        const tml_exchange exchange = {.comm = w->rows->comm,
                                       .record_bytes = record_bytes(w),
                                       .count = w->rows->count,
                                       .owner = owner,
                                       .fill = fill_node,
                                       .context = w};

        for (size_t i = 0; i < w->rows->count; ++i)
            owner[i] = (int)(line_of(w, i) % (uint64_t)w->rows->size);
        status = tml_exchange_records(&exchange, &w->record, &w->received, error);
    }
    free(owner);
    if (status != TML_OK)
        return status;
    status = tml_array_create(w->received, sizeof *w->sorted, "lines of a grid", &w->sorted, error);
    if (status == TML_OK)
        status = tml_array_create(w->received, sizeof *w->size, "lines of a grid", &w->size, error);
    for (size_t i = 0; i < w->received && status == TML_OK; ++i)
        w->sorted[i] = (const node *)(const void *)(w->record + i * record_bytes(w));
    if (w->received > 0 && status == TML_OK)
        qsort(w->sorted, w->received, sizeof *w->sorted, compare_nodes);
    return tml_agree(w->rows->comm, status, error);
}

/* ---- pairs ---- */

static void count_pair(walk *w, const node *a, const node *b)
{
    tml_value_pairs *pairs = &w->audit->pairs[a->bin * w->bins->count + b->bin];

    ++pairs->lines;
    if (a->spectrum == b->spectrum) {
        ++pairs->identical;
        ++pairs->near;
    } else if (a->has_log && b->has_log &&
               tml_log_distance(w->rows->wavelengths, log_flux(a), log_flux(b), w->tolerance) <=
                   w->tolerance) {
        ++pairs->near;
    }
}

/* ---- jumps ---- */

static double coordinate(const walk *w, const node *at)
{
    return w->scale->is_log10 ? log10(at->value) : at->value;
}

/* Weights with which some nodes make the value at another: Lagrange's polynomial through them. */
static void weigh(const walk *w, size_t count, const node *const *others, const node *at, double *weight)
{
    const double x = coordinate(w, at);

    for (size_t k = 0; k < count; ++k) {
        weight[k] = 1.0;
        for (size_t l = 0; l < count; ++l)
            if (l != k)
                weight[k] *= (x - coordinate(w, others[l])) /
                             (coordinate(w, others[k]) - coordinate(w, others[l]));
    }
}

/* Off the curve through the others, in dex. */
static double distance_from(const walk *w, size_t count, const node *const *others, const node *at)
{
    double weight[MOST_OTHERS];
    double sum = 0.0;

    weigh(w, count, others, at, weight);
    for (size_t j = 0; j < w->rows->wavelengths; ++j) {
        double off = (double)log_flux(at)[j];

        for (size_t k = 0; k < count; ++k)
            off -= weight[k] * (double)log_flux(others[k])[j];
        sum += off * off;
    }
    return sqrt(sum / (double)w->rows->wavelengths) / log(10.0);
}

static bool can_follow(const node *low, const node *high)
{
    return low->has_log && high->has_log && low->value < high->value;
}

/* A smooth curve that bends is near one of the two curves; a bad node is far from both. */
static double size_of_jump(const walk *w, size_t begin, size_t end, size_t i)
{
    const node *const *at = w->sorted + i;
    const node *others[MOST_OTHERS];
    size_t count = 0;
    double straight;

    if (i == begin || i + 1 >= end || !can_follow(at[-1], at[0]) || !can_follow(at[0], at[1]))
        return (double)NAN;
    others[count++] = at[-1];
    others[count++] = at[1];
    straight = distance_from(w, count, others, at[0]);
    if (i >= begin + 2 && can_follow(at[-2], at[-1]))
        others[count++] = at[-2];
    if (i + 2 < end && can_follow(at[1], at[2]))
        others[count++] = at[2];
    return fmin(straight, distance_from(w, count, others, at[0]));
}

static void walk_lines(walk *w)
{
    for (size_t begin = 0, end; begin < w->received; begin = end) {
        for (end = begin; end < w->received && w->sorted[end]->line == w->sorted[begin]->line; ++end)
            for (size_t i = begin; i < end; ++i)
                if (w->sorted[i]->bin != w->sorted[end]->bin)
                    count_pair(w, w->sorted[i], w->sorted[end]);
        for (size_t i = begin; i < end; ++i)
            w->size[i] = size_of_jump(w, begin, end, i);
    }
}

static tml_status find_limit(walk *w, tml_error *error)
{
    const double half = 0.5;
    tml_sorted_columns sorted;
    tml_status status = tml_sorted_columns_create(w->rows->comm, 1, w->received, &sorted, error);

    if (status == TML_OK) {
        for (size_t i = 0; i < w->received; ++i)
            tml_sorted_columns_put(&sorted, 0, w->size[i]);
        status = tml_sorted_columns_finish(&sorted, error);
    }
    if (status == TML_OK) {
        w->audit->tested = sorted.total[0];
        status = tml_sorted_columns_quantiles(&sorted, 1, &half, &w->audit->median_jump, error);
    }
    w->audit->jump_limit = fmax(least_jump, times_median * w->audit->median_jump);
    tml_sorted_columns_free(&sorted);
    return status;
}

/* A bad node bends its neighbours' lines as well: only the worst of them is it. The first and the last row of
 * another line are not tested and so do not count. */
static bool is_jump(const walk *w, size_t i)
{
    return w->size[i] > w->audit->jump_limit && !(w->size[i - 1] > w->size[i]) &&
           !(w->size[i + 1] > w->size[i]);
}

typedef struct jump_list {
    const walk *walk;
    const size_t *item; /* [count] places among the sorted */
} jump_list;

static void fill_jump(const void *context, size_t item, void *record)
{
    const jump_list *list = context;
    const size_t i = list->item[item];
    jump *to = record;

    to->place = list->walk->sorted[i]->place;
    to->size = list->walk->size[i];
}

static int home_of(const tml_explored_rows *rows, uint64_t place)
{
    return tml_share_owner(tml_divide_up(rows->total, rows->chunk), place / rows->chunk, rows->size);
}

static void mark(const walk *w, size_t count, const jump *jumps, tml_row_check *checks)
{
    for (size_t k = 0; k < count; ++k) {
        tml_row_check *check = &checks[jumps[k].place - w->rows->first];

        check->defects |= TML_DEFECT_JUMP;
        if (jumps[k].size > check->jump) {
            check->jump = jumps[k].size;
            check->jump_parameter = w->parameter;
        }
    }
}

/* Tells the ranks that read the rows. */
static tml_status send_jumps(walk *w, tml_row_check *checks, tml_error *error)
{
    size_t *item = NULL;
    int *owner = NULL;
    jump *jumps = NULL;
    size_t count = 0;
    size_t found = 0;
    tml_status status = tml_array_create(w->received, sizeof *item, "jumps", &item, error);

    if (status == TML_OK)
        status = tml_array_create(w->received, sizeof *owner, "jumps", &owner, error);
    status = tml_agree(w->rows->comm, status, error);
    for (size_t i = 1; i + 1 < w->received && status == TML_OK; ++i)
        if (is_jump(w, i)) {
            owner[found] = home_of(w->rows, w->sorted[i]->place);
            item[found++] = i;
        }
    if (status == TML_OK) {
        const jump_list list = {w, item};
        const tml_exchange exchange = {.comm = w->rows->comm,
                                       .record_bytes = sizeof(jump),
                                       .count = found,
                                       .owner = owner,
                                       .fill = fill_jump,
                                       .context = &list};

        w->audit->jumps = found;
        status = tml_exchange_records(&exchange, &jumps, &count, error);
    }
    if (status == TML_OK)
        mark(w, count, jumps, checks);
    free(item);
    free(owner);
    free(jumps);
    return status;
}

/* ---- all ---- */

static tml_status join(walk *w, tml_error *error)
{
    const size_t numbers = w->bins->count * w->bins->count * sizeof *w->audit->pairs / sizeof(uint64_t);
    tml_status status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, w->audit->pairs, (int)numbers, MPI_UINT64_T, MPI_SUM, w->rows->comm),
        "counting pairs", error);

    if (status == TML_OK)
        status = tml_mpi_check(
            MPI_Allreduce(MPI_IN_PLACE, &w->audit->jumps, 1, MPI_UINT64_T, MPI_SUM, w->rows->comm),
            "counting jumps", error);
    tml_label_classes_find(w->bins->count, w->audit->pairs, false, &w->audit->identical);
    tml_label_classes_find(w->bins->count, w->audit->pairs, true, &w->audit->near);
    return status;
}

tml_status tml_line_audit_run(const tml_explored_rows *rows, const tml_parameter_bins *bins,
                              const tml_label_scale *scale, size_t parameter, double tolerance,
                              tml_row_check *checks, tml_line_audit *audit, tml_error *error)
{
    walk w = {.rows = rows,
              .bins = bins,
              .scale = scale,
              .checks = checks,
              .parameter = parameter,
              .tolerance = tolerance,
              .audit = audit};
    tml_status status;

    memset(audit, 0, sizeof *audit);
    audit->median_jump = audit->jump_limit = (double)NAN;
    if (!bins->is_axis)
        return TML_OK;
    audit->is_axis = true;
    status = tml_agree(
        rows->comm,
        tml_array_create(bins->count, bins->count * sizeof *audit->pairs, "pairs", &audit->pairs, error),
        error);
    if (status == TML_OK)
        status = gather_lines(&w, error);
    if (status == TML_OK) {
        walk_lines(&w);
        status = find_limit(&w, error);
    }
    if (status == TML_OK)
        status = send_jumps(&w, checks, error);
    if (status == TML_OK)
        status = join(&w, error);
    free(w.record);
    free(w.sorted);
    free(w.size);
    return status;
}

void tml_label_classes_find(size_t values, const tml_value_pairs *pairs, bool near,
                            tml_label_classes *classes)
{
    memset(classes, 0, sizeof *classes);
    for (size_t v = 0; v < values; ++v)
        classes->class_of[v] = v;
    for (size_t a = 0; a < values; ++a)
        for (size_t b = a + 1; b < values; ++b) {
            const tml_value_pairs *pair = &pairs[a * values + b];
            const size_t old = classes->class_of[b];
            const uint64_t same = near ? pair->near : pair->identical;

            if (same == 0 || 2 * same < pair->lines || old == classes->class_of[a])
                continue;
            for (size_t v = 0; v < values; ++v)
                if (classes->class_of[v] == old)
                    classes->class_of[v] = classes->class_of[a];
        }
    for (size_t v = 0; v < values; ++v) { /* numbered from 0 */
        size_t first = 0;

        while (classes->class_of[first] != classes->class_of[v])
            ++first;
        if (first == v) {
            const size_t old = classes->class_of[v];

            for (size_t k = v; k < values; ++k)
                if (classes->class_of[k] == old)
                    classes->class_of[k] = values + classes->count;
            ++classes->count;
        }
    }
    for (size_t v = 0; v < values; ++v)
        classes->class_of[v] -= values;
}

void tml_line_audit_free(tml_line_audit *audit)
{
    free(audit->pairs);
    memset(audit, 0, sizeof *audit);
}
