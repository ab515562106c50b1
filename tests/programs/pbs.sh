# jobs/pbs/train.pbs with stand-ins for PBS: the walltime becomes a time limit, exit code 75 the next job, and the
# turns end with the weights of a training that was left alone.
# tml-test: TIMEOUT 120
# shellcheck shell=bash disable=SC2154,SC2015
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
make_grid
write_configuration train.yml
mkdir bin
cat >bin/qstat <<'S'
#!/bin/sh
echo "Job Id: $3"
echo "    Resource_List.walltime = 00:03:02"
S
cat >bin/qsub <<'S'
#!/bin/sh
echo "$*" >>qsub.txt
env | grep -E '^(TURN|RUN_DIR|OPTIONS|CONFIGURATION)=' | sort >>qsub.txt
S
chmod +x bin/qstat bin/qsub
hostname >nodes.txt
export PATH=$PWD/bin:$PATH PBS_JOBID=7.server PBS_O_WORKDIR=$PWD PBS_NODEFILE=$PWD/nodes.txt
export PROGRAM=$TML_PROGRAM CONFIGURATION=train.yml RUN_DIR=run OPTIONS='--set stop.epochs=1000000 --set checkpoint.every_epochs=1000000'

# Three minutes and two seconds, of which three minutes are the reserve.
run 75 timeout 100 "$TML_SOURCE/jobs/pbs/train.pbs"
expect_in "$err" 'stopped on request (time_limit)'
expect_in "$out" 'turn 1, '
expect_in qsub.txt '-v CONFIGURATION,RUN_DIR,PROGRAM,SCRIPT,TURN,MOST_TURNS,RESERVE,OPTIONS jobs/pbs/train.pbs'
expect_in qsub.txt 'TURN=2'
expect_in qsub.txt 'RUN_DIR=run'

rm qsub.txt
epochs=$(($(grep -c '^[0-9]' run/history.csv) + 3))
OPTIONS="--set stop.epochs=$epochs" RESERVE=60 TURN=2 run 0 timeout 100 "$TML_SOURCE/jobs/pbs/train.pbs"
expect_in "$err" 'resuming from run/checkpoints/'
expect_absent qsub.txt
digest=$(weights)
run 0 tml train train.yml --run-dir alone --no-progress --set "stop.epochs=$epochs"
[ -n "$digest" ] && [ "$(weights)" = "$digest" ] || fail "the turns changed the weights: $digest"

OPTIONS='--set stop.epochs=1000000' MOST_TURNS=3 TURN=3 run 75 timeout 100 "$TML_SOURCE/jobs/pbs/train.pbs"
expect_in "$err" 'not submitted again after 3 turns'
expect_absent qsub.txt
