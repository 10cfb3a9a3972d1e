"""Reads the tables that alternate runs of two builds' benchmarks printed; prints the median and spread of each figure's ratio, new to old."""

import re
import statistics
import sys
from pathlib import Path

# The columns that are measured by a build itself, with their sense; the others are parameters of a row or its limit (matrix products).
TIMES = re.compile(r"^(step|whole), ms$|^edge by edge, s")
RATES = re.compile(r"^million a second")


def figures(text):
    """The figures of the tables of a run: {(row, column): value}."""
    header, found = None, {}
    for line in text.splitlines():
        if not line.startswith("|"):
            header = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if header is None:
            header = cells
            continue
        if set("".join(cells)) <= set("- "):
            continue
        first = next(i for i, name in enumerate(header) if TIMES.match(name) or RATES.match(name) or name.startswith("products"))
        row = " · ".join(cells[:first])
        for name, cell in zip(header, cells):
            if (TIMES.match(name) or RATES.match(name)) and cell:
                found[row, name] = float(cell)
    return found


def main(folder, runs, verbs):
    over = 0
    print("| bench | row | figure | median of new/old as a time | smallest | largest |\n| --- | --- | --- | --- | --- | --- |")
    for verb in verbs:
        sides = {side: [figures((folder / f"{verb}.{side}.{run}").read_text()) for run in range(1, runs + 1)] for side in ("old", "new")}
        for row, name in sides["old"][0]:
            pairs = zip(sides["old"], sides["new"])
            ratios = [new[row, name] / old[row, name] if TIMES.match(name) else old[row, name] / new[row, name] for old, new in pairs]
            median = statistics.median(ratios)
            over += median > 1.03
            print(f"| {verb} | {row} | {name} | {median:.3f}{' !' if median > 1.03 else ''} | {min(ratios):.3f} | {max(ratios):.3f} |")
    print(f"\n{over} medians are more than 3 % above the old build")


main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
