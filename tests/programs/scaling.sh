# jobs/scaling/run.sh: a table in the form that report reads, weights that are compared, and the two figures.
# tml-test: TIMEOUT 120
# shellcheck shell=bash disable=SC2154
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
write_configuration train.yml

# study EXPECTED_CODE OPTION...
study() {
  local expected=$1
  shift
  run "$expected" timeout 100 "$TML_SOURCE/jobs/scaling/run.sh" --program "$TML_PROGRAM" --config train.yml \
    --launcher "$TML_MPIEXEC" --rounds 2 --steps 2 --out study "$@"
}

study 0 --ranks 1,2
expect_file study/report.html study/figures/scaling_strong.png study/figures/scaling_weak.png
expect_in "$out" 'the same for the same batch'
expect_absent study/scaling.csv.partial study/bench.jsonl.partial
# Two rounds of two counts of ranks and two kinds, the counts one after the other within a round.
[ "$(cut -d, -f1-5 study/scaling.csv | tail -n +2 | tr '\n' ' ')" = "strong,1,1,1,16 weak,1,1,1,8 strong,2,1,1,16 \
weak,2,1,1,16 strong,1,1,2,16 weak,1,1,2,8 strong,2,1,2,16 weak,2,1,2,16 " ] || fail "rows: $(cat study/scaling.csv)"
awk -F, 'NR > 1 && !($6 > 0 && $7 >= 0 && $7 <= 1 && length($8) == 32) { exit 1 }' study/scaling.csv ||
  fail "figures: $(cat study/scaling.csv)"
run 0 tml report study
expect_in study/report.json '"speed"'

# Other weights on more ranks: here from a program that changes the seed on two.
cat >other.sh <<S
#!/usr/bin/env bash
seed=1
[ "\${OMPI_COMM_WORLD_SIZE:-1}" = 1 ] || seed=2
exec "$TML_PROGRAM" "\$@" --seed "\$seed"
S
chmod +x other.sh
run 1 timeout 100 "$TML_SOURCE/jobs/scaling/run.sh" --program ./other.sh --config train.yml --launcher "$TML_MPIEXEC" \
  --rounds 1 --steps 1 --kinds strong --out bad
expect_in "$err" 'strong on 2 ranks, round 1: weights'
expect_absent bad/scaling.csv

study 64 --ranks 1,x
study 64 --kinds up
