#!/usr/bin/env bash
# Builds TelescopeML and runs its tests.
#   jobs/run-tests.sh [--all] [--slow] [--ci] [--no-install]
# --all         also builds with the address and undefined-behaviour sanitizers and runs the tests under them
# --slow        also runs the tests that are labelled slow
# --ci          as --all; compiler warnings are errors, and a skipped test that tests/skips-allowed.txt does not
#               list is a failure
# --no-install  leaves the system's packages alone
# TML_TEST_DATA names the folder of the published data; tests that want absent data are skipped.
# The exit code is that of the first ctest that failed, or 1 for anything else.
set -uo pipefail
if [ -n "${TML_TEST_DATA:-}" ]; then
  TML_TEST_DATA=$(realpath -m -- "$TML_TEST_DATA") # each test runs in a folder of its own
  export TML_TEST_DATA
fi
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

ci=no all=no slow=no install=yes
for argument in "$@"; do
  case "$argument" in
    --ci) ci=yes all=yes ;;
    --all) all=yes ;;
    --slow) slow=yes ;;
    --no-install) install=no ;;
    -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "run-tests.sh: unknown option '$argument' (try --help)" >&2; exit 64 ;;
  esac
done

data=${TML_TEST_DATA:-../shared/data}
summary=()
first_failure=0

headline() {
  printf '\n== %s\n' "$*"
}

# step NAME COMMAND...: runs it and notes how long it took; what fails to build ends the run.
step() {
  local name=$1 start=$SECONDS
  shift
  headline "$name"
  "$@" || { echo "run-tests.sh: failed: $name" >&2; exit 1; }
  summary+=("$(printf '%6d s  %s' $((SECONDS - start)) "$name")")
}

# tests PRESET: runs ctest and keeps its summary; a failed test does not end the run.
tests() {
  local preset=$1 start=$SECONDS code line
  headline "Testing: $preset"
  if ctest --preset "$preset" -N | grep -q '^Total Tests: 0$'; then
    summary+=("$(printf '%6d s  Testing: %s: there is no such test' 0 "$preset")")
    return
  fi
  mkdir -p build/test-reports
  rm -f "build/test-reports/$preset.xml"
  ctest --preset "$preset" --test-output-size-passed 1000000 \
    --output-junit "$PWD/build/test-reports/$preset.xml" | tee "build/test-reports/$preset.log"
  code=${PIPESTATUS[0]}
  line=$(grep -E '^[0-9]+% tests passed' "build/test-reports/$preset.log" || echo 'ctest gave no summary')
  summary+=("$(printf '%6d s  Testing: %s' $((SECONDS - start)) "$preset")" "$line")
  if [ "$code" -ne 0 ] && [ "$first_failure" -eq 0 ]; then
    first_failure=$code
  fi
}

# Tests of a JUnit file that did not run, one per line: name, tab, reason. What a test printed as "skipped: ..."
# is the reason; a test program that skips only some of its cases is named PROGRAM/CASE.
list_skips() {
  awk '
    function plain(text) {
      gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text)
      gsub(/&amp;/, "\\&", text)
      return text
    }
    /<testcase name="/ {
      name = $0; sub(/.*<testcase name="/, "", name); sub(/".*/, "", name)
      is_skipped = /status="disabled"/; reason = ""; last = ""; split("", seen)
    }
    /<skipped / { is_skipped = 1 }
    /<system-out>/ { is_output = 1; sub(/.*<system-out>/, "") }
    is_output {
      is_end = sub(/<\/system-out>.*/, "")
      line = plain($0)
      if (line ~ /^(-- )?skipped: /) { reason = line; sub(/^(-- )?skipped: /, "", reason) }
      if (line != "") last = line
      if (line ~ /^\[ +SKIPPED \] / && line !~ /test\(s\)/ && !is_skipped) {
        sub(/^\[ +SKIPPED \] /, "", line)
        if (!(line in seen)) print plain(name) "/" line "\t" (reason != "" ? reason : "no reason given")
        seen[line] = 1
      }
      if (is_end) is_output = 0
    }
    /<\/testcase>/ && is_skipped { print plain(name) "\t" (reason != "" ? reason : last != "" ? last : "no reason given") }
  ' "$1"
}

# Is this skip in the reviewed list, under the conditions of this run?
is_allowed() {
  local name=$1 reason=$2 name_pattern reason_pattern when
  while IFS='|' read -r name_pattern reason_pattern when _; do
    [[ $name_pattern =~ ^[[:space:]]*(#|$) ]] && continue
    read -r name_pattern <<<"$name_pattern"
    read -r reason_pattern <<<"$reason_pattern"
    read -r when <<<"$when"
    # Patterns, so unquoted.
    # shellcheck disable=SC2053
    if [[ $name == $name_pattern && $reason == $reason_pattern ]]; then
      case "$when" in
        always) return 0 ;;
        no-data) [ -d "$data" ] || return 0 ;;
        *) echo "tests/skips-allowed.txt: unknown condition '$when' (always, no-data)" >&2 ;;
      esac
    fi
  done <tests/skips-allowed.txt
  return 1
}

report_skips() {
  local name reason mark count=0 refused=0 file
  headline 'Skipped tests'
  for file in build/test-reports/*.xml; do
    [ -e "$file" ] || continue
    while IFS=$'\t' read -r name reason; do
      count=$((count + 1))
      mark=''
      if ! is_allowed "$name" "$reason"; then
        refused=$((refused + 1))
        [ "$ci" = no ] || mark='  [not in tests/skips-allowed.txt]'
      fi
      printf '%s %s: %s%s\n' "$(basename "$file" .xml)" "$name" "$reason" "$mark"
    done < <(list_skips "$file")
  done
  [ "$count" -gt 0 ] || echo none
  if [ "$refused" -gt 0 ] && [ "$ci" = yes ]; then
    echo "run-tests.sh: $refused skipped tests are not in tests/skips-allowed.txt" >&2
    [ "$first_failure" -ne 0 ] || first_failure=1
  fi
}

rm -f build/test-reports/*.xml
if [ "$install" = yes ]; then
  extras=()
  [ "$ci" = yes ] && extras=(--with-test-extras)
  step 'Installing what is missing' jobs/install-dependencies.sh "${extras[@]}"
fi
if [ "$(id -u)" -eq 0 ]; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
if [ "$ci" = yes ]; then
  export TML_WERROR=ON
fi
[ -d "$data" ] || echo "note: no published data in '$data'; set TML_TEST_DATA to run the tests that want them"

step 'Configuring: release' cmake --preset release
step 'Building: release' cmake --build --preset release
tests release
[ "$slow" = yes ] && tests slow
if [ "$all" = yes ]; then
  step 'Configuring: asan' cmake --preset asan
  step 'Building: asan' cmake --build --preset asan
  tests asan
fi
report_skips

headline 'Summary'
printf '%s\n' "${summary[@]}"
if [ "$first_failure" -eq 0 ]; then
  echo 'run-tests.sh: all is well'
else
  echo 'run-tests.sh: FAILED' >&2
fi
exit "$first_failure"
