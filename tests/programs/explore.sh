# What explore writes is the same, byte for byte, on one, two and three ranks and with two threads; what is wrong is
# said once, with the same exit code on one and on two ranks, and leaves nothing behind.
# tml-test: TIMEOUT 300
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
# Open MPI otherwise waits a second after each of the refusals below before it looks whether all ranks have ended.
export OMPI_MCA_odls_base_sigkill_timeout=0

tables="parameter_counts.csv coverage.csv fluxes.csv scaled_fluxes.csv correlations.csv pca_variance.csv
pca_components.csv pca_scores.csv neighbours.csv filtered_spectra.csv exploration.json"

# told TEXT...: the last command said nothing but one message, which holds every text.
told() {
  local text
  [ "$(grep -c '^telescopeml: ' "$err")" -eq 1 ] || fail "not one message"
  [ ! -s "$out" ] || fail "something on standard output"
  for text; do
    expect_in "$err" "$text"
  done
}

# same_exploration DIR DIR
same_exploration() {
  local name
  for name in $tables; do
    expect_same "$1/$name" "$2/$name"
  done
}

# A regular grid and one of points at random.
make_grid
run 0 tml grid synth --preset quickstart --out regular.h5
for grid in regular g; do
  run 0 tml explore "$grid.h5" --out "$grid.one"
  expect_in "$out" "$grid.one/report.html"
  [ ! -s "$err" ] || fail "something on standard error"
  for name in $tables; do
    expect_file "$grid.one/$name"
  done
  expect_file "$grid.one/report.html" "$grid.one/report.json"
  [ -n "$(ls "$grid.one"/figures/*.svg 2>/dev/null)" ] || fail "no figures"
  run 0 tml_n 2 explore "$grid.h5" --out "$grid.two" --threads 2 --quiet
  [ ! -s "$err" ] || fail "--quiet is not quiet"
  same_exploration "$grid.one" "$grid.two"
  run 0 tml_n 3 explore "$grid.h5" --out "$grid.three" --json
  same_exploration "$grid.one" "$grid.three"
  expect_same "$out" "$grid.three/exploration.json"
done
expect_in regular.one/exploration.json '"nodes":	4140'
expect_in g.one/exploration.json '"nodes":	null'
expect_no_leftover

# The report can be made again from the tables alone, elsewhere.
mkdir elsewhere
for name in $tables; do
  cp "g.one/$name" elsewhere
done
run 0 tml report elsewhere
expect_same elsewhere/report.html g.one/report.html

# Values that somebody fixed; the nearest node is taken, and that is said.
run 0 tml explore regular.h5 --out fixed --fix logg=4.6,met=0 --components 3
expect_in "$err" "the grid has no logg=4.6"
expect_in fixed/exploration.json '"logg":	4.5'
expect_in fixed/exploration.json '"not_a_node"'
expect_in fixed/pca_variance.csv "104,"
head -n 1 fixed/pca_scores.csv | grep -q 'score_3$' || fail "not three components"

# Results are replaced only by --force, and a dry run touches nothing.
before=$(cat fixed/* 2>/dev/null | cksum)
for ranks in 1 2; do
  run 73 tml_n "$ranks" explore g.h5 --out fixed
  told "fixed: holds an exploration already" "--force"
done
run 0 tml explore g.h5 --out fixed --dry-run
run 0 tml explore g.h5 --dry-run
[ "$before" = "$(cat fixed/* 2>/dev/null | cksum)" ] || fail "a refused exploration changed something"
run 0 tml explore g.h5 --out fixed --force
same_exploration g.one fixed

# What is wrong.
write_configuration train.yml
run 0 tml train train.yml --run-dir run --no-progress
head -c 100000 regular.h5 >cut.h5
echo "not a grid" >text.h5
touch file
for ranks in 1 2; do
  run 64 tml_n "$ranks" explore
  told "usage: telescopeml explore G.h5"
  run 64 tml_n "$ranks" explore g.h5
  told "--out DIR"
  run 64 tml_n "$ranks" explore g.h5 --out new --components 0
  told "--components" "'0'"
  run 64 tml_n "$ranks" explore g.h5 --out new --fix teff=
  told "NAME=VALUE" "'teff='"
  run 64 tml_n "$ranks" explore g.h5 --out new --fix teff=900 --fix logg=4
  told "one --fix"
  run 73 tml_n "$ranks" explore g.h5 --out absent/new
  told "absent/new: the folder cannot be made" "the folder above it"
  run 73 tml_n "$ranks" explore g.h5 --out file
  told "file: results cannot be written there"
  run 66 tml_n "$ranks" explore absent.h5 --out new
  told "absent.h5"
  for grid in run/model.h5 text.h5 cut.h5; do
    run 65 tml_n "$ranks" explore "$grid" --out new
    told "$grid"
  done
  run 64 tml_n "$ranks" explore regular.h5 --out new --fix tef=900
  told "'tef'" "did you mean 'teff'"
  run 64 tml_n "$ranks" explore regular.h5 --out new --fix logg=9
  told "logg=9 is outside the grid" "to 5.5"
  run 64 tml_n "$ranks" explore regular.h5 --out new --fix logg=4,logg=5
  told "logg is given twice"
done
[ -z "$(ls -A new)" ] || fail "a refused exploration left something"
expect_no_leftover
