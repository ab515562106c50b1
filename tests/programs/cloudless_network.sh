# tml-test: LABELS program slow
# tml-test: TIMEOUT 900
# A network that has seen nothing but the built-in model, with noise, tells Teff and log g of the published Sonora
# Bobcat spectra: docs/forward_model.md, "A network trained on it". Two seeds.
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
rm -rf -- ./*
need_data grids/sonora_bobcat_combined.csv.bz2
need_data grids/wl.csv
need_python h5py
PROGRAM_SECONDS=400

run 0 tml_n 2 grid import --csv "$TML_TEST_DATA/grids/sonora_bobcat_combined.csv.bz2" \
  --wavelengths "$TML_TEST_DATA/grids/wl.csv" --out bobcat.h5
run 0 tml_n 2 grid synth --model cloudless --preset published --sobol 16384 --seed 1 \
  --range teff=200:2400,logg=3:5.5,met=-0.5:0.5,c_o=0.5:1.5 --out cloudless.h5 --no-progress
for seed in 1 2; do
  run 0 tml_n 2 train "$TML_SOURCE/jobs/configs/default.yml" --run-dir "seed$seed" --seed "$seed" --no-progress \
    --set grid.path=cloudless.h5 --set stop.epochs=20 --set stop.patience=20 --set optimiser.decay_epochs=20
  mkdir "seed$seed/bobcat"
  run 0 tml_n 2 evaluate --model "seed$seed/model.h5" --grid bobcat.h5 --out "seed$seed/bobcat"
done

cat >check.py <<'P'
import csv
import statistics

good = True
for seed in (1, 2):
    rows = list(csv.DictReader(open(f"seed{seed}/bobcat/evaluation_rows.csv")))
    median = {}
    for target in ("teff", "logg", "c_o", "met"):
        median[target] = statistics.median(abs(float(r[target]) - float(r[f"{target}_true"])) for r in rows)
    print(f"seed {seed}: {len(rows)} spectra, median absolute error", *("%s %.3f" % item for item in median.items()))
    good &= median["teff"] <= 80 and median["logg"] <= 0.35
raise SystemExit(0 if good else 1)
P
run 0 "$TML_PYTHON" check.py
cat "$out"
