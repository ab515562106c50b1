# tml-test: LABELS program slow
# tml-test: TIMEOUT 900
# jobs/quickstart.sh, as a person runs it: it ends with 0 because the network beats the nearest spectrum of the grid on
# noisy spectra that it has not seen, makes the files that it names, and may be run again in the same place.
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
rm -rf -- ./*
[ "$TML_PROGRAM" = "$TML_SOURCE/build/release/telescopeml" ] || skip "the quickstart builds and runs build/release"
for attempt in first again; do
  run 0 "$TML_SOURCE/jobs/quickstart.sh" --no-install --run-dir "$PWD/run"
  expect_in "$out" 'The network is better in every target than the nearest grid point.'
  expect_file run/model.h5 run/evaluation.json run/history.csv run/figures/loss_history.pdf run-grid.h5 run-unseen.h5
  grep -h '^weights' "$out" "$err" >"weights.$attempt" || fail 'no digest of the weights'
done
cmp weights.first weights.again || fail 'the second quickstart gave other weights'
