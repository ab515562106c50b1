#!/usr/bin/python3
"""Fit the temperature structure of the model 'cloudless' and write its coefficients as C.

Reads the pressure-temperature profiles of Sonora Bobcat (Marley et al. 2021, ApJ 920, 85; solar abundances,
files t<Teff>g<gravity in m s-2>nc_m0.0.cmp.gz) and fits the representation of src/atmosphere/structure.h:

    ln T(P) = ln Teff + integral from P_phot to P of nabla dlnP
    ln P_phot  = polynomial in ln Teff, linear in log g
    nabla(x), x = log10(P / P_phot): linear between nodes, ln nabla at a node a polynomial in ln Teff and log g

by Gauss-Newton steps with a weak pull towards smooth coefficients. Never used: Teff 700, 1400 and 2000 K and
log g 4.0; the scores on them are printed.

    fit_structure.py PROFILES [--out src/atmosphere/structure_table.h]     (then clang-format; half a minute)
"""
import argparse
import glob
import gzip
import os
import re

import numpy as np
from numpy.polynomial import chebyshev

NODES = np.array([-5.0, -3.5, -2.5, -2.0, -1.5, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.25,
                  1.5, 1.75, 2.0, 2.5, 3.0])
DEGREE_TEFF = 11
DEGREE_LOGG = 2
DEGREE_TEFF_PHOT = 11
HELD_TEFF = (700.0, 1400.0, 2000.0)
HELD_GRAVITY = 100  # m s-2: log g 4.0
LOGG_LOW, LOGG_HIGH, LOGG_WIDTH = 3.0, 5.5, 0.1
SMOOTHNESS = 3e-3
TOP_GRADIENT, TOP_WEIGHT = 0.02, 1e-2
LN10 = np.log(10.0)


def read_profiles(folder):
    profiles = []
    for path in sorted(glob.glob(os.path.join(folder, "t*g*nc_m0.0.cmp.gz"))):
        teff, gravity = map(int, re.search(r"t(\d+)g(\d+)nc", os.path.basename(path)).groups())
        with gzip.open(path, "rt") as lines:
            words = [line.split() for line in lines]
        rows = np.array([[float(w[1]), float(w[2])] for w in words if w and w[0].isdigit()])
        # The file names round down: 17, 31, 56 stand for 10^(1.25, 1.5, 1.75).
        logg = 2.0 + np.round(4.0 * np.log10(gravity)) / 4.0
        profiles.append({"teff": float(teff), "logg": logg, "pressure": rows[:, 0], "temperature": rows[:, 1],
                         "held": teff in HELD_TEFF or gravity == HELD_GRAVITY})
    return profiles


def reduced_teff(teff):
    """-1 at 200 K, 1 at 2400 K, linear in ln Teff."""
    return 2.0 * np.log(teff / 200.0) / np.log(12.0) - 1.0


def reduced_logg(logg):
    return (logg - 4.25) / 1.25


def held_within(logg):
    """log g between its limits, rounded at both ends."""
    low = np.logaddexp(0.0, (logg - LOGG_LOW) / LOGG_WIDTH)
    high = np.logaddexp(0.0, (logg - LOGG_HIGH) / LOGG_WIDTH)
    return LOGG_LOW + LOGG_WIDTH * (low - high)


def gradient_basis(teff, logg):
    t = chebyshev.chebvander(reduced_teff(teff), DEGREE_TEFF)
    g = reduced_logg(held_within(logg)) ** np.arange(DEGREE_LOGG + 1)
    return np.outer(t, g).ravel()


def photosphere_basis(teff, logg):
    t = chebyshev.chebvander(reduced_teff(teff), DEGREE_TEFF_PHOT)
    return np.outer(t, reduced_logg(logg) ** np.arange(2)).ravel()


