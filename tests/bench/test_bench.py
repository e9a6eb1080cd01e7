"""The benchmarks: that each of them runs, and what is told and written. How fast anything is is not tested."""

import json
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench import searching
from tests.bench.table import Benchmark, Measured, lines, reference

SMALL = 1e-9  # one case of each


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that measure nothing."""
    rows = (
        Benchmark("start", "how long a start takes", lambda part: {"median": Measured(0.5, target=1.0)}),
        Benchmark("speed", "how fast", lambda part: {"ours": Measured(9.0, "times", target=8.0, at_least=True)}),
        Benchmark("memory", "how much is held", lambda part: {"held": Measured(72.0 * part, "bytes", target=10.0)}),
    )
    monkeypatch.setattr(bench, "BENCHMARKS", rows)
    monkeypatch.setattr(bench, "reference", lambda part: 0.25)


def test_every_row_has_a_name_of_its_own_and_says_what_it_measures() -> None:
    assert len({row.name for row in bench.BENCHMARKS}) == len(bench.BENCHMARKS)
    assert all(row.name.replace("-", "").isalnum() and row.about.strip() for row in bench.BENCHMARKS)


@pytest.mark.parametrize("row", bench.BENCHMARKS, ids=lambda row: row.name)
def test_every_row_can_be_run_on_one_case(row: Benchmark, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST", 1)
    found = list(lines(row, SMALL, unit=0.5))
    assert found
    assert all(line.value > 0.0 and line.ratio == line.value / 0.5 for line in found if line.unit == "s")


def test_the_reference_is_told_in_seconds_of_all_its_rounds_however_few_are_measured() -> None:
    assert 0.01 < reference(0.001) < 100.0


@pytest.mark.usefixtures("table")
def test_one_table_tells_every_number_its_ratio_to_the_reference_and_whether_it_is_on_target(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bench.main([]) == 0
    output = capsys.readouterr()
    assert [line.split() for line in output.out.splitlines()[1:]] == [
        ["start", "median", "0.5", "s", "2.00", "<", "1", "✓"],
        ["speed", "ours", "9", "times", "≥", "8", "✓"],
        ["memory", "held", "72", "bytes", "<", "10", "✗"],
        ["reference:", "100,000", "rounds", "by", "NumPy", "in", "0.250", "s"],
    ]
    assert output.err.splitlines() == [
        "start: how long a start takes ...",
        "speed: how fast ...",
        "memory: how much is held ...",
    ]


@pytest.mark.usefixtures("table")
def test_the_rows_that_are_named_are_run_and_written_as_json(tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    assert bench.main(["memory", "--json", str(file)], 0.5) == 0
    written = json.loads(file.read_text(encoding="utf-8"))
    assert written["reference_seconds"] == 0.25
    assert written["numbers"] == [
        {
            "benchmark": "memory",
            "number": "held",
            "value": 36.0,
            "unit": "bytes",
            "target": 10.0,
            "ratio": None,
            "at_least": False,
        }
    ]


@pytest.mark.usefixtures("table")
def test_a_name_that_is_no_row_is_refused_before_anything_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        bench.main(["start", "velocity"])
    output = capsys.readouterr()
    assert (end.value.code, output.out) == (2, "")
    assert "no such benchmark: velocity; there are start, speed, memory" in output.err
