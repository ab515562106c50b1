#!/usr/bin/env python3
"""The numbers of the tests of src/statistics, computed with SciPy, NumPy and mpmath.

Run once (SciPy 1.10.1, NumPy 1.24.2, mpmath 1.2); the output was copied into tests/unit/test_description.c,
test_mean_interval.c, test_correlation.c, test_kernel_density.c, test_pchip.c, test_not_a_knot.c,
test_histogram_test.c, test_kolmogorov.c, test_ks_test.c, test_anderson_darling.c, test_principal_components.c and
test_regression_bootstrap.c. Where SciPy has fewer digits than the tests want, mpmath computes with 40.
"""
import warnings

import numpy as np
from mpmath import betainc, binomial, exp, factorial, findroot, log, matrix, mp, mpf, nsum, sqrt
from scipy import interpolate, special, stats

mp.dps = 40
warnings.simplefilter("ignore")


def show(name, *values):
    print(f"{name}: " + ", ".join(f"{float(v):.17g}" for value in values for v in np.ravel(value)))


# The samples: all numbers are exact in binary.
i = np.arange(40)
first = ((37 * i + 11) % 101) / 8.0
second = ((53 * np.arange(35) + 5) % 89) / 8.0 + 0.0625
tied_first = (i * i % 23) / 4.0
tied_second = (np.arange(35) ** 2 * 3 % 19) / 4.0 + 0.5
skewed = tied_first + np.where(i == 13, 16.0, 0.0)

print("# description")
show("skewed", skewed.mean(), skewed.std(), skewed.std(ddof=1), stats.sem(skewed), stats.skew(skewed), stats.kurtosis(skewed))
show("first", first.mean(), first.std(), first.std(ddof=1), stats.sem(first), stats.skew(first), stats.kurtosis(first))

print("# mean_interval")


def student(p, dof):
    p, dof = mpf(p), mpf(dof)

    def miss(t):
        tail = betainc(dof / 2, mpf(1) / 2, 0, dof / (dof + t * t), regularized=True) / 2
        return (1 - tail if t > 0 else tail) - p
    return findroot(miss, mpf(stats.t.ppf(float(p), float(dof))))


for p, dof in ((0.975, 9), (0.995, 29), (0.84, 102), (0.9999, 7), (0.025, 9), (0.975, 25018)):
    show(f"t({p}, {dof})", student(p, dof))
t = student(0.975, 9)
show("confidence, prediction of n = 10, mean 5, sd 2", t * 2 / sqrt(10), t * 2 * sqrt(mpf(11) / 10))

print("# correlation")
for name, x, y in (("first, skewed", first, skewed), ("tied", tied_first[:35], tied_second), ("steep", i ** 3, i + first / 8)):
    show(f"pearson {name}", *stats.pearsonr(x, y))
    show(f"spearman {name}", *stats.spearmanr(x, y))
for r, n in ((0.5, 10), (-0.9, 40), (0.01, 104), (0.2, 30888), (-0.999, 60), (0.6875, 1000), (0.03125, 1000000)):
    show(f"p of r = {r}, n = {n}", betainc(mpf(n) / 2 - 1, mpf(1) / 2, 0, (1 - mpf(r)) * (1 + mpf(r)), regularized=True))

print("# kernel_density")
density = stats.gaussian_kde(skewed)
show("bandwidth", np.sqrt(density.covariance[0, 0]))
show("density at -20, -2, 0, 2.3, 5, 19.5, 40", density([-20.0, -2.0, 0.0, 2.3, 5.0, 19.5, 40.0]))

