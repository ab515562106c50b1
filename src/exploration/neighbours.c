#include "exploration/neighbours.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "exploration/sorted_columns.h"
#include "mpi/agree.h"

/* Queries of one round over all ranks. */
enum { ROUND = 4096 };

static const int64_t no_row = INT64_MAX;

/* What is known of the nearest. */
typedef struct nearest {
    double squared; /* distance */
    int64_t row;
} nearest;

/* A row of this rank as others are compared with it. */
typedef struct member {
    double first; /* coordinate */
    size_t at;    /* among the rows of this rank */
} member;

typedef struct search {
    const tml_explored_rows *rows;
    size_t axes;
    int threads;
    double *point;      /* [rows][axes] */
    member *member;     /* [rows] ascending in the first coordinate */
    double *sorted;     /* [rows][axes] the points in that order */
    nearest *best;      /* [rows] of this rank's own */
    size_t batch;       /* queries of a rank in a round */
    double *query;      /* [size * batch][axes + 1] points, and the squared distance that is to be beaten */
    nearest *found;     /* [size * batch] */
    double *smallest;   /* [size * batch] of all ranks */
    int64_t *found_row; /* [size * batch] of all ranks */
} search;

static tml_status make_room(search *s, tml_error *error)
{
    const char *what = "nearest neighbours";
    const size_t count = s->rows->count;
    const size_t room = s->batch * (size_t)s->rows->size;
    tml_status status = tml_array_create(count, s->axes * sizeof(double), what, &s->point, error);

    if (status == TML_OK)
        status = tml_array_create(count, s->axes * sizeof(double), what, &s->sorted, error);
    if (status == TML_OK)
        status = tml_array_create(count, sizeof *s->member, what, &s->member, error);
    if (status == TML_OK)
        status = tml_array_create(count, sizeof *s->best, what, &s->best, error);
    if (status == TML_OK)
        status = tml_array_create(room, (s->axes + 1) * sizeof(double), what, &s->query, error);
    if (status == TML_OK)
        status = tml_array_create(room, sizeof *s->found, what, &s->found, error);
    if (status == TML_OK)
        status = tml_array_create(room, sizeof *s->smallest, what, &s->smallest, error);
    if (status == TML_OK)
        status = tml_array_create(room, sizeof *s->found_row, what, &s->found_row, error);
    return status;
}

static void free_search(search *s)
{
    free(s->point);
    free(s->sorted);
    free(s->member);
    free(s->best);
    free(s->query);
    free(s->found);
    free(s->smallest);
    free(s->found_row);
}

static int compare_members(const void *a, const void *b)
{
    const member *left = a;
    const member *right = b;
    int order = (left->first > right->first) - (left->first < right->first);

    return order != 0 ? order : (left->at > right->at) - (left->at < right->at);
}

static void whiten(search *s, const tml_components *components)
{
    for (size_t i = 0; i < s->rows->count; ++i) {
        for (size_t k = 0; k < s->axes; ++k)
            s->point[i * s->axes + k] = components->score[i * components->pca.kept + k] /
                                        sqrt(components->pca.variance[k]);
        s->member[i] = (member){s->point[i * s->axes], i};
    }
    qsort(s->member, s->rows->count, sizeof *s->member, compare_members);
    for (size_t i = 0; i < s->rows->count; ++i)
        memcpy(s->sorted + i * s->axes, s->point + s->member[i].at * s->axes, s->axes * sizeof *s->sorted);
}

/* ---- one query among the rows of this rank ---- */

static void compare(const search *s, const double *query, size_t place, nearest *best)
{
    const double *point = s->sorted + place * s->axes;
    double squared = 0.0;
    int64_t row;

    for (size_t k = 0; k < s->axes; ++k) {
        double difference = query[k] - point[k];

        squared += difference * difference;
    }
    if (squared > best->squared)
        return;
    row = s->rows->row[s->member[place].at];
    if (squared < best->squared || row < best->row)
        *best = (nearest){squared, row};
}

static bool is_within(const search *s, const double *query, size_t place, const nearest *best)
{
    double difference = query[0] - s->member[place].first;

    return difference * difference <= best->squared;
}

/* From the row with the nearest first coordinate outwards, until that alone is too far: a sum of squares is
 * never rounded to less than one of them.
 * @param self  the query itself among the rows of this rank; count: it is elsewhere */
static nearest look(const search *s, const double *query, size_t self, nearest best)
{
    size_t low = 0;
    size_t high = s->rows->count;
    size_t start;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (s->member[middle].first < query[0])
            low = middle + 1;
        else
            high = middle;
    }
    start = low;
    for (size_t i = start; i < s->rows->count && is_within(s, query, i, &best); ++i)
        if (s->member[i].at != self)
            compare(s, query, i, &best);
    for (size_t i = start; i > 0 && is_within(s, query, i - 1, &best); --i)
        if (s->member[i - 1].at != self)
            compare(s, query, i - 1, &best);
    return best;
}

static void search_own(search *s)
{
    const nearest nothing = {(double)INFINITY, no_row};
    const int count = (int)s->rows->count;

#pragma omp parallel for num_threads(s->threads) schedule(static)
    for (int i = 0; i < count; ++i)
        s->best[i] = look(s, s->point + (size_t)i * s->axes, (size_t)i, nothing);
}

/* ---- rounds ---- */

static size_t batch_of(const search *s, int rank, size_t done)
{
    size_t count = tml_explored_rows_of(s->rows, rank);
    size_t left = count > done ? count - done : 0;

    return left < s->batch ? left : s->batch;
}

