# The report of a folder: made after a training and an evaluation, whole and the same wherever the folder is, on any
# number of ranks, without a display and without standard input; what is wrong is said once, with the right code.
# tml-test: TIMEOUT 120
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
export OMPI_MCA_odls_base_sigkill_timeout=0
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

# The command line and folders without results, on one and on two ranks.
mkdir empty
for ranks in 1 2; do
  run 64 tml_n "$ranks" report
  told "usage: telescopeml report DIR"
  run 64 tml_n "$ranks" report empty other
  told "--out DIR"
  run 66 tml_n "$ranks" report absent
  told "absent: cannot be opened"
  run 66 tml_n "$ranks" report empty
  told "empty: there is nothing to report on"
done
[ -z "$(ls -A empty)" ] || fail "a refused report left something"

# A training and its scores.
make_grid
write_configuration train.yml
run 0 tml train train.yml --run-dir run --no-progress
cp run/figures/loss_history.svg loss_at_the_end.svg
run 0 tml evaluate --run-dir run
run 0 tml report run --dry-run
expect_absent run/report.html run/report.json
run 0 tml report run
expect_in "$out" "run/report.html"
[ ! -s "$err" ] || fail "something on standard error"
expect_file run/report.html run/report.json
expect_same run/figures/loss_history.svg loss_at_the_end.svg
for name in teff logg c_o met; do
  expect_file "run/figures/regression_$name.pdf" "run/figures/regression_$name.svg" "run/figures/regression_$name.png"
done
expect_no_leftover

# The same elsewhere, on two ranks, as JSON, with standard input closed.
cp -r run elsewhere
rm -r elsewhere/figures elsewhere/report.*
cp run/report.json expected.json
tml_n 2 report elsewhere --json --quiet <&- >"$out" 2>"$err" || fail "standard input closed: exit code $?"
[ ! -s "$err" ] || fail "--quiet is not quiet"
expect_same "$out" expected.json
expect_same elsewhere/report.json expected.json
expect_same elsewhere/report.html run/report.html

# The page for a reader that is not ours.
if "${TML_PYTHON:-python3}" -c 'import html.parser' 2>/dev/null; then
  cat >page.py <<'P'
import html.parser


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.pictures = [], [], [], 0

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            assert name not in ("src", "srcset") and not (value or "").startswith(("http:", "https:", "//")), (tag, name)
            self.ids += [value] if name == "id" else []
            self.links += [value[1:]] if name == "href" else []
        assert tag not in ("script", "link", "iframe"), tag
        if tag == "svg":
            assert dict(attributes)["role"] == "img" and dict(attributes)["aria-label"]
            self.pictures += 1
        if tag == "th":
            assert dict(attributes)["scope"] in ("row", "col")
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag


page = Page()
page.feed(open("run/report.html", encoding="utf-8").read())
page.close()
assert page.open == [], page.open
assert len(set(page.ids)) == len(page.ids)
assert set(page.links) <= set(page.ids)
assert page.pictures == 6, page.pictures  # losses, four targets, phases of the training
P
  run 0 "${TML_PYTHON:-python3}" page.py
fi
if "${TML_PYTHON:-python3}" -c 'import jsonschema' 2>/dev/null; then
  PYTHONDONTWRITEBYTECODE=1 "$TML_PYTHON" "$TML_SOURCE/tests/tools/validate_json.py" \
    "$TML_SOURCE/docs/schema/report.schema.json" run/report.json >valid.out 2>&1 || fail "report.json: $(cat valid.out)"
fi

# Damage is named, and the report that is there stays.
for name in history.csv evaluation.json evaluation_rows.csv model.h5 provenance.json; do
  rm -rf damaged
  cp -r run damaged
  head -c $(($(stat -c %s "run/$name") / 2)) "run/$name" >"damaged/$name"
  [ "$name" != history.csv ] || printf 'epoch,step\nx,1\n' >damaged/history.csv
  run 65 tml_n 2 report damaged
  told "$name"
  expect_same damaged/report.html run/report.html
done

# A folder that may not be written to; root may write everywhere.
if [ "$(id -u)" -ne 0 ]; then
  cp -r run locked
  rm -r locked/figures locked/report.*
  chmod a-w locked
  run 73 tml report locked
  told "locked: the report cannot be written there"
  chmod u+w locked
  expect_absent locked/report.html locked/figures
fi

# A figure that cannot be drawn is a warning, also in the report.
cp -r run blocked
rm blocked/figures/loss_history.pdf
mkdir blocked/figures/loss_history.pdf
run 0 tml report blocked
expect_in "$err" "warning: the figure loss_history was not drawn"
expect_in blocked/report.json '"no_figure"'
expect_in blocked/report.html "This figure could not be drawn."

# So is a missing driver of PLplot.
cp -r run undrawn
PLPLOT_DRV_DIR=/nonexistent run 0 tml report undrawn
expect_in "$err" "install plplot-driver-cairo"
expect_in undrawn/report.html "Scores of the network"
expect_no_leftover
