#ifndef TML_ATMOSPHERE_STRUCTURE_METALS_H
#define TML_ATMOSPHERE_STRUCTURE_METALS_H

/** @file atmosphere/structure_metals.h
 * Coefficients of log10 f, the opacity of an atmosphere's elements in units
 * of the solar one (structure.h). Written by jobs/opacity/metals_in_structure.py: do not edit. */

enum { TML_METALS_OUTER = 6, TML_METALS_INNER = 12 };

/* Powers of ln(Teff / 1200 K) and log g - 5. */
static const int tml_metals_outer[TML_METALS_OUTER][2] = {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {2, 0}};

/* Powers of [M/H] and c_o - 1. */
static const int tml_metals_inner[TML_METALS_INNER][2] = {{0, 1}, {0, 2}, {0, 3}, {1, 0}, {1, 1}, {1, 2},
                                                          {1, 3}, {2, 0}, {2, 1}, {2, 2}, {3, 0}, {3, 1}};

static const double tml_metals_coefficient[TML_METALS_OUTER][TML_METALS_INNER] = {
    {-0.05808, -0.03552, 0.05778, 0.71579, -0.22077, -0.09301, 0.10261, 0.11462, -0.06777, -0.02465, -0.04891,
     0.00956},
    {0.06300, 0.02675, -0.01168, -0.11412, 0.05145, 0.02630, -0.00734, 0.01487, -0.00262, 0.00611, 0.00193,
     -0.00630},
    {-0.00698, -0.00353, 0.00019, -0.01072, 0.00381, -0.00389, 0.00079, -0.00074, 0.00592, -0.00380, -0.00026,
     0.00145},
    {-0.28236, -0.00917, -0.00391, 0.05235, -0.12678, -0.02557, -0.04035, 0.00310, 0.01831, -0.02810,
     -0.00389, 0.02189},
    {0.03171, 0.01955, 0.03907, -0.04574, -0.10805, -0.01671, 0.05977, 0.01647, -0.03196, -0.00959, 0.00693,
     0.00972},
    {0.05063, -0.11153, -0.12272, 0.21318, 0.39424, 0.09267, -0.27380, -0.06109, 0.08674, 0.04366, -0.00937,
     -0.02254},
};

#endif
