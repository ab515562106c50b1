#!/usr/bin/env python3
"""Check the schemas of a folder with documents that they must accept and documents that they must refuse.

usage: check_schemas.py FOLDER

A bad document is a good one with one change, named by the path to a member and its new value (REMOVED takes it
away). Exit code 0 when all is as it should be.
"""
import copy
import pathlib
import sys

from validate_json import validator

REMOVED = object()


def envelope(kind, result, **changes):
    return {"schema": f"telescopeml.{kind}/1", "version": "0.1.0", "status": "done", "exit_code": 0,
            "warnings": [{"code": "masked", "text": "2 pixels without error"}], "result": result, **changes}


def failure(kind):
    return envelope(kind, None, status="bad data", exit_code=65, warnings=[])


TARGET = {"unit": "K", "r2": 0.98, "rmse": 21.5, "mae": 15.0, "bias": -0.25, "sd": 21.4, "skewness": None,
          "ceiling_r2": None}
WITH_INTERVALS = dict(TARGET, r2_low=0.97, r2_high=0.99, rmse_low=18.5, rmse_high=24.0, mae_low=13.0, mae_high=17.5,
                      bias_low=-6.0, bias_high=5.5)
WITHOUT_INTERVALS = dict(WITH_INTERVALS, r2_low=None, r2_high=None, rmse_low=None, rmse_high=None, mae_low=None,
                         mae_high=None, bias_low=None, bias_high=None)

EVALUATE = envelope("evaluate", {
    "split": "test", "rows": 65, "noise": {"snr": None}, "targets": {"teff": WITH_INTERVALS, "c_o": dict(TARGET, unit="")},
    "baseline": {"name": "nearest grid point", "targets": {"teff": TARGET, "c_o": WITHOUT_INTERVALS}, "beaten": ["teff"],
                 "beats_baseline": False}})

GRID_INFO = envelope("grid-info", {
    "file": "grid.h5", "bytes": 300000, "rows": 659, "solar_c_o": 0.458,
    "parameters": {"teff": {"unit": "K", "long_name": "effective temperature", "minimum": 200, "maximum": 2400,
                            "different": 39, "values": None},
                   "met": {"unit": "dex", "minimum": -0.5, "maximum": 0.5, "different": 3, "values": [-0.5, 0, 0.5]}},
    "metadata": ["family"],
    "wavelength": {"unit": "micron", "count": 104, "minimum": 0.897, "maximum": 2.512, "resolution_minimum": 100.0,
                   "resolution_maximum": 100.0},
    "flux": {"unit": "erg s-1 cm-2 Hz-1", "minimum": 1e-22, "maximum": 1e-5},
    "identical_spectra": {"groups": 0, "rows": 0},
    "digest": "0123456789abcdef0123456789abcdef", "digest_checked": True, "provenance": {"program": "telescopeml"}})

GRID_SYNTH = envelope("grid-synth", {
    "file": "grid.h5", "written": True, "model": "simple", "rows": 20, "wavelengths": 104, "bytes": 9120,
    "seconds": 0.02, "ranks": 1, "finished": 20, "resumed": 0, "stopped_by": None})

AUDIT_PARAMETER = {
    "unit": "dex", "learned": "linear", "learned_mean": 0.4, "learned_sd": 0.9, "different": 3, "values": [-1, 0, 2],
    "classes": [[-1, 0], [2]], "near_classes": [[-1, 0], [2]], "ceiling_r2": 0.935, "huber_floor": 0.0325,
    "near_ceiling_r2": 0.9, "near_huber_floor": 0.05, "jumps": 0, "jump_limit_dex": 0.1}
