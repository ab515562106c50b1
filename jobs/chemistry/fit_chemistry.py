#!/usr/bin/env python3
"""Fit the equilibrium constants of src/atmosphere/chemistry_constants.c.

    fit_chemistry.py FOLDER

FOLDER holds the 54 tables of the Sonora chemistry, 2015_06_1060grid_feh*_co_*.txt.bz2. Each reaction whose gases are all in the tables is a linear fit of the logarithm of its quotient of
partial pressures; condensates likewise, where they hold the gas down. Reactions with a gas that the tables lack
(OH, SH, NaCl, ...) follow from what their element is short of, beginning near the heat and entropy
of the reaction at 298 K (rounded, as in the JANAF tables where these have it). Prints the rows of the table in C and, to stderr, the residuals."""

import bz2
import glob
import re
import sys

import numpy as np
from scipy.optimize import least_squares

# As in chemistry_elements.c.
SOLAR = {"He": 9.691e-2, "C": 2.7762e-4, "N": 8.1857e-5, "O": 6.0617e-4, "Na": 2.228e-6, "Si": 3.861e-5,
         "P": 3.25e-7, "S": 1.6264e-5, "Cl": 1.996e-7, "K": 1.452e-7, "Ti": 9.54e-8, "V": 1.104e-8, "Cr": 5.06e-7}


def read_tables(folder):
    columns, met, c_o = {}, [], []
    rows = []
    for path in sorted(glob.glob(folder + "/*.bz2")):
        found = re.search(r"feh_?(m?)(\d+)_co_(\d+)", path)
        # The elements of the tables named m03 are those of -0.5.
        met.append(-0.5 if found[1] else float(found[2]) / 10)
        c_o.append(float(found[3]) / (100 if len(found[3]) == 3 else 10))
        lines = bz2.open(path, "rt").read().split("\n")
        names = ["T", "log P"] + lines[0].split()[4:]
        rows.append([[float(value) for value in line.split()] for line in lines[1:] if line.strip()])
    rows = np.array(rows)
    for i, name in enumerate(names):
        columns[name] = rows[:, :, i]
    shape = columns["T"].shape
    return columns, np.broadcast_to(np.array(met)[:, None], shape), np.broadcast_to(np.array(c_o)[:, None], shape)


COLUMNS, MET, C_O = read_tables(sys.argv[1])
T, P = COLUMNS["T"], 10.0 ** COLUMNS["log P"]
t = T / 1000.0
METALS = 10.0**MET


def p(name):
    return COLUMNS[name] * P


def x(name):
    return COLUMNS[name]


def there(*names):
    return np.logical_and.reduce([COLUMNS[name] > 1e-36 for name in names])


NUCLEI = p("He") / SOLAR["He"]
h, w, s, c = p("H2"), p("H2O"), p("H2S"), p("CH4")
root = np.sqrt(h)


def ln(value):
    return np.log(np.maximum(value, 1e-300))


def show(name, coefficients, residual):
    numbers = ", ".join("%.6g" % v for v in coefficients)
    print("    [TML_REACTION_%s] = {%s}," % (name, numbers))
    size = np.abs(residual) / np.log(10)
    print("%-10s %6d points, residual [dex]: median %.4f, 95 %% %.4f, largest %.4f"
          % (name, residual.size, np.median(size), np.percentile(size, 95), size.max()), file=sys.stderr)


def linear(name, y, use, terms):
    """y = a / t + b + c ln t + d t + e t^2, as many terms as asked for."""
    basis = np.stack([1 / t[use], np.ones(use.sum()), np.log(t[use]), t[use], t[use]**2][:terms], 1)
    coefficients = np.linalg.lstsq(basis, y[use], rcond=None)[0]
    show(name, coefficients, y[use] - basis @ coefficients)
    return coefficients


def constant(coefficients):
    a = np.zeros(5)
    a[:len(coefficients)] = coefficients
    return np.exp(np.clip(a[0] / t + a[1] + a[2] * np.log(t) + t * (a[3] + t * a[4]), -300, 300))


def shortage(names, y, factors, janaf, use, spread=(3.0, 1.5)):
    """y = 1 + sum of exp(a / t + b) factor; robust, drawn to the JANAF values by `spread`."""
    goal, f, tt = ln(y[use]), [factor[use] for factor in factors], t[use]
    start = np.array(janaf, dtype=float).ravel()
    width = np.tile(spread, len(f))

    def model(q):
        return ln(1 + sum(np.exp(np.clip(q[2 * i] / tt + q[2 * i + 1], -80, 80)) * f[i] for i in range(len(f))))

    def residual(q):
        return np.concatenate([(model(q) - goal) / 0.02 / np.sqrt(use.sum()), 0.1 * (q - start) / width])

    q = least_squares(residual, start, loss="soft_l1").x
    for i, name in enumerate(names):
        show(name, q[2 * i:2 * i + 2], model(q) - goal)
    return q


