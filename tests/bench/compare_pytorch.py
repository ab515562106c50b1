#!/usr/bin/env python3
"""Compare the speed of telescopeml with PyTorch's on this machine; see compare_pytorch.sh and docs/performance.md.

For each case PyTorch is first tried in every configuration that it has here (layout, BLAS, threads or processes); the
best one, and the second if it is nearly as fast, then run against ours in interleaved rounds. What is printed is the
ratio of the medians, with its spread: ratios of single rounds.
"""
import argparse
import csv
import itertools
import json
import os
import pathlib
import statistics
import sys

import machine
from comparison_cases import CASES

HERE = pathlib.Path(__file__).resolve().parent
MOST_FOREIGN = 0.10
TRIES = 3
NEARLY = 0.95
EXIT_BUSY, EXIT_MISSED = 75, 1
COLUMNS = ("case", "what", "ours", "ours_low", "ours_high", "torch", "torch_low", "torch_high", "torch_configuration",
           "ratio", "ratio_low", "ratio_high", "must", "aim", "reached", "foreign_load", "rounds")


class Busy(Exception):
    pass


def blas_folders():
    """Folders with a libblas.so.3 of their own. Without any PyTorch takes what the system has chosen."""
    names = ("blis-openmp", "openblas-openmp", "openblas-pthread")
    found = [path for name in names for path in pathlib.Path("/usr/lib").glob(f"*/{name}")
             if (path / "libblas.so.3").exists()]
    return found or [None]


def run_watched(what, command, environment, options):
    """Output of a run during which nobody else was at work, and what little others used."""
    for _ in range(TRIES):
        out, foreign = machine.run(command, environment)
        if foreign <= MOST_FOREIGN or options.force:
            return out, foreign
        print(f"  {what}: others used {100 * foreign:.0f} % of the processors; once more", file=sys.stderr)
    raise Busy(foreign)


# ---- one run ----

def torch_candidates(case):
    """(words, arguments, environment) of every configuration of a case."""
    forms = (["--inference"], ["--inference", "--script"]) if case.inference else ([],)
    for torch, layout, blas, form in itertools.product(case.torch, ("conv1d", "conv2d_last"), blas_folders(), forms):
        words = [f"{torch.threads} thread{'s' if torch.threads > 1 else ''}" if torch.processes == 1
                 else f"{torch.processes} processes", layout,
                 blas.name if blas else "system BLAS"] + (["script"] if "--script" in form else [])
        environment = {"LD_LIBRARY_PATH": str(blas)} if blas else {}
        yield ", ".join(words), [*torch.arguments(), "--layout", layout, *form], environment


def run_torch(candidate, steps, options):
    words, arguments, environment = candidate
    out, foreign = run_watched(f"PyTorch ({words})", [sys.executable, str(HERE / "torch_step.py"), *arguments, "--steps",
                                                     str(steps)], environment, options)
    return json.loads(out)["samples_per_s"], foreign


def run_ours(case, options):
    figure, arguments = case.ours()
    command = [options.program, "bench", "step", *arguments, "--json"]
    environment = {"OMP_NUM_THREADS": "1"}
    if case.ranks > 1:
        command = [*options.mpiexec.split(), "-np", str(case.ranks), "--bind-to", "core", *command]
    if os.getuid() == 0:
        environment.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    out, foreign = run_watched("telescopeml", command, environment, options)
    lines = [json.loads(line) for line in out.splitlines()]
    return next(line for line in lines if line["name"] == figure)["value"], foreign


# ---- one case ----

