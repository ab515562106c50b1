#!/usr/bin/env bash
# simulate: observations with known truth. The same bytes on any number of ranks, noise of the size that was asked
# for, the same noise in both forms, and plain answers to what cannot be done.
# tml-test: LABELS program
# tml-test: TIMEOUT 300
. "$TML_SOURCE/tests/programs/lib_program.sh"

rm -rf -- ./*
mkdir out

# refused CODE TEXT ARGUMENTS...: ends with one message that holds the text, and leaves nothing in out.
refused() {
  local expected=$1 text=$2
  shift 2
  run "$expected" tml simulate "$@"
  expect_in "$err" "$text"
  [ "$(grep -c '^telescopeml: ' "$err")" -eq 1 ] || fail "not one message"
  [ ! -s "$out" ] || fail "something on standard output"
  [ -z "$(ls -A out)" ] || fail "left behind: $(ls -A out)"
}

run 0 tml grid synth --preset quickstart --out g.h5 --no-progress
printf 'teff,logg,c_o,met\n900,5,1,0\n1500.5,4.25,0.7,-0.25\n' >two.csv
run 0 tml grid synth --nodes two.csv --out two.h5

# --- usage --------------------------------------------------------------------------------------------------
object=(--grid two.h5 --snr 30 --row 1 --out out/o.dat)
table=(--grid two.h5 --snr 30 --table out/t.csv --errors out/e.csv)
refused 64 "--grid is missing" --snr 30 --row 1 --out out/o.dat
refused 64 "--snr is missing" --grid two.h5 --row 1 --out out/o.dat
refused 64 "give either --row N" --grid two.h5 --snr 30
refused 64 "give either --row N" "${object[@]}" --table out/t.csv --errors out/e.csv
refused 64 "--out is missing" --grid two.h5 --snr 30 --row 1
refused 64 "--row is missing" --grid two.h5 --snr 30 --out out/o.dat
refused 64 "--errors is missing" --grid two.h5 --snr 30 --table out/t.csv
refused 64 "--table is missing" --grid two.h5 --snr 30 --errors out/e.csv
refused 64 "the same file" --grid two.h5 --snr 30 --table out/t.csv --errors out/t.csv
refused 64 "are for one object" "${table[@]}" --distance-pc 5
for snr in 0 -3 nan inf 1e; do
  refused 64 "--snr wants a number above 0, not '$snr'" "${object[@]}" --snr "$snr"
  refused 64 "--snr wants a number above 0, not '$snr'" "${table[@]}" --snr "$snr"
done
for row in -1 1.5 x; do
  refused 64 "--row wants a whole number from 0, not '$row'" "${object[@]}" --row="$row"
done
for measure in 0 nan 5: 5:x 5:-1 :1; do
  refused 64 "--distance-pc wants a number above 0" "${object[@]}" --distance-pc "$measure"
done
refused 64 "--radius-rjup wants a number above 0" "${object[@]}" --radius-rjup -2
refused 64 "is the name of the file that describes the object" "${object[@]}" --out out/o.yml
refused 64 "wants the name of a file" "${object[@]}" --out out/
refused 64 "--name is longer" "${object[@]}" --name "$(printf '%080d' 0)"
run 0 tml simulate --help
expect_in "$out" "truth is known"

# --- inputs and outputs that cannot be ----------------------------------------------------------------------
refused 66 "absent.h5" "${object[@]}" --grid absent.h5
refused 66 "absent.h5" "${table[@]}" --grid absent.h5
refused 65 "two.csv" "${object[@]}" --grid two.csv
refused 66 "there is no row 2; its 2 rows have numbers from 0 to 1" "${object[@]}" --row 2
refused 66 "there is no row 18446744073709551615" "${object[@]}" --row 18446744073709551615
run 66 tml_n 3 simulate "${object[@]}" --row 2
expect_in "$err" "there is no row 2; its 2 rows have numbers from 0 to 1"
refused 73 "no/such/o.yml" "${object[@]}" --out no/such/o.dat
refused 73 "no/such/t.csv" "${table[@]}" --table no/such/t.csv
refused 73 "no/such/e.csv" "${table[@]}" --errors no/such/e.csv
printf 'temperature,gravity,1.0,1.1\n900,5,1e-7,2e-7\n1000,5,0,0\n' >dark.csv
run 0 tml grid import --csv dark.csv --out dark.h5
refused 65 "row 1: the mean flux is 0" --grid dark.h5 --snr 30 --row 1 --out out/o.dat
run 65 tml_n 2 simulate "${table[@]}" --grid dark.h5
expect_in "$err" "dark.h5: row 1: the mean flux is 0"
[ -z "$(ls -A out)" ] || fail "left behind: $(ls -A out)"

# --- a dry run writes nothing -------------------------------------------------------------------------------
run 0 tml simulate "${object[@]}" --dry-run --json
expect_in "$out" "telescopeml.simulate/1"
expect_in "$out" '"written":	false'
run 0 tml_n 2 simulate "${table[@]}" --dry-run
expect_in "$err" "would write out/t.csv and out/e.csv: 2 rows"
[ -z "$(ls -A out)" ] || fail "left behind: $(ls -A out)"

# --- an existing file is not replaced unasked, neither the one nor the other --------------------------------
run 0 tml simulate "${object[@]}"
expect_in out/o.yml 'name: "o"'
expect_in out/o.yml "distance_pc: [10, 0.1]"
expect_in out/o.yml "radius_rjup: [1, 0.01]"
expect_in out/o.yml 'source: "true values of the simulation"'
expect_in out/o.yml "teff: [1500.5, 0]"
expect_in out/o.yml "met: [-0.25, 0]"
cp out/o.dat kept
run 73 tml simulate "${object[@]}" --seed 9
expect_in "$err" "out/o.dat exists already; --force replaces it"
rm out/o.dat
run 73 tml simulate "${object[@]}" --seed 9
expect_in "$err" "out/o.yml exists already"
expect_absent out/o.dat
run 0 tml simulate "${object[@]}" --force
expect_same out/o.dat kept
run 0 tml simulate "${object[@]}" --force --seed 9
! cmp -s out/o.dat kept || fail "another seed, the same noise"
run 0 tml simulate "${table[@]}"
run 73 tml simulate "${table[@]}"
expect_in "$err" "out/t.csv exists already"
rm out/t.csv
run 73 tml simulate "${table[@]}"
expect_in "$err" "out/e.csv exists already"
run 0 tml simulate "${table[@]}" --force
[ "$(ls -A out | tr '\n' ' ')" = "e.csv o.dat o.yml t.csv " ] || fail "left behind: $(ls -A out)"

# --- the same bytes on any number of ranks: more than one round of rows, and ranks without a row -------------
for n in 1 2 3; do
  run 0 tml_n "$n" simulate --grid g.h5 --snr 25 --seed 5 --table "t$n.csv" --errors "e$n.csv"
  run 0 tml_n "$n" simulate --grid g.h5 --snr 25 --seed 5 --row 4107 --out "o$n.dat" --distance-pc 8.5:0.25 \
    --radius-rjup 0.9:0 --name 'A: "B" # C'
  run 0 tml_n "$n" simulate --grid two.h5 --snr 30 --table "two_t$n.csv" --errors "two_e$n.csv"
  for kind in t%.csv e%.csv o%.dat o%.yml two_t%.csv two_e%.csv; do
    expect_same "${kind/\%/1}" "${kind/\%/$n}"
  done
done
expect_same two_t1.csv out/t.csv
expect_absent ./*.partial

# --- the numbers --------------------------------------------------------------------------------------------
need_python h5py numpy
cat >check.py <<'PY' # a file: run gives its command no input
import h5py
import numpy as np

names = ["teff", "logg", "c_o", "met"]
with h5py.File("g.h5", "r") as f:
    order = np.argsort(f["row"][()])
    flux = f["flux"][()][order].astype(float)
    truth = np.array([f["parameters"][n][()][order] for n in names]).T
    wl = f["wavelength"][()]


def table(name):
    with open(name, encoding="ascii") as f:
        head = f.readline().strip().split(",")
    data = np.loadtxt(name, delimiter=",", skiprows=1)
    assert head[:5] == names + ["row"], head[:5]
    assert np.array_equal(np.array(head[5:], dtype=float), wl), "headers read back to the wavelengths"
    assert np.array_equal(data[:, 4], np.arange(len(flux))), "ascending rows of the source"
    assert np.array_equal(data[:, :4], truth), "exact parameters"
    return data[:, 5:]


noisy, error = table("t1.csv"), table("e1.csv")
assert np.allclose(error, flux.mean(axis=1, keepdims=True) / 25, rtol=1e-14, atol=0), "sigma = mean / SNR"
z = (noisy - flux) / error
n = z.size  # five standard errors; the seed is fixed
assert abs(z.mean()) < 5 / np.sqrt(n) and abs(z.std() - 1) < 5 / np.sqrt(2 * n), (z.mean(), z.std())
assert abs((np.abs(z) < 1).mean() - 0.682689) < 5 * np.sqrt(0.2166 / n)
assert abs((z[:, 1:] * z[:, :-1]).mean()) < 5 / np.sqrt(n), "pixels are independent"
assert abs((z[1:] * z[:-1]).mean()) < 5 / np.sqrt(n), "rows are independent"

# The object is the same row, diluted and per wavelength.
seen = np.loadtxt("o1.dat")
factor = (0.9 * 7.1492e9 / (8.5 * 3.0856775814913674e18)) ** 2 * 2.99792458e18 / (wl * 1e4) ** 2
assert np.array_equal(seen[:, 0], wl)
assert np.allclose(seen[:, 1], noisy[4107] * factor, rtol=1e-13, atol=0)
assert np.allclose(seen[:, 2], error[4107] * factor, rtol=1e-13, atol=0)
said = open("o1.yml", encoding="utf-8").read()
for text in ['name: "A: \\"B\\" # C"', "distance_pc: [8.5, 0.25]", "radius_rjup: [0.9, 0]"]:
    assert text in said, said
for name, value in zip(names, truth[4107]):
    assert f"{name}: [{value:.15g}, 0]" in said, (name, value, said)
PY
run 0 "$TML_PYTHON" check.py
rm -f ./*.h5 ./*.csv
