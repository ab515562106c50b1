#!/usr/bin/env bash
# Installs the Debian packages that TelescopeML needs and that are missing; does nothing when none is.
#   jobs/install-dependencies.sh [--with-test-extras] [--list]
# Needs root or sudo only when something is missing.
set -euo pipefail

required=(
  build-essential cmake ninja-build pkg-config git ca-certificates
  openmpi-bin libopenmpi-dev libhdf5-openmpi-dev hdf5-tools
  libblis-openmp-dev
  libplplot-dev plplot-driver-cairo fonts-dejavu-core
  libgsl-dev libcfitsio-dev libyaml-dev libcjson-dev librandom123-dev
  libxxhash-dev libhwloc-dev libbz2-dev zlib1g-dev libcmocka-dev
)
# Peers and readers that only the tests use; a test that lacks one skips and says so.
test_extras=(
  clang-format-14 procps netcdf-bin chromium
  slurmctld slurmd slurm-client munge # the job script tried on a Slurm of its own
  python3-h5py python3-numpy python3-yaml python3-jsonschema python3-sklearn python3-torch
  libopenblas0-openmp # the BLAS with which PyTorch is fastest at large batches (tests/bench)
)

wanted=("${required[@]}")
list_only=no
for argument in "$@"; do
  case "$argument" in
    --with-test-extras) wanted+=("${test_extras[@]}") ;;
    --list) list_only=yes ;;
    -h | --help) sed -n '2,4s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "install-dependencies.sh: unknown option '$argument' (try --help)" >&2; exit 64 ;;
  esac
done
if [ "$list_only" = yes ]; then
  printf '%s\n' "${wanted[@]}"
  exit 0
fi

command -v dpkg-query >/dev/null || {
  echo "install-dependencies.sh: this is not a Debian system; install these by hand:" >&2
  printf '  %s\n' "${wanted[@]}" >&2
  exit 70
}
missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
if [ "${#missing[@]}" -eq 0 ]; then
  echo "dependencies: all ${#wanted[@]} packages are installed"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "install-dependencies.sh: run it as root (there is no sudo), or have these installed:" >&2
    printf '  %s\n' "${missing[@]}" >&2
    exit 70
  }
  as_root=(sudo)
fi
echo "dependencies: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
