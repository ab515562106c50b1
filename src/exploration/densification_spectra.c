#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "exploration/densification_private.h"
#include "mpi/agree.h"
#include "mpi/exchange.h"
#include "mpi/share.h"

/* A spectrum of the old grid that somebody needs. */
typedef struct request {
    uint64_t node;
    uint64_t rank; /* that needs it */
    uint64_t slot; /* where it goes there */
} request;

/* One turn of questions and answers. */
typedef struct turn {
    const tml_old_nodes *old;
    size_t count; /* new nodes of this rank */
    tml_dense_stencil *stencil;
    size_t corners;  /* of all of them */
    request *wanted; /* [corners] */
    int *owner;      /* [corners], then of the answers */
    request *asked;  /* by others, [asked_count] */
    size_t asked_count;
    float *flux; /* [corners][wavelengths] */
} turn;

void tml_dense_values(const tml_old_nodes *old, uint64_t node, double *value)
{
    for (size_t p = old->parameters; p-- > 0;) {
        value[p] = old->pair[p].value[node % old->pair[p].count];
        node /= old->pair[p].count;
    }
}

static tml_status make_stencil(const tml_old_nodes *old, uint64_t node, tml_dense_stencil *stencil,
                               tml_error *error)
{
    tml_bracket bracket[TML_GRID_PARAMETERS];
    size_t corner[TML_STENCIL_POINTS * TML_GRID_PARAMETERS];
    double value[TML_GRID_PARAMETERS];

    tml_dense_values(old, node, value);
    for (size_t p = 0; p < old->parameters; ++p) {
        const tml_dense_pair *pair = &old->pair[p];

        bracket[p] = tml_bracket_of(pair->old_count, pair->old_place,
                                    pair->is_log10 ? log10(value[p]) : value[p]);
    }
    stencil->count = tml_multilinear(old->parameters, bracket, corner, stencil->weight);
    if (stencil->count == 0)
        return TML_FAIL(error, TML_USAGE,
                        "new values on more than 8 axes at once are too many; make the grid "
                        "finer in two steps");
    for (size_t c = 0; c < stencil->count; ++c) {
        stencil->node[c] = 0;
        for (size_t p = 0; p < old->parameters; ++p)
            stencil->node[c] = stencil->node[c] * old->pair[p].old_count + corner[c * old->parameters + p];
    }
    return TML_OK;
}

static tml_status find_corners(turn *r, const uint64_t *node, tml_error *error)
{
    tml_status status = tml_array_create(r->count, sizeof *r->stencil, "corners", &r->stencil, error);
    size_t at = 0;

    for (size_t i = 0; i < r->count && status == TML_OK; ++i) {
        status = make_stencil(r->old, node[i], &r->stencil[i], error);
        r->corners += r->stencil[i].count;
    }
    if (status == TML_OK)
        status = tml_array_create(r->corners, sizeof *r->wanted, "corners", &r->wanted, error);
    if (status == TML_OK)
        status = tml_array_create(r->corners, sizeof *r->owner, "corners", &r->owner, error);
    if (status == TML_OK)
        status = tml_array_create(r->corners, r->old->wavelengths * sizeof *r->flux, "corners", &r->flux,
                                  error);
    for (size_t i = 0; i < r->count && status == TML_OK; ++i)
        for (size_t c = 0; c < r->stencil[i].count; ++c, ++at) {
            r->wanted[at] = (request){r->stencil[i].node[c], (uint64_t)r->old->rank, at};
            r->owner[at] = tml_share_owner(r->old->nodes, r->wanted[at].node, r->old->size);
        }
    return status;
}

static void fill_request(const void *context, size_t item, void *record)
{
    const turn *r = context;

    memcpy(record, &r->wanted[item], sizeof *r->wanted);
}

/* The slot, then the fluxes. */
static void fill_answer(const void *context, size_t item, void *record)
{
    const turn *r = context;
    const size_t width = r->old->wavelengths;

    *(uint64_t *)record = r->asked[item].slot;
    memcpy((uint64_t *)record + 1, r->old->flux + (r->asked[item].node - r->old->first) * width,
           width * sizeof(float));
}

static tml_status ask(turn *r, tml_error *error)
{
    const tml_exchange questions = {.comm = r->old->comm,
                                    .record_bytes = sizeof(request),
                                    .count = r->corners,
                                    .owner = r->owner,
                                    .fill = fill_request,
                                    .context = r};
    tml_status status = tml_exchange_records(&questions, &r->asked, &r->asked_count, error);
    int *asker = NULL;

    if (status != TML_OK)
        return status;
    status = tml_array_create(r->asked_count, sizeof *asker, "corners", &asker, error);
    status = tml_agree(r->old->comm, status, error);
    for (size_t i = 0; i < r->asked_count && status == TML_OK; ++i)
        asker[i] = (int)r->asked[i].rank;
    free(r->owner);
    r->owner = asker;
    return status;
}

static tml_status answer(turn *r, tml_error *error)
{
    const size_t width = r->old->wavelengths;
    const size_t record_bytes = sizeof(uint64_t) + (width + 1) / 2 * sizeof(uint64_t);
    const tml_exchange answers = {.comm = r->old->comm,
                                  .record_bytes = record_bytes,
                                  .count = r->asked_count,
                                  .owner = r->owner,
                                  .fill = fill_answer,
                                  .context = r};
    char *record = NULL;
    size_t received = 0;
    tml_status status = tml_exchange_records(&answers, &record, &received, error);

    for (size_t i = 0; i < received && status == TML_OK; ++i) {
        uint64_t slot;

        memcpy(&slot, record + i * record_bytes, sizeof slot);
        memcpy(r->flux + slot * width, record + i * record_bytes + sizeof slot, width * sizeof *r->flux);
    }
    free(record);
    return status;
}

/* @param corner  the corners' fluxes at a wavelength, `stride` apart */
static float mean_flux(const tml_dense_stencil *stencil, const float *corner, size_t stride)
{
    double log_sum = 0.0;
    double sum = 0.0;
    bool has_log = true;

    for (size_t c = 0; c < stencil->count; ++c) {
        const double flux = (double)corner[c * stride];

        has_log = has_log && flux > 0.0;
        log_sum += has_log ? stencil->weight[c] * log(flux) : 0.0;
        sum += stencil->weight[c] * flux;
    }
    return (float)(has_log ? exp(log_sum) : sum);
}

static void combine(const turn *r, float *flux)
{
    const size_t width = r->old->wavelengths;
    const float *corner = r->flux;

    for (size_t i = 0; i < r->count; ++i) {
        if (r->stencil[i].count == 1)
            memcpy(flux + i * width, corner, width * sizeof *flux);
        for (size_t w = 0; w < width && r->stencil[i].count > 1; ++w)
            flux[i * width + w] = mean_flux(&r->stencil[i], corner + w, width);
        corner += r->stencil[i].count * width;
    }
}

tml_status tml_dense_spectra(const tml_old_nodes *old, size_t count, const uint64_t *node, float *flux,
                             tml_error *error)
{
    turn r = {.old = old, .count = count};
    tml_status status = tml_agree(old->comm, find_corners(&r, node, error), error);

    if (status == TML_OK)
        status = ask(&r, error);
    if (status == TML_OK)
        status = answer(&r, error);
    if (status == TML_OK)
        combine(&r, flux);
    free(r.stencil);
    free(r.wanted);
    free(r.owner);
    free(r.asked);
    free(r.flux);
    return status;
}
