#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands/simulation.h"
#include "core/checked.h"
#include "core/memory.h"
#include "core/number_text.h"
#include "io/atomic_file.h"
#include "io/grid_file.h"
#include "mpi/agree.h"
#include "mpi/share.h"

/* Numbers that rank 0 takes in at a time, 8 MB, and the rows that it may make of them. */
enum { ROUND_NUMBERS = 1 << 20, ROUND_ROWS = 4096 };

/* A row that this rank holds: its number, and where it lies in memory. */
typedef struct held_row {
    int64_t row;
    uint64_t at;
} held_row;

/* What travels to rank 0 of each row: its place among all rows in ascending order, sigma, parameters, noisy
 * fluxes. */
enum { AT_PLACE, AT_SIGMA, AT_PARAMETERS };

/* One of the two files, on rank 0. */
typedef struct output {
    const char *path;
    char *partial;
    FILE *file;
} output;

/* In the order in which they get their names: the table is there when both are. */
enum { ERRORS, TABLE, OUTPUTS };

/* All that a rank has while the tables are written. */
typedef struct tabling {
    const tml_world *world;
    const tml_simulation *simulation;
    const tml_grid_shape *shape;
    const double *wavelength_um;
    tml_grid_rows rows;
    uint64_t count;
    held_row *held; /* [count] ascending in row */
    int64_t *all;   /* [shape.rows] ascending: the row numbers of all ranks */
    size_t record;  /* numbers that travel of a row */
    size_t round_rows;
    double *mine;         /* [round_rows][record] */
    int *counts, *starts; /* [world.size] */
    /* on rank 0 alone */
    double *gathered;     /* [round_rows][record] */
    const double **slots; /* [round_rows] into gathered, in the order of the rows */
    output outputs[OUTPUTS];
} tabling;

static void free_tabling(tabling *t)
{
    free(t->rows.row);
    free(t->rows.flux);
    free(t->rows.parameters);
    free(t->held);
    free(t->all);
    free(t->mine);
    free(t->gathered);
    free(t->slots);
    free(t->counts);
    free(t->starts);
    for (size_t i = 0; i < OUTPUTS; ++i)
        free(t->outputs[i].partial);
}

static int compare_held(const void *a, const void *b)
{
    const held_row *left = a;
    const held_row *right = b;

    return (left->row > right->row) - (left->row < right->row);
}

static int compare_numbers(const void *a, const void *b)
{
    const int64_t *left = a;
    const int64_t *right = b;

    return (*left > *right) - (*left < *right);
}

/* ---- reading ---- */

static tml_status make_room(tabling *t, tml_error *error)
{
    const size_t rows = (size_t)t->count;
    const char *what = "the rows of the grid";
    size_t fluxes = 0;
    tml_status status = TML_OK;

    t->record = AT_PARAMETERS + t->shape->parameter_count + t->shape->wavelengths;
    t->round_rows = ROUND_NUMBERS / t->record;
    t->round_rows = t->round_rows < 1 ? 1 : t->round_rows > ROUND_ROWS ? ROUND_ROWS : t->round_rows;
    if (!tml_size_multiply(rows, t->shape->wavelengths, &fluxes))
        return TML_FAIL(error, TML_INTERNAL, "no memory for %s", what);
    status = tml_array_create(rows, sizeof *t->rows.row, what, &t->rows.row, error);
    if (status == TML_OK)
        status = tml_array_create(fluxes, sizeof *t->rows.flux, what, &t->rows.flux, error);
    if (status == TML_OK)
        status = tml_array_create(rows * t->shape->parameter_count, sizeof *t->rows.parameters, what,
                                  &t->rows.parameters, error);
    if (status == TML_OK)
        status = tml_array_create(rows, sizeof *t->held, what, &t->held, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)t->shape->rows, sizeof *t->all, "row numbers", &t->all, error);
    if (status == TML_OK)
        status = tml_array_create(t->round_rows * t->record, sizeof *t->mine, "noisy rows", &t->mine, error);
    if (status == TML_OK && t->world->rank == 0)
        status = tml_array_create(t->round_rows * t->record, sizeof *t->gathered, "noisy rows", &t->gathered,
                                  error);
    if (status == TML_OK && t->world->rank == 0)
        status = tml_array_create(t->round_rows, sizeof *t->slots, "noisy rows", &t->slots, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)t->world->size, sizeof *t->counts, "counts", &t->counts, error);
    if (status == TML_OK)
        status = tml_array_create((size_t)t->world->size, sizeof *t->starts, "counts", &t->starts, error);
    return status;
}

