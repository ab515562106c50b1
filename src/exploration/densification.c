#include "exploration/densification.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/permutation.h"
#include "exploration/densification_private.h"
#include "mpi/agree.h"
#include "mpi/share.h"

/* New spectra of a rank whose corners are asked for at a time. */
enum { PART_ROWS = 256 };

/* What one rank writes from; the arrays hold one chunk. */
typedef struct desk {
    const tml_densification *wish;
    const tml_old_nodes *old;
    tml_permutation order;
    uint64_t total;
    uint64_t *node;
    tml_grid_rows rows;
} desk;

static tml_status make_room(desk *d, uint64_t chunk, tml_error *error)
{
    const size_t count = (size_t)chunk;
    tml_status status = tml_array_create(count, sizeof *d->node, "new rows", &d->node, error);

    if (status == TML_OK)
        status = tml_array_create(count, sizeof *d->rows.row, "new rows", &d->rows.row, error);
    if (status == TML_OK)
        status = tml_array_create(count, d->old->wavelengths * sizeof *d->rows.flux, "new rows",
                                  &d->rows.flux, error);
    if (status == TML_OK)
        status = tml_array_create(count, d->old->parameters * sizeof *d->rows.parameters, "new rows",
                                  &d->rows.parameters, error);
    return status;
}

static void free_desk(desk *d)
{
    free(d->node);
    free(d->rows.row);
    free(d->rows.flux);
    free(d->rows.parameters);
}

/* The rows of one chunk, in as many parts on every rank. */
static tml_status fill_chunk(desk *d, uint64_t first, uint64_t count, uint64_t chunk, tml_error *error)
{
    tml_status status = TML_OK;

    for (uint64_t i = 0; i < count; ++i) {
        d->node[i] = tml_permutation_at(&d->order, first + i);
        d->rows.row[i] = (int64_t)d->node[i];
        tml_dense_values(d->old, d->node[i], d->rows.parameters + i * d->old->parameters);
    }
    for (uint64_t done = 0; done < chunk && status == TML_OK; done += PART_ROWS) {
        const uint64_t begin = done < count ? done : count;
        const uint64_t part = count - begin < PART_ROWS ? count - begin : PART_ROWS;

        status = tml_dense_spectra(d->old, (size_t)part, d->node + begin,
                                   d->rows.flux + begin * d->old->wavelengths, error);
    }
    return status;
}

static tml_status write_all(desk *d, tml_grid_file *file, tml_error *error)
{
    const uint64_t chunk = tml_grid_file_chunk_rows(file);
    const tml_share mine = tml_share_of_blocks(d->total, chunk, d->old->rank, d->old->size);
    const uint64_t rounds = tml_share_of(tml_divide_up(d->total, chunk), 0, d->old->size).count;
    tml_status status = tml_agree(d->old->comm, make_room(d, chunk, error), error);

    for (uint64_t round = 0; round < rounds && status == TML_OK; ++round) {
        const uint64_t done = round * chunk < mine.count ? round * chunk : mine.count;
        const uint64_t count = mine.count - done < chunk ? mine.count - done : chunk;

        status = fill_chunk(d, mine.first + done, count, chunk, error);
        if (status == TML_OK)
            status = tml_grid_file_write_rows(file, TML_OK, mine.first + done, count, &d->rows, error);
        if (d->wish->progress != NULL)
            d->wish->progress(d->wish->context, (round + 1) * d->total / rounds, d->total);
    }
    return status;
}

static tml_status count_rows(const tml_old_nodes *old, tml_densified *made, tml_error *error)
{
    double nodes = 1.0;

    made->rows = 1;
    for (size_t p = 0; p < old->parameters; ++p) {
        made->count[p] = old->pair[p].count;
        nodes *= (double)old->pair[p].count;
        if (nodes > (double)((uint64_t)1 << 48))
            return TML_FAIL(error, TML_USAGE, "the new axes have more than 2^48 nodes; choose fewer values");
        made->rows *= old->pair[p].count;
    }
    return TML_OK;
}

static tml_status write_grid(const tml_densification *wish, const tml_old_nodes *old,
                             const tml_grid_shape *old_shape, const double *wavelength_um,
                             const char *provenance, uint64_t rows, tml_error *error)
{
    desk d = {.wish = wish, .old = old, .total = rows};
    tml_grid_shape shape = *old_shape;
    tml_grid_file *file = NULL;
    tml_status status;

    shape.rows = rows;
    shape.metadata_count = 0; /* nothing lies between two texts */
    d.order = tml_permutation_create(rows, wish->seed, TML_RANDOM_ORDER, 0);
    status = tml_grid_file_create(old->comm, wish->out, wish->replace, &shape, wavelength_um, provenance,
                                  &file, error);
    if (status == TML_OK)
        status = write_all(&d, file, error);
    if (status == TML_OK)
        status = tml_grid_file_finish(&file, error);
    else
        tml_grid_file_abandon(&file);
    free_desk(&d);
    return status;
}

tml_status tml_densify(MPI_Comm comm, const tml_densification *wish, const char *provenance,
                       tml_densified *made, tml_error *error)
{
    tml_old_nodes old;
    tml_grid_shape shape;
    double *wavelength_um = NULL;
    tml_status status = tml_old_nodes_read(comm, wish, &old, &shape, &wavelength_um, error);

    memset(made, 0, sizeof *made);
    if (status == TML_OK) {
        made->old_rows = shape.rows;
        made->wavelengths = shape.wavelengths;
        made->parameters = shape.parameter_count;
        for (size_t p = 0; p < shape.parameter_count; ++p)
            memcpy(made->name[p], shape.parameters[p].name, sizeof made->name[p]);
        status = count_rows(&old, made, error);
    }
    if (status == TML_OK && !wish->show_only)
        status = write_grid(wish, &old, &shape, wavelength_um, provenance, made->rows, error);
    free(wavelength_um);
    tml_old_nodes_free(&old);
    return status;
}