def main_gases():
    linear("H", ln(p("H")**2 / h), (T >= 350) & there("H"), 4)
    linear("CO", ln(p("CO") * h**3 / c / w), (T >= 450) & there("CO"), 5)
    linear("CO2", ln(p("CO2") * h / p("CO") / w), (T >= 350) & there("CO2", "CO"), 4)
    linear("C2H2", ln(p("C2H2") * h**3 / c**2), (T >= 600) & there("C2H2"), 4)
    # The column of HCN does not fit the balance of nitrogen above 1500 K: the balance is taken.
    hcn = SOLAR["N"] * METALS * NUCLEI - p("NH3") - 2 * p("N2")
    linear("HCN", ln(hcn * h**3 / c / p("NH3")), (T >= 1200) & (T <= 3000) & (P > 1e-3) & (hcn > 0.03 * p("N2")), 2)
    linear("NH3", ln(p("NH3")**2 / p("N2") / h**3), (T >= 270) & there("N2"), 5)
    linear("OCS", ln(p("OCS") * h / p("CO") / s), (T >= 350) & there("OCS"), 4)
    linear("HYDRIDE", ln(p("H-") / p("e-") / root), (T >= 600) & there("H-", "e-"), 4)
    linear("FEH", ln(p("FeH") / p("Fe") / root), (T >= 350) & there("FeH", "Fe"), 4)


def clouds():
    def cold(low, high, p_low=1e-2):
        return (P > p_low) & (T >= low) & (T <= high)

    rich = C_O < 1.6
    linear("GRAPHITE", ln(c / h**2), (x("graphite") > 0.5) & (T > 600) & (P > 1e-4), 3)
    linear("ICE", ln(w), (T > 100) & (T < 273) & (x("H2O") < 1e-5), 2)
    linear("WATER", ln(w), (T > 273.2) & (T < 500) & (w < 2.44e-4 * NUCLEI * METALS) & (C_O < 1.1) & (P > 3e-2), 3)
    linear("METHANE", ln(c), (T < 101) & (c < 0.7 * SOLAR["C"] * NUCLEI * METALS * C_O), 2)
    linear("AMMONIA", ln(p("NH3")), (T > 90) & (T < 240) & (x("NH3") < 1e-6 * METALS), 2)
    linear("NH4SH", ln(s), (T > 90) & (T < 280) & (x("H2S") < 1e-6 * METALS), 2)
    def share(name, element, low, high, limit):
        """Where the gas holds between `low` and `high` of its element and is colder than any without clouds."""
        part = p(name) / (SOLAR[element] * NUCLEI * METALS)
        return cold(900, 2400) & (part > low) & (part < high) & (T < limit + 70 * np.log(P) + 60 * np.log(METALS))

    linear("SILICATES", ln(p("SiO") * w / h), share("SiO", "Si", 1e-3, 0.6, 2300) & rich, 3)
    linear("NA2S", ln(p("Na") * np.sqrt(s / h)), cold(500, 1800) & (p("Na") < 0.1 * SOLAR["Na"] * NUCLEI * METALS), 3)
    titanium = share("TiO", "Ti", 1e-7, 0.3, 1750)
    linear("TI4O7", ln(p("TiO") * (w / h)**0.75), cold(900, 1300) & (x("TiO") > 1e-25) & rich, 3)
    linear("TI2O3", ln(p("TiO") * (w / h)**0.5), titanium & (C_O > 1.9), 2)
    linear("V2O3", ln(p("VO") * (w / h)**0.5), share("VO", "V", 1e-4, 0.2, 1650) & rich, 3)
    linear("IRON", ln(p("Fe")), cold(600, 2600) & (p("Fe") < 0.7 * 3.2743e-5 * NUCLEI * METALS), 3)


def chromium():
    gas = p("CrH") / root / NUCLEI / METALS / SOLAR["Cr"]
    hot = (P > 1e-3) & (T >= 1900) & (T < 3100) & (T > 1900 + 60 * np.log(P) + 50 * np.log(METALS))
    k = constant(linear("CRH", ln(gas), hot & (T > 1900), 3))
    cold = (P > 1e-2) & (T >= 1000) & (T <= 2200) & (gas < 0.4 * k) & (gas > 1e-4 * k)
    linear("CHROMIUM", ln(p("CrH") / root), cold, 3)


REGION = (T >= 400) & (T <= 3300) & (P >= 3e-4)


