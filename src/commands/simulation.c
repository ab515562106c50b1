#include "commands/simulation.h"

#include <unistd.h>

#include "core/random.h"
#include "mpi/agree.h"

/* An epoch that no training reaches and that is not the one of scoring. */
static const uint64_t simulation_epoch = UINT64_MAX - 1;

tml_status tml_simulation_check_output(const tml_world *world, const tml_simulation *simulation,
                                       const char *path, tml_error *error)
{
    tml_status status = TML_OK;

    if (world->rank == 0 && !simulation->replace && access(path, F_OK) == 0)
        status = TML_FAIL(error, TML_CANNOT_CREATE, "%s exists already; --force replaces it", path);
    return tml_agree(world->comm, status, error);
}

tml_status tml_simulation_noise(const tml_simulation *simulation, uint64_t row, size_t count,
                                const float *flux, double *noisy, double *sigma, tml_error *error)
{
    double mean = 0.0;

    for (size_t i = 0; i < count; ++i)
        mean += (double)flux[i];
    mean /= (double)count;
    if (!(mean > 0.0))
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: row %llu: the mean flux is %g; noise is measured by it, so it must be above 0",
                        simulation->grid, (unsigned long long)row, mean);
    *sigma = mean / simulation->snr;
    tml_random_normals(simulation->seed, TML_RANDOM_NOISE, simulation_epoch, row, count, noisy);
    for (size_t i = 0; i < count; ++i)
        noisy[i] = (double)flux[i] + *sigma * noisy[i];
    return TML_OK;
}
