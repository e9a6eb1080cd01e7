"""The dialog for printed values: what is typed is checked beside its line, and kept only when it can be read."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from bptui.derive.notations import format_label
from bptui.help.manual_pages import find_page
from bptui.lessons.lesson import Lesson, load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs.printed_values import PrintedScreen, ValuesText
from tests.ui.seeing import session_of, text_of, until

MAZUR = load_lesson("mazur-2015")
pytestmark = pytest.mark.usefixtures("torch_is_missing")


class PrintedApp(App[None]):
    """Only the dialog, and what it returned."""

    def __init__(self, lesson: Lesson, round_: int = 1) -> None:
        super().__init__()
        self.dialog, self.returned = PrintedScreen(lesson, round_), list[Lesson | None]()

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.returned.append)


@pytest.fixture
async def pilot(request: pytest.FixtureRequest) -> AsyncIterator[Pilot[None]]:
    lesson, round_ = getattr(request, "param", (load_lesson("two-by-two"), 1))
    async with PrintedApp(lesson, round_).run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        yield pilot


def app_of(pilot: Pilot[None]) -> PrintedApp:
    assert isinstance(pilot.app, PrintedApp)
    return pilot.app


def shown(pilot: Pilot[None]) -> str:
    return text_of(pilot.app.screen)


async def paste(pilot: Pilot[None], text: str) -> None:
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


async def test_what_is_pasted_is_checked_beside_its_line_and_kept(pilot: Pilot[None]) -> None:
    await paste(pilot, "loss 0.20971\ndW1 = [[-0.00842148 0.01260665]\n       [-0.0053 0.00756399]]")
    await until(pilot, "the marks", lambda: "5 values, 1 differs, first in line 3" in shown(pilot))
    assert "line 3  ✗ ∂E/∂w3 is" in shown(pilot)
    lines = shown(pilot).splitlines()
    assert "✓ E 0.20970979" in next(line for line in lines if "loss" in line)
    assert "✓ ∂E/∂w1, ∂E/∂w2" in next(line for line in lines if "dW1" in line)
    assert "✗ ∂E/∂w3 is -0.0050529  ✓ ∂E/∂w4" in next(line for line in lines if "0.0053" in line)
    await pilot.press("ctrl+s")
    await until(pilot, "the answer", lambda: app_of(pilot).returned)
    (lesson,) = app_of(pilot).returned
    assert lesson is not None
    (entry,) = lesson.figures
    assert (entry.round, entry.engine, entry.printed["dE_dw3"]) == (1, "numpy", "-0.0053")
    assert list(entry.printed) == ["E", "dE_dw1", "dE_dw2", "dE_dw3", "dE_dw4"]


async def test_nothing_is_kept_and_nothing_lost_while_something_cannot_be_read(pilot: Pilot[None]) -> None:
    await paste(pilot, "E 0.20971\nfoo = 1\n")
    await pilot.press("ctrl+s")
    await until(pilot, "the fault", lambda: "correct line 2 first; nothing is kept yet" in shown(pilot))
    assert "line 2  ! foo is no quantity of this network" in shown(pilot)
    text = pilot.app.screen.query_one(ValuesText)
    assert text.text == "E 0.20971\nfoo = 1\n" and text.cursor_location[0] == 1 and not app_of(pilot).returned
    await pilot.press("escape")
    assert "escape again to discard" in shown(pilot) and not app_of(pilot).returned
    await pilot.press("escape")
    assert app_of(pilot).returned == [None]


@pytest.mark.parametrize("pilot", [(MAZUR, 2)], indirect=True)
async def test_the_values_of_a_round_are_there_to_be_edited_and_other_rounds_are_a_field_away(
    pilot: Pilot[None],
) -> None:
    await until(pilot, "its values", lambda: "✗ E is 0.291027773" in shown(pilot))
    round_ = pilot.app.screen.query_one(Input)
    round_.value = "1"
    await until(pilot, "the other round's", lambda: "21 values: all match" in shown(pilot))
    round_.value = "0"
    await until(pilot, "what a round is", lambda: "the round must be" in shown(pilot))
    round_.value = "2"
    await until(pilot, "its values again", lambda: "1 value, 1 differs" in shown(pilot))
    await pilot.press("ctrl+a", "ctrl+k", *"E 0.291027774", "ctrl+s")
    await until(pilot, "the answer", lambda: app_of(pilot).returned)
    (lesson,) = app_of(pilot).returned
    assert lesson is not None and [entry.printed.get("E") for entry in lesson.figures[:2]] == [
        "0.298371109",
        "0.291027774",
    ]
    assert lesson.figures[0] == MAZUR.figures[0] and lesson.note == MAZUR.note


async def test_what_was_typed_goes_along_to_another_round(pilot: Pilot[None]) -> None:
    await pilot.press(*"E 0.2")
    pilot.app.screen.query_one(Input).value = "5"
    await until(pilot, "the mark", lambda: "✓ E 0.1" in shown(pilot) or "✗ E is 0." in shown(pilot))
    await pilot.press("ctrl+s")
    await until(pilot, "the answer", lambda: app_of(pilot).returned)
    (lesson,) = app_of(pilot).returned
    assert lesson is not None and [(entry.round, entry.printed) for entry in lesson.figures] == [(5, {"E": "0.2"})]


@pytest.mark.parametrize("pilot", [(load_lesson("two-by-two"), 9_000_000)], indirect=True)
async def test_a_far_round_is_calculated_while_keys_are_answered(pilot: Pilot[None]) -> None:
    await until(pilot, "progress", lambda: "calculating up to round 9,000,000" in shown(pilot))
    await pilot.press("E", "escape", "escape")
    assert app_of(pilot).returned == [None]


@pytest.mark.parametrize("pilot", [(MAZUR, 1)], indirect=True)
async def test_the_example_of_the_manual_matches(pilot: Pilot[None]) -> None:
    example = find_page("printed-values").text.partition("```text\n")[2].partition("```")[0]
    pilot.app.screen.query_one(ValuesText).text = example
    await until(pilot, "all of it", lambda: "8 values: all match" in shown(pilot))


@pytest.mark.parametrize("pilot", [(MAZUR, 1)], indirect=True)
async def test_marks_follow_the_text_when_it_scrolls(pilot: Pilot[None]) -> None:
    await pilot.resize_terminal(80, 16)
    await until(pilot, "the marks", lambda: "21 values: all match" in shown(pilot))
    for key in ("ctrl+home", "ctrl+end", "pageup", "up"):
        await pilot.press(key)
        await pilot.pause()
        named = [line for line in shown(pilot).splitlines() if " = " in line]
        assert len(named) > 4
        for line in named:
            assert (
                format_label(line.partition(" = ")[0].split()[-1])
                == line.partition("✓ ")[2].rpartition("│")[0].strip().rpartition(" ")[0]
            )


async def test_typed_on_the_stepper_they_are_marked_checked_saved_and_found_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A student's own 2-3-1: a pasted print with one wrong digit, found, saved as a lesson, opened from the list."""
    monkeypatch.chdir(tmp_path)
    start = Session.open(load_lesson("two-by-two"))
    own = start.spec.to_table()
    own["network"] |= {"hidden": 3, "targets": [0.2], "weights": [0.1, 0.2, 0.3, -0.1, 0.4, 0.5, 0.6, -0.7, 0.8]}
    session = start.change(type(start.spec).from_table(own))
    values = session.run.values(1)
    printed = "\n".join(f"dE_dw{n} = {float(values[f'dE_dw{n}']):.6f}" for n in range(1, 10))
    async with BptuiApp(session).run_test(size=(80, 24)) as pilot:
        await pilot.press("f8")
        await until(pilot, "the dialog", lambda: isinstance(pilot.app.screen, PrintedScreen))
        await pilot.pause()
        pilot.app.post_message(events.Paste(printed.replace("dE_dw4 = 0.00", "dE_dw4 = 0.07")))
        await until(pilot, "the mistake", lambda: "9 values, 1 differs, first in line 4" in text_of(pilot.app.screen))
        await pilot.press("ctrl+s")
        await until(pilot, "the values", lambda: session_of(pilot).figures)
        assert session_of(pilot).unsaved and session_of(pilot).lesson.spec == session_of(pilot).spec
        assert session_of(pilot).lesson.title == "My exercise 2-3-1"
        await pilot.press("f4")
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, "the file", lambda: session_of(pilot).notice == "saved the lesson in my-exercise-2-3-1.toml")
        kept = session_of(pilot).lesson
        await pilot.press("l")
        await until(pilot, "the list", lambda: "in this folder" in text_of(pilot.app.screen))
        await pilot.press("slash", *"2-3-1", "enter")
        await until(pilot, "the lesson", lambda: session_of(pilot).lesson.name == "my-exercise-2-3-1")
        assert session_of(pilot).lesson.figures == kept.figures and session_of(pilot).spec == kept.spec