def integral_weights(x):
    """W with integral from 0 to x of nabla d(ln P) = W @ nabla at the nodes; hat functions, flat beyond."""
    fine = np.zeros((len(x), len(NODES)))
    for k in range(len(NODES)):
        hat = np.zeros(len(NODES))
        hat[k] = 1.0
        whole = np.concatenate([[0.0], np.cumsum(0.5 * (hat[1:] + hat[:-1]) * np.diff(NODES))])

        def primitive(q):
            i = np.clip(np.searchsorted(NODES, q) - 1, 0, len(NODES) - 2)
            inside = np.clip(q, NODES[0], NODES[-1])
            d = inside - NODES[i]
            slope = (hat[i + 1] - hat[i]) / (NODES[i + 1] - NODES[i])
            return (whole[i] + hat[i] * d + 0.5 * slope * d * d
                    + np.minimum(q - NODES[0], 0.0) * hat[0] + np.maximum(q - NODES[-1], 0.0) * hat[-1])

        fine[:, k] = primitive(x) - primitive(np.zeros(1))
    return LN10 * fine


def photosphere_of(profile):
    """ln of the pressure where T = Teff."""
    l = np.log(profile["temperature"] / profile["teff"])
    i = np.flatnonzero((l[:-1] < 0) & (l[1:] >= 0))[-1]
    p = np.log(profile["pressure"])
    return p[i] - l[i] / (l[i + 1] - l[i]) * (p[i + 1] - p[i])


def nabla_at(x, nabla):
    return np.interp(x, NODES, nabla)


class Fit:
    def __init__(self, profiles):
        self.used = [p for p in profiles if not p["held"]]
        for p in profiles:
            p["phot_basis"] = photosphere_basis(p["teff"], p["logg"])
            p["basis"] = gradient_basis(p["teff"], p["logg"])
        a = np.array([p["phot_basis"] for p in self.used])
        b = np.array([photosphere_of(p) for p in self.used])
        self.phot = np.linalg.lstsq(a, b, rcond=None)[0]
        self.ln_nabla = np.zeros((len(NODES), len(self.used[0]["basis"])))
        self.ln_nabla[:, 0] = np.log(np.interp(NODES, [-5, -2, 0, 1, 3], [0.03, 0.08, 0.25, 0.25, 0.2]))
        self.form, self.linear = self.prior()

    def model(self, p, pressure=None):
        pressure = p["pressure"] if pressure is None else pressure
        x = (np.log(pressure) - p["phot_basis"] @ self.phot) / LN10
        nabla = np.exp(self.ln_nabla @ p["basis"])
        weights = integral_weights(x)
        return x, nabla, weights, np.log(p["teff"]) + weights @ nabla

    def ridge(self):
        """Strength of the pull of each coefficient towards 0: grows with the degree."""
        i = np.repeat(np.arange(DEGREE_TEFF + 1), DEGREE_LOGG + 1)
        j = np.tile(np.arange(DEGREE_LOGG + 1), DEGREE_TEFF + 1)
        return (0.02 * (i + 2.0 * j) ** 1.8) ** 2

    def prior(self):
        """What holds where no profile reaches, as a quadratic form and its linear part: ln nabla bends little
        from node to node, and the gradient at the top node is TOP_GRADIENT (nearly isothermal)."""
        mesh = [gradient_basis(teff, logg) for teff in np.geomspace(200.0, 2400.0, 15) for logg in (3.0, 4.2, 5.5)]
        in_parameters = np.transpose(mesh) @ np.array(mesh)
        slope = np.diff(np.eye(len(NODES)), axis=0) / np.diff(NODES)[:, None]
        bend = np.diff(slope, axis=0)
        top = np.zeros((len(NODES), len(NODES)))
        top[0, 0] = TOP_WEIGHT
        aim = np.zeros_like(self.ln_nabla)
        aim[0, 0] = np.log(TOP_GRADIENT)
        form = np.kron(SMOOTHNESS * bend.T @ bend + top, in_parameters)
        return form, np.kron(top, in_parameters) @ aim.ravel()

    def step(self, damping):
        k, m = self.ln_nabla.shape
        n = k * m + len(self.phot)
        normal = np.zeros((n, n))
        right = np.zeros(n)
        for p in self.used:
            x, nabla, weights, ln_t = self.model(p)
            residual = np.log(p["temperature"]) - ln_t
            # A jump of the published profile at the cold top (condensation) must not lead the fit.
            worth = np.where(p["pressure"] < 1e-3, 0.3, 1.0) / (1.0 + (residual / 0.08) ** 2)
            inner = (weights * nabla)[:, :, None] * p["basis"][None, None, :]
            jacobian = np.hstack([inner.reshape(len(x), k * m),
                                  -nabla_at(x, nabla)[:, None] * p["phot_basis"][None, :]])
            normal += jacobian.T @ (worth[:, None] * jacobian)
            right += jacobian.T @ (worth * residual)
        pull = np.concatenate([np.tile(self.ridge(), k), 0.02 * np.repeat(np.arange(DEGREE_TEFF_PHOT + 1.0) ** 2, 2)])
        now = np.concatenate([self.ln_nabla.ravel(), self.phot])
        matrix = np.diag(pull)
        matrix[:k * m, :k * m] += self.form
        right[:k * m] += self.linear
        change = np.linalg.solve(normal + matrix + damping * np.eye(n), right - matrix @ now)
        self.ln_nabla += np.clip(change[:k * m], -0.5, 0.5).reshape(k, m)
        self.phot += change[k * m:]

    def deviations(self, p):
        inside = (p["pressure"] >= 1e-3) & (p["pressure"] <= 100.0)
        return (np.exp(self.model(p)[3]) / p["temperature"] - 1.0)[inside]


