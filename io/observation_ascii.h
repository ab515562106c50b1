#ifndef TML_IO_OBSERVATION_ASCII_H
#define TML_IO_OBSERVATION_ASCII_H

/** @file io/observation_ascii.h
 * An observed spectrum in columns of text. Private to io/. Not collective. */

#include "core/status.h"
#include "io/observation_raw.h"

/** Read wavelength, flux and, if there is a third column, error.
 *
 * Columns stand between blanks, tabs or single commas; more than three are passed over. Empty lines are
 * passed over, and what follows '#', or a line that begins with ';' or '!'. Before the first line of numbers,
 * lines of words are passed over, too: lines that begin with a letter or hold no number. "nan", "inf",
 * "null", "--" and nothing between two commas are missing numbers. The unit of the flux is erg s-1 cm-2 A-1.
 * @param path  for messages; borrowed
 * @param text  the file's contents, without a NUL but the one at its end; borrowed
 * @param raw   out, its pixels owned by the caller; all zero on failure
 * @return TML_OK, TML_BAD_DATA with line and text, or TML_INTERNAL
 */
TML_NODISCARD tml_status tml_observation_ascii_read(const char *path, const char *text,
                                                    tml_observation_raw *raw, tml_error *error);

#endif
