#ifndef TML_IO_GRID_WAVELENGTHS_H
#define TML_IO_GRID_WAVELENGTHS_H

/** @file io/grid_wavelengths.h
 * The wavelengths of a CSV grid: the columns whose header is a number, in micron, sorted; headers are often
 * rounded, so that a file of their own can give the exact values. Not collective: one rank reads. */

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"
#include "io/csv_reader.h"

/** Whether the name of a column is a finite number. @param value out if it is */
bool tml_grid_header_number(const char *name, double *value);

/** What the last digit of such a name stands for: 0.001 in "2.512", 10 in "251e1". */
double tml_grid_header_digit(const char *name);

/** Find the wavelength columns and put them in ascending order.
 *
 * @param csv         an open reader of the grid at csv_path; borrowed
 * @param exact_path  a CSV file with the exact wavelengths in a column 'wl' in any order, or NULL. Value i in
 *                    ascending order must agree with header i within 0.6 units of the header's last digit.
 * @param count       out
 * @param wavelength_um out [count] ascending, on the heap, owned by the caller; NULL on failure
 * @param column      out [count] position in the CSV, likewise
 * @return TML_OK, TML_BAD_DATA (none, equal ones, not above 0, no match) or what reading a file gives
 */
TML_NODISCARD tml_status tml_grid_wavelengths_plan(const tml_csv_reader *csv, const char *csv_path,
                                                   const char *exact_path, size_t *count,
                                                   double **wavelength_um, size_t **column, tml_error *error);

#endif