def shortages():
    oxygen = (SOLAR["O"] * METALS * NUCLEI - p("CO") - 2 * p("CO2") - p("SiO") - p("TiO") - p("VO")) / w
    shortage(["OH", "O"], oxygen, [1 / root, 1 / h], [[-33.8, 7.2], [-59.0, 12.4]],
             REGION & (T > 2000) & (C_O < 1.1) & (oxygen > 0.9))
    sulphur = (SOLAR["S"] * METALS * NUCLEI - p("OCS")) / s
    q = shortage(["SH", "S", "SIS", "S2"], sulphur, [1 / root, 1 / h, p("SiO") / w, 2 * s / h**2],
                 [[-19.2, 6.6], [-35.8, 11.1], [1.0, -0.6], [-20.4, 9.4]], REGION & (T > 1450) & (sulphur > 0.5))
    silicon = SOLAR["Si"] * METALS * NUCLEI / p("SiO") - np.exp(q[4] / t + q[5]) * s / w
    shortage(["SI"], silicon, [h / w], [[-37.1, 1.7]],
             REGION & (T >= 1900) & (silicon > 0.5) & (T > 1900 + 60 * np.log(P) + 70 * np.log(METALS)))
    titanium = SOLAR["Ti"] * METALS * NUCLEI / p("TiO")
    hot = T > 2000 + 80 * np.log(P) + 90 * np.log(METALS) + 200
    shortage(["TIO2", "TI"], titanium, [w / h, h / w], [[14.2, -3.8], [-21.3, 0.6]],
             REGION & (T >= 2000) & hot & (x("TiO") > 1e-12))
    vanadium = SOLAR["V"] * METALS * NUCLEI / p("VO")
    shortage(["VO2", "V"], vanadium, [w / h, h / w], [[16.8, -2.8], [-14.9, 1.1]],
             REGION & (T >= 1800) & (T > 1900 + 80 * np.log(P) + 70 * np.log(METALS)) & (x("VO") > 1e-13))


def phosphorus():
    total = SOLAR["P"] * METALS * NUCLEI
    ph3 = p("PH3")
    oxide = w**6 / h**12
    deep = (P > 1e-3) & (T >= 575) & (T <= 1300) & (ph3 < 1e-3 * total) & (C_O < 1.6)
    deep &= (T < 1000 + 50 * np.log(METALS * P.clip(1e-3, 1)))
    k = constant(linear("P4O6", ln(total / np.maximum(oxide, 1e-300)) - 4 * ln(ph3), deep, 3))
    rest = total - k * np.minimum(oxide * ph3**4, 1e30)
    shortage(["PH2", "PH", "PO", "P2", "PS", "PN"], rest / ph3,
             [1 / root, 1 / h, w * h**-2.5, 2 * ph3 / h**3, s * h**-2.5, p("N2")**0.5 * h**-1.5],
             [[-15, 6.5], [-29.8, 14.0], [-24.8, 18.1], [-11.8, 22.8], [-22, 18], [-11, 12.1]],
             REGION & (T >= 1100) & (x("PH3") / METALS > 1e-12) & (rest > 0.3 * total), (6.0, 3.0))


def saha(energy):
    return np.exp(-14.913974 + 2.5 * np.log(T) - 11.604518 * energy / t)


def chlorine(nacl, kcl, neutral):
    """HCl beside NaCl and KCl, as in chemistry_alkalis.c."""
    total, potassium = SOLAR["Cl"] * METALS * NUCLEI, SOLAR["K"] * METALS * NUCLEI
    a = (1 + nacl) * kcl
    b = (1 + nacl) * neutral + (potassium - total) * kcl
    return (-b + np.sqrt(b * b + 4 * a * total * neutral)) / (2 * a)


def alkalis():
    ions = {"Na": saha(5.1391) / np.maximum(p("e-"), 1e-30), "K": saha(4.3407) / np.maximum(p("e-"), 1e-30)}
    for name in ("Na", "K"):
        y = SOLAR[name] * METALS * NUCLEI / p(name) - ions[name]
        janaf = {"Na": [[-2.0, -3.7], [7.6, -5.9]], "K": [[-4.1, -3.3], [9.6, -5.7]]}[name]
        q = shortage([name.upper() + "H", name.upper() + "OH"], y, [root, w / root], janaf,
                     REGION & (T >= 1900) & (y > 0.9) & (ions[name] < 3))
        if name == "K":
            neutral = 1 + np.exp(q[0] / t + q[1]) * root + np.exp(q[2] / t + q[3]) * w / root + ions["K"]
    use = (P > 1e-3) & (T >= 650) & (T <= 1700) & (x("K") > 1e-12) & (C_O < 1.6)
    total = SOLAR["K"] * METALS * NUCLEI

    def model(q):
        nacl = np.exp(q[0] / t + q[1]) * p("Na") / root
        kcl = np.exp(q[2] / t + q[3]) / root
        hcl = np.maximum(chlorine(nacl, kcl, neutral), 1e-300)
        gas, vapour = total / (neutral + kcl * hcl), np.exp(q[4] / t + q[5]) / (kcl * hcl)
        ratio = np.minimum(gas, vapour) / np.maximum(gas, vapour)
        return (ln(np.minimum(gas, vapour)) - ln(1 + ratio**8) / 8)[use]

    goal = ln(p("K"))[use]
    start = np.array([23.6, -5.47, 25.4, -5.15, -26.0, 16.5])
    width = np.array([1, .6, 1, .6, 2, 1])
    q = least_squares(lambda v: np.concatenate([(model(v) - goal) / 0.02 / np.sqrt(use.sum()),
                                                0.1 * (v - start) / width]), start, loss="soft_l1").x
    for i, name in enumerate(["NACL", "KCL", "KCL_SOLID"]):
        show(name, q[2 * i:2 * i + 2], model(q) - goal)


main_gases()
clouds()
chromium()
shortages()
phosphorus()
alkalis()
