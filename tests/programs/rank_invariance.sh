# Ranks, threads and ways of reading change nothing but the time: the same weights bit for bit and the same losses in
# every step, while each rank reads its rows once, holds its share, runs its share, and receives its share.
# tml-test: TIMEOUT 240
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
make_grid
run 0 tml grid info g.h5
expect_in "$out" "300 spectra x 104 wavelengths"
write_configuration train.yml

# trained NAME RANKS ARGUMENTS...: a training in runs/NAME.
trained() {
  local name=$1 ranks=$2
  shift 2
  run 0 tml_n "$ranks" train train.yml --run-dir "runs/$name" --no-progress "$@"
  expect_not_in "$err" "idle"
}

# shares_hold NAME: the columns of ranks.csv, against what an even deal gives (mpi/share.h): 300 rows, and per epoch
# one batch of 19 lanes and one of those that are left of the training part.
shares_hold() {
  local train lanes
  train=$(sed -n 's/^parts  *train \([0-9]*\),.*/\1/p' "$err")
  [ "${train:-0}" -gt 152 ] || fail "the training part has '$train' spectra"
  lanes=$(((train - 152 + 7) / 8))
  awk -F, -v left="$lanes" -v epochs=4 '
    function share(total, rank, size) { return int(total / size) + (rank < total % size ? 1 : 0) }
    function wrong(text) { print "rank " $1 ": " text " (" $0 ")"; bad = 1 }
    NR > 1 { line[NR - 2] = $0 }
    END {
      size = NR - 1
      row_bytes = 104 * 4 + 4 * 8 + 8 # fluxes, parameters, row number
      for (r = 0; r < size; ++r) {
        $0 = line[r]
        if ($1 != r) wrong("is out of order")
        if ($2 != share(300, r, size)) wrong("rows_read is not its share of 300")
        if ($3 != $2 * row_bytes) wrong("bytes_read is not that of its rows, " row_bytes " each")
        if ($4 != $2) wrong("samples_held is not what it has read")
        if ($5 != epochs * (share(19, r, size) + share(left, r, size)) || $5 == 0)
          wrong("lanes_run is not its share of " epochs " x (19 + " left ")")
        rows += $2; held += $4; lanes += $5; samples += $6; gradients += $7
      }
      if (rows != 300 || held != 300) wrong("rows read " rows ", held " held " in all, not 300")
      if (lanes != epochs * (19 + left)) wrong("lanes in all: " lanes)
      for (r = 0; r < size; ++r) {
        $0 = line[r]
        if ($6 > 2 * samples / size) wrong("receives more than twice the mean of the samples")
        if ($7 > 2 * gradients / size) wrong("receives more than twice the mean of the gradients")
      }
      if (size > 1 && (samples == 0 || gradients == 0)) wrong("nothing was exchanged")
      if (size == 1 && gradients != 0) wrong("a single rank receives gradients")
      exit bad
    }' "runs/$1/ranks.csv" >shares.txt || fail "$1: $(cat shares.txt)"
}

mkdir runs
for ranks in 1 2 3 5; do
  for threads in 1 2; do
    name=n${ranks}t$threads
    trained "$name" "$ranks" --threads "$threads"
    [ "$name" = n1t1 ] && digest=$(weights)
    [ "$(weights)" = "${digest:-none}" ] || fail "$name: weights $(weights) instead of $digest"
    expect_same_run "runs/$name" runs/n1t1
    shares_hold "$name"
  done
done

# What was compared is a training: steps, epochs, losses that move.
[ "$(wc -l <runs/n1t1/metrics.jsonl)" -eq 8 ] || fail "not 8 steps"
[ "$(cut -d, -f5 runs/n1t1/history.csv | sort -u | wc -l)" -eq 5 ] || fail "the loss does not move"

# The same again is the same; every random number follows the seed and its own switch.
trained again 2
[ "$(weights)" = "$digest" ] || fail "the second time: $(weights) instead of $digest"
expect_same_run runs/again runs/n1t1
for change in run.seed=2 input.noise=none input.snr='[20,100]' network.fc1_dropout=0 network.fc2_dropout=0; do
  trained "other $change" 2 --set "$change"
  [ "$(weights)" != "$digest" ] || fail "$change changes nothing"
done

# Ways of reading.
for mode in independent collective posix; do
  trained "$mode" 3 --set "io.mode=$mode"
  [ "$(weights)" = "$digest" ] || fail "io.mode $mode: weights $(weights) instead of $digest"
  expect_same_run "runs/$mode" runs/n1t1
done

# Computers of one, two and three ranks, as far as memory is shared: gradients by message, out of shared memory, and both.
for size in 1 2 3; do
  export TML_TEST_NODE_SIZE=$size
  trained "nodes$size" 5 --threads 2
  [ "$(weights)" = "$digest" ] || fail "nodes of $size ranks: weights $(weights) instead of $digest"
  expect_same_run "runs/nodes$size" runs/n1t1
  shares_hold "nodes$size"
done
unset TML_TEST_NODE_SIZE

# The fast reduction rounds differently: after 8 steps the losses agree to 1e-4, some hundred roundings of float32.
for ranks in 1 3; do
  trained "fast$ranks" "$ranks" --set numerics.reduction=fast
  expect_in "$err" "reduction fast"
  paste -d, runs/n1t1/history.csv "runs/fast$ranks/history.csv" |
    awk -F, 'NR > 1 { for (i = 5; i <= 14; ++i) { d = $(i + 14) / $i - 1; if (!(d < 1e-4 && d > -1e-4)) bad = 1 } }
      END { exit bad || NR != 5 }' || fail "fast on $ranks ranks: the losses are not those of exact"
done

# More ranks than lanes: said, and the numbers stay.
run 0 tml train train.yml --run-dir runs/few1 --no-progress --set batch.global=16
digest=$(weights)
run 0 tml_n 3 train train.yml --run-dir runs/few3 --no-progress --set batch.global=16
expect_in "$err" "a batch has 2 lanes of 8 spectra for 3 ranks (idle: 1)"
[ "$(weights)" = "$digest" ] || fail "an idle rank changes the weights"
expect_same_run runs/few3 runs/few1
expect_no_leftover
