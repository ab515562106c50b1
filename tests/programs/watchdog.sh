# A rank that stands still - stopped in the middle of its work - is named with its host and what it was doing, the
# job ends with 70 soon after run.stall_seconds, and goes on from its checkpoint. A slow job is left alone.
# tml-test: TIMEOUT 120
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
. "$TML_SOURCE/tests/programs/lib_ranks.sh"
rm -rf -- ./*
command -v pgrep >pgrep.path || skip "no pgrep to find the ranks of a job"
make_grid
write_configuration train.yml
limit=4

# stalled RANKS VICTIM: a job of which one rank is stopped after its third checkpoint.
stalled() {
  local ranks=$1 victim=$2 process started
  rm -rf run
  background "$ranks" train train.yml --run-dir run --no-progress --set stop.epochs=10000000 --set "run.stall_seconds=$limit"
  until_true 60 "a checkpoint" reached run 6
  process=$(rank_process "$job" "$victim")
  [ -n "$process" ] || fail "rank $victim is not to be found"
  kill -STOP "$process"
  started=$SECONDS
  until_true $((limit + 25)) "the end of a job that stands still" gone "$job"
  [ $((SECONDS - started)) -le $((limit + 10)) ] || fail "it took $((SECONDS - started)) s to notice a limit of $limit s"
  wait "$job"
  code=$?
  [ "$code" -eq 70 ] || fail "exit code $code instead of 70: $(tail -n 5 job.err)"
  [ "$(grep -c '^telescopeml: ' job.err)" -eq 1 ] || fail "not one message: $(cat job.err)"
  grep -qE "^telescopeml: no progress for $limit s \(run.stall_seconds\): rank $victim on $(hostname) \((fetching spectra|computing|reducing|saving|validating), its process does not run\)" \
    job.err || fail "rank $victim is not named: $(cat job.err)"
  kill -CONT "$process" 2>/dev/null
}

stalled 3 1
run 0 tml train train.yml --run-dir run --resume --no-progress --set "stop.epochs=$(($(newest_step run) / 2 + 1))"
stalled 2 0

# Steps that are longer than a fifth of the limit, for longer than the limit; and none at all.
run 0 tml_n 2 train train.yml --run-dir slow --no-progress --set run.stall_seconds=1 --set stop.epochs=100
expect_not_in "$err" "no progress"
run 0 tml_n 2 train train.yml --run-dir off --no-progress --set run.stall_seconds=0 --set stop.epochs=2
