# A Slurm of this one machine, with everything of it below the working directory; sourced after lib_program.sh.
# shellcheck shell=bash

slurm_daemons=()

# start_slurm: munged, slurmctld and slurmd of this test alone; skips where they cannot be started.
start_slurm() {
  local tool host port=$((20000 + $$ % 20000)) here=$PWD/slurm
  for tool in munged slurmctld slurmd sbatch srun scontrol squeue scancel sinfo; do
    command -v "$tool" >/dev/null || skip "Slurm cannot be started: there is no $tool"
  done
  unset "${!SLURM_@}" "${!SBATCH_@}"
  [ "$(id -u)" -eq 0 ] || skip 'Slurm cannot be started: slurmd wants root'
  host=$(hostname -s)
  mkdir -p slurm/state slurm/spool
  head -c 128 /dev/urandom >slurm/key && chmod 600 slurm/key
  cat >slurm/slurm.conf <<C
ClusterName=tml
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$here/socket
CredType=cred/munge
StateSaveLocation=$here/state
SlurmdSpoolDir=$here/spool
SlurmctldPidFile=$here/slurmctld.pid
SlurmdPidFile=$here/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
C
  export SLURM_CONF=$here/slurm.conf
  trap stop_slurm EXIT
  munged --foreground --force --key-file="$here/key" --socket="$here/socket" --pid-file="$here/munged.pid" \
    --log-file="$here/munged.log" --seed-file="$here/seed" >slurm/munged.out 2>&1 &
  slurm_daemons+=($!)
  within 10 test -S slurm/socket || skip 'Slurm cannot be started: munged does not run'
  slurmctld -D >slurm/slurmctld.out 2>&1 &
  slurm_daemons+=($!)
  slurmd -D -N "$host" >slurm/slurmd.out 2>&1 &
  slurm_daemons+=($!)
  within 20 is_node_idle || skip "Slurm cannot be started: $(grep -h -m 1 -E 'fatal|error' slurm/*.out || echo 'the node does not come up')"
}

# stop_slurm: the jobs, then the daemons, last ones first.
stop_slurm() {
  local i
  scancel --full --quiet --user root >/dev/null 2>&1
  within 15 no_jobs
  for ((i = ${#slurm_daemons[@]} - 1; i >= 0; i--)); do
    kill "${slurm_daemons[i]}" 2>/dev/null
    wait "${slurm_daemons[i]}" 2>/dev/null
  done
  slurm_daemons=()
}

# within SECONDS COMMAND...: poll until it holds.
within() {
  local end=$((SECONDS + $1))
  shift
  until "$@" 2>/dev/null; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

is_node_idle() {
  [ "$(sinfo --noheader --format=%t)" = idle ]
}

no_jobs() {
  local jobs
  jobs=$(squeue --noheader) && [ -z "$jobs" ]
}

# job_is JOB STATE
job_is() {
  [ "$(squeue --noheader --states=all --jobs="$1" --format=%T)" = "$2" ]
}
