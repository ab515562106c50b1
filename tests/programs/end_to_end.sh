# From a grid to scores: what every command leaves and prints is whole, readable by others, and the same whoever
# computes it.
# tml-test: TIMEOUT 180
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
has_jsonschema=yes
"${TML_PYTHON:-python3}" -c 'import jsonschema' 2>/dev/null || has_jsonschema=no

# valid SCHEMA FILE: the file is one JSON document of that kind.
valid() {
  [ "$has_jsonschema" = yes ] || return 0
  PYTHONDONTWRITEBYTECODE=1 "${TML_PYTHON:-python3}" "$TML_SOURCE/tests/tools/validate_json.py" \
    "$TML_SOURCE/docs/schema/$1.schema.json" "$2" >valid.out 2>&1 || fail "$2 is no $1: $(cat valid.out)"
}

# is_png FILE, is_pdf FILE, is_svg FILE
starts_with() {
  head -c "${#2}" "$1" | cmp -s - <(printf '%s' "$2") || fail "$1 does not begin with $2"
}

# A dry run of every command writes nothing.
run 0 tml_n 2 grid synth --preset quickstart --random 300 --seed 1 --out g.h5 --dry-run
expect_absent g.h5 g.h5.partial
make_grid
write_configuration train.yml
for ranks in 1 2; do
  run 0 tml_n "$ranks" train train.yml --dry-run
  expect_in "$out" "nothing was written"
  expect_in "$out" "2 steps of 152 spectra"
  run 0 tml_n "$ranks" train train.yml --run-dir dry --dry-run --json
  valid train "$out"
done
run 0 tml train train.yml --dry-run --json
valid train "$out"
expect_absent dry
[ "$(find . -newer train.yml -type f ! -name 'run.*' ! -name 'valid.out' | wc -l)" -eq 0 ] || fail "a dry run wrote something"

# Training: one document on standard output, nothing on standard error when quiet.
run 0 tml_n 2 train train.yml --run-dir one --json --quiet
[ ! -s "$err" ] || fail "--quiet is not quiet"
cp "$out" train.json
valid train train.json
expect_in train.json '"telescopeml.train/1"'
digest=$(sed -n 's/.*"weights_digest":[[:space:]]*"\([0-9a-f]*\)".*/\1/p' train.json)
[ "${#digest}" -eq 32 ] || fail "no digest of the weights"

# What a run leaves.
expect_file one/used_parameters.yml one/provenance.json one/model.h5 one/ranks.csv one/phases.csv
expect_no_leftover
for end in pdf svg png; do
  expect_file "one/figures/loss_history.$end"
done
starts_with one/figures/loss_history.pdf '%PDF-'
starts_with one/figures/loss_history.svg '<?xml'
head -c 4 one/figures/loss_history.png | od -An -tx1 | grep -q '89 50 4e 47' || fail "the PNG is none"
[ "$(wc -l <one/history.csv)" -eq 5 ] || fail "not 4 epochs in the history"
[ "$(wc -l <one/metrics.jsonl)" -eq 8 ] || fail "not 8 steps in the metrics"
[ "$(find one/checkpoints -type f | sort | tr '\n' ' ')" = \
  "one/checkpoints/step-00000006.h5 one/checkpoints/step-00000008.h5 " ] || fail "not the two newest checkpoints"
if [ -n "${TML_PYTHON:-}" ] && [ -x "$TML_PYTHON" ]; then
  cat >read_run.py <<'P'
import csv, json

lines = [json.loads(line) for line in open("one/metrics.jsonl")]
assert [line["step"] for line in lines] == list(range(8)), "steps are counted"
assert [line["epoch"] for line in lines] == [0, 0, 1, 1, 2, 2, 3, 3], "epochs are counted"
assert all(0 < line["loss"] < 100 for line in lines)
rows = list(csv.DictReader(open("one/history.csv")))
assert [row["epoch"] for row in rows] == list("0123")
assert [row["step"] for row in rows] == list("2468")
for row in rows:
    for part in "train", "validation":
        total = sum(float(row[f"{part}_loss_{name}"]) for name in ("teff", "logg", "c_o", "met"))
        assert abs(total / float(row[f"{part}_loss"]) - 1) < 1e-12, "the loss is the sum over the targets"
best = min(rows, key=lambda row: float(row["validation_loss"]))
result = json.load(open("train.json"))["result"]
assert result["best_epoch"] == int(best["epoch"]) and result["steps"] == 8 and result["epochs"] == 4
assert result["run_dir"] == "one" and result["model"] == "one/model.h5" and result["stopped_by"] == "epochs"
provenance = json.load(open("one/provenance.json"))
assert provenance["program"] == "telescopeml" and provenance["ranks"] == "2" and "train train.yml" in provenance["command"]
assert json.load(open("one/../train.json"))["warnings"] == []
P
  run 0 "$TML_PYTHON" read_run.py
