"""The command ``explain``: what it finds, in words and as JSON, and what it refuses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bptui.cli.main import main
from bptui.explain.search.progress import SearchProgress
from bptui.explain.search.search import Search
from tests.cli.refusals import Output, refused

MINE = """
[network]
inputs = [0.5, 0.3]
targets = [0.23, -0.07]
weights = [0.2, -0.4, 0.5, 0.6, 0.1, -0.5, -0.3, 0.8]
[[figures]]
round = 1
step = 5
printed = { E = "0.2097098", new_w5 = "-0.0731649" }
"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """A lesson whose printed values match with the learning rate that stands beside them."""
    path = tmp_path / "mine.toml"
    path.write_text(MINE, encoding="utf-8")
    return str(path)


def explain(capsys: Output, *words: str, status: int = 0) -> dict[str, Any]:
    """Return the last line of ``--json``; a line before it, if any, is the audit."""
    assert main(["explain", *words, "--json"]) == status
    *before, line = capsys.readouterr().out.splitlines()
    told: dict[str, Any] = json.loads(line, parse_constant=pytest.fail)
    early = [{"lesson": told["lesson"], "audit": told["audit"]}] if told["audit"] else []
    assert [json.loads(one) for one in before] == early
    return told


def changes(told: dict[str, Any]) -> list[list[str]]:
    return [[change["name"] for change in group["changes"]] for group in told["groups"]]


def test_explain_prints_in_words_and_as_json_what_was_done(capsys: Output) -> None:
    assert main(["explain", "era-sheet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "era-sheet: 33 of 44 printed values match, 11 differ",
        "5 of them differ even if the numbers before them are taken as printed:",
    ]
    assert "This mistake reproduces 10 more printed values, and none that matched becomes wrong:" in lines
    assert sum(line.startswith("era-sheet: ") for line in lines) == 1
    told = explain(capsys, "era-sheet")
    assert changes(told) == [['gradient rule "first derivative for all"']]
    assert (told["lesson"], told["figures"], told["right"], told["stopped"]) == ("era-sheet", 44, 33, False)


def test_explain_says_nothing_is_wrong_where_nothing_is(capsys: Output, mine: str) -> None:
    assert main(["explain", mine]) == 0
    assert capsys.readouterr().out == "mine: both printed values match, digit by digit\n"


def test_a_flag_of_explain_stands_above_the_settings_of_single_figures(capsys: Output, mine: str) -> None:
    told = explain(capsys, mine, "--step", "2")
    assert (told["right"], changes(told)) == (1, [["step 5"]])


@pytest.mark.parametrize("number", ["dE_dw1=0.000364722878", " dE_dw1 = 0.000364722878 "])
def test_explain_asks_about_numbers_of_your_own_in_place_of_the_lessons(capsys: Output, number: str) -> None:
    told = explain(capsys, "mazur-2015", "--number", number)
    assert (told["figures"], changes(told)) == (1, [['gradient rule "updated weights"']])
    several = explain(capsys, "mazur-2015", "--number", number, "--number", "E=0.298371109")
    assert (several["figures"], several["right"]) == (2, 1)


def test_a_number_of_your_own_is_of_the_round_that_is_named(capsys: Output) -> None:
    told = explain(capsys, "mazur-2015", "--number", "E=0.291027773694", "--round", "2")
    assert (told["figures"], told["right"]) == (1, 1)
    told = explain(capsys, "mazur-2015", "--number", "E=0.291027923905", "--round", "2")
    assert changes(told) == [['gradient rule "updated weights"']]
    assert told["first_wrong"]["round"] == 2


@pytest.mark.parametrize("absurd", ["1e999", "-1e999", "1e-999", "1." + "0" * 50])
def test_a_number_beyond_any_double_is_a_slip_like_another(capsys: Output, absurd: str) -> None:
    told = explain(capsys, "mazur-2015", "--number", f"E={absurd}")
    assert (told["figures"], told["right"], len(told["audit"])) == (1, 0, 1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--number|0.000365", '--number: "0.000365" must be a name and its digits, such as dE_dw1=0.000365'),
        ("--number|dE_dw1=1,234", '--number: dE_dw1: "1,234" may mean 1234 or 1.234'),
        ("--number|dE_dw1=", "--number: dE_dw1: type the number exactly as it is on your paper"),
        ("--number|=0.1", '--number: "=0.1" must be a name and its digits, such as dE_dw1=0.000365'),
        ("--number|dE_dw9=0.1", '--number: this network has no dE_dw9; did you mean "dE_dw'),
        ("--number|w1=0.1", "--number: w1 is given, not calculated"),
        ("--number|E=0.1|--number|E=0.2", "--number: E is given twice"),
        ("--round|2", "--round needs --number"),
        ("--number|E=0.1|--round|0", "--round: 0 must be"),
        ("--number|E=0.1|--round|first", '--round: "first" must be'),
    ],
)
def test_a_number_that_cannot_be_asked_about_is_told_in_one_line(capsys: Output, words: str, said: str) -> None:
    (line,) = refused(capsys, "explain", "mazur-2015", *words.split("|"))
    assert line.startswith("bptui: ") and said in line


def test_a_lesson_without_figures_is_asked_about_with_a_number(capsys: Output) -> None:
    (line,) = refused(capsys, "explain", "two-by-two")
    assert line == (
        "bptui: two-by-two has no printed values; to ask about a number of your own, add --number dE_dw1=0.000365"
    )


def test_figures_without_a_place_in_the_changed_problem_are_refused(capsys: Output, mine: str) -> None:
    lines = refused(capsys, "explain", mine, "--hidden", "1", "--weights", "1,2,3,4")
    assert lines and all("new_w5" in line for line in lines)


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_ctrl_c_ends_explain_with_what_was_found_until_then(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, form: list[str]
) -> None:
    run = Search.run

    def until_then(self: Search) -> Iterator[SearchProgress]:
        for progress in run(self):
            yield progress
            if progress.changes == 2:
                raise KeyboardInterrupt

    clock = iter(range(10**6))
    monkeypatch.setattr(Search, "run", until_then)
    monkeypatch.setattr("bptui.explain.worker.monotonic", lambda: next(clock))
    words = ["explain", "mazur-2015", "--number", "dE_dw1=0.000123456789", *form]
    assert main(words) == 130
    output = capsys.readouterr()
    assert output.err == ""
    if form:
        first, last = map(json.loads, output.out.splitlines())
        assert (last["stopped"], last["looked"], len(last["left"])) == (True, 1, 1)
        assert first["audit"] == last["audit"] and set(first) == {"lesson", "audit"}
    else:
        first, *_, last = output.out.splitlines()
        assert (first, last) == (
            "mazur-2015: the printed value differs",
            "Stopped before the end; each known mistake and convention was tried by itself.",
        )


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_a_search_stops_by_itself_at_its_limit(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, form: list[str]
) -> None:
    clock = iter(range(10**6))
    monkeypatch.setattr("bptui.explain.worker.process_time", lambda: next(clock))
    assert main(["explain", "mazur-2015", "--number", "dE_dw1=0.000123456789", "--limit", "5", *form]) == 0
    *_, stopped, last = capsys.readouterr().out.splitlines()
    if form:
        told = json.loads(last)
        assert (told["limit"], told["stopped"], told["looked"]) == (5, False, 0)
    else:
        assert (
            stopped
            == "The search stopped after 5 s of processor time; not every known mistake and convention was tried."
        )
        assert last == "`--limit 0` searches to the end."


@pytest.mark.parametrize(("limit", "shown"), [("-1", "-1"), ("soon", '"soon"'), ("100000", "100000")])
def test_a_limit_that_is_no_number_of_seconds_is_refused(capsys: Output, limit: str, shown: str) -> None:
    (line,) = refused(capsys, "explain", "era-sheet", f"--limit={limit}")
    assert line.startswith(f"bptui: --limit: {shown} must be")


def test_the_audit_is_printed_before_the_search_and_findings_of_a_long_one_as_they_come(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []
    run = Search.run

    def watch(self: Search) -> Iterator[SearchProgress]:
        for progress in run(self):
            yield progress
            printed.append(capsys.readouterr().out)

    clock = iter(range(0, 10**6, 10))
    monkeypatch.setattr(Search, "run", watch)
    for module in ("bptui.cli.commands.explain", "bptui.explain.worker"):
        monkeypatch.setattr(f"{module}.monotonic", lambda: next(clock))
    assert main(["explain", "nnwj"]) == 0
    first, *later = printed
    assert first.startswith("nnwj: 4 of 10 printed values match, 6 differ\n") and "reproduces" not in first
    found = 'found so far: gradient rule "raw error, no weights" (8 of 10 match)\n'
    assert [text for text in later if text] == [found]
    rest = capsys.readouterr().out
    assert "found so far" not in rest and "\n1. This mistake reproduces 4 more" in rest and "nnwj: " not in rest


def test_explain_shows_how_far_it_is_on_a_terminal_only(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10**6))
    monkeypatch.setattr("bptui.explain.worker.monotonic", lambda: next(clock))
    words = ["explain", "mazur-2015", "--number", "dE_dw1=0.000364722878"]
    assert main(words) == 0
    plain = capsys.readouterr()
    assert plain.err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(words) == 0
    shown = capsys.readouterr()
    assert shown.out == plain.out
    assert shown.err.startswith("\r\x1b[Kcalculating the rounds of the printed values\r"), "before the audit is there"
    assert "trying mistakes one by one: " in shown.err
    assert shown.err.endswith("\x1b[K")
