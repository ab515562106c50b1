#ifndef TML_EXPLORATION_EXPLORATION_FILES_H
#define TML_EXPLORATION_EXPLORATION_FILES_H

/** @file exploration/exploration_files.h
 * An exploration on disk. CSV files have a header; numbers are the shortest that read back to the same
 * double, "nan" where there is none; NAME stands for each parameter of the grid; rows are those of the
 * source. Wavelengths in micron.
 *
 *   parameter_counts.csv  parameter,low,high,count: low = high for a value of an axis, else a bin
 *   coverage.csv          x_name,x,y_name,y,count: every pair of parameters, every combination of bins
 *   fluxes.csv            wavelength_um,minimum,p2_5,whisker_low,q1,median,q3,whisker_high,p97_5,maximum,
 *                         mean,sd: of log10 of F_nu [erg s-1 cm-2 Hz-1] where that is above 0
 *   scaled_fluxes.csv     the same columns of the row-standardised flux, with all fluxes
 *   correlations.csv      wavelength_um,pearson_NAME...,spearman_NAME...: with log10 of the flux;
 *                         Spearman's with all fluxes, those of 0 ranking lowest
 *   pca_variance.csv      component,variance,share,cumulative: all, of row-standardised spectra
 *   pca_components.csv    wavelength_um,mean,component_1,...: those that are kept
 *   pca_scores.csv        row,NAME...,score_1,...: at most 5000 rows, spread evenly over the file
 *   neighbours.csv        row,NAME...,nearest_row,distance,outlier_score: at most 1000, largest first
 *   filtered_spectra.csv  varied,value,row, then F_nu at each wavelength, which names the column
 *   exploration.json      docs/schema/explore.schema.json
 *
 * Not collective: rank 0, which has the tables. */

#include <cjson/cJSON.h>

#include "core/status.h"
#include "exploration/grid_exploration.h"

#define TML_EXPLORATION_SCHEMA "telescopeml.explore/1"

/** Names of all files, exploration.json last. @param count out. Borrowed from static storage. */
const char *const *tml_grid_exploration_file_names(size_t *count);

/** Write all files into a folder. An exploration.json that is there is removed first and written last, so
 * that it never stands beside tables of another grid.
 * @return TML_OK, TML_CANNOT_CREATE, TML_IO_ERROR or TML_INTERNAL */
TML_NODISCARD tml_status tml_grid_exploration_write(const char *folder,
                                                    const tml_grid_exploration *exploration,
                                                    tml_error *error);

/** The `result` of telescopeml.explore/1. @return on the heap, owned by the caller; NULL without memory */
cJSON *tml_grid_exploration_json(const tml_grid_exploration *exploration);

#endif
