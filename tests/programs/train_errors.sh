# What is wrong with the input of a training or an evaluation is said in one message - what, where, the cure - with the
# same exit code on one and on two ranks, and no file is made or changed.
# tml-test: TIMEOUT 300
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
# Open MPI otherwise waits a second after each of the refusals below before it looks whether all ranks have ended.
export OMPI_MCA_odls_base_sigkill_timeout=0
make_grid
write_configuration train.yml
run 0 tml train train.yml --run-dir good --no-progress
expect_no_leftover

# state: every file and folder here but what `run` writes.
state() {
  find . ! -name 'run.*' ! -name 'state.*' ! -name . -printf '%p %y %s %l\n' | sort
  find . -type f ! -name 'run.*' ! -name 'state.*' -exec cksum {} + | sort
}

# told TEXT...: the last command said nothing but one message, which holds every text.
told() {
  local text
  [ "$(grep -c '^telescopeml: ' "$err")" -eq 1 ] || fail "not one message"
  [ ! -s "$out" ] || fail "something on standard output"
  for text; do
    expect_in "$err" "$text"
  done
}

# refused CODE TEXT... -- ARGUMENTS...: the program with the arguments ends with that code, both alone and on two
# ranks (at the same time, to save some), tells it, and leaves everything as it was.
refused() {
  local expected=$1 texts=() alone
  shift
  while [ "$1" != -- ]; do
    texts+=("$1")
    shift
  done
  shift
  state >state.before
  tml "$@" </dev/null >run.alone.out 2>run.alone.err &
  alone=$!
  run "$expected" tml_n 2 "$@"
  told "${texts[@]}"
  wait "$alone"
  code=$?
  out=run.alone.out err=run.alone.err run_command="$*"
  [ "$code" -eq "$expected" ] || fail "exit code $code instead of $expected"
  told "${texts[@]}"
  out=run.out err=run.err
  state >state.after
  cmp -s state.before state.after || fail "it left: $(diff state.before state.after | head -n 5)"
}

# bad_training CODE TEXT... -- ARGUMENTS...: train train.yml --run-dir new with the arguments.
bad_training() {
  local before=()
  while [ "$1" != -- ]; do
    before+=("$1")
    shift
  done
  shift
  refused "${before[@]}" -- train train.yml --run-dir new "$@"
}

# bad_configuration TEXT... -- SED-COMMAND: train.yml with one change.
bad_configuration() {
  local texts=()
  while [ "$1" != -- ]; do
    texts+=("$1")
    shift
  done
  sed "$2" train.yml >bad.yml
  ! cmp -s train.yml bad.yml || fail "the change '$2' changes nothing"
  refused 78 "${texts[@]}" -- train bad.yml --run-dir new
}

# The command line.
refused 64 "unknown command 'trian', did you mean 'train'?" -- trian train.yml
refused 64 "unknown option '--rundir', did you mean --run-dir?" "train --help" -- train train.yml --rundir new
refused 64 "--run-dir DIR is missing" "usage:" -- train train.yml
refused 64 "the configuration file is missing" "usage:" -- train --run-dir new
refused 64 "'b.yml' is one argument too many" -- train train.yml b.yml --run-dir new
refused 64 "--run-dir wants DIR" -- train train.yml --run-dir
refused 64 "--resume takes no value" -- train train.yml --run-dir new --resume=yes
refused 64 "--threads wants a whole number from 1 to 1024, not '0'" -- train train.yml --run-dir new --threads 0
refused 64 "--resume and --force exclude each other" -- train train.yml --run-dir good --resume --force

# Files that are not there, or not what they should be.
refused 66 "absent.yml: cannot be opened: No such file or directory" "check the path" -- train absent.yml --run-dir new
refused 66 ".: is a folder" -- train . --run-dir new
bad_training 66 "absent.h5: cannot be opened: No such file or directory" "check the path" -- --set grid.path=absent.h5
bad_training 66 "good: is" -- --set grid.path=good
head -c $(($(stat -c %s g.h5) / 2)) g.h5 >truncated.h5
bad_training 65 "truncated.h5" "damaged or incomplete" "make it again" -- --set grid.path=truncated.h5
head -c 100 g.h5 >short.h5
bad_training 65 "short.h5: not an HDF5 file" -- --set grid.path=short.h5
bad_training 65 "train.yml: not an HDF5 file" "telescopeml grid import" -- --set grid.path=train.yml
: >empty.h5
bad_training 65 "empty.h5: not an HDF5 file" -- --set grid.path=empty.h5
bad_training 65 "good/model.h5" -- --set grid.path=good/model.h5
for place in 30 600 $(($(stat -c %s g.h5) / 2)) $(($(stat -c %s g.h5) - 1)); do
  byte=$(od -An -tu1 -j "$place" -N 1 g.h5)
  cp g.h5 flipped.h5
  printf '%b' "\\x$(printf %02x $((byte ^ 1)))" | dd of=flipped.h5 bs=1 seek="$place" conv=notrunc 2>dd.err
  bad_training 65 "flipped.h5" -- --set grid.path=flipped.h5
