"""Corrections of the table that the fit may make, and what it believes of them before it sees a spectrum.

A correction of ln m or ln c of a species in a bin is a Gaussian process over x = ln T and y = ln P: a level,
slopes in x and y, and a smooth rest. Its covariance on the table's nodes is factorised, so that a correction
is a few numbers of unit variance times fixed shapes. Bins are independent of each other.
"""

import numpy as np

from common import ATOMS, MOLECULES, PRESSURE, TEMPERATURE

# Standard deviations: level, slope per e-fold of T, slope per e-fold of P, smooth rest over T.
TWO_TEMPERATURES = (0.5, 0.5, 0.04, 0.30)  # H2O, CO
ONE_TEMPERATURE = (0.5, 1.0, 0.04, 0.40)
WING = (0.4, 0.5, 0.08, 0.0)
CONTRAST = (1.0, 0.7, 0.25, 0.5)
COLLISION = (0.12, 0.15, 0.0, 0.0)
LENGTH_T, LENGTH_P = 0.5, 2.5  # e-folds over which the smooth rest changes


def shapes(sigma, with_pressure_rest):
    """Shapes [T x P][k] of unit prior variance."""
    level, slope_t, slope_p, rest = sigma
    x, y = np.meshgrid(np.log(TEMPERATURE / 1000.0), np.log(PRESSURE / 1.0), indexing="ij")
    x, y = x.ravel(), y.ravel()
    smooth = np.exp(-0.5 * ((x[:, None] - x) / LENGTH_T) ** 2)
    if with_pressure_rest:
        smooth = smooth * np.exp(-0.5 * ((y[:, None] - y) / LENGTH_P) ** 2)
    covariance = level**2 + slope_t**2 * np.outer(x, x) + slope_p**2 * np.outer(y, y) + rest**2 * smooth
    value, vector = np.linalg.eigh(covariance)
    keep = value > 2e-3 * value[-1]
    return vector[:, keep] * np.sqrt(value[keep])


def correction_shapes():
    """{(species, "mean" or "contrast"): shapes [T x P][k]}."""
    two, one, wing = shapes(TWO_TEMPERATURES, False), shapes(ONE_TEMPERATURE, False), shapes(WING, False)
    contrast = shapes(CONTRAST, True)
    result = {}
    for s in MOLECULES:
        result[s, "mean"] = two if s in ("H2O", "CO") else one
        result[s, "contrast"] = contrast
    for s in ATOMS:
        result[s, "mean"] = wing
    return result


def corrected(prior, basis, theta):
    """The table {species: (ln mean, ln contrast) [T][P][bins]} with corrections theta {key: [k][bins]}."""
    table = {}
    for s, (mean, contrast) in prior.items():
        add = lambda a, key: a + (basis[key] @ theta[key]).reshape(a.shape) if key in basis else a
        table[s] = (add(mean, (s, "mean")), add(contrast, (s, "contrast")))
    return table
