#!/usr/bin/env bash
# grid synth --model cloudless: the same data on any number of ranks, instruments, absorbers that are switched off,
# tables that are missing or wrong.
# tml-test: LABELS program
# tml-test: TIMEOUT 300
. "$TML_SOURCE/tests/programs/lib_program.sh"

need_python h5py numpy
rm -rf ./*.h5 ./*.h5.partial ./*.h5.blocks ./*.csv ./*.py tables
synth=(grid synth --model cloudless --no-progress)

printf 'teff,logg,c_o,met\n' >nodes.csv
for teff in 500 900 1300 1700 2100; do
  printf '%s,4.5,1,0\n%s,5.25,0.6,-0.4\n%s,3.5,1.4,0.7\n' "$teff" "$teff" "$teff" >>nodes.csv
done

# --- usage --------------------------------------------------------------------------------------------------
run 64 tml "${synth[@]}" --nodes nodes.csv --out x.h5 --wavelength-range 2:1
expect_in "$err" "--wavelength-range wants LO:HI"
run 64 tml "${synth[@]}" --nodes nodes.csv --out x.h5 --wavelength-range 0.7:1
expect_in "$err" "within 0.8 to 5 micron"
run 64 tml "${synth[@]}" --nodes nodes.csv --out x.h5 --resolution fine
expect_in "$err" "--resolution wants a positive number"
run 65 tml_n 2 "${synth[@]}" --nodes nodes.csv --out x.h5 --resolution 200
expect_in "$err" "finer than the bins of the opacity table"
expect_in "$err" "--tables"
run 64 tml "${synth[@]}" --nodes nodes.csv --out x.h5 --without CH4,unobtainium
expect_in "$err" "unobtainium: no such absorber"
run 64 tml grid synth --nodes nodes.csv --model simple --out x.h5 --without CH4
expect_in "$err" "--model cloudless"
printf 'wavelength,resolution\n1,50\n0.9,50\n' >descending.csv
run 65 tml_n 2 "${synth[@]}" --nodes nodes.csv --out x.h5 --instrument descending.csv
expect_in "$err" "descending.csv: line 3"
run 66 tml "${synth[@]}" --nodes nodes.csv --out x.h5 --instrument absent.csv
run 64 tml "${synth[@]}" --nodes nodes.csv --out x.h5 --instrument descending.csv --resolution 50
expect_absent x.h5 x.h5.partial

# --- the same data on any number of ranks -------------------------------------------------------------------
for n in 1 2 3; do
  run 0 tml_n "$n" "${synth[@]}" --nodes nodes.csv --out "ranks$n.h5"
done
printf 'resolution,wavelength\n40,0.9\n80,2.4\n' >instrument.csv
run 0 tml "${synth[@]}" --nodes nodes.csv --out wide.h5 --wavelength-range 0.8:5
run 0 tml "${synth[@]}" --nodes nodes.csv --out coarse.h5 --wavelength-range 1:2.4 --resolution 50
run 0 tml "${synth[@]}" --nodes nodes.csv --out table.h5 --instrument instrument.csv
run 0 tml "${synth[@]}" --nodes nodes.csv --out dry.h5 --without H2O
run 0 tml "${synth[@]}" --nodes nodes.csv --out no_methane.h5 --wavelength-range 0.8:5 --without CH4
run 0 tml "${synth[@]}" --nodes nodes.csv --out no_co.h5 --wavelength-range 0.8:5 --without CO
run 0 tml "${synth[@]}" --nodes nodes.csv --out no_alkalis.h5 --without Na,K
run 0 tml grid info wide.h5

cat >check.py <<'PYTHON'
import h5py
import numpy as np


def read(name):
    with h5py.File(name, "r") as f:
        order = np.argsort(f["row"][()])
        said = {k: str(v) for k, v in f["provenance"].attrs.items()}
        return f["wavelength"][()], f["flux"][()][order].astype(float), f["parameters/teff"][()][order], said


with h5py.File("ranks1.h5", "r") as one:
    for n in (2, 3):
        with h5py.File(f"ranks{n}.h5", "r") as other:
            for name in ("wavelength", "row", "flux", "parameters/teff", "parameters/met"):
                assert np.array_equal(one[name][()], other[name][()]), (n, name)

wl, flux, teff, said = read("ranks1.h5")
assert len(wl) == 104 and abs(wl[0] - 0.8967795781943042) < 1e-12
assert said["model"] == "cloudless" and said["opacity_table"].endswith("cloudless_opacity.h5"), said
assert len(said["opacity_table_digest"]) == 32

# The published bins are part of the wide range, to the bit.
wide_wl, wide, _, said = read("wide.h5")
at = int(np.argmin(np.abs(wide_wl - wl[0])))
assert np.allclose(wide_wl[at:at + 104], wl, rtol=1e-12)
assert np.allclose(wide[:, at:at + 104], flux, rtol=1e-6)
assert said["wavelength_range"] == "0.8:5"

# An instrument of R = 50 keeps the flux of a band and smooths it.
coarse_wl, coarse, _, said = read("coarse.h5")
assert said["resolution"] == "50"
assert np.allclose(coarse_wl[1:] / coarse_wl[:-1], 101 / 99)
band, coarse_band = (wl > 1.1) & (wl < 2.3), (coarse_wl > 1.1) & (coarse_wl < 2.3)
ratio = np.trapz(coarse[:, coarse_band], coarse_wl[coarse_band]) / np.trapz(flux[:, band], wl[band])
assert np.all(np.abs(ratio - 1) < 0.03), ratio
assert np.all(np.std(np.diff(np.log(coarse), 2), axis=1) < 4 * np.std(np.diff(np.log(flux), 2), axis=1))
table_wl, _, _, said = read("table.h5")
assert table_wl[0] == 0.9 and said["instrument"] == "instrument.csv" and len(said["instrument_digest"]) == 32


# An absorber that is switched off changes its bands, and only them. `inside`: where it must change something;
# `outside`: where it must not, beyond 5 %.
def changed(without, with_it, wavelength, inside, outside, rows):
    change = np.abs(np.log(without / with_it))[rows]
    for low, high in inside:
        assert change[:, (wavelength > low) & (wavelength < high)].max() > 0.1, (low, high)
    for low, high in outside:
        assert change[:, (wavelength > low) & (wavelength < high)].max() < 0.05, (low, high)


cool, hot = teff < 1000, teff > 1600
changed(read("no_methane.h5")[1], wide, wide_wl, [(1.1, 1.2), (1.6, 1.75), (2.2, 2.4), (3.2, 3.4)], [(1.84, 1.98), (2.72, 2.9)],
        cool)
changed(read("no_co.h5")[1], wide, wide_wl, [(2.29, 2.4), (4.5, 4.8)], [(0.8, 1.5), (1.75, 2.2), (2.6, 4.1)], hot)
changed(read("no_alkalis.h5")[1], flux, wl, [(0.89, 1.0)], [(1.6, 2.5)], cool)
dry = read("dry.h5")[1]
assert np.all(np.log(dry / flux)[:, (wl > 1.35) & (wl < 1.45)].max(axis=1) > 0.1)
PYTHON
run 0 "$TML_PYTHON" check.py

# --- the corners of its range: every flux above 0 and a normal number ----------------------------------------
echo teff,logg,c_o,met >corners.csv
for teff in 200 400 2400; do
  for logg in 3 5.5; do
    for c_o in 0.25 2.5; do
      printf '%s,%s,%s,-1\n%s,%s,%s,2\n' "$teff" "$logg" "$c_o" "$teff" "$logg" "$c_o" >>corners.csv
    done
  done
done
run 0 tml_n 2 "${synth[@]}" --nodes corners.csv --out corners.h5
run 0 "$TML_PYTHON" -c "
import h5py, numpy as np
flux = h5py.File('corners.h5')['flux'][()]
assert len(flux) == 24 and np.isfinite(flux).all() and flux.min() > np.finfo('f4').tiny, flux.min()"

# --- killed and taken up again: the same data -----------------------------------------------------------------
long=("${synth[@]}" --preset published --latin 1500 --seed 5)
run 0 tml_n 2 "${long[@]}" --out whole.h5
"$TML_PROGRAM" "${long[@]}" --out killed.h5 >/dev/null 2>&1 &
pid=$!
tries=0
while [ "$(cat killed.h5.blocks/blocks-* 2>/dev/null | wc -c)" -lt 100000 ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 1200 ] || fail "no blocks in killed.h5.blocks"
  sleep 0.05
done
kill -9 "$pid"
wait "$pid" 2>/dev/null
expect_absent killed.h5
run 0 tml_n 3 "${long[@]}" --out killed.h5 --resume
expect_in "$err" "spectra are there already"
run 0 "$TML_PYTHON" -c "
import h5py, numpy as np
with h5py.File('whole.h5') as a, h5py.File('killed.h5') as b:
    for name in ('row', 'flux', 'parameters/teff', 'parameters/logg', 'parameters/c_o', 'parameters/met'):
        assert np.array_equal(a[name][()], b[name][()]), name"

# --- tables of one's own ------------------------------------------------------------------------------------
run 66 tml_n 2 "${synth[@]}" --nodes nodes.csv --out x.h5 --tables nowhere
expect_in "$err" "nowhere"
mkdir tables
run 66 tml "${synth[@]}" --nodes nodes.csv --out x.h5 --tables tables
expect_in "$err" "no opacity table"

# change PYTHON: tables/mine.h5 becomes a copy of the program's table in which `f` was changed; no digest.
cat >change.py <<'PYTHON'
import sys

import h5py
import numpy as np

with h5py.File(sys.argv[1], "r") as source, h5py.File("tables/mine.h5", "w") as f:
    for name, value in source.attrs.items():
        f.attrs[name] = value
    for name in source:
        source.copy(name, f)

    def put(name, values):
        del f[name]
        f[name] = values

    exec(sys.argv[2])
PYTHON
change() {
  rm -f tables/*.h5
  run 0 "$TML_PYTHON" change.py "$TML_SOURCE/src/shipped/cloudless_opacity.h5" "$1"
}

# refused PYTHON TEXT: such a table is refused with this text.
refused() {
  change "$1"
  run 65 tml "${synth[@]}" --nodes nodes.csv --out x.h5 --tables tables
  expect_in "$err" "tables/mine.h5"
  expect_in "$err" "$2"
}

change 'pass'
run 0 tml "${synth[@]}" --nodes nodes.csv --out mine.h5 --tables tables
expect_in "$err" "carries no digest"
run 0 "$TML_PYTHON" -c "
import h5py, numpy as np
assert np.array_equal(h5py.File('mine.h5')['flux'][()], h5py.File('ranks1.h5')['flux'][()])"
refused 'f.attrs["format"] = "something else"' 'format'
refused 'f.attrs["format_version"] = 2' 'version'
refused 'del f["molecules/H2O/ln_mean"]' '/molecules/H2O/ln_mean'
refused 'f.move("molecules/H2O", "molecules/water")' 'names that the program knows'
refused 'put("temperature", f["temperature"][()][::-1])' 'ascending'
refused 'put("pressure", f["pressure"][()][:-1])' 'dimension 2'
refused 'x = f["molecules/CH4/ln_mean"]; v = x[()]; v[1, 2, 3] = np.nan; x[...] = v' 'at wavelength 4, is nan'
refused 'put("molecules/CO/ln_mean", np.exp(f["molecules/CO/ln_mean"][()]))' 'logarithms'
refused 'put("wavelength", f["wavelength"][()][:-1])' 'dimension 3'
refused 'del f["collisions"]' 'collisions'
refused 'put("collisions/H2-He", f["collisions/H2-He"][()].astype("f8"))' '/collisions/H2-He'
head -c 300000 "$TML_SOURCE/src/shipped/cloudless_opacity.h5" >tables/mine.h5
run 65 tml_n 2 "${synth[@]}" --nodes nodes.csv --out x.h5 --tables tables
expect_in "$err" "tables/mine.h5"
cp tables/mine.h5 tables/other.h5
run 65 tml "${synth[@]}" --nodes nodes.csv --out x.h5 --tables tables
expect_in "$err" "holds 2 files"
expect_absent x.h5 x.h5.partial

# A finer table: the published bins are means of its bins, and R may be finer.
change '
import itertools
wl = f["wavelength"][()]
fine = np.sort(np.concatenate([wl * (1 - 1 / 400), wl * (1 + 1 / 400)]))
for name in ["molecules/" + m + "/" + k for m, k in itertools.product(f["molecules"], ("ln_mean", "ln_contrast"))] + \
        ["collisions/H2-H2", "collisions/H2-He"]:
    put(name, np.repeat(f[name][()], 2, axis=-1))
put("wavelength", fine)'
run 0 tml "${synth[@]}" --nodes nodes.csv --out fine.h5 --tables tables --resolution 150
run 0 tml "${synth[@]}" --nodes nodes.csv --out means.h5 --tables tables
run 0 "$TML_PYTHON" -c "
import h5py, numpy as np
with h5py.File('means.h5') as a, h5py.File('ranks1.h5') as b, h5py.File('fine.h5') as c:
    # Planck's law at two points instead of one: less than 1 % in the steep blue of the coolest.
    assert np.allclose(a['flux'][()], b['flux'][()], rtol=0.02), np.abs(a['flux'][()] / b['flux'][()] - 1).max()
    assert len(c['wavelength']) > 150"
rm -rf ./*.h5 tables
