#!/usr/bin/env python3
"""The numbers of tests/unit/test_regression.c and test_preparation*.c, computed with SciPy and scikit-learn.

Run once (SciPy 1.10.1, scikit-learn 1.2.1, NumPy 1.24.2); the output was copied into the tests.
"""
import numpy as np
from scipy import stats
from sklearn import metrics, preprocessing


def show(name, values):
    print(f"{name}: " + ", ".join(f"{v:.17g}" for v in np.ravel(values)))


# Regression: 40 temperatures with skewed residuals; all numbers are exact in binary.
i = np.arange(40)
truth = 400.0 + 25.0 * (i * 7 % 40)
residual = (i * i % 11) * 0.5 - 2.0 + np.where(i == 13, 16.0, 0.0)
prediction = truth + residual
show("r2", metrics.r2_score(truth, prediction))
show("r2 with the arguments swapped", metrics.r2_score(prediction, truth))
show("rmse", np.sqrt(metrics.mean_squared_error(truth, prediction)))
show("mae", metrics.mean_absolute_error(truth, prediction))
show("bias, sd", (residual.mean(), residual.std()))
show("skewness", stats.skew(residual))

# Preparation: 4 spectra of 5 wavelengths, float32 as in a grid.
flux = np.array([[((3 * r + 5 * c) % 7 + 1) * 2.0 ** (r - 30) for c in range(5)] for r in range(4)],
                dtype=np.float32).astype(np.float64)
for name, x in (("linear", flux), ("log10", np.log10(flux)), ("asinh", np.arcsinh(flux / 2.0 ** -29))):
    row = x[2]
    show(f"{name} row_standard of row 2", (row - row.mean()) / row.std())
    show(f"{name} row_minmax of row 2", (row - row.min()) / (row.max() - row.min()))
    show(f"{name} column_standard of row 2", preprocessing.StandardScaler().fit(x).transform(x)[2])
    show(f"{name} column_minmax of row 2", preprocessing.MinMaxScaler().fit(x).transform(x)[2])
    features = np.column_stack((x.min(1), x.max(1), x.mean(1), x.std(1), np.log10(flux.mean(1))))
    show(f"{name} features of row 2", features[2])
    show(f"{name} features of row 2, column_standard", preprocessing.StandardScaler().fit(features).transform(features)[2])
    show(f"{name} features of row 2, column_minmax", preprocessing.MinMaxScaler().fit(features).transform(features)[2])
