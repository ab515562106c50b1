#!/usr/bin/env bash
# grid synth --model cloudless against Sonora Bobcat: rows, whole Teff, log g and [M/H] values that no fit has used,
# changes with [M/H] and C/O, and other cloudless families (docs/forward_model.md, "How well it does").
# tml-test: LABELS program slow
# tml-test: TIMEOUT 300
. "$TML_SOURCE/tests/programs/lib_program.sh"

need_data grids/sonora_bobcat_combined.csv.bz2
need_data grids/family_sonora21_bobcat.csv.bz2
for family in atmo20 btcond burrows06 cond01; do
  need_data "grids/family_$family.csv.bz2"
  need_data "grids/family_$family.meta.csv"
done
need_python h5py numpy
rm -f ./*.h5 ./*.h5.partial ./*.csv

run 0 "$TML_PYTHON" "$TML_SOURCE/jobs/opacity/score_grid.py" --write-nodes nodes.csv
run 0 tml_n 2 grid synth --model cloudless --nodes nodes.csv --out bobcat_nodes.h5 --no-progress
run 0 "$TML_PYTHON" "$TML_SOURCE/jobs/opacity/score_grid.py" bobcat_nodes.h5
cat "$out"
