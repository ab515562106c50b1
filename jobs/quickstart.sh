#!/usr/bin/env bash
# From a fresh clone to a trained network, its scores on spectra it has never seen, an observed object that it explains
# and a report to read, on two ranks.
#   jobs/quickstart.sh [--no-install] [--run-dir DIR] [OBSERVATION ...]
# --no-install   leaves the system's packages alone
# --run-dir DIR  where the run is written (default runs/quickstart); grids and the simulated object lie beside it as DIR-*
# OBSERVATION    a spectrum (ASCII or FITS) with a file NAME.yml beside it that gives distance_pc and radius_rjup; it is
#                explained as well, by the toy model, which is a trial and not science
# Everything of an earlier quickstart in the same place is replaced.
# Ends with 0 if the network is better than the nearest spectrum of the grid, else with 1.
set -euo pipefail

install=yes run_dir=
observations=()
while [ $# -gt 0 ]; do
  case "$1" in
    --no-install) install=no ;;
    --run-dir)
      [ $# -ge 2 ] || { echo 'quickstart.sh: --run-dir wants a folder' >&2; exit 64; }
      # A folder is meant relative to where the person stands, not to the repository.
      run_dir=$(realpath -m -- "$2")
      shift
      ;;
    -h | --help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "quickstart.sh: unknown option '$1' (try --help)" >&2; exit 64 ;;
    *)
      [ -r "$1" ] || { echo "quickstart.sh: the observation '$1' is not there or cannot be read" >&2; exit 66; }
      observations+=("$(realpath -- "$1")")
      ;;
  esac
  shift
done
cd "$(dirname "${BASH_SOURCE[0]}")/.."
run_dir=${run_dir:-runs/quickstart}

program=build/release/telescopeml
grid=$run_dir-grid.h5
unseen=$run_dir-unseen.h5
object=$run_dir-object.dat
ranks=2
build_log=build/quickstart-build.log
step_number=0 steps=8 step_start=0

# Two ranks start on any machine, also on one core and as root in a container.
if [ "$(id -u)" -eq 0 ]; then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
parallel=(mpirun --map-by :OVERSUBSCRIBE --bind-to none -np "$ranks" "$program")

begin() {
  step_number=$((step_number + 1))
  step_start=$SECONDS
  printf '\n[%d/%d] %s\n' "$step_number" "$steps" "$1"
}

end() {
  printf '      %d s\n' $((SECONDS - step_start))
}

# quietly COMMAND...: its output goes to the log and is shown only if it fails.
quietly() {
  "$@" >>"$build_log" 2>&1 || {
    tail -n 40 "$build_log" >&2
    echo "quickstart.sh: failed: $* (everything is in $build_log)" >&2
    exit 1
  }
}

# must COMMAND...: shown as it runs; its failure ends the quickstart with its exit code.
must() {
  "$@" </dev/null || {
    local code=$?
    echo "quickstart.sh: failed with exit code $code: $*" >&2
    exit "$code"
  }
}

mkdir -p build "$(dirname "$run_dir")"
: >"$build_log"

begin 'Installing what is missing'
if [ "$install" = yes ]; then
  must jobs/install-dependencies.sh
else
  echo '      left out (--no-install)'
fi
end

begin 'Building the program'
quietly cmake --preset release
quietly cmake --build --preset release --target telescopeml
end

begin 'Computing a grid of 4,000 synthetic spectra to learn from'
must "${parallel[@]}" grid synth --preset quickstart --random 4000 --seed 1 --out "$grid" --force
end

begin 'Computing 500 spectra at other parameters, never used for training'
must "${parallel[@]}" grid synth --preset quickstart --random 500 --seed 2 --out "$unseen" --force
end

begin "Training a network on $ranks ranks"
must "${parallel[@]}" train jobs/configs/quickstart.yml --run-dir "$run_dir" --force \
  --set "grid.path=$grid"
end

begin 'Scoring it on the unseen spectra with noise (S/N 30), beside the nearest spectrum of the grid'
must "${parallel[@]}" evaluate --model "$run_dir/model.h5" --grid "$unseen" --split all --snr 30 \
  --baseline "$grid" --out "$run_dir"
end

begin 'Simulating an observation of one of them (S/N 30, at 10 pc)'
must "$program" simulate --grid "$unseen" --row 17 --snr 30 --name 'Simulated object' --distance-pc 10:0.1 \
  --radius-rjup 1:0.02 --out "$object" --force
end

begin 'Asking the network what was observed, and writing the report'
must "${parallel[@]}" predict --model "$run_dir/model.h5" --observation "$object" "${observations[@]}" --out "$run_dir" --force
end

scores=$run_dir/evaluation.json
entry() {
  printf '  %-46s %s\n' "$1" "$2"
}
printf '\nDone in %d s. What you have now:\n' "$SECONDS"
entry "$run_dir/report.html" 'the report: open it in a browser'
entry "$run_dir/model.h5" 'the trained network with all that a prediction needs'
entry "$scores" 'its scores'
entry "$run_dir/figures/" 'figures as PDF, SVG and PNG'
entry "$object" 'the simulated observation; its true values are in the .yml beside it'
entry "$run_dir/results.h5" 'what was found, with every Monte-Carlo draw'
entry "$run_dir/history.csv" 'the losses of every epoch'
entry "$grid" 'the spectra it learned from'
entry "$unseen" 'the spectra it was scored on'
printf 'What next:\n'
entry "$program --help" 'all commands'
entry "$program train --help-config" 'every setting of a training'
entry 'jobs/configs/observed.yml' 'the kind of training that real observations want'
entry 'jobs/configs/' 'example configurations: change one and train again'
entry 'jobs/run-tests.sh' 'the tests'

grep -Eq '"beats_baseline"[[:space:]]*:[[:space:]]*true' "$scores" || {
  echo "quickstart.sh: the network is not better than the nearest spectrum of the grid (see $scores)" >&2
  exit 1
}
