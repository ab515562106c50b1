#include "inference/observed_object.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/random.h"
#include "mpi/agree.h"
#include "spectra/flux_unit.h"
#include "spectra/pixel_state.h"

/* A pixel block that no spectrum reaches: the counter of distance and radius. */
#define FACTOR_COUNTER UINT64_MAX

tml_status tml_observed_object_share(MPI_Comm comm, tml_observed_object *object, tml_error *error)
{
    int rank = 0;
    tml_observed_object received;
    tml_status status;

    MPI_Comm_rank(comm, &rank);
    received = *object;
    status = tml_mpi_check(MPI_Bcast(&received, (int)sizeof received, MPI_BYTE, 0, comm),
                           "sharing an observation", error);
    if (status != TML_OK)
        return status;
    if (rank != 0) {
        /* The pointers are those of rank 0. */
        tml_observed_spectrum head = received.spectrum;

        *object = received;
        memset(&object->spectrum, 0, sizeof object->spectrum);
        status = tml_observed_spectrum_create(head.count, &object->spectrum, error);
        object->spectrum.density = head.density;
        object->spectrum.is_relative = head.is_relative;
        object->spectrum.has_errors = head.has_errors;
    }
    status = tml_agree(comm, status, error);
    if (status == TML_OK) {
        int count = (int)object->spectrum.count;
        int result = MPI_Bcast(object->spectrum.wavelength_um, count, MPI_DOUBLE, 0, comm);

        if (result == MPI_SUCCESS)
            result = MPI_Bcast(object->spectrum.flux, count, MPI_DOUBLE, 0, comm);
        if (result == MPI_SUCCESS)
            result = MPI_Bcast(object->spectrum.error, count, MPI_DOUBLE, 0, comm);
        status = tml_mpi_check(result, "sharing an observation", error);
    }
    if (status != TML_OK && rank != 0)
        tml_observed_object_free(object);
    return status;
}

static bool is_known(tml_measure measure)
{
    return isfinite(measure.value) && measure.value > 0.0;
}

static double relative_error(tml_measure measure)
{
    return isfinite(measure.sd) && measure.sd > 0.0 ? measure.sd / measure.value : 0.0;
}

/* What the flux of every bin is multiplied with to stand at the surface, as far as that is known. */
static tml_status find_surface(tml_observed_object *object, const tml_binning *binning, double *factor,
                               tml_error *error)
{
    const tml_object_facts *facts = &object->facts;
    bool has_both = is_known(facts->distance_pc) && is_known(facts->radius_rjup);

    *factor = 1.0;
    object->is_at_surface = object->is_binned || (has_both && !object->spectrum.is_relative);
    if (binning->needs_surface && !object->is_at_surface && object->spectrum.is_relative)
        return TML_FAIL(error, TML_USAGE,
                        "%s: the flux has no absolute scale, and this network looks at the flux at the "
                        "object's surface; give its unit by --unit-flux if it has one, or use a network "
                        "trained on the shape of spectra alone (jobs/configs/observed.yml)",
                        object->file);
    if (binning->needs_surface && !object->is_at_surface)
        return TML_FAIL(error, TML_USAGE,
                        "%s: this network looks at the flux at the object's surface, which takes distance "
                        "and radius: give --distance-pc and --radius-rjup (or distance_pc and radius_rjup in "
                        "the object's .yml), or use a network trained on the shape of spectra alone "
                        "(jobs/configs/observed.yml)",
                        object->file);
    if (!object->is_at_surface || object->is_binned)
        return TML_OK;
    *factor = tml_surface_factor(facts->distance_pc.value, facts->radius_rjup.value);
    object->factor_sd = 2.0 * hypot(relative_error(facts->distance_pc), relative_error(facts->radius_rjup));
    return TML_OK;
}

static tml_status allocate(tml_observed_object *object, const tml_binning *binning, tml_error *error)
{
    tml_status status = tml_array_create(object->spectrum.count, sizeof(uint8_t), "the states of pixels",
                                         &object->pixel_state, error);

    object->bins = binning->bins;
    if (status == TML_OK)
        status = tml_array_create(binning->bins, sizeof(double), "factors", &object->factor, error);
    if (status == TML_OK)
        status = tml_array_create(binning->bins, sizeof(double), "fluxes", &object->flux, error);
    if (status == TML_OK)
        status = tml_array_create(binning->bins, sizeof(double), "errors", &object->error, error);
    if (status == TML_OK)
        status = tml_array_create(binning->bins, sizeof(uint8_t), "the states of pixels", &object->state,
                                  error);
    return status;
}

static tml_status make_weights(tml_observed_object *object, const tml_binning *binning, tml_error *error)
{
    const tml_observed_spectrum *s = &object->spectrum;

    tml_pixel_classify(s->count, s->flux, s->error, binning->keep_negative, object->pixel_state);
    return object->is_binned
               ? tml_resampling_identity(s->count, object->pixel_state, &object->resampling, error)
               : tml_resampling_create(s->count, s->wavelength_um, object->pixel_state, binning->bins,
                                       binning->bin_um, &object->resampling, error);
}

