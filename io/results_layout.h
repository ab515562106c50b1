#ifndef TML_IO_RESULTS_LAYOUT_H
#define TML_IO_RESULTS_LAYOUT_H

/** @file io/results_layout.h
 * What stands where in results.h5, for those who write and read it. Private to io/. Not collective.
 *
 *   /               format, format_version, title; warnings (lines code=text)
 *   /provenance     one text attribute per fact
 *   /objects/NAME   attributes: texts, whole numbers and numbers of the lists below; density
 *     pixel/        wavelength, flux, error, state; absent without pixels
 *     bin/          wavelength, flux, error, filled, model, model_pP (quantiles; optional), state; absent
 *                   without bins
 *     parameters/   attributes count, name_I, unit_I; datasets of one number per parameter, flags
 *     draws         (draws, parameters); absent without draws
 *     grid/         row, chi2, scale, parameters of the grid points that fit best; absent without
 *     literature/I  attributes source, count, name_J, value_J, sd_J
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/results_file.h"

#define TML_RESULTS_FORMAT "telescopeml-results"
enum { TML_RESULTS_VERSION = 1 };

enum {
    TML_RESULTS_TEXTS = 4,
    TML_RESULTS_NUMBERS = 13,
    TML_RESULTS_COLUMNS = 13,
    TML_RESULTS_PIXEL_ARRAYS = 3,
    TML_RESULTS_BIN_ARRAYS = 10
};

typedef struct tml_results_text {
    const char *name;
    char *text;
    size_t room;
} tml_results_text;

typedef struct tml_results_number {
    const char *name;
    double *value;
} tml_results_number;

typedef struct tml_results_array {
    const char *name;
    double *values;
    const char *units;
    const char *long_name;
    bool is_optional; /* NaN where a file does not have it */
} tml_results_array;

/** The texts, numbers and arrays of an object, in the order of the file; they point into the object. */
void tml_results_texts(tml_object_result *object, tml_results_text list[TML_RESULTS_TEXTS]);
void tml_results_numbers(tml_object_result *object, tml_results_number list[TML_RESULTS_NUMBERS]);
void tml_results_pixel_arrays(const tml_object_result *object,
                              tml_results_array list[TML_RESULTS_PIXEL_ARRAYS]);
void tml_results_bin_arrays(const tml_object_result *object, tml_results_array list[TML_RESULTS_BIN_ARRAYS]);

/** The numbers of one parameter, the best grid point's among them. */
void tml_results_columns(tml_object_result *object, size_t parameter,
                         tml_results_number list[TML_RESULTS_COLUMNS]);

#endif
