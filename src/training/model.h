#ifndef TML_TRAINING_MODEL_H
#define TML_TRAINING_MODEL_H

/** @file training/model.h
 * A trained network in memory, ready to predict: between the training's own structures and io/model_file.h.
 */

#include <mpi.h>
#include <stdint.h>

#include "core/memory.h"
#include "core/status.h"
#include "io/model_file.h"
#include "network/architecture.h"
#include "network/lane.h"
#include "spectra/preparation.h"
#include "training/settings.h"

typedef struct tml_model {
    tml_settings settings; /* with which it was trained */
    tml_network network;   /* of one that was read: steady (network/architecture.h) */
    tml_preparation preparation;
    double *wavelength_um; /* [preparation.choice.wavelengths] */
    char target_unit[TML_PREPARATION_TARGETS][TML_MODEL_NAME];
    double solar_c_o;
    double best_loss;
    int64_t best_epoch;
    int64_t epochs;
    char grid_digest[40];
    float *weights;   /* [network.parameter_count] */
    tml_block *block; /* holds the prepared kernels */
    tml_prepared_weights prepared;
} tml_model;

/** Write a model file. Not collective: one rank.
 * @param configuration, provenance  texts for the file
 * @return as tml_model_file_write
 */
TML_NODISCARD tml_status tml_model_save(const char *path, const tml_model *model, const char *configuration,
                                        const char *provenance, tml_error *error);

/** Read a model: rank 0 reads, all ranks get it. Collective over `comm`.
 * @param model  out, owned by the caller (tml_model_free); all zero on failure
 * @return the same on all ranks: TML_OK, TML_NO_INPUT, TML_BAD_DATA, TML_IO_ERROR or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_model_load(MPI_Comm comm, const char *path, tml_model *model, tml_error *error);

/** Make ready to predict, from the network and the weights. Not collective. @return TML_OK or TML_INTERNAL */
TML_NODISCARD tml_status tml_model_prepare(tml_model *model, tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_model_free(tml_model *model);

#endif