def report(fit, profiles, label, choose):
    rms = np.array([np.sqrt(np.mean(fit.deviations(p) ** 2)) for p in profiles if choose(p)])
    every = np.abs(np.concatenate([fit.deviations(p) for p in profiles if choose(p)]))
    print("%-22s %4d profiles: rms of T, median %.2f %%, 95 %% of the profiles %.2f %%; all levels %.2f / %.2f %%"
          % (label, len(rms), 100 * np.median(rms), 100 * np.quantile(rms, 0.95),
             100 * np.median(every), 100 * np.quantile(every, 0.95)))


def write_table(fit, path):
    k = len(NODES)
    t = DEGREE_TEFF + 1
    g = DEGREE_LOGG + 1
    with open(path, "w") as out:
        out.write("""/** @file atmosphere/structure_table.h
 * Coefficients of structure.c. Written by jobs/structure/fit_structure.py from the solar profiles of Sonora
 * Bobcat (Marley et al. 2021, ApJ 920, 85) without Teff 700, 1400, 2000 K and log g 4.0. Do not edit. */

#ifndef TML_ATMOSPHERE_STRUCTURE_TABLE_H
#define TML_ATMOSPHERE_STRUCTURE_TABLE_H

enum { NODES = %d, TEFF_TERMS = %d, LOGG_TERMS = %d, PHOTOSPHERE_TERMS = %d };

/* log10 of the pressure over that of the photosphere */
static const double node_x[NODES] = {%s};

/* ln of the pressure of the photosphere [bar]: [Chebyshev polynomial of ln Teff][power of log g] */
static const double photosphere[PHOTOSPHERE_TERMS][2] = {
""" % (k, t, g, DEGREE_TEFF_PHOT + 1, ", ".join("%g" % x for x in NODES)))
        for row in fit.phot.reshape(-1, 2):
            out.write("    {%s},\n" % ", ".join("%.5f" % v for v in row))
        out.write("};\n\n/* ln of the gradient dlnT/dlnP: [node][Chebyshev polynomial of ln Teff][power of log g] */\n"
                  "static const double ln_gradient[NODES][TEFF_TERMS][LOGG_TERMS] = {\n")
        for row in fit.ln_nabla:
            out.write("    {%s},\n" % ", ".join("{%s}" % ", ".join("%.4f" % v for v in part)
                                               for part in row.reshape(t, g)))
        out.write("};\n\n#endif\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("profiles", help="folder of the profiles")
    parser.add_argument("--out", help="header to write")
    parser.add_argument("--steps", type=int, default=12)
    given = parser.parse_args()
    profiles = read_profiles(given.profiles)
    fit = Fit(profiles)
    for i in range(given.steps):
        fit.step(0.1 ** i)
    report(fit, profiles, "used", lambda p: not p["held"])
    report(fit, profiles, "held out", lambda p: p["held"])
    for teff in HELD_TEFF:
        report(fit, profiles, "  Teff %g" % teff, lambda p: p["teff"] == teff)
    report(fit, profiles, "  log g 4.0", lambda p: p["logg"] == 4.0)
    report(fit, profiles, "held out, Teff >= 500", lambda p: p["held"] and p["teff"] >= 500)
    if given.out:
        write_table(fit, given.out)
    return fit, profiles


if __name__ == "__main__":
    main()
