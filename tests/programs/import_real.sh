# The published Sonora Bobcat grid is imported on one and on two ranks to the same contents, which are those of the
# CSV file: fluxes to the rounding of float32, parameters, wavelengths and metadata exactly.
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
rm -rf -- ./*
need_data grids/sonora_bobcat_combined.csv.bz2
need_data grids/sonora_bobcat_combined.meta.csv
need_data grids/wl.csv
need_python h5py numpy
grids=$TML_TEST_DATA/grids

for ranks in 1 2; do
  run 0 tml_n "$ranks" grid import --csv "$grids/sonora_bobcat_combined.csv.bz2" --wavelengths "$grids/wl.csv" \
    --meta "$grids/sonora_bobcat_combined.meta.csv" --seed 3 --out "g$ranks.h5"
  expect_in "$err" "wrote g$ranks.h5: 659 spectra x 104 wavelengths"
done
run 0 tml grid import --csv "$grids/sonora_bobcat_combined.csv.bz2" --seed 4 --out other.h5 --quiet
[ ! -s "$err" ] || fail "--quiet is not quiet"

cat >compare.py <<'P'
import bz2, csv, sys
import h5py
import numpy as np

grids = sys.argv[1]
table = list(csv.reader(bz2.open(f"{grids}/sonora_bobcat_combined.csv.bz2", "rt")))
header, table = table[0], table[1:]
meta = list(csv.DictReader(open(f"{grids}/sonora_bobcat_combined.meta.csv")))
exact = np.sort(np.loadtxt(f"{grids}/wl.csv", skiprows=1))
columns = [i for i, name in enumerate(header) if name[0].isdigit()]
columns.sort(key=lambda i: float(header[i]))
flux = np.array([[float(row[i]) for i in columns] for row in table])
names = {"teff": "temperature", "logg": "gravity", "c_o": "c_o_ratio", "met": "metallicity"}


def check(path):
    with h5py.File(path, "r") as f:
        row = f["row"][()]
        assert sorted(row) == list(range(len(table))), "every row is there once"
        assert not np.array_equal(row, np.arange(len(table))), "rows are shuffled"
        assert np.array_equal(f["wavelength"][()], exact), "wavelengths are the exact ones"
        assert f["flux"].dtype == np.float32
        assert np.array_equal(f["flux"][()], flux[row].astype(np.float32)), "fluxes are rounded once"
        assert list(f["parameters"]) and set(f["parameters"]) == set(names)
        for name, column in names.items():
            values = np.array([float(line[header.index(column)]) for line in table])
            assert np.array_equal(f[f"parameters/{name}"][()], values[row]), name
        assert set(f["metadata"]) == {"family", "extra", "frac_sigmaT4_in_input_range", "source"}
        for name in f["metadata"]:
            texts = [line[name].encode() for line in meta]
            assert [t for t in f[f"metadata/{name}"][()]] == [texts[i] for i in row], name
        assert f["flux"].attrs["units"] in ("erg s-1 cm-2 Hz-1", b"erg s-1 cm-2 Hz-1")
        return row


row = check("g1.h5")
assert np.array_equal(row, check("g2.h5")), "the order does not depend on the ranks"
with h5py.File("other.h5", "r") as f:
    assert not np.array_equal(row, f["row"][()]), "another seed gives another order"
    assert f["wavelength"][0] == 0.897, "without --wavelengths those of the header are taken"
P
run 0 "$TML_PYTHON" compare.py "$grids"

# grid info says the same on any number of ranks, and what is known of this grid (shared data README).
run 0 tml grid info g1.h5 --verify
cp "$out" info1
run 0 tml_n 3 grid info g1.h5 --verify
expect_same info1 "$out"
expect_in info1 "g1.h5: 659 spectra x 104 wavelengths"
expect_in info1 "0.8967796 to 2.51196 micron"
expect_in info1 "every row has a spectrum of its own"
grep -Eq '^teff +K +200 +2400 +39$' info1 || fail "teff is not described as it is"
grep -Eq '^c_o +solar ratio +0.5 +1.5 +3  0.5, 1, 1.5$' info1 || fail "c_o is not described as it is"
run 0 tml_n 2 grid info g1.h5 --json
cat >read_json.py <<'P'
import json

document = json.load(open("run.out"))
result = document["result"]
assert document["schema"] == "telescopeml.grid-info/1" and document["exit_code"] == 0
assert result["rows"] == 659 and result["wavelength"]["count"] == 104
assert abs(result["wavelength"]["resolution_minimum"] - 100) < 1e-9  # 201/199 per pixel by construction
assert result["parameters"]["met"]["values"] == [-0.5, 0, 0.5]
assert result["identical_spectra"] == {"groups": 0, "rows": 0}
assert result["digest_checked"] is True and len(result["digest"]) == 32
assert result["provenance"]["seed"] == "3" and result["provenance"]["program"] == "telescopeml"
P
"$TML_PYTHON" read_json.py 2>python.err || fail "the JSON of grid info: $(tail -n 1 python.err)"
PYTHONDONTWRITEBYTECODE=1 "$TML_PYTHON" "$TML_SOURCE/tests/tools/validate_json.py" \
  "$TML_SOURCE/docs/schema/grid-info.schema.json" "$out" >schema.out 2>&1
case $? in
0 | 77) ;; # 77: no python3-jsonschema
*) fail "grid info --json and its schema: $(tail -n 3 schema.out)" ;;
esac

# Rows with the same spectrum are counted: twelve rows of this family in six pairs.
if [ -e "$grids/family_drift.csv.bz2" ]; then
  run 0 tml grid import --csv "$grids/family_drift.csv.bz2" --out drift.h5
  run 0 tml_n 2 grid info drift.h5
  expect_in "$out" "12 rows share their spectrum with another row, in 6 groups"
fi

# A grid that was damaged is refused before HDF5 reads it.
cp g1.h5 damaged.h5
printf 'x' | dd of=damaged.h5 bs=1 seek=100000 conv=notrunc 2>dd.err
for ranks in 1 2; do
  run 65 tml_n "$ranks" grid info damaged.h5
  expect_in "$err" "damaged.h5"
done
run 66 tml_n 2 grid info absent.h5