done

# The configuration: where it stands, what is wrong, what was meant.
bad_configuration "bad.yml:5:3: unknown key \"network.conv_block\", did you mean \"conv_blocks\"?" -- 's/conv_blocks/conv_block/'
bad_configuration "bad.yml:4:1: unknown section \"netwrk\", did you mean \"network\"?" -- 's/^network/netwrk/'
bad_configuration "bad.yml:5:16: \"network.conv_blocks\" is two, wanted: a whole number from 1 to 8" -- 's/blocks: 2/blocks: two/'
bad_configuration "bad.yml:5:16: \"network.conv_blocks\" is 99" "from 1 to 8" -- 's/blocks: 2/blocks: 99/'
bad_configuration "bad.yml:12:16: \"network.fc1_dropout\" is 1.5" "from 0.0 to 0.95" -- 's/fc1_dropout: 0.1/fc1_dropout: 1.5/'
bad_configuration "bad.yml:3:16: \"input.noise\" is gausian, did you mean \"gaussian\"?" -- 's/gaussian/gausian/'
bad_configuration "bad.yml:6:" "given twice" -- 's/conv_layers: 1/conv_blocks: 2/'
bad_configuration "bad.yml:18:2: this is not YAML" -- 's/^stop/ stop/'
bad_training 78 "--set network.conv_block=3: unknown key" "did you mean \"conv_blocks\"?" -- --set network.conv_block=3
bad_training 78 "--set stop.epochs=0" "from 1" -- --set stop.epochs=0
bad_training 78 "--set nonsense: write section.key=value" -- --set nonsense
bad_training 78 "g.h5 has no parameter 'tef' (grid.targets), did you mean 'teff'?" "grid info" -- \
  --set grid.targets='[tef, logg]' --set grid.log10='[]'
bad_training 78 "grid.log10: 'teff' is not in grid.targets" -- --set grid.targets='[logg]'
bad_training 78 "loss.weights has 2 numbers for 4 targets" -- --set loss.weights='[1, 2]'
bad_training 78 "\"input.features\" is median, did you mean \"mean\"?" -- --set input.features='[median]'
bad_training 78 "batch.lane 153 is larger than batch.global 152" -- --set batch.lane=153
bad_training 78 "network.pool 64 leaves nothing of the 1 positions at the end of convolution block 2 of 2" "smaller pool" -- \
  --set network.pool=64
bad_training 78 "split.test 0.5 and split.validation 0.5 leave too little" -- --set split.test=0.5 --set split.validation=0.5
bad_training 78 "the validation part of g.h5 is empty" "stop.monitor" -- --set split.validation=0
bad_training 78 "split.rule is file, but g.h5 has no metadata column 'split'" -- --set split.rule=file
bad_training 78 "log10 cannot take the negative fluxes" "use asinh" -- --set input.transform=log10
bad_training 78 "2^31 weights" -- --set network.fc1_units=65536 --set network.fc2_units=65536

# The run directory.
refused 73 "good: the run directory is not empty" "--resume" "--force" -- train train.yml --run-dir good
refused 73 "train.yml: is not a folder" -- train train.yml --run-dir train.yml
refused 73 "train.yml/new: " "is a file" -- train train.yml --run-dir train.yml/new
refused 73 "absent/new: the folder above it does not exist" "mkdir -p" -- train train.yml --run-dir absent/new
refused 66 "absent: there is no run to resume" "without --resume" -- train train.yml --run-dir absent --resume
mkdir foreign
echo precious >foreign/notes.txt
refused 73 "foreign: the run directory is not empty" -- train train.yml --run-dir foreign
refused 66 "foreign: holds no run to resume" -- train train.yml --run-dir foreign --resume
# Somebody else's mistake does not cost an earlier run: --force removes it only when the new one can begin.
refused 66 "absent.h5" -- train train.yml --run-dir good --force --set grid.path=absent.h5
refused 78 "network.pool 64" -- train train.yml --run-dir good --force --set network.pool=64
refused 73 "good: the run directory is not empty" -- train train.yml --run-dir good --dry-run
# Folders that even root cannot write to.
if [ -d /proc/1 ]; then
  refused 73 "/proc/1/new: " "choose" -- train train.yml --run-dir /proc/1/new
fi
if [ "$(id -u)" -ne 0 ]; then
  mkdir locked
  chmod a-w locked
  refused 73 "locked/new: locked may not be written to (Permission denied)" -- train train.yml --run-dir locked/new
  refused 73 "locked: the run directory may not be written to" -- train train.yml --run-dir locked
fi

# Training that diverges: every step makes the weights ten larger, through nine layers.
diverging=(--set batch.global=300 --set batch.lane=100 --set loss.kind=squared --set optimiser.learning_rate=10
  --set input.noise=none --set network.conv_layers=2 --set network.fc1_layers=3 --set network.fc2_layers=2)
