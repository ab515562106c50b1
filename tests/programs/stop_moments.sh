# A wish to stop that comes while the grid is read or while the epoch is validated is heard as well: a checkpoint,
# exit code 75 on all ranks, and the same weights in the end. A second signal, of either kind, ends the job at once.
# tml-test: TIMEOUT 120
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
. "$TML_SOURCE/tests/programs/lib_ranks.sh"
rm -rf -- ./*
command -v pgrep >pgrep.path || skip "no pgrep to find the ranks of a job"
make_grid
write_configuration train.yml

listens() {
  local process
  process=$(rank_process "$job" 0)
  # Bit 9 of the mask of caught signals is SIGUSR1.
  [ -n "$process" ] && [ $((0x$(sed -n 's/^SigCgt:\t*//p' "/proc/$process/status" 2>/dev/null || echo 0) & 0x200)) -ne 0 ]
}

# ended_by_wish: the job in the background stopped with a checkpoint.
ended_by_wish() {
  until_true 60 "the end of a job that was asked to stop" gone "$job"
  wait "$job"
  code=$?
  [ "$code" -eq 75 ] || fail "exit code $code instead of 75: $(tail -n 5 job.err)"
  expect_in job.err "stopped on request (signal)"
  [ "$(newest_step run)" -gt 0 ] || fail "there is no checkpoint"
}

# As soon as it listens, which is before it reads.
background 2 train train.yml --run-dir run --no-progress --set stop.epochs=1000000 --set checkpoint.every_epochs=1000000
until_true 60 "a job that hears signals" listens
kill -USR1 "$(rank_process "$job" 1)"
ended_by_wish

# In the middle of a validation: of nearly all spectra, many rounds of it, after an epoch of one step.
rm -rf run
run 0 tml grid synth --preset quickstart --random 3000 --seed 1 --out long.h5
validating=(train train.yml --run-dir run --no-progress --set grid.path=long.h5 --set split.validation=0.9 --set split.test=0
  --set batch.global=304 --set checkpoint.every_epochs=1000 --set network.conv_filters=32)
background 2 "${validating[@]}" --set stop.epochs=1000
until_true 60 "an epoch" test -s run/metrics.jsonl
until_true 60 "an epoch" grep -q '^0,' run/history.csv
sleep 0.3
kill -USR1 "$job"
ended_by_wish
epochs=$(($(wc -l <run/history.csv) + 1))
run 0 tml "${validating[@]}" --resume --set "stop.epochs=$epochs"
digest=$(weights)
mv run stopped
run 0 tml_n 2 "${validating[@]}" --set "stop.epochs=$epochs"
[ -n "$digest" ] && [ "$(weights)" = "$digest" ] || fail "stopping changed the weights: $digest, $(weights)"
expect_same_run stopped run

# Two signals within one long step: no checkpoint is waited for.
rm -rf run
background 1 train train.yml --run-dir run --no-progress --set grid.path=long.h5 --set split.validation=0.05 --set split.test=0 \
  --set batch.global=2600 --set network.conv_filters=48 --set stop.epochs=1000000
until_true 60 "a job that hears signals" listens
until_true 60 "the first step" test -e run/metrics.jsonl
process=$(rank_process "$job" 0)
kill -USR1 "$process"
sleep 0.1
kill -TERM "$process"
until_true 20 "the end of a job after two signals" gone "$process" "$job"
wait "$job" 2>wait.err
code=$?
[ "$code" -ne 0 ] && [ "$code" -ne 75 ] || fail "exit code $code after two signals"
[ "$(newest_step run)" -eq 0 ] || fail "it waited for a checkpoint"
