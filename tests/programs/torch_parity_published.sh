# The published network at its full size against PyTorch: forward pass, gradient, one step of Adam, and the losses of 100
# steps alone.
# tml-test: LABELS program slow
# tml-test: TIMEOUT 900
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
rm -rf -- ./*
need_python torch h5py numpy
export PYTHONDONTWRITEBYTECODE=1
PROGRAM_SECONDS=300
run 0 tml grid synth --preset quickstart --random 30 --seed 1 --out g.h5

# One full batch of 24 spectra per epoch; convolutions directly, as Winograd's roundings turn more units. The rate is
# small because 8 million weights learn them by heart, on ways that part by rounding: with 5e-5 PyTorch in float32 is
# after 10 steps a hundredth away from itself in float64. Checkpoints behind steps 1 and 2 and at the end: they are large.
published() {
  run 0 tml_n 2 train "$TML_SOURCE/jobs/configs/published.yml" --run-dir p --no-progress --set grid.path=g.h5 \
    --set network.convolution=direct --set network.fc1_dropout=0 --set network.fc2_dropout=0 \
    --set batch.global=30 --set batch.lane=8 \
    --set optimiser.adam_form=pytorch --set optimiser.learning_rate=1.0e-06 --set stop.min_delta=0 \
    --set stop.patience=1000 --set checkpoint.keep=3 --set checkpoint.every_epochs=100000 "$@"
}

published --set stop.epochs=1
run 0 tml_n 2 evaluate --run-dir p
mv p/model.h5 p.model.h5
published --set stop.epochs=2 --resume
published --set stop.epochs=101 --resume
run 0 "$TML_PYTHON" "$TML_SOURCE/tests/tools/torch_parity.py" predictions p.model.h5 g.h5 p/evaluation_rows.csv -- \
  steps p.model.h5 g.h5 p/evaluation_rows.csv p/history.csv p/checkpoints 1
