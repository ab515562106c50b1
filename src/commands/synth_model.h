#ifndef TML_COMMANDS_SYNTH_MODEL_H
#define TML_COMMANDS_SYNTH_MODEL_H

/** @file commands/synth_model.h
 * What a forward model of `grid synth` is set up with: table of opacities, absorbers that are switched off,
 * instrument. */

#include <mpi.h>
#include <stdio.h>

#include "atmosphere/forward_model.h"
#include "core/status.h"
#include "io/opacity_file.h"
#include "spectra/instrument.h"

/** Options as they were typed; NULL where they were not. */
typedef struct tml_synth_model_options {
    const char *tables;     /* folder */
    const char *range;      /* "LO:HI" micron */
    const char *resolution; /* R */
    const char *instrument; /* CSV file */
    const char *without;    /* "CH4,NH3" */
} tml_synth_model_options;

/** The setup, and what its pointers lead to. */
typedef struct tml_synth_model {
    tml_forward_setup
        setup; /* native wavelengths and the table; of a model without one: the published grid */
    tml_instrument instrument;    /* from those wavelengths to the ones of the grid file */
    tml_opacity_file opacity;     /* zeroed for a model without a table */
    double *native_um;            /* of a model without a table */
    tml_digest instrument_digest; /* of the CSV file */
} tml_synth_model;

/** Read what the model needs and share it. Collective over `comm`; kind and options equal on all ranks.
 * @param model  out, freed by tml_synth_model_free; zeroed on failure
 * @return TML_OK; TML_USAGE (an option of a wrong form, or one that this kind does not take); what
 * tml_opacity_file_read, tml_instrument_table_read and tml_instrument_create return; the same on all ranks
 */
TML_NODISCARD tml_status tml_synth_model_make(MPI_Comm comm, const tml_forward_kind *kind,
                                              const tml_synth_model_options *given, tml_synth_model *model,
                                              tml_error *error);

/** Lines "name=value" for the provenance: opacity_table, opacity_table_digest, without, wavelength_range,
 * resolution, instrument, instrument_digest; those that were asked for, and the first two with any table. Not
 * collective. */
void tml_synth_model_lines(const tml_synth_model_options *given, const tml_synth_model *model, FILE *out);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_synth_model_free(tml_synth_model *model);

#endif
