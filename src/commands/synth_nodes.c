#include "commands/synth_nodes.h"

#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "io/atomic_file.h"
#include "io/csv_reader.h"
#include "io/grid_targets.h"
#include "mpi/agree.h"

enum { FIRST_ROOM = 1024, DOUBLES_PER_MESSAGE = 1 << 24 };

static const size_t largest_file = (size_t)1 << 30;

/* A table that grows while its length is not known. */
typedef struct growing {
    double *values;
    size_t rows;
    size_t room;
} growing;

static tml_status find_columns(const tml_csv_reader *reader, const char *path, const tml_forward_kind *kind,
                               size_t columns[TML_FORWARD_PARAMETERS], tml_error *error)
{
    size_t count;
    const tml_grid_target *targets = tml_grid_targets(&count);

    for (size_t p = 0; p < kind->parameter_count; ++p) {
        const char *name = kind->parameters[p].name;
        const int target = tml_grid_target_find(name);
        const char *csv_name = target >= 0 ? targets[target].csv_name : name;
        long column = tml_csv_find(reader, name);

        if (column < 0)
            column = tml_csv_find(reader, csv_name);
        if (column < 0)
            return TML_FAIL(
                error, TML_BAD_DATA,
                "%s: no column '%s' (or '%s'); the model '%s' needs one column for each parameter", path,
                name, csv_name, kind->name);
        columns[p] = (size_t)column;
    }
    return TML_OK;
}

static tml_status make_room(growing *table, size_t width, tml_error *error)
{
    size_t room = table->room > 0 ? 2 * table->room : FIRST_ROOM;
    size_t bytes;
    double *values;

    if (table->rows < table->room)
        return TML_OK;
    values = tml_size_multiply(room, width * sizeof *values, &bytes) ? realloc(table->values, bytes) : NULL;
    if (values == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for %zu rows of parameters", room);
    table->values = values;
    table->room = room;
    return TML_OK;
}

static tml_status read_row(const tml_csv_reader *reader, const char *path, const tml_forward_kind *kind,
                           const size_t *columns, double *parameters, tml_error *error)
{
    int bad;

    for (size_t p = 0; p < kind->parameter_count; ++p) {
        tml_status status = tml_csv_number(reader, columns[p], &parameters[p], error);

        if (status != TML_OK)
            return status;
    }
    bad = tml_forward_kind_refuses(kind, parameters);
    if (bad < 0)
        return TML_OK;
    return TML_FAIL(
        error, TML_BAD_DATA,
        "%s: line %lld, row %lld, column '%s': %g is outside %g to %g %s, the range of the model '%s'", path,
        (long long)tml_csv_line(reader), (long long)tml_csv_row(reader), tml_csv_name(reader, columns[bad]),
        parameters[bad], kind->parameters[bad].minimum, kind->parameters[bad].maximum,
        kind->parameters[bad].unit, kind->name);
}

static tml_status read_rows(tml_csv_reader *reader, const char *path, const tml_forward_kind *kind,
                            growing *table, tml_error *error)
{
    size_t columns[TML_FORWARD_PARAMETERS];
    const char *const *fields = NULL;
    tml_status status = find_columns(reader, path, kind, columns, error);

    while (status == TML_OK) {
        status = tml_csv_next(reader, &fields, error);
        if (status != TML_OK || fields == NULL)
            break;
        status = make_room(table, kind->parameter_count, error);
        if (status == TML_OK)
            status = read_row(reader, path, kind, columns,
                              table->values + table->rows * kind->parameter_count, error);
        if (status == TML_OK)
            ++table->rows;
    }
    if (status == TML_OK && table->rows == 0)
        return TML_FAIL(error, TML_BAD_DATA, "%s: no rows after the header; write one row for each spectrum",
                        path);
    return status;
}

static tml_status read_file(const char *path, const tml_forward_kind *kind, growing *table,
                            tml_digest *digest, tml_error *error)
{
    tml_csv_reader *reader = NULL;
    char *bytes = NULL;
    size_t count = 0;
    tml_status status = tml_csv_open(path, &reader, error);

    if (status == TML_OK)
        status = read_rows(reader, path, kind, table, error);
    tml_csv_close(&reader);
    if (status == TML_OK)
        status = tml_file_read_text(path, largest_file, &bytes, &count, error);
    if (status == TML_OK)
        *digest = tml_digest_of(bytes, count);
    free(bytes);
    return status;
}

static tml_status share_values(MPI_Comm comm, double *values, size_t count, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t at = 0; at < count && status == TML_OK; at += DOUBLES_PER_MESSAGE) {
        const size_t left = count - at;

        status = tml_mpi_check(MPI_Bcast(values + at,
                                         (int)(left < DOUBLES_PER_MESSAGE ? left : DOUBLES_PER_MESSAGE),
                                         MPI_DOUBLE, 0, comm),
                               "sharing the nodes", error);
    }
    return status;
}

tml_status tml_synth_nodes_read(MPI_Comm comm, const char *path, const tml_forward_kind *kind,
                                tml_synth_nodes *nodes, tml_error *error)
{
    growing table = {0};
    uint64_t rows = 0;
    int rank = 0;
    tml_status status = tml_mpi_check(MPI_Comm_rank(comm, &rank), "asking for the rank", error);

    memset(nodes, 0, sizeof *nodes);
    if (status == TML_OK && rank == 0)
        status = read_file(path, kind, &table, &nodes->file_digest, error);
    status = tml_agree(comm, status, error);
    rows = table.rows;
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(&rows, 1, MPI_UINT64_T, 0, comm), "sharing the number of nodes",
                               error);
    if (status == TML_OK && rank != 0) {
        table.values = calloc((size_t)rows, kind->parameter_count * sizeof *table.values);
        if (table.values == NULL)
            status = TML_FAIL(error, TML_INTERNAL, "no memory for %llu rows of parameters",
                              (unsigned long long)rows);
    }
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = share_values(comm, table.values, (size_t)rows * kind->parameter_count, error);
    if (status != TML_OK) {
        free(table.values);
        memset(nodes, 0, sizeof *nodes);
        return status;
    }
    nodes->values = table.values;
    nodes->design.kind = TML_DESIGN_TABLE;
    nodes->design.nodes = rows;
    nodes->design.axis_count = kind->parameter_count;
    nodes->design.table = table.values;
    for (size_t p = 0; p < kind->parameter_count; ++p)
        nodes->design.axes[p].name = kind->parameters[p].name;
    return TML_OK;
}

void tml_synth_nodes_free(tml_synth_nodes *nodes)
{
    free(nodes->values);
    memset(nodes, 0, sizeof *nodes);
}
