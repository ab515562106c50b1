# A training that is killed again and again - a rank, all ranks, the launcher - and goes on each time on another
# number of ranks ends with the bits of one that was left alone. What cannot be resumed is refused.
# tml-test: TIMEOUT 240
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
command -v pgrep >pgrep.path || skip "no pgrep to find the ranks of a job"
make_grid
write_configuration train.yml

# The newest checkpoint of the run, as its step; 0 if there is none.
newest_step() {
  local newest
  newest=$(find run/checkpoints -name 'step-*.h5' 2>/dev/null | sort | tail -n 1)
  newest=${newest##*step-}
  newest=${newest%.h5}
  echo $((10#${newest:-0}))
}

# descendants PID: all processes below it.
descendants() {
  local child
  for child in $(pgrep -P "$1"); do
    echo "$child"
    descendants "$child"
  done
}

# ranks_of PID: those of them that are ranks.
ranks_of() {
  local process
  for process in $(descendants "$1"); do
    [ "$(readlink "/proc/$process/exe")" = "$(readlink -f "$TML_PROGRAM")" ] && echo "$process"
  done
}

# until_true SECONDS WHAT COMMAND...: poll; whatever still runs in the background is ended when it takes too long.
until_true() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || {
      # shellcheck disable=SC2046
      kill -9 "$job" $(descendants "$job") 2>/dev/null
      fail "waited in vain for $what: $(tail -n 3 job.err)"
    }
    sleep 0.01
  done
}

reached() {
  [ "$(newest_step)" -ge "$1" ]
}

gone() {
  local process
  for process; do
    [ ! -e "/proc/$process" ] || [ "$(sed 's/.*) //; s/ .*//' "/proc/$process/stat" 2>/dev/null)" = Z ] || return 1
  done
}

# killed RANKS VICTIM STEPS ARGUMENTS...: a job that would never end, in the background, until its newest checkpoint
# is that many steps ahead of the one before; then kill -9 of rank number VICTIM, of `all` ranks or of the `launcher`.
killed() {
  local ranks=$1 victim=$2 steps=$3 target processes
  shift 3
  target=$(($(newest_step) + steps))
  # The shell around the launcher takes the notice of its death. TML_MPIEXEC is a command with its options.
  # shellcheck disable=SC2086
  (
    $TML_MPIEXEC "$ranks" "$TML_PROGRAM" train train.yml --run-dir run --no-progress --set stop.epochs=10000000 "$@"
    exit $?
  ) </dev/null >job.out 2>job.err &
  job=$!
  until_true 60 "step $target of a job on $ranks ranks" reached "$target"
  processes=$(ranks_of "$job")
  [ "$(wc -w <<<"$processes")" -eq "$ranks" ] || fail "found processes '$processes' for $ranks ranks"
  if [ "$victim" = 0 ]; then # a second job is kept out while this one runs
    run 73 tml train train.yml --run-dir run --resume --no-progress
    expect_in "$err" "is held by another job"
  fi
  # shellcheck disable=SC2086
  case $victim in
    launcher) kill -9 "$(pgrep -P "$job")" ;;
    all) kill -9 $processes ;;
    *) kill -9 "$(sed -n "$((victim + 1))p" <<<"$processes")" ;;
  esac
  # shellcheck disable=SC2086
  until_true 30 "the end of a job that lost: $victim" gone $processes
  wait "$job" && fail "a job that lost $victim ended with 0"
  [ ! -e run/model.h5 ] || fail "a job that was killed has written a model"
}

# resumed CODE RANKS DIRECTORY ARGUMENTS...
resumed() {
  local code=$1 ranks=$2 directory=$3
  shift 3
  run "$code" tml_n "$ranks" train train.yml --run-dir "$directory" --resume --no-progress --set "stop.epochs=$epochs" "$@"
}

# contents DIRECTORY: names, sizes and sums of all its files but the lock.
contents() {
  find "$1" -type f ! -name .lock -exec cksum {} + | sort
}

# refused CODE TEXT...: the last resume was refused with one message, and changed nothing.
refused() {
  local text
  for text; do
    expect_in "$err" "$text"
  done
  [ "$(grep -c '^telescopeml: ' "$err")" -eq 1 ] || fail "not one message"
  contents broken >after.txt
  expect_same before.txt after.txt
}

