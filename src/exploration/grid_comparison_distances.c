#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "exploration/grid_comparison_private.h"
#include "mpi/agree.h"

/* Distances are counted in steps of 1/200 of a decade from 1e-6 to 10 dex: 1.2 % apart, and whole numbers add
 * up to the same on any number of ranks. Step 0 holds what is smaller. */
enum { STEPS_PER_DECADE = 200, DECADES = 7, STEPS = STEPS_PER_DECADE * DECADES + 1 };

static const double smallest = 1e-6;
static const double band_limit = 0.1;

/* What is counted of one set of pairs. */
typedef struct counts {
    uint64_t pairs, within, fluxes;
    uint64_t step[STEPS];
} counts;

static size_t step_of(double distance)
{
    const double place = STEPS_PER_DECADE * log10(distance / smallest);

    if (!(place >= 0.0))
        return 0;
    return place < STEPS - 2 ? (size_t)place + 1 : STEPS - 1;
}

static double quantile(const counts *of, double share)
{
    const uint64_t wanted = (uint64_t)ceil(share * (double)of->fluxes);
    uint64_t sum = 0;
    size_t step = 0;

    if (of->fluxes == 0)
        return (double)NAN;
    for (step = 0; step < STEPS - 1; ++step) {
        sum += of->step[step];
        if (sum >= wanted)
            break;
    }
    return step == 0 ? 0.0 : smallest * pow(10.0, ((double)step - 0.5) / STEPS_PER_DECADE);
}

/* Trapezes over frequency, up to a factor that both grids share. */
static double band_flux(const tml_grid_comparison *c, const float *flux)
{
    double sum = 0.0;

    for (size_t w = 1; w < c->shape.wavelengths; ++w)
        sum += ((double)flux[w - 1] + (double)flux[w]) *
               (1.0 / c->wavelength_um[w - 1] - 1.0 / c->wavelength_um[w]);
    return sum;
}

/* The sets that a pair belongs to: all, and one for each parameter. */
static size_t sets_of(const tml_grid_comparison *c, const double *parameter, counts *all, counts **set)
{
    size_t count = 0;

    set[count++] = &all[0];
    for (size_t p = 0; p < c->shape.parameter_count; ++p)
        set[count++] = &all[1 + p * TML_PARAMETER_BINS + tml_parameter_bin(&c->bins[p], parameter[p])];
    return count;
}

static void count_pair(const tml_grid_comparison *c, const tml_compared_row *first,
                       const tml_compared_row *other, counts *all)
{
    counts *set[1 + TML_GRID_PARAMETERS];
    const size_t sets = sets_of(c, first->parameter, all, set);
    const double ratio = band_flux(c, other->flux) / band_flux(c, first->flux);
    const bool is_within = fabs(ratio - 1.0) <= band_limit;

    for (size_t s = 0; s < sets; ++s) {
        ++set[s]->pairs;
        set[s]->within += is_within;
    }
    for (size_t w = 0; w < c->shape.wavelengths; ++w) {
        const double a = (double)first->flux[w], b = (double)other->flux[w];

        if (!(a > 0.0 && b > 0.0 && isfinite(a) && isfinite(b)))
            continue;
        for (size_t s = 0, step = step_of(fabs(log10(b / a))); s < sets; ++s) {
            ++set[s]->fluxes;
            ++set[s]->step[step];
        }
    }
}

static tml_flux_distance distance_of(const counts *of)
{
    return (tml_flux_distance){
        .pairs = of->pairs,
        .fluxes = of->fluxes,
        .median = quantile(of, 0.5),
        .p95 = quantile(of, 0.95),
        .in_band = of->pairs > 0 ? (double)of->within / (double)of->pairs : (double)NAN,
    };
}

static void take_counts(const tml_grid_comparison *c, const counts *all, tml_compared_grid *grid)
{
    grid->all = distance_of(&all[0]);
    for (size_t p = 0; p < c->shape.parameter_count; ++p)
        for (size_t v = 0; v < c->bins[p].count; ++v)
            grid->by_value[p][v] = distance_of(&all[1 + p * TML_PARAMETER_BINS + v]);
}

/* @param all  room for the counts of one grid */
static tml_status compare_grid(MPI_Comm comm, const tml_compared_rows *rows, size_t g, size_t sets,
                               counts *all, tml_grid_comparison *c, tml_error *error)
{
    const size_t numbers = sets * sizeof *all / sizeof(uint64_t);
    tml_status status;

    memset(all, 0, sets * sizeof *all);
    for (size_t i = 0; i < rows[0].count; ++i) {
        const tml_compared_row *first = tml_compared_row_at(&rows[0], i);
        const tml_compared_row *other = tml_compared_row_find(&rows[1 + g], first->key);

        if (other != NULL)
            count_pair(c, first, other, all);
    }
    status = tml_mpi_check(MPI_Allreduce(MPI_IN_PLACE, all, (int)numbers, MPI_UINT64_T, MPI_SUM, comm),
                           "comparing grids", error);
    if (status == TML_OK)
        take_counts(c, all, &c->grid[g]);
    c->grid[g].unmatched = c->shape.rows - c->grid[g].all.pairs;
    return status;
}

tml_status tml_compared_distances(MPI_Comm comm, const tml_compared_rows *rows,
                                  tml_grid_comparison *comparison, tml_error *error)
{
    const size_t parameters = comparison->shape.parameter_count;
    const size_t sets = 1 + parameters * TML_PARAMETER_BINS;
    counts *all = NULL;
    tml_status status = tml_array_create(sets, sizeof *all, "counts of distances", &all, error);

    for (size_t g = 0; g < comparison->count && status == TML_OK; ++g)
        status = tml_array_create(parameters, sizeof *comparison->grid[g].by_value, "distances",
                                  &comparison->grid[g].by_value, error);
    status = tml_agree(comm, status, error);
    for (size_t g = 0; g < comparison->count && status == TML_OK; ++g) {
        status = compare_grid(comm, rows, g, sets, all, comparison, error);
        if (status == TML_OK && comparison->grid[g].all.pairs == 0)
            status = TML_FAIL(error, TML_BAD_DATA,
                              "grid %zu has no row with the parameters of a row of the first grid; make one "
                              "by grid synth --nodes",
                              g + 2);
    }
    free(all);
    return status;
}
