# results.h5 opens in h5py and netCDF as it is, and says what report.json says.
# tml-test: TIMEOUT 120
# shellcheck shell=bash
. "$TML_SOURCE/tests/programs/lib_program.sh"
. "$TML_SOURCE/tests/programs/lib_training.sh"
need_python h5py numpy
rm -rf -- ./*
make_grid
write_configuration train.yml
run 0 tml train train.yml --run-dir run --no-progress
run 0 tml simulate --grid g.h5 --row 7 --snr 30 --out one.dat --name 'a/b <c>'
run 0 tml simulate --grid g.h5 --row 8 --snr 30 --out two.dat
run 0 tml predict --model run/model.h5 --grid g.h5 --observation one.dat two.dat --draws 50 --out answer

cat >check.py <<'P'
import json

import h5py
import numpy as np


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


told = json.load(open("answer/report.json"))["result"]["objects"]
with h5py.File("answer/results.h5", "r") as results:
    assert text(results.attrs["format"]) == "telescopeml-results" and results.attrs["format_version"] == 1
    assert "predict" in text(results["provenance"].attrs["command"])
    assert set(results["objects"]) == {"a_b <c>", "two"}
    for want in told:
        group = results["objects"][want["name"].replace("/", "_")]
        assert text(group.attrs["name"]) == want["name"]
        assert text(group.attrs["model_digest"]) == want["model_digest"]
        parameters = group["parameters"]
        names = [text(parameters.attrs[f"name_{i}"]) for i in range(parameters.attrs["count"])]
        assert names == list(want["parameters"])
        for column in "value", "sd", "p2_5", "p97_5":
            assert list(parameters[column]) == [want["parameters"][name][column] for name in names], column
        draws = group["draws"][()]
        assert draws.shape == (50, len(names)) and np.isfinite(draws).all()
        assert np.allclose(draws.mean(0), [want["parameters"][name]["mean"] for name in names], rtol=1e-12)
        for part in "pixel", "bin":
            wavelength = group[part]["wavelength"]
            assert text(wavelength.attrs["units"]) == "micron" and (np.diff(wavelength[()]) > 0).all()
            assert all(group[part][name].shape == wavelength.shape for name in group[part])
        assert (group["bin"]["state"][()] == 0).sum() == want["pixels"]["used"]
        assert group.attrs["chi2"] == want["goodness"]["chi2"]
P
run 0 "$TML_PYTHON" check.py
command -v ncdump >/dev/null || skip "no ncdump (package netcdf-bin)"
run 0 ncdump -h answer/results.h5
expect_in "$out" "telescopeml-results"
