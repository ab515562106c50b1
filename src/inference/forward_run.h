#ifndef TML_INFERENCE_FORWARD_RUN_H
#define TML_INFERENCE_FORWARD_RUN_H

/** @file inference/forward_run.h
 * Many spectra through a network, shared out over ranks and threads: spectra that need no grid file, made one
 * by one when their turn comes, such as Monte-Carlo draws. */

#include <stdint.h>

#include "core/status.h"
#include "mpi/world.h"
#include "training/model.h"

/** Make one spectrum. Called by several threads at once, each with a worker number of its own. Not
 * collective.
 * @param number  of the spectrum, the same on any rank
 * @param worker  0 to threads - 1
 * @param flux    out: [wavelengths] ascending in wavelength
 */
typedef tml_status tml_make_spectrum(void *context, uint64_t number, int worker, float *flux,
                                     tml_error *error);

/** Predict `count` spectra. Collective over world->comm; arguments but the context and the arrays equal on
 * all ranks, also whether spread is NULL.
 *
 * The values of a spectrum are the same bits for any number of ranks and threads and whatever other spectra
 * are predicted with it; no more are computed than are asked for.
 * @param threads  workers of this rank
 * @param values   out on all ranks: [count][targets] in the targets' units
 * @param spread   out on all ranks: [count][targets] as inference/predicted_spread.h has them; NULL if not
 *                 wanted, and where the network predicts none
 * @return the same on all ranks: TML_OK, what `make` returned, TML_BAD_DATA (a spectrum that the network
 * cannot take, an answer that is not finite) or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_forward_run(const tml_world *world, const tml_model *model, int threads,
                                         uint64_t count, tml_make_spectrum *make, void *context,
                                         double *values, double *spread, tml_error *error);

#endif
