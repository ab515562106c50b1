#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "exploration/audit_twins.h"
#include "mpi/agree.h"
#include "mpi/exchange.h"

/* What the owner of a spectrum learns of a row. */
typedef struct member {
    uint64_t spectrum;
    int64_t row;
    double label[TML_GRID_PARAMETERS];
} member;

typedef struct source {
    const tml_explored_rows *rows;
    const tml_row_check *checks;
} source;

static void fill_member(const void *context, size_t item, void *record)
{
    const source *from = context;
    member *to = record;

    to->spectrum = from->checks[item].spectrum;
    to->row = from->rows->row[item];
    memcpy(to->label, from->rows->parameter + item * from->rows->parameters,
           from->rows->parameters * sizeof *to->label);
}

static int compare_members(const void *a, const void *b)
{
    const member *left = a;
    const member *right = b;
    const int order = (left->spectrum > right->spectrum) - (left->spectrum < right->spectrum);

    return order != 0 ? order : (left->row > right->row) - (left->row < right->row);
}

static tml_status send_members(const tml_explored_rows *rows, const tml_row_check *checks, member **members,
                               size_t *count, tml_error *error)
{
    const source from = {rows, checks};
    int *owner = NULL;
    tml_status status = tml_array_create(rows->count, sizeof *owner, "identical spectra", &owner, error);

    status = tml_agree(rows->comm, status, error);
    if (status == TML_OK) {
        const tml_exchange exchange = {.comm = rows->comm,
                                       .record_bytes = sizeof(member),
                                       .count = rows->count,
                                       .owner = owner,
                                       .fill = fill_member,
                                       .context = &from};

        for (size_t i = 0; i < rows->count; ++i)
            owner[i] = (int)(checks[i].spectrum % (uint64_t)rows->size);
        status = tml_exchange_records(&exchange, members, count, error);
    }
    free(owner);
    return status;
}

/* Walks over the groups of sorted members. */
static void add_groups(size_t count, const member *members, const double **labels, tml_ceiling_sums *sums,
                       tml_identical_rows *found)
{
    for (size_t begin = 0, end; begin < count; begin = end) {
        for (end = begin; end < count && members[end].spectrum == members[begin].spectrum; ++end)
            labels[end - begin] = members[end].label;
        ++found->spectra;
        if (end - begin == 1)
            continue;
        ++found->groups;
        found->rows += end - begin;
        if (found->largest < end - begin)
            found->largest = end - begin;
        tml_ceiling_sums_add(sums, end - begin, labels, 1.0);
    }
}

static tml_status join_counts(MPI_Comm comm, tml_identical_rows *found, tml_error *error)
{
    uint64_t sums[3] = {found->spectra, found->groups, found->rows};
    tml_status status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, sums, 3, MPI_UINT64_T, MPI_SUM, comm),
                                      "counting identical spectra", error);

    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, &found->largest, 1, MPI_UINT64_T, MPI_MAX, comm),
                               "counting identical spectra", error);
    found->spectra = sums[0];
    found->groups = sums[1];
    found->rows = sums[2];
    return status;
}

tml_status tml_identical_rows_find(const tml_explored_rows *rows, const tml_row_check *checks,
                                   const tml_label_scale *scale, tml_identical_rows *found, tml_error *error)
{
    member *members = NULL;
    const double **labels = NULL;
    tml_ceiling_sums sums = {0};
    size_t count = 0;
    tml_status status = send_members(rows, checks, &members, &count, error);

    memset(found, 0, sizeof *found);
    if (status == TML_OK)
        status = tml_agree(
            rows->comm, tml_array_create(count, sizeof *labels, "identical spectra", &labels, error), error);
    if (status == TML_OK)
        status = tml_ceiling_sums_create(rows, scale, count, &sums, error);
    if (status == TML_OK) {
        if (count > 0)
            qsort(members, count, sizeof *members, compare_members);
        add_groups(count, members, labels, &sums, found);
        status = join_counts(rows->comm, found, error);
    }
    if (status == TML_OK)
        status = tml_ceiling_sums_reduce(&sums, found->ceiling, error);
    tml_ceiling_sums_free(&sums);
    free(labels);
    free(members);
    return status;
}
