#!/usr/bin/env python3
"""Score a grid of the program against Sonora Bobcat, and check the bars.

usage: score_grid.py --write-nodes NODES.csv     the nodes of sonora_bobcat_combined, for grid synth --nodes
       score_grid.py GRID.h5                     scores of a grid made from them; exit code 1 if a bar is missed
       score_grid.py GRID.h5 SPECTRA.csv         the same, and model and Bobcat of six nodes side by side

The published grids are found through the environment variable TML_TEST_DATA.
"""

import sys

import h5py
import numpy as np

from profiles import write_nodes
from scores import Bobcat, WL, print_scores

# (set, score, bar, whether more is better); see docs/forward_model.md
BARS = (
    ("odd", "median_dex", 0.05, False),
    ("odd", "p95_dex", 0.35, False),
    ("odd", "in_band_10_percent", 0.90, True),
    ("odd, in no held-out set", "median_dex", 0.05, False),
    ("Teff 700", "median_dex", 0.10, False),
    ("Teff 1400", "median_dex", 0.10, False),
    ("Teff 2000", "median_dex", 0.10, False),
    ("log g 4", "median_dex", 0.10, False),
    ("[M/H] -0.5", "median_dex", 0.10, False),
    ("Teff 200 to 475, odd", "median_dex", 0.10, False),
    ("responses", "all odd rows", 0.80, True),
    ("families", "atmo20", 1.5, False),
    ("families", "btcond", 1.5, False),
    ("families", "cond01", 1.5, False),
    ("families", "burrows06", 1.5, False),
)
SHOWN = (400.0, 700.0, 1000.0, 1400.0, 1800.0, 2200.0)  # Teff of the figures, at log g 5 and solar elements


def read_spectra(path, labels):
    """log10 F of the grid's rows in the order of the labels [rows][104]; the grid's rows may come in any order."""
    with h5py.File(path, "r") as f:
        order = np.argsort(f["wavelength"][:])
        if len(order) != len(WL) or not np.allclose(f["wavelength"][:][order], WL, rtol=1e-9):
            sys.exit("%s: not on the published 104 wavelengths" % path)
        flux = f["flux"][:][:, order]
        here = np.stack([f["parameters"][p][:] for p in ("teff", "logg", "met", "c_o")], 1)
    place = {tuple(np.round(label, 6)): i for i, label in enumerate(here)}
    return np.log10(flux[[place[tuple(np.round(label, 6))] for label in labels]].astype(float))


def missed(scores):
    """Bars that are missed, as text."""
    found = []
    for group, name, bar, more in BARS:
        value = scores[group][name]
        if not (value >= bar if more else value <= bar):
            found.append("%s, %s: %.3f, the bar is %.3f" % (group, name, value, bar))
    return found


def write_spectra(path, bobcat, model):
    """wavelength, and for each Teff the F_nu of the model and of Bobcat."""
    rows = [int(np.flatnonzero(np.all(bobcat.labels == (t, 5.0, 0.0, 1.0), axis=1))[0]) for t in SHOWN]
    columns = [WL] + [10 ** x[r] for r in rows for x in (model, bobcat.log_flux)]
    header = "wavelength_um," + ",".join("model_%g,bobcat_%g" % (t, t) for t in SHOWN)
    np.savetxt(path, np.stack(columns, 1), fmt="%.6e", delimiter=",", header=header, comments="")


def main(arguments):
    bobcat = Bobcat()
    if len(arguments) == 2 and arguments[0] == "--write-nodes":
        write_nodes(arguments[1], bobcat.labels)
        return 0
    if len(arguments) not in (1, 2):
        sys.exit(__doc__)
    model = read_spectra(arguments[0], bobcat.labels)
    if len(arguments) == 2:
        write_spectra(arguments[1], bobcat, model)
    misses = missed(print_scores(bobcat, np.arange(len(bobcat.labels)), model))
    for text in misses:
        print("MISSED " + text)
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
