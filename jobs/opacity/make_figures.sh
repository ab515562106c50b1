#!/usr/bin/env bash
# Draws docs/figures/cloudless_against_bobcat.png and docs/figures/cloudless_absorbers.png with `telescopeml grid compare`.
#   jobs/opacity/make_figures.sh [PROGRAM]     (default build/release/telescopeml)
# The first wants the published grid: environment variable TML_TEST_DATA. Wants rsvg-convert (package librsvg2-bin).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
program=$(realpath -- "${1:-build/release/telescopeml}")
: "${TML_TEST_DATA:?make_figures.sh: set TML_TEST_DATA to the folder of the published grids}"
command -v rsvg-convert >/dev/null || { echo 'make_figures.sh: install librsvg2-bin' >&2; exit 66; }
most_bytes=150000
figures=$PWD/docs/figures
small_png=$PWD/tests/tools/small_png.py
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$figures"
cd "$work"

# figure NAME FIRST.h5 OTHER.h5...
figure() {
  local name=$1
  shift
  "$program" grid compare "$@" --out "$name"
  rsvg-convert --width 1400 --background-color white --output large.png "$name/grid_comparison.svg"
  PYTHONDONTWRITEBYTECODE=1 python3 "$small_png" large.png "$figures/$name.png" "$most_bytes"
}

# synth NAME OPTION...
synth() {
  local name=$1
  shift
  "$program" grid synth --model cloudless --nodes nodes.csv --out "$name.h5" --no-progress "$@"
}

{
  echo teff,logg,c_o,met
  printf '%s,5,1,0\n' 400 700 1000 1400 1800 2200
} >nodes.csv
"$program" grid import --csv "$TML_TEST_DATA/grids/sonora_bobcat_combined.csv.bz2" \
  --wavelengths "$TML_TEST_DATA/grids/wl.csv" --out 'Sonora Bobcat.h5'
synth cloudless
figure cloudless_against_bobcat 'Sonora Bobcat.h5' cloudless.h5

synth 'all absorbers' --wavelength-range 0.8:5
for gases in H2O CH4 CO Na,K NH3; do
  synth "without $gases" --wavelength-range 0.8:5 --without "$gases"
done
figure cloudless_absorbers 'all absorbers.h5' 'without H2O.h5' 'without CH4.h5' 'without CO.h5' 'without Na,K.h5' 'without NH3.h5'
