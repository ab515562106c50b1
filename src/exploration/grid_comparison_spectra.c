#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "exploration/grid_comparison_private.h"
#include "mpi/agree.h"

/* The other parameters decide between rows that are as good by the first. */
static const double weight_of_others = 0.01;

/* Range of the parameters of the rows that have a partner. */
typedef struct extent {
    double low[TML_GRID_PARAMETERS], high[TML_GRID_PARAMETERS];
} extent;

typedef struct chooser {
    MPI_Comm comm;
    const tml_compared_rows *rows;
    tml_grid_comparison *comparison;
    extent range;
} chooser;

static bool has_partner(const chooser *by, const tml_compared_row *row)
{
    for (size_t g = 1; g <= by->comparison->count; ++g)
        if (tml_compared_row_find(&by->rows[g], row->key) != NULL)
            return true;
    return false;
}

static tml_status find_range(chooser *by, tml_error *error)
{
    const size_t parameters = by->comparison->shape.parameter_count;
    tml_status status;

    for (size_t p = 0; p < parameters; ++p)
        by->range.low[p] = -(by->range.high[p] = -INFINITY);
    for (size_t i = 0; i < by->rows[0].count; ++i) {
        const tml_compared_row *row = tml_compared_row_at(&by->rows[0], i);

        if (!has_partner(by, row))
            continue;
        for (size_t p = 0; p < parameters; ++p) {
            by->range.low[p] = fmin(by->range.low[p], row->parameter[p]);
            by->range.high[p] = fmax(by->range.high[p], row->parameter[p]);
        }
    }
    status = tml_mpi_check(
        MPI_Allreduce(MPI_IN_PLACE, by->range.low, TML_GRID_PARAMETERS, MPI_DOUBLE, MPI_MIN, by->comm),
        "choosing spectra", error);
    if (status == TML_OK)
        status = tml_mpi_check(
            MPI_Allreduce(MPI_IN_PLACE, by->range.high, TML_GRID_PARAMETERS, MPI_DOUBLE, MPI_MAX, by->comm),
            "choosing spectra", error);
    return status;
}

static bool is_taken(const tml_grid_comparison *c, int64_t row)
{
    for (size_t s = 0; s < c->shown; ++s)
        if (c->spectrum[s].row == row)
            return true;
    return false;
}

/* How far a row is from the middle of part `s` of the range of the first parameter. */
static double badness(const chooser *by, const tml_compared_row *row, size_t s)
{
    double sum = 0.0;

    for (size_t p = 0; p < by->comparison->shape.parameter_count; ++p) {
        const double width = by->range.high[p] - by->range.low[p];
        const double place = width > 0.0 ? (row->parameter[p] - by->range.low[p]) / width : 0.5;
        const double wanted = p == 0 ? (double)s / (TML_COMPARED_SPECTRA - 1) : 0.5;

        sum += (p == 0 ? 1.0 : weight_of_others) * (place - wanted) * (place - wanted);
    }
    return sum;
}

/* The best row of this rank; of equally good ones the smallest number. NULL: none is left. */
static const tml_compared_row *best_here(const chooser *by, size_t s, double *least)
{
    const tml_compared_row *best = NULL;

    *least = INFINITY;
    for (size_t i = 0; i < by->rows[0].count; ++i) {
        const tml_compared_row *row = tml_compared_row_at(&by->rows[0], i);
        const double here = badness(by, row, s);

        if (here > *least || (here >= *least && best != NULL && row->row > best->row) ||
            is_taken(by->comparison, row->row) || !has_partner(by, row))
            continue;
        *least = here;
        best = row;
    }
    return best;
}

/* Whose row it is: the best over all ranks, of equally good ones the smallest number. Collective. */
static tml_status find_owner(const chooser *by, const tml_compared_row *mine, double here, int *owner,
                             tml_error *error)
{
    double least = here;
    int64_t number;
    int rank, size;
    tml_status status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, &least, 1, MPI_DOUBLE, MPI_MIN, by->comm),
                                      "choosing spectra", error);

    MPI_Comm_rank(by->comm, &rank);
    MPI_Comm_size(by->comm, &size);
    number = mine != NULL && here <= least ? mine->row : INT64_MAX;
    *owner = size;
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, &number, 1, MPI_INT64_T, MPI_MIN, by->comm),
                               "choosing spectra", error);
    if (status == TML_OK && mine != NULL && here <= least && mine->row == number)
        *owner = rank;
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, owner, 1, MPI_INT, MPI_MIN, by->comm),
                               "choosing spectra", error);
    return status;
}

