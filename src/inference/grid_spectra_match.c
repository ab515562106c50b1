#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "inference/grid_spectra_private.h"
#include "mpi/agree.h"
#include "statistics/chi_square.h"

/* Observations of one round. */
enum { BLOCK = 1024 };

typedef struct candidate {
    double chi2, scale;
    int64_t row;
    size_t at; /* among the rows of this rank */
} candidate;

typedef struct search {
    const tml_grid_spectra *spectra;
    bool fit_scale;
    double *model;    /* [wavelengths] */
    bool *is_usable;  /* [BLOCK] whether the observation has a pixel that counts */
    candidate *best;  /* [BLOCK] of this rank */
    double *smallest; /* [BLOCK] chi2 of all ranks */
    int64_t *row;     /* [BLOCK] of all ranks */
    double *known;    /* [BLOCK][1 + targets] scale and parameters of the best */
} search;

static const int64_t no_row = INT64_MAX;

static void free_search(search *s)
{
    free(s->model);
    free(s->is_usable);
    free(s->best);
    free(s->smallest);
    free(s->row);
    free(s->known);
}

static tml_status make_room(search *s, size_t block, tml_error *error)
{
    tml_status status = tml_array_create(s->spectra->wavelengths, sizeof(double), "a spectrum", &s->model,
                                         error);

    if (status == TML_OK)
        status = tml_array_create(block, sizeof *s->is_usable, "matches", &s->is_usable, error);
    if (status == TML_OK)
        status = tml_array_create(block, sizeof *s->best, "matches", &s->best, error);
    if (status == TML_OK)
        status = tml_array_create(block, sizeof *s->smallest, "matches", &s->smallest, error);
    if (status == TML_OK)
        status = tml_array_create(block, sizeof *s->row, "matches", &s->row, error);
    if (status == TML_OK)
        status = tml_array_create(block * (1 + s->spectra->targets), sizeof(double), "matches", &s->known,
                                  error);
    return status;
}

static bool has_usable_pixel(size_t count, const double *flux, const double *error_of_flux)
{
    for (size_t j = 0; j < count; ++j)
        if (isfinite(flux[j]) && isfinite(error_of_flux[j]) && error_of_flux[j] > 0.0)
            return true;
    return false;
}

static void compare(const search *s, const double *flux, const double *error_of_flux, candidate next,
                    candidate *best)
{
    size_t w = s->spectra->wavelengths;

    if (s->fit_scale) {
        tml_scale_fit fit = tml_scale_fit_of(w, flux, error_of_flux, s->model);

        next.chi2 = fit.chi2;
        next.scale = fit.scale;
    } else {
        next.chi2 = tml_chi_square_at(w, flux, error_of_flux, s->model, 1.0);
    }
    if (isnan(next.chi2) || next.chi2 > best->chi2 || (!(next.chi2 < best->chi2) && next.row >= best->row))
        return;
    *best = next;
}

static void search_own_rows(search *s, size_t count, const double *flux, const double *error_of_flux)
{
    const tml_grid_spectra *spectra = s->spectra;
    size_t w = spectra->wavelengths;

    for (size_t q = 0; q < count; ++q) {
        s->best[q] = (candidate){INFINITY, 1.0, no_row, 0};
        s->is_usable[q] = has_usable_pixel(w, flux + q * w, error_of_flux + q * w);
    }
    for (size_t i = 0; i < spectra->held; ++i) {
        const float *record = tml_sample_flux(spectra->records[i]);
        candidate next = {0.0, 1.0, tml_sample_row(spectra->data->layout, spectra->records[i]), i};

        for (size_t j = 0; j < w; ++j)
            s->model[j] = (double)record[j];
        for (size_t q = 0; q < count; ++q)
            if (s->is_usable[q])
                compare(s, flux + q * w, error_of_flux + q * w, next, &s->best[q]);
    }
}

/* The smallest chi2 of all, then the lowest row among those that have it, then what its rank knows of it; the
 * others say 0, and bits are combined, so that nothing is rounded. */
static tml_status share_best(search *s, size_t count, tml_error *error)
{
    const tml_grid_spectra *spectra = s->spectra;
    size_t length = 1 + spectra->targets;
    tml_status status;

    for (size_t q = 0; q < count; ++q)
        s->smallest[q] = s->best[q].chi2;
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, s->smallest, (int)count, MPI_DOUBLE, MPI_MIN, spectra->comm),
        "finding the best match", error);
    for (size_t q = 0; q < count; ++q)
        s->row[q] = s->best[q].chi2 > s->smallest[q] ? no_row : s->best[q].row;
    if (status == TML_OK)
        status = tml_mpi_check(
            MPI_Allreduce(MPI_IN_PLACE, s->row, (int)count, MPI_INT64_T, MPI_MIN, spectra->comm),
            "finding the first match", error);
    memset(s->known, 0, count * length * sizeof *s->known);
    for (size_t q = 0; q < count && status == TML_OK; ++q)
        if (s->row[q] != no_row && s->best[q].row == s->row[q]) {
            s->known[q * length] = s->best[q].scale;
            tml_sample_truth(spectra->data->layout, spectra->records[s->best[q].at],
                             s->known + q * length + 1);
        }
    if (status != TML_OK)
        return status;
    return tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, s->known, (int)(count * length), MPI_UINT64_T, MPI_BOR, spectra->comm),
        "sharing the best match", error);
}

static void report(const search *s, size_t count, tml_grid_match *matches)
{
    size_t targets = s->spectra->targets;

    for (size_t q = 0; q < count; ++q) {
        const double *known = s->known + q * (1 + targets);
        bool is_found = s->row[q] != no_row;

        memset(&matches[q], 0, sizeof matches[q]);
        matches[q].row = is_found ? s->row[q] : -1;
        matches[q].chi2 = is_found ? s->smallest[q] : (double)NAN;
        matches[q].scale = is_found ? known[0] : 1.0;
        for (size_t t = 0; t < targets; ++t)
            matches[q].truth[t] = is_found ? known[1 + t] : (double)NAN;
    }
}

tml_status tml_grid_spectra_match(tml_grid_spectra *spectra, size_t count, const double *flux,
                                  const double *error_of_flux, bool fit_scale, tml_grid_match *matches,
                                  tml_error *error)
{
    search s = {.spectra = spectra, .fit_scale = fit_scale};
    size_t w = spectra->wavelengths;
    tml_status status = tml_agree(spectra->comm, make_room(&s, count < BLOCK ? count : BLOCK, error), error);

    for (size_t first = 0; first < count && status == TML_OK; first += BLOCK) {
        size_t part = count - first < BLOCK ? count - first : BLOCK;

        search_own_rows(&s, part, flux + first * w, error_of_flux + first * w);
        status = share_best(&s, part, error);
        if (status == TML_OK)
            report(&s, part, matches + first);
    }
    free_search(&s);
    return status;
}
