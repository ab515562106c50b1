# doctor: a document of its schema, problems with their cure, and the exit code.
# tml-test: TIMEOUT 60
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
rm -rf -- ./*

valid() {
  "${TML_PYTHON:-python3}" -c 'import jsonschema' 2>/dev/null || return 0
  PYTHONDONTWRITEBYTECODE=1 "${TML_PYTHON:-python3}" "$TML_SOURCE/tests/tools/validate_json.py" \
    "$TML_SOURCE/docs/schema/doctor.schema.json" "$out" >valid.out 2>&1 || fail "$(cat valid.out)"
}

run 0 tml doctor
expect_in "$out" "parallel"
expect_in "$out" "BLIS"
for ranks in 1 2; do
  run 0 tml_n "$ranks" doctor --json
  valid
  expect_in "$out" "$(printf '"ranks":\t%d' "$ranks")"
  expect_not_in "$out" '"singletons"'
done

# More threads than any machine has.
run 0 tml doctor --threads 1024 --json
valid
expect_in "$out" '"oversubscribed"'

# srun without a process manager: four programs that believe to be alone. One document, no second message.
run 70 env SLURM_STEP_NUM_TASKS=4 timeout 60 "$TML_PROGRAM" doctor --json
valid
expect_in "$out" '"singletons"'
expect_in "$out" '"internal error"'
[ ! -s "$err" ] || fail "a message besides the document"
run 70 env SLURM_STEP_NUM_TASKS=4 timeout 60 "$TML_PROGRAM" doctor
expect_in "$out" "cure: under Slurm start it by srun --mpi=pmix"
run 0 env SLURM_STEP_NUM_TASKS=1 timeout 60 "$TML_PROGRAM" doctor

# No drivers for figures.
run 0 env PLPLOT_DRV_DIR=/nonexistent timeout 60 "$TML_PROGRAM" doctor
expect_in "$out" "plplot-driver-cairo"

run 64 tml doctor patient
run 64 tml doctor --threads 0
