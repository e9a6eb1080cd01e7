"""The screen for an exercise of the user's own, driven by keys, pastes and clicks."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Button

from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs.printed_values import PrintedScreen
from bptui.ui.dialogs.session_file import SaveLessonScreen
from bptui.ui.forms.form import FormPanel
from bptui.ui.forms.sketch import SketchPanel
from bptui.ui.screens.exercise import ExerciseScreen
from tests.ui.seeing import session_of, stepper, text_of, until

SIGNS = {".": "full_stop", ",": "comma", "-": "minus", " ": "space"}
pytestmark = pytest.mark.usefixtures("torch_is_missing")


@pytest.fixture
async def pilot(request: pytest.FixtureRequest) -> AsyncIterator[Pilot[int]]:
    size = getattr(request, "param", (80, 24))
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("ctrl+n")
        await until(pilot, "the screen", lambda: isinstance(pilot.app.screen, ExerciseScreen))
        await pilot.pause()
        yield pilot


def screen_of(pilot: Pilot[int]) -> ExerciseScreen:
    assert isinstance(pilot.app.screen, ExerciseScreen)
    return pilot.app.screen


def burst(pilot: Pilot[int], words: str) -> None:
    """Send keys all at once, each word a key by its name or a text to be typed."""
    for word in words.split():
        named = word in ("tab", "enter", "left", "right", "up", "down", "home", "end") or "+" in word
        for sign in [word] if named else word:
            pilot.app.post_message(Key(SIGNS.get(sign, sign), None if named else sign))


async def typed(pilot: Pilot[int], words: str, holds: Callable[[], object]) -> None:
    burst(pilot, words)
    await until(pilot, words, holds)


def cells(pilot: Pilot[int]) -> dict[str, str]:
    draft = screen_of(pilot).editor.draft
    return {cell.name: draft.text_of(cell.key) for cell in draft.shape.cells if draft.text_of(cell.key)}


async def test_a_2_3_1_with_biases_typed_cell_by_cell_in_one_burst_is_trained_under_its_title(
    pilot: Pilot[int],
) -> None:
    numbers = [f"0.{n}" for n in range(1, 17)]
    heading = "Sheet tab 2 tab 3 tab 1 tab 1 tab tab a tab f tab tab tab tab 0.25 tab 50 tab"
    burst(pilot, f"{heading} {' tab '.join(numbers)} ctrl+s")
    await until(pilot, "the stepper", lambda: pilot.app.screen is stepper(pilot))
    session = session_of(pilot)
    assert (session.lesson.title, session.lesson.name) == ("Sheet", "sheet")
    assert session.spec == session.lesson.spec
    assert [*map(str, (*session.spec.inputs[0], *session.spec.targets[0], *session.spec.weights))] == [
        number.replace("0.10", "0.1") for number in numbers[:12]
    ]
    assert (session.spec.biases_output, session.spec.bias_update) == ((0.16,), "frozen")
    assert (session.spec.step, session.spec.rounds) == (0.25, 50)
    assert stepper(pilot).frame.title == "Sheet"


async def test_keys_take_effect_in_the_order_they_are_pressed(pilot: Pilot[int]) -> None:
    await pilot.press(*["tab"] * 12)
    await typed(pilot, "0.1 tab 0.2 tab ctrl+u 5 6 7", lambda: cells(pilot) == {"x1": "0.1", "x2": "0.2", "y1": "567"})
    await typed(pilot, "ctrl+u 8 left left 9 left left 3", lambda: cells(pilot) == {"x1": "3", "x2": "9", "y1": "8"})


async def test_lists_and_matrices_are_pasted_from_a_book_and_from_numpy(pilot: Pilot[int]) -> None:
    await pilot.press("tab", "tab", "3", *["tab"] * 10)
    assert screen_of(pilot).editor.at == "x 1 1"
    for text, said in (
        ("0.5; 0.6", "filled x1, x2"),
        ("0.7 ", ""),
        (
            "[[0.1 0.2]\n [0.3 0.4]\n [0.5 0.6]]",
            "filled w1 to w6, a row per neuron, the order of numbering by destination",
        ),
        ("array([0.7, 0.8])", "filled w7, w8"),
        ("1 2 3", "3 numbers, but w9 is the last cell"),
        ("0.9", "every cell is filled"),
    ):
        pilot.app.post_message(Paste(text))
        await until(pilot, said, lambda said=said: said in text_of(screen_of(pilot)))  # type: ignore[misc]
    assert " ".join(cells(pilot).values()) == "0.5 0.6 0.7 0.1 0.3 0.5 0.2 0.4 0.6 0.7 0.8 0.9"


async def test_an_exercise_opens_again_as_it_is_and_begins_a_new_run(pilot: Pilot[int]) -> None:
    await pilot.press(*["tab"] * 12)
    pilot.app.post_message(Paste("1 2 3"))
    await pilot.press("f6", "ctrl+s")
    await until(pilot, "the stepper", lambda: pilot.app.screen is stepper(pilot))
    first = session_of(pilot)
    assert first.lesson.title == "My exercise" and len(first.trainings) == 2
    await pilot.press("ctrl+n")
    await until(pilot, "the screen", lambda: isinstance(pilot.app.screen, ExerciseScreen))
    assert not screen_of(pilot).editor.draft.missing
    await pilot.press("ctrl+s")
    await until(pilot, "the stepper", lambda: pilot.app.screen is stepper(pilot))
    again = session_of(pilot)
    assert again.lesson == first.lesson and len(again.trainings) == 3
    await pilot.press("ctrl+n", "ctrl+n")
    await until(pilot, "an empty one", lambda: screen_of(pilot).editor.draft.title == "My exercise 2")


async def test_what_keeps_it_from_being_trained_is_gone_to(pilot: Pilot[int]) -> None:
    await pilot.press("ctrl+s")
    assert screen_of(pilot).editor.at == "x 1 1"
    assert "x1: enter a number (8 more cells to fill)" in text_of(screen_of(pilot))
    await typed(pilot, "0,7 ctrl+s", lambda: "x1: must be a number; use a point: 0.7" in text_of(screen_of(pilot)))
    await pilot.press("escape")
    assert "escape again" in text_of(screen_of(pilot))
    await pilot.press("escape")
    await until(pilot, "the stepper", lambda: pilot.app.screen is stepper(pilot))
    assert len(session_of(pilot).trainings) == 1


async def test_a_list_that_is_typed_over_a_filled_cell_is_spread_and_trained(pilot: Pilot[int]) -> None:
    screen_of(pilot).editor = screen_of(pilot).editor.go_to("x 1 1").paste("1 2 3").fill_zeros().go_to("x 1 1")
    for sign in "0.1 0.2":
        pilot.app.post_message(Key(SIGNS.get(sign, sign), sign))
    await pilot.press("ctrl+s")
    await until(pilot, "the stepper", lambda: pilot.app.screen is stepper(pilot))
    assert session_of(pilot).spec.inputs == ((0.1, 0.2),)


@pytest.mark.parametrize("pilot", [(120, 36)], indirect=True)
async def test_the_mouse_goes_to_cells_and_presses_buttons(pilot: Pilot[int]) -> None:
    form, sketch = (pilot.app.screen.query_one(panel) for panel in (FormPanel, SketchPanel))
    rows = [line.text for line in (form.render_line(y) for y in range(form.content_size.height))]
    y = next(place for place, row in enumerate(rows) if row.startswith("w3 "))
    await pilot.click(form, offset=(6, y + 1))
    assert screen_of(pilot).editor.at == "w inputs hidden 2 1"
    lines = [line.text for line in (sketch.render_line(y) for y in range(sketch.content_size.height))]
    y = next(place for place, line in enumerate(lines) if "w6 " in line)
    await pilot.click(sketch, offset=(lines[y].index("w6 ") + 2, y + 1))
    assert screen_of(pilot).editor.at == "w hidden output 2 1"
    buttons = {str(button.label): button for button in pilot.app.screen.query(Button)}
    await pilot.click(buttons["Random weights"])
    await until(pilot, "random weights", lambda: len(cells(pilot)) == 6)
    await pilot.click(buttons["Cancel"])
    await until(pilot, "the button", lambda: not buttons["Cancel"].has_class("-active"))
    await pilot.click(buttons["Cancel"])
    await until(pilot, "the stepper", lambda: pilot.app.screen is stepper(pilot))


@pytest.mark.parametrize("pilot", [(120, 36)], indirect=True)
async def test_negative_numbers_have_the_diagrams_minus_in_the_drawn_network_too(pilot: Pilot[int]) -> None:
    await pilot.press("f6")
    await until(pilot, "weights", lambda: "−0." in pilot.app.screen.query_one(SketchPanel).to_text())
    assert "-0." not in pilot.app.screen.query_one(SketchPanel).to_text()


async def test_at_80_columns_a_key_shows_the_network_in_place_of_the_form(pilot: Pilot[int]) -> None:
    assert (
        pilot.app.screen.query_one(FormPanel).display and "h2" not in pilot.app.screen.query_one(SketchPanel).to_text()
    )
    await pilot.press("f3")
    await until(pilot, "the network", lambda: "2-2-1 · 6 weights" in text_of(screen_of(pilot)))
    await pilot.press("f3")
    await until(pilot, "the form", lambda: "weights into" in text_of(screen_of(pilot)))


async def test_the_first_row_of_the_lessons_opens_it(torch_is_missing: None) -> None:
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("l", "home", "enter")
        await until(pilot, "the screen", lambda: isinstance(pilot.app.screen, ExerciseScreen))


async def test_printed_values_are_typed_for_it_and_both_are_saved_in_a_file(
    pilot: Pilot[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await pilot.press("f8")
    assert isinstance(pilot.app.screen, ExerciseScreen)  # there is no problem yet that a value could be of
    await pilot.press("home")
    screen_of(pilot).editor = screen_of(pilot).editor.go_to("x 1 1")
    pilot.app.post_message(Paste("1 2 3"))
    await pilot.press("f6", "f8")
    await until(pilot, "the dialog", lambda: isinstance(pilot.app.screen, PrintedScreen))
    pilot.app.post_message(Paste("h1 = 0.5"))
    await until(pilot, "its mark", lambda: "1 value" in text_of(pilot.app.screen))
    await pilot.press("ctrl+s")
    await until(pilot, "the form", lambda: isinstance(pilot.app.screen, ExerciseScreen))
    assert screen_of(pilot).editor.notice.startswith("1 printed value")
    await pilot.press("f4")
    await until(pilot, "the dialog", lambda: isinstance(pilot.app.screen, SaveLessonScreen))
    await pilot.press("enter")
    await until(pilot, "the file", lambda: list(tmp_path.glob("*.toml")))
    (file,) = tmp_path.glob("*.toml")
    assert load_lesson(str(file)).figures[0].printed == {"h1": "0.5"}
