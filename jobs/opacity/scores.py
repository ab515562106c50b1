"""How well spectra agree with Sonora Bobcat: the scores of docs/forward_model.md.

A change is that of a band's mean flux between a node and the node of the same Teff and log g with [M/H] = 0
and C/O = 1. Bobcat's changes are taken within the release that has other abundances (family_sonora21), since
the two releases of Bobcat differ by 0.02 dex in the median, more than many of the changes.
"""

import csv
import os

import numpy as np

from common import BANDS, DATA, PUBLISHED, WAVELENGTH, bin_edges, held_out, read_grid, split

WL = WAVELENGTH[PUBLISHED]


class Bobcat:
    """The combined grid, the release with other abundances, and the split."""

    def __init__(self):
        self.labels, flux = read_grid("sonora_bobcat_combined.csv.bz2")
        self.log_flux = np.log10(flux)
        self.training, self.sets = split(self.labels)
        labels21, flux21 = read_grid("family_sonora21_bobcat.csv.bz2")
        self.log_flux21 = {tuple(l): np.log10(f) for l, f in zip(labels21, flux21)}

    def pairs(self, rows):
        """Positions in `rows` of (node with other abundances, its solar node), where both releases have them."""
        place = {tuple(self.labels[r]): i for i, r in enumerate(rows)}
        found = []
        for i, r in enumerate(rows):
            label = tuple(self.labels[r])
            solar = label[:2] + (0.0, 1.0)
            if label != solar and solar in place and label in self.log_flux21 and solar in self.log_flux21:
                found.append((i, place[solar]))
        return np.array(found, int).reshape(-1, 2)

    def change(self, rows, pairs, reduce=lambda x: x):
        """Bobcat's log10 change of each pair [pairs][bins or bands]."""
        of = lambda i: self.log_flux21[tuple(self.labels[rows[i]])]
        a, b = (np.array([of(i) for i in pairs[:, k]]).reshape(len(pairs), len(WL)) for k in (0, 1))
        return reduce(a) - reduce(b)


def band_means(log_flux):
    """log10 of the mean flux in each band [rows][bands]."""
    inside = [(WL >= lo) & (WL <= hi) for lo, hi in BANDS.values()]
    return np.stack([np.log10((10 ** log_flux[:, i]).mean(1)) for i in inside], 1)


def in_band(log_flux):
    """Integral over frequency of the bins, up to a constant."""
    return (10**log_flux * np.abs(np.diff(1 / bin_edges(WL)))).sum(1)


def score_rows(model, truth):
    """median and 95th percentile of |log10 F - log10 F_Bobcat|; share of rows with in-band flux within 10 %, median ratio."""
    deviation = np.abs(model - truth)
    ratio = in_band(model) / in_band(truth)
    return {
        "rows": len(model),
        "median_dex": float(np.median(deviation)),
        "p95_dex": float(np.percentile(deviation, 95)),
        "in_band_10_percent": float(np.mean(np.abs(ratio - 1) <= 0.1)),
        "in_band_ratio_median": float(np.median(ratio)),
    }


def score_responses(bobcat, rows, model):
    """Changes with [M/H] and C/O: share of (node, band) within max(0.05 dex, a third), by kind and by band."""
    pairs = bobcat.pairs(rows)
    mine = band_means(model)
    mine = mine[pairs[:, 0]] - mine[pairs[:, 1]]
    theirs = bobcat.change(rows, pairs, band_means)
    good = np.abs(mine - theirs) <= np.maximum(0.05, np.abs(theirs) / 3)
    node = np.asarray(rows)[pairs[:, 0]]
    label = bobcat.labels[node]
    odd = node % 2 == 1
    kinds = {
        "all odd rows": odd,
        "[M/H] +0.5, odd rows": odd & (label[:, 2] == 0.5),
        "[M/H] -0.5, all rows": label[:, 2] == -0.5,
        "C/O 0.5, odd rows": odd & (label[:, 3] == 0.5),
        "C/O 1.5, odd rows": odd & (label[:, 3] == 1.5),
    }
    result = {kind: (int(s.sum()), float(good[s].mean())) for kind, s in kinds.items()}
    return result, {band: float(good[odd, i].mean()) for i, band in enumerate(BANDS)}


FAMILIES = {"atmo20": "kzz=0.0", "btcond": "", "cond01": "", "burrows06": "c=nc"}  # and what marks cloudless equilibrium


def read_family(name, mark):
    """Labels and fluxes of a family's rows that carry the mark."""
    labels, flux = read_grid("family_%s.csv.bz2" % name)
    with open(os.path.join(DATA, "grids", "family_%s.meta.csv" % name), newline="") as f:
        extra = [row["extra"] for row in csv.DictReader(f)]
    marked = np.array([mark in e for e in extra])
    return labels[marked], flux[marked]


def score_family(bobcat, rows, model, name):
    """Nodes shared with another family, and the median |difference| [dex] from it of the model and of Bobcat."""
    place = {tuple(np.round(bobcat.labels[r], 2)): i for i, r in enumerate(rows)}
    mine, theirs = [], []
    for label, f in zip(*read_family(name, FAMILIES[name])):
        i = place.get(tuple(np.round((label[0], label[1], label[2], 1.0), 2)))
        if i is not None and label[0] >= 500 and np.all(f > 0):
            mine.append(np.abs(model[i] - np.log10(f)))
            theirs.append(np.abs(bobcat.log_flux[rows[i]] - np.log10(f)))
    return len(mine), float(np.median(mine)), float(np.median(theirs))


def print_scores(bobcat, rows, model):
    """The whole list. @return {name: value}: what a test asserts"""
    truth = bobcat.log_flux[rows]
    place = np.full(len(bobcat.labels), -1)
    place[rows] = np.arange(len(rows))
    sets = dict(bobcat.sets)
    row = np.arange(len(bobcat.labels))
    cold = (bobcat.labels[:, 0] < 500) & ~held_out(bobcat.labels)
    sets["Teff 200 to 475, odd"] = cold & (row % 2 == 1)
    sets["rows that the fit used"] = bobcat.training
    result = {}
    for name, mask in sets.items():
        i = place[mask]
        s = score_rows(model[i], truth[i])
        result[name] = s
        print("%-28s rows %3d  median %.3f  p95 %.3f dex  in-band within 10 %%: %3.0f %%  (median ratio %.3f)"
              % (name, s["rows"], s["median_dex"], s["p95_dex"], 100 * s["in_band_10_percent"], s["in_band_ratio_median"]))  # fmt: skip
    kinds, bands = score_responses(bobcat, rows, model)
    for kind, (count, share) in kinds.items():
        print("changes, %-22s nodes %3d  good %.1f %%" % (kind, count, 100 * share))
    print("changes, odd rows, by band: " + "  ".join("%s %.0f %%" % (b, 100 * v) for b, v in bands.items()))
    result["responses"] = {k: v[1] for k, v in kinds.items()}
    result["families"] = {}
    for name in FAMILIES:
        count, mine, theirs = score_family(bobcat, rows, model, name)
        result["families"][name] = mine / theirs
        print("%-10s nodes %3d  median difference: model %.3f, Bobcat %.3f dex" % (name, count, mine, theirs))
    return result
