/** @file shifted_profiles.c
 * Atmospheres whose opacity is a factor away from what the program takes it for: a helper of
 * metals_in_structure.py.
 *
 * Reads lines "teff,logg,c_o,met,shift"; writes for each, as doubles: pressure and temperature at the levels
 * of the solar atmosphere of log g - shift, and at its layers the fractions of all gases with the elements of
 * c_o and met. Build: cc -O2 -I src jobs/opacity/shifted_profiles.c libtml_atmosphere.a libtml_core.a -lgsl
 * -lgslcblas -lm
 */

#include <math.h>
#include <stdio.h>

#include "atmosphere/chemistry.h"
#include "atmosphere/structure.h"

int main(void)
{
    double teff, logg, c_o, met, shift;

    while (scanf("%lf,%lf,%lf,%lf,%lf", &teff, &logg, &c_o, &met, &shift) == 5) {
        const tml_elements elements = tml_elements_of(c_o, met);
        tml_structure s;

        tml_structure_of(teff, logg - shift, 1.0, 0.0, &s);
        fwrite(s.pressure_bar, sizeof(double), TML_STRUCTURE_LEVELS, stdout);
        fwrite(s.temperature_k, sizeof(double), TML_STRUCTURE_LEVELS, stdout);
        for (int l = 0; l + 1 < TML_STRUCTURE_LEVELS; ++l) {
            double fraction[TML_SPECIES_COUNT];

            tml_chemistry_at(&elements, fmax(0.5 * (s.temperature_k[l] + s.temperature_k[l + 1]), 75.0),
                             sqrt(s.pressure_bar[l] * s.pressure_bar[l + 1]), fraction);
            fwrite(fraction, sizeof(double), TML_SPECIES_COUNT, stdout);
        }
    }
    return 0;
}
