#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/checked.h"
#include "core/memory.h"
#include "inference/grid_spectra_private.h"
#include "mpi/agree.h"
#include "statistics/chi_square.h"

/* A row as all ranks hear of it: two words of 64 bits. */
typedef struct ranked_row {
    double chi2;
    int64_t row;
} ranked_row;

/* A row of this rank; the first member is what it is sorted by. */
typedef struct contender {
    ranked_row ranked;
    double scale;
    size_t at; /* among the rows of this rank */
} contender;

typedef struct ranking {
    const tml_grid_spectra *spectra;
    size_t most;
    double *model;      /* [wavelengths] */
    contender *own;     /* [held] */
    size_t own_count;   /* that may be among the best */
    int *counts;        /* [size] words of each rank */
    int *firsts;        /* [size] */
    ranked_row *ranked; /* [total] of all ranks */
    size_t total;
    size_t found;
    double *known; /* [found][1 + targets] scale and parameters */
} ranking;

static void free_ranking(ranking *r)
{
    free(r->model);
    free(r->own);
    free(r->counts);
    free(r->ranked);
    free(r->known);
}

static int compare_rows(const void *a, const void *b)
{
    const ranked_row *left = a;
    const ranked_row *right = b;

    if (left->chi2 < right->chi2 || left->chi2 > right->chi2)
        return left->chi2 < right->chi2 ? -1 : 1;
    return (left->row > right->row) - (left->row < right->row);
}

static tml_status make_room(ranking *r, tml_error *error)
{
    const tml_grid_spectra *s = r->spectra;
    tml_status status = tml_array_create(s->wavelengths, sizeof(double), "a spectrum", &r->model, error);

    if (status == TML_OK)
        status = tml_array_create(s->held, sizeof *r->own, "a ranking of spectra", &r->own, error);
    if (status == TML_OK)
        status = tml_array_create(2 * (size_t)s->size, sizeof(int), "a ranking of spectra", &r->counts,
                                  error);
    if (status == TML_OK)
        r->firsts = r->counts + s->size;
    return status;
}

static void rank_own_rows(ranking *r, const double *flux, const double *error_of_flux)
{
    const tml_grid_spectra *s = r->spectra;

    for (size_t i = 0; i < s->held; ++i) {
        const float *record = tml_sample_flux(s->records[i]);
        tml_scale_fit fit;

        for (size_t j = 0; j < s->wavelengths; ++j)
            r->model[j] = (double)record[j];
        fit = tml_scale_fit_of(s->wavelengths, flux, error_of_flux, r->model);
        if (isfinite(fit.chi2))
            r->own[r->own_count++] = (contender){
                {fit.chi2, tml_sample_row(s->data->layout, s->records[i])}, fit.scale, i};
    }
    qsort(r->own, r->own_count, sizeof *r->own, compare_rows);
    r->own_count = r->own_count < r->most ? r->own_count : r->most;
}

/* How many words each rank gives. Every rank comes to the same conclusion. */
static tml_status count_words(ranking *r, tml_error *error)
{
    const tml_grid_spectra *s = r->spectra;
    int own = (int)(2 * r->own_count);
    size_t words = 0;
    int narrow;
    tml_status status = tml_mpi_check(MPI_Allgather(&own, 1, MPI_INT, r->counts, 1, MPI_INT, s->comm),
                                      "counting the best spectra", error);

    for (int i = 0; i < s->size && status == TML_OK; ++i) {
        if (!tml_int_from_size(words + (size_t)r->counts[i], &narrow))
            return TML_FAIL(error, TML_INTERNAL, "the grid has too many spectra for a ranking");
        r->firsts[i] = (int)words;
        words = (size_t)narrow;
    }
    r->total = words / 2;
    r->found = r->total < r->most ? r->total : r->most;
    return status;
}

static tml_status gather_rows(ranking *r, tml_error *error)
{
    const tml_grid_spectra *s = r->spectra;
    ranked_row *own = NULL;
    tml_status status = tml_array_create(r->own_count, sizeof *own, "a ranking of spectra", &own, error);

    if (status == TML_OK)
        status = tml_array_create(r->total, sizeof *r->ranked, "a ranking of spectra", &r->ranked, error);
    if (status == TML_OK)
        status = tml_array_create(r->found * (1 + s->targets), sizeof(double), "a ranking of spectra",
                                  &r->known, error);
    status = tml_agree(s->comm, status, error);
    for (size_t i = 0; i < r->own_count && status == TML_OK; ++i)
        own[i] = r->own[i].ranked;
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allgatherv(own, r->counts[s->rank], MPI_UINT64_T, r->ranked, r->counts,
                                              r->firsts, MPI_UINT64_T, s->comm),
                               "gathering the best spectra", error);
    free(own);
    if (status == TML_OK)
        qsort(r->ranked, r->total, sizeof *r->ranked, compare_rows);
    return status;
}

/* What the rank that holds a row knows of it; the others say 0, and bits are combined, so that nothing is
 * rounded. This rank's rows stand in the same order as all. */
static tml_status share_known(ranking *r, tml_error *error)
{
    const tml_grid_spectra *s = r->spectra;
    size_t length = 1 + s->targets;

    for (size_t i = 0, k = 0; i < r->found && k < r->own_count; ++i) {
        if (r->ranked[i].row != r->own[k].ranked.row)
            continue;
        r->known[i * length] = r->own[k].scale;
        tml_sample_truth(s->data->layout, s->records[r->own[k].at], r->known + i * length + 1);
        ++k;
    }
    return tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, r->known, (int)(r->found * length), MPI_UINT64_T, MPI_BOR, s->comm),
        "sharing the best spectra", error);
}

static void report(const ranking *r, tml_grid_match *matches)
{
    size_t targets = r->spectra->targets;

    for (size_t i = 0; i < r->found; ++i) {
        const double *known = r->known + i * (1 + targets);

        memset(&matches[i], 0, sizeof matches[i]);
        matches[i].row = r->ranked[i].row;
        matches[i].chi2 = r->ranked[i].chi2;
        matches[i].scale = known[0];
        memcpy(matches[i].truth, known + 1, targets * sizeof *known);
    }
}

tml_status tml_grid_spectra_best(tml_grid_spectra *spectra, const double *flux, const double *error_of_flux,
                                 size_t most, tml_grid_match *matches, size_t *found, tml_error *error)
{
    ranking r = {.spectra = spectra, .most = most};
    tml_status status = tml_agree(spectra->comm, make_room(&r, error), error);

    *found = 0;
    if (status == TML_OK) {
        rank_own_rows(&r, flux, error_of_flux);
        status = count_words(&r, error);
    }
    if (status == TML_OK)
        status = gather_rows(&r, error);
    if (status == TML_OK)
        status = share_known(&r, error);
    if (status == TML_OK) {
        report(&r, matches);
        *found = r.found;
    }
    free_ranking(&r);
    return status;
}
