# The numbers of explore are those of NumPy, SciPy and scikit-learn, for a regular grid and for points at random.
# tml-test: TIMEOUT 300
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
need_python h5py numpy scipy sklearn
rm -rf -- ./*

make_grid
run 0 tml grid synth --preset quickstart --out regular.h5
for grid in regular g; do
  run 0 tml_n 2 explore "$grid.h5" --out "$grid"
  run 0 "$TML_PYTHON" -B "$TML_SOURCE/tests/tools/explore_reference.py" "$grid.h5" "$grid"
  if "$TML_PYTHON" -c 'import jsonschema' 2>/dev/null; then
    run 0 "$TML_PYTHON" -B "$TML_SOURCE/tests/tools/validate_json.py" \
      "$TML_SOURCE/docs/schema/explore.schema.json" "$grid/exploration.json"
  fi
done
