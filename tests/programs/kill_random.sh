# A training that is killed at random moments - a rank or all of them, at the start, between and inside the writing
# of checkpoints - and goes on each time on another number of ranks (1, 4, 3, 8, 2 in turn) ends with the bits of one
# that was left alone, and no checkpoint is ever broken. KILLS says how often (default 8), KILL_SEED which moments.
# tml-test: TIMEOUT 200
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
. "$TML_SOURCE/tests/programs/lib_ranks.sh"
rm -rf -- ./*
command -v pgrep >pgrep.path || skip "no pgrep to find the ranks of a job"
make_grid
write_configuration train.yml
RANDOM=${KILL_SEED:-1}
counts=(1 4 3 8 2)

# A checkpoint is being written.
writes() {
  [ -n "$(echo run/checkpoints/*.partial)" ] && [ -e "$(echo run/checkpoints/*.partial)" ]
}

running() {
  local processes
  processes=$(ranks_of "$job")
  [ "$(wc -w <<<"$processes")" -eq "$ranks" ]
}

# kill_one RANKS MOMENT VICTIM: a job that would never end, and its end.
kill_one() {
  local ranks=$1 moment=$2 victim=$3 processes start how=--resume started
  [ -e run/used_parameters.yml ] || how=--force
  start=$(newest_step run)
  # A checkpoint now and then is not damaged by the next one: three are kept, and the newest alone now and then.
  background "$ranks" train train.yml --run-dir run --no-progress "$how" --set stop.epochs=10000000 \
    --set checkpoint.keep=$((1 + RANDOM % 3))
  until_true 60 "$ranks ranks" running
  processes=$(ranks_of "$job")
  case $moment in
    any) sleep "0.$((RANDOM % 10))" ;;
    between)
      until_true 60 "a checkpoint on $ranks ranks" reached run $((start + 2))
      sleep "0.0$((RANDOM % 10))"
      ;;
    inside) until_true 60 "a checkpoint being written on $ranks ranks" writes ;;
  esac
  # shellcheck disable=SC2086
  if [ "$victim" -ge "$ranks" ]; then
    kill -9 $processes
  else
    kill -9 $(rank_process "$job" "$victim")
  fi
  started=$SECONDS
  # shellcheck disable=SC2086
  until_true 20 "the end of a job that lost rank $victim of $ranks" gone $processes "$job"
  [ $((SECONDS - started)) -le 10 ] || fail "the job lived on for $((SECONDS - started)) s"
  wait "$job" 2>wait.err && fail "a killed job ended with 0"
  [ "$(grep -c '^telescopeml: ' job.err)" -le 1 ] || fail "more than one message: $(cat job.err)"
  expect_not_in job.err "passed over"
  expect_absent run/model.h5
  [ ! -e "$(echo run/checkpoints/*.partial)" ] || inside=$((inside + 1))
}

inside=0
moments=(inside between any)
for ((i = 0; i < ${KILLS:-8}; ++i)); do
  ranks=${counts[i % 5]}
  # Rank 0 writes: it is the one that dies inside a write.
  if [ $((i % 3)) -eq 0 ]; then
    kill_one "$ranks" inside 0
  else
    kill_one "$ranks" "${moments[i % 3]}" $((RANDOM % (ranks + 1)))
  fi
done
echo "$inside of ${KILLS:-8} kills left a half-written checkpoint" >inside.txt

epochs=$(($(newest_step run) / 2 + 2))
run 0 tml_n 2 train train.yml --run-dir run --no-progress --resume --set "stop.epochs=$epochs"
digest=$(weights)
[ -z "$(find run -name '*.partial')" ] || fail "left behind: $(find run -name '*.partial')"
run 0 tml train train.yml --run-dir whole --no-progress --set "stop.epochs=$epochs"
[ "${digest:-none}" = "$(weights)" ] || fail "weights $digest, without kills $(weights)"
expect_same_run run whole
