# Helpers of the program tests, sourced as  . "$TML_SOURCE/tests/programs/lib_program.sh"
# A test is silent when all is well; the first thing that is not as expected ends it with what was seen.
# ctest sets TML_PROGRAM, TML_MPIEXEC, TML_SOURCE, TML_PYTHON, TML_TEST_DATA and runs each test in its own folder.
# shellcheck shell=bash
set -u
: "${TML_PROGRAM:?is not set: run this test through ctest}" "${TML_MPIEXEC:?}" "${TML_SOURCE:?}"
export LC_ALL=C.UTF-8

# What the last `run` wrote and how it ended.
out=run.out
err=run.err
code=0
run_command=

# fail MESSAGE: end the test, showing the last command and its output.
fail() {
  {
    echo "FAILED at ${BASH_SOURCE[-1]##*/}:${BASH_LINENO[-2]}: $*"
    if [ -n "$run_command" ]; then
      echo "  last command: $run_command (exit code $code)"
      sed 's/^/  stdout: /' "$out" | tail -n 30
      sed 's/^/  stderr: /' "$err" | tail -n 30
    fi
  } >&2
  exit 1
}

# skip REASON: end the test as not run.
skip() {
  echo "skipped: $*"
  exit 77
}

# run EXPECTED_CODE COMMAND...: run it without standard input; its output lies in $out and $err, its code in $code.
run() {
  local expected=$1
  shift
  run_command="$*"
  "$@" </dev/null >"$out" 2>"$err"
  code=$?
  [ "$code" -eq 124 ] && [ "$expected" -ne 124 ] && fail "did not end within ${PROGRAM_SECONDS:-120} s"
  [ "$code" -eq "$expected" ] || fail "exit code $code instead of $expected"
}

# tml ARGUMENTS...: the program, alone.
tml() {
  timeout --kill-after=5 "${PROGRAM_SECONDS:-120}" "$TML_PROGRAM" "$@"
}

# mpirun_n N COMMAND...: a command on N ranks.
mpirun_n() {
  local ranks=$1
  shift
  # TML_MPIEXEC is a command with its options.
  # shellcheck disable=SC2086
  timeout --kill-after=5 "${PROGRAM_SECONDS:-120}" $TML_MPIEXEC "$ranks" "$@"
}

# tml_n N ARGUMENTS...: the program on N ranks.
tml_n() {
  local ranks=$1
  shift
  mpirun_n "$ranks" "$TML_PROGRAM" "$@"
}

# expect_in FILE TEXT: the text stands in the file, literally and within one line.
expect_in() {
  [ -e "$1" ] || fail "$1 does not exist"
  grep -qF -- "$2" "$1" || fail "'$2' is not in $1"
}

# expect_not_in FILE TEXT
expect_not_in() {
  [ -e "$1" ] || fail "$1 does not exist"
  ! grep -qF -- "$2" "$1" || fail "'$2' is in $1"
}

# expect_file PATH...: each exists and is not empty.
expect_file() {
  local path
  for path in "$@"; do
    [ -s "$path" ] || fail "$path is missing or empty"
  done
}

# expect_absent PATH...: none exists.
expect_absent() {
  local path
  for path in "$@"; do
    if [ -e "$path" ] || [ -L "$path" ]; then
      fail "$path exists"
    fi
  done
}

# expect_same FILE FILE: the same bytes.
expect_same() {
  cmp -s -- "$1" "$2" || fail "$1 and $2 differ"
}

# need_data PATH: skip without this file of the published data.
need_data() {
  if [ -z "${TML_TEST_DATA:-}" ] || [ ! -e "$TML_TEST_DATA/$1" ]; then
    skip "no test data: '$1' is not below TML_TEST_DATA=${TML_TEST_DATA:-}"
  fi
}

# need_python MODULE...: skip without these modules of Python.
need_python() {
  local module
  for module in "$@"; do
    "${TML_PYTHON:-python3}" -c "import $module" 2>/dev/null || skip "no Python module '$module' for ${TML_PYTHON:-python3}"
  done
}
