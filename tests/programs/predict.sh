#!/usr/bin/env bash
# predict: simulated objects come back within their errors, the same digits on any number of ranks and threads, and
# intervals hold the truth as often as they say.
# tml-test: LABELS program
# tml-test: TIMEOUT 300
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_predict.sh"

rm -rf -- ./*

make_networks
for row in 17 40 123; do
  run 0 tml simulate --grid unseen.h5 --snr 30 --row "$row" --out "o$row.dat" --name "object $row" --distance-pc 8:0.1
done
objects=(--model shape/model.h5 --observation o17.dat o40.dat o123.dat)
one=(--model shape/model.h5 --observation o17.dat)

# --- the same bytes on any number of ranks and threads --------------------------------------------------------
for n in 1 2 3; do
  for t in 1 2; do
    run 0 tml_n "$n" predict "${objects[@]}" --threads "$t"
    mv "$out" "said.$n.$t"
    run 0 tml_n "$n" predict "${objects[@]}" --threads "$t" --json
    mv "$out" "json.$n.$t"
    expect_same said.1.1 "said.$n.$t"
    expect_same json.1.1 "json.$n.$t"
  done
done
expect_in said.1.1 "object 123  (o123.dat)"
run 0 tml predict "${one[@]}" --seed 2
! head -n 6 said.1.1 | cmp -s - <(head -n 6 "$out") || fail "another seed, the same draws"
run 0 tml predict --model shape/model.h5 o40.dat --threads 2 # the same alone as among others, its lanes apart
awk '/^object 40/ { on = 1 } /^object 123/ { on = 0 } on' said.1.1 >among
awk 'NR == FNR { for (i = 2; i <= 3; ++i) a[FNR, i] = $i; next }
     FNR > 2 && FNR < 7 { for (i = 2; i <= 3; ++i) if ((a[FNR, i] - $i)^2 > 1e-4 * $i^2 + 1e-6) exit 1 }' among "$out" ||
  fail "another answer alone than among others"

# --- the truth within 5 standard deviations -------------------------------------------------------------------
for row in 17 40 123; do
  awk -v name="object $row" 'NR == FNR { if ($1 ~ /^(teff|logg|c_o|met):/) truth[$1] = substr($2, 2) + 0; next }
    index($0, name "  (") { on = 1 } /^pixels/ { on = 0 }
    on && ($1 ":") in truth { ++n; off = ($2 - truth[$1 ":"]) / $3; if (!($3 > 0) || off > 5 || off < -5) exit 1 }
    END { if (n != 4) exit 1 }' "o$row.yml" said.1.1 || fail "object $row is far from its truth"
done

# --- a table ----------------------------------------------------------------------------------------------------
run 0 tml simulate --grid unseen.h5 --snr 20 --table t.csv --errors e.csv
table=(--model shape/model.h5 --table t.csv --errors e.csv)
for n in 1 2; do
  run 0 tml_n "$n" predict "${table[@]}" --draws 60 --out "table$n"
  expect_in "$out" "300 objects  table$n/predictions.csv"
  sed 's/table[12]//' "$out" >"scores.$n"
  expect_file "table$n/predictions.csv" "table$n/predictions.json" "table$n/report.html" "table$n/report.json"
  expect_absent "table$n/results.h5"
done
expect_same table1/predictions.csv table2/predictions.csv
expect_same scores.1 scores.2
[ "$(wc -l <table1/predictions.csv)" -eq 301 ] || fail "not a line for each row"
head -n 1 table1/predictions.csv | grep -q '^row,teff,teff_sd,teff_p2_5,teff_p16,teff_p50,teff_p84,teff_p97_5,logg,.*,chi2,dof,flags,teff_label,logg_label,c_o_label,met_label' ||
  fail "header: $(head -n 1 table1/predictions.csv)"
# Noisy spectra that the network never saw, 300 for each target. Here: 0.69 to 0.76 and 0.94 to 0.97.
awk '$4 == 300 { ++n; if ($9 < 0.5 || $9 > 0.95 || $10 < 0.85) exit 1 } END { if (n != 4) exit 1 }' scores.1 ||
  fail "coverage: $(awk '$4 == 300 { print $1, $9, $10 }' scores.1 | tr '\n' ';')"
run 0 tml predict "${table[@]}" --draws 2 --ranges logg:3.5,4.5,5.5
[ "$(grep -c '^logg ' "$err")" -eq 3 ] || fail "not two ranges and the whole"
[ "$(grep -c '^teff ' "$err")" -eq 1 ] || fail "another target was cut as well"
[ "$(grep -c '^[0-9]' "$out")" -eq 300 ] || fail "not every row was printed"
# A row without a pixel is left out and counted; 256 objects are a block, and the rows after it are not lost.
awk -F, -v OFS=, 'NR == 3 { for (i = 6; i <= NF; ++i) $i = "" } 1' t.csv >gap.csv
run 0 tml_n 2 predict --model shape/model.h5 --table gap.csv --errors e.csv --draws 2 --out gap
expect_in "$err" "1 rows have too few pixels that can be used"
[ "$(cut -d, -f1 gap/predictions.csv | sed -n '2p;3p;$p' | tr '\n' ' ')" = "0 2 299 " ] || fail "the wrong rows"
expect_in gap/predictions.json '"skipped":	1'
run 0 tml predict --model shape/model.h5 --table t.csv --snr 20 --draws 2

# --- masks ------------------------------------------------------------------------------------------------------
awk '!/^#/ { ++n } n == 30 { $2 = "nan" } n == 31 { $2 = 0 } n == 32 || n == 33 { $2 = -$2 } n == 34 { $3 = 0 } 1' o17.dat >masked.dat
run 0 tml predict --model shape/model.h5 --observation masked.dat
expect_in "$out" "pixels        104 of the observation, 99 of them used, 1 missing, 1 no_error, 1 zero, 2 negative; 99 of the network's 104"
run 0 tml predict --model shape/model.h5 --observation masked.dat --negative keep
expect_in "$out" "101 of them used, 1 missing, 1 no_error, 1 zero; 101 of the network's 104"
run 0 tml predict --model shape/model.h5 --observation masked.dat --json
expect_in "$out" '"negative":	2'
awk '/^#/ || ++n > 40' o17.dat >half.dat
run 0 tml predict --model shape/model.h5 --observation half.dat
expect_in "$out" "64 of the network's 104"
expect_in "$out" "many_masked"

# --- brightness, and a name that CSV has to quote ---------------------------------------------------------------
run 0 tml predict --model bright/model.h5 --observation o17.dat
expect_not_in "$out" "shape_only"
run 0 tml predict "${one[@]}" --name 'say "A, B"' --out quoted --draws 5
expect_in quoted/predictions.csv ',"say ""A, B"""'

# --- without a grid, few draws, a dry run -----------------------------------------------------------------------
run 0 tml predict "${one[@]}" --no-grid
expect_in "$out" "no_grid"
expect_not_in "$out" "chi2"
run 0 tml predict "${one[@]}" --draws 7 --json
expect_in "$out" '"draws":	7'
before=$(ls -A)
run 0 tml_n 2 predict "${objects[@]}" --out dry --dry-run
expect_in "$err" "o40.dat: 104 pixels, which fill"
[ ! -s "$out" ] || fail "a dry run predicted something"
run 0 tml predict "${table[@]}" --out dry --dry-run
expect_in "$err" "t.csv is good: 300 rows"
[ "$before" = "$(ls -A)" ] || fail "a dry run wrote something"

# --- nobody at the terminal -----------------------------------------------------------------------------------
run_command="predict without standard input and display"
env -u DISPLAY -u TERM timeout 60 "$TML_PROGRAM" predict "${one[@]}" --out alone <&- >"$out" 2>"$err"
code=$?
[ "$code" -eq 0 ] || fail "exit code $code"
expect_file alone/report.html alone/results.h5
"$TML_PROGRAM" predict "${one[@]}" >/dev/full 2>"$err" </dev/null
code=$?
[ "$code" -eq 74 ] || fail "a full standard output: exit code $code"
expect_no_leftover
rm -rf -- ./*.h5 shape bright minmax
