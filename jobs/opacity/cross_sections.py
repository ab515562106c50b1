"""Means and contrasts of the ExoMol cross sections in the table's bins; collision-induced absorption there.

A cross section [cm2] over wavenumber comes at zero pressure and one or two temperatures. Within a bin the
mean m and the contrast c = variance / m^2 are taken over the points of the file.
"""

import bz2
import glob
import os
import re

import numpy as np

from common import DATA, WAVELENGTH, bin_edges

FORMULA = {
    "1H2-16O": "H2O", "12C-1H4": "CH4", "12C-16O": "CO", "12C-16O2": "CO2", "14N-1H3": "NH3",
    "1H2-32S": "H2S", "48Ti-16O": "TiO", "51V-16O": "VO", "56Fe-1H": "FeH", "52Cr-1H": "CrH",
}  # fmt: skip
LOSCHMIDT = 2.686780111e19  # cm-3 per amagat
FLOOR = 1e-34  # cm2: nothing absorbs less


def bin_moments(wavenumber, sigma):
    """Mean and contrast of each bin; NaN where the file has no points."""
    edge = np.searchsorted(wavenumber, 1e4 / bin_edges(WAVELENGTH))  # descending
    mean, contrast = np.full(len(WAVELENGTH), np.nan), np.full(len(WAVELENGTH), np.nan)
    for b in range(len(WAVELENGTH)):
        inside = sigma[edge[b + 1] : edge[b]]
        if len(inside) > 20:
            mean[b] = max(inside.mean(), FLOOR)
            contrast[b] = min(max(inside.var() / mean[b] ** 2, 1e-2), 1e4)
    return mean, contrast


def fill_ends(values):
    """Bins beyond a file take the value of its last bin."""
    good = np.flatnonzero(np.isfinite(values))
    return np.interp(np.arange(len(values)), good, values[good])


def read_cross_sections():
    """{molecule: (temperatures [t], spacing of the file in cm-1 [t], ln mean [t][bins], ln contrast [t][bins])}."""
    found = {}
    for path in sorted(glob.glob(os.path.join(DATA, "atmosphere/cross_sections", "*.sigma.bz2"))):
        formula, temperature, step = re.match(r"(.*?)_[\d-]+_(\d+)K_([\d.]+)\.sigma", os.path.basename(path)).groups()
        with bz2.open(path) as f:
            table = np.array(f.read().split(), float).reshape(-1, 2)
        mean, contrast = bin_moments(table[:, 0], table[:, 1])
        entry = (float(temperature), float(step), fill_ends(np.log(mean)), fill_ends(np.log(contrast)))
        found.setdefault(FORMULA[formula], []).append(entry)
    return {name: [np.array(x) for x in zip(*sorted(e, key=lambda x: x[0]))] for name, e in found.items()}


def read_collisions():
    """{pair: (temperatures [t], log10 k [t][bins])}, alpha = k n1 n2, k in cm5 per pair of molecules."""
    result = {}
    files = {"H2-H2": "CIA_Borysow_H2H2_0060-7000K_0.6-500um.dat.bz2",
             "H2-He": "CIA_Borysow_H2He_0050-7000K_0.5-031um.dat.bz2"}  # fmt: skip
    for pair, name in files.items():
        with bz2.open(os.path.join(DATA, "atmosphere/cia", name), "rt") as f:
            lines = [line for line in f.read().splitlines() if line.strip() and not line.startswith("#")]
        temperature = np.array(lines[lines.index("@TEMPERATURES") + 1].split(), float)
        table = np.array([line.split() for line in lines[lines.index("@DATA") + 1 :]], float)
        edges = 1e4 / bin_edges(WAVELENGTH)
        k = np.empty((len(temperature), len(WAVELENGTH)))
        for b in range(len(WAVELENGTH)):
            nu = np.linspace(edges[b + 1], edges[b], 21)
            for t in range(len(temperature)):
                log_k = np.interp(nu, table[:, 0], np.log(np.maximum(table[:, 1 + t], 1e-40)))
                k[t, b] = np.log10(np.exp(log_k).mean() / LOSCHMIDT**2)
        result[pair] = (temperature, k)
    return result


if __name__ == "__main__":
    for name, (temperature, _, mean, contrast) in read_cross_sections().items():
        for t, T in enumerate(temperature):
            print(name, T, np.round(mean[t][::12] / np.log(10), 1), np.round(contrast[t][::12], 1))
    for pair, (temperature, k) in read_collisions().items():
        print(pair, temperature, np.round(k[::4, ::20], 1))
