#!/usr/bin/env python3
"""Build the opacity table of the model 'cloudless' and fit it to Sonora Bobcat.

usage: fit_opacity.py PROGRAM OUT.h5 [STEPS]

PROGRAM is telescopeml, whose structure and chemistry the fit stands on. Needs numpy, torch, h5py and the
source data (environment variable TML_TEST_DATA); about a minute on one core. Used: the even rows of
sonora_bobcat_combined outside the held-out sets (common.py). With 0 STEPS the table is the prior.
"""

import datetime
import sys

import numpy as np
import torch

from common import ATOMS, PUBLISHED, WAVELENGTH, held_out
from corrections import corrected, correction_shapes
from cross_sections import read_collisions
from forward import Atmospheres
from gauss_newton import Problem, split_theta
from prior import WING, prior_table
from profiles import read_profiles, take
from scores import WL, Bobcat, print_scores
from table_file import common_collisions, read_table, write_table

STEPS = 8
NEIGHBOURS, REACH = 12, 20.0  # beyond the published bins: corrections of so many, fading over so many bins

PROVENANCE = """Made by jobs/opacity/fit_opacity.py of TelescopeML on {day}.
Prior: ExoMol cross sections at zero pressure (H2O 600 and 3400 K; CO 600 and 3400 K; CH4, CO2, NH3, H2S 600 K;
TiO, VO 3000 K; FeH, CrH 2000 K), MIT licence; alkali wings {wing} (gamma_0 in cm-1 per bar at 1000 K, n, q; prior.py).
Collisions: H2-H2 and H2-He of Borysow and co-workers as distributed with pyratbay (GPL-2), binned, not fitted.
Fit: dependence of means and contrasts on T and P to the {rows} even rows of Sonora Bobcat (Marley et al. 2021, ApJ 920, 85)
outside Teff 700, 1400, 2000, log g 4, [M/H] -0.5, with the program's own structure and chemistry.
"""


def bobcat_atmospheres(bobcat, profiles, rows, collisions):
    """The nodes `rows` on the published bins."""
    pressure, temperature, fractions = take(profiles, rows)
    here = {pair: k[:, PUBLISHED] for pair, k in collisions.items()}
    return Atmospheres(bobcat.labels[rows], pressure, temperature, fractions, WL, here)


def published_part(table):
    return {s: tuple(x[..., PUBLISHED] for x in pair) for s, pair in table.items()}


def training_rows(bobcat):
    """All even rows outside the held-out sets; those below 500 K are not scored by the bars but shipped."""
    row = np.arange(len(bobcat.labels))
    return np.flatnonzero((row % 2 == 0) & ~held_out(bobcat.labels))


def fit(bobcat, profiles, prior, collisions, steps):
    """theta [published bins][shapes]."""
    rows = training_rows(bobcat)
    pairs = bobcat.pairs(rows)
    problem = Problem(
        bobcat_atmospheres(bobcat, profiles, rows, collisions),
        np.log(10) * bobcat.log_flux[rows],
        pairs,
        np.log(10) * bobcat.change(rows, pairs),
        published_part(prior),
        correction_shapes(),
        corrected,
    )
    print("%d nodes, %d pairs, %d corrections per bin" % (len(rows), len(pairs), problem.size))
    return problem.solve(steps)


def beyond(theta, basis):
    """Corrections for all bins: beyond the published ones the mean of the nearest, fading; none for atoms."""
    count = len(WAVELENGTH)
    full = np.zeros((count, theta.shape[1]))
    full[PUBLISHED] = theta
    low, high = PUBLISHED.start, PUBLISHED.stop
    for b in list(range(low)) + list(range(high, count)):
        near, distance = (theta[:NEIGHBOURS], low - b) if b < low else (theta[-NEIGHBOURS:], b - high + 1)
        full[b] = near.mean(0) * np.exp(-distance / REACH)
    parts = split_theta(full, basis)
    for species in ATOMS:
        parts[species, "mean"][:, :low] = parts[species, "mean"][:, high:] = 0.0
    return parts


def model_spectra(bobcat, profiles, table, collisions):
    """log10 F of all nodes by the model of forward.py."""
    result = []
    for first in range(0, len(bobcat.labels), 150):
        rows = np.arange(first, min(first + 150, len(bobcat.labels)))
        nodes = bobcat_atmospheres(bobcat, profiles, rows, collisions)
        with torch.no_grad():
            result.append(nodes.ln_flux(nodes.interpolate(published_part(table))).numpy() / np.log(10))
    return np.concatenate(result).astype(float)


def flat(scores):
    """Scores as lines of text for the provenance."""
    return "\n".join("%s: %s" % (k, ", ".join("%s %.4g" % item for item in v.items())) for k, v in scores.items())


def main(program, out, steps):
    torch.set_num_threads(1)
    bobcat = Bobcat()
    collisions = common_collisions(read_collisions())
    profiles = read_profiles(program, bobcat.labels)
    prior, basis = prior_table(), correction_shapes()
    theta = fit(bobcat, profiles, prior, collisions, steps)
    table = corrected(prior, basis, beyond(theta, basis))
    write_table(out, table, collisions, {})
    table, collisions, _ = read_table(out)  # with the file's rounding
    scores = print_scores(bobcat, np.arange(len(bobcat.labels)), model_spectra(bobcat, profiles, table, collisions))
    text = PROVENANCE.format(day=datetime.date.today(), rows=len(training_rows(bobcat)), wing=WING)
    write_table(out, table, collisions, {"provenance": text, "scores": flat(scores)})


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) == 4 else STEPS)
