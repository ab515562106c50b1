#ifndef TML_INFERENCE_NEAREST_H
#define TML_INFERENCE_NEAREST_H

/** @file inference/nearest.h
 * The nearest grid point: the spectrum of a reference grid with the smallest sum of squared differences in
 * flux. With the same noise in every pixel it is the most likely grid point, and what a network has to beat.
 */

#include <mpi.h>
#include <stdint.h>

#include "core/status.h"
#include "mpi/sample_store.h"
#include "spectra/noise.h"
#include "training/sample_record.h"

/** What the nearest grid point says about one sample. Called on the rank that runs the sample. Not
 * collective. */
typedef void tml_nearest_visit(void *context, uint64_t number, const double *truth, const double *nearest);

/** Find the nearest grid point of every sample. Collective over `comm`.
 *
 * The queries of all ranks go round in small batches; each rank searches the reference spectra that it holds.
 * A tie goes to the lowest reference number, so the answer is the same for any number of ranks.
 * @param samples    spectra with their true parameters; noise is put on as the network sees it, keyed (epoch,
 * number)
 * @param reference  spectra of the grid with their parameters, of the same layout; at least one over all
 * ranks
 * @param lane       samples per rank and lane of a round, as in a sweep
 * @return the same on all ranks: TML_OK, TML_BAD_DATA (no reference), TML_INTERNAL
 */
TML_NODISCARD tml_status tml_nearest_run(MPI_Comm comm, tml_sample_store *samples,
                                         tml_sample_store *reference, tml_sample_layout layout, size_t lane,
                                         const tml_noise *noise, uint64_t epoch, tml_nearest_visit *visit,
                                         void *context, tml_error *error);

#endif
