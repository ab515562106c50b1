# What the tests of predict share, sourced after lib_program.sh.
# shellcheck shell=bash disable=SC2154
. "$TML_SOURCE/tests/programs/lib_training.sh"

# make_networks: g.h5, unseen.h5 with other spectra, and networks of some thousand weights in a few seconds: shape, which
# has learned with noise and can be believed, bright and minmax, which look at the brightness and cannot.
make_networks() {
  run 0 tml grid synth --preset quickstart --random 1200 --seed 1 --out g.h5
  run 0 tml grid synth --preset quickstart --random 300 --seed 7 --out unseen.h5
  write_configuration base.yml
  local learn=(--no-progress --set 'input.features=[]' --set 'input.snr=[5, 50]' --set network.fc2_dropout=0
    --set network.fc1_layers=0 --set network.fc2_units=24 --set batch.global=32 --set optimiser.learning_rate=8e-3
    --set optimiser.schedule=cosine --set optimiser.decay_epochs=40 --set checkpoint.every_epochs=100)
  run 0 tml train base.yml --run-dir shape --set stop.epochs=40 "${learn[@]}"
  run 0 tml train base.yml --run-dir bright --set stop.epochs=2 "${learn[@]}" --set 'input.features=[scale]'
  run 0 tml train base.yml --run-dir minmax --set stop.epochs=2 "${learn[@]}" --set 'input.features=[min, max]'
}
