"""A lesson that somebody made to do harm: its texts are shown as text, on every screen and by every verb."""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, process_time
from typing import Any

import pytest
from textual.widgets import Input

from bptui.check.own_number import parse_typed, with_numbers
from bptui.check.typed_values import ValueChecker
from bptui.cli.main import main
from bptui.core.problem.kinds.array_kinds import describe_commas
from bptui.core.problem.kinds.setting_kinds import Kind
from bptui.core.problem.spec import Spec, list_settings
from bptui.exercise.editor import Editor
from bptui.exercise.lessons import begin_draft
from bptui.lessons.lesson import Lesson, format_lesson, load_lesson, parse_lesson
from bptui.persistence.session_file import format_session, parse_session
from bptui.session.session import Session
from bptui.text.words import make_printable
from bptui.ui.app import BptuiApp
from bptui.ui.forms.descriptions import describe_field
from bptui.ui.screens.stepper import StepperScreen
from bptui.ui.widgets.rows.typed_marks import write_marks
from tests.effort import ALL
from tests.strategies import problem
from tests.tables import over
from tests.unbreakable.hostile import LONG, hostile_text
from tests.unbreakable.in_process import SCREENS, in_process, screens, settled, words
from tests.unbreakable.test_files import is_plain

__all__ = ["in_process"]

MARKUP = "[bold]b[/] [/] [$x] [@click=app.quit]q[/] {0} %s"
ESCAPES = (
    "\x1b[2J\x1b]0;t\x07\x1b]52;c;aGk=\x1b\\\x9b31m\x90q\x9c\r\x08\x00\x7f\x85\u202e\u2066\u200f\u2028\u061c"
    "e\u0301\u0301\u0301\u200b\u200d\u5168\uff21\ufdfd\U0001f469\u200d\U0001f469\ufffe\U000e0041"
)
HOSTILE = f"{MARKUP} {ESCAPES} \\ <script> \"'`$x$ | # \t\n\n- *i* _u_ [l](javascript:x) ![p](/etc/passwd) \\input{{x}}"
TABLE: dict[str, Any] = {
    "title": HOSTILE,
    "note": f"{HOSTILE}\n\n# head {HOSTILE}\n\n| {MARKUP} |\n| --- |\n| a\tb |\n\n```\n{HOSTILE}\n```\n<!-- {MARKUP}",
    "network": {"inputs": [0.5, 0.1], "targets": [0.2], "hidden": 1, "weights": [0.1, 0.3, 0.2]},
    "training": {"rounds": 20},
    "figures": [{"round": 1, "printed": {"h1": "\x85\x1f 0.9\x1c\n", "E": "\u0660.\u0661"}}],
    "variants": [{"name": HOSTILE, "training": {"step": 5.0}}],
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    import tomli_w

    path = tmp_path / f"x[red]y[bold]{ESCAPES.replace(chr(0), '')}.toml"
    path.write_text(tomli_w.dumps(TABLE), encoding="utf-8")
    return path


VERBS = {
    "rounds": ["rounds", "@"],
    "rounds as JSON": ["rounds", "@", "--json"],
    "rounds as CSV": ["rounds", "@", "--csv"],
    "check": ["check", "@"],
    "check as JSON": ["check", "@", "--json"],
    "explain": ["explain", "@", "--number", "h1=0.9"],
    "derive": ["derive", "@"],
    "derive as Markdown": ["derive", "@", "--format", "markdown"],
    "derive as LaTeX": ["derive", "@", "--format", "latex"],
    "program": ["program", "@"],
    "torch's program": ["program", "@", "--engine", "torch"],
    "lessons": ["lessons", "@"],
    "sweep": ["sweep", "@", "--seeds", "2", "--rounds", "5"],
    "sweep as CSV": ["sweep", "@", "--vary", "step=1,2", "--rounds", "5", "--csv"],
    "open": ["@"],
    "practice": ["practice", "@"],
    "a wrong quantity": ["derive", "@", "--quantity", HOSTILE],
    "a wrong number": ["explain", "@", "--number", f"h1={HOSTILE}"],
    "a wrong setting": ["rounds", "@", "--loss", HOSTILE],
    "a wrong activation": ["rounds", "@", "--activation", HOSTILE],
    "a wrong part": ["practice", "@", "--part", HOSTILE],
    "a wrong variation": ["sweep", "@", "--vary", HOSTILE],
    "a wrong round": ["rounds", "@", "--at", HOSTILE],
    "a wrong file": ["rounds", HOSTILE],
}


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_sends_a_sign_of_a_file_that_a_terminal_obeys(
    path: Path, verb: str, capfd: pytest.CaptureFixture[str]
) -> None:
    status = main([str(path) if word == "@" else word for word in VERBS[verb]])
    out, err = capfd.readouterr()
    assert is_plain(out + err) and (status == 2) == bool(err) and "Traceback" not in err
    needs_terminal = ("open", "practice", "a wrong part")  # and says so before it looks at anything else
    assert "bold" in out + err or verb in (*needs_terminal, "a wrong number"), "nothing of it is shown"
    if "JSON" in verb:
        assert all(json.loads(line) for line in out.splitlines())


def test_no_file_of_a_report_holds_a_sign_that_a_terminal_obeys(
    path: Path, tmp_path: Path, in_process: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(path), "--out", str(tmp_path / "out")]) == 0
    assert is_plain(capsys.readouterr().out)
    files = {file.name: file.read_text() for file in (tmp_path / "out").iterdir()}
    assert len(files) == 7 and all(map(is_plain, files)) and all(map(is_plain, files.values()))
    page = files["report.md"]
    assert r"\[bold\]b\[/\]" in page and not re.search(r"(?<!\\)<(script|!--)", page)
    (svg,) = (text for name, text in files.items() if name.endswith(".svg"))
    assert "&lt;script&gt;" in svg and "<script" not in svg


