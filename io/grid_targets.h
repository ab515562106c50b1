#ifndef TML_IO_GRID_TARGETS_H
#define TML_IO_GRID_TARGETS_H

/** @file io/grid_targets.h
 * The parameters of a brown dwarf that every part of the program knows by name (docs/contracts.md,
 * "Targets"). */

#include <stddef.h>

typedef struct tml_grid_target {
    const char *name;     /* in the library, in files that are written, in figures */
    const char *csv_name; /* in the CSV files of the Python program TelescopeML */
    const char *unit;
    const char *long_name;
} tml_grid_target;

/** All of them in the order in which grids store them. @param count out. Borrowed from static storage. */
const tml_grid_target *tml_grid_targets(size_t *count);

/** Position of the target with that name or CSV name, or -1. */
int tml_grid_target_find(const char *name);

#endif
