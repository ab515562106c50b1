# A grid file opens in h5py and netCDF as it is: shapes, units, dimension scales, values. And it holds the same on
# one rank and on three.
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
need_python h5py numpy
command -v ncdump >/dev/null || skip "no ncdump (package netcdf-bin)"
rm -rf -- ./*

# 37 rows, wavelengths descending as in the published files; the values follow from the number of the row.
{
  echo "gravity,temperature,c_o_ratio,metallicity,2.0,1.75,1.5,1.25,1.0"
  for row in $(seq 0 36); do
    echo "$((3 + row % 3)).5,$((500 + 50 * row)),0.$((1 + row % 9)),-0.$((row % 8)),${row}e-6,${row}.5e-6,${row}.25e-6,1e-$((row + 1)),3.1415927e-7"
  done
} >grid.csv

run 0 tml grid import --csv grid.csv --out one.h5
run 0 tml_n 3 grid import --csv grid.csv --out three.h5

cat >check.py <<'PYTHON'
import csv
import h5py
import numpy as np


def check(what, told):
    if not told:
        raise SystemExit("not true: " + what)


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


source = [row for row in csv.reader(open("grid.csv"))]
header, rows = source[0], source[1:]
count = len(rows)
columns = {"logg": "gravity", "teff": "temperature", "c_o": "c_o_ratio", "met": "metallicity"}
contents = []
for path in ("one.h5", "three.h5"):
    with h5py.File(path, "r") as grid:
        check("user block", grid.userblock_size == 512)
        check("Conventions", text(grid.attrs["Conventions"]) == "CF-1.8")
        check("format", text(grid.attrs["format"]) == "telescopeml-grid" and grid.attrs["format_version"] == 1)
        check("solar_c_o", grid.attrs["solar_c_o"] == 0.458)
        check("title", len(text(grid.attrs["title"])) > 0)
        wavelength, row, flux = grid["wavelength"], grid["row"], grid["flux"]
        check("wavelength", wavelength.dtype == "<f8" and list(wavelength[:]) == [1.0, 1.25, 1.5, 1.75, 2.0])
        check("row", row.dtype == "<i8" and sorted(row[:]) == list(range(count)))
        check("the rows are shuffled", list(row[:]) != list(range(count)))
        check("flux", flux.dtype == "<f4" and flux.shape == (count, 5))
        for at, number in enumerate(row[:]):
            want = dict(zip(header, rows[number]))
            # The flux is the nearest float to the text: the same bits.
            check("flux of row %d" % number, all(flux[at, j] == np.float32(want[str(w)])
                                                  for j, w in enumerate(wavelength[:])))
            for name, column in columns.items():
                check("%s of row %d" % (name, number), grid["parameters"][name][at] == float(want[column]))

        def visit(name, item):
            if not isinstance(item, h5py.Dataset):
                return
            check(name + " is checksummed and chunked", item.fletcher32 and item.chunks is not None)
            check(name + " has fixed dimensions", item.maxshape == item.shape)
            check(name + " has a long_name", len(text(item.attrs["long_name"])) > 0)
            if item.dtype.kind in "fiu":
                check(name + " has units", len(text(item.attrs["units"])) > 0)
            if name in ("wavelength", "row"):
                check(name + " is a dimension scale", h5py.h5ds.is_scale(item.id))
                return
            check(name + " has the scale row", item.dims[0][0].name == "/row")
            check(name + " has the chunks of flux", item.chunks[0] == flux.chunks[0])
            if item.ndim == 2:
                check(name + " has the scale wavelength", item.dims[1][0].name == "/wavelength")

        grid.visititems(visit)
        check("provenance", text(grid["provenance"].attrs["program"]) == "telescopeml")
        contents.append({name: (grid[name].dtype.str, grid[name][:].tobytes())
                         for name in ("wavelength", "row", "flux", *("parameters/" + p for p in columns))})
check("one rank and three hold the same", contents[0] == contents[1])
PYTHON
run 0 "$TML_PYTHON" check.py

run 0 ncdump -h one.h5
for line in "wavelength = 5 ;" "row = 37 ;" "double wavelength(wavelength) ;" "float flux(row, wavelength) ;" \
  'string flux:units = "erg s-1 cm-2 Hz-1" ;' 'string wavelength:units = "micron" ;' "double teff(row) ;" \
  'string :Conventions = "CF-1.8" ;'; do
  expect_in "$out" "$line"
done
expect_not_in "$out" phony
run 0 ncdump -v wavelength one.h5
expect_in "$out" " wavelength = 1, 1.25, 1.5, 1.75, 2 ;"

# The file carries the digest that the program checks, and damage is refused.
head -c 25 one.h5 | grep -qF "telescopeml-digest 1 xxh3" || fail "no digest in the user block"
cp one.h5 damaged.h5
printf 'x' | dd of=damaged.h5 bs=1 seek=3000 conv=notrunc status=none
cmp -s one.h5 damaged.h5 && fail "the damage did not change the file"
run 65 tml grid info damaged.h5
expect_in "$err" "damaged.h5"
rm -f -- *.h5
