#!/usr/bin/env bash
# Measures how much faster a training becomes with more ranks: strong scaling (the same global batch on all counts of
# ranks) and weak scaling (the same batch per rank). Every count is measured in every round, one after the other, so
# that a disturbance of the machine meets all of them; each measurement is `telescopeml bench step`. Writes
# DIR/scaling.csv (docs/contracts.md, "Report") and draws it: DIR/report.html, DIR/figures/scaling_*.
#   jobs/scaling/run.sh [OPTION ...]
# --ranks LIST        counts of ranks (default 1,2); what a job has been given, in powers of two, is a good list
# --threads T         of each rank (default 1)
# --config FILE       configuration of the training (default jobs/configs/published.yml)
# --batch B           global batch of the strong study (default: batch.lane times the most ranks and threads)
# --batch-per-rank B  of the weak study (default: batch.lane times the threads)
# --lane L            spectra of a lane (default: batch.lane of the configuration)
# --rounds R          (default 5)
# --steps N           of each measurement (default 20)
# --kinds LIST        strong,weak
# --launcher 'WORDS'  what starts ranks; their number follows (default: mpirun, a core for each thread, -np)
# --program FILE      (default build/release/telescopeml)
# --out DIR           a folder that exists or is made (default runs/scaling); an earlier scaling.csv is replaced
# Fails (1) if two measurements of the same batch end with other weights.
set -euo pipefail

ranks=1,2 threads=1 configuration='' batch='' per_rank='' lane='' rounds=5 steps=20 kinds=strong,weak
launcher='' program='' out=''

usage() {
  echo "scaling/run.sh: $*" >&2
  exit 64
}

# need_count OPTION VALUE: a whole number above 0.
need_count() {
  [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] || usage "$1 wants a whole number above 0, not '$2'"
}

while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) sed -n '2,21s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --ranks | --threads | --config | --batch | --batch-per-rank | --lane | --rounds | --steps | --kinds | --launcher | \
      --program | --out) [ $# -ge 2 ] || usage "$1 wants a value" ;;
    *) usage "unknown option '$1' (try --help)" ;;
  esac
  case "$1" in
    --ranks) ranks=$2 ;;
    --kinds) kinds=$2 ;;
    --launcher) launcher=$2 ;;
    # A path is meant relative to where the person stands, not to the repository.
    --config) configuration=$(realpath -m -- "$2") ;;
    --program) program=$(realpath -m -- "$2") ;;
    --out) out=$(realpath -m -- "$2") ;;
    *)
      need_count "$1" "$2"
      case "$1" in
        --threads) threads=$2 ;;
        --batch) batch=$2 ;;
        --batch-per-rank) per_rank=$2 ;;
        --lane) lane=$2 ;;
        --rounds) rounds=$2 ;;
        --steps) steps=$2 ;;
      esac
      ;;
  esac
  shift 2
done
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
configuration=${configuration:-jobs/configs/published.yml}
program=${program:-build/release/telescopeml}
out=${out:-runs/scaling}
IFS=, read -ra rank_list <<<"$ranks"
IFS=, read -ra kind_list <<<"$kinds"
[ -x "$program" ] || { echo "scaling/run.sh: there is no program '$program'; build it: cmake --workflow release" >&2; exit 66; }
[ -r "$configuration" ] || { echo "scaling/run.sh: the configuration '$configuration' cannot be read" >&2; exit 66; }

most=1
for n in "${rank_list[@]}"; do
  need_count --ranks "$n"
  [ "$n" -le "$most" ] || most=$n
done
for kind in "${kind_list[@]}"; do
  [ "$kind" = strong ] || [ "$kind" = weak ] || usage "--kinds wants strong, weak or strong,weak, not '$kinds'"
done
if [ -z "$lane" ]; then
  lane=$(sed -n 's/^batch:.*[{ ]lane: *\([0-9]*\).*/\1/p; /^batch: *$/,/^[^ ]/s/^ \{1,\}lane: *\([0-9]*\).*/\1/p' "$configuration" | head -n 1)
  lane=${lane:-16}
