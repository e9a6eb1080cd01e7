"""``python -m tests.bench [NAME...] [--json FILE]``: run benchmarks, print one table, and write what was found."""

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bptui.text import columns
from tests.bench import searching, sweeping
from tests.bench.table import REFERENCE_ROUNDS, Benchmark, Line, judged, lines, reference

BENCHMARKS = (
    Benchmark("one-change", "finding one thing that was done otherwise", searching.one_change),
    Benchmark("two-changes", "finding two things that were done otherwise", searching.two_changes),
    Benchmark("sweep", "a network and round of 10,000 networks trained for 1,000 rounds, on one core", sweeping.many),
    Benchmark("sweep-million", "a million networks trained for 100 rounds, on all cores", sweeping.million),
)


def report(found: Sequence[Line], unit: float) -> list[str]:
    """The table: a line a number, with its target where it has one."""
    head = ("benchmark", "number", "value", "reference ×", "target")
    rows = [
        (
            line.benchmark,
            line.number,
            f"{line.value:.4g} {line.unit}",
            "" if line.ratio is None else f"{line.ratio:.2f}",
            judged(line),
        )
        for line in found
    ]
    return [*columns([head, *rows], left=2), f"reference: {REFERENCE_ROUNDS:,} rounds by NumPy in {unit:.3f} s"]


def main(words: Sequence[str], part: float = 1.0) -> int:
    """Run the benchmarks that words name, or all of them.

    Args:
        words: Names, and flags.
        part: Of the cases, to see whether it runs at all.
    """
    by_name = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    about = "\n".join(f"  {benchmark.name}: {benchmark.about}" for benchmark in BENCHMARKS)
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("dev.py bench", epilog=f"benchmarks:\n{about}", formatter_class=shape)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a benchmark (default: all of them)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write what was found")
    options = parser.parse_args(words)
    if unknown := [name for name in options.names if name not in by_name]:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(by_name)}")
    unit = reference(part)
    found: list[Line] = []
    for benchmark in [by_name[name] for name in options.names] or BENCHMARKS:
        print(f"{benchmark.name}: {benchmark.about} ...", file=sys.stderr, flush=True)
        found += lines(benchmark, part, unit)
    print("\n".join(report(found, unit)))
    if options.json:
        about_run = {"python": platform.python_version(), "machine": platform.machine(), "reference_seconds": unit}
        written = {**about_run, "numbers": [asdict(line) for line in found]}
        options.json.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
