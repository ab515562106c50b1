#include "atmosphere/chemistry.h"

#include <math.h>

/* Lodders, Palme and Gail (2009), Landolt-Boernstein VI/4B, ch. 4.4 (4.56 Gyr ago), over
 * N_H = 2.59e10; these are the totals of the tables of the Sonora models. Phosphorus as in those. */
static const tml_elements solar = {
    .helium = 9.691e-2,
    .carbon = 2.7762e-4,
    .nitrogen = 8.1857e-5,
    .oxygen = 6.0617e-4,
    .sodium = 2.228e-6,
    .aluminium = 3.27e-6,
    .silicon = 3.861e-5,
    .phosphorus = 3.25e-7,
    .sulphur = 1.6264e-5,
    .chlorine = 1.996e-7,
    .potassium = 1.452e-7,
    .titanium = 9.54e-8,
    .vanadium = 1.104e-8,
    .chromium = 5.06e-7,
    .iron = 3.2743e-5,
};

tml_elements tml_elements_of(double c_o, double met)
{
    const double metals = pow(10.0, met);
    tml_elements e = solar;

    e.carbon *= metals * c_o;
    e.nitrogen *= metals;
    e.oxygen *= metals;
    e.sodium *= metals;
    e.aluminium *= metals;
    e.silicon *= metals;
    e.phosphorus *= metals;
    e.sulphur *= metals;
    e.chlorine *= metals;
    e.potassium *= metals;
    e.titanium *= metals;
    e.vanadium *= metals;
    e.chromium *= metals;
    e.iron *= metals;
    return e;
}