fi
batch=${batch:-$((lane * most * threads))}
per_rank=${per_rank:-$((lane * threads))}
[ "$batch" -ge $((lane * most * threads)) ] ||
  echo "scaling/run.sh: a batch of $batch in lanes of $lane leaves some of $most ranks of $threads thread(s) idle" >&2

if [ "$(id -u)" -eq 0 ]; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
export OMP_NUM_THREADS=1
# Words, not one.
# shellcheck disable=SC2206
start=(${launcher:-mpirun --map-by "slot:PE=$threads" --bind-to core -np})
mkdir -p "$out"
table=$out/scaling.csv.partial
figures=$out/bench.jsonl.partial
trap 'rm -f -- "$figures"' EXIT

# row KIND RANKS ROUND: the figures of one measurement as a line of the table. Communication is what a step spends on
# the spectra, the losses (with the wait for the slowest rank) and the gradients of other ranks.
row() {
  awk -v kind="$1" -v ranks="$2" -v repeat="$3" -v threads="$threads" '
    function member(name, text) {
      if (!match($0, "\"" name "\":(\"[^\"]*\"|[^,}]*)")) return ""
      text = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
      gsub(/"/, "", text)
      return text == "null" ? "" : text
    }
    { value[member("name")] = member("value") }
    member("name") == "step" { batch = member("batch"); digest = member("digest"); load = member("foreign_load") }
    END {
      p = "step.part."
      fetch = value[p "fetch"]; losses = value[p "losses"]; reduction = value[p "reduction"]
      optimiser = value[p "optimiser"]
      all = 0
      # The rest is by the clock of rank 0, below 0 where that rank began late.
      for (name in value) if (index(name, p) == 1 && value[name] > 0) all += value[name]
      if (!(value["step"] > 0) || !(all > 0)) { print "no figure of a step" > "/dev/stderr"; exit 1 }
      printf "%s,%d,%d,%d,%d,%.6g,%.6f,%s,%.6g,%.6g,%.6g,%.6g,%.6g,%.6g,%s\n", kind, ranks, threads, repeat, batch,
        value["step"], (fetch + losses + reduction) / all, digest, all,
        all - fetch - losses - reduction - optimiser, fetch, losses, reduction, optimiser, load
    }' "$figures"
}

# measure KIND RANKS ROUND: one line more in the table.
measure() {
  local size=(--set "batch.global=$batch")
  [ "$1" = strong ] || size=(--batch-per-rank "$per_rank")
  "${start[@]}" "$2" "$program" bench step --config "$configuration" --threads "$threads" --lane "$lane" "${size[@]}" \
    --steps "$steps" --repeats 1 --json </dev/null >"$figures" || {
    local code=$?
    echo "scaling/run.sh: failed on $2 ranks with exit code $code" >&2
    exit "$code"
  }
  row "$@" >>"$table"
  tail -n 1 "$table" | awk -F, '{ printf "round %d  %-6s %4d rank(s)  %10.0f spectra/s  %5.1f %% communication\n", $4, $1, $2, $6, 100 * $7 }'
}

echo 'kind,ranks,threads,repeat,batch,samples_per_second,communication_share,digest,step_ms,compute_ms,fetch_ms,losses_ms,reduction_ms,optimiser_ms,foreign_load' >"$table"
for ((round = 1; round <= rounds; ++round)); do
  for n in "${rank_list[@]}"; do
    for kind in "${kind_list[@]}"; do
      measure "$kind" "$n" "$round"
    done
  done
done

awk -F, 'NR > 1 {
    if ($5 in digest && digest[$5] != $8) {
      printf "scaling/run.sh: %s on %d ranks, round %d: weights %s, where other runs of the batch %d have %s\n", $1, $2, $4, $8, $5, digest[$5] > "/dev/stderr"
      bad = 1
    }
    digest[$5] = $8
  }
  END { exit bad }' "$table"
mv -- "$table" "$out/scaling.csv"
echo "weights    the same for the same batch on all counts of ranks"
"$program" report "$out" --out "$out" </dev/null
