# bench: documents of its schema, the same weights on any ranks and threads, wrong inputs refused. Never the speed itself.
# tml-test: TIMEOUT 240
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
rm -rf -- ./*

# A small network with both forms of convolution.
small=(--set network.conv_filters=4 --set network.conv_layers=2 --set network.fc1_units=16 --set network.fc2_units=16)

# valid_lines: each line of the output is a figure.
valid_lines() {
  "${TML_PYTHON:-python3}" -c 'import jsonschema' 2>/dev/null || return 0
  PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$TML_SOURCE/tests/tools" "${TML_PYTHON:-python3}" - "$TML_SOURCE/docs/schema/bench.schema.json" "$out" \
    >valid.out 2>&1 <<'P' || fail "not the figures of a benchmark: $(cat valid.out)"
import json
import sys

from validate_json import validator

check = validator(sys.argv[1])
with open(sys.argv[2], encoding="utf-8") as file:
    lines = file.read().splitlines()
assert lines, "no line"
for line in lines:
    check.validate(json.loads(line))
P
}

# digest NAME: that of the figure of this name.
digest() {
  sed -n "s/.*\"name\":\"$1\",.*\"digest\":\"\([0-9a-f]*\)\".*/\1/p" "$out"
}

# expect_same_digest NAME: as the first time this is called for it.
expect_same_digest() {
  local got
  got=$(digest "$1")
  [ -n "$got" ] || fail "the figure $1 has no digest"
  [ -e "digest.$1" ] || echo "$got" >"digest.$1"
  [ "$got" = "$(cat "digest.$1")" ] || fail "the digest of $1 is $got instead of $(cat "digest.$1")"
}

# --- a step: the same batch of 48 on 1, 2 and 3 ranks, and on 2 threads; 5 lanes, dealt out unevenly ---------------
short=("${small[@]}" --steps 3 --repeats 2 --lane 10 --json)
for form in direct winograd; do
  rm -f digest.step
  for ranks in 1 2 3; do
    run 0 tml_n "$ranks" bench step "${short[@]}" --batch-per-rank $((48 / ranks)) --set "network.convolution=$form"
    valid_lines
    expect_same_digest step
    expect_in "$out" "\"convolution\":\"$form\""
    for name in step.time step.effective step.real fma_peak step.peak_share step.pss step.rss step.part.optimiser; do
      expect_in "$out" "\"name\":\"$name\""
    done
  done
  run 0 tml bench step "${short[@]}" --batch-per-rank 48 --threads 2 --set "network.convolution=$form"
  expect_same_digest step
done
cp digest.step other
run 0 tml bench step "${short[@]}" --batch-per-rank 48 --seed 7
[ "$(digest step)" != "$(cat other)" ] || fail "another seed gives the same weights"

# --- inference ----------------------------------------------------------------------------------------------------
for ranks in 1 2 3; do
  run 0 tml_n "$ranks" bench step --inference "${short[@]}" --batch-per-rank $((48 / ranks))
  valid_lines
  expect_same_digest inference
done
run 0 tml bench step --inference "${small[@]}" --batch-per-rank 1 --steps 3 --repeats 1 --json
expect_in "$out" '"lane":1,'

# --- the parts ----------------------------------------------------------------------------------------------------
run 0 tml bench conv "${small[@]}" --repeats 1 --lane 2 --json
valid_lines
expect_in "$out" '"name":"conv.Conv__B2_L2.winograd.weights.error"'
# Rounding of float32 and no more: a wrong pass is off by about 1.
sed -n 's/.*"name":"\(conv[^"]*error\)","value":\([^,]*\),.*/\1 \2/p' "$out" |
  awk '!($2 < 1e-5) {print; bad = 1} END {exit bad}' >wrong || fail "errors are too large: $(cat wrong)"
run 0 tml bench gemm "${small[@]}" --repeats 1 --lane 2 --json
valid_lines
expect_in "$out" '"name":"gemm.output.weights"'
for ranks in 1 3; do
  run 0 tml_n "$ranks" bench allreduce --numbers 1000 --repeats 2 --batch-per-rank $((48 / ranks)) --lane 8 --json
  valid_lines
  expect_same_digest allreduce.exact
done

mkdir io
for ranks in 1 2; do
  run 0 tml_n "$ranks" bench io --dir io --rows 3000 --repeats 1 --json
  valid_lines
  for mode in independent collective posix; do
    expect_in "$out" "\"name\":\"io.$mode.cold\""
    expect_in "$out" "\"name\":\"io.$mode.warm\""
  done
  [ -z "$(ls -A io)" ] || fail "bench io leaves $(ls -A io)"
done

# --- for people ---------------------------------------------------------------------------------------------------
run 0 tml bench step "${small[@]}" --steps 1 --repeats 1 --batch-per-rank 16
expect_in "$out" "batch 16 in lanes of 16"
expect_in "$out" "samples/s"

# --- refused ------------------------------------------------------------------------------------------------------
run 64 tml bench
run 64 tml bench stepp
expect_in "$err" "did you mean 'step'?"
run 64 tml bench step --steps 0
expect_in "$err" "--steps wants a whole number from 1"
run 64 tml bench step --repeats 101
run 64 tml bench step --batch-per-rank -3
run 64 tml bench step --lane many
run 64 tml bench step extra
run 66 tml bench step --config absent.yml
run 78 tml bench step --set network.conv_filter=3
run 78 tml bench step --batch-per-rank 8 --lane 16
expect_in "$err" "batch.lane 16 is larger than batch.global 8"
run 64 tml bench io
expect_in "$err" "--dir DIR"
run 73 tml bench io --dir absent
echo "somebody else's" >io/telescopeml-bench-io.h5
run 73 tml_n 2 bench io --dir io --rows 100
[ "$(cat io/telescopeml-bench-io.h5)" = "somebody else's" ] || fail "bench io replaced a file"