def finalists(case, options):
    """The fastest configuration of PyTorch, and the second where it is nearly as fast."""
    tried = []
    for candidate in torch_candidates(case):
        rate, _ = run_torch(candidate, max(3, case.steps // 2), options)
        tried.append((rate, candidate))
        if options.verbose:
            print(f"  {candidate[0]}: {rate:.1f} samples/s", file=sys.stderr)
    tried.sort(key=lambda pair: -pair[0])
    return [candidate for rate, candidate in tried[:2] if rate > NEARLY * tried[0][0]]


def measure(case, options):
    candidates = finalists(case, options)
    ours, torch, foreign = [], [[] for _ in candidates], 0.0
    for _ in range(options.rounds):
        value, load = run_ours(case, options)
        ours.append(value)
        foreign = max(foreign, load)
        for candidate, rates in zip(candidates, torch):
            rate, load = run_torch(candidate, case.steps, options)
            rates.append(rate)
            foreign = max(foreign, load)
    best = max(range(len(torch)), key=lambda i: statistics.median(torch[i]), default=None)
    return summarise(case, ours, torch[best] if torch else [], candidates[best][0] if torch else "", foreign)


def summarise(case, ours, torch, words, foreign):
    row = dict.fromkeys(COLUMNS, "")
    value = statistics.median(ours)
    row.update(case=case.name, what=case.what, ours=value, ours_low=min(ours), ours_high=max(ours), must=case.must,
               aim=case.aim, foreign_load=foreign, rounds=len(ours))
    if torch:
        ratios = [a / b for a, b in zip(ours, torch)]
        value = statistics.median(ours) / statistics.median(torch)
        row.update(torch=statistics.median(torch), torch_low=min(torch), torch_high=max(torch),
                   torch_configuration=words, ratio=value, ratio_low=min(ratios), ratio_high=max(ratios))
    less_is_better = case.aim < case.must
    reaches = (lambda bound: value <= bound) if less_is_better else (lambda bound: value >= bound)
    row["reached"] = "aim" if reaches(case.aim) else "must" if reaches(case.must) else "no"
    return row


# ---- output ----

def print_heading():
    print(f"{'case':16} {'ours':>9} {'(range)':>17} {'PyTorch':>9} {'(range)':>17} {'ratio':>6} {'(range)':>13} "
          f"{'must':>6} {'aim':>6} reached  PyTorch's best configuration", flush=True)


def print_row(row):
    def span(low, high, digits):
        return f"{low:.{digits}f} - {high:.{digits}f}" if low != "" else ""

    def number(value, digits):
        return f"{value:.{digits}f}" if value != "" else ""

    print(f"{row['case']:16} {number(row['ours'], 1):>9} {span(row['ours_low'], row['ours_high'], 1):>17} "
          f"{number(row['torch'], 1):>9} {span(row['torch_low'], row['torch_high'], 1):>17} "
          f"{number(row['ratio'], 2):>6} {span(row['ratio_low'], row['ratio_high'], 2):>13} {row['must']:>6g} "
          f"{row['aim']:>6g} {row['reached']:8} {row['torch_configuration']}", flush=True)


def write_csv(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def read_options():
    parser = argparse.ArgumentParser(prog="compare_pytorch.sh", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(HERE.parents[1] / "build/release/telescopeml"), metavar="FILE")
    parser.add_argument("--mpiexec", default="mpirun", metavar="COMMAND", help="starts several ranks")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="of ours and PyTorch's in turn (default 5)")
    parser.add_argument("--case", action="append", choices=[case.name for case in CASES], metavar="NAME",
                        help="only this one; may be repeated")
    parser.add_argument("--csv", metavar="FILE", help="write the table there as well")
    parser.add_argument("--list", action="store_true", help="list the cases and end")
    parser.add_argument("--force", action="store_true", help="measure on a busy machine, too; for trials only")
    parser.add_argument("--verbose", action="store_true", help="show what each configuration of PyTorch reaches")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds wants a number from 1")
    if not options.list and not os.access(options.program, os.X_OK):
        parser.error(f"{options.program} is no program; build it (cmake --workflow release) or name it by --program")
    return options


def compare(options):
    rows = []
    load = machine.idle_load()
    if load > MOST_FOREIGN and not options.force:
        raise Busy(load)
    print_heading()
    for case in CASES:
        if options.case is None or case.name in options.case:
            rows.append(measure(case, options))
            print_row(rows[-1])
            if options.csv:
                write_csv(options.csv, rows)
    return EXIT_MISSED if any(row["reached"] == "no" for row in rows) else 0


def main():
    options = read_options()
    if options.list:
        for case in CASES:
            print(f"{case.name:16} {case.what}; must {case.must:g}, aim {case.aim:g}")
        return 0
    try:
        return compare(options)
    except Busy as busy:
        print(f"compare_pytorch.sh: the machine is busy: others use {100 * busy.args[0]:.0f} % of its processors, more "
              f"than {100 * MOST_FOREIGN:.0f} %; stop them and start again", file=sys.stderr)
        return EXIT_BUSY
    except machine.Failed as failure:
        print(f"compare_pytorch.sh: {failure}", file=sys.stderr)
        return 70


if __name__ == "__main__":
    sys.exit(main())
