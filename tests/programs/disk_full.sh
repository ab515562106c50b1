# A disk that is full at every 64 KiB of a checkpoint: exit code 74, a message with the file, the earlier checkpoint
# and all else as they were, nothing half-written left, and with room the training goes on to the same weights.
# The disk is a file system in memory of just that size; without root, one within a name space of our own.
# tml-test: TIMEOUT 200
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
umount full 2>umount.err # of a test that was interrupted
rm -rf -- ./*
make_grid
write_configuration train.yml
# Larger checkpoints: about 1 MiB.
sed -i 's/fc1_units: 16/fc1_units: 180/; s/fc2_units: 16/fc2_units: 180/' train.yml
training=(train train.yml --no-progress)
run 0 tml "${training[@]}" --run-dir whole --set stop.epochs=2
digest=$(weights)
run 0 tml "${training[@]}" --run-dir one --set stop.epochs=1
first=one/checkpoints/step-00000002.h5
expect_file "$first"
size=$(stat -c %s "$first")
[ "$size" -gt 700000 ] || fail "a checkpoint has only $size bytes"

mkdir full
if ! mount -t tmpfs -o size=1m tmpfs full 2>mount.err; then
  [ -z "${DISK_FULL_INSIDE:-}" ] && unshare -rm true 2>>mount.err || skip "no file system can be mounted: $(head -n 1 mount.err)"
  DISK_FULL_INSIDE=yes exec unshare -rm bash "${BASH_SOURCE[0]}"
fi
umount full
trap 'umount full 2>/dev/null' EXIT

# disk KIB: the run after its first epoch, on a disk with so much room left (and a little for the small files).
disk() {
  umount full 2>umount.err
  mount -t tmpfs -o "size=$(($(du -sk one | cut -f1) + 64 + $1))k" tmpfs full || fail "a disk cannot be mounted any more"
  cp -r one full/run
}

# unharmed RUN: what was there before is there still.
unharmed() {
  [ "$(grep -c '^telescopeml: ' "$err")" -eq 1 ] || fail "not one message"
  expect_in "$err" "$1/checkpoints/step-00000004.h5"
  expect_same "$1/checkpoints/step-00000002.h5" "$first"
  expect_absent "$1/checkpoints/step-00000004.h5" "$1/model.h5"
  [ -z "$(find "$1" -name '*.partial')" ] || fail "left behind: $(find "$1" -name '*.partial')"
}

rm -r one/model.h5 one/figures
for ((kib = 0; (kib + 64) * 1024 < size; kib += 64)); do
  disk "$kib"
  run 74 tml "${training[@]}" --run-dir full/run --resume --set stop.epochs=2
  expect_in "$err" "No space left on device"
  unharmed full/run
done
disk 0
run 74 tml_n 2 "${training[@]}" --run-dir full/run --resume --set stop.epochs=2
unharmed full/run
disk $((3 * size / 1024))
run 0 tml_n 2 "${training[@]}" --run-dir full/run --resume --set stop.epochs=2
[ "$(weights)" = "$digest" ] || fail "weights $(weights) instead of $digest"