/* Row numbers of all ranks, so that each knows where its rows stand in the table. */
static tml_status share_numbers(tabling *t, tml_error *error)
{
    tml_status status = TML_OK;
    int own = 0;

    for (int r = 0; r < t->world->size && status == TML_OK; ++r) {
        const tml_share share = tml_share_of(t->shape->rows, r, t->world->size);

        if (!tml_int_from_size((size_t)share.count, &t->counts[r]) ||
            !tml_int_from_size((size_t)share.first, &t->starts[r]))
            status = TML_FAIL(error, TML_INTERNAL, "%s: more than 2^31 rows", t->simulation->grid);
    }
    own = t->counts[t->world->rank];
    status = tml_agree(t->world->comm, status, error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allgatherv(t->rows.row, own, MPI_INT64_T, t->all, t->counts, t->starts,
                                              MPI_INT64_T, t->world->comm),
                               "sharing the row numbers", error);
    if (status != TML_OK)
        return status;
    qsort(t->all, (size_t)t->shape->rows, sizeof *t->all, compare_numbers);
    for (uint64_t i = 1; i < t->shape->rows; ++i)
        if (t->all[i] == t->all[i - 1])
            return TML_FAIL(error, TML_BAD_DATA, "%s: the row number %" PRId64 " is there twice",
                            t->simulation->grid, t->all[i]);
    return TML_OK;
}

static tml_status read_share(tabling *t, tml_grid_file *file, tml_error *error)
{
    const tml_share share = tml_share_of(t->shape->rows, t->world->rank, t->world->size);
    tml_status status;

    t->count = share.count;
    status = tml_agree(t->world->comm, make_room(t, error), error);
    if (status == TML_OK)
        status = tml_grid_file_read_rows(file, share.first, share.count, &t->rows, error);
    if (status != TML_OK)
        return status;
    for (uint64_t i = 0; i < t->count; ++i)
        t->held[i] = (held_row){t->rows.row[i], i};
    qsort(t->held, (size_t)t->count, sizeof *t->held, compare_held);
    return share_numbers(t, error);
}

/* ---- writing: rank 0 ---- */

static tml_status open_partial(output *out, tml_error *error)
{
    out->partial = tml_atomic_partial_path(out->path);
    if (out->partial == NULL)
        return TML_FAIL(error, TML_INTERNAL, "no memory for the name of %s", out->path);
    out->file = fopen(out->partial, "w");
    if (out->file == NULL)
        return TML_FAIL(error, TML_CANNOT_CREATE,
                        "%s: cannot be created: %s; check that its folder exists and is writable",
                        out->partial, strerror(errno));
    return TML_OK;
}

static void print_header(const tabling *t, FILE *out)
{
    char text[TML_NUMBER_TEXT];

    for (size_t i = 0; i < t->shape->parameter_count; ++i)
        fprintf(out, "%s,", t->shape->parameters[i].name);
    fputs("row", out);
    for (size_t i = 0; i < t->shape->wavelengths; ++i) {
        tml_number_text(t->wavelength_um[i], text);
        fprintf(out, ",%s", text);
    }
    fputc('\n', out);
}

static tml_status begin_files(tabling *t, tml_error *error)
{
    tml_status status = TML_OK;

    for (size_t i = 0; i < OUTPUTS && status == TML_OK; ++i) {
        status = open_partial(&t->outputs[i], error);
        if (status == TML_OK)
            print_header(t, t->outputs[i].file);
    }
    return status;
}

static void print_row(const tabling *t, const double *record)
{
    const double *flux = record + AT_PARAMETERS + t->shape->parameter_count;
    const int64_t row = t->all[(uint64_t)record[AT_PLACE]];
    FILE *table = t->outputs[TABLE].file;
    FILE *errors = t->outputs[ERRORS].file;
    char text[TML_NUMBER_TEXT];

    for (size_t i = 0; i < t->shape->parameter_count; ++i) {
        tml_number_text(record[AT_PARAMETERS + i], text);
        fprintf(table, "%s,", text);
        fprintf(errors, "%s,", text);
    }
    fprintf(table, "%" PRId64, row);
    fprintf(errors, "%" PRId64, row);
    for (size_t i = 0; i < t->shape->wavelengths; ++i) {
        tml_number_text(flux[i], text);
        fprintf(table, ",%s", text);
    }
    tml_number_text(record[AT_SIGMA], text);
    for (size_t i = 0; i < t->shape->wavelengths; ++i)
        fprintf(errors, ",%s", text);
    fputc('\n', table);
    fputc('\n', errors);
}

static tml_status close_output(output *out, tml_status status, tml_error *error)
{
    bool has_failed;

    if (out->file == NULL)
        return status;
    has_failed = ferror(out->file) != 0;
    has_failed |= fclose(out->file) != 0;
    out->file = NULL;
    if (status != TML_OK || !has_failed)
        return status;
    return TML_FAIL(error, TML_IO_ERROR, "%s: cannot be written; is the disk full?", out->partial);
}

/* Both files or none. */
static tml_status finish_files(tabling *t, tml_status status, tml_error *error)
{
    output *errors = &t->outputs[ERRORS];
    output *table = &t->outputs[TABLE];

    for (size_t i = 0; i < OUTPUTS; ++i)
        status = close_output(&t->outputs[i], status, error);
    if (status == TML_OK)
        status = tml_atomic_publish(errors->partial, errors->path, error);
    if (status == TML_OK) {
        status = tml_atomic_publish(table->partial, table->path, error);
        if (status != TML_OK)
            unlink(errors->path);
    }
    for (size_t i = 0; i < OUTPUTS && status != TML_OK; ++i)
        if (t->outputs[i].partial != NULL)
            unlink(t->outputs[i].partial);
    return status;
}

