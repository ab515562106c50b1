#!/usr/bin/env bash
# grid synth: the same data on any number of ranks, and plain answers to what cannot be done.
# tml-test: LABELS program
# tml-test: TIMEOUT 300
. "$TML_SOURCE/tests/programs/lib_program.sh"

rm -rf ./*.h5 ./*.h5.partial ./*.csv

# same_data FILE FILE: every dataset but the provenance is the same to the bit.
same_data() {
  "$TML_PYTHON" - "$1" "$2" <<'EOF' || fail "$1 and $2 hold different data"
import sys
import h5py

def datasets(name):
    found = {}
    with h5py.File(name, "r") as f:
        f.visititems(lambda n, o: found.update({n: (o.dtype.str, o.shape, o[()].tobytes())})
                     if isinstance(o, h5py.Dataset) and not n.startswith("provenance") else None)
    return found

a, b = datasets(sys.argv[1]), datasets(sys.argv[2])
assert "flux" in a and "row" in a and "parameters/teff" in a, sorted(a)
assert a.keys() == b.keys(), (sorted(a), sorted(b))
for name in a:
    assert a[name] == b[name], name
EOF
}

# --- usage --------------------------------------------------------------------------------------------------
run 64 tml grid synth --preset quikstart --out x.h5
expect_in "$err" "did you mean 'quickstart'"
run 64 tml grid synth --preset quickstart
expect_in "$err" "--out is missing"
run 64 tml grid synth --out x.h5
expect_in "$err" "either --preset"
run 64 tml grid synth --preset quickstart --nodes n.csv --out x.h5
run 64 tml grid synth --preset quickstart --random 0 --out x.h5
run 64 tml grid synth --nodes n.csv --random 5 --out x.h5
run 64 tml grid synth --preset quickstart --model simpel --out x.h5
expect_in "$err" "'simple'"
run 66 tml grid synth --nodes absent.csv --out x.h5
run 0 tml grid synth --help
expect_in "$out" "not for science"
expect_absent x.h5 x.h5.partial

# --- tables that are refused: file, line, row and column, on every rank alike -------------------------------
printf 'teff,logg,c_o,met\n900,5,1,0\n900,5,1,nan\n' >nan.csv
printf 'temperature,gravity,c_o_ratio,metallicity\n900,9.5,1,0\n' >range.csv
printf 'teff,logg,c_o\n900,5,1\n' >column.csv
printf 'teff,logg,c_o,met\n' >empty.csv
run 65 tml_n 2 grid synth --nodes nan.csv --out x.h5
expect_in "$err" "nan.csv: line 3, row 1, column 'met'"
run 65 tml_n 2 grid synth --nodes range.csv --out x.h5
expect_in "$err" "range.csv: line 2, row 0, column 'gravity': 9.5 is outside"
run 65 tml grid synth --nodes column.csv --out x.h5
expect_in "$err" "no column 'met' (or 'metallicity')"
run 65 tml grid synth --nodes empty.csv --out x.h5
expect_in "$err" "no rows"
expect_absent x.h5 x.h5.partial

# --- a dry run writes nothing -------------------------------------------------------------------------------
run 0 tml_n 2 grid synth --preset published --out x.h5 --dry-run --json
expect_in "$out" '"schema":'
expect_in "$out" "telescopeml.grid-synth/1"
expect_in "$out" "30888"
expect_absent x.h5 x.h5.partial

# --- an existing file is not replaced unasked ---------------------------------------------------------------
printf 'teff,logg,c_o,met\n900,5,1,0\n1500.5,4.25,0.7,-0.25\n' >two.csv
run 0 tml grid synth --nodes two.csv --out two.h5
expect_file two.h5
cp two.h5 kept.h5
run 73 tml grid synth --nodes two.csv --out two.h5
run 73 tml grid synth --nodes two.csv --out two.h5 --dry-run
expect_same two.h5 kept.h5
run 0 tml grid synth --nodes two.csv --out two.h5 --force
run 73 tml grid synth --nodes two.csv --out no/such/folder/two.h5

# --- what is written can be read again ----------------------------------------------------------------------
run 0 tml grid info --json two.h5
expect_in "$out" "teff"

need_python h5py numpy

# Several chunks, so that every rank has some: 6,000 rows, and fewer chunks than ranks in the other.
for n in 1 2 3; do
  run 0 tml_n "$n" grid synth --preset quickstart --random 6000 --seed 3 --out "random$n.h5" --no-progress
  run 0 tml_n "$n" grid synth --preset quickstart --out "quick$n.h5" --no-progress
done
run 0 tml grid synth --preset quickstart --random 6000 --seed 4 --out other.h5 --no-progress
for n in 2 3; do
  same_data random1.h5 "random$n.h5"
  same_data quick1.h5 "quick$n.h5"
done

"$TML_PYTHON" - <<'EOF' || fail "the grids are not what they should be"
import h5py
import numpy as np

with h5py.File("quick1.h5", "r") as f:
    row = f["row"][()]
    assert sorted(row) == list(range(4140)), "every node once"
    assert np.any(row[1:] < row[:-1]), "shuffled"
    # /row is the number of the node: the last axis fastest.
    order = np.argsort(row)
    teff, met = f["parameters/teff"][()][order], f["parameters/met"][()][order]
    assert np.all(np.diff(teff) >= 0) and teff[0] == 500 and teff[-1] == 2000
    assert list(met[:6]) == [-0.5, -0.25, 0.0, 0.25, 0.5, -0.5], met[:6]
    flux = f["flux"][()]
    assert np.isfinite(flux).all() and (flux > 0).all()
    assert len(np.unique(flux, axis=0)) == 4140, "no twins"
    wl = f["wavelength"][()]
    assert len(wl) == 104 and wl[0] == 0.8967795781943042
    said = str(dict(f["provenance"].attrs)) + str({k: v[()] for k, v in f["provenance"].items()
                                                  if isinstance(v, h5py.Dataset)})
    assert "simple" in said and "quickstart" in said and "seed" in said, said
with h5py.File("random1.h5", "r") as a, h5py.File("other.h5", "r") as b:
    assert not np.array_equal(a["parameters/teff"][()], b["parameters/teff"][()]), "another seed, other nodes"
    assert 500 <= a["parameters/teff"][()].min() < 510 and 1990 < a["parameters/teff"][()].max() <= 2000
with h5py.File("two.h5", "r") as f:
    assert sorted(f["parameters/teff"][()]) == [900.0, 1500.5]
    said = str(dict(f["provenance"].attrs))
    assert "nodes_digest" in said and "two.csv" in said, said
EOF
rm -f ./*.h5