static tml_status share_queries(search *s, size_t done, tml_error *error)
{
    const size_t length = s->axes + 1;
    double *mine = s->query + (size_t)s->rows->rank * s->batch * length;

    for (size_t i = 0; i < batch_of(s, s->rows->rank, done); ++i) {
        memcpy(mine + i * length, s->point + (done + i) * s->axes, s->axes * sizeof *mine);
        mine[i * length + s->axes] = s->best[done + i].squared;
    }
    return tml_mpi_check(MPI_Allgather(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, s->query, (int)(s->batch * length),
                                       MPI_DOUBLE, s->rows->comm),
                         "sharing rows", error);
}

/* Of its own queries a rank knows the answer; a place without a query is left at infinity by all. */
static void answer_queries(search *s, size_t done)
{
    const size_t length = s->axes + 1;
    const int room = (int)(s->batch * (size_t)s->rows->size);

#pragma omp parallel for num_threads(s->threads) schedule(static)
    for (int q = 0; q < room; ++q) {
        int rank = q / (int)s->batch;
        size_t within = (size_t)q % s->batch;
        const double *query = s->query + (size_t)q * length;

        if (within >= batch_of(s, rank, done))
            s->found[q] = (nearest){(double)INFINITY, no_row};
        else if (rank == s->rows->rank)
            s->found[q] = s->best[done + within];
        else
            s->found[q] = look(s, query, s->rows->count, (nearest){query[s->axes], no_row});
    }
}

/* The smallest distance, then the lowest row among those that have it. */
static tml_status join_answers(search *s, size_t done, tml_error *error)
{
    const size_t room = s->batch * (size_t)s->rows->size;
    const size_t mine = (size_t)s->rows->rank * s->batch;
    tml_status status;

    for (size_t q = 0; q < room; ++q)
        s->smallest[q] = s->found[q].squared;
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, s->smallest, (int)room, MPI_DOUBLE, MPI_MIN, s->rows->comm),
        "finding the nearest", error);
    if (status != TML_OK)
        return status;
    for (size_t q = 0; q < room; ++q)
        s->found_row[q] = s->found[q].squared > s->smallest[q] ? no_row : s->found[q].row;
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, s->found_row, (int)room, MPI_INT64_T, MPI_MIN, s->rows->comm),
        "finding the nearest", error);
    for (size_t i = 0; i < batch_of(s, s->rows->rank, done) && status == TML_OK; ++i)
        s->best[done + i] = (nearest){s->smallest[mine + i], s->found_row[mine + i]};
    return status;
}

static tml_status search_others(search *s, tml_error *error)
{
    const size_t largest = tml_explored_rows_of(s->rows, 0);
    tml_status status = TML_OK;

    for (size_t done = 0; done < largest && status == TML_OK; done += s->batch) {
        status = share_queries(s, done, error);
        if (status == TML_OK) {
            answer_queries(s, done);
            status = join_answers(s, done, error);
        }
    }
    return status;
}

/* ---- the answer ---- */

static tml_status find_median(const tml_explored_rows *rows, tml_neighbours *neighbours, tml_error *error)
{
    const double half = 0.5;
    tml_sorted_columns sorted;
    tml_status status = tml_sorted_columns_create(rows->comm, 1, rows->count, &sorted, error);

    if (status == TML_OK) {
        for (size_t i = 0; i < rows->count; ++i)
            if (neighbours->distance[i] > 0.0)
                tml_sorted_columns_put(&sorted, 0, neighbours->distance[i]);
        status = tml_sorted_columns_finish(&sorted, error);
    }
    if (status == TML_OK)
        status = tml_sorted_columns_quantiles(&sorted, 1, &half, &neighbours->median, error);
    tml_sorted_columns_free(&sorted);
    return status;
}

static tml_status run(search *s, const tml_components *components, tml_neighbours *neighbours,
                      tml_error *error)
{
    tml_status status = tml_agree(s->rows->comm, make_room(s, error), error);

    if (status == TML_OK) {
        whiten(s, components);
        search_own(s);
        status = search_others(s, error);
    }
    for (size_t i = 0; i < s->rows->count && status == TML_OK; ++i) {
        neighbours->distance[i] = sqrt(s->best[i].squared);
        neighbours->nearest_row[i] = s->best[i].row;
    }
    return status;
}

tml_status tml_neighbours_find(const tml_explored_rows *rows, const tml_components *components, int threads,
                               tml_neighbours *neighbours, tml_error *error)
{
    const size_t size = (size_t)rows->size;
    search s = {.rows = rows, .axes = components->pca.kept, .threads = threads};
    tml_status status = tml_array_create(rows->count, sizeof *neighbours->distance, "nearest neighbours",
                                         &neighbours->distance, error);

    neighbours->nearest_row = NULL;
    neighbours->median = (double)NAN;
    s.batch = ROUND / size > 0 ? ROUND / size : 1;
    if (status == TML_OK)
        status = tml_array_create(rows->count, sizeof *neighbours->nearest_row, "nearest neighbours",
                                  &neighbours->nearest_row, error);
    status = tml_agree(rows->comm, status, error);
    for (size_t i = 0; i < rows->count && status == TML_OK; ++i)
        neighbours->distance[i] = (double)NAN;
    if (status == TML_OK && rows->total > 1 && components->pca.kept > 0)
        status = run(&s, components, neighbours, error);
    free_search(&s);
    return status == TML_OK ? find_median(rows, neighbours, error) : status;
}

double tml_outlier_score(const tml_neighbours *neighbours, size_t row)
{
    return neighbours->distance[row] / neighbours->median;
}

void tml_neighbours_free(tml_neighbours *neighbours)
{
    free(neighbours->distance);
    free(neighbours->nearest_row);
    memset(neighbours, 0, sizeof *neighbours);
}
