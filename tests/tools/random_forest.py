#!/usr/bin/env python3
"""Scores of a random forest on the rows and inputs of a trained network.

usage: random_forest.py GRID.h5 RUN_DIR
Reads the parts from RUN_DIR/evaluation_rows.csv and the input's transform from RUN_DIR/used_parameters.yml, fits
scikit-learn's RandomForestRegressor (300 trees) on the training rows and prints one line of JSON:
{"network": {target: R2}, "forest": {target: R2}} on the test rows.
"""
import csv
import json
import re
import sys

import h5py
import numpy as np
from sklearn.ensemble import RandomForestRegressor

TARGETS = ["teff", "logg", "c_o", "met"]


def r2(truth, prediction):
    return 1 - ((prediction - truth) ** 2).sum(0) / ((truth - truth.mean(0)) ** 2).sum(0)


def inputs(flux, transform):
    """Row-standardised spectrum, then minimum and maximum, of the transformed flux."""
    values = np.log10(flux) if transform == "log10" else flux
    spectrum = (values - values.mean(1, keepdims=True)) / values.std(1, keepdims=True)
    return np.hstack([spectrum, values.min(1, keepdims=True), values.max(1, keepdims=True)])


def main(grid, run):
    with h5py.File(grid, "r") as f:
        order = np.argsort(f["row"][()])
        flux = f["flux"][()].astype(float)[order]
        truth = np.stack([f["parameters"][t][()] for t in TARGETS], 1)[order]
    configuration = open(f"{run}/used_parameters.yml").read()
    transform = re.search(r"^\s*transform:\s*(\w+)", configuration, re.M).group(1)
    rows = {"train": [], "validation": [], "test": []}
    network = {}
    for line in csv.DictReader(open(f"{run}/evaluation_rows.csv")):
        rows[line["split"]].append(int(line["row"]))
        network[int(line["row"])] = [float(line[t]) for t in TARGETS]
    learned = truth.copy()
    learned[:, 0] = np.log10(learned[:, 0])
    x = inputs(flux, transform)
    forest = RandomForestRegressor(300, random_state=0, n_jobs=2).fit(x[rows["train"]], learned[rows["train"]])
    prediction = forest.predict(x[rows["test"]])
    prediction[:, 0] = 10 ** prediction[:, 0]
    test = rows["test"]
    ours = r2(truth[test], np.array([network[i] for i in test]))
    theirs = r2(truth[test], prediction)
    print(json.dumps({"network": dict(zip(TARGETS, ours)), "forest": dict(zip(TARGETS, theirs))}))


if __name__ == "__main__":
    main(*sys.argv[1:])
