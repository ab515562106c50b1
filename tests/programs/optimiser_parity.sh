# AdamW, the Gaussian loss, clipping and schedules are PyTorch's: the same steps, losses and learning rates. And whatever
# they hold - a plateau's count, the moments - survives a stop: a training in two jobs has the bits of one, on any number
# of ranks and threads.
# tml-test: TIMEOUT 240
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
make_grid

# A network with every kind of layer but dropout; one full batch per epoch.
cat >train.yml <<'Y'
run: {seed: 3}
grid: {path: g.h5}
network:
  conv_blocks: 2
  conv_layers: 1
  conv_filters: 3
  conv_kernel: 4
  pool: 3
  fc1_layers: 1
  fc1_units: 12
  fc1_dropout: 0
  fc2_blocks: 1
  fc2_layers: 1
  fc2_units: 10
  fc2_dropout: 0
batch: {global: 300, lane: 32}
optimiser: {learning_rate: 2.0e-03}
stop: {epochs: 30, patience: 1000000, min_delta: 0}
checkpoint: {keep: 100}
Y

# resumed NAME SET...: a training in one job, and another in two on other ranks and threads, with the same end.
resumed() {
  local name=$1 sets=()
  shift
  for set; do
    sets+=(--set "$set")
  done
  run 0 tml train train.yml --run-dir "$name" --no-progress "${sets[@]}"
  digest=$(weights)
  run 0 tml_n 2 train train.yml --run-dir "$name.cut" --no-progress "${sets[@]}" --set stop.epochs=17
  run 0 tml_n 3 train train.yml --run-dir "$name.cut" --no-progress "${sets[@]}" --threads 2 --resume
  [ "$(weights)" = "${digest:-none}" ] || fail "$name: weights $(weights) in two jobs, $digest in one"
  expect_same_run "$name.cut" "$name"
  run 0 tml evaluate --run-dir "$name"
  comparisons+=("$name" g.h5)
}

comparisons=()
gaussian=(loss.kind=gaussian)
adamw=(optimiser.kind=adamw optimiser.weight_decay=2)
resumed gaussian "${gaussian[@]}" loss.weights='[1, 2, 0.5, 3]'
resumed adamw "${adamw[@]}"
resumed cosine optimiser.schedule=cosine optimiser.warmup_steps=6 optimiser.decay_epochs=25
resumed clipped optimiser.clip_norm=3 loss.kind=squared
# Improvements must be large, so that there are cuts: before and after the stop, and down to the least rate.
resumed plateau optimiser.schedule=plateau optimiser.plateau_epochs=4 optimiser.plateau_factor=0.5 \
  optimiser.final_fraction=0.1 stop.min_delta=0.3
resumed all "${gaussian[@]}" "${adamw[@]}" optimiser.clip_norm=3 optimiser.warmup_steps=6 optimiser.schedule=cosine \
  optimiser.decay_epochs=25 loss.variance_floor=0.001

# What a key of these says is part of the run.
run 78 tml train train.yml --run-dir all.cut --resume --set loss.kind=gaussian --no-progress
expect_in "$err" "loss.variance_floor: 0.001 in the run, 1.0e-06 now"
expect_in "$err" "optimiser.weight_decay: 2.0 in the run, 0.01 now"

need_python torch h5py numpy
export PYTHONDONTWRITEBYTECODE=1
run 0 "$TML_PYTHON" "$TML_SOURCE/tests/tools/optimiser_parity.py" "${comparisons[@]}"