# Killed at six moments, two steps to an epoch; each goes on where the last one was.
killed 2 1 1
killed 1 0 3 --resume --set checkpoint.every_epochs=3
killed 3 launcher 5 --resume
killed 2 all 2 --resume --set io.mode=posix --set checkpoint.keep=1
killed 1 all 7 --resume --threads 2
killed 3 2 4 --resume
epochs=$(($(newest_step) / 2 + 6))
for name in checkpoints/step-00000003.h5 model.h5 history.csv used_parameters.yml figures/loss_history.png; do
  echo torn >"run/$name.partial"
done
printf '%s' '9999999,1,0.5' >>run/history.csv # a row that was being written
printf '%s' '{"step":7,"ep' >>run/metrics.jsonl
cp -r run broken
resumed 0 2 run
expect_in "$err" "resuming from run/checkpoints/step-"
digest=$(weights)
expect_file run/model.h5
expect_no_leftover_in_run() {
  [ -z "$(find run -name '*.partial')" ] || fail "left behind: $(find run -name '*.partial')"
}
expect_no_leftover_in_run

# The one that was left alone.
run 0 tml train train.yml --run-dir whole --no-progress --set "stop.epochs=$epochs"
[ "${digest:-none}" = "$(weights)" ] || fail "weights $digest, without kills $(weights)"
expect_same_run run whole
[ "$(wc -l <run/history.csv)" -eq $((epochs + 1)) ] || fail "not $epochs epochs in the history"

# A finished run writes its model again.
rm run/model.h5
resumed 0 1 run
[ "$digest" = "$(weights)" ] || fail "a finished run: weights $(weights) instead of $digest"
expect_file run/model.h5
expect_same_run run whole

# Damaged checkpoints are named and passed over for the one before.
newest=$(find broken/checkpoints -name 'step-*.h5' | sort | tail -n 1)
older=$(find broken/checkpoints -name 'step-*.h5' | sort | tail -n 2 | head -n 1)
[ "$newest" != "$older" ] || fail "there is only one checkpoint"
cp -r broken flipped
truncate -s -1000 "$newest"
contents broken >before.txt

# Refusals, on what the kills have left. The damaged checkpoint is passed over first.
resumed 78 2 broken --set optimiser.learning_rate=0.002
refused "optimiser.learning_rate: 0.001 in the run, 0.002 now"
resumed 78 1 broken --set network.conv_filters=5 --set batch.lane=4
refused "network.conv_filters: 4 in the run, 5 now"
expect_in "$err" "batch.lane: 8 in the run, 4 now"
run 0 tml grid synth --preset quickstart --random 300 --seed 2 --out other.h5
resumed 78 2 broken --set grid.path=other.h5
refused "broken/checkpoints/step-" "was written for another grid" "other.h5"

resumed 0 3 broken
expect_in "$err" "$newest is passed over: "
expect_in "$err" "resuming from $older "
[ "$digest" = "$(weights)" ] || fail "from the checkpoint before: weights $(weights) instead of $digest"
expect_same_run broken whole
flipped=flipped/${newest#broken/}
printf '\125' | dd of="$flipped" bs=1 seek=$(($(stat -c %s "$flipped") / 2)) conv=notrunc 2>dd.err
cmp -s "$newest" "$flipped" && fail "nothing was flipped"
resumed 0 2 flipped
expect_in "$err" "$flipped is passed over: "
[ "$digest" = "$(weights)" ] || fail "after a flipped byte: weights $(weights) instead of $digest"

# Checkpoints within an epoch, by time: a step for each spectrum and a network that makes an epoch last a second or
# more, so that the kill strikes the same epoch, whose metrics are not on disk yet but for the checkpoint.
rm -rf run
sed -i 's/^batch:.*/batch: {global: 1, lane: 1}\ncheckpoint: {every_epochs: 1000000, every_seconds: 1}/
  s/conv_layers: 1/conv_layers: 2/; s/conv_filters: 4/conv_filters: 64/' train.yml
killed 1 all 1
step=$(newest_step)
train=$(sed -n 's/^parts  *train \([0-9]*\),.*/\1/p' job.err)
epochs=$((step / train + 2))
resumed 0 2 run
expect_in "$err" "step $step)"
digest=$(weights)
run 0 tml train train.yml --run-dir whole2 --no-progress --set "stop.epochs=$epochs"
[ "$digest" = "$(weights)" ] || fail "from the middle of an epoch: weights $digest instead of $(weights)"
expect_same_run run whole2
