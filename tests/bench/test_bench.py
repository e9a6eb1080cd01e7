"""The benchmarks: that each of them runs, and what is told and written. How fast anything is is not tested."""

import json
import os
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bptui.system.folders import find_config_folder, find_state_folder
from tests.bench import __main__ as bench
from tests.bench import searching
from tests.bench.table import Benchmark, Measured, Reference, lines, plain_rounds
from tests.effort import mostly

SMALL = 1e-9  # one case of each
SOME = [row for row in bench.BENCHMARKS if row.name in ("key", "numpy-round", "audit", "one-change", "print")]
ROWS = (
    Benchmark("start", "how long a start takes", lambda part: {"median": Measured(0.5, target=1.0)}),
    Benchmark(
        "key",
        "how soon a key is answered",
        lambda part: {"p99": Measured(9.0, "ms", 50.0, reference=Reference("empty app", 3.0, 2.5))},
    ),
    Benchmark(
        "speed",
        "how fast",
        lambda part: {"rounds": Measured(8.0, "/s", at_least=True, reference=Reference("alone", 10.0, 0.5))},
    ),
    Benchmark("memory", "how much is held", lambda part: {"held": Measured(72.0 * part, "bytes", target=10.0)}),
    Benchmark("other", "what nobody has", lambda part: {}, needs=("json", "no_such_module"), programs=("no-such",)),
)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that measure nothing."""
    monkeypatch.setattr(bench, "BENCHMARKS", ROWS)
    monkeypatch.setattr(bench, "plain_rounds", lambda part: Reference("rounds", 0.25))


def test_every_row_has_a_name_of_its_own_and_says_what_it_measures() -> None:
    assert len({row.name for row in bench.BENCHMARKS}) == len(bench.BENCHMARKS)
    assert all(row.name.replace("-", "").isalnum() and row.about.strip() for row in bench.BENCHMARKS)


@pytest.mark.parametrize("row", mostly(SOME, bench.BENCHMARKS), ids=lambda row: row.name)
def test_every_row_can_be_run_on_one_case(row: Benchmark, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('it takes seconds to load')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")])))
    if row.missing:
        pytest.skip(f"not installed: {', '.join(row.missing)}")
    monkeypatch.setattr(searching, "MAX_CHANGES", 1)
    found = list(lines(row, SMALL, Reference("rounds", 0.5)))
    assert found
    assert sys.float_info.min / 2.0 > 0.0, "no library has the whole process take subnormal numbers for 0"
    for line in found:
        assert line.value > 0.0
        assert line.ratio is None or (line.reference_value and line.ratio == line.value / line.reference_value)
        assert line.unit != "s" or line.reference


@pytest.mark.skipif(sys.platform != "linux", reason="the folders are named otherwise")
def test_what_is_measured_neither_finds_nor_leaves_anything_of_the_users() -> None:
    before = {find_config_folder(), find_state_folder()}
    with bench.at_home():
        assert before.isdisjoint({find_config_folder(), find_state_folder()})


def test_plain_rounds_are_told_in_seconds_of_all_of_them_however_few_are_measured() -> None:
    assert 0.01 < plain_rounds(0.001).value < 100.0


@pytest.mark.usefixtures("table")
def test_one_table_tells_every_number_its_reference_their_ratio_and_whether_each_is_on_target(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bench.main([]) == 0
    output = capsys.readouterr()
    assert [re.split("  +", line) for line in output.out.splitlines()[1:]] == [
        ["start", "median", "0.5 s", "rounds", "0.25 s", "2", "≤ 1 s ✓"],
        ["key", "p99", "9 ms", "empty app", "3 ms", "3", "≤ 50 ms ✓, ≤ 2.5 × ✗"],
        ["speed", "rounds", "8 /s", "alone", "10 /s", "0.8", "≥ 0.5 × ✓"],
        ["memory", "held", "72 bytes", "≤ 10 bytes ✗"],
        ["other: no_such_module, no-such not installed"],
    ]
    assert output.err.splitlines() == [
        "start: how long a start takes ...",
        "key: how soon a key is answered ...",
        "speed: how fast ...",
        "memory: how much is held ...",
    ]


@pytest.mark.usefixtures("table")
def test_the_rows_that_are_named_are_run_and_written_as_json(tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    assert bench.main(["memory", "--json", str(file)], 0.5) == 0
    written = json.loads(file.read_text(encoding="utf-8"))
    assert written["numbers"] == [
        {
            "benchmark": "memory",
            "number": "held",
            "value": 36.0,
            "unit": "bytes",
            "target": 10.0,
            "at_least": False,
            "reference": None,
            "reference_value": None,
            "ratio": None,
            "ratio_target": None,
        }
    ]


@pytest.mark.usefixtures("table")
def test_what_was_written_earlier_is_compared_by_ratios_where_there_are_references(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, slow = tmp_path / "found.json", {"p99": Measured(9.0, "ms", reference=Reference("empty app", 1.5))}
    assert bench.main(["memory", "key", "--json", str(file)]) == 0
    monkeypatch.setattr(bench, "BENCHMARKS", [replace(ROWS[1], measure=lambda part: slow), *ROWS[2:4]])
    capsys.readouterr()
    assert bench.main(["--against", str(file)], 0.25) == 0
    last = [line.split()[-1] for line in capsys.readouterr().out.splitlines()]
    assert last == ["×", "2.00", "✓", "0.25"]  # of a number that was not there before, nothing is told


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("text", [None, "{", "{}", '{"numbers": [{"benchmark": "key"}]}'])
def test_an_earlier_file_that_cannot_be_read_is_refused_before_anything_is_measured(
    text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "found.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        bench.main(["--against", str(file)])
    output = capsys.readouterr()
    assert (end.value.code, output.out) == (2, "")
    assert "found.json is not what --json wrote" in output.err


@pytest.mark.usefixtures("table")
def test_a_name_that_is_no_row_is_refused_before_anything_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        bench.main(["start", "velocity"])
    output = capsys.readouterr()
    assert (end.value.code, output.out) == (2, "")
    assert "no such benchmark: velocity; there are start, key, speed, memory, other" in output.err
