"""What the scripts of this folder share: wavelength bins, table axes, published grids and their split."""

import bz2
import csv
import os

import numpy as np

DATA = os.environ.get("TML_TEST_DATA", "../shared/data")

# The published grid is k = 0 .. 103; the table goes on with the same ratio to 0.8 and 5 micron.
FIRST_BIN, LAST_BIN = -12, 172
PUBLISHED = slice(-FIRST_BIN, -FIRST_BIN + 104)
WAVELENGTH = 0.8967795781943042 * (201.0 / 199.0) ** np.arange(FIRST_BIN, LAST_BIN + 1)

TEMPERATURE = np.array([150, 200, 270, 350, 450, 575, 700, 850, 1000, 1200, 1450, 1700, 2000, 2400, 2900, 3500.0])
PRESSURE = np.array([1e-5, 1e-4, 1e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30, 100.0])

MOLECULES = ["H2O", "CH4", "CO", "CO2", "NH3", "H2S", "TiO", "VO", "FeH", "CrH"]
ATOMS = ["Na", "K"]
GREY = -30.0  # ln contrast of a species without structure within a bin

HELD_TEFF = (700.0, 1400.0, 2000.0)
HELD_LOGG = (4.0,)
HELD_MET = (-0.5,)

# Bands of the responses: peaks and troughs, micron.
BANDS = {
    "Y": (1.03, 1.10),
    "J": (1.24, 1.31),
    "H": (1.55, 1.60),
    "K": (2.05, 2.15),
    "1.15": (1.12, 1.18),
    "1.4": (1.36, 1.44),
    "1.66": (1.63, 1.70),
    "1.9": (1.85, 1.95),
    "2.2": (2.18, 2.28),
}


def bin_edges(wavelength):
    """Edges of bins: the means of neighbours; the outer two mirror the inner ones."""
    middle = 0.5 * (wavelength[1:] + wavelength[:-1])
    return np.concatenate(([2 * wavelength[0] - middle[0]], middle, [2 * wavelength[-1] - middle[-1]]))


def read_grid(name):
    """Labels [rows][Teff, log g, [M/H], C/O] and F_nu [rows][104], wavelengths ascending."""
    with bz2.open(os.path.join(DATA, "grids", name), "rt") as f:
        rows = np.array(list(csv.reader(f))[1:], float)
    return rows[:, [1, 0, 3, 2]], rows[:, 4:][:, ::-1].copy()


def held_out(labels):
    """Rows of the sets that no fit uses: whole values of Teff, log g and [M/H]."""
    return np.isin(labels[:, 0], HELD_TEFF) | np.isin(labels[:, 1], HELD_LOGG) | np.isin(labels[:, 2], HELD_MET)


def split(labels):
    """Training rows, scored rows (odd, in no held-out set), each held-out set: masks over the combined grid."""
    row = np.arange(len(labels))
    inside = (labels[:, 0] >= 500) & (labels[:, 0] <= 2400)
    held = held_out(labels)
    sets = {
        "odd": inside & (row % 2 == 1),
        "odd, in no held-out set": inside & (row % 2 == 1) & ~held,
    }
    for teff in HELD_TEFF:
        sets["Teff %g" % teff] = inside & (labels[:, 0] == teff)
    sets["log g 4"] = inside & np.isin(labels[:, 1], HELD_LOGG)
    sets["[M/H] -0.5"] = inside & np.isin(labels[:, 2], HELD_MET)
    return inside & (row % 2 == 0) & ~held, sets