GRID_AUDIT = envelope("grid-audit", {
    "grid": "grid.h5", "digest": "9f2c" * 8, "rows": 6, "wavelengths": 104,
    "identical": {"spectra": 4, "groups": 2, "rows": 4, "largest_group": 2},
    "near": {"tolerance": 0.001, "rows": 4, "pairs": 2, "skipped": 1},
    "parameters": {"met": AUDIT_PARAMETER,
                   "teff": dict(AUDIT_PARAMETER, values=None, classes=None, near_classes=None, learned="log10")},
    "bad_rows": {"rows": 1, "not_finite": 0, "negative": 0, "zero": 1, "energy": 0, "jump": 1,
                 "listed": [{"row": 3, "parameters": {"met": 0, "teff": 900}, "defects": ["zero", "jump"]}]},
    "coverage": {"is_regular": True, "nodes": 7, "filled": 6, "missing": 1, "repeated": 0,
                 "first_missing": [{"met": 2, "teff": 900}]},
    "energy": {"minimum": 0.1, "median": 0.5, "maximum": 0.9, "exceeding": 0}})
GRID_DENSIFY = envelope("grid-densify", {
    "file": "fine.h5", "written": True, "grid": "grid.h5", "grid_rows": 20, "rows": 200, "wavelengths": 104,
    "axes": {"teff": 20, "met": 10}, "seconds": 0.5})

DISTANCE = {"pairs": 2, "fluxes": 208, "median_dex": 0.02, "p95_dex": 0.1, "in_band": 1}
GRID_COMPARE = envelope("grid-compare", {
    "grid": "first.h5", "rows": 3, "wavelengths": 104, "shown": [0, 2],
    "others": [dict(DISTANCE, grid="other.h5", rows=2, unmatched=1,
                    by_value={"teff": [dict(DISTANCE, low=900, high=900)]})]})

GRID_PROFILE = envelope("grid-profile", {
    "file": None, "written": False, "atmospheres": 1, "at": "levels", "rows": 2,
    "profiles": [{"teff": 900, "logg": 5, "c_o": 1, "met": 0, "gravity": 1e5, "pressure_bar": [1e-5, 500],
                  "temperature_k": [286, 3300], "fractions": {"H2": [0.836, 0.82], "H2O": [8e-4, 5e-4]}}]})

GRID_IMPORT = envelope("grid-import", {
    "file": "grid.h5", "written": True, "rows": 659, "metadata": ["family"],
    "parameters": {"teff": {"unit": "K", "minimum": 200, "maximum": 2400}},
    "wavelength": {"unit": "micron", "count": 104, "minimum": 0.897, "maximum": 2.512},
    "bytes": 314422, "digest": "0123456789abcdef0123456789abcdef"})

TRAIN = envelope("train", {
    "run_dir": "run", "model": "run/model.h5", "epochs": 182, "best_epoch": 131, "steps": 142324,
    "stopped_by": "early_stop", "parameters": 8438756, "weights_digest": "0123456789abcdef",
    "samples_per_second": 1234.5, "seconds": 3690.25})

DRY_RUN = envelope("train", dict(TRAIN["result"], run_dir=None, model=None, weights_digest=None, expected={
    "seconds": 3600.5, "step_seconds": 0.1, "validation_seconds": 0.5, "checkpoint_seconds": None}))

BENCH = {"schema": "telescopeml.bench/1", "version": "0.1.0", "name": "step", "value": 284.1, "unit": "samples/s",
         "low": 251.3, "high": 291.2, "ranks": 2, "threads": 1, "batch": 64, "lane": 32, "convolution": "winograd",
         "reduction": "exact", "shape": None, "repeats": 5, "foreign_load": 0.01, "digest": "0123456789abcdef0123456789abcdef"}
BENCH_IO = dict(BENCH, name="io.posix.cold", unit="MB/s", batch=None, lane=None, convolution=None, reduction=None,
                shape="100000 x 104", foreign_load=None, digest=None)

