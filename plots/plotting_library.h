#ifndef TML_PLOTS_PLOTTING_LIBRARY_H
#define TML_PLOTS_PLOTTING_LIBRARY_H

/** @file plots/plotting_library.h
 * What PLplot is installed here. Not collective. */

#include <stddef.h>

/** Version of PLplot and the drivers that write files.
 * @param version  out, as "5.15.0"
 * @param drivers  out: names separated by spaces, as many as there is room for
 */
void tml_plotting_library(char *version, size_t version_room, char *drivers, size_t drivers_room);

#endif
