"""A lesson that somebody made to do harm: its texts are shown as text, on every screen and by every verb."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from bptui.cli.main import main
from bptui.lessons.lesson import format_lesson, load_lesson, parse_lesson
from bptui.persistence.session_file import format_session, parse_session
from bptui.session.session import Session
from bptui.text.words import make_printable
from bptui.ui.app import BptuiApp
from bptui.ui.screens.stepper import StepperScreen
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