DOCTOR = envelope("doctor", {
    "build": {"version": "0.1.0", "revision": "973017f", "compiler": "GNU 12.2.0", "flags": "-O3", "build_type": "Release"},
    "libraries": {"mpi": "Open MPI v4.1.4", "mpi_thread_level": "funneled", "hdf5": "1.10.8", "hdf5_is_parallel": True,
                  "blis": "0.9.0, zen3", "plplot": "5.15.0", "plplot_drivers": "pdfcairo svgcairo", "gsl": "2.7.1",
                  "cfitsio": "4.020", "hwloc": "2.8.0"},
    "machine": {"host": "node1", "processor": None, "packages": 1, "numa_nodes": 1, "cores": 2, "hardware_threads": 2,
                "l1_bytes": 32768, "l2_bytes": 524288, "l3_bytes": None, "memory_bytes": 25276510208,
                "memory_available_bytes": 24647213056, "processor_quota": None, "huge_pages": "madvise",
                "shared_memory_free_bytes": 0, "file_system": "ext4", "disk_free_bytes": 77873008640},
    "job": {"ranks": 1, "nodes": 1, "most_ranks_of_a_node": 1, "threads": 1, "is_bound": False,
            "least_usable_threads": 2, "crowding": 0.5, "launcher_ranks": None},
    "problems": [{"severity": "warning", "code": "no_cairo", "text": "no driver", "cure": "install it"}]})

PARAMETER = {"unit": "K", "value": 785.4, "mean": 786.0, "sd": 31.0, "sd_noise": 25.0, "sd_model": None, "p2_5": 720,
             "p16": 755, "p50": 784, "p84": 815, "p97_5": 850, "grid": {"low": 200, "high": None}, "flags": ["outside_grid"]}

OBJECT = {
    "name": "HD 3651B", "file": "HD3651B.dat", "model": "model.h5", "model_digest": "9f2c",
    "pixels": {"used": 101, "masked": 2, "outside": 1, "masked_by": {"no_error": 2, "zero": 0}},
    "observed_pixels": {"count": 500, "used": 498, "no_error": 2}, "is_relative": False, "is_at_surface": True,
    "distance_pc": {"value": 11.134, "sd": 0.02}, "radius_rjup": None, "parameters": {"teff": PARAMETER}, "draws": 1000,
    "scale": {"value": 1.0, "sd": 0.02, "radius_rjup": None, "radius_rjup_sd": None},
    "goodness": {"chi2": 110.2, "dof": 98, "p": 0.19, "inflation": 1.06},
    "grid_point": {"row": 4711, "chi2": 120.0, "parameters": {"teff": 800}},
    "literature": [{"source": "somebody", "parameters": {"teff": {"value": 719, "sd": None}}}],
    "flags": ["outside_grid", "shape_only"]}

PREDICT = envelope("predict", {"objects": [OBJECT, dict(OBJECT, grid_point=None)]})

RANGE = {"target": "teff", "unit": "K", "low": 400, "high": 1000, "count": 143, "bias": 0.1, "median_bias": 0.4,
         "scatter_mad": 1.7, "rmse": 2.9, "coverage68": 0.71, "coverage95": None}

PREDICT_TABLE = envelope("predict", {"objects": [], "table": {"rows": 500, "ranges": [RANGE]}})

REPORT = envelope("report", {
    "objects": [OBJECT], "table": {"rows": 500, "ranges": [RANGE], "flag_counts": {"poor_fit": 3}},
    "evaluation": EVALUATE["result"],
    "training": {"epochs": 120, "best_epoch": 116, "best_loss": 0.005, "weights": 142068, "wavelengths": 104,
                 "targets": [{"name": "teff", "unit": "K"}], "grid_digest": "", "steps": 6480, "seconds": 27.4,
                 "train_loss": 0.01, "validation_loss": None, "loss": "huber", "monitor": "validation", "ranks": 2},
    "figures": [{"name": "loss_history", "caption": "Loss", "files": ["figures/loss_history.pdf"]},
                {"name": "x_model", "caption": "Model", "files": []}],
    "provenance": {"prediction": {"program": "telescopeml"}, "training": None}})

EMPTY_REPORT = envelope("report", {"objects": [], "table": None, "evaluation": None, "training": None, "figures": [],
                                   "provenance": {"prediction": None, "training": None}})

