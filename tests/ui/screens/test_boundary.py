"""The decision boundary in the program: it opens, follows rounds that are stepped and run, and closes."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest
from rich.style import Style
from textual.pilot import Pilot

from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import Lesson, load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.copying import collect_texts
from bptui.ui.drawing.strokes import ASCII, Strokes
from bptui.ui.panels.boundary import BoundaryPanel
from bptui.ui.screens.boundary import BoundaryScreen
from bptui.ui.screens.stepper import StepperScreen
from bptui.ui.textual_private import render_rows
from tests.session.test_samples import XOR
from tests.ui.seeing import session_of, stepper, text_of, until

pytestmark = pytest.mark.usefixtures("torch_is_missing")
THREE_OUTPUTS = Spec.from_table(
    {
        "network": {
            "inputs": [[0, 0], [1, 1]],
            "targets": [[0, 1, 0], [1, 0, 1]],
            "hidden": 2,
            "init": {"kind": "normal"},
        },
        "training": {"rounds": 50},
    }
)


def app(spec: Spec, strokes: Strokes | None = None) -> BptuiApp:
    return BptuiApp(Session.open(Lesson("mine", "mine", spec)), strokes=strokes)


@pytest.fixture
async def pilot(request: pytest.FixtureRequest) -> AsyncIterator[Pilot[Any]]:
    spec, size, strokes = getattr(request, "param", (XOR, (80, 24), None))
    async with app(spec, strokes).run_test(size=size) as pilot:
        await until(pilot, "torch's state", lambda: session_of(pilot).torch.state == "unavailable")
        await pilot.press("d")
        await until(pilot, "the screen", lambda: isinstance(pilot.app.screen, BoundaryScreen))
        await pilot.pause()
        yield pilot


def shown(pilot: Pilot[Any]) -> str:
    return text_of(pilot.app.screen)


def half_styles(pilot: Pilot[Any]) -> Iterator[Style]:
    for row in render_rows(pilot.app.screen):
        yield from (segment.style for segment in row if segment.style and "▀" in segment.text)


async def test_it_shows_the_output_and_what_the_samples_are_on(pilot: Pilot[Any]) -> None:
    text = shown(pilot)
    for word in ("o1 over x1 and x2", "x1 →", "x2 ↑", "●2", "○4", "● target 1, ○ 0", "at the start of round 1"):
        assert word in text
    assert "for 3 of 4 samples" in text
    assert len({style.color for style in half_styles(pilot)}) > 2


async def test_it_follows_a_step_back_and_on_and_a_round_that_is_gone_to(pilot: Pilot[Any]) -> None:
    picture = shown(pilot).splitlines()[1:]
    await pilot.press("space", "space", "space")
    await until(pilot, "round 4", lambda: "at the start of round 4" in shown(pilot))
    assert session_of(pilot).round == 4
    await pilot.press("b", "home")
    await until(pilot, "round 1", lambda: shown(pilot).splitlines()[1:] == picture)
    await pilot.press("g", *"900", "enter")
    await until(pilot, "round 900", lambda: "at the start of round 900" in shown(pilot))
    assert "for all 4 samples" in shown(pilot)


async def test_it_follows_running_and_escape_stops_before_it_closes(pilot: Pilot[Any]) -> None:
    await pilot.press("r")
    await until(pilot, "a few rounds", lambda: session_of(pilot).round > 3)
    assert "▶" in shown(pilot) and isinstance(pilot.app.screen, BoundaryScreen)
    await pilot.press("escape")
    await until(pilot, "it stops", lambda: session_of(pilot).goal is None)
    round_ = session_of(pilot).round
    await until(pilot, "its last round", lambda: f"at the start of round {round_}" in shown(pilot))
    assert isinstance(pilot.app.screen, BoundaryScreen)
    await pilot.press("escape")
    await until(pilot, "the stepper", lambda: isinstance(pilot.app.screen, StepperScreen))
    assert session_of(pilot).round == round_ and f"round {round_}/" in shown(pilot)


async def test_a_sample_is_chosen_by_key_and_by_click(pilot: Pilot[Any]) -> None:
    await pilot.press("v")
    assert session_of(pilot).sample == 2
    lines = shown(pilot).splitlines()
    y = next(y for y, line in enumerate(lines) if "●3" in line)
    await pilot.click(offset=(lines[y].index("●3"), y))
    assert session_of(pilot).sample == 3


@pytest.mark.parametrize("pilot", [(THREE_OUTPUTS, (80, 24), None)], indirect=True)
async def test_a_key_goes_through_the_outputs_where_not_all_have_room(pilot: Pilot[Any]) -> None:
    def displayed() -> list[bool]:
        return [panel.display for panel in pilot.app.screen.query(BoundaryPanel)]

    assert displayed() == [True, True, False] and "tab Output" in shown(pilot)
    await pilot.press("tab")
    assert displayed() == [False, True, True]
    await pilot.press("tab")
    assert displayed() == [True, False, True]
    await pilot.resize_terminal(120, 36)
    await until(pilot, "all", lambda: displayed() == [True] * 3)
    await until(pilot, "its footer", lambda: "tab Output" not in shown(pilot))


@pytest.mark.parametrize("pilot", [(XOR, (60, 15), ASCII)], indirect=True)
async def test_in_ascii_and_in_a_small_terminal_it_is_made_of_signs(pilot: Pilot[Any]) -> None:
    text = shown(pilot)
    assert "▀" not in text and "%%" in text and "*2" in text and "o4" in text
    assert "for 3 of 4 samples" in text and "at least 80" not in text
    await pilot.resize_terminal(59, 15)
    await until(pilot, "the word", lambda: "at least 80" in shown(pilot))


async def test_without_colours_there_are_shades(pilot: Pilot[Any]) -> None:
    pilot.app.theme = "ansi-dark"
    await pilot.press("space")
    await until(pilot, "shades", lambda: "▀" not in shown(pilot) and "▓▓" in shown(pilot) and "░░" in shown(pilot))


@pytest.mark.parametrize("term", ["linux", "xterm"])
async def test_sixteen_colours_are_too_few_to_be_mixed(term: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", term)
    async with app(XOR).run_test(size=(80, 24)) as pilot:
        await pilot.press("d")
        await until(pilot, "shades", lambda: "▀" not in shown(pilot) and "▓▓" in shown(pilot))


async def test_a_copy_of_a_picture_is_made_of_shades(pilot: Pilot[Any]) -> None:
    copied = collect_texts(pilot.app.screen)["o1 over x1 and x2"]
    assert "▀" not in copied and "▓▓" in copied and "for 3 of 4 samples" in copied


async def test_a_theme_changes_the_colours(pilot: Pilot[Any]) -> None:
    before = {style.color for style in half_styles(pilot)}
    pilot.app.theme = "textual-light"
    await until(pilot, "other colours", lambda: not before & {style.color for style in half_styles(pilot)})


@pytest.mark.parametrize("inputs", [1, 3])
async def test_without_two_inputs_the_key_says_why_there_is_nothing_to_show(inputs: int) -> None:
    spec = Spec.from_table(
        {"network": {"inputs": [0.5] * inputs, "targets": [1], "hidden": 2, "init": {"kind": "normal"}}}
    )
    async with app(spec).run_test(size=(120, 36)) as pilot:
        await pilot.press("d")
        await until(pilot, "why", lambda: "the boundary needs two inputs" in shown(pilot))
        assert pilot.app.screen is stepper(pilot)


async def test_without_a_hidden_layer_and_with_one_sample_it_opens() -> None:
    lesson = load_lesson("and-neuron")
    async with app(replace(lesson.spec, inputs=((1.0, 1.0),), targets=((1.0,),))).run_test(size=(120, 36)) as pilot:
        await pilot.press("d")
        await until(pilot, "the screen", lambda: "at the start" in shown(pilot))
        assert "at the sample" in shown(pilot)
