# Several folders in one report, and tables for papers: what is made and where, the same on any number of ranks and
# wherever the folders are; what is wrong is said once, with the right code, and leaves nothing.
# tml-test: TIMEOUT 300
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
unset DISPLAY

# told TEXT...: the last command said nothing but one message, which holds every text.
told() {
  local text
  [ "$(grep -c '^telescopeml: ' "$err")" -eq 1 ] || fail "not one message"
  [ ! -s "$out" ] || fail "something on standard output"
  for text; do
    expect_in "$err" "$text"
  done
}

# Two trainings that differ in two settings, and their answers for the same spectrum.
make_grid
write_configuration train.yml
run 0 tml simulate --grid g.h5 --row 3 --snr 50 --name 'Simulated & co' --distance-pc 10:0.1 --radius-rjup 1:0.02 --out object.dat
for name in small large; do
  epochs=2
  [ "$name" = small ] || epochs=3
  run 0 tml train train.yml --run-dir "$name" --no-progress --set stop.epochs=$epochs --set run.seed=$epochs
  run 0 tml evaluate --run-dir "$name"
  run 0 tml predict --model "$name/model.h5" --observation object.dat --draws 50 --out "$name" --force
done
mkdir empty out there

# What is wrong, on one and on two ranks.
for ranks in 1 2; do
  run 64 tml_n "$ranks" report small large
  told "--out DIR"
  run 66 tml_n "$ranks" report small absent --out out
  told "absent: cannot be opened"
  run 66 tml_n "$ranks" report small empty large --out out
  told "empty: there is nothing to report on"
  run 73 tml_n "$ranks" report small large --out absent
  told "absent: there is no such folder"
  run 73 tml_n "$ranks" report small --out absent/x.html
  told "absent/x.html: there is no such folder"
  run 64 tml_n "$ranks" report small large small/. --out out
  told "the same folder"
  run 64 tml_n "$ranks" report small --format md,txe
  told "'txe' is none of html, md, tex" "did you mean tex?"
  run 64 tml_n "$ranks" report small --format md,
  told "'' is none of"
done
run 66 tml report small empty --out out --dry-run
run 73 tml report small large --out absent --dry-run
run 0 tml report small large --out out --dry-run
[ -z "$(ls -A out)" ] || fail "a refused report left something"
if [ "$(id -u)" -ne 0 ]; then
  mkdir locked
  chmod a-w locked
  run 73 tml report small large --out locked
  told "locked: the report cannot be written there"
fi

# The comparison, and the same from elsewhere on two ranks as JSON.
run 0 tml report small large --out out --format html,md,tex
expect_in "$out" "out/comparison.html"
[ ! -s "$err" ] || fail "something on standard error"
expect_file out/comparison.html out/comparison.json out/comparison.md out/comparison.tex
for format in pdf svg png; do
  expect_file "out/figures/comparison_Simulated___co.$format"
done
for text in 'large minus small' 'run.seed' 'stop.epochs' 'Simulated &amp; co' 'true values of the simulation'; do
  expect_in out/comparison.html "$text"
done
expect_not_in out/comparison.html network.fc1_units
expect_in out/comparison.tex 'Simulated \& co & large & $'
mkdir elsewhere
cp -r small large elsewhere
cp out/comparison.json expected.json
run 0 tml_n 2 report elsewhere/small elsewhere/large --out there --json --quiet
expect_same "$out" expected.json
for name in comparison.html comparison.json figures/comparison_Simulated___co.svg figures/comparison_Simulated___co.png; do
  expect_same "there/$name" "out/$name"
done
if "${TML_PYTHON:-python3}" -c 'import jsonschema' 2>/dev/null; then
  PYTHONDONTWRITEBYTECODE=1 "$TML_PYTHON" "$TML_SOURCE/tests/tools/validate_json.py" \
    "$TML_SOURCE/docs/schema/comparison.schema.json" out/comparison.json >valid.out 2>&1 ||
    fail "comparison.json: $(cat valid.out)"
fi

# One folder: its tables beside it, or all of it in a file that was named; the folder is only read then.
cp -r small before
run 0 tml report small --out there/mine.html --format html,tex
expect_file there/mine.html there/mine.json there/mine.tex
diff -r small before >diff.out || fail "the folder was written to: $(head -n 3 diff.out)"
rm -f small/report.html
run 0 tml report small --format md,tex
expect_in "$out" "small/tables.tex"
expect_file small/report.md small/tables.tex small/report.json
expect_absent small/report.html
expect_in small/report.md '| Simulated &amp; co | this work |'
expect_in small/tables.tex '\begin{tabular}{llrrrrrl}'
expect_no_leftover
