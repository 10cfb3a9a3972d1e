#!/usr/bin/env python3
"""Runs `bench waits` under several settings of OpenMP's waiting, in turn, on the machine as it is and beside busy processes; prints
medians, and whether a setting is at most 2 × the passive one when busy and 1.1 × OpenMP's own when quiet.

  ./build.sh build && python3 eng/openmp-waits.py [--runs 5] [--busy 4] [--only quiet|busy] [--settings NAME ...] [--keep FILE]

Quiet figures need a machine that does nothing else. --keep appends each figure to a file, so that several calls can be put together:
--from FILE ... prints the tables of such files and runs nothing.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PROGRAM = REPOSITORY / "tests/Benchmarks/bin/Release/net10.0/Benchmarks.dll"
VARIABLES = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME")
SETTINGS = {
    "default": {},
    "passive": {"OMP_WAIT_POLICY": "PASSIVE"},
    "spin 0": {"GOMP_SPINCOUNT": "0"},
    "spin 300": {"GOMP_SPINCOUNT": "300"},
    "spin 1000": {"GOMP_SPINCOUNT": "1000"},
    "spin 2000": {"GOMP_SPINCOUNT": "2000"},
    "spin 3000": {"GOMP_SPINCOUNT": "3000"},
    "spin 5000": {"GOMP_SPINCOUNT": "5000"},
    "spin 10000": {"GOMP_SPINCOUNT": "10000"},
    "spin 100000": {"GOMP_SPINCOUNT": "100000"},
    "blocktime 0": {"KMP_BLOCKTIME": "0"},  # Intel's and LLVM's OpenMP; libtorch's package has GNU's
}


def seconds(setting):
    """{work: seconds} of one run."""
    environment = {name: value for name, value in os.environ.items() if name not in VARIABLES} | SETTINGS[setting]
    text = subprocess.run(
        ["dotnet", PROGRAM, "waits"], env=environment, check=True, capture_output=True, text=True).stdout
    rows = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in text.splitlines() if line.startswith("|")]
    return {row[0]: float(row[1]) for row in rows[2:]}


def measure(load, arguments, figures):
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(arguments.busy if load == "busy" else 0)]
    try:
        for run in range(arguments.runs):
            # The order turns from run to run, so that none always has the same neighbor.
            turn = run % len(arguments.settings)
            for setting in arguments.settings[turn:] + arguments.settings[:turn]:
                for work, time in seconds(setting).items():
                    figures.append((load, setting, work, time))
                    if arguments.keep:
                        with open(arguments.keep, "a") as kept:
                            kept.write(f"{load}\t{setting}\t{work}\t{time}\n")
            print(f"{load}: run {run + 1} of {arguments.runs}, load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def show(figures):
    for load, base, most in (("quiet", "default", 1.1), ("busy", "passive", 2.0)):
        of_load = [figure for figure in figures if figure[0] == load]
        works = list(dict.fromkeys(work for _, _, work, _ in of_load))
        if not works:
            continue
        medians = {}
        for _, setting, work, _ in of_load:
            medians[setting, work] = statistics.median(time for _, s, w, time in of_load if (s, w) == (setting, work))
        print(f"\n{load}, medians of {len([1 for _, s, w, _ in of_load if (s, w) == (base, works[0])])} runs in seconds; "
              f"in brackets beside '{base}', of which at most {most} is wanted\n")
        print("| setting | " + " | ".join(works) + " | reaches it |\n|" + " --- |" * (len(works) + 2))
        for setting in dict.fromkeys(setting for _, setting, _, _ in of_load):
            ratios = [medians[setting, work] / medians[base, work] for work in works]
            cells = [f"{medians[setting, work]:.2f} ({ratio:.2f})" for work, ratio in zip(works, ratios)]
            print(f"| {setting} | {' | '.join(cells)} | {'yes' if max(ratios) <= most else 'no'} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--busy", type=int, default=4)
    parser.add_argument("--only", choices=("quiet", "busy"))
    parser.add_argument("--settings", nargs="+", choices=list(SETTINGS), default=list(SETTINGS))
    parser.add_argument("--keep")
    parser.add_argument("--from", dest="files", nargs="+", default=[])
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the busy processes end too
    figures = []
    for file in arguments.files:
        for line in Path(file).read_text().splitlines():
            load, setting, work, time = line.split("\t")
            figures.append((load, setting, work, float(time)))
    if not arguments.files:
        for load in ("quiet", "busy"):
            if arguments.only in (None, load):
                measure(load, arguments, figures)
    show(figures)


main()
