# PyTorch, with nothing but model.h5 and the grid, predicts what the program predicts, has the same gradients, and
# takes the same steps of both forms of Adam from the same checkpoint, each by itself and 100 alone: forward pass,
# gradient, optimiser and file format in one.
# tml-test: TIMEOUT 600
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
need_python torch h5py numpy
export PYTHONDONTWRITEBYTECODE=1
make_grid
comparisons=() # of all trainings below; made at the end by one process, as loading PyTorch takes long

# A network with every kind of layer: an even kernel and an odd one, pools that leave positions over.
cat >train.yml <<'Y'
run: {seed: 3}
grid: {path: g.h5}
network:
  conv_blocks: 2
  conv_layers: 2
  conv_filters: 3
  conv_kernel: 4
  pool: 3
  fc1_layers: 2
  fc1_units: 12
  fc1_dropout: 0.1
  fc2_blocks: 2
  fc2_layers: 1
  fc2_units: 10
  fc2_dropout: 0.1
batch: {global: 32, lane: 8}
optimiser: {learning_rate: 3.0e-03}
stop: {epochs: 8}
Y

# predicted NAME SET...: a training with these keys, and its predictions.
predicted() {
  local name=$1 sets=()
  shift
  for set; do
    sets+=(--set "$set")
  done
  run 0 tml_n 2 train train.yml --run-dir "$name" --no-progress "${sets[@]}"
  run 0 tml_n 2 evaluate --run-dir "$name"
  comparisons+=(-- predictions "$name/model.h5" g.h5 "$name/evaluation_rows.csv")
}

predicted linear
predicted log10 input.transform=log10 input.spectrum=column_standard input.features='[min, max, mean, std, scale]'
predicted asinh input.transform=asinh input.spectrum=row_minmax input.order=ascending input.features='[]' \
  network.conv_kernel=5 network.fc1_layers=0 grid.log10='[]' network.conv_filters=6 network.fc2_units=32 \
  optimiser.learning_rate=0.001
predicted minmax input.spectrum=column_minmax input.feature_scaler=column_minmax grid.target_scaler=column_minmax \
  grid.targets='[met, teff]' input.features='[max]' network.pool=2

# The residual trunk: an identity and a projection, both activations, normalised or not, both heads.
residual=(network.kind=residual network.stages=2 network.stage_filters=4 network.pool=2)
predicted residual "${residual[@]}" network.stage_blocks=2
predicted residual_gelu "${residual[@]}" network.activation=gelu network.normalisation=layer network.head=average
predicted published_gelu network.activation=gelu network.normalisation=layer
predicted residual_normed "${residual[@]}" network.normalisation=layer network.conv_kernel=5

# stepped NAME STEPS SET...: one full batch per epoch; STEPS epochs in a second job, from the checkpoint of the first.
stepped() {
  local name=$1 steps=$2 sets=()
  shift 2
  for set in network.fc1_dropout=0 network.fc2_dropout=0 batch.global=300 batch.lane=32 stop.monitor=train \
    stop.min_delta=0 optimiser.learning_rate=0.0002 checkpoint.keep=200 "$@"; do
    sets+=(--set "$set")
  done
  run 0 tml_n 2 train train.yml --run-dir "$name" --no-progress "${sets[@]}" --set stop.epochs=5
  run 0 tml_n 2 evaluate --run-dir "$name"
  mv "$name/model.h5" "$name.model.h5"
  run 0 tml_n 2 train train.yml --run-dir "$name" --no-progress "${sets[@]}" --set "stop.epochs=$((5 + steps))" --resume
  comparisons+=(-- steps "$name.model.h5" g.h5 "$name/evaluation_rows.csv" "$name/history.csv" "$name/checkpoints" 5)
}

stepped pytorch 100 optimiser.adam_form=pytorch
stepped keras 25 optimiser.adam_form=keras loss.weights='[1, 2, 0.5, 3]' loss.delta=0.3
# With an epsilon that weighs, its place and the corrections show.
stepped pytorch_epsilon 25 optimiser.adam_form=pytorch optimiser.epsilon=0.01 loss.kind=squared
stepped keras_epsilon 25 optimiser.adam_form=keras optimiser.epsilon=0.01 loss.kind=squared
stepped residual_steps 100 "${residual[@]}" optimiser.adam_form=pytorch
stepped residual_gelu_steps 100 "${residual[@]}" optimiser.adam_form=pytorch network.activation=gelu network.normalisation=layer

run 0 "$TML_PYTHON" "$TML_SOURCE/tests/tools/torch_parity.py" "${comparisons[@]:1}"
