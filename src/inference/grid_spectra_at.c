#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "inference/grid_spectra_private.h"
#include "mpi/agree.h"
#include "mpi/share.h"

/* Spectra of stencils that are handed round at a time. */
enum { BLOCK_BYTES = 4 << 20 };

/* A local fit may leave the range of its points by this share of the range: a guard where these hardly
 * spread. In the fits through sixteen points that were measured (grid_spectra_stencil.c) it changes no digit.
 */
static const double overshoot = 0.5;

typedef struct round_room {
    size_t block;              /* points of a round */
    tml_grid_stencil *stencil; /* [block] */
    float *flux;               /* [points of all stencils of the round][wavelengths] */
    int *counts, *firsts;      /* [size] of each rank's part in what is gathered */
} round_room;

static void free_room(round_room *room)
{
    free(room->stencil);
    free(room->flux);
    free(room->counts);
}

static tml_status make_room(const tml_grid_spectra *s, size_t count, round_room *room, tml_error *error)
{
    size_t most = tml_grid_stencil_most(s);
    size_t bytes = most * s->wavelengths * sizeof(float);
    int narrow;
    tml_status status;

    room->block = bytes < BLOCK_BYTES ? BLOCK_BYTES / bytes : 1;
    room->block = room->block < count ? room->block : count;
    if (!tml_int_from_size(room->block * most * s->wavelengths, &narrow))
        return TML_FAIL(error, TML_INTERNAL, "%zu wavelengths are too many to interpolate between spectra",
                        s->wavelengths);
    status = tml_array_create(room->block, sizeof *room->stencil, "stencils", &room->stencil, error);
    if (status == TML_OK)
        status = tml_array_create(room->block * most * s->wavelengths, sizeof(float), "spectra of a round",
                                  &room->flux, error);
    if (status == TML_OK)
        status = tml_array_create(2 * (size_t)s->size, sizeof(int), "counts", &room->counts, error);
    if (status == TML_OK)
        room->firsts = room->counts + s->size;
    return status;
}

/* Each rank has done its share of `count` things; all get all. */
static tml_status gather_shares(const tml_grid_spectra *s, round_room *room, size_t count, size_t length,
                                MPI_Datatype type, void *things, tml_error *error)
{
    for (int r = 0; r < s->size; ++r) {
        tml_share share = tml_share_of(count, r, s->size);

        room->counts[r] = (int)(share.count * length);
        room->firsts[r] = (int)(share.first * length);
    }
    return tml_mpi_check(
        MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, things, room->counts, room->firsts, type, s->comm),
        "gathering interpolations", error);
}

/* Each spectrum comes from the one rank that holds it; the others say 0, and bits are combined, so that
 * nothing is rounded. */
static tml_status collect_flux(const tml_grid_spectra *s, size_t count, round_room *room, tml_error *error)
{
    size_t rows = 0;

    for (size_t i = 0; i < count; ++i)
        for (size_t k = 0; k < room->stencil[i].count; ++k, ++rows) {
            const float *own = tml_grid_point_flux(s, room->stencil[i].point[k]);
            float *flux = room->flux + rows * s->wavelengths;

            if (own != NULL)
                memcpy(flux, own, s->wavelengths * sizeof *flux);
            else
                memset(flux, 0, s->wavelengths * sizeof *flux);
        }
    return tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, room->flux, (int)(rows * s->wavelengths), MPI_UINT32_T, MPI_BOR, s->comm),
        "collecting spectra", error);
}

/* One wavelength: the weighted mean of the logarithms, or of the fluxes where one of them has none. The mean
 * of fluxes errs more by far: Sonora Bobcat without the nodes of one temperature, multilinear, median and
 * 95th percentile of |log10 F - log10 F_true|: 0.0282 0.410 against 0.0044 0.030; with local fits, each node
 * from the others, 0.0240 0.434 against 0.0057 0.037. */
static double mean_flux(const tml_grid_stencil *stencil, const float *flux, size_t stride)
{
    bool is_log = true;
    double sum = 0.0;
    double low = INFINITY;
    double high = -INFINITY;

    for (size_t k = 0; k < stencil->count; ++k)
        is_log = is_log && flux[k * stride] > 0.0F;
    for (size_t k = 0; k < stencil->count; ++k) {
        double value = (double)flux[k * stride];

        value = is_log ? log(value) : value;
        sum += stencil->weight[k] * value;
        low = fmin(low, value);
        high = fmax(high, value);
    }
    if (stencil->note.method == TML_INTERPOLATION_SCATTERED)
        sum = fmin(fmax(sum, low - overshoot * (high - low)), high + overshoot * (high - low));
    return is_log ? exp(sum) : fmax(sum, 0.0);
}

/* This rank's share of the round. @param flux  out: [count][wavelengths], of which the share is filled */
static void combine(const tml_grid_spectra *s, size_t count, const round_room *room, double *flux)
{
    tml_share share = tml_share_of(count, s->rank, s->size);
    const float *rows = room->flux;

    for (size_t i = 0; i < share.first + share.count; ++i) {
        const tml_grid_stencil *stencil = &room->stencil[i];

        for (size_t j = 0; j < s->wavelengths && i >= share.first; ++j)
            flux[i * s->wavelengths + j] = stencil->note.method == TML_INTERPOLATION_NODE
                                               ? (double)rows[j]
                                               : mean_flux(stencil, rows + j, s->wavelengths);
        rows += stencil->count * s->wavelengths;
    }
}

static tml_status run_round(const tml_grid_spectra *s, size_t count, const double *points, round_room *room,
                            double *flux, tml_error *error)
{
    tml_share share = tml_share_of(count, s->rank, s->size);
    tml_status status = TML_OK;

    for (size_t i = share.first; i < share.first + share.count && status == TML_OK; ++i)
        status = tml_grid_stencil_make(s, points + i * s->targets, &room->stencil[i], error);
    status = tml_agree(s->comm, status, error);
    if (status == TML_OK)
        status = gather_shares(s, room, count, sizeof *room->stencil, MPI_BYTE, room->stencil, error);
    if (status == TML_OK)
        status = collect_flux(s, count, room, error);
    if (status != TML_OK)
        return status;
    combine(s, count, room, flux);
    return gather_shares(s, room, count, s->wavelengths, MPI_DOUBLE, flux, error);
}

tml_status tml_grid_spectra_at(tml_grid_spectra *spectra, size_t count, const double *points, double *flux,
                               tml_grid_spectrum_note *notes, tml_error *error)
{
    round_room room = {0};
    tml_status status = tml_agree(spectra->comm, make_room(spectra, count, &room, error), error);

    for (size_t first = 0; first < count && status == TML_OK; first += room.block) {
        size_t part = count - first < room.block ? count - first : room.block;

        status = run_round(spectra, part, points + first * spectra->targets, &room,
                           flux + first * spectra->wavelengths, error);
        for (size_t i = 0; i < part && status == TML_OK; ++i)
            notes[first + i] = room.stencil[i].note;
    }
    free_room(&room);
    return status;
}
