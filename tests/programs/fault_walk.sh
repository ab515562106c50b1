# Every call that can fail - memory, files, HDF5, MPI - is made to fail once, on one rank: the job ends within 10 s
# with one message and the right exit code on all ranks, or the training succeeds with a warning; and afterwards it
# goes on to the weights of a training that was left alone. FAULT_TRIES says how many calls of each walk are tried
# (default 5, evenly spread; all: every one), FAULT_WALKS which walks (RANKS:RANK ...), FAULT_FROM and FAULT_TO which
# calls.
# tml-test: LABELS program fault
# tml-test: TIMEOUT 280
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
[ "${TML_FAULTS:-0}" = 1 ] || skip "this build was made without TML_FAULTS (the presets debug and asan have it)"
rm -rf -- ./*
run 0 tml grid synth --preset quickstart --random 60 --seed 1 --out g.h5
write_configuration train.yml
PROGRAM_SECONDS=30
train=(train train.yml --run-dir run --no-progress --set stop.epochs=2 --set checkpoint.keep=1 --set batch.global=24)

# rank_code.sh COMMAND...: keeps the exit code of each rank.
cat >rank_code.sh <<'S'
"$@"
code=$?
echo $code >"code.${OMPI_COMM_WORLD_RANK:-0}"
exit $code
S

# job RANKS ARGUMENTS...: the training; its exit code is in $code.
job() {
  local ranks=$1
  shift
  rm -f code.* report.*
  run_command="telescopeml ${train[*]} $* on $ranks ranks, call $call of rank $rank failing"
  mpirun_n "$ranks" bash rank_code.sh "$TML_PROGRAM" "${train[@]}" "$@" </dev/null >"$out" 2>"$err"
  code=$?
}

# right_code WHAT: whether $code may follow from a failure of this call.
right_code() {
  case $1 in
    image) [ "$code" -eq 70 ] || [ "$code" -eq 74 ] ;; # HDF5 meets it where it writes
    block | bytes* | array | name | text | lines | list | "image of"* | "piece of"* | "grid file") [ "$code" -eq 70 ] ;;
    mkdir | lock* | "open a lock" | "open for"* | rename) [ "$code" -eq 73 ] || [ "$code" -eq 74 ] || [ "$code" -eq 66 ] ;;
    write* | fsync* | close | unlink | "open again" | H5Dwrite | H5Awrite | H5Dcreate | H5Gcreate) [ "$code" -eq 74 ] ;;
    H5* | open* | pread | read) [ "$code" -eq 65 ] || [ "$code" -eq 66 ] || [ "$code" -eq 70 ] || [ "$code" -eq 74 ] ;;
    *) [ "$code" -eq 70 ] ;;
  esac
}

# one_ending: one message, one exit code on all ranks that could still tell, in time.
one_ending() {
  local what started=$1
  [ $((SECONDS - started)) -le 10 ] || fail "it took $((SECONDS - started)) s"
  what=$(sed -n 's/^strikes [0-9]* //p' "report.$rank")
  [ -n "$what" ] || fail "the call did not come"
  if [ "$code" -eq 0 ]; then
    grep -q '^warning' "$err" || fail "no warning although '$what' failed"
    [ "$(weights)" = "$digest" ] || fail "other weights after '$what' failed"
    return
  fi
  right_code "$what" || fail "exit code $code after '$what' failed"
  [ "$(grep -c '^telescopeml: ' "$err")" -eq 1 ] || fail "not one message after '$what' failed"
  grep -qE 'AddressSanitizer|runtime error|Assertion' "$err" && fail "a crash after '$what' failed"
  for file in code.*; do
    [ ! -e "$file" ] || [ "$(cat "$file")" = "$code" ] || fail "$file holds $(cat "$file")"
  done
}

# goes_on: from whatever is left.
goes_on() {
  local how=--force
  if [ -e run/used_parameters.yml ]; then
    how=--resume
  fi
  run 0 tml "${train[@]}" "$how"
  [ "$(weights)" = "$digest" ] || fail "weights $(weights) after call $call of rank $rank failed, not $digest"
  [ -z "$(find run -name '*.partial')" ] || fail "left behind: $(find run -name '*.partial')"
}

call=0 rank=0
run 0 tml "${train[@]}"
digest=$(weights)
[ -n "$digest" ] || fail "no weights"
for walk in ${FAULT_WALKS:-1:0 2:0 2:1}; do
  ranks=${walk%:*} rank=${walk#*:} call=0
  rm -rf run
  TML_FAULT_REPORT=$PWD/report job "$ranks"
  [ "$code" -eq 0 ] || fail "without a failure it ends with $code"
  calls=$(sed -n 's/^calls //p' "report.$rank")
  [ "${calls:-0}" -gt 100 ] || fail "only ${calls:-no} calls were counted"
  tries=${FAULT_TRIES:-5}
  [ "$tries" != all ] || tries=$calls
  for ((i = 0; i < tries; ++i)); do
    call=$((1 + (2 * i + 1) * calls / (2 * tries)))
    [ "$call" -ge "${FAULT_FROM:-1}" ] && [ "$call" -le "${FAULT_TO:-$calls}" ] || continue
    rm -rf run
    started=$SECONDS
    export TML_FAULT_RANK=$rank TML_FAULT_CALL=$call TML_FAULT_REPORT=$PWD/report
    job "$ranks"
    unset TML_FAULT_RANK TML_FAULT_CALL TML_FAULT_REPORT
    one_ending "$started"
    goes_on
  done
done