COMPARISON = envelope("comparison", {
    "folders": [{"folder": "a", "scores": {"split": "test", "rows": 65, "noise": {"snr": None}, "targets": {"teff": TARGET}},
                 "training": {"epochs": 120, "best_epoch": 116, "best_loss": 0.005, "weights": 142068, "ranks": 2,
                              "seconds": 27.4, "samples_per_second": 12909.5}},
                {"folder": "b", "scores": None, "training": None}],
    "objects": [{"name": "HD 3651B", "answers": [dict(OBJECT, folder="a"), dict(OBJECT, folder="b")],
                 "differences": [{"from": "a", "to": "b", "parameters": {"teff": -0.26, "logg": None}}]}],
    "settings": [{"setting": "run.seed", "values": ["1", None]}],
    "figures": [{"name": "comparison_x", "caption": "Answers", "files": ["figures/comparison_x.svg"]}]}, warnings=[])

EXPLORED = {"unit": "K", "count": 659, "mean": 1113.7, "sd": 656.6, "standard_error": 25.6, "ci95_low": 1063.4,
            "ci95_high": 1163.9, "minimum": 200, "p2_5": 225, "q1": 562.5, "median": 950, "q3": 1700, "p97_5": 2400,
            "maximum": 2400, "skewness": 0.46, "different": 39, "is_axis": True}

EXPLORE = envelope("explore", {
    "grid": "bobcat.h5", "digest": "0123456789abcdef0123456789abcdef", "rows": 659, "wavelengths": 104,
    "parameters": {"teff": EXPLORED, "met": dict(EXPLORED, sd=None, skewness=None, is_axis=False)},
    "twins": {"groups": 0, "rows": 0}, "coverage": {"nodes": None, "filled": 659},
    "zero_fluxes": {"count": 3, "wavelengths": 1}, "pca": {"components": 2, "shares": [0.6, 0.2]},
    "median_distance": 0.46,
    "outliers": [{"row": 65, "parameters": {"teff": 325, "met": 0}, "nearest_row": 42, "distance": 1.5,
                  "outlier_score": 3.3}],
    "fixed": {"teff": 950, "met": 0}})

