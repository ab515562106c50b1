#ifndef TML_INFERENCE_PREDICTION_H
#define TML_INFERENCE_PREDICTION_H

/** @file inference/prediction.h
 * From observed objects to their parameters with uncertainties.
 *
 * The network answers for the observation itself (`value`). Monte-Carlo draws within the errors of pixels,
 * distance and radius say what the noise does. Where neither the answer nor any grid point fits within the
 * errors, these are too small for what separates the grid from nature: for the draws they are inflated by
 * sqrt(chi2 / dof), the scale factor of the Particle Data Group (Navas et al. 2024, section 5.2.2). To each
 * draw the error that the network makes on a held-out spectrum of its grid near the answer is added. Masked
 * bins of a network's input are filled with the spectrum that the answer itself implies (found by turns, from
 * the best grid point on), times the scale of the rest: they neither add nor contradict anything. All numbers
 * are the same bits for any number of ranks and threads.
 */

#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"
#include "inference/observed_object.h"
#include "io/results_file.h"
#include "mpi/world.h"
#include "training/model.h"

typedef struct tml_predictor tml_predictor;

typedef struct tml_prediction_request {
    uint64_t draws; /* of each object, at least 2 */
    uint64_t seed;
    bool keep_negative;
    bool wants_spectra; /* spectra, draws and the best grid points in the results; else parameters and
                           goodness of fit alone */
    bool wants_draws;   /* draws in the results, also without spectra */
} tml_prediction_request;

/** Bins of a spectrum below which it is refused: the parameters and the scale take as many, and one more is
 * needed to say whether they fit. */
static inline size_t tml_prediction_least_bins(size_t targets)
{
    return targets + 2;
}

/** Load what predictions need beside the model. Collective over world->comm.
 * @param grid_path  spectra of the model's wavelengths and targets; NULL: none, then there is no implied
 *                   spectrum, no goodness of fit, no model error, and no bin may be masked
 * @param threads    of this rank
 * @param predictor  out, owned by the caller; NULL on failure. Borrows world and model
 * @return the same on all ranks: those of tml_data_set_load; TML_BAD_DATA (other wavelengths)
 */
TML_NODISCARD tml_status tml_predictor_create(const tml_world *world, const tml_model *model,
                                              const char *grid_path, int threads, tml_predictor **predictor,
                                              tml_error *error);

/** Predict. Collective; objects equal on all ranks, shared but not yet binned: this call bins them.
 * @param results  out on rank 0: [count], owned by the caller (tml_object_result_free each); all zero on
 *                 other ranks and on failure
 * @return the same on all ranks: those of tml_observed_object_bin and tml_forward_run
 */
TML_NODISCARD tml_status tml_predict_objects(tml_predictor *predictor, const tml_prediction_request *request,
                                             size_t count, tml_observed_object *objects,
                                             tml_object_result *results, tml_error *error);

/** Digest of the grid that is used; "" without one. Borrowed. Not collective. */
const char *tml_predictor_grid_digest(const tml_predictor *predictor);

/** Free; sets the pointer to NULL; NULL is fine. Collective. */
void tml_predictor_destroy(tml_predictor **predictor);

#endif
