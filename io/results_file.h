#ifndef TML_IO_RESULTS_FILE_H
#define TML_IO_RESULTS_FILE_H

/** @file io/results_file.h
 * results.h5: what was predicted for observed objects, complete enough to rebuild every table and figure
 * elsewhere (docs/contracts.md, "Results"). Not collective: one rank. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "spectra/observed_spectrum.h"

enum { TML_RESULT_TARGETS = 16, TML_RESULT_NAME = 64, TML_RESULT_PATH = 512 };

/** Quantiles of spectra: 2.5, 15.87, 50, 84.13 and 97.5 percent, in this order. */
enum { TML_RESULT_BANDS = 5 };

/** Grid points that predictions keep of an object at most. */
enum { TML_RESULT_GRID_ROWS = 2000 };

/** What a reader should know before believing an answer. Bits of a set; of a parameter or of an object. */
typedef enum tml_result_flag {
    TML_FLAG_OUTSIDE_GRID = 1 << 0,     /* a value beyond the range that the network was trained on */
    TML_FLAG_MANY_MASKED = 1 << 1,      /* more than a quarter of the pixels was filled in from the grid */
    TML_FLAG_POOR_FIT = 1 << 2,         /* probability of chi2 below 0.001 */
    TML_FLAG_WORSE_THAN_GRID = 1 << 3,  /* the best grid point fits clearly better than the answer */
    TML_FLAG_RADIUS_DISAGREES = 1 << 4, /* radius by the fit and radius given differ by more than 3 sd */
    TML_FLAG_SHAPE_ONLY = 1 << 5,       /* distance or radius unknown, or not used by the network */
    TML_FLAG_NO_GRID = 1 << 6           /* no grid: no implied spectrum, no goodness of fit, no model error */
} tml_result_flag;

enum { TML_FLAG_COUNT = 7 };

/** Word of flag number i (bit i): outside_grid, many_masked, ... */
const char *tml_result_flag_name(int i);

/** One parameter of one object, in its unit. */
typedef struct tml_parameter_result {
    char name[TML_RESULT_NAME];
    char unit[TML_RESULT_NAME];
    double value;                      /* the network's answer for the observation itself */
    double mean;                       /* of the draws */
    double sd;                         /* of the draws: noise and model together */
    double sd_noise;                   /* of draws within the observation's errors alone */
    double sd_model;                   /* error of the network for such spectra; NaN: not known */
    double p2_5, p16, p50, p84, p97_5; /* of the draws */
    double grid_low, grid_high;        /* range of the grid; NaN: not known */
    uint32_t flags;
} tml_parameter_result;

/** The best grid point, as a second opinion. */
typedef struct tml_grid_point_result {
    int64_t row; /* -1: none */
    double chi2;
    double parameter[TML_RESULT_TARGETS]; /* in the order of the parameters */
} tml_grid_point_result;

/** One object. Arrays belong to it (tml_object_result_free). "Pixels" are those of the observation, "bins"
 * those of the network. */
typedef struct tml_object_result {
    tml_object_facts facts;
    char file[TML_RESULT_PATH]; /* as it was given */
    char model_digest[33];      /* of the weights */
    char model_file[TML_RESULT_PATH];
    tml_flux_density density; /* of the pixels */
    bool is_relative;         /* pixels without an absolute scale */
    bool is_at_surface;       /* bins have an absolute scale: distance and radius were used */
    size_t pixels;
    double *pixel_um;     /* [pixels] */
    double *pixel_flux;   /* [pixels] */
    double *pixel_error;  /* [pixels] */
    uint8_t *pixel_state; /* [pixels] spectra/pixel_state.h */
    size_t bins;
    double *bin_um;     /* [bins] */
    double *bin_flux;   /* [bins] F_nu erg s-1 cm-2 Hz-1 at the surface (of a relative scale: any unit); NaN
                           where masked */
    double *bin_error;  /* [bins] of the observation alone, without distance and radius */
    uint8_t *bin_state; /* [bins] */
    double *bin_filled; /* [bins] what the network saw: bin_flux, masked ones filled in from the grid */
    double *bin_model;  /* [bins] spectrum that the answer implies, times scale; NaN without a grid */
    double *bin_band[TML_RESULT_BANDS]; /* each [bins]: quantiles of the spectra that draws imply, each on its
                                           own scale; NaN: not known, as in older files */
    size_t parameters;
    tml_parameter_result parameter[TML_RESULT_TARGETS];
    size_t draws;
    double *draw;            /* [draws][parameters] noise and model error together */
    size_t grid_rows;        /* grid points that fit best, each scaled, from the best on; 0: not known */
    int64_t *grid_row;       /* [grid_rows] in the grid's source */
    double *grid_chi2;       /* [grid_rows] ascending */
    double *grid_scale;      /* [grid_rows] of the observation over the grid's spectrum */
    double *grid_parameter;  /* [grid_rows][parameters] */
    tml_measure scale;       /* of the observation over the implied spectrum, both at the surface */
    tml_measure radius_rjup; /* that the scale implies; NaN without a distance */
    double chi2, dof, p;     /* of the implied spectrum, scale fitted; NaN without a grid */
    double inflation; /* of the observation's errors in the draws: sqrt(chi2 / dof) where that is above 1 */
    tml_grid_point_result grid_point;
    uint32_t flags; /* the object's own and those of its parameters */
} tml_object_result;

/** All objects of one prediction. */
typedef struct tml_results {
    size_t count;
    tml_object_result *object; /* [count] owned */
    char *provenance;          /* lines "name=value", owned */
    char *warnings;            /* lines "code=text" of warnings that were given, owned; NULL: none */
} tml_results;

/** Write, complete or not at all. Objects are groups /objects/NAME, "/" in a name becoming "_"; names that
 * are there twice get "_2", "_3", ...
 * @return TML_OK, TML_CANNOT_CREATE, TML_IO_ERROR or TML_INTERNAL */
TML_NODISCARD tml_status tml_results_write(const char *path, const tml_results *results, tml_error *error);

/** Read and check. @param results out, owned by the caller (tml_results_free); all zero on failure
 * @return TML_OK, TML_NO_INPUT, TML_BAD_DATA, TML_IO_ERROR or TML_INTERNAL */
TML_NODISCARD tml_status tml_results_read(const char *path, tml_results *results, tml_error *error);

/** Make the arrays of an object, all zero, after pixels, bins, parameters, draws and grid_rows were set. */
TML_NODISCARD tml_status tml_object_result_allocate(tml_object_result *object, tml_error *error);

/** Free what they own and zero them; zeroed ones are fine. */
void tml_object_result_free(tml_object_result *object);
void tml_results_free(tml_results *results);

#endif
