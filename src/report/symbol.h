#ifndef TML_REPORT_SYMBOL_H
#define TML_REPORT_SYMBOL_H

/** @file report/symbol.h
 * How targets are written for people. Not collective. */

/** Symbol of a target: "Teff" for teff, "log g", "C/O", "[M/H]"; another target is its own symbol. */
const char *tml_symbol_of(const char *target);

#endif
