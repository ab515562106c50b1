#!/usr/bin/env bash
# grid audit and grid densify from outside: tables, files, schemas, any number of ranks, wrong inputs.
# tml-test: LABELS program
# tml-test: TIMEOUT 300
. "$TML_SOURCE/tests/programs/lib_program.sh"

need_python h5py numpy jsonschema
rm -rf ./*.h5 ./*.csv ./*.json audit

valid() {
  run 0 "$TML_PYTHON" "$TML_SOURCE/tests/tools/validate_json.py" "$TML_SOURCE/docs/schema/$1.schema.json" "$2"
}

# --- a grid without defects ---------------------------------------------------------------------------------
run 0 tml grid synth --preset quickstart --range teff=800:1100 --range logg=4:5,c_o=0.5:1.5 --out good.h5 --no-progress
run 0 tml grid audit good.h5
expect_in "$out" "every row has a spectrum of its own"
expect_in "$out" "complete: each of the 525 nodes"
expect_in "$out" "bad rows   none"
run 0 tml grid audit good.h5 --dry-run
expect_in "$err" "nothing was audited"

# --- the published structure: nearest tables ----------------------------------------------------------------
"$TML_PYTHON" - <<'PY'
import itertools

mets, ratios = [0, .5, 1, 1.5, 1.7, 2], [.5, 1, 1.5, 2, 2.5]
nearest = lambda table, x: min(table, key=lambda t: abs(t - x))
rows = list(itertools.product((700, 1000, 1300), (4, 5), (.25, .5, 1, 1.5, 2, 2.5),
                              (-1, -.7, -.5, -.3, 0, .3, .5, .7, 1, 1.3, 1.7, 2)))
with open("computed.csv", "w") as f:
    f.write("teff,logg,c_o,met\n")
    for t, g, c, m in rows:
        f.write(f"{t},{g},{nearest(ratios, c)},{nearest(mets, m)}\n")
with open("labels.csv", "w") as f:
    for row in rows:
        f.write(",".join(map(str, row)) + "\n")
PY
run 0 tml grid synth --nodes computed.csv --out computed.h5 --no-progress
"$TML_PYTHON" - <<'PY' || fail "the check above"
import h5py
import numpy as np

# The spectra of the nearest tables under the labels of the grid.
labels = np.loadtxt("labels.csv", delimiter=",")
with h5py.File("computed.h5", "r") as a, h5py.File("twins.h5", "w") as b:
    for name, value in a.attrs.items():
        b.attrs[name] = value
    for name in ("wavelength", "row", "flux"):
        b[name] = a[name][()]
        b[name].attrs["units"] = a[name].attrs["units"]
    for i, name in enumerate(("teff", "logg", "c_o", "met")):
        b["parameters/" + name] = labels[a["row"][()], i]
        b["parameters/" + name].attrs["units"] = a["parameters/" + name].attrs["units"]
PY
run 0 tml grid audit twins.h5 --out audit --json
cp "$out" one.json
valid grid-audit one.json
valid grid-audit audit/audit.json
for n in 2 3; do
  run 0 tml_n "$n" grid audit twins.h5 --json
  expect_same "$out" one.json
done
"$TML_PYTHON" - <<'PY' || fail "the check above"
import csv
import json

result = json.load(open("one.json"))["result"]
met, ratio = result["parameters"]["met"], result["parameters"]["c_o"]
assert met["classes"] == [[-1, -.7, -.5, -.3, 0], [.3, .5, .7], [1], [1.3], [1.7], [2]], met["classes"]
assert ratio["classes"] == [[.25, .5], [1], [1.5], [2], [2.5]], ratio["classes"]
assert abs(met["ceiling_r2"] - 0.9350) < 5e-5 and abs(met["huber_floor"] - 0.03249) < 5e-6
assert abs(ratio["ceiling_r2"] - 0.9918) < 5e-5 and abs(ratio["huber_floor"] - 0.00411) < 5e-6
assert result["parameters"]["teff"]["ceiling_r2"] == 1 and result["identical"]["spectra"] == 180
classes = list(csv.DictReader(open("audit/audit_classes.csv")))
assert [r["class"] for r in classes if r["parameter"] == "c_o"] == ["0", "0", "1", "2", "3", "4"]
pairs = [r for r in csv.DictReader(open("audit/audit_pairs.csv")) if r["parameter"] == "met"]
assert len(pairs) == 66 and pairs[0]["lines"] == pairs[0]["identical"] == "36", pairs[0]
PY
run 0 tml grid audit twins.h5
expect_in "$out" "{-1, -0.7, -0.5, -0.3, 0} {0.3, 0.5, 0.7} {1} {1.3} {1.7} {2}"
run 73 tml grid audit twins.h5 --out audit
run 0 tml grid audit twins.h5 --out audit --force

# --- wrong inputs -------------------------------------------------------------------------------------------
run 66 tml grid audit absent.h5
run 64 tml grid audit
run 64 tml grid audit good.h5 --tolerance 0
run 64 tml grid audit good.h5 --tolerance x
run 64 tml grid audit good.h5 --force
run 65 tml grid audit labels.csv
run 0 tml grid audit --help
expect_in "$out" "exit code 0"

# --- densify ------------------------------------------------------------------------------------------------
for n in 1 2 3; do
  run 0 tml_n "$n" grid densify good.h5 --out "fine$n.h5" --axis teff=800,812.5,925 --factor 2 --no-progress --json
  cp "$out" densify.json
  valid grid-densify densify.json
done
"$TML_PYTHON" - <<'PY' || fail "the check above"
import h5py
import numpy as np

def read(name):
    with h5py.File(name, "r") as f:
        labels = np.stack([f["parameters/" + p][()] for p in ("teff", "logg", "c_o", "met")], 1)
        order = np.lexsort(labels.T[::-1])
        return labels[order], f["flux"][()][order].astype(float), f["row"][()], f["flux"][()]

fine = [read(f"fine{n}.h5") for n in (1, 2, 3)]
for other in fine[1:]:
    assert all(np.array_equal(a, b) for a, b in zip(fine[0], other)), "the same on 1, 2, 3 ranks"
labels, flux, row, _ = fine[0]
assert len(labels) == 3 * 9 * 5 * 9 and sorted(row) == list(range(len(row)))
good, old, _, _ = read("good.h5")
at = lambda table, values, point: values[np.flatnonzero(np.all(np.abs(table - point) < 1e-9, axis=1))[0]]
# On a node the flux of the node, to the bit.
assert np.array_equal(at(labels, flux, (800, 4.5, 1, .25)), at(good, old, (800, 4.5, 1, .25)))
# Between two nodes of one axis: linear in log flux, and in log teff.
middle = np.sqrt(at(good, old, (800, 4, 1, 0)) * at(good, old, (800, 4.25, 1, 0)))
assert np.allclose(at(labels, flux, (800, 4.125, 1, 0)), middle, rtol=1e-6)
share = np.log(812.5 / 800) / np.log(850 / 800)
want = np.exp((1 - share) * np.log(at(good, old, (800, 5, .5, -.5))) + share * np.log(at(good, old, (850, 5, .5, -.5))))
assert np.allclose(at(labels, flux, (812.5, 5, .5, -.5)), want, rtol=1e-6)
with h5py.File("fine1.h5", "r") as f:
    assert "good.h5" in str(dict(f["provenance"].attrs))
PY
run 0 tml grid densify good.h5 --out dry.h5 --factor 3 --dry-run
expect_absent dry.h5 dry.h5.partial
run 64 tml grid densify good.h5 --out x.h5
run 64 tml grid densify good.h5 --factor 2
run 64 tml grid densify good.h5 --out x.h5 --factor 0
run 64 tml grid densify good.h5 --out x.h5 --axis teff=900,800
run 64 tml grid densify good.h5 --out x.h5 --axis tef=900
expect_in "$err" "did you mean 'teff'"
run 64 tml_n 2 grid densify good.h5 --out x.h5 --axis teff=700,900
expect_in "$err" "800 to 1100"
run 64 tml grid densify good.h5 --out good.h5 --factor 2
run 73 tml grid densify good.h5 --out fine1.h5 --factor 2
run 0 tml grid synth --preset quickstart --random 100 --out random.h5 --no-progress
run 65 tml_n 2 grid densify random.h5 --out x.h5 --factor 2
expect_in "$err" "not a regular grid"
printf 'teff,logg,c_o,met\n900,5,1,0\n900,5,1,0.5\n1000,5,1,0\n' >gap.csv
run 0 tml grid synth --nodes gap.csv --out gap.h5 --no-progress
run 65 tml grid densify gap.h5 --out x.h5 --factor 2
expect_in "$err" "teff 1000, logg 5, c_o 1, met 0.5"
expect_absent x.h5 x.h5.partial
rm -f ./*.h5
