# What is wrong with a CSV file is said with file, line, row and column, the exit code is the same on one and on two
# ranks, and nothing is left behind. (tests/mpi/test_grid_import.c has the same on more ranks.)
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
rm -rf -- ./*
mkdir in out

# The grid that is in order; every case changes one thing.
write_good() {
  {
    echo "temperature,gravity,1.20,1.10,1.00,kzz,note"
    for row in 0 1 2 3 4; do
      echo "$((1000 + 100 * row)),4.5,3e-6,2e-6,1e-$((6 + row)),1e$row,row $row"
    done
  } >in/good.csv
}

# refused TEXT: the last command ended with one message that holds the text, and left nothing behind.
refused() {
  expect_in "$err" "$1"
  [ "$(grep -c '^telescopeml: ' "$err")" -eq 1 ] || fail "not one message"
  [ ! -s "$out" ] || fail "something on standard output"
  [ -z "$(ls -A out)" ] || fail "left behind: $(ls -A out)"
}

# fails CODE TEXT ARGUMENTS...
fails() {
  local expected=$1 text=$2
  shift 2
  run "$expected" tml grid import --out out/g.h5 "$@"
  refused "$text"
}

# fails_too CODE TEXT ARGUMENTS...: alone and on two ranks.
fails_too() {
  local expected=$1 text=$2
  fails "$@"
  shift 2
  run "$expected" tml_n 2 grid import --out out/g.h5 "$@"
  refused "$text"
}

# changed SED-COMMAND: the good grid with one change.
changed() {
  sed "$1" in/good.csv >in/bad.csv
  ! cmp -s in/good.csv in/bad.csv || fail "the change '$1' changes nothing"
}

write_good
bad=--csv=in/bad.csv

# The grid itself is in order, so that each failure below has its one cause.
run 0 tml_n 2 grid import --csv in/good.csv --target kzz:cm2/s --out out/g.h5
expect_in "$err" "wrote out/g.h5: 5 spectra x 3 wavelengths"
[ "$(ls -A out)" = g.h5 ] || fail "more than the grid: $(ls -A out)"
run 73 tml_n 2 grid import --csv in/good.csv --out out/g.h5
expect_in "$err" "out/g.h5 exists already; --force replaces it"
run 0 tml grid import --csv in/good.csv --out out/g.h5 --force
rm out/g.h5
run 0 tml grid import --csv in/good.csv --out out/g.h5 --dry-run
expect_absent out/g.h5

# The command line.
fails 64 "--csv is missing"
fails 64 "did you mean --csv?" --cvs in/good.csv
fails 64 "--target wants NAME:UNIT" --csv in/good.csv --target kzz
fails_too 64 "did you mean 'kzz'?" --csv in/good.csv --target kz:cm2/s
fails 64 "leave it out" --csv in/good.csv --target temperature:K
fails 64 "letters, digits and underscores" --csv in/good.csv --target "log(kzz):1"
fails 64 "--solar-c-o wants a number above 0" --csv in/good.csv --solar-c-o -1

# Files that are not there or cannot be made.
fails_too 66 "in/absent.csv: cannot be opened: No such file" --csv in/absent.csv
fails 66 "in: is a folder" --csv in
fails 66 "in/absent.csv" --csv in/good.csv --wavelengths in/absent.csv
fails 66 "in/absent.csv" --csv in/good.csv --meta in/absent.csv
run 73 tml_n 2 grid import --csv in/good.csv --out in/good.csv/g.h5
refused "Not a directory"
run 73 tml_n 2 grid import --csv in/good.csv --out absent/g.h5
refused "absent/g.h5"
expect_absent absent

# Rows and cells.
changed '4s/,row 2//'
fails_too 65 "in/bad.csv: line 4, row 2 has 6 fields, the header has 7" "$bad"
changed '4s/$/,x/'
fails 65 "line 4, row 2 has 8 fields" "$bad"
changed '5s/2e-6/nan/'
fails_too 65 "in/bad.csv: line 5, row 3, column '1.10': 'nan' is not a finite number" "$bad"
changed '5s/2e-6/inf/'
fails 65 "column '1.10': 'inf'" "$bad"
changed '2s/3e-6/-3e-6/'
fails_too 65 "line 2, row 0, column '1.20': flux -3e-6 is negative" "$bad"
changed '6s/2e-6/2e-6x/'
fails 65 "line 6, row 4, column '1.10': '2e-6x' is not a number" "$bad"
changed '3s/1100/hot/'
fails 65 "line 3, row 1, column 'temperature': 'hot' is not a number" "$bad"
changed '3s/4.5//'
fails 65 "line 3, row 1, column 'gravity' is empty" "$bad"
changed '3s/row 1/"row 1/'
fails 65 "line 3, row 1, field 7: a quote is opened" "$bad"
fails 65 "line 2, row 0, column 'note': 'row 0' is not a number" --csv in/good.csv --target kzz:cm2/s,note:1

# The header.
changed '1s/kzz/note/'
fails 65 "two columns have the name 'note'" "$bad"
changed '1s/1.10/1.200/'
fails 65 "'1.20' and '1.200' are the same wavelength" "$bad"
changed '1s/1.10/-1.10/'
fails 65 "column '-1.10'" "$bad"
changed '1s/1.[0-9]0/w&/g'
fails 65 "no column is a wavelength" "$bad"
changed '1s/temperature/T/;1s/gravity/g/'
fails 65 "no column is a parameter" "$bad"
changed '1s/kzz/teff/'
fails 65 "'teff' and 'temperature' are the same parameter" "$bad"
changed '1s/note/a\/b/'
fails 65 "'a/b' cannot be kept" "$bad"
changed '2,$d'
fails 65 "there is a header but no row" "$bad"
: >in/bad.csv
fails 65 "the file is empty" "$bad"

# Wavelengths and metadata that do not belong to the grid.
printf 'wl\n1.0004\n1.1003\n1.1998\n' >in/wl.csv
run 0 tml grid import --csv in/good.csv --wavelengths in/wl.csv --out out/g.h5 --dry-run
printf 'wl\n1.0004\n1.1103\n1.1998\n' >in/wl.csv
fails_too 65 "wavelength 2 in ascending order is 1.1103" --csv in/good.csv --wavelengths in/wl.csv
expect_in "$err" "'1.10' in the header of in/good.csv"
printf 'wl\n1.0004\n1.1003\n' >in/wl.csv
fails 65 "in/wl.csv has 2 wavelengths, the header of in/good.csv has 3" --csv in/good.csv --wavelengths in/wl.csv
printf 'um\n1.0\n1.1\n1.2\n' >in/wl.csv
fails 65 "no column is called 'wl'" --csv in/good.csv --wavelengths in/wl.csv
printf 'row,family\n0,a\n1,a\n2,a\n3,a\n' >in/meta.csv
fails_too 65 "in/meta.csv has only 4 rows" --csv in/good.csv --meta in/meta.csv
printf 'row,family\n0,a\n1,a\n3,a\n2,a\n4,a\n' >in/meta.csv
fails 65 "in/meta.csv: line 4, row 2, column 'row' is '3'" --csv in/good.csv --meta in/meta.csv
printf 'gravity\n4.5\n4.5\n4.5\n4.6\n4.5\n' >in/meta.csv
fails 65 "line 5, row 3, column 'gravity' is '4.6', but logg is 4.5" --csv in/good.csv --meta in/meta.csv

# Compressed data that stop early or are damaged.
command -v bzip2 >bzip2.path || skip "no bzip2 to make compressed files; the plain files were checked"
{
  head -n 1 in/good.csv
  for _ in $(seq 2000); do tail -n +2 in/good.csv; done
} >in/long.csv
bzip2 -k in/long.csv
gzip -k in/long.csv
for end in bz2 gz; do
  run 0 tml grid import --csv "in/long.csv.$end" --out out/g.h5 --dry-run
  head -c $(($(stat -c %s "in/long.csv.$end") - 3)) "in/long.csv.$end" >in/cut
  fails 74 "in/cut: the compressed data stop before their end" --csv in/cut
  head -c 100 "in/long.csv.$end" >in/cut
  fails_too 74 "in/cut: the compressed data stop before their end" --csv in/cut
done