/* What the owner tells of a spectrum. */
typedef struct announcement {
    int64_t row;
    double parameter[TML_GRID_PARAMETERS];
    int64_t is_there[1 + TML_COMPARED_GRIDS];
} announcement;

static void describe(const chooser *by, const tml_compared_row *row, announcement *says, float *flux)
{
    const size_t wavelengths = by->comparison->shape.wavelengths;

    says->row = row->row;
    memcpy(says->parameter, row->parameter, sizeof says->parameter);
    for (size_t g = 0; g <= by->comparison->count; ++g) {
        const tml_compared_row *partner = g == 0 ? row : tml_compared_row_find(&by->rows[g], row->key);

        says->is_there[g] = partner != NULL;
        if (partner != NULL)
            memcpy(flux + g * wavelengths, partner->flux, wavelengths * sizeof *flux);
    }
}

/* The owner's row becomes spectrum comparison->shown of all ranks. Collective. */
static tml_status share_spectrum(const chooser *by, const tml_compared_row *mine, int owner, tml_error *error)
{
    tml_grid_comparison *c = by->comparison;
    const size_t numbers = (1 + c->count) * c->shape.wavelengths;
    float *flux = c->flux + c->shown * numbers;
    tml_compared_spectrum *spectrum = &c->spectrum[c->shown];
    announcement says = {0};
    tml_status status;
    int rank;

    MPI_Comm_rank(by->comm, &rank);
    if (rank == owner && mine != NULL)
        describe(by, mine, &says, flux);
    status = tml_mpi_check(MPI_Bcast(&says, (int)sizeof says, MPI_BYTE, owner, by->comm), "choosing spectra",
                           error);
    if (status == TML_OK)
        status = tml_mpi_check(MPI_Bcast(flux, (int)numbers, MPI_FLOAT, owner, by->comm), "choosing spectra",
                               error);
    spectrum->row = says.row;
    memcpy(spectrum->parameter, says.parameter, sizeof says.parameter);
    for (size_t g = 0; g <= c->count; ++g)
        spectrum->flux[g] = says.is_there[g] ? flux + g * c->shape.wavelengths : NULL;
    ++c->shown;
    return status;
}

static int compare_spectra(const void *a, const void *b)
{
    const tml_compared_spectrum *left = a;
    const tml_compared_spectrum *right = b;
    const double x = left->parameter[0], y = right->parameter[0];

    return x < y || x > y ? (x > y) - (x < y) : (left->row > right->row) - (left->row < right->row);
}

tml_status tml_compared_spectra_choose(MPI_Comm comm, const tml_compared_rows *rows,
                                       tml_grid_comparison *comparison, tml_error *error)
{
    chooser by = {.comm = comm, .rows = rows, .comparison = comparison};
    const size_t spectra = TML_COMPARED_SPECTRA * (1 + comparison->count);
    int size;
    tml_status status = tml_array_create(spectra, comparison->shape.wavelengths * sizeof(float), "spectra",
                                         &comparison->flux, error);

    MPI_Comm_size(comm, &size);
    status = tml_agree(comm, status, error);
    if (status == TML_OK)
        status = find_range(&by, error);
    for (size_t s = 0; s < TML_COMPARED_SPECTRA && status == TML_OK; ++s) {
        double least;
        int owner = size;
        const tml_compared_row *mine = best_here(&by, s, &least);

        status = find_owner(&by, mine, least, &owner, error);
        if (status == TML_OK && owner == size)
            break; /* all are shown */
        if (status == TML_OK)
            status = share_spectrum(&by, mine, owner, error);
    }
    qsort(comparison->spectrum, comparison->shown, sizeof *comparison->spectrum, compare_spectra);
    return status;
}