/* ---- rounds ---- */

/* Noise on those of this rank's rows whose place is in [first, end). @param next  in and out: row to go on */
static tml_status make_records(tabling *t, uint64_t first, uint64_t end, uint64_t *next, size_t *made,
                               tml_error *error)
{
    const size_t parameters = t->shape->parameter_count;

    *made = 0;
    for (uint64_t place = first; place < end && *next < t->count; ++place) {
        const held_row *held = &t->held[*next];
        double *record = t->mine + *made * t->record;
        tml_status status;

        if (t->all[place] != held->row)
            continue;
        record[AT_PLACE] = (double)place;
        memcpy(record + AT_PARAMETERS, t->rows.parameters + held->at * parameters,
               parameters * sizeof *record);
        status = tml_simulation_noise(t->simulation, (uint64_t)held->row, t->shape->wavelengths,
                                      t->rows.flux + held->at * t->shape->wavelengths,
                                      record + AT_PARAMETERS + parameters, &record[AT_SIGMA], error);
        if (status != TML_OK)
            return status;
        ++*next;
        ++*made;
    }
    return TML_OK;
}

static tml_status gather(tabling *t, size_t made, tml_error *error)
{
    int mine = (int)(made * t->record); /* at most ROUND_NUMBERS, or one row */
    tml_status status = tml_mpi_check(MPI_Gather(&mine, 1, MPI_INT, t->counts, 1, MPI_INT, 0, t->world->comm),
                                      "counting rows", error);

    if (status != TML_OK)
        return status;
    t->starts[0] = 0;
    for (int r = 1; r < t->world->size; ++r)
        t->starts[r] = t->starts[r - 1] + t->counts[r - 1];
    return tml_mpi_check(MPI_Gatherv(t->mine, mine, MPI_DOUBLE, t->gathered, t->counts, t->starts, MPI_DOUBLE,
                                     0, t->world->comm),
                         "gathering rows", error);
}

static void write_round(tabling *t, uint64_t first, uint64_t end)
{
    for (uint64_t i = 0; i < end - first; ++i) {
        const double *record = t->gathered + i * t->record;

        t->slots[(uint64_t)record[AT_PLACE] - first] = record;
    }
    for (uint64_t i = 0; i < end - first; ++i)
        print_row(t, t->slots[i]);
}

static tml_status write_rounds(tabling *t, tml_error *error)
{
    const uint64_t total = t->shape->rows;
    const bool writes = t->world->rank == 0 && !t->simulation->dry_run;
    uint64_t next = 0;
    tml_status status = TML_OK;

    for (uint64_t first = 0; first < total && status == TML_OK; first += t->round_rows) {
        const uint64_t end = total - first < t->round_rows ? total : first + t->round_rows;
        size_t made = 0;

        status = tml_agree(t->world->comm, make_records(t, first, end, &next, &made, error), error);
        if (status == TML_OK)
            status = gather(t, made, error);
        if (status == TML_OK && writes)
            write_round(t, first, end);
    }
    return status;
}

static tml_status write_tables(tabling *t, tml_error *error)
{
    const bool writes = t->world->rank == 0 && !t->simulation->dry_run;
    tml_status status = tml_agree(t->world->comm, writes ? begin_files(t, error) : TML_OK, error);

    if (status == TML_OK)
        status = write_rounds(t, error);
    if (writes)
        status = finish_files(t, status, error);
    return tml_agree(t->world->comm, status, error);
}

tml_status tml_simulate_table(const tml_world *world, const tml_simulation *simulation,
                              tml_simulation_result *result, tml_error *error)
{
    tabling t = {
        .world = world,
        .simulation = simulation,
        .outputs = {[ERRORS] = {.path = simulation->errors_path}, [TABLE] = {.path = simulation->table_path}},
    };
    tml_grid_file *file = NULL;
    tml_status status = tml_simulation_check_output(world, simulation, simulation->table_path, error);

    if (status == TML_OK)
        status = tml_simulation_check_output(world, simulation, simulation->errors_path, error);
    if (status == TML_OK)
        status = tml_grid_file_open(world->comm, simulation->grid, TML_IO_INDEPENDENT, false, &file, error);
    if (status == TML_OK) {
        t.shape = tml_grid_file_shape(file);
        t.wavelength_um = tml_grid_file_wavelength_um(file);
        *result = (tml_simulation_result){t.shape->rows, t.shape->wavelengths};
        status = read_share(&t, file, error);
        if (status == TML_OK)
            status = write_tables(&t, error);
    }
    free_tabling(&t);
    tml_grid_file_close(&file);
    return status;
}
