#ifndef TML_COMMANDS_PROFILE_TABLE_H
#define TML_COMMANDS_PROFILE_TABLE_H

/** @file commands/profile_table.h
 * The atmosphere behind a spectrum as CSV or JSON, for `grid profile`: from the top, at the levels of the
 * structure or in the middle of the layers between them, where the spectrum takes its opacity
 * (atmosphere/cloudless.h). Not collective. */

#include <stdbool.h>
#include <stdio.h>

#include "atmosphere/species.h"
#include "atmosphere/structure.h"
#include "io/envelope.h"

/** What is asked of an atmosphere, in the order of the model's parameters. */
typedef struct tml_profile_node {
    double teff, logg, c_o, met;
} tml_profile_node;

typedef struct tml_profile {
    tml_profile_node node;
    double gravity; /* cm s-2 */
    bool is_of_layers;
    size_t rows; /* TML_STRUCTURE_LEVELS, or one less: layers */
    double pressure_bar[TML_STRUCTURE_LEVELS];
    double temperature_k[TML_STRUCTURE_LEVELS];
    double fraction[TML_STRUCTURE_LEVELS][TML_SPECIES_COUNT]; /* of all particles, by number */
} tml_profile;

/** Structure and abundances of an atmosphere.
 * @param is_of_layers  at the layers: geometric mean of the pressures of two levels, mean of their
 * temperatures
 * @param profile  out
 */
void tml_profile_of(const tml_profile_node *node, bool is_of_layers, tml_profile *profile);

/** The header of the CSV text: node,teff,logg,c_o,met,level,pressure_bar,temperature_k and the species; with
 * `layer` for `level`. With the line's end. */
void tml_profile_header(FILE *out, bool is_of_layers);

/** The lines of an atmosphere, from the top. @param node its number */
void tml_profile_lines(FILE *out, size_t node, const tml_profile *profile);

/** An atmosphere as JSON: its parameters, gravity, and an array over the rows for each quantity.
 * @return owned by the caller; NULL without memory */
cJSON *tml_profile_to_json(const tml_profile *profile);

#endif
