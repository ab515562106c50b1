#!/usr/bin/env python3
"""Compare what `telescopeml explore` wrote with NumPy, SciPy and scikit-learn on the same grid.

usage: explore_reference.py GRID.h5 FOLDER

Exit code 0 when all agree; else 1, with a line for each number that does not.
"""
import csv
import json
import pathlib
import sys

import h5py
import numpy as np
import scipy.stats
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

failures = []


def compare(what, got, want, relative=1e-10, absolute=1e-12):
    """Rounding of double sums over some thousand rows is below 1e-10; bits are compared elsewhere."""
    got, want = np.asarray(got, float), np.asarray(want, float)
    if got.shape != want.shape:
        failures.append(f"{what}: {got.shape} numbers instead of {want.shape}")
    elif not np.allclose(got, want, rtol=relative, atol=absolute, equal_nan=True):
        worst = np.nanargmax(np.abs(got - want))
        failures.append(f"{what}: {got.flat[worst]!r} instead of {want.flat[worst]!r}")


def table(folder, name):
    with open(folder / name, encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    return rows[0], rows[1:]


def columns(folder, name):
    header, rows = table(folder, name)
    numbers = np.array([[float(x) for x in row] for row in rows]).reshape(len(rows), len(header))
    return dict(zip(header, numbers.T))


def box(values):
    q1, q3 = np.percentile(values, [25, 75])
    reach = 1.5 * (q3 - q1)
    return {"minimum": values.min(), "p2_5": np.percentile(values, 2.5),
            "whisker_low": min(values[values >= q1 - reach].min(initial=np.inf), q1), "q1": q1,
            "median": np.median(values), "q3": q3,
            "whisker_high": max(values[values <= q3 + reach].max(initial=-np.inf), q3),
            "p97_5": np.percentile(values, 97.5), "maximum": values.max(), "mean": values.mean(),
            "sd": values.std(ddof=1)}


def check_boxes(folder, name, data):
    got = columns(folder, name)
    boxes = [box(column[np.isfinite(column)]) for column in data.T]
    for key in boxes[0]:
        compare(f"{name}: {key}", got[key], [b[key] for b in boxes])


def check_parameters(folder, result, parameters):
    for name, values in parameters.items():
        got = result["parameters"][name]
        varies = values.min() < values.max()
        error = values.std(ddof=1) / np.sqrt(len(values))
        reach = scipy.stats.t.ppf(0.975, len(values) - 1) * error
        want = {key: number for key, number in box(values).items() if not key.startswith("whisker")}
        want |= {"count": len(values), "different": len(np.unique(values)), "standard_error": error,
                 "ci95_low": values.mean() - reach, "ci95_high": values.mean() + reach,
                 "skewness": scipy.stats.skew(values) if varies else np.nan}
        for key, number in want.items():
            compare(f"{name}: {key}", np.nan if got[key] is None else got[key], number)
    header, rows = table(folder, "parameter_counts.csv")
    for name, values in parameters.items():
        own = [[float(x) for x in row[1:]] for row in rows if row[0] == name]
        if len(np.unique(values)) <= 64:
            different, count = np.unique(values, return_counts=True)
            compare(f"{name}: axis", [row[0] for row in own], different)
            compare(f"{name}: axis", [row[1] for row in own], different)
            compare(f"{name}: counts", [row[2] for row in own], count)
        else:
            compare(f"{name}: rows of all bins", sum(row[2] for row in own), len(values))
            edges = [row[0] for row in own] + [own[-1][1]]
            compare(f"{name}: counts", [row[2] for row in own], np.histogram(values, edges)[0])


def check_coverage(folder, result, parameters):
    combinations = np.unique(np.array(list(parameters.values())).T, axis=0)
    compare("coverage: filled", result["coverage"]["filled"], len(combinations))
    if all(p["is_axis"] for p in result["parameters"].values()):
        compare("coverage: nodes", result["coverage"]["nodes"],
                np.prod([len(np.unique(values)) for values in parameters.values()]))
    total = dict()
    for x_name, x, y_name, y, count in table(folder, "coverage.csv")[1]:
        total[x_name, y_name] = total.get((x_name, y_name), 0) + int(count)
        if result["parameters"][x_name]["is_axis"] and result["parameters"][y_name]["is_axis"]:
            both = (parameters[x_name] == float(x)) & (parameters[y_name] == float(y))
            compare(f"coverage: {x_name}={x} {y_name}={y}", int(count), both.sum())
    for pair, count in total.items():
        compare(f"coverage: all of {pair}", count, len(parameters[pair[0]]))


def check_correlations(folder, flux, parameters):
    got = columns(folder, "correlations.csv")
    for name, values in parameters.items():
        pearson, spearman = [], []
        for column in flux.T:
            there = column > 0
            x, y = np.log10(column[there]), values[there]
            varies = len(x) > 1 and np.ptp(x) > 0 and np.ptp(y) > 0
            pearson.append(np.corrcoef(x, y)[0, 1] if varies else np.nan)
            varies = np.ptp(column) > 0 and np.ptp(values) > 0
            spearman.append(scipy.stats.spearmanr(column, values)[0] if varies else np.nan)
        compare(f"pearson_{name}", got[f"pearson_{name}"], pearson)
        compare(f"spearman_{name}", got[f"spearman_{name}"], spearman)


def check_components(folder, result, scaled, row):
    wanted = PCA(svd_solver="full").fit(scaled)
    variance = columns(folder, "pca_variance.csv")
    count = len(wanted.explained_variance_)
    largest = wanted.explained_variance_[0]
    compare("pca: variance", variance["variance"][:count], wanted.explained_variance_, 1e-9, 1e-12 * largest)
    compare("pca: share", variance["share"][:count], wanted.explained_variance_ratio_, 1e-9, 1e-12)
    compare("pca: cumulative", variance["cumulative"][-1], 1.0)
    components = columns(folder, "pca_components.csv")
    compare("pca: mean", components["mean"], scaled.mean(axis=0), 1e-10, 1e-12)
    kept = result["pca"]["components"]
    scores = columns(folder, "pca_scores.csv")
    place = {number: at for at, number in enumerate(row)}
    sample = [place[int(number)] for number in scores["row"]]
    for k in range(kept):
        ours, theirs = components[f"component_{k + 1}"], wanted.components_[k]
        theirs = theirs * np.sign(theirs[np.argmax(np.abs(theirs))])
        # A direction is as sure as the gap to the next variance is wide; 1e-6 is far below what a figure shows.
        compare(f"pca: component {k + 1}", ours, theirs, 0.0, 1e-6)
        compare(f"pca: score {k + 1}", scores[f"score_{k + 1}"], (scaled[sample] - scaled.mean(axis=0)) @ ours,
                1e-9, 1e-9)
    ours = np.array([components[f"component_{k + 1}"] for k in range(kept)])
    return (scaled - scaled.mean(axis=0)) @ ours.T / np.sqrt(variance["variance"][:kept])


def check_neighbours(folder, result, white, row):
    got = columns(folder, "neighbours.csv")
    distance, index = NearestNeighbors(n_neighbors=2, algorithm="brute").fit(white).kneighbors(white)
    # A twin may be listed before the row itself.
    distance = np.sqrt(((white[:, None, :] - white[index]) ** 2).sum(axis=2)).max(axis=1)
    median = np.median(distance[distance > 0])
    compare("median distance", result["median_distance"], median, 1e-7)
    order = np.sort(distance)[::-1][:1000]
    compare("neighbours: distances", got["distance"], order, 1e-7, 1e-7)
    place = {number: at for at, number in enumerate(row)}
    near = [place[int(number)] for number in got["nearest_row"]]
    self = [place[int(number)] for number in got["row"]]
    compare("neighbours: row and nearest row", np.sqrt(((white[self] - white[near]) ** 2).sum(axis=1)),
            got["distance"], 1e-7, 1e-7)
    compare("neighbours: score", got["outlier_score"], got["distance"] / median, 1e-7)


def check_filtered(folder, result, wavelength, flux, parameters, row):
    header, rows = table(folder, "filtered_spectra.csv")
    compare("filtered: wavelengths", [float(name) for name in header[3:]], wavelength)
    place = {number: at for at, number in enumerate(row)}
    for name in parameters:
        own = [line for line in rows if line[0] == name]
        at = [place[int(line[2])] for line in own]
        compare(f"filtered {name}: values", [float(line[1]) for line in own], parameters[name][at])
        compare(f"filtered {name}: order", sorted(float(line[1]) for line in own), [float(line[1]) for line in own])
        compare(f"filtered {name}: fluxes", [[float(x) for x in line[3:]] for line in own], flux[at])
        if all(p["is_axis"] for p in result["parameters"].values()):
            held = np.all([values == result["fixed"][other] for other, values in parameters.items() if other != name],
                          axis=0) if len(parameters) > 1 else np.ones(len(flux), bool)
            compare(f"filtered {name}: rows", len(own), min(held.sum(), 60) if held.sum() <= 60 else len(own))
            compare(f"filtered {name}: held", held[at], np.ones(len(own)))
        if not 0 < len(own) <= 60:
            failures.append(f"filtered {name}: {len(own)} spectra")


def main():
    folder = pathlib.Path(sys.argv[2])
    document = json.loads((folder / "exploration.json").read_text(encoding="utf-8"))
    result = document["result"]
    with h5py.File(sys.argv[1], "r") as grid:
        flux = grid["flux"][:].astype(float)
        row = grid["row"][:]
        wavelength = grid["wavelength"][:]
        parameters = {name: grid["parameters"][name][:] for name in result["parameters"]}
    spread = flux.std(axis=1)
    scaled = (flux - flux.mean(axis=1)[:, None]) / np.where(spread > 0, spread, 1)[:, None]
    scaled = scaled.astype(np.float32).astype(float)  # as a network sees it
    compare("rows", result["rows"], len(flux))
    compare("wavelengths", result["wavelengths"], len(wavelength))
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithm = np.where(flux > 0, np.log10(flux), np.nan)
    compare("zero fluxes", result["zero_fluxes"]["count"], (flux <= 0).sum())
    different, count = np.unique(flux.astype(np.float32), axis=0, return_counts=True)
    compare("twins", [result["twins"]["groups"], result["twins"]["rows"]], [(count > 1).sum(), count[count > 1].sum()])
    check_boxes(folder, "fluxes.csv", logarithm)
    # Our sums and NumPy's may round a scaled flux to neighbouring floats: 6e-8 of a number up to 10.
    got, want = columns(folder, "scaled_fluxes.csv"), [box(column) for column in scaled.T]
    for key in want[0]:
        compare(f"scaled_fluxes.csv: {key}", got[key], [b[key] for b in want], 1e-6, 1e-6)
    check_parameters(folder, result, parameters)
    check_coverage(folder, result, parameters)
    check_correlations(folder, flux, parameters)
    check_neighbours(folder, result, check_components(folder, result, scaled, row), row)
    check_filtered(folder, result, wavelength, flux, parameters, row)
    for failure in failures[:40]:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
