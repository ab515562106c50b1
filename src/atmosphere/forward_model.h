#ifndef TML_ATMOSPHERE_FORWARD_MODEL_H
#define TML_ATMOSPHERE_FORWARD_MODEL_H

/** @file atmosphere/forward_model.h
 * From the parameters of an atmosphere to its spectrum: the one interface of every forward model.
 *
 *   find -> create(wavelengths) -> workspace (one per thread) -> spectrum ... -> destroy
 *
 * A model is a pure function: the same parameters give the same bits, whoever asks and in whatever order. It
 * knows no ranks and opens no files; a model that stands on tables gets them as bytes through the setup, read
 * and shared by the caller. Nothing here is collective.
 */

#include <stdbool.h>
#include <stddef.h>

#include "atmosphere/opacity.h"
#include "core/status.h"

enum { TML_FORWARD_PARAMETERS = 16 };

/** One parameter that a model takes, in the order in which `spectrum` expects the values. */
typedef struct tml_forward_parameter {
    const char *name;      /* "teff" */
    const char *unit;      /* "K" */
    const char *long_name; /* "effective temperature" */
    double minimum;        /* smallest and largest value that the model accepts */
    double maximum;
} tml_forward_parameter;

/** What a model is made for; all of it borrowed for the call and copied. */
typedef struct tml_forward_setup {
    size_t wavelengths;
    const double *wavelength_um;      /* [wavelengths] ascending, vacuum */
    const tml_opacity_table *opacity; /* for a kind that needs it; else NULL */
    tml_species_set without;          /* species that do not absorb; for a kind with a table */
} tml_forward_setup;

/** A kind of model: its description and the functions that make it one. Static storage.
 *
 * The functions are for forward_model.c; callers use those below, which check what they are given.
 */
typedef struct tml_forward_kind {
    const char *name;        /* "simple" */
    const char *description; /* one sentence with the limits of the model */
    double solar_c_o;        /* the C/O ratio that c_o = 1 stands for */
    bool needs_opacity;      /* the setup must hold a table, whose bins the wavelengths are */
    size_t parameter_count;
    const tml_forward_parameter *parameters;
    tml_status (*create)(const tml_forward_setup *setup, void **state, tml_error *error);
    size_t (*workspace_bytes)(const void *state);
    void (*spectrum)(const void *state, void *workspace, const double *parameters, double *flux);
    void (*destroy)(void *state);
} tml_forward_kind;

typedef struct tml_forward_model tml_forward_model;

/** The kind of that name.
 * @param kind  out, borrowed from static storage; NULL on failure
 * @return TML_OK, or TML_USAGE with the nearest name
 */
TML_NODISCARD tml_status tml_forward_kind_find(const char *name, const tml_forward_kind **kind,
                                               tml_error *error);

/** Whether a model takes these parameters.
 * @param parameters  [kind->parameter_count]
 * @return position of the first that is out of range or not finite, or -1 if all are good
 */
int tml_forward_kind_refuses(const tml_forward_kind *kind, const double *parameters);

/** Prepare a model for a set of wavelengths.
 * @param model  out, owned by the caller; NULL on failure
 * @return TML_OK, TML_BAD_DATA (wavelengths not finite, positive and ascending, none, or not in the table) or
 * TML_INTERNAL
 */
TML_NODISCARD tml_status tml_forward_model_create(const tml_forward_kind *kind,
                                                  const tml_forward_setup *setup, tml_forward_model **model,
                                                  tml_error *error);

/** Room for one spectrum at a time; each thread has its own.
 * @param workspace  out, owned by the caller (free); NULL on failure
 * @return TML_OK or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_forward_workspace_create(const tml_forward_model *model, void **workspace,
                                                      tml_error *error);

/** Compute one spectrum. Thread-safe: the model is only read.
 * @param workspace   of this thread; what it holds before and after means nothing
 * @param parameters  [parameter_count] in the order of the kind
 * @param flux        out: [wavelengths] F_nu at the surface, erg s-1 cm-2 Hz-1
 * @return TML_OK, or TML_BAD_DATA naming the parameter that the model does not take, or the wavelength at
 * which the flux is not a finite positive number; flux is undefined then
 */
TML_NODISCARD tml_status tml_forward_model_spectrum(const tml_forward_model *model, void *workspace,
                                                    const double *parameters, double *flux, tml_error *error);

/** Free the model and set the pointer to NULL; NULL is fine. */
void tml_forward_model_destroy(tml_forward_model **model);

#endif
