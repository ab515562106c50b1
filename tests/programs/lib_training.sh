# What the tests of training share, sourced after lib_program.sh.
# shellcheck shell=bash disable=SC2154

# make_grid: g.h5, 300 spectra at 104 wavelengths, in less than a second.
make_grid() {
  run 0 tml grid synth --preset quickstart --random 300 --seed 1 --out g.h5
}

# write_configuration FILE: a network of some thousand weights with every keyed random number in play - starting
# weights, split, shuffle, dropout in both stacks, noise. A batch is 19 lanes, so that up to 19 ranks have work;
# the last batch of an epoch is shorter and its last lane short.
write_configuration() {
  cat >"$1" <<'Y'
run: {seed: 1}
grid: {path: g.h5}
input: {noise: gaussian}
network:
  conv_blocks: 2
  conv_layers: 1
  conv_filters: 4
  conv_kernel: 4
  pool: 3
  fc1_layers: 1
  fc1_units: 16
  fc1_dropout: 0.1
  fc2_blocks: 1
  fc2_layers: 1
  fc2_units: 16
  fc2_dropout: 0.1
batch: {global: 152, lane: 8}
stop: {epochs: 4, patience: 1000000}
Y
}

# weights: the digest of the weights that the last training printed.
weights() {
  sed -n 's/^weights *\([0-9a-f]\{32\}\)$/\1/p' "$out"
}

# numbers_of RUN: history and metrics without the seconds that they took.
numbers_of() {
  cut -d, -f1,2,4- "$1/history.csv"
  sed 's/,"seconds":[^,}]*//' "$1/metrics.jsonl"
}

# expect_same_run RUN REFERENCE: the same numbers in every step and epoch.
expect_same_run() {
  expect_file "$2/history.csv" "$2/metrics.jsonl"
  numbers_of "$2" >expected.txt
  numbers_of "$1" >got.txt
  cmp -s expected.txt got.txt || fail "$1 and $2 went differently: $(diff expected.txt got.txt | head -n 5)"
}

# expect_no_leftover: no half-written file below the working directory.
expect_no_leftover() {
  local left
  left=$(find . -name '*.partial' | head -n 3)
  [ -z "$left" ] || fail "half-written files are left: $left"
}
