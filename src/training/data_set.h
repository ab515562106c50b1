#ifndef TML_TRAINING_DATA_SET_H
#define TML_TRAINING_DATA_SET_H

/** @file training/data_set.h
 * The spectra of a grid, read once and spread over the ranks: each rank reads a contiguous share of the rows,
 * cuts it into training, validation and test parts, and keeps them for all. */

#include <mpi.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/digest.h"
#include "core/status.h"
#include "io/grid_file.h"
#include "mpi/sample_store.h"
#include "spectra/preparation.h"
#include "training/sample_record.h"
#include "training/settings.h"

typedef enum tml_part { TML_PART_TRAIN, TML_PART_VALIDATION, TML_PART_TEST, TML_PARTS } tml_part;

/** Which spectra, and how they are to be prepared. */
typedef struct tml_data_request {
    const char *path;
    const tml_settings *settings;       /* split, targets, input */
    const tml_preparation *preparation; /* of a trained network; NULL: fit it to the training part */
    bool is_whole;                      /* all rows into TML_PART_TEST, whatever the split says */
    size_t most_wanted[TML_PARTS]; /* samples of each part that a rank wants in one fetch; 0: none is made */
} tml_data_request;

typedef struct tml_data_set {
    tml_sample_layout layout;
    double *wavelength_um; /* [layout.wavelengths] */
    char target_unit[TML_PREPARATION_TARGETS][TML_GRID_NAME];
    double solar_c_o;
    char grid_digest[TML_DIGEST_TEXT]; /* of the file; "rows-..." of its rows if it carries none */
    tml_preparation preparation;       /* fitted, or a copy of the one that was given */
    tml_sample_store *part[TML_PARTS]; /* samples are numbered in file order, for any number of ranks alike */
    uint64_t rows;                     /* of the grid */
    uint64_t rows_read;                /* by this rank */
    uint64_t bytes_read;               /* by this rank */
} tml_data_set;

/** Read, split and prepare. Collective over `comm`; the request equal on all ranks.
 *
 * The fitted scalings and the parts are the same for any number of ranks.
 * @param set  out, owned by the caller (tml_data_set_free); all zero on failure
 * @return the same on all ranks: TML_OK, those of tml_grid_file_open, TML_CONFIG (a target that the grid does
 * not have), TML_BAD_DATA (a spectrum that cannot be prepared, an empty training part), TML_INTERNAL
 */
TML_NODISCARD tml_status tml_data_set_load(MPI_Comm comm, const tml_data_request *request, tml_data_set *set,
                                           tml_error *error);

/** Free what it owns and zero it; a zeroed one is fine. Collective. */
void tml_data_set_free(tml_data_set *set);

/** The preparation that settings ask for, before it is fitted. Not collective. */
TML_NODISCARD tml_status tml_preparation_from_settings(const tml_settings *settings, size_t wavelengths,
                                                       tml_preparation *preparation, tml_error *error);

/** Name of a part: train, validation, test. */
const char *tml_part_name(tml_part part);

#endif
