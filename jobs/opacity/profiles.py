"""Profiles and abundances of nodes, from the program itself (`telescopeml grid profile`)."""

import os
import subprocess
import tempfile

import numpy as np

LEVELS = 60


def run_profile(program, nodes_csv, layers):
    """Column names and rows of `grid profile`."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "profiles.csv")
        command = [program, "grid", "profile", "--nodes", nodes_csv, "--out", out, "--quiet"]
        subprocess.run(command + (["--layers"] if layers else []), check=True)
        with open(out) as f:
            names = f.readline().strip().split(",")
        return names, np.loadtxt(out, delimiter=",", skiprows=1)


def write_nodes(path, labels):
    """labels [rows][Teff, log g, [M/H], C/O] as the table that --nodes reads."""
    with open(path, "w") as f:
        f.write("teff,logg,c_o,met\n")
        for teff, logg, met, c_o in labels:
            f.write("%.17g,%.17g,%.17g,%.17g\n" % (teff, logg, c_o, met))


def read_profiles(program, labels):
    """Pressure and temperature [nodes][levels], {species: fractions [nodes][levels - 1]} at the layers."""
    with tempfile.TemporaryDirectory() as folder:
        nodes_csv = os.path.join(folder, "nodes.csv")
        write_nodes(nodes_csv, labels)
        names, levels = run_profile(program, nodes_csv, False)
        layer_names, layers = run_profile(program, nodes_csv, True)
    pressure = levels[:, names.index("pressure_bar")].reshape(-1, LEVELS)
    temperature = levels[:, names.index("temperature_k")].reshape(-1, LEVELS)
    first = layer_names.index("temperature_k") + 1
    fractions = {s: layers[:, first + i].reshape(-1, LEVELS - 1) for i, s in enumerate(layer_names[first:])}
    return pressure, temperature, fractions


def take(profiles, rows):
    """Some of the nodes."""
    pressure, temperature, fractions = profiles
    return pressure[rows], temperature[rows], {s: x[rows] for s, x in fractions.items()}
