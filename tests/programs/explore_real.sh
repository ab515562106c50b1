# Published grids: Bobcat; DRIFT with constant C/O and some identical spectra; BT-Settl and Veyette, whose rows share
# labels and whose commonest values do not meet. All numbers are those of NumPy, SciPy and scikit-learn.
# tml-test: TIMEOUT 300
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
need_data grids/sonora_bobcat_combined.csv.bz2
need_data grids/family_veyette.csv.bz2
need_python h5py numpy scipy sklearn
rm -rf -- ./*

for grid in sonora_bobcat_combined family_drift family_btsettl08 family_veyette; do
  run 0 tml_n 2 grid import --csv "$TML_TEST_DATA/grids/$grid.csv.bz2" --wavelengths "$TML_TEST_DATA/grids/wl.csv" \
    --out "$grid.h5"
  run 0 tml_n 2 explore "$grid.h5" --out "$grid"
  [ ! -s "$err" ] || fail "something on standard error"
  run 0 "$TML_PYTHON" -B "$TML_SOURCE/tests/tools/explore_reference.py" "$grid.h5" "$grid"
done
expect_in sonora_bobcat_combined/exploration.json '"filled":	659'
expect_in family_drift/correlations.csv ",nan,"
