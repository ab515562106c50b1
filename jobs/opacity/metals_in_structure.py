#!/usr/bin/env python3
"""How much opacity metals bring to the structure: the coefficients of src/atmosphere/structure_metals.h.

usage: metals_in_structure.py SHIFTED_PROFILES [TABLE.h5] > structure_metals.h     (SHIFTED_PROFILES: see shifted_profiles.c)

An atmosphere with f times the solar opacity has the T(P) of the solar one with the gravity g / f. Here log10 f
is the value at which the model's flux between 0.8 and 5 micron is that of the solar atmosphere of the same
Teff and log g, as energy conservation asks: no published spectrum goes into it (but the opacity table has been
fitted to some). It is solved for at nodes in Teff, log g, [M/H] and C/O, and fitted by a polynomial.
"""

import itertools
import os
import subprocess
import sys

import numpy as np
import torch

from common import WAVELENGTH, bin_edges
from forward import Atmospheres
from table_file import read_table

TEFF = (600.0, 800.0, 1000.0, 1250.0, 1550.0, 1900.0, 2400.0)
LOGG = (3.25, 4.25, 5.25)
MET = (-1.0, -0.5, 0.0, 0.5, 1.0, 2.0)
C_O = (0.25, 0.5, 1.0, 1.5, 2.0, 2.5)
SPECIES = ("H2", "He", "H", "H2O", "CH4", "CO", "CO2", "NH3", "N2", "H2S", "PH3", "Na", "K", "TiO", "VO", "FeH", "CrH")
LEVELS = 60
EVERY = 2  # bins used
BINS = slice(None, None, EVERY)
ATMOSPHERE_POWERS = tuple((i, j) for i in range(3) for j in range(3 - i))  # of ln(Teff / 1200 K), log g - 5
ELEMENT_POWERS = tuple((k, l) for k in range(4) for l in range(4) if 1 <= k + l <= 4)  # of [M/H], c_o - 1


def ln_energy(helper, table, collisions, nodes, shift):
    """ln of the flux between 0.8 and 5 micron, up to a constant."""
    lines = "".join("%.17g,%.17g,%.17g,%.17g,%.17g\n" % (t, g, c, m, s) for (t, g, m, c), s in zip(nodes, shift))
    raw = np.frombuffer(subprocess.run([helper], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout)
    raw = raw.reshape(len(nodes), -1)
    pressure, temperature = raw[:, :LEVELS], raw[:, LEVELS : 2 * LEVELS]
    fractions = raw[:, 2 * LEVELS :].reshape(-1, LEVELS - 1, len(SPECIES))
    width = np.abs(np.diff(1 / bin_edges(WAVELENGTH[BINS])))
    result = []
    for first in range(0, len(nodes), 120):
        i = slice(first, first + 120)
        by_name = {s: fractions[i, :, k] for k, s in enumerate(SPECIES)}
        a = Atmospheres(nodes[i], pressure[i], temperature[i], by_name, WAVELENGTH[BINS], collisions)
        with torch.no_grad():
            flux = np.exp(a.ln_flux(a.interpolate(table)).numpy().astype(float))
        result.append(np.log((flux * width).sum(1)))
    return np.concatenate(result)


def solve(energy, nodes):
    """log10 f of each node by secants. @return values, and what is left of the condition"""
    solar = nodes.copy()
    solar[:, 2:] = 0.0, 1.0
    unique, inverse = np.unique(solar, axis=0, return_inverse=True)
    wanted = energy(unique, np.zeros(len(unique)))[np.ravel(inverse)]
    old = 0.65 * nodes[:, 2] - 0.2
    new = old + 0.4
    y_old, y_new = energy(nodes, old) - wanted, energy(nodes, new) - wanted
    for _ in range(5):
        slope = np.where(np.abs(y_new - y_old) < 1e-6, 1e-6, y_new - y_old)
        step = np.clip(y_new * (new - old) / slope, -0.6, 0.6)
        old, y_old, new = new, y_new, np.clip(new - step, -2.0, 2.0)
        y_new = energy(nodes, new) - wanted
    return new, y_new


def design(nodes):
    """Terms of the polynomial [nodes][terms]."""
    y, g = np.log(nodes[:, 0] / 1200.0), nodes[:, 1] - 5.0
    met, c_o = nodes[:, 2], nodes[:, 3] - 1.0
    return np.stack([y**i * g**j * met**k * c_o**l for i, j in ATMOSPHERE_POWERS for k, l in ELEMENT_POWERS], 1)


def fit(nodes, shift):
    """Coefficients; nodes near solar elements, where spectra are known best, count more."""
    near = (np.abs(nodes[:, 2]) <= 0.5) & (np.abs(nodes[:, 3] - 1) <= 0.5)
    middle = (nodes[:, 2] <= 1) & (nodes[:, 3] <= 1.5)
    weight = np.where(near, 4.0, np.where(middle, 2.0, 1.0))[:, None]
    terms = design(nodes)
    left = (terms * weight).T @ terms + 1e-3 * np.eye(terms.shape[1])
    return np.linalg.solve(left, (terms * weight).T @ shift)


def print_header(coefficients):
    print("#ifndef TML_ATMOSPHERE_STRUCTURE_METALS_H\n#define TML_ATMOSPHERE_STRUCTURE_METALS_H\n")
    print("/** @file atmosphere/structure_metals.h\n * Coefficients of log10 f, the opacity of an atmosphere's elements in units")
    print(" * of the solar one (structure.h). Written by jobs/opacity/metals_in_structure.py: do not edit. */\n")
    print("enum { TML_METALS_OUTER = %d, TML_METALS_INNER = %d };\n" % (len(ATMOSPHERE_POWERS), len(ELEMENT_POWERS)))
    print("/* Powers of ln(Teff / 1200 K) and log g - 5. */")
    print("static const int tml_metals_outer[TML_METALS_OUTER][2] = {%s};\n" % ", ".join("{%d, %d}" % p for p in ATMOSPHERE_POWERS))
    print("/* Powers of [M/H] and c_o - 1. */")
    print("static const int tml_metals_inner[TML_METALS_INNER][2] = {%s};\n" % ", ".join("{%d, %d}" % p for p in ELEMENT_POWERS))
    print("static const double tml_metals_coefficient[TML_METALS_OUTER][TML_METALS_INNER] = {")
    for row in coefficients.reshape(len(ATMOSPHERE_POWERS), -1):
        print("    {" + ", ".join("%.5f" % c for c in row) + "},")
    print("};\n\n#endif")


def main(helper, path):
    torch.set_num_threads(1)
    table, collisions, _ = read_table(path)
    table = {s: tuple(x[..., BINS] for x in pair) for s, pair in table.items()}
    collisions = {pair: k[:, BINS] for pair, k in collisions.items()}
    nodes = np.array(list(itertools.product(TEFF, LOGG, MET, C_O)))
    shift, left = solve(lambda n, s: ln_energy(helper, table, collisions, n, s), nodes)
    good = np.abs(left) < 0.02
    coefficients = fit(nodes[good], shift[good])
    error = design(nodes[good]) @ coefficients - shift[good]
    print("%d of %d nodes solved; polynomial: rms %.3f dex, 95 %% within %.3f"
          % (good.sum(), len(nodes), error.std(), np.percentile(np.abs(error), 95)), file=sys.stderr)  # fmt: skip
    print_header(coefficients)


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    here = os.path.dirname(os.path.abspath(__file__))
    main(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else os.path.join(here, "../../src/shipped/cloudless_opacity.h5"))