print("# pchip, not_a_knot")
nag_x = np.array([7.99, 8.09, 8.19, 8.70, 9.20, 10.00, 12.00, 15.00, 20.00])
nag_y = np.array([0.0, 0.27643e-4, 0.43750e-1, 0.16918, 0.46943, 0.94374, 0.99864, 0.99992, 0.99999])
rough_x = np.array([0.0, 0.5, 1.25, 1.5, 3.0, 4.0, 4.125, 6.0])
rough_y = np.array([1.0, 3.0, 2.5, 2.5, -1.0, -1.5, 4.0, 4.25])
at = np.array([-0.5, 0.0, 0.3, 1.0, 1.3, 2.0, 3.0, 4.05, 5.0, 6.0, 6.5])
show("nag slopes", interpolate.PchipInterpolator(nag_x, nag_y).derivative()(nag_x))
for kind, make in (("pchip", interpolate.PchipInterpolator), ("not-a-knot", interpolate.CubicSpline)):
    curve = make(rough_x, rough_y)
    show(f"{kind} slopes", curve.derivative()(rough_x))
    show(f"{kind} values", curve(at))
    show(f"{kind} derivatives", curve.derivative()(at))
    for n in (2, 3, 4):
        curve = make(rough_x[:n], rough_y[:n])
        show(f"{kind} slopes of {n}", curve.derivative()(rough_x[:n]))
inside = (at >= 0) & (at <= 6)
assert np.allclose(interpolate.interp1d(rough_x, rough_y, kind="cubic")(at[inside]),
                   interpolate.CubicSpline(rough_x, rough_y)(at[inside]), rtol=1e-12)
for name, y in (("sign", [0.0, 1.0, 11.0, 12.0]), ("three times", [0.0, 1.0, -9.0, -8.0])):
    show(f"pchip end slopes, {name}", interpolate.PchipInterpolator([0.0, 1.0, 2.0, 3.0], y).derivative()([0.0, 3.0]))

print("# histogram_test")
r, s = np.array([12.0, 7, 0, 30, 4, 9]), np.array([20.0, 3, 0, 41, 0, 22])
full = r + s > 0
show("chi2, p, dof", *stats.chi2_contingency(np.array([r, s])[:, full], correction=False)[:3])
r, s = np.array([400.0, 100, 20]), np.array([100.0, 500, 900])
chi2 = stats.chi2_contingency(np.array([r, s]), correction=False)[0]
show("far apart", chi2, exp(-mpf(chi2) / 2))

print("# kolmogorov")
for x in (0.2, 0.4, 0.75, 0.95, 1.0, 1.05, 1.36, 2.0, 2.5, 5.0, 12.0, 15.0):
    show(f"limit({x})", 2 * nsum(lambda k: (-1) ** (int(k) - 1) * exp(-2 * k * k * mpf(x) ** 2), [1, mp.inf])
         if x >= 1 else 1 - sqrt(2 * mp.pi) / mpf(x) * nsum(lambda k: exp(-(2 * k - 1) ** 2 * mp.pi ** 2 / (8 * mpf(x) ** 2)), [1, mp.inf]))


def durbin(n, d):
    """1 - n! / n^n (H^n)_kk with 80 digits, so that small tails are right, too."""
    mp.dps = 80
    d = mpf(d)
    k = int(n * d) + 1
    m, h = 2 * k - 1, k - n * d
    big = matrix(m, m)
    for a in range(m):
        for b in range(m):
            big[a, b] = mpf(a - b + 1 >= 0)
    for a in range(m):
        big[a, 0] -= h ** (a + 1)
        big[m - 1, a] -= h ** (m - a)
    if 2 * h > 1:
        big[m - 1, 0] += (2 * h - 1) ** m
    for a in range(m):
        for b in range(m):
            if a - b + 1 > 0:
                big[a, b] /= factorial(a - b + 1)
    result = 1 - (big ** n)[k - 1, k - 1] * factorial(n) / mpf(n) ** n
    mp.dps = 40
    return result


for n, d in ((3, 0.375), (5, 0.25), (10, 0.274), (10, 0.0625), (20, 0.4375), (20, 0.46875), (64, 0.125), (64, 0.24609375), (64, 0.25), (64, 0.5), (100, 0.0703125)):
    show(f"one_sample({n}, {d}); SciPy", durbin(n, d), stats.kstwo.sf(d, n))
for n, d in ((1000, 0.03125), (1000, 0.0546875)):  # a minute
    show(f"one_sample({n}, {d})", durbin(n, d))
