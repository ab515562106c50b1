#ifndef TML_COMMANDS_SIMULATION_H
#define TML_COMMANDS_SIMULATION_H

/** @file commands/simulation.h
 * Spectra of a grid turned into observations whose truth is known: what the two forms of the command simulate
 * have in common.
 *
 * Noise is Gaussian and white: sigma of every pixel = mean F_nu of the spectrum / SNR, as in training
 * (spectra/noise.h). The standard normal number of pixel i is that of the key (seed; TML_RANDOM_NOISE, epoch
 * 2^64 - 2, the row's number in the grid's source, i), so that a row gets the same noise in both forms, on
 * any number of ranks. Training uses epochs from 0, scoring 2^64 - 1.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "io/path.h"
#include "mpi/world.h"
#include "spectra/observed_spectrum.h"

/** What is to be simulated. Strings borrowed; equal on all ranks. */
typedef struct tml_simulation {
    const char *grid;
    double snr;
    uint64_t seed;
    bool replace;                         /* files that exist */
    bool dry_run;                         /* check everything, write nothing */
    uint64_t row;                         /* one object: number in the grid's source, */
    const char *spectrum_path;            /* what it is written to, */
    char object_path[TML_PATH_LENGTH];    /* with what is known of it, */
    char name[TML_OBJECT_NAME];           /* what it is called, */
    tml_measure distance_pc, radius_rjup; /* where it stands; both values above 0 */
    const char *table_path, *errors_path; /* all rows: what they are written to */
} tml_simulation;

/** What came of it. */
typedef struct tml_simulation_result {
    uint64_t rows;
    size_t wavelengths;
} tml_simulation_result;

/** Write one row as an observed object: ASCII and OBJECT.yml. Collective over world->comm.
 * @return the same on all ranks: TML_OK; what opening the grid gives; TML_NO_INPUT (no such row);
 * TML_BAD_DATA (a spectrum without flux); TML_CANNOT_CREATE, also for a file that exists; TML_IO_ERROR;
 * TML_INTERNAL. After a failure no new file is left.
 */
TML_NODISCARD tml_status tml_simulate_object(const tml_world *world, const tml_simulation *simulation,
                                             tml_simulation_result *result, tml_error *error);

/** Write all rows as a table and one of their errors, in the CSV layout of a grid with a column `row`, in the
 * order of the source. Collective over world->comm: each rank makes the noise of its share of the rows.
 * @return as tml_simulate_object
 */
TML_NODISCARD tml_status tml_simulate_table(const tml_world *world, const tml_simulation *simulation,
                                            tml_simulation_result *result, tml_error *error);

/** Refuse an output that exists, unless it may be replaced. Collective over world->comm.
 * @return TML_OK or TML_CANNOT_CREATE, the same on all ranks
 */
TML_NODISCARD tml_status tml_simulation_check_output(const tml_world *world, const tml_simulation *simulation,
                                                     const char *path, tml_error *error);

/** Put noise on a spectrum. Not collective.
 * @param row    its number in the source
 * @param flux   [count] F_nu
 * @param noisy  out: [count]
 * @param sigma  out: of every pixel
 * @return TML_OK, or TML_BAD_DATA naming the row when its mean flux is not above 0
 */
TML_NODISCARD tml_status tml_simulation_noise(const tml_simulation *simulation, uint64_t row, size_t count,
                                              const float *flux, double *noisy, double *sigma,
                                              tml_error *error);

#endif
