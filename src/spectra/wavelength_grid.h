#ifndef TML_SPECTRA_WAVELENGTH_GRID_H
#define TML_SPECTRA_WAVELENGTH_GRID_H

/** @file spectra/wavelength_grid.h
 * The wavelengths of the published grid: resolving power 100 from 0.9 to 2.5 micron, in vacuum. Not
 * collective. */

#include <stddef.h>

enum { TML_PUBLISHED_WAVELENGTHS = 104 };

/** wavelength_k = 0.8967795781943042 (201 / 199)^k micron, k = 0 .. 103: neighbours differ by 1/100 of their
 * mean.
 * @param wavelength_um  out: [TML_PUBLISHED_WAVELENGTHS] ascending
 */
void tml_wavelength_grid_published(double wavelength_um[TML_PUBLISHED_WAVELENGTHS]);

#endif
