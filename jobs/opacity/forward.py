"""The forward model `cloudless` in torch, and its derivatives by the table's entries.

The formulas are those of the C program (docs/forward_model.md): kappa at the layers from the table, eight
quantiles of a log-normal distribution within each bin, depth, and the formal solution with a source that is a
parabola in depth between levels. Profiles and abundances come from the program.
"""

import numpy as np
import torch

from common import ATOMS, MOLECULES, PRESSURE, TEMPERATURE
from table_file import COLLISION_TEMPERATURE

MASS = {"H2": 2.016, "He": 4.003, "H": 1.008, "H2O": 18.015, "CH4": 16.043, "CO": 28.010, "CO2": 44.009,
        "NH3": 17.031, "N2": 28.014, "H2S": 34.076, "PH3": 33.998, "Na": 22.990, "K": 39.098, "TiO": 63.866,
        "VO": 66.941, "FeH": 56.853, "CrH": 53.004}  # fmt: skip
ATOMIC_MASS, BOLTZMANN, PLANCK, LIGHT = 1.66053906660e-24, 1.380649e-16, 6.62607015e-27, 2.99792458e10
QUANTILES, ANGLES = 8, 3


def hat_weights(axis, x):
    """Linear interpolation on an axis, constant beyond: [len(x)][len(axis)]."""
    x = np.clip(x, axis[0], axis[-1])
    i = np.clip(np.searchsorted(axis, x) - 1, 0, len(axis) - 2)
    w = (x - axis[i]) / (axis[i + 1] - axis[i])
    out = np.zeros((len(x), len(axis)))
    out[np.arange(len(x)), i] = 1 - w
    out[np.arange(len(x)), i + 1] = w
    return out


def rayleigh(wavelength_um):
    """Cross sections of H2 (Dalgarno and Williams 1962, ApJ 136, 690) and He [cm2]."""
    a = 1e4 * wavelength_um
    return 8.14e-13 / a**4 + 1.28e-6 / a**6 + 1.61 / a**8, 5.484e-14 / a**4 * (1 + 2.44e5 / a**2)