def test_what_is_written_of_it_reads_back_as_the_same(path: Path) -> None:
    lesson = load_lesson(str(path))
    assert parse_lesson(format_lesson(lesson), lesson.name) == lesson
    assert lesson.figures[0].printed["h1"] == "0.9"
    session = Session.open(lesson)
    assert parse_session(format_session(session)).lesson == lesson


SHOWING_THE_TITLE = ("boundary", "programs", "check", "sweep", "practice")


async def test_every_screen_shows_its_texts_as_they_are_and_none_that_a_terminal_obeys(
    path: Path, tmp_path: Path, in_process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    lesson = load_lesson(str(path))
    session = parse_session(format_session(Session.open(lesson)), "mine")
    seen: dict[str, str] = {}
    async with BptuiApp(session).run_test(size=(120, 36), notifications=True) as pilot:
        while "no torch" not in await settled(pilot):
            pass
        await pilot.press("space")
        seen["stepper"] = await settled(pilot)
        seen |= {name: shown async for name, shown in screens(pilot)}
        stepper = pilot.app.screen
        assert isinstance(stepper, StepperScreen)
        stepper.session = stepper.session.with_notice(HOSTILE)
        pilot.app.notify(make_printable(HOSTILE), markup=False)
        seen["notices"] = await settled(pilot)
        for key, name in (("ctrl+s", "no/[bold]x[/]"), ("h", "rep[/]")):
            await pilot.press(key)
            pilot.app.screen.query_one(Input).value = name
            await pilot.press("enter")
            seen[key] = await settled(pilot)
            await pilot.press("escape")
    for name, shown in seen.items():
        lines = shown.split("\n")
        assert all(map(is_plain, lines)) and "\t" not in shown, name
    for name in ("notices", "stepper", *SHOWING_THE_TITLE):
        assert "[bold]b[/]" in seen[name], f"{name}\n{seen[name]}"
    assert "b · [bold]b[/] [/]" in seen["compare"]
    for name in ("lessons", "compare"):
        assert "[bold]b[/] [/] [$x] [@click=app.quit]q[/]" in words(seen[name]), f"{name}\n{seen[name]}"
    assert "[bold]x[/]" in seen["ctrl+s"] and "x[red]y[bold]" in words(seen["lessons"])
    assert set(SCREENS) < set(seen)


# --- what is typed and pasted ---

SEVERAL: dict[str, Any] = {
    "network": {"inputs": [[0.5, 0.1], [0.2, 0.9]], "targets": [[0.2], [0.4]], "hidden": 2, "weights": [0.1] * 6},
    "training": {"batch": 1, "optimiser": "adam"},
}
PROBLEMS = (problem(), problem((2, 3, 2, 1), biases="per neuron"), problem((1, 1)), Spec.from_table(SEVERAL))
LESSONS = [Lesson("mine", "Mine", spec) for spec in PROBLEMS]
WORDS_OF_PYTHON = re.compile(r"\b(NoneType|\w+Error|unhashable|object at|Traceback|invalid literal|codec)\b")
SECONDS = 2.0  # of the processor for one text, on a machine that is five times slower than most
MOST_SAID = 2000  # characters


def enter_setting(rng: random.Random, text: str) -> Iterator[str]:
    """Type a text into a field of the settings, or after a flag."""
    kind: Kind = rng.choice(list_settings()).metadata["kind"]
    yield describe_commas(kind, text)
    try:
        kind.show(kind.check(kind.read(text)))
    except ValueError as refused:
        yield str(refused)


def enter_number(rng: random.Random, text: str) -> Iterator[str]:
    """Type a text as one's own number."""
    try:
        parse_typed(text)
        with_numbers(rng.choice(LESSONS), [f"E={text}"], 1)
    except ValueError as refused:
        yield str(refused)


def enter_values(rng: random.Random, text: str) -> Iterator[str]:
    """Paste a text as printed values; a line of it says little, however many there are."""
    checker = ValueChecker(rng.choice(LESSONS))
    checker.train(1, "numpy", 9.0)
    found = checker.check(1, "numpy", text)
    yield from {one.text for one in (*found.faults, *found.remarks)}
    for marks in write_marks(found).values():
        yield from marks


def enter_cells(rng: random.Random, text: str) -> Iterator[str]:
    """Paste a text into a cell of an exercise, and go on."""
    lesson = rng.choice(LESSONS)
    editor = Editor(begin_draft(lesson, lesson.spec, []))
    editor = editor.go_to(rng.choice(editor.draft.fields)).paste(text)
    for _ in range(3):
        yield editor.notice
        yield from editor.draft.faults.values()
        yield describe_field(editor, 80).plain
        key = rng.choice(("next", "enter", "undo", "finish", "type_text"))
        editor = getattr(editor, key)(*[text] * (key == "type_text"))


ENTRIES = (enter_setting, enter_number, enter_values, enter_cells)


def must_be_told(entry: Callable[[random.Random, str], Iterator[str]], rng: random.Random, text: str) -> None:
    begun = process_time()
    said = list(entry(rng, text))
    assert process_time() - begun < SECONDS, (entry, text[:100])
    for one in said:
        assert len(one) < MOST_SAID and not WORDS_OF_PYTHON.search(make_printable(one)), (entry, text[:100], one[:300])


@pytest.mark.long(seconds=2)
def test_whatever_is_typed_or_pasted_is_taken_or_refused_in_few_words(until: float) -> None:
    seed = 0
    while monotonic() < until or seed < 40:
        seed += 1
        rng = random.Random(seed)
        text = hostile_text(rng)
        try:
            must_be_told(rng.choice(ENTRIES), rng, text)
        except Exception as fault:
            raise AssertionError(f"seed {seed}") from fault


@over(entry=ENTRIES, text=LONG if ALL else LONG[::4])
def test_a_very_long_text_is_taken_or_refused_soon(entry: Any, text: str) -> None:
    for seed in range(3 if ALL else 1):
        must_be_told(entry, random.Random(seed), text)
