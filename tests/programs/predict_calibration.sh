# What predict says of labels and grid points: shares of draws below the labels agree with the percentiles, the grid
# points that are kept are those of a search, and files on one and on two ranks are the same.
# tml-test: TIMEOUT 120
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
make_grid
write_configuration train.yml
run 0 tml train train.yml --run-dir run --no-progress

# --- a table, of which one label is missing ---------------------------------------------------------------------
run 0 tml simulate --grid g.h5 --snr 20 --table all.csv --errors all_e.csv
head -n 41 all.csv | awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i ~ /^(teff|temperature)$/) c = i } NR == 6 { $c = "" } 1' >t.csv
head -n 41 all_e.csv | awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; ++i) if ($i ~ /^(teff|temperature)$/) c = i } NR == 6 { $c = "" } 1' >e.csv
for n in 1 2; do
  run 0 tml_n "$n" predict --model run/model.h5 --grid g.h5 --table t.csv --errors e.csv --out "table$n"
done
expect_same table1/predictions.csv table2/predictions.csv
for figure in table_teff_calibration table_logg_calibration table_misfit; do
  expect_file "table1/figures/$figure.pdf" "table1/figures/$figure.svg" "table1/figures/$figure.png"
  expect_same "table1/figures/$figure.svg" "table2/figures/$figure.svg"
done
# Of 100 draws 2.5 % and 97.5 % lie between the third and the fourth; the median is between the two in the middle.
awk -F, '
  NR == 1 { for (i = 1; i <= NF; ++i) at[$i] = i; if ($NF != "grid_chi2") exit 1; next }
  { for (t = 1; t <= 4; ++t) {
      name = t == 1 ? "teff" : t == 2 ? "logg" : t == 3 ? "c_o" : "met"
      label = $at[name "_label"]; pit = $at[name "_pit"]
      if (label == "nan") { if (pit != "nan") exit 1; ++missing; continue }
      if (!(pit >= 0 && pit <= 1)) exit 1
      if (label < $at[name "_p2_5"] && pit > 0.03) exit 1
      if (label > $at[name "_p97_5"] && pit < 0.97) exit 1
      if (label > $at[name "_p2_5"] && label < $at[name "_p97_5"] && (pit < 0.03 || pit > 0.97)) exit 1
      if (label < $at[name "_p50"] ? pit > 0.5 : pit < 0.5) exit 1
      ++seen }
    if (!($NF > 0)) exit 1 }
  END { if (seen != 159 || missing != 1) exit 1 }' table1/predictions.csv || fail "shares, percentiles or grid_chi2: $(head -n 7 table1/predictions.csv)"
awk -F, 'NR == 1 { if ($0 ~ /pit|label/ || $NF != "grid_chi2") exit 1 }' <(
  cut -d, -f5- t.csv >bare.csv
  cut -d, -f5- e.csv >bare_e.csv
  tml predict --model run/model.h5 --grid g.h5 --table bare.csv --errors bare_e.csv --draws 2 --quiet) ||
  fail "a table without labels"

# --- an object: bands and grid points -----------------------------------------------------------------------------
run 0 tml simulate --grid g.h5 --row 7 --snr 30 --out one.dat
for n in 1 2; do
  run 0 tml_n "$n" predict --model run/model.h5 --grid g.h5 --observation one.dat --out "one$n"
  for figure in one_corner one_chi2 one_model; do
    expect_file "one$n/figures/$figure.svg"
    expect_same "one1/figures/$figure.svg" "one$n/figures/$figure.svg"
  done
done
expect_in one1/report.html "Misfit of the best grid point"
expect_in one1/report.json '"misfit"'
need_python h5py numpy
cat >check.py <<'P'
import h5py
import numpy as np

with h5py.File("one1/results.h5", "r") as one, h5py.File("one2/results.h5", "r") as two, h5py.File("g.h5", "r") as g:
    first, second = one["objects/one"], two["objects/one"]
    bands = [first["bin"]["model_" + name][()] for name in ("p2_5", "p16", "p50", "p84", "p97_5")]
    for low, high in zip(bands, bands[1:]):
        assert (low <= high).all()
    assert ((bands[0] < bands[4]) & (bands[0] > 0)).all()
    for name in first["bin"]:
        assert np.array_equal(first["bin"][name][()], second["bin"][name][()], equal_nan=True), name
    for name in first["grid"]:
        assert np.array_equal(first["grid"][name][()], second["grid"][name][()]), name
    # The same by a search: scale and chi2 of every row over the used bins.
    used = np.isfinite(first["bin"]["flux"][()])
    flux, error = first["bin"]["flux"][()][used], first["bin"]["error"][()][used]
    models = g["flux"][()].astype(float)
    models = models[:, np.argsort(g["wavelength"][()])][:, used]
    scale = (flux * models / error**2).sum(1) / (models**2 / error**2).sum(1)
    chi2 = (((flux - scale[:, None] * models) / error) ** 2).sum(1)
    order = np.argsort(chi2, kind="stable")[:2000]
    assert np.allclose(first["grid"]["chi2"][()], chi2[order], rtol=1e-9)
    assert np.allclose(first["grid"]["scale"][()], scale[order], rtol=1e-9)
    assert first["grid"]["row"][0] == first.attrs["grid_point_row"]
    assert first["grid"]["chi2"][0] == first.attrs["grid_point_chi2"]
P
run 0 "$TML_PYTHON" check.py
