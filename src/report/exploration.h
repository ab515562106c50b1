#ifndef TML_REPORT_EXPLORATION_H
#define TML_REPORT_EXPLORATION_H

/** @file report/exploration.h
 * What `explore` found in a grid, read from the files that it wrote. Not collective: one rank. */

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "core/status.h"
#include "report/number_table.h"

/** The tables; each may be missing. */
typedef enum tml_explored_table {
    TML_EXPLORED_COUNTS,         /* parameter_counts.csv: parameter,low,high,count */
    TML_EXPLORED_FLUXES,         /* fluxes.csv: wavelength_um, edges of boxes; log10 of F_nu */
    TML_EXPLORED_SCALED_FLUXES,  /* scaled_fluxes.csv: the same of the row-standardised flux */
    TML_EXPLORED_CORRELATIONS,   /* correlations.csv: wavelength_um, pearson_NAME, spearman_NAME */
    TML_EXPLORED_PCA_VARIANCE,   /* pca_variance.csv: component,variance,share,cumulative */
    TML_EXPLORED_PCA_COMPONENTS, /* pca_components.csv: wavelength_um, mean, component_N */
    TML_EXPLORED_PCA_SCORES,     /* pca_scores.csv: row, NAME, score_N */
    TML_EXPLORED_NEIGHBOURS,     /* neighbours.csv: row, NAME, nearest_row, distance, outlier_score */
    TML_EXPLORED_SPECTRA,        /* filtered_spectra.csv: varied, value, row, then a column per wavelength */
    TML_EXPLORED_TABLES
} tml_explored_table;

/** One line of coverage.csv. */
typedef struct tml_explored_node {
    size_t x_parameter, y_parameter; /* places among the names */
    double x, y, count;
} tml_explored_node;

typedef struct tml_exploration {
    cJSON *document;                             /* exploration.json, whole; NULL: not there */
    tml_number_table table[TML_EXPLORED_TABLES]; /* all zero: not there */
    size_t names;
    char (*name)[TML_TABLE_NAME]; /* [names] of the parameters in coverage.csv, as they come */
    size_t nodes;
    tml_explored_node *node; /* [nodes] */
} tml_exploration;

enum { TML_EXPLORED_PARAMETERS = 64 };

/** Whether the `result` of exploration.json is one, with at most TML_EXPLORED_PARAMETERS parameters. */
bool tml_exploration_is_good(const cJSON *result);

/** Read the tables of a folder that has an exploration.json.
 * @param exploration  whose document is there; to be freed by the caller also after a failure
 * @return TML_OK; TML_BAD_DATA naming file, line and column; TML_IO_ERROR; TML_INTERNAL
 */
TML_NODISCARD tml_status tml_exploration_read_tables(const char *folder, tml_exploration *exploration,
                                                     tml_error *error);

/** The result of exploration.json; NULL when it is not there. Borrowed. */
const cJSON *tml_exploration_result(const tml_exploration *exploration);

/** Unit of a parameter as people write it; "" for none and for a parameter that is not known. Borrowed. */
const char *tml_exploration_unit(const tml_exploration *exploration, const char *parameter);

/** Whether all its values were counted one by one, so that the grid has nodes along it. */
bool tml_exploration_is_axis(const tml_exploration *exploration, const char *parameter);

enum { TML_EXPLORATION_LABEL = 256 };

/** "Teff [K]". */
void tml_exploration_label(const tml_exploration *exploration, const char *parameter,
                           char label[TML_EXPLORATION_LABEL]);

/** What all spectra share when one parameter is varied: "log g = 5, C/O = 1", and of a parameter that is no
 * axis "≈" for its neighbourhood; "" when it is not known. */
void tml_exploration_fixed(const tml_exploration *exploration, const char *varied,
                           char text[TML_EXPLORATION_LABEL]);

/** A row of a table in words: "row 4711: Teff = 800 K, log g = 5". */
void tml_exploration_row_text(const tml_exploration *exploration, tml_explored_table table, size_t row,
                              char text[TML_EXPLORATION_LABEL]);

/** Free what it owns and zero it; a zeroed one is fine. */
void tml_exploration_free(tml_exploration *exploration);

#endif