/* A bin may come out below 0 although its pixels were used, and a logarithm has no place for it. */
static void mask_bins(tml_observed_object *object, const tml_binning *binning)
{
    bool keeps = binning->keep_negative && !binning->takes_logarithm;

    for (size_t b = 0; b < object->bins; ++b) {
        object->state[b] = object->resampling.state[b];
        if (object->state[b] == TML_PIXEL_USED)
            tml_pixel_classify(1, &object->flux[b], &object->error[b], keeps, &object->state[b]);
        if (object->state[b] != TML_PIXEL_USED)
            object->flux[b] = object->error[b] = NAN;
    }
}

static tml_status check_coverage(const tml_observed_object *object, const tml_binning *binning,
                                 tml_error *error)
{
    const tml_observed_spectrum *s = &object->spectrum;
    size_t pixels[TML_PIXEL_STATES];
    size_t bins[TML_PIXEL_STATES];

    tml_pixel_count(s->count, object->pixel_state, pixels);
    tml_pixel_count(object->bins, object->state, bins);
    if (bins[TML_PIXEL_USED] > 0 && bins[TML_PIXEL_USED] >= binning->least)
        return TML_OK;
    if (bins[TML_PIXEL_USED] > 0)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: only %zu of the network's %zu pixels can be used, fewer than the %zu that its "
                        "parameters and a scale need; check its wavelengths, %.6g to %.6g micron, and its "
                        "masked pixels",
                        object->file, bins[TML_PIXEL_USED], object->bins, binning->least, s->wavelength_um[0],
                        s->wavelength_um[s->count - 1]);
    if (bins[TML_PIXEL_OUTSIDE] == object->bins)
        return TML_FAIL(error, TML_BAD_DATA,
                        "%s: its wavelengths, %.6g to %.6g micron, do not overlap with the network's, %.6g "
                        "to %.6g, by half a pixel anywhere; check the unit (--unit-wavelength), or use a "
                        "network for these wavelengths",
                        object->file, s->wavelength_um[0], s->wavelength_um[s->count - 1], binning->bin_um[0],
                        binning->bin_um[binning->bins - 1]);
    return TML_FAIL(
        error, TML_BAD_DATA,
        "%s: no pixel is left that the network can use: of %zu, %zu are missing, %zu have no error, %zu "
        "are zero, %zu negative%s",
        object->file, s->count, pixels[TML_PIXEL_MISSING], pixels[TML_PIXEL_NO_ERROR], pixels[TML_PIXEL_ZERO],
        pixels[TML_PIXEL_NEGATIVE],
        pixels[TML_PIXEL_NO_ERROR] > s->count / 2 ? "; --snr X stands in for missing errors" : "");
}

tml_status tml_observed_object_bin(tml_observed_object *object, const tml_binning *binning, tml_error *error)
{
    bool is_per_wavelength = object->spectrum.density == TML_FLUX_PER_WAVELENGTH;
    double surface = 1.0;
    tml_status status = find_surface(object, binning, &surface, error);

    if (status == TML_OK)
        status = allocate(object, binning, error);
    if (status == TML_OK)
        status = make_weights(object, binning, error);
    if (status != TML_OK)
        return status;
    tml_resampling_apply(&object->resampling, object->spectrum.flux, object->flux);
    tml_resampling_errors(&object->resampling, object->spectrum.error, object->error);
    for (size_t b = 0; b < object->bins; ++b) {
        object->factor[b] = surface * (is_per_wavelength ? tml_per_frequency(binning->bin_um[b], 1.0) : 1.0);
        object->flux[b] *= object->factor[b];
        object->error[b] *= object->factor[b];
    }
    mask_bins(object, binning);
    return check_coverage(object, binning, error);
}

double tml_observed_object_draw(const tml_observed_object *object, uint64_t seed, uint64_t draw,
                                double inflation, double *pixels, double *flux)
{
    const tml_observed_spectrum *s = &object->spectrum;
    double *normal = pixels + s->count;
    double common = 1.0;

    tml_random_normals(seed, TML_RANDOM_DRAW, object->key, draw, s->count, normal);
    for (size_t i = 0; i < s->count; ++i)
        pixels[i] = s->flux[i] + inflation * s->error[i] * normal[i];
    if (object->factor_sd > 0.0) {
        tml_random_words words = tml_random_at(seed, TML_RANDOM_DRAW, object->key, draw, FACTOR_COUNTER);
        double pair[2];

        tml_random_normal_pair(words.word[0], words.word[1], pair);
        common = exp(object->factor_sd * pair[0]);
    }
    tml_resampling_apply(&object->resampling, pixels, flux);
    for (size_t b = 0; b < object->bins; ++b)
        flux[b] = object->state[b] == TML_PIXEL_USED ? common * object->factor[b] * flux[b] : (double)NAN;
    return common;
}

void tml_observed_object_free(tml_observed_object *object)
{
    tml_observed_spectrum_free(&object->spectrum);
    tml_resampling_free(&object->resampling);
    free(object->pixel_state);
    free(object->factor);
    free(object->flux);
    free(object->error);
    free(object->state);
    memset(object, 0, sizeof *object);
}
