#!/usr/bin/env bash
# predict: what cannot be predicted gets a plain answer and the right code on one rank and on two, leaves nothing
# half-written, and no earlier results are touched.
# tml-test: LABELS program
# tml-test: TIMEOUT 600
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_predict.sh"

rm -rf -- ./*
make_networks
for row in 17 40; do
  run 0 tml simulate --grid unseen.h5 --snr 30 --row "$row" --out "o$row.dat"
done
run 0 tml simulate --grid unseen.h5 --snr 20 --table t.csv --errors e.csv
awk '!/^#/ && ++n == 30 { $2 = "nan" } 1' o17.dat >masked.dat
objects=(--model shape/model.h5 --observation o17.dat o40.dat)
one=(--model shape/model.h5 --observation o17.dat)
table=(--model shape/model.h5 --table t.csv --errors e.csv)
bright=(--model bright/model.h5 --observation)
shape=(--model shape/model.h5 --observation)
grep -v '^#' o17.dat >bare.dat
awk '{ print $1 * 1000, $2, $3 }' bare.dat >nm.dat
awk '{ print $1 * 10, $2, $3 }' bare.dat >far.dat
awk '{ print $1, $2 }' bare.dat >no_error.dat
awk '{ print $1, -$2, $3 }' bare.dat >negative.dat
awk '{ print $1, $2, 1e-200 }' bare.dat >sharp.dat
printf 'SIMPLE  =                    T%-50s%-80s%-80s' '' 'BITPIX  =                    8' 'NAXIS   =                    0' >foreign.fits
printf '%-2640s' 'END' >>foreign.fits
head -c 500 g.h5 >broken.fits
printf 'temperature,gravity,c_o_ratio,metallicity,1.0,1.1,1.2\n900,5,1,0,1e-7,2e-7,3e-7\n1000,5,1,0,2e-7,2e-7,3e-7\n' >small.csv
run 0 tml grid import --csv small.csv --out small.h5

# check_refusal TEXT: one message, which holds the text; nothing on standard output; all files as before.
check_refusal() {
  expect_in "$err" "$1"
  [ "$(grep -c '^telescopeml: ' "$err")" -eq 1 ] || fail "not one message"
  [ ! -s "$out" ] || fail "something on standard output"
  [ "$files" = "$(list_files)" ] || fail "something was left or is gone"
}

list_files() {
  find . ! -name run.err ! -name run.out -printf '%p %s %T@\n' | sort | sed '/^\. /d'
}

# mistyped TEXT ARGUMENTS...: code 64, found before the ranks have spoken to each other.
mistyped() {
  local text=$1
  shift
  files=$(list_files)
  run 64 tml predict "$@"
  check_refusal "$text"
}

# refused CODE TEXT ARGUMENTS...: on one rank and on two alike.
refused() {
  local expected=$1 text=$2
  shift 2
  files=$(list_files)
  run "$expected" tml predict "$@"
  check_refusal "$text"
  run "$expected" tml_n 2 predict "$@"
  check_refusal "$text"
}

# --- what is typed -----------------------------------------------------------------------------------------------
mistyped "give the trained network by --model" --observation o17.dat
mistyped "give observations" --model shape/model.h5
mistyped "give observations" "${table[@]}" --observation o17.dat
mistyped "a table needs errors" --model shape/model.h5 --table t.csv
mistyped "--errors and --snr exclude each other" "${table[@]}" --snr 20
mistyped "a table is in micron (vacuum) and F_nu at the surface" "${table[@]}" --unit-flux Jy
mistyped "belong to --table" "${one[@]}" --errors e.csv
mistyped "are for one observation" "${objects[@]}" --name X
mistyped "are for one observation" "${table[@]}" --distance-pc 5
mistyped "behind one --observation" "${one[@]}" --observation o40.dat
mistyped "exclude each other" "${one[@]}" --grid g.h5 --no-grid
mistyped "--draws wants a whole number from 2" "${one[@]}" --draws 1
mistyped "--negative wants keep or mask, not 'drop'" "${one[@]}" --negative drop
mistyped "--snr wants a number above 0, not '0'" "${one[@]}" --snr 0
for measure in far 0 -3 nan inf 5: 5:x 5:-1 :1; do
  mistyped "--distance-pc wants a number above 0, or number:error as 11.1:0.2, not '$measure'" "${one[@]}" \
    --distance-pc="$measure" --out new
done
refused 64 "--radius-rjup wants a number above 0" "${one[@]}" --radius-rjup 1:1:1
mistyped "--name is longer" "${one[@]}" --name "$(printf '%080d' 0)"
refused 64 "'mass' is no target of this network" "${table[@]}" --ranges mass:1,2
mistyped "--ranges wants" "${table[@]}" --ranges teff:2,1
run 64 tml_n 2 predict "${one[@]}" --draws 1
expect_in "$err" "--draws wants a whole number from 2"
[ "$(grep -c '^telescopeml: ' "$err")" -eq 1 ] || fail "not one message"

# distance and radius where the network looks at the brightness; --dry-run finds it as well
refused 64 "give --distance-pc and --radius-rjup" "${bright[@]}" bare.dat --out new
refused 64 "give --distance-pc and --radius-rjup" --model minmax/model.h5 --observation bare.dat
refused 64 "give --distance-pc and --radius-rjup" "${bright[@]}" bare.dat --distance-pc 10
refused 64 "give --distance-pc and --radius-rjup" "${bright[@]}" bare.dat --dry-run
refused 64 "give its unit by --unit-flux" "${bright[@]}" o17.dat --unit-flux relative
refused 64 "give it by --grid" "${shape[@]}" masked.dat --no-grid

# --- observations ------------------------------------------------------------------------------------------------
refused 66 "absent.dat" "${shape[@]}" absent.dat --out new
refused 66 "absent.dat" "${objects[@]}" absent.dat
refused 65 "foreign.fits" "${shape[@]}" foreign.fits
refused 65 "broken.fits" "${shape[@]}" broken.fits
refused 65 "furlong" "${one[@]}" --unit-wavelength furlong
refused 65 "furlong" "${one[@]}" --unit-flux furlong
refused 65 "say their unit with --unit-wavelength" "${shape[@]}" nm.dat
refused 65 "do not overlap with the network's" "${shape[@]}" far.dat --out new
awk '/^#/ || ++n <= 5' o17.dat >short.dat
refused 65 "of the network's 104 pixels can be used, fewer than the 6" "${shape[@]}" short.dat
refused 65 "no pixel is left that the network can use: of 104, 0 are missing, 0 have no error, 0 are zero, 104 negative" \
  "${shape[@]}" negative.dat
refused 65 "--snr" "${shape[@]}" no_error.dat
refused 65 "check the errors" "${shape[@]}" sharp.dat
run 0 tml predict "${shape[@]}" nm.dat --unit-wavelength nm --draws 5
run 0 tml predict "${shape[@]}" no_error.dat --snr 30 --draws 5

# --- tables ------------------------------------------------------------------------------------------------------
refused 66 "absent.csv" --model shape/model.h5 --table absent.csv --errors e.csv
refused 66 "absent.csv" --model shape/model.h5 --table t.csv --errors absent.csv --out new
refused 65 "small.csv" --model shape/model.h5 --table small.csv --errors e.csv
sed '2s/,[^,]*$/,what/' t.csv >word.csv
refused 65 "word.csv" --model shape/model.h5 --table word.csv --errors e.csv
awk -F, -v OFS=, 'NR < 4 { for (i = 6; NR > 1 && i <= NF; ++i) $i = "nan"; print }' t.csv >blank.csv
head -n 3 e.csv >blank_e.csv
refused 65 "no row has enough pixels that can be used" --model shape/model.h5 --table blank.csv --errors blank_e.csv --out new
refused 65 "no row has enough pixels that can be used" --model shape/model.h5 --table blank.csv --errors blank_e.csv --dry-run

# --- models and grids --------------------------------------------------------------------------------------------
refused 66 "absent.h5" --model absent.h5 --observation o17.dat --out new
refused 65 "telescopeml-model" --model g.h5 --observation o17.dat
refused 65 "o17.dat" --model o17.dat --observation o17.dat
refused 65 "small.h5" "${one[@]}" --grid small.h5
refused 66 "absent.h5" "${one[@]}" --grid absent.h5
mv g.h5 hidden.h5
refused 66 "or do without by --no-grid" "${one[@]}" --out new
run 0 tml predict "${one[@]}" --grid hidden.h5 --draws 5
run 0 tml predict "${one[@]}" --no-grid --draws 5
mv hidden.h5 g.h5
run 0 tml predict "${one[@]}" --grid unseen.h5 --draws 5
expect_in "$err" "is not the grid that the network was trained on"

# --- folders --------------------------------------------------------------------------------------------------
refused 73 "make the folder above it" "${one[@]}" --out no/such
refused 73 "results cannot be written there" "${one[@]}" --out o17.dat
run 0 tml predict "${objects[@]}" --out kept --draws 20
expect_file kept/results.h5 kept/predictions.csv kept/report.html kept/report.json
cp -r kept copy
refused 73 "replace them by --force" "${one[@]}" --out kept
refused 73 "replace them by --force" "${table[@]}" --out kept
refused 66 "absent.dat" "${shape[@]}" absent.dat --out kept --force
diff -r kept copy >diff.txt || fail "earlier results were touched: $(head -n 3 diff.txt)"
run 0 tml predict "${one[@]}" --out kept --force --draws 20
expect_not_in kept/predictions.csv "object 40"
# Results of the other kind do not stay behind.
run 0 tml predict "${table[@]}" --out kept --force --draws 2
expect_absent kept/results.h5
run 0 tml predict "${one[@]}" --out kept --force --draws 2
expect_absent kept/predictions.json
expect_no_leftover
rm -rf -- ./*.h5 shape bright minmax