fi

# The parameters that a run writes give the same run.
run 0 tml train one/used_parameters.yml --run-dir two --no-progress
[ "$(weights)" = "$digest" ] || fail "used_parameters.yml: weights $(weights) instead of $digest"
expect_same_run two one
expect_same one/used_parameters.yml two/used_parameters.yml
for end in pdf svg png; do
  expect_same "one/figures/loss_history.$end" "two/figures/loss_history.$end"
done

# --force replaces a run; nothing of the old one stays.
run 0 tml train train.yml --run-dir two --force --no-progress --set stop.epochs=1
[ "$(find two/checkpoints -type f)" = two/checkpoints/step-00000002.h5 ] || fail "a checkpoint of the earlier run is left"
[ "$(wc -l <two/history.csv)" -eq 2 ] || fail "the history of the earlier run is left"

# Evaluation on one and on three ranks.
for ranks in 1 3; do
  mkdir "scores$ranks"
  run 0 tml_n "$ranks" evaluate --run-dir one --out "scores$ranks" --json --quiet
  [ ! -s "$err" ] || fail "--quiet is not quiet"
  cp "$out" "printed$ranks.json"
  valid evaluate "printed$ranks.json"
  valid evaluate "scores$ranks/evaluation.json"
done
expect_same printed1.json printed3.json
for name in evaluation.json evaluation.csv evaluation_rows.csv; do
  expect_file "scores1/$name"
  expect_same "scores1/$name" "scores3/$name"
done
expect_no_leftover
[ "$(wc -l <scores1/evaluation_rows.csv)" -eq 301 ] || fail "not every row has its prediction"
[ "$(tail -n +2 scores1/evaluation_rows.csv | cut -d, -f1 | sort -un | wc -l)" -eq 300 ] || fail "a row is predicted twice"
[ "$(cut -d, -f2 scores1/evaluation.csv | sort -u | tr '\n' ' ')" = "split test train validation " ] ||
  fail "not all parts are scored"
# odd_intervals FILE METHOD: lines of the method whose scores do not lie in their intervals.
odd_intervals() {
  awk -F, -v method="$2" '$1 == method && !($12 <= $6 && $6 <= $13 && $14 <= $7 && $7 <= $15 && $16 <= $8 && $8 <= $17 &&
    $18 <= $9 && $9 <= $19 && $12 < $13 && $14 < $15 && $16 < $17 && $18 < $19)' "$1"
}
[ -z "$(odd_intervals scores1/evaluation.csv network)" ] || fail "no intervals around $(odd_intervals scores1/evaluation.csv network)"
mkdir seeded
run 0 tml evaluate --run-dir one --out seeded --seed 2
cut -d, -f1-11 seeded/evaluation.csv >seeded.csv
cut -d, -f1-11 scores1/evaluation.csv | cmp -s - seeded.csv || fail "--seed changes scores without noise"
[ "$(cut -d, -f12- seeded/evaluation.csv)" != "$(cut -d, -f12- scores1/evaluation.csv)" ] || fail "--seed does not change the intervals"
run 0 tml evaluate --model one/model.h5 --json
grep -q '"rmse_low":[[:space:]]*null' "$out" || fail "intervals without collected predictions"

# Without --out they stand in the run directory; noise and a baseline go the same way on any number of ranks.
run 0 tml evaluate --run-dir one
expect_in "$out" "wrote one/evaluation.json"
expect_same one/evaluation_rows.csv scores1/evaluation_rows.csv
run 0 tml grid synth --preset quickstart --random 120 --seed 2 --out unseen.h5
for ranks in 1 3; do
  mkdir "noisy$ranks"
  run 0 tml_n "$ranks" evaluate --model one/model.h5 --grid unseen.h5 --snr 30 --baseline g.h5 --out "noisy$ranks" --threads 2
  valid evaluate "noisy$ranks/evaluation.json"
done
for name in evaluation.json evaluation.csv evaluation_rows.csv; do
  expect_same "noisy1/$name" "noisy3/$name"
done
grep -q '^nearest grid point,.*\(,nan\)\{8\}$' noisy1/evaluation.csv || fail "the baseline has intervals"
[ "$(wc -l <noisy1/evaluation_rows.csv)" -eq 121 ] || fail "not every row of the unseen grid has its prediction"
run 0 tml_n 2 evaluate --model one/model.h5 --dry-run
[ ! -s "$out" ] || fail "a dry run prints scores"
