"""The file of the opacity table: src/shipped/cloudless_opacity.h5."""

import os
import subprocess
import sys

import h5py
import numpy as np

from common import PRESSURE, TEMPERATURE, WAVELENGTH

COLLISION_TEMPERATURE = np.array([75, 100, 150, 200, 250, 300, 350, 400, 500, 600, 700, 800, 900, 1000, 1400, 2000,
                                  3000, 4000.0])  # fmt: skip


def common_collisions(collisions):
    """log10 k of both pairs at the same temperatures."""
    result = {}
    for pair, (temperature, k) in collisions.items():
        x = np.log(COLLISION_TEMPERATURE)
        result[pair] = np.stack([np.interp(x, np.log(temperature), k[:, b]) for b in range(k.shape[1])], 1)
    return result


def write_table(path, table, collisions, attributes):
    """table {species: (ln mean, ln contrast) [T][P][bins]}, collisions {pair: log10 k [Tc][bins]}."""
    with h5py.File(path, "w", libver=("earliest", "v110"), userblock_size=512) as f:
        f.attrs["format"] = "telescopeml-opacity"
        f.attrs["format_version"] = np.int64(1)
        for key, value in attributes.items():
            f.attrs[key] = value
        for name, values, unit in (
            ("wavelength", WAVELENGTH, "micron"),
            ("temperature", TEMPERATURE, "K"),
            ("pressure", PRESSURE, "bar"),
            ("collisions/temperature", COLLISION_TEMPERATURE, "K"),
        ):
            f.create_dataset(name, data=values).attrs["units"] = unit

        def store(name, values, unit):
            # Three decimals (0.05 %) are beyond what the table knows and make it compress.
            data = np.round(values, 3).astype("f4")
            d = f.create_dataset(name, data=data, compression="gzip", shuffle=True, fletcher32=True)
            d.attrs["units"] = unit

        for pair, k in collisions.items():
            store("collisions/" + pair, k, "log10 (cm5 molecule-2)")
        for name, (mean, contrast) in table.items():
            store("molecules/%s/ln_mean" % name, mean, "ln (cm2 per particle)")
            store("molecules/%s/ln_contrast" % name, contrast, "ln (variance over squared mean)")
    subprocess.run([sys.executable, os.path.join(os.path.dirname(__file__), "seal_table.py"), path], check=True)


def read_table(path):
    """What write_table wrote: (table, collisions, attributes)."""
    with h5py.File(path, "r") as f:
        table = {n: (g["ln_mean"][:].astype(float), g["ln_contrast"][:].astype(float)) for n, g in f["molecules"].items()}
        collisions = {n: d[:].astype(float) for n, d in f["collisions"].items() if n != "temperature"}
        return table, collisions, dict(f.attrs)
