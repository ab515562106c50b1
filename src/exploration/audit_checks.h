#ifndef TML_EXPLORATION_AUDIT_CHECKS_H
#define TML_EXPLORATION_AUDIT_CHECKS_H

/** @file exploration/audit_checks.h
 * What can be seen of one row by itself: fluxes that are not finite, negative or zero, and more energy in the
 * band than the object has. */

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "exploration/explored_rows.h"

/** What may be wrong with a row; bits. */
typedef enum tml_row_defect {
    TML_DEFECT_NOT_FINITE = 1,
    TML_DEFECT_NEGATIVE = 2,
    TML_DEFECT_ZERO = 4,
    TML_DEFECT_ENERGY = 8, /* in-band flux above sigma teff^4 */
    TML_DEFECT_JUMP = 16   /* exploration/audit_lines.h */
} tml_row_defect;

enum { TML_ROW_DEFECTS = 5 };

/** Word for a defect by the place of its bit: "not_finite", "negative", "zero", "energy", "jump". */
const char *tml_row_defect_name(size_t bit);

typedef struct tml_row_check {
    unsigned defects;
    uint64_t spectrum;     /* XXH3-64 of the fluxes: the same for identical spectra, as in the split */
    double energy;         /* in-band flux / (sigma teff^4); NaN without temperature or with a flux that is
                              not finite */
    double jump;           /* dex; 0 when there is none */
    size_t jump_parameter; /* along which */
} tml_row_check;

/** Whether the row has a logarithm at every wavelength. */
static inline int tml_row_has_log(const tml_row_check *check)
{
    const unsigned bad = TML_DEFECT_NOT_FINITE | TML_DEFECT_NEGATIVE | TML_DEFECT_ZERO;

    return (check->defects & bad) == 0;
}

/** Check this rank's rows. Not collective.
 *
 * The in-band flux is the integral of F_nu over frequency between the first and the last wavelength, by the
 * trapezoidal rule. F_nu is that at the surface, so that the integral over all frequencies is sigma teff^4
 * (Stefan-Boltzmann; CODATA 2018), which the band alone cannot exceed.
 * @param wavelength_um  [rows->wavelengths]
 * @param teff           which parameter is the effective temperature in K; negative: none is
 * @param checks         out: [rows->count]
 */
void tml_row_checks(const tml_explored_rows *rows, const double *wavelength_um, int teff,
                    tml_row_check *checks);

#endif
