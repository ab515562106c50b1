#!/usr/bin/env bash
# grid compare: distances that were put in come out, on any number of ranks; rows without a partner; wrong inputs.
# tml-test: LABELS program
# tml-test: TIMEOUT 120
. "$TML_SOURCE/tests/programs/lib_program.sh"

need_python h5py numpy jsonschema
rm -rf ./*.h5 ./*.csv ./*.json ./*.py comparison

run 0 tml grid synth --model simple --preset quickstart --range teff=800:1100,logg=4:5,c_o=0.5:1.5 --out first.h5 --no-progress

# Copies: doubled.h5 has twice the flux in every pixel of half of the rows, another order, and no row above 1000 K;
# cut.h5 lacks a wavelength; moved.h5 has other parameters.
cat >make.py <<'PYTHON'
import h5py
import numpy as np


def copy(name, rows=slice(None), wavelengths=slice(None), factor=None, shift=0.0):
    with h5py.File("first.h5", "r") as a, h5py.File(name, "w") as b:
        for key, value in a.attrs.items():
            b.attrs[key] = value
        flux = a["flux"][()]
        if factor is not None:
            flux = flux * factor[:, None]
        b["wavelength"] = a["wavelength"][()][wavelengths]
        b["row"] = np.arange(len(flux))[rows]
        b["flux"] = flux[rows][:, wavelengths].astype("f4")
        for p in ("teff", "logg", "c_o", "met"):
            b["parameters/" + p] = a["parameters/" + p][()][rows] + shift
            b["parameters/" + p].attrs["units"] = a["parameters/" + p].attrs["units"]
        for n in ("wavelength", "row", "flux"):
            b[n].attrs["units"] = a[n].attrs["units"]


with h5py.File("first.h5", "r") as f:
    teff, logg = f["parameters/teff"][()], f["parameters/logg"][()]
copy("doubled.h5", rows=np.flatnonzero(teff <= 1000)[::-1], factor=np.where(logg > 4.4, 2.0, 1.0))
copy("cut.h5", wavelengths=slice(1, None))
copy("moved.h5", shift=0.01)
PYTHON
run 0 "$TML_PYTHON" make.py

for n in 1 2 3; do
  run 0 tml_n "$n" grid compare first.h5 doubled.h5 first.h5 --json
  cp "$out" "ranks$n.json"
  run 0 "$TML_PYTHON" "$TML_SOURCE/tests/tools/validate_json.py" "$TML_SOURCE/docs/schema/grid-compare.schema.json" "ranks$n.json"
done
cat >check.py <<'PYTHON'
import json
import math

results = [json.load(open(f"ranks{n}.json"))["result"] for n in (1, 2, 3)]
assert results[0] == results[1] == results[2]
doubled, same = results[0]["others"]
kept = sum(v["pairs"] for v in doubled["by_value"]["teff"])
assert doubled["pairs"] == kept == doubled["rows"] and kept + doubled["unmatched"] == results[0]["rows"]
assert max(v["high"] for v in doubled["by_value"]["teff"]) == 1000
for value in doubled["by_value"]["logg"]:
    expected = math.log10(2) if value["low"] > 4.4 else 0.0
    # quantiles are good to 0.6 %
    assert abs(value["median_dex"] - expected) <= 0.007 * expected, value
    assert value["in_band"] == (0 if expected else 1), value
assert abs(doubled["p95_dex"] - math.log10(2)) < 0.003
assert same["unmatched"] == 0 and same["p95_dex"] == 0 and same["in_band"] == 1
assert len(results[0]["shown"]) == 6 == len(set(results[0]["shown"]))
PYTHON
run 0 "$TML_PYTHON" check.py

# --- files --------------------------------------------------------------------------------------------------
run 0 tml_n 2 grid compare first.h5 doubled.h5 --out comparison
expect_in "$out" "rows have no partner"
expect_file comparison/grid_comparison.json comparison/grid_comparison.svg comparison/grid_comparison.pdf \
  comparison/grid_comparison.png
run 73 tml grid compare first.h5 doubled.h5 --out comparison
run 0 tml grid compare first.h5 doubled.h5 --out comparison --force
run 0 tml grid compare first.h5 doubled.h5 --out other --dry-run
expect_absent other/grid_comparison.json

# --- wrong inputs -------------------------------------------------------------------------------------------
run 64 tml grid compare first.h5
run 64 tml grid compare first.h5 doubled.h5 --force
run 66 tml_n 2 grid compare first.h5 absent.h5
run 65 tml_n 2 grid compare first.h5 cut.h5
expect_in "$err" "cut.h5: 103 wavelengths, but first.h5 has 104"
run 65 tml_n 2 grid compare first.h5 moved.h5
expect_in "$err" "no row with the parameters"
rm -rf ./*.h5 comparison
