# The report and the comparison in a real browser, without a network: pictures, console, requests, contrast by day and
# by night, width of a telephone; and the check itself finds what is wrong.
# tml-test: TIMEOUT 300
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
rm -rf -- ./*
unset DISPLAY

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
  skip "no Chromium: install the package chromium"
"${TML_PYTHON:-python3}" -c 'import json' 2>/dev/null || skip "no Python: ${TML_PYTHON:-python3}"

# browser PAGE...: what the browser found stands in $out.
browser() {
  PYTHONDONTWRITEBYTECODE=1 timeout --kill-after=5 200 "${TML_PYTHON:-python3}" \
    "$TML_SOURCE/tests/tools/browser_check.py" "$chromium" shots "$@"
}

make_grid
write_configuration train.yml
run 0 tml simulate --grid g.h5 --row 3 --snr 50 --name '<b>Simulated & co' --distance-pc 10:0.1 --radius-rjup 1:0.02 --out object.dat
for name in one other; do
  run 0 tml train train.yml --run-dir "$name" --no-progress --set stop.epochs=2 --set "input.features=[]"
  run 0 tml evaluate --run-dir "$name" --baseline g.h5
  run 0 tml predict --model "$name/model.h5" --observation object.dat --draws 50 --out "$name" --force
done
mkdir both
run 0 tml report one other --out both

run 0 browser one/report.html both/comparison.html
for name in report comparison; do
  expect_file "shots/$name-light.png" "shots/$name-dark.png"
done

# The check can fail.
sed 's|</main>|<div style="width:2000px;color:#ddd;background:#eee">pale and wide</div>\
<img src="http://example.org/a.png" alt=""><script>console.error("told")</script></main>|' both/comparison.html >wrong.html
run 1 browser wrong.html
for text in 'on the console: "told"' 'asks for http://example.org/a.png' 'a picture was not loaded' 'the page is 20' 'contrast 1.'; do
  expect_in "$out" "$text"
done