run 10 tml train train.yml --run-dir burst1 --no-progress "${diverging[@]}"
expect_in "$err" "is not finite"
expect_in "$err" "optimiser.learning_rate"
[ "$(grep -c '^telescopeml: ' "$err")" -eq 1 ] || fail "not one message"
grep '^telescopeml: ' "$err" >message1
expect_file burst1/checkpoints/step-00000001.h5
expect_absent burst1/model.h5
run 10 tml_n 2 train train.yml --run-dir burst2 --no-progress "${diverging[@]}"
grep '^telescopeml: ' "$err" | sed 's/ \[rank [0-9]*\]$//' >message2
expect_same message1 message2
expect_same_run burst2 burst1
newest=$(find burst1/checkpoints -name 'step-*.h5' | sort | tail -n 1)
run 10 tml_n 2 train train.yml --run-dir burst1 --resume --no-progress "${diverging[@]}"
expect_in "$err" "resuming from $newest"
expect_not_in "$err" "passed over"
expect_same_run burst1 burst2
# More and wider layers, and the outputs are too large for a float after one step: the validation says so.
run 10 tml_n 2 train train.yml --run-dir burst3 --no-progress "${diverging[@]}" --set network.conv_layers=4 \
  --set network.conv_filters=8 --set network.fc2_blocks=4
grep -q '^telescopeml: epoch 1: .*validation.* is not finite' "$err" || fail "it is not the validation that diverged"
expect_no_leftover

# Evaluation.
mkdir scores
evaluation=(evaluate --out scores)
refused 64 "give either --run-dir DIR or --model M.h5" -- "${evaluation[@]}"
refused 64 "--split 'tset'" "did you mean test?" -- "${evaluation[@]}" --run-dir good --split tset
refused 64 "--snr wants a number above 0" -- "${evaluation[@]}" --run-dir good --snr -3
refused 66 "absent.h5: cannot be opened" "check the path" -- "${evaluation[@]}" --model absent.h5
refused 66 "absent/model.h5: cannot be opened" -- "${evaluation[@]}" --run-dir absent
refused 66 "absent.h5: cannot be opened" -- "${evaluation[@]}" --run-dir good --grid absent.h5
head -c $(($(stat -c %s good/model.h5) / 2)) good/model.h5 >model.h5
refused 65 "model.h5" "damaged or incomplete" -- "${evaluation[@]}" --model model.h5
cp good/model.h5 model.h5
printf '\125\252' | dd of=model.h5 bs=1 seek=$(($(stat -c %s model.h5) / 2)) conv=notrunc 2>dd.err
refused 65 "model.h5" "damaged or incomplete" -- "${evaluation[@]}" --model model.h5
refused 65 "g.h5" -- "${evaluation[@]}" --model g.h5
refused 65 "truncated.h5" "damaged or incomplete" -- "${evaluation[@]}" --run-dir good --grid truncated.h5

# Grids of other wavelengths: fewer of them, and as many in another place.
{
  echo "temperature,gravity,c_o_ratio,metallicity,1.0,1.1,1.2"
  echo "1000,4.5,1,0,1e-6,2e-6,3e-6"
  echo "1100,4.6,1,0,1e-6,2e-6,4e-6"
} >few.csv
run 0 tml grid import --csv few.csv --out few.h5
refused 65 "few.h5 has 3 wavelengths, the network was trained on 104" -- "${evaluation[@]}" --run-dir good --grid few.h5
{
  printf 'temperature,gravity,c_o_ratio,metallicity'
  seq -f ',%.2f' 1 0.02 3.07 | tr -d '\n'
  printf '\n1000,4.5,1,0'
  for _ in $(seq 104); do printf ',1e-6'; done
  printf '\n'
} >moved.csv
run 0 tml grid import --csv moved.csv --out moved.h5
refused 65 "moved.h5: wavelength 0 is 1 micron" "the network was trained on 0.89" -- "${evaluation[@]}" --run-dir good --grid moved.h5

# A grid from elsewhere, with a flux that is no number.
"${TML_PYTHON:-python3}" -c 'import h5py' 2>python.err || exit 0
cp g.h5 nan.h5
dd if=/dev/zero of=nan.h5 bs=512 count=1 conv=notrunc 2>dd.err # no digest: the file is not ours any more
cat >poison.py <<'P'
import h5py

with h5py.File("nan.h5", "r+") as grid:
    grid["flux"][290, 50] = float("nan")
    print(f"row {grid['row'][290]},")
    print(f"{grid['wavelength'][50]:.5g}")
P
run 0 "$TML_PYTHON" poison.py
row=$(sed -n 1p "$out")
wavelength=$(sed -n 2p "$out")
bad_training 65 "nan.h5" "$row" "$wavelength" -- --set grid.path=nan.h5
