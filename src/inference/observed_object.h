#ifndef TML_INFERENCE_OBSERVED_OBJECT_H
#define TML_INFERENCE_OBSERVED_OBJECT_H

/** @file inference/observed_object.h
 * An observed object on its way to the network: from the pixels of a telescope to F_nu in the network's
 * pixels ("bins"), masked where nothing was measured.
 *
 *   fill spectrum and facts (io/observation_file.h) -> share -> bin -> draw ... -> free
 *
 * Masked pixels are left out of the resampling. The flux of a bin is converted to F_nu after the resampling,
 * which conserves energy only per wavelength, and brought to the object's surface if distance and radius are
 * known. All of this is linear in the pixels, so a Monte-Carlo draw of the pixels goes the same way.
 */

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "io/results_file.h"
#include "spectra/observed_spectrum.h"
#include "spectra/resampling.h"

typedef struct tml_observed_object {
    /* as it was read */
    tml_object_facts facts;
    char file[TML_RESULT_PATH];
    uint64_t key;                   /* of its random numbers; the same on any rank and beside any others */
    tml_observed_spectrum spectrum; /* owned */
    bool is_binned;                 /* the pixels are the network's, F_nu at the surface: a row of a table */
    /* made by tml_observed_object_bin */
    uint8_t *pixel_state; /* [spectrum.count] */
    tml_resampling resampling;
    size_t bins;
    double *factor; /* [bins] from the resampled flux to `flux` */
    double *flux;   /* [bins] F_nu; NaN where not used */
    double *error;  /* [bins] of the observation alone */
    uint8_t *state; /* [bins] spectra/pixel_state.h */
    bool is_at_surface;
    double factor_sd; /* relative error of `factor` by distance and radius */
} tml_observed_object;

/** Send an object that rank 0 has read to all. Collective over `comm`.
 * @param object  in on rank 0; out on the others, owned by the caller; all zero there on failure */
TML_NODISCARD tml_status tml_observed_object_share(MPI_Comm comm, tml_observed_object *object,
                                                   tml_error *error);

/** What the bins are made for. */
typedef struct tml_binning {
    size_t bins;
    const double *bin_um; /* [bins] micron, ascending; borrowed */
    bool needs_surface;   /* the network looks at the flux at the surface, not at its shape alone */
    bool keep_negative;   /* fluxes below 0 are used as the measurements that they are */
    bool takes_logarithm; /* ... but not by a network that takes the logarithm: there bins are masked all the
                             same */
    size_t least;         /* bins that must be left; 0 counts as 1 */
} tml_binning;

/** Mask, resample, convert. Not collective.
 * @return TML_OK; TML_USAGE (distance or radius missing where the network needs them); TML_BAD_DATA (no
 * overlap with the network's wavelengths, nothing left that is not masked, or too little); TML_INTERNAL
 */
TML_NODISCARD tml_status tml_observed_object_bin(tml_observed_object *object, const tml_binning *binning,
                                                 tml_error *error);

/** Another observation of the object, within its errors: independent Gaussian errors of the pixels, and a
 * log-normal factor for distance and radius. A function of (seed, key, draw) and the inflation alone. Any
 * number of threads.
 * @param inflation  factor on the errors of the pixels, not on those of distance and radius
 * @param pixels     scratch of the caller, [2 * spectrum.count]
 * @param flux       out: [bins] as object->flux, also below 0; NaN where not used
 * @return the factor that distance and radius had in this draw
 */
double tml_observed_object_draw(const tml_observed_object *object, uint64_t seed, uint64_t draw,
                                double inflation, double *pixels, double *flux);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_observed_object_free(tml_observed_object *object);

#endif
