#ifndef TML_IO_MODEL_FILE_H
#define TML_IO_MODEL_FILE_H

/** @file io/model_file.h
 * A trained network in HDF5, with everything that a prediction needs (docs/contracts.md, "Files"). Not
 * collective: one rank reads or writes, the others get the contents by message. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

enum { TML_MODEL_NAME = 64 };

/** A tensor of the flat vector of weights. */
typedef struct tml_model_tensor {
    char layer[TML_MODEL_NAME]; /* group in the file */
    char name[TML_MODEL_NAME];  /* dataset: kernel or bias */
    int rank;
    size_t size[3];
    size_t offset; /* in weights */
} tml_model_tensor;

/** A target: name, unit. */
typedef struct tml_model_target {
    char name[TML_MODEL_NAME];
    char unit[TML_MODEL_NAME];
} tml_model_target;

/** Scaling (x - offset) / divisor of `count` columns; count 0: none. */
typedef struct tml_model_columns {
    size_t count;
    double *offset;  /* [count] */
    double *divisor; /* [count] */
} tml_model_columns;

/** The contents of a model file. The arrays of a model that was read belong to it (tml_model_contents_free);
 * those of one that is written are borrowed. */
typedef struct tml_model_contents {
    char *configuration; /* YAML as in used_parameters.yml */
    char *provenance;    /* lines name=value */
    size_t wavelengths;
    double *wavelength_um; /* ascending */
    size_t target_count;
    tml_model_target *targets;
    tml_model_columns spectrum, features, target_scaling;
    size_t tensor_count;
    tml_model_tensor *tensors;
    size_t weight_count;
    float *weights; /* flat vector */
    double solar_c_o;
    double best_loss;     /* of the monitored set */
    int64_t best_epoch;   /* from 0 */
    int64_t epochs;       /* that were run */
    char grid_digest[33]; /* of the grid it was trained on, "" if unknown */
} tml_model_contents;

/** Write a model: complete or not at all.
 * @return TML_OK, TML_CANNOT_CREATE or TML_IO_ERROR */
TML_NODISCARD tml_status tml_model_file_write(const char *path, const tml_model_contents *contents,
                                              tml_error *error);

/** Read the parts that do not depend on the network's layout: everything but provenance,
 * tensors and weights.
 * @param contents  out; all zero on failure
 * @return TML_OK, TML_NO_INPUT, TML_BAD_DATA or TML_IO_ERROR */
TML_NODISCARD tml_status tml_model_file_read_header(const char *path, tml_model_contents *contents,
                                                    tml_error *error);

/** Read the weights of the tensors that the caller lists from the network's layout; shapes are checked.
 * @param weights  out, [weight_count] of the caller */
TML_NODISCARD tml_status tml_model_file_read_weights(const char *path, const tml_model_tensor *tensors,
                                                     size_t tensor_count, float *weights, tml_error *error);

/** Free the arrays and strings of contents that were read and zero them. */
void tml_model_contents_free(tml_model_contents *contents);

#endif
