"""``python -m tests.bench [NAME...] [--json FILE] [--against FILE]``: run benchmarks and print one table of them."""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from bptui.text.words import align_columns
from tests.bench import engines, keeping, scaling, searching, sweeping
from tests.bench.table import Benchmark, Line, judged, lines, plain_rounds

_WITH_TERMINAL: tuple[Benchmark, ...] = ()
if sys.platform != "win32":  # which has no pseudo-terminals
    from tests.bench import dialogs, keys, running, starting

    _WITH_TERMINAL = (*starting.ROWS, *dialogs.ROWS, *keys.ROWS, *running.ROWS)

BENCHMARKS = (*_WITH_TERMINAL, *engines.ROWS, *keeping.ROWS, *scaling.ROWS, *searching.ROWS, *sweeping.ROWS)
Earlier = Mapping[tuple[str, str], float]
"""What was found earlier, by benchmark and number: its ratio to its reference, or itself if it has none."""


def report(found: Sequence[Line], earlier: Earlier) -> list[str]:
    """The table: a line a number, beside its reference, with its targets and how many times the earlier one it is."""
    head = ("benchmark", "number", "value", "reference", "", "ratio", "target", "earlier ×" if earlier else "")
    rows = [
        (
            line.benchmark,
            line.number,
            f"{line.value:.4g} {line.unit}",
            line.reference or "",
            "" if line.reference_value is None else f"{line.reference_value:.4g} {line.unit}",
            "" if line.ratio is None else f"{line.ratio:.3g}",
            judged(line),
            f"{_comparable(line) / before:.2f}" if (before := earlier.get((line.benchmark, line.number))) else "",
        )
        for line in found
    ]
    return align_columns([head, *rows], left=4)


def _comparable(line: Line) -> float:
    return line.value if line.ratio is None else line.ratio


def _read(file: Path) -> Earlier:
    known = Line.__dataclass_fields__
    numbers = json.loads(file.read_text(encoding="utf-8"))["numbers"]
    found = [Line(**{name: value for name, value in number.items() if name in known}) for number in numbers]
    return {(line.benchmark, line.number): _comparable(line) for line in found}


@contextmanager
def compiled_once() -> Iterator[None]:
    """Have the programs that are started keep what Python compiles of them, as installed ones do, but elsewhere."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
        patch.setenv("PYTHONPYCACHEPREFIX", folder)
        yield


@contextmanager
def at_home() -> Iterator[None]:
    """Have the programs that are started find no unsaved session or preferences, the user's or another benchmark's."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for kind in ("STATE", "CONFIG"):
            patch.setenv(f"XDG_{kind}_HOME", folder)
        yield


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
    parser.add_argument("--against", type=Path, metavar="FILE", help="what --json wrote earlier, to be compared with")
    options = parser.parse_args(words)
    if unknown := [name for name in options.names if name not in by_name]:
        parser.error(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(by_name)}")
    try:
        earlier = _read(options.against) if options.against else {}
    except (OSError, ValueError, KeyError, TypeError) as fault:
        parser.error(f"{options.against} is not what --json wrote: {fault}")
    rounds, found, missing = plain_rounds(part), list[Line](), list[str]()
    with compiled_once():
        for benchmark in [by_name[name] for name in options.names] or BENCHMARKS:
            if benchmark.missing:
                missing.append(f"{benchmark.name}: {', '.join(benchmark.missing)} not installed")
                continue
            print(f"{benchmark.name}: {benchmark.about} ...", file=sys.stderr, flush=True)
            with at_home():
                found += lines(benchmark, part, rounds)
    print("\n".join([*report(found, earlier), *missing]))
    if options.json:
        about_run = {"python": platform.python_version(), "machine": platform.machine()}
        written = {**about_run, "numbers": [asdict(line) for line in found]}
        options.json.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
