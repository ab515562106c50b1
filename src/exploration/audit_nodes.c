#include "exploration/audit_nodes.h"

#include <stdlib.h>
#include <string.h>

#include "core/digest.h"
#include "core/memory.h"
#include "mpi/agree.h"
#include "mpi/distinct.h"
#include "mpi/exchange.h"
#include "mpi/share.h"

typedef struct source {
    const tml_explored_rows *rows;
    const tml_parameter_bins *bins;
} source;

/* The missing nodes of one rank, as they are gathered. */
typedef struct missing_list {
    uint64_t count;
    uint64_t node[TML_MISSING_LISTED];
} missing_list;

static uint64_t node_of(const source *from, size_t row)
{
    uint64_t node = 0;

    for (size_t p = 0; p < from->rows->parameters; ++p)
        node = node * from->bins[p].count +
               tml_parameter_bin(&from->bins[p], tml_parameter_value(from->rows, row, p));
    return node;
}

void tml_node_values(size_t parameters, const tml_parameter_bins *bins, uint64_t node, double *value)
{
    for (size_t p = parameters; p-- > 0;) {
        value[p] = bins[p].low[node % bins[p].count];
        node /= bins[p].count;
    }
}

static void fill_node(const void *context, size_t item, void *record)
{
    *(uint64_t *)record = node_of(context, item);
}

static tml_status send_nodes(const source *from, uint64_t total, uint64_t **nodes, size_t *count,
                             tml_error *error)
{
    const tml_explored_rows *rows = from->rows;
    int *owner = NULL;
    tml_status status = tml_array_create(rows->count, sizeof *owner, "nodes", &owner, error);

    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK) {
        const tml_exchange exchange = {.comm = rows->comm,
                                       .record_bytes = sizeof **nodes,
                                       .count = rows->count,
                                       .owner = owner,
                                       .fill = fill_node,
                                       .context = from};

        for (size_t i = 0; i < rows->count; ++i)
            owner[i] = tml_share_owner(total, node_of(from, i), rows->size);
        status = tml_exchange_records(&exchange, nodes, count, error);
    }
    free(owner);
    return status;
}

static int compare_nodes(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;

    return (*left > *right) - (*left < *right);
}

/* Sorts the nodes and notes what is not among them. @return different ones */
static uint64_t look(tml_share share, uint64_t *nodes, size_t count, missing_list *missing)
{
    uint64_t expected = share.first;
    uint64_t different = 0;

    if (count > 0)
        qsort(nodes, count, sizeof *nodes, compare_nodes);
    for (size_t i = 0; i < count; ++i) {
        for (; expected < nodes[i]; ++expected)
            if (missing->count < TML_MISSING_LISTED)
                missing->node[missing->count++] = expected;
            else
                expected = nodes[i] - 1;
        different += i == 0 || nodes[i] != nodes[i - 1];
        expected = nodes[i] + 1;
    }
    for (; expected < share.first + share.count && missing->count < TML_MISSING_LISTED; ++expected)
        missing->node[missing->count++] = expected;
    return different;
}

/* Ranks look after ascending nodes. */
static tml_status join_missing(const tml_explored_rows *rows, const missing_list *mine, tml_node_audit *audit,
                               tml_error *error)
{
    enum { WORDS = sizeof *mine / sizeof(uint64_t) };
    missing_list *all = NULL;
    tml_status status = tml_array_create((size_t)rows->size, sizeof *all, "missing nodes", &all, error);

    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allgather(mine, WORDS, MPI_UINT64_T, all, WORDS, MPI_UINT64_T, rows->comm),
                               "sharing missing nodes", error);
    for (int r = 0; r < rows->size && status == TML_OK; ++r)
        for (size_t i = 0; i < all[r].count && audit->listed < TML_MISSING_LISTED; ++i)
            audit->missing[audit->listed++] = all[r].node[i];
    free(all);
    return status;
}

static tml_status look_at_nodes(const source *from, tml_node_audit *audit, tml_error *error)
{
    const tml_explored_rows *rows = from->rows;
    missing_list missing = {0, {0}};
    uint64_t *nodes = NULL;
    size_t count = 0;
    tml_status status = send_nodes(from, audit->nodes, &nodes, &count, error);

    if (status == TML_OK) {
        audit->filled = look(tml_share_of(audit->nodes, rows->rank, rows->size), nodes, count, &missing);
        status = tml_mpi_check(
            MPI_Allreduce(MPI_IN_PLACE, &audit->filled, 1, MPI_UINT64_T, MPI_SUM, rows->comm),
            "counting nodes", error);
        audit->repeated = rows->total - audit->filled;
    }
    free(nodes);
    return status == TML_OK ? join_missing(rows, &missing, audit, error) : status;
}

static tml_status count_combinations(const tml_explored_rows *rows, tml_node_audit *audit, tml_error *error)
{
    uint64_t *keys = NULL;
    tml_distinct distinct = {0};
    tml_status status = tml_array_create(rows->count, sizeof *keys, "combinations", &keys, error);

    status = tml_agree(rows->comm, status, error);
    for (size_t i = 0; i < rows->count && status == TML_OK; ++i)
        keys[i] = tml_digest_64(rows->parameter + i * rows->parameters,
                                rows->parameters * sizeof *rows->parameter);
    if (status == TML_OK)
        status = tml_distinct_count(rows->comm, keys, rows->count, &distinct, error);
    audit->filled = distinct.different;
    free(keys);
    return status;
}

tml_status tml_node_audit_run(const tml_explored_rows *rows, const tml_parameter_bins *bins,
                              tml_node_audit *audit, tml_error *error)
{
    const source from = {rows, bins};
    double nodes = 1.0;

    memset(audit, 0, sizeof *audit);
    audit->is_regular = true;
    audit->nodes = 1;
    for (size_t p = 0; p < rows->parameters; ++p) {
        nodes *= (double)bins[p].count;
        audit->is_regular = audit->is_regular && bins[p].is_axis && nodes <= TML_NODES_MOST;
        audit->nodes *= audit->is_regular ? bins[p].count : 1;
    }
    if (audit->is_regular)
        return look_at_nodes(&from, audit, error);
    audit->nodes = 0;
    return count_combinations(rows, audit, error);
}
