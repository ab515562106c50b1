"""The table before any fit: cross sections of two temperatures at most, and laws for the rest.

Mean: ln m is linear in 1/T between two temperatures where there are two (from 350 K up) and constant
otherwise; it does not depend on pressure.

Contrast: a file of spacing D blurs lines like a profile of that width. Lines of an isolated-line band have
c ~ 1 / width, and the width is that of Doppler and pressure broadening, w = hypot(w_D, 2 x 0.07 P (296 /
T)^0.6) cm-1; a band whose lines blend loses its contrast more slowly. So c = c_file (D / max(w, w_D))^0.5.

Alkali: the resonance doublets have a Lorentz profile of a width proportional to pressure, cut off
exponentially in the far wing as in Burrows, Marley and Sharp (2000, ApJ 531, 438, section 3):
sigma = 8.853e-13 cm f gamma / pi / (d^2 + gamma^2) exp(-q hc d / kT), with d the distance from the line in
cm-1 and gamma = gamma_0 (P / bar) (T / 1000 K)^-n.
"""

import numpy as np

from common import ATOMS, GREY, MOLECULES, PRESSURE, TEMPERATURE, WAVELENGTH
from cross_sections import FLOOR, read_cross_sections

MASS = dict(H2O=18, CH4=16, CO=28, CO2=44, NH3=17, H2S=34, TiO=64, VO=67, FeH=57, CrH=53)
# Lines: vacuum wavelength [micron] and oscillator strength (NIST): resonance doublets.
LINES = {"Na": ((0.589158, 0.641), (0.589756, 0.320)), "K": ((0.766701, 0.670), (0.770108, 0.333))}
WING = {"Na": (0.40, 0.7, 0.8), "K": (6.7, 0.45, 1.25)}  # gamma_0 [cm-1], n, q
HC_K = 1.438776877  # cm K


def alkali(lines, wing):
    """ln sigma [T][P][bins] of resonance lines."""
    gamma_0, n, q = wing
    t, p = TEMPERATURE[:, None, None], PRESSURE[None, :, None]
    gamma = gamma_0 * p * (t / 1000.0) ** -n
    sigma = FLOOR
    for centre, strength in lines:
        d = np.abs(1e4 / WAVELENGTH - 1e4 / centre)[None, None, :]
        sigma = sigma + 8.853e-13 * strength * gamma / np.pi / (d**2 + gamma**2) * np.exp(-q * HC_K * d / t)
    return np.log(sigma)


def molecule(name, temperature, step, mean, contrast):
    """ln mean and ln contrast [T][P][bins]."""
    x = 1.0 / np.maximum(TEMPERATURE, 350.0)
    if len(temperature) == 2:
        share = ((x - 1 / temperature[0]) / (1 / temperature[1] - 1 / temperature[0]))[:, None]
        share_c = np.clip(share, 0.0, 1.0)
    else:
        share = share_c = np.zeros((len(TEMPERATURE), 1))
        mean, contrast, step = mean.repeat(2, 0), contrast.repeat(2, 0), step.repeat(2, 0)
    ln_m = mean[0] + share * (mean[1] - mean[0])
    ln_c = contrast[0] + share_c * (contrast[1] - contrast[0])
    doppler = 1e4 / WAVELENGTH * 7.16e-7 * np.sqrt(TEMPERATURE / MASS[name])[:, None]
    pressure = 0.14 * PRESSURE[None, :, None] * ((296.0 / TEMPERATURE) ** 0.6)[:, None, None]
    width = np.hypot(doppler[:, None, :], pressure)
    ln_c = ln_c[:, None, :] - 0.5 * np.log(width / step[0])
    return np.maximum(np.broadcast_to(ln_m[:, None, :], ln_c.shape), np.log(FLOOR)), np.clip(ln_c, -6.0, 12.0)


def prior_table(wings=WING):
    """{species: (ln mean, ln contrast)} each [T][P][bins]."""
    table = {}
    for name, entry in read_cross_sections().items():
        table[name] = molecule(name, *entry)
    for name in ATOMS:
        ln_m = alkali(LINES[name], wings[name])
        table[name] = (ln_m, np.full_like(ln_m, GREY))
    return {name: table[name] for name in MOLECULES + ATOMS}
