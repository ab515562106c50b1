# Ranks that a launcher has started as separate programs (srun without the right --mpi) are refused before they
# write the same files; ranks that crowd the cores or are bound too tightly are warned about.
# tml-test: TIMEOUT 60
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
make_grid
write_configuration train.yml
training=(train train.yml --no-progress --set stop.epochs=1)

for variable in SLURM_STEP_NUM_TASKS=4 PMI_SIZE=2; do
  run 64 env "$variable" "$TML_PROGRAM" "${training[@]}" --run-dir run
  expect_in "$err" "the launcher has started ${variable#*=} ranks, but each is alone"
  expect_in "$err" "srun --mpi=pmix"
  [ "$(grep -c '^telescopeml: ' "$err")" -eq 1 ] || fail "not one message"
  expect_absent run
done
# An allocation of several tasks, in which one program is started by itself, is no trap.
run 0 env SLURM_NTASKS=4 SLURM_STEP_NUM_TASKS=1 "$TML_PROGRAM" "${training[@]}" --run-dir one

run 0 tml_n 2 "${training[@]}" --run-dir crowded --threads $(($(nproc) + 1))
[ "$(grep -c '^warning: .*share too few cores' "$err")" -eq 1 ] || fail "no warning, or more than one, of too few cores"
command -v taskset >taskset.path || skip "no taskset to bind a rank with"
first=$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')
run 0 taskset -c "$first" "$TML_PROGRAM" "${training[@]}" --run-dir bound --threads 2
[ "$(grep -c '^warning: a rank of 2 threads may use only 1 of the processors' "$err")" -eq 1 ] || fail "no warning of the binding"
run 0 tml "${training[@]}" --run-dir quiet
expect_not_in "$err" "too few cores"
