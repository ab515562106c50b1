#!/usr/bin/env bash
# grid synth: an interrupted job goes on where it stopped, on any number of ranks, and ends with the same data.
# tml-test: LABELS program
# tml-test: TIMEOUT 300
. "$TML_SOURCE/tests/programs/lib_program.sh"

need_python h5py numpy
rm -rf ./*.h5 ./*.h5.partial ./*.h5.blocks ./*.csv

job=(grid synth --preset quickstart --latin 3000 --seed 5 --range teff=600:1500 --no-progress)

# data FILE: digest of everything but the provenance.
data() {
  "$TML_PYTHON" - "$1" <<'EOF'
import hashlib
import sys
import h5py

digest = hashlib.sha256()
with h5py.File(sys.argv[1], "r") as f:
    names = []
    f.visititems(lambda n, o: names.append(n) if isinstance(o, h5py.Dataset) else None)
    for name in sorted(names):
        digest.update(name.encode())
        digest.update(f[name][()].tobytes())
print(digest.hexdigest())
EOF
}

# Wait until a job in the background has finished some blocks.
wait_for_blocks() {
  local tries=0
  while [ "$(cat -- "$1".blocks/blocks-* 2>/dev/null | wc -c)" -lt 60000 ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || fail "no blocks in $1.blocks"
    sleep 0.05
  done
}

run 0 tml_n 2 "${job[@]}" --out whole.h5
expect_absent whole.h5.blocks whole.h5.partial
whole=$(data whole.h5)

# --- kill -9 ------------------------------------------------------------------------------------------------
"$TML_PROGRAM" "${job[@]}" --out killed.h5 >/dev/null 2>&1 &
pid=$!
wait_for_blocks killed.h5
kill -9 "$pid"
wait "$pid" 2>/dev/null
expect_absent killed.h5
expect_file killed.h5.blocks/job

# Neither forgotten nor taken for another job.
run 73 tml "${job[@]}" --out killed.h5
expect_in "$err" "--resume"
run 64 tml grid synth --preset quickstart --latin 3000 --seed 6 --range teff=600:1500 --out killed.h5 --resume
expect_in "$err" "there 'seed=5', here 'seed=6'"
run 64 tml grid synth --preset quickstart --latin 3000 --seed 5 --out killed.h5 --resume
run 64 tml "${job[@]}" --out killed.h5 --resume --force

# One byte of a finished block is changed: it is computed again, and said.
"$TML_PYTHON" - killed.h5.blocks/blocks-0-0 <<'EOF'
import sys

with open(sys.argv[1], "r+b") as f:
    f.seek(5000)
    byte = f.read(1)
    f.seek(5000)
    f.write(bytes([byte[0] ^ 1]))
EOF
run 0 tml_n 3 "${job[@]}" --out killed.h5 --resume --json
expect_in "$err" "1 block of finished spectra is damaged"
expect_in "$err" "spectra are there already"
expect_not_in "$out" '"resumed":	0'
expect_absent killed.h5.blocks killed.h5.partial
[ "$(data killed.h5)" = "$whole" ] || fail "resumed data differ"
run 73 tml "${job[@]}" --out killed.h5 --resume

# --- signal -------------------------------------------------------------------------------------------------
for signal in USR1 TERM; do
  "$TML_PROGRAM" "${job[@]}" --out stopped.h5 --json >stop.out 2>stop.err &
  pid=$!
  wait_for_blocks stopped.h5
  kill "-$signal" "$pid"
  wait "$pid"
  code=$?
  [ "$code" -eq 75 ] || fail "SIG$signal: exit code $code instead of 75"
  expect_in stop.err "go on with --resume"
  expect_in stop.out '"stopped_by":	"signal"'
  expect_in stop.out '"exit_code":	75'
  expect_absent stopped.h5 stopped.h5.partial
  run 0 tml_n 2 "${job[@]}" --out stopped.h5 --resume
  [ "$(data stopped.h5)" = "$whole" ] || fail "data differ after SIG$signal"
  rm stopped.h5
done

# --- time limit, again and again ----------------------------------------------------------------------------
slow=(grid synth --model cloudless --preset published --sobol 4096 --no-progress) # some seconds of two cores
stops=0
code=75
while [ "$code" -eq 75 ]; do
  tml_n 2 "${slow[@]}" --out limited.h5 --resume --time-limit 1 >"$out" 2>"$err"
  code=$?
  [ "$code" -ne 75 ] || stops=$((stops + 1))
  [ "$stops" -lt 100 ] || fail "no end"
done
[ "$code" -eq 0 ] || fail "exit code $code"
[ "$stops" -gt 0 ] || fail "the time limit did not stop it"
run 0 tml_n 3 "${slow[@]}" --out unlimited.h5
[ "$(data limited.h5)" = "$(data unlimited.h5)" ] || fail "data differ after time limits"
run 64 tml "${slow[@]}" --out x.h5 --time-limit soon

# --- --force begins anew ------------------------------------------------------------------------------------
"$TML_PROGRAM" "${job[@]}" --out forced.h5 >/dev/null 2>&1 &
pid=$!
wait_for_blocks forced.h5
kill -9 "$pid"
wait "$pid" 2>/dev/null
run 0 tml "${job[@]}" --out forced.h5 --force
expect_not_in "$err" "are there already"
[ "$(data forced.h5)" = "$whole" ] || fail "data differ after --force"

# --- what fails leaves nothing behind but what is worth something -------------------------------------------
run 73 tml "${job[@]}" --out no/such/folder/x.h5
mkdir -p folder.h5
run 73 tml "${job[@]}" --out folder.h5 --force
expect_absent folder.h5.blocks x.h5.blocks
rm -rf ./*.h5
