# Jobs in the background whose ranks are looked at and signalled one by one; sourced after lib_program.sh.
# shellcheck shell=bash disable=SC2154

# descendants PID: all processes below it.
descendants() {
  local child
  for child in $(pgrep -P "$1"); do
    echo "$child"
    descendants "$child"
  done
}

# ranks_of PID: those of them that are ranks, in the order of their start.
ranks_of() {
  local process
  for process in $(descendants "$1"); do
    [ "$(readlink "/proc/$process/exe")" = "$(readlink -f "$TML_PROGRAM")" ] && echo "$process"
  done
}

# rank_process PID RANK: the process that is this rank.
rank_process() {
  local process
  for process in $(ranks_of "$1"); do
    tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null | grep -qx "OMPI_COMM_WORLD_RANK=$2" && echo "$process"
  done
}

# gone PID...: none of them runs any more.
gone() {
  local process
  for process; do
    [ ! -e "/proc/$process" ] || [ "$(sed 's/.*) //; s/ .*//' "/proc/$process/stat" 2>/dev/null)" = Z ] || return 1
  done
}

# until_true SECONDS WHAT COMMAND...: poll; the job is ended when it takes too long.
until_true() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || {
      # shellcheck disable=SC2046
      kill -9 "$job" $(descendants "$job") 2>/dev/null
      fail "waited in vain for $what: $(tail -n 3 job.err)"
    }
    sleep 0.01
  done
}

# background RANKS ARGUMENTS...: the program in the background; $job is its launcher.
background() {
  local ranks=$1
  shift
  # TML_MPIEXEC is a command with its options.
  # shellcheck disable=SC2086
  $TML_MPIEXEC "$ranks" "$TML_PROGRAM" "$@" </dev/null >job.out 2>job.err &
  job=$!
}

# newest_step RUN: the newest checkpoint of a run, as its step; 0 if there is none.
newest_step() {
  local newest
  newest=$(find "$1/checkpoints" -name 'step-*.h5' 2>/dev/null | sort | tail -n 1)
  newest=${newest##*step-}
  newest=${newest%.h5}
  echo $((10#${newest:-0}))
}

# reached RUN STEP: there is a checkpoint of this step or a later one.
reached() {
  [ "$(newest_step "$1")" -ge "$2" ]
}