class Atmospheres:
    """Everything of a set of nodes that does not depend on the table: profiles, abundances, continuum, source."""

    def __init__(self, labels, pressure, temperature, abundances, wavelength, collisions, dtype=torch.float32):
        """pressure, temperature [nodes][levels]; abundances {species: [nodes][levels - 1]}; collisions {pair: [Tc][bins]}."""
        n, levels = pressure.shape
        self.nodes, self.layers, self.bins, self.dtype = n, levels - 1, len(wavelength), dtype
        p = np.sqrt(pressure[:, 1:] * pressure[:, :-1])
        t = 0.5 * (temperature[:, 1:] + temperature[:, :-1])
        self.ln_t, self.ln_p = np.log(t).ravel(), np.log(p).ravel()
        mu = sum(MASS[s] * x for s, x in abundances.items())
        column = np.diff(pressure, axis=1) * 1e6 / 10 ** labels[:, 1:2]
        top = pressure[:, :1] * 1e6 / 10 ** labels[:, 1:2]
        tensor = lambda a: torch.tensor(np.ascontiguousarray(a), dtype=dtype)
        # A depth is column x kappa; per particle it is column / (mu m_u) x sigma.
        self.column = tensor(column / (mu * ATOMIC_MASS))
        self.top = tensor(top[:, 0] / (mu[:, 0] * ATOMIC_MASS))
        self.w_t = hat_weights(np.log(TEMPERATURE), self.ln_t)
        self.w_p = hat_weights(np.log(PRESSURE), self.ln_p)
        # [layers of all nodes][T x P]: interpolation is a product of matrices.
        self.weights = tensor((self.w_t[:, :, None] * self.w_p[:, None, :]).reshape(n * self.layers, -1))
        self.ln_x = {s: tensor(np.log(np.maximum(x, 1e-38)).reshape(-1, 1)) for s, x in abundances.items()}
        number = 1e6 * p / (BOLTZMANN * t)
        w_c = hat_weights(np.log(COLLISION_TEMPERATURE), self.ln_t)
        sigma_h2, sigma_he = rayleigh(wavelength)
        h2, he = abundances["H2"].reshape(-1, 1), abundances["He"].reshape(-1, 1)
        self.collision = [
            tensor(number.reshape(-1, 1) * h2 * (h2 if pair == "H2-H2" else he) * 10.0 ** (w_c @ k))
            for pair, k in sorted(collisions.items())
        ]
        self.scatter = tensor(h2 * sigma_h2 + he * sigma_he)
        cm = 1e-4 * wavelength
        # The source is kept relative to a black body of Teff, so that single precision is enough.
        kelvin = PLANCK * LIGHT / (cm * BOLTZMANN)
        scale = np.log(np.expm1(kelvin / labels[:, :1]))
        self.reference = tensor(np.log(np.pi * 2 * PLANCK * LIGHT / cm**3) - scale)
        planck = lambda t: tensor(np.exp(scale[:, None, :] - np.log(np.expm1(kelvin / t[:, :, None]))))
        ratio = pressure[:, 1:] / pressure[:, :-1]
        share = np.log(0.5 * (1 + ratio)) / np.log(ratio)
        self.source = planck(temperature)
        self.middle = planck(temperature[:, :-1] + share * np.diff(temperature, axis=1))

    def interpolate(self, table):
        """{species: (ln mean, ln contrast)} [T][P][bins] -> the same at the layers [nodes x layers][bins]."""
        names = list(table)
        flat = [torch.as_tensor(x, dtype=self.dtype).reshape(self.weights.shape[1], -1) for s in names for x in table[s]]
        values = (self.weights @ torch.cat(flat, 1)).split(self.bins, 1)
        return {s: (values[2 * i], values[2 * i + 1]) for i, s in enumerate(names)}

    def ln_flux(self, at_layers):
        """ln F_nu [nodes][bins] from the opacities at the layers."""
        grey = self.scatter + sum(self.collision)
        mean, square = 0.0, 0.0
        for s, (ln_m, ln_c) in at_layers.items():
            x = torch.exp(torch.clamp(ln_m + self.ln_x[s], min=-130.0) + 60.0)
            if s in ATOMS:
                grey = grey + x * np.exp(-60.0)
            else:
                mean = mean + x
                square = square + x * x * torch.exp(ln_c)
        s2 = torch.log1p(square / (mean * mean + 1e-30))
        s1 = torch.sqrt(s2 + 1e-8)
        node, weight = np.polynomial.legendre.leggauss(QUANTILES)
        z = torch.erfinv(torch.tensor(node, dtype=torch.float64)).to(self.dtype) * 2**0.5
        shape = (self.nodes, self.layers, self.bins)
        flux = 0.0
        for q in range(QUANTILES):
            kappa = (mean * torch.exp(s1 * z[q] - 0.5 * s2 - 60.0) + grey).reshape(shape)
            flux = flux + 0.5 * weight[q] * self.emergent(kappa)
        return torch.log(flux) + self.reference

    def emergent(self, sigma):
        """Flux of one quantile, relative to the reference, from cross sections per particle [nodes][layers][bins]."""
        step = sigma * self.column[:, :, None]
        depth = torch.cumsum(torch.cat(((sigma[:, 0] * self.top[:, None])[:, None], step), 1), 1)
        first, last = self.source[:, :-1], self.source[:, 1:]
        rise = last - first
        curve = torch.clamp(4 * self.middle - 2 * (first + last), min=-rise.abs(), max=rise.abs())
        node, weight = np.polynomial.legendre.leggauss(ANGLES)
        total = self.source[:, 0]
        for mu, w in zip(0.5 * (1 + node), 0.5 * weight):
            x = step / mu
            passed = torch.exp(-x)
            share = torch.where(x < 0.01, 1 - x / 2 + x**2 / 6, -torch.expm1(-x) / x)
            small = torch.clamp(x, max=0.2)
            series = small / 6 - small**2 / 12 + small**3 / 40 - small**4 / 180 + small**5 / 1008
            bend = torch.where(x < 0.2, series, share - 2 * (1 - passed - x * passed) / torch.clamp(x, min=0.1) ** 2)
            total = total + 2 * mu * w * (torch.exp(-depth[:, :-1] / mu) * (rise * share + curve * bend)).sum(1)
        return total
