#!/usr/bin/env bash
# grid profile: the table and the JSON document of an atmosphere, many from a table, and plain answers to what
# cannot be done.
# tml-test: TIMEOUT 60
. "$TML_SOURCE/tests/programs/lib_program.sh"

rm -f ./*.csv ./*.json

# --- usage --------------------------------------------------------------------------------------------------
run 0 tml grid profile --help
expect_in "$out" "examples:"
run 64 tml grid profile
expect_in "$err" "--teff and --logg are needed"
run 64 tml grid profile --teff 900 --logg 5 --nodes n.csv
run 64 tml grid profile --teff 900 --logg five
expect_in "$err" "--logg wants a number, not 'five'"
run 64 tml grid profile --teff 2500 --logg 5
expect_in "$err" "--teff is 2500; the model takes 200 to 2400 K"
run 64 tml grid profile --teff 900 --logg 5 --force
run 66 tml grid profile --nodes absent.csv
printf 'teff,logg,c_o,met\n900,5,1,0\n900,5,1,9\n' >range.csv
run 65 tml_n 2 grid profile --nodes range.csv --out x.csv
expect_in "$err" "range.csv: line 3, row 1, column 'met': 9 is outside"
expect_absent x.csv

# --- one atmosphere: a header and 60 levels, pressures and temperatures ascending, fractions ----------------
run 0 tml grid profile --teff 900 --logg 5
cp "$out" one.csv
expect_in one.csv "node,teff,logg,c_o,met,level,pressure_bar,temperature_k,H2,He,H,H2O,CH4,"
awk -F, 'NR == 1 { if (NF != 25) exit 1; next }
         { if (NF != 25 || $6 != NR - 2 || $7 <= p || $8 <= t) exit 1; p = $7; t = $8; s = 0
           for (i = 9; i <= NF; ++i) { if (!($i >= 0 && $i <= 1)) exit 1; s += $i }
           if (!(s > 0.9 && s < 1.0001)) exit 1 }
         END { if (NR != 61) exit 1 }' one.csv || fail "one.csv is not an atmosphere of 60 levels"
run 0 tml grid profile --teff 900 --logg 5 --layers
expect_in "$out" ",layer,"
[ "$(wc -l <"$out")" -eq 60 ] || fail "not 59 layers"

# --- many: the same numbers as one by one, on any number of ranks -------------------------------------------
printf 'gravity,temperature,c_o_ratio,metallicity,name\n5,900,1,0,a\n4,1800,0.5,1,b\n' >nodes.csv
run 0 tml grid profile --nodes nodes.csv --out many.csv
[ "$(wc -l <many.csv)" -eq 121 ] || fail "not 2 x 60 levels"
head -n 61 many.csv | cmp -s - one.csv || fail "the first of many is not the one alone"
run 0 tml_n 3 grid profile --nodes nodes.csv --out ranks.csv
expect_same many.csv ranks.csv
run 73 tml grid profile --nodes nodes.csv --out many.csv
expect_in "$err" "many.csv exists"
run 0 tml grid profile --nodes nodes.csv --out many.csv --force
expect_same many.csv ranks.csv
run 0 tml grid profile --nodes nodes.csv --out dry.csv --dry-run
expect_absent dry.csv

# --- JSON ---------------------------------------------------------------------------------------------------
run 0 tml grid profile --nodes nodes.csv --json
cp "$out" many.json
"$TML_PYTHON" - <<'EOF' || fail "many.json does not hold what many.csv holds"
import csv
import json

document = json.load(open("many.json"))
assert document["schema"] == "telescopeml.grid-profile/1" and document["status"] == "done"
result = document["result"]
assert (result["atmospheres"], result["rows"], result["at"], result["written"]) == (2, 60, "levels", False)
rows = list(csv.DictReader(open("many.csv")))
for n, profile in enumerate(result["profiles"]):
    for l in range(60):
        row = rows[60 * n + l]
        assert float(row["temperature_k"]) == profile["temperature_k"][l]
        assert float(row["pressure_bar"]) == profile["pressure_bar"][l]
        for name, fraction in profile["fractions"].items():
            assert float(row[name]) == fraction[l], name
assert result["profiles"][1]["gravity"] == 1e4
EOF
run 64 tml grid profile --teff 900 --json
expect_in "$out" '"telescopeml.grid-profile/1"'