for n, d in ((1000, 0.125), (5000, 0.00390625), (5000, 0.015625), (5000, 0.017578125), (5000, 0.018310546875),
             (5000, 0.0234375), (100000, 0.00390625), (100000, 0.03125)):
    show(f"SciPy one_sample({n}, {d})", stats.kstwo.sf(d, n))

print("# ks_test")
for name, x, y in (("first, second", first, second), ("shifted", first, second + 3.75), ("uneven", first, second[:7] + 5.0)):
    test = stats.ks_2samp(x, y, method="exact")
    show(f"two samples {name}", *test)
show("separate 50 and 50", 2 / binomial(100, 50))
uniform = np.sort(((37 * i + 11) % 101) / 128.0)
for name, x in (("uniform", uniform), ("squares", uniform ** 2)):
    test = stats.kstest(x, "uniform", method="exact")
    show(name, test.statistic, test.pvalue, durbin(40, test.statistic))

print("# anderson_darling")
for name, x, y in (("first, second", first, second), ("shifted", first, second + 2.5), ("tied", tied_first, tied_second),
                   ("tied, shifted", tied_first, tied_second + 1.0), ("far", first, second + 20.0), ("small", first[:2], second[:2] + 9.0)):
    test = stats.anderson_ksamp([x, y])
    show(name, test.statistic, test.significance_level)
critical = [mpf(x) for x in ("0.325", "1.226", "1.961", "2.718", "3.752", "4.592", "6.546")]
levels = matrix([log(mpf(x)) for x in ("0.25", "0.1", "0.05", "0.025", "0.01", "0.005", "0.001")])
powers = matrix([[x ** k for k in range(3)] for x in critical])
show("parabola", *mp.lu_solve(powers.T * powers, powers.T * levels))

print("# principal_components")
rows = np.array([[((3 * r + 5 * c + r * r * c) % 17) / 4.0 for c in range(5)] for r in range(12)])
values, vectors = np.linalg.eigh(np.cov(rows.T))
values, vectors = values[::-1], vectors[:, ::-1].T
vectors = [v * np.sign(v[np.argmax(abs(v))]) for v in vectors]
show("variances", values)
show("components", vectors)
scores = (rows[7] - rows.mean(0)) @ np.array(vectors).T
show("scores of row 7", scores)
show("error of row 7 with 2", np.sqrt(np.mean((rows[7] - rows.mean(0) - scores[:2] @ np.array(vectors[:2])) ** 2)))

print("# regression_bootstrap")
BOOTSTRAP, RESAMPLES = 9, 1000


def words(seed, a, b, count):
    """Philox4x64-10 at (seed; BOOTSTRAP, a, b, 0), (..., 1), ...: NumPy adds 1 to the counter before each block."""
    result = []
    for c in range((count + 3) // 4):
        counter = (BOOTSTRAP + (a << 64) + (b << 128) + (c << 192)) - 1
        result += list(np.random.Philox(counter=counter, key=seed).random_raw(4))
    return np.array(result[:count], dtype=np.uint64)


def figures(truth, prediction):
    residual = prediction - truth
    spread = np.sum((truth - truth.mean()) ** 2)
    return (1 - np.sum(residual ** 2) / spread if spread > 0 else np.nan, np.sqrt(np.mean(residual ** 2)),
            np.mean(abs(residual)), residual.mean())


truth = np.array([400.0 + 25.0 * (i * 7 % 40), (i % 5) * 0.25])
prediction = truth + np.array([(i * i % 11) * 0.5 - 2.0 + np.where(i == 13, 16.0, 0.0), (i * 3 % 7 - 3) / 32.0])
drawn = [(words(7, 2, r, 40) >> np.uint64(11)).astype(float) * 2.0 ** -53 * 40 for r in range(RESAMPLES)]
for t in range(2):
    scores = [figures(truth[t][d.astype(int)], prediction[t][d.astype(int)]) for d in drawn]
    show(f"target {t}: r2, rmse, mae, bias, low and high", np.percentile(scores, [2.5, 97.5], axis=0).T)
