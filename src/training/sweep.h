#ifndef TML_TRAINING_SWEEP_H
#define TML_TRAINING_SWEEP_H

/** @file training/sweep.h
 * All samples of a part through the network once, in lanes that are the same for any number of ranks. */

#include <mpi.h>
#include <stdint.h>

#include "core/status.h"
#include "mpi/sample_store.h"
#include "training/lane_team.h"

enum { TML_SWEEP_LANES = 8 }; /* lanes of one rank in one round */

/** What a rank does with the samples that it ran. Not collective; called once per round, with count 0 if
 * there is nothing.
 * @param records  [count] records   @param numbers [count]
 * @param outputs  [count][tml_network_outputs] of the network, the targets' own first in each row
 */
typedef tml_status tml_sweep_visit(void *context, const float *records, const uint64_t *numbers, size_t count,
                                   const float *outputs, tml_error *error);

/** Samples of one round of a sweep: those of one rank, for tml_data_request.most_wanted, and those of all
 * ranks. */
size_t tml_sweep_wanted(size_t lane_size);
size_t tml_sweep_fetch(size_t lane_size, int ranks);

/** Run. Collective over `comm`; store, team and noise alike on all ranks.
 * @param noise  put on the spectra, keyed by (epoch, number)
 * @return the same on all ranks: TML_OK, TML_BAD_DATA, TML_INTERNAL, or what a visit returned
 */
TML_NODISCARD tml_status tml_sweep_run(MPI_Comm comm, tml_sample_store *store, tml_sample_layout layout,
                                       tml_lane_team *team, const tml_prepared_weights *prepared,
                                       const tml_noise *noise, uint64_t epoch, tml_sweep_visit *visit,
                                       void *context, tml_error *error);

#endif
