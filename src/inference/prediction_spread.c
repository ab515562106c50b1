#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "inference/prediction_private.h"
#include "mpi/agree.h"
#include "statistics/chi_square.h"
#include "statistics/sample_summary.h"

/* Draws whose spectra are looked at: the sd of the scale is then known to 5 %, and 5 spectra lie beyond
 * either end of the central 95 %. */
enum { SPREAD_DRAWS = 200 };

/* Room for one object. */
typedef struct spread_room {
    double *spectra;               /* [SPREAD_DRAWS][bins] */
    double *number;                /* [SPREAD_DRAWS] scales, then the values of one bin */
    tml_grid_spectrum_note *notes; /* [SPREAD_DRAWS] */
} spread_room;

/* Each spectrum on its own scale, as the answer's is. Those without one are left out.
 * @return how many are left, at the beginning */
static size_t scale_spectra(const tml_prediction_block *b, size_t m, size_t draws, spread_room *room)
{
    size_t used = 0;

    for (size_t d = 0; d < draws; ++d) {
        const double *spectrum = room->spectra + d * b->bins;
        double scale =
            tml_scale_fit_of(b->bins, b->flux + m * b->bins, b->error + m * b->bins, spectrum).scale;

        if (!isfinite(scale))
            continue;
        room->number[used] = scale;
        for (size_t i = 0; i < b->bins; ++i)
            room->spectra[used * b->bins + i] = scale * spectrum[i];
        ++used;
    }
    return used;
}

static void find_bands(tml_prediction_block *b, size_t m, size_t used, spread_room *room)
{
    for (size_t i = 0; i < b->bins; ++i) {
        double *band = b->band + m * TML_RESULT_BANDS * b->bins + i;
        tml_sample_summary summary;

        for (size_t d = 0; d < used; ++d)
            room->number[d] = room->spectra[d * b->bins + i];
        summary = tml_sample_summarise(used, room->number);
        band[0] = summary.p2_5;
        band[b->bins] = summary.p16;
        band[2 * b->bins] = summary.p50;
        band[3 * b->bins] = summary.p84;
        band[4 * b->bins] = summary.p97_5;
    }
}

/* Collective. */
static tml_status spread_object(tml_prediction_block *b, size_t m, spread_room *room, tml_error *error)
{
    size_t draws = b->request->draws < SPREAD_DRAWS ? (size_t)b->request->draws : SPREAD_DRAWS;
    size_t used;
    tml_status status = tml_grid_spectra_at(b->predictor->grid, draws,
                                            b->draw + m * (size_t)b->request->draws * b->targets,
                                            room->spectra, room->notes, error);

    if (status != TML_OK)
        return status;
    used = scale_spectra(b, m, draws, room);
    b->scale_spread[m] = tml_sample_summarise(used, room->number).sd;
    find_bands(b, m, used, room);
    return TML_OK;
}

tml_status tml_prediction_spread(tml_prediction_block *b, tml_error *error)
{
    spread_room room = {NULL, NULL, NULL};
    tml_status status = tml_array_create(SPREAD_DRAWS * b->bins, sizeof(double), "spectra", &room.spectra,
                                         error);

    if (status == TML_OK)
        status = tml_array_create(SPREAD_DRAWS, sizeof *room.notes, "spectra", &room.notes, error);
    if (status == TML_OK)
        status = tml_array_create(SPREAD_DRAWS, sizeof(double), "scales", &room.number, error);
    status = tml_agree(b->predictor->world->comm, status, error);
    for (size_t m = 0; m < b->count && status == TML_OK; ++m)
        status = spread_object(b, m, &room, error);
    free(room.spectra);
    free(room.number);
    free(room.notes);
    return status;
}
