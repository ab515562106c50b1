# jobs/slurm/train.sbatch on a real Slurm, with srun and with mpirun: a job that is signalled before its time limit
# leaves a checkpoint and queues itself again, and the second turn ends with the weights of a training that was left
# alone.
# tml-test: LABELS slow
# tml-test: TIMEOUT 400
# shellcheck shell=bash disable=SC2154,SC2015
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
. "$TML_SOURCE/tests/programs/lib_slurm.sh"
rm -rf -- ./*
start_slurm
make_grid
write_configuration base.yml
export PROGRAM=$TML_PROGRAM LAUNCHER CONFIGURATION RUN_DIR

epochs_done() {
  [ -e "$RUN_DIR/history.csv" ] && grep -c '^[0-9]' "$RUN_DIR/history.csv" || echo 0
}

has_epochs() {
  [ "$(epochs_done)" -ge "$1" ]
}

# log_says TEXT
log_says() {
  grep -qF -- "$1" "telescopeml-$job.log"
}

# submit OPTION...: an open-ended training, as the job $job; it is under way afterwards.
submit() {
  sed 's/epochs: 4/epochs: 1000000/' base.yml >"$CONFIGURATION"
  run 0 sbatch --parsable "$@" "$TML_SOURCE/jobs/slurm/train.sbatch" --set checkpoint.every_epochs=1000000
  job=$(cat "$out")
  within 60 has_epochs 2 || fail "job $job does not train: $(tail -n 5 "telescopeml-$job.log")"
  # The second turn waits until the configuration has been given an end.
  run 0 scontrol update PartitionName=all State=DOWN
}

# finish: the job is back in the queue with a checkpoint; its second turn ends the training with the right weights.
finish() {
  local epochs digest
  within 90 log_says 'turn 1, ' && within 90 job_is "$job" PENDING || fail "job $job is not queued again: $(tail -n 5 "telescopeml-$job.log")"
  log_says 'exit code 75' || fail "the first turn did not end with 75: $(tail -n 5 "telescopeml-$job.log")"
  log_says 'stopped on request (signal)' || fail "the signal was not heard: $(tail -n 5 "telescopeml-$job.log")"
  epochs=$(($(epochs_done) + 3))
  sed "s/epochs: 4/epochs: $epochs/" base.yml >"$CONFIGURATION"
  run 0 scontrol update PartitionName=all State=UP
  run 0 scontrol update JobId="$job" StartTime=now
  within 60 job_is "$job" COMPLETED || fail "the second turn does not end: $(tail -n 5 "telescopeml-$job.log")"
  log_says 'turn 2, ' || fail 'there was no second turn'
  digest=$(sed -n 's/^weights *\([0-9a-f]\{32\}\)$/\1/p' "telescopeml-$job.log")
  run 0 tml_n 1 train base.yml --run-dir "alone-$LAUNCHER" --no-progress --set "stop.epochs=$epochs"
  [ -n "$digest" ] && [ "$(weights)" = "$digest" ] || fail "the turns under $LAUNCHER changed the weights: $digest"
  expect_same_run "$RUN_DIR" "alone-$LAUNCHER"
}

LAUNCHER=srun CONFIGURATION=srun.yml RUN_DIR=run-srun
submit --time=10
run 0 scancel --batch --signal=USR1 "$job"
finish

# The signal that the script asks for, by Slurm's own clock.
LAUNCHER=mpirun CONFIGURATION=mpirun.yml RUN_DIR=run-mpirun
submit --time=1 --signal=B:USR1@45
finish

# Any other failure ends the job.
LAUNCHER=srun CONFIGURATION=absent.yml RUN_DIR=run-absent
run 66 sbatch --parsable --wait --time=10 "$TML_SOURCE/jobs/slurm/train.sbatch"
expect_in "telescopeml-$(head -n 1 "$out").log" 'exit code 66'
