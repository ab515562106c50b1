#ifndef TML_SPECTRA_FLUX_UNIT_H
#define TML_SPECTRA_FLUX_UNIT_H

/** @file spectra/flux_unit.h
 * Units of observed spectra, and the way from a flux at Earth to F_nu at the object's surface. Pure
 * arithmetic in double. Not collective. */

#include "core/status.h"

/* IAU 2015 and CODATA values as the published work used them. */
#define TML_PARSEC_CM 3.0856775814913674e18
#define TML_JUPITER_RADIUS_CM 7.1492e9
#define TML_LIGHT_SPEED_A_S 2.99792458e18 /* Angstrom per second */

/** Per wavelength or per frequency. */
typedef enum tml_flux_density { TML_FLUX_PER_WAVELENGTH, TML_FLUX_PER_FREQUENCY } tml_flux_density;

/** A unit of flux: value * factor is in erg s-1 cm-2 A-1 or erg s-1 cm-2 Hz-1. */
typedef struct tml_flux_unit {
    tml_flux_density density;
    double factor;
} tml_flux_unit;

/** Read a unit of wavelength: micron, um, nm, Angstrom, A, m, cm, ... in any spelling that FITS files and
 * papers use, upper and lower case alike where they mean the same; a number may stand in front.
 * @param micron  out: micron per unit
 * @return TML_OK, or TML_BAD_DATA with the spellings that are known; micron is untouched
 */
TML_NODISCARD tml_status tml_wavelength_unit_parse(const char *text, double *micron, tml_error *error);

/** Read a unit of flux density, products of erg, J, W, s, cm, m, micron, nm, Angstrom, Hz, Jy with exponents
 * ("erg/s/cm2/A", "W m-2 um-1", "ergss-1cm-2A-1", "mJy", "1e-17 erg/(s cm2 A)"). A '/' divides by the next
 * factor or bracket alone.
 * @return TML_OK, or TML_BAD_DATA saying what was not understood or that the dimension is no flux density;
 * unit is untouched
 */
TML_NODISCARD tml_status tml_flux_unit_parse(const char *text, tml_flux_unit *unit, tml_error *error);

/** F_nu = F_lambda lambda^2 / c: both per cm2 and second, per Angstrom and per hertz. */
double tml_per_frequency(double wavelength_um, double per_wavelength);

/** F_lambda = F_nu c / lambda^2. */
double tml_per_wavelength(double wavelength_um, double per_frequency);

/** (distance / radius)^2: flux at the surface over flux at Earth. */
double tml_surface_factor(double distance_pc, double radius_rjup);

/** Vacuum wavelength of a wavelength in standard air (refractive index: Ciddor 1996, Appl. Opt. 35, 1566,
 * eq. 1). Below 0.2 micron wavelengths are those in vacuum by convention, and come back as they are. */
double tml_vacuum_wavelength_um(double air_um);

#endif
