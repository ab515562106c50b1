# A training that is asked to stop - by SIGUSR1 to the launcher, by the file STOP, by its time limit - writes a
# checkpoint, ends with 75 on every rank, and goes on to the bits of a training that was left alone.
# tml-test: TIMEOUT 240
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
make_grid
write_configuration train.yml

# How far the run is, in epochs.
epochs_done() {
  [ -e run/history.csv ] && grep -c '^[0-9]' run/history.csv || echo 0
}

# start RANKS OPTIONS...: an open-ended training in the background, two epochs further than where it begins.
start() {
  local ranks=$1 before
  shift
  before=$(epochs_done)
  # The launcher itself, not a function around it: it hands a signal on to the ranks.
  # shellcheck disable=SC2086
  $TML_MPIEXEC "$ranks" "$TML_PROGRAM" train train.yml --run-dir run --no-progress --set stop.epochs=1000000 \
    --set checkpoint.every_epochs=1000000 "$@" </dev/null >job.out 2>job.err &
  job=$!
  while [ "$(epochs_done)" -lt $((before + 2)) ]; do
    kill -0 "$job" 2>/dev/null || fail "the training ended by itself: $(tail -n 3 job.err)"
    sleep 0.02
  done
}

# ended REASON: the job ends with 75, says why and how to go on, and has left a checkpoint.
ended() {
  local got
  wait "$job"
  got=$?
  [ "$got" -eq 75 ] || fail "exit code $got instead of 75: $(tail -n 5 job.err)"
  expect_in job.err "stopped on request ($1)"
  expect_in job.err 'go on with --resume'
  ls run/checkpoints/step-*.h5 >checkpoints.txt 2>/dev/null || fail 'there is no checkpoint'
  expect_absent run/model.h5
  expect_no_leftover
}

start 2
kill -USR1 "$job"
ended signal

start 3 --resume
touch run/STOP
ended stop_file
expect_absent run/STOP

run 75 tml_n 1 train train.yml --run-dir run --no-progress --resume --set stop.epochs=1000000 --time-limit 2 --json
expect_in "$out" '"stopped_by":	"time_limit"'
expect_in "$out" '"exit_code":	75'
expect_in "$out" '"model":	null'
run 64 tml train train.yml --run-dir run --resume --time-limit 5x
expect_in "$err" "wants a time such as"

# Whole epochs from here: the next one after the last that was begun.
epochs=$(($(epochs_done) + 1))
run 0 tml_n 2 train train.yml --run-dir run --no-progress --resume --set "stop.epochs=$epochs"
digest=$(weights)
run 0 tml_n 1 train train.yml --run-dir alone --no-progress --set "stop.epochs=$epochs"
[ -n "$digest" ] && [ "$(weights)" = "$digest" ] || fail "stopping changed the weights: $digest"
expect_same_run run alone