# kind: documents to accept, then (base document, path, new value) to refuse
CASES = {
    "comparison": ([COMPARISON, failure("comparison")], [
        (COMPARISON, "schema", "telescopeml.report/1"),
        (COMPARISON, "result/folders", []),
        (COMPARISON, "result/folders/0/folder", REMOVED),
        (COMPARISON, "result/folders/0/scores/targets", {}),
        (COMPARISON, "result/folders/0/training/epochs", -1),
        (COMPARISON, "result/folders/0/training/samples_per_second", "fast"),
        (COMPARISON, "result/objects/0/answers", []),
        (COMPARISON, "result/objects/0/answers/0/folder", REMOVED),
        (COMPARISON, "result/objects/0/answers/0/parameters/teff/sd", -1),
        (COMPARISON, "result/objects/0/differences/0/to", REMOVED),
        (COMPARISON, "result/objects/0/differences/0/parameters/teff", "0.3"),
        (COMPARISON, "result/settings/0/values", ["1"]),
        (COMPARISON, "result/figures/0/files/0", "figures/../x.svg")]),
    "envelope": ([envelope("predict", {}), failure("predict"), envelope("predict", {}, status="stopped", exit_code=75)], [
        (TRAIN, "schema", "train"),
        (TRAIN, "schema", "telescopeml.train/0"),
        (TRAIN, "version", 1),
        (TRAIN, "status", "fine"),
        (TRAIN, "exit_code", 3),
        (TRAIN, "exit_code", 65),
        (TRAIN, "status", "stopped"),
        (TRAIN, "result", None),
        (TRAIN, "result", REMOVED),
        (TRAIN, "warnings", REMOVED),
        (TRAIN, "warnings/0/code", "Not a word"),
        (TRAIN, "warnings/0/text", REMOVED),
        (TRAIN, "more", 1)]),
    "bench": ([BENCH, BENCH_IO], [
        (BENCH, "schema", "telescopeml.bench/2"),
        (BENCH, "name", "step time"),
        (BENCH, "name", REMOVED),
        (BENCH, "value", "284"),
        (BENCH, "unit", "miles"),
        (BENCH, "ranks", 0),
        (BENCH, "batch", 0),
        (BENCH, "convolution", "fft"),
        (BENCH, "reduction", REMOVED),
        (BENCH, "repeats", 0),
        (BENCH, "foreign_load", -0.1),
        (BENCH, "digest", "xyz")]),
    "doctor": ([DOCTOR, failure("doctor"), dict(DOCTOR, status="internal error", exit_code=70)], [
        (DOCTOR, "result/libraries/blis", REMOVED),
        (DOCTOR, "result/libraries/mpi_thread_level", "some"),
        (DOCTOR, "result/machine/cores", -1),
        (DOCTOR, "result/machine/huge_pages", "yes"),
        (DOCTOR, "result/job/ranks", 0),
        (DOCTOR, "result/job/is_bound", 1),
        (DOCTOR, "result/problems/0/severity", "bad"),
        (DOCTOR, "result/problems/0/cure", REMOVED),
        (DOCTOR, "result/problems", REMOVED)]),
    "evaluate": ([EVALUATE, failure("evaluate")], [
        (EVALUATE, "schema", "telescopeml.train/1"),
        (EVALUATE, "exit_code", 65),
        (EVALUATE, "result/split", "most"),
        (EVALUATE, "result/rows", -1),
        (EVALUATE, "result/rows", 1.5),
        (EVALUATE, "result/noise", REMOVED),
        (EVALUATE, "result/noise/snr", 0),
        (EVALUATE, "result/targets", {}),
        (EVALUATE, "result/targets/teff/r2", 1.1),
        (EVALUATE, "result/targets/teff/r2", "0.98"),
        (EVALUATE, "result/targets/teff/rmse", -1),
        (EVALUATE, "result/targets/teff/sd", REMOVED),
        (EVALUATE, "result/targets/teff/ceiling_r2", REMOVED),
        (EVALUATE, "result/targets/teff/r2_high", 1.1),
        (EVALUATE, "result/targets/teff/rmse_low", -1),
        (EVALUATE, "result/targets/teff/mae_high", "17.5"),
        (EVALUATE, "result/targets/teff/bias_low", "-6"),
        (EVALUATE, "result/targets/c_o/unit", None),
        (EVALUATE, "result/targets/c-o", TARGET),
        (EVALUATE, "result/baseline/beats_baseline", "no"),
        (EVALUATE, "result/baseline/beaten", "teff"),
        (EVALUATE, "result/baseline/targets/teff/mae", REMOVED)]),
    "explore": ([EXPLORE, failure("explore")], [
        (EXPLORE, "schema", "telescopeml.grid-info/1"),
        (EXPLORE, "result/rows", 0),
        (EXPLORE, "result/digest", "xyz"),
        (EXPLORE, "result/parameters", {}),
        (EXPLORE, "result/parameters/teff/ci95_low", REMOVED),
        (EXPLORE, "result/parameters/teff/sd", -1),
        (EXPLORE, "result/parameters/teff/median", None),
        (EXPLORE, "result/parameters/teff/is_axis", 1),
        (EXPLORE, "result/twins/groups", 1.5),
        (EXPLORE, "result/coverage/filled", 0),
        (EXPLORE, "result/zero_fluxes", REMOVED),
        (EXPLORE, "result/pca/shares", [60]),
        (EXPLORE, "result/outliers/0/outlier_score", 1),
        (EXPLORE, "result/outliers/0/parameters/teff", "325"),
        (EXPLORE, "result/fixed/teff", None)]),
    "grid-info": ([GRID_INFO, failure("grid-info")], [
        (GRID_INFO, "schema", "telescopeml.grid-info/2"),
        (GRID_INFO, "result/rows", 0),
        (GRID_INFO, "result/wavelength/unit", "nm"),
        (GRID_INFO, "result/wavelength/minimum", 0),
        (GRID_INFO, "result/flux", REMOVED),
        (GRID_INFO, "result/parameters/teff/unit", REMOVED),
        (GRID_INFO, "result/parameters/met/values", [0, 0]),
        (GRID_INFO, "result/identical_spectra/groups", -1),
        (GRID_INFO, "result/digest", "xyz"),
        (GRID_INFO, "result/provenance/ranks", 4)]),
    "grid-synth": ([GRID_SYNTH, failure("grid-synth")], [
        (GRID_SYNTH, "schema", "telescopeml.grid-import/1"),
        (GRID_SYNTH, "result/rows", 0),
        (GRID_SYNTH, "result/model", REMOVED),
        (GRID_SYNTH, "result/written", "yes"),
        (GRID_SYNTH, "result/stopped_by", "boredom"),
        (GRID_SYNTH, "result/resumed", -1),
        (GRID_SYNTH, "result/seconds", -1)]),
    "grid-profile": ([GRID_PROFILE, failure("grid-profile")], [
        (GRID_PROFILE, "schema", "telescopeml.grid-synth/1"),
        (GRID_PROFILE, "result/at", "heights"),
        (GRID_PROFILE, "result/atmospheres", 0),
        (GRID_PROFILE, "result/profiles/0/gravity", REMOVED),
        (GRID_PROFILE, "result/profiles/0/temperature_k", [0, 1]),
        (GRID_PROFILE, "result/profiles/0/fractions/H2O", [2, 0])]),
    "grid-audit": ([GRID_AUDIT, failure("grid-audit")], [
        (GRID_AUDIT, "result/rows", 0),
        (GRID_AUDIT, "result/digest", "xyz"),
        (GRID_AUDIT, "result/near/tolerance", 0),
        (GRID_AUDIT, "result/identical/groups", -1),
        (GRID_AUDIT, "result/parameters", {}),
        (GRID_AUDIT, "result/parameters/met/ceiling_r2", 1.5),
        (GRID_AUDIT, "result/parameters/met/huber_floor", -1),
        (GRID_AUDIT, "result/parameters/met/classes", [[]]),
        (GRID_AUDIT, "result/parameters/met/learned", "ln"),
        (GRID_AUDIT, "result/bad_rows/listed/0/defects", ["odd"]),
        (GRID_AUDIT, "result/bad_rows/jump", REMOVED),
        (GRID_AUDIT, "result/coverage/filled", 0),
        (GRID_AUDIT, "result/energy/exceeding", REMOVED)]),
    "grid-densify": ([GRID_DENSIFY, failure("grid-densify")], [
        (GRID_DENSIFY, "result/rows", 0),
        (GRID_DENSIFY, "result/axes/teff", 0),
        (GRID_DENSIFY, "result/written", "yes"),
        (GRID_DENSIFY, "result/grid", REMOVED)]),
    "grid-compare": ([GRID_COMPARE, failure("grid-compare")], [
        (GRID_COMPARE, "result/rows", 0),
        (GRID_COMPARE, "result/shown", []),
        (GRID_COMPARE, "result/others", []),
        (GRID_COMPARE, "result/others/0/median_dex", -1),
        (GRID_COMPARE, "result/others/0/unmatched", REMOVED),
        (GRID_COMPARE, "result/others/0/by_value/teff/0/in_band", 1.5)]),
    "grid-import": ([GRID_IMPORT, failure("grid-import")], [
        (GRID_IMPORT, "schema", "telescopeml.grid-info/1"),
        (GRID_IMPORT, "result/rows", 1.5),
        (GRID_IMPORT, "result/parameters", {}),
        (GRID_IMPORT, "result/parameters/teff/minimum", REMOVED),
        (GRID_IMPORT, "result/wavelength/unit", "nm"),
        (GRID_IMPORT, "result/digest", "xyz")]),
    "predict": ([PREDICT, PREDICT_TABLE, envelope("predict", {"objects": []}), failure("predict")], [
        (PREDICT, "schema", "telescopeml.report/1"),
        (PREDICT, "result/objects", REMOVED),
        (PREDICT, "result/objects/0/name", REMOVED),
        (PREDICT, "result/objects/0/flags", ["ugly"]),
        (PREDICT, "result/objects/0/flags", "outside_grid"),
        (PREDICT, "result/objects/0/pixels/used", -1),
        (PREDICT, "result/objects/0/pixels/outside", REMOVED),
        (PREDICT, "result/objects/0/parameters", {}),
        (PREDICT, "result/objects/0/parameters/teff/sd", -1),
        (PREDICT, "result/objects/0/parameters/teff/p97_5", REMOVED),
        (PREDICT, "result/objects/0/parameters/teff/value", "785"),
        (PREDICT, "result/objects/0/goodness/p", 1.5),
        (PREDICT, "result/objects/0/goodness/inflation", 0.5),
        (PREDICT, "result/objects/0/scale/value", REMOVED),
        (PREDICT, "result/objects/0/grid_point/row", -1),
        (PREDICT, "result/objects/0/distance_pc", 11.1),
        (PREDICT_TABLE, "result/table/rows", -1),
        (PREDICT_TABLE, "result/table/ranges/0/coverage68", 68),
        (PREDICT_TABLE, "result/table/ranges/0/rmse", REMOVED)]),
    "report": ([REPORT, EMPTY_REPORT, failure("report")], [
        (REPORT, "schema", "telescopeml.predict/1"),
        (REPORT, "result/objects", REMOVED),
        (REPORT, "result/objects/0/flags", ["ugly"]),
        (REPORT, "result/table/flag_counts/poor_fit", -1),
        (REPORT, "result/table/ranges", REMOVED),
        (REPORT, "result/evaluation/targets", {}),
        (REPORT, "result/training/epochs", -1),
        (REPORT, "result/training/best_epoch", -1),
        (REPORT, "result/training/ranks", REMOVED),
        (REPORT, "result/figures/0/name", "../x"),
        (REPORT, "result/figures/0/files/0", "/tmp/figures/loss_history.pdf"),
        (REPORT, "result/figures/0/files/0", "figures/../x.pdf"),
        (REPORT, "result/figures/0/caption", REMOVED),
        (REPORT, "result/provenance/prediction", "telescopeml"),
        (REPORT, "result/provenance/training", REMOVED)]),
    "train": ([TRAIN, DRY_RUN, failure("train"), envelope("train", dict(TRAIN["result"], model=None, best_epoch=None),
                                                 status="stopped", exit_code=75)], [
        (TRAIN, "schema", "telescopeml.evaluate/1"),
        (TRAIN, "result/run_dir", REMOVED),
        (TRAIN, "result/model", 3),
        (TRAIN, "result/epochs", -1),
        (TRAIN, "result/best_epoch", -1),
        (TRAIN, "result/stopped_by", "early stop"),
        (TRAIN, "result/weights_digest", "0123"),
        (TRAIN, "result/seconds", None),
        (DRY_RUN, "result/expected/seconds", None),
        (DRY_RUN, "result/expected/step_seconds", REMOVED),
        (TRAIN, "result/samples_per_second", -1)]),
}


def changed(document, path, value):
    document = copy.deepcopy(document)
    steps = [int(step) if step.isdigit() else step for step in path.split("/")]
    at = document
    for step in steps[:-1]:
        at = at[step]
    if value is REMOVED:
        del at[steps[-1]]
    else:
        at[steps[-1]] = value
    return document


def main():
    folder = pathlib.Path(sys.argv[1])
    failures = []
    for path in sorted(folder.glob("*.schema.json")):
        kind = path.name[:-len(".schema.json")]
        check = validator(path)  # refuses a schema that is not valid
        good, bad = CASES.get(kind, ([], []))
        if not good:
            failures.append(f"{path.name}: check_schemas.py has no documents for it")
        for document in good:
            failures += [f"{path.name}: refuses a good document: {e.message}" for e in check.iter_errors(document)]
        for document, where, value in bad:
            if check.is_valid(changed(document, where, value)):
                failures.append(f"{path.name}: accepts {where} = {'(removed)' if value is REMOVED else repr(value)}")
    for kind in CASES:
        if not (folder / f"{kind}.schema.json").exists():
            failures.append(f"{kind}.schema.json is missing")
    for failure_text in failures:
        print(failure_text, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
