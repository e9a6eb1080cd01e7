"""The compare screen in the program: variants with one key, curves, sentences, and a run opened from its row."""

import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from textual.pilot import Pilot

from bptui.compare.summary import Summary, summarise_run
from bptui.compare.table import make_letter
from bptui.compare.view import View
from bptui.compare.worker import SummaryQuestion
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.session.torch_side.process import TorchProcess
from bptui.system.process import Unavailable
from bptui.ui.app import BptuiApp
from bptui.ui.drawing.strokes import ASCII
from bptui.ui.panels.curves import CurvesPanel
from bptui.ui.panels.observations import ObservationsPanel
from bptui.ui.panels.overview import OverviewPanel
from bptui.ui.screens import compare
from bptui.ui.screens.compare import CompareScreen
from bptui.ui.screens.stepper import StepperScreen
from bptui.ui.widgets.panel import Panel
from tests.ui.seeing import screen_text, until


@pytest.fixture(autouse=True)
def no_processes(monkeypatch: pytest.MonkeyPatch) -> list[Spec]:
    """Torch is missing, and trainings are looked at here, 60 rounds of each: what was asked."""
    asked: list[Spec] = []

    async def start(self: TorchProcess) -> None:
        raise Unavailable("torch is not installed")

    async def summaries(questions: Sequence[SummaryQuestion]) -> AsyncIterator[tuple[int, Summary]]:
        for place, question in enumerate(questions):
            asked.append(question.spec)
            yield place, summarise_run(question.spec, 60)

    monkeypatch.setattr(TorchProcess, "start", start)
    monkeypatch.setattr(compare, "summarise_runs", summaries)
    monkeypatch.setattr("bptui.core.training.convergence._MOST", 8_000)
    return asked


@pytest.fixture
async def pilot(request: pytest.FixtureRequest) -> AsyncIterator[Pilot[Any]]:
    size = getattr(request, "param", (120, 36))
    strokes = ASCII if "in_ascii" in request.node.name else None
    async with BptuiApp(Session.open(load_lesson("step-size")), strokes=strokes).run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press("a")
        await pilot.pause()
        yield pilot


def screen_of(pilot: Pilot[Any]) -> CompareScreen:
    assert isinstance(pilot.app.screen, CompareScreen)
    return pilot.app.screen


async def variants(pilot: Pilot[Any]) -> CompareScreen:
    """Take in the lesson's variants and wait until all is there."""
    await pilot.press("v")
    screen = screen_of(pilot)
    for _ in range(200):
        if len(screen.view.curves) == len(screen.view.summaries) == 4:
            break
        await pilot.pause(0.02)
    await pilot.pause()
    return screen


@pytest.mark.parametrize("pilot", [(120, 36), (80, 24)], indirect=True)
async def test_one_key_runs_the_variants_and_shows_curves_table_and_sentences(
    pilot: Pilot[Any], no_processes: list[Spec]
) -> None:
    screen = await variants(pilot)
    table = screen_text(screen.query_one(OverviewPanel))
    assert "η 0.01" in table and "still falling" in table
    assert sorted(spec.step for spec in no_processes) == [0.01, 1.0, 5.0, 10.0]
    picture = screen_text(screen.query_one(CurvesPanel))
    assert any("\u2800" < sign <= "\u28ff" for sign in picture) and "1,000" in picture
    assert "Still falling" in screen_text(screen.query_one(ObservationsPanel))
    await pilot.press("left")
    await pilot.pause()
    assert f"round {screen.view.cursor:,}" in screen_text(screen.query_one(CurvesPanel))


@pytest.mark.parametrize("pilot", [(80, 24)], indirect=True)
async def test_what_a_table_has_no_room_for_is_named_below_it_until_there_is_room(pilot: Pilot[Any]) -> None:
    panel = (await variants(pilot)).query_one(OverviewPanel)
    assert "floor" not in screen_text(panel)
    assert str(panel.border_subtitle).startswith("hidden (widen the window): round 1, ")
    assert ", floor ─ " in str(panel.border_subtitle)
    await pilot.resize_terminal(120, 36)
    await until(pilot, "the whole table", lambda: "floor" in screen_text(panel))
    assert not panel.border_subtitle
    await pilot.resize_terminal(80, 24)
    panel.styles.max_width = 40
    await until(pilot, "a narrow edge", lambda: "… ─ 1–" in str(panel.border_subtitle))
    assert str(panel.border_subtitle).endswith(" of 5 ↕") and len(str(panel.border_subtitle)) <= 40 - 6


async def test_in_ascii_curves_axes_and_the_network_are_drawn_without_dots(pilot: Pilot[Any]) -> None:
    screen = await variants(pilot)
    picture = screen_text(screen.query_one(CurvesPanel))
    assert "---" in picture and "===" in picture and "\\" in picture
    await pilot.press("escape")
    await pilot.pause()
    shown = picture + "".join(screen_text(panel) for panel in pilot.app.screen.query(Panel))
    assert re.search(r"\+-+ h1 -+\+", shown) and "==" in shown
    assert not any("\u2800" <= sign <= "\u28ff" or sign in "▁▂▃▄▅▆▇█╭╮╰╯" for sign in shown)


async def test_a_run_is_opened_from_its_row_and_what_was_found_is_there_the_next_time(
    pilot: Pilot[Any], no_processes: list[Spec]
) -> None:
    await variants(pilot)
    await pilot.press("down", "down", "enter")
    await pilot.pause()
    stepper = pilot.app.screen
    assert isinstance(stepper, StepperScreen)
    assert stepper.session.spec.step == 5.0 and len(stepper.session.trainings) == 4
    asked = len(no_processes)
    await pilot.press("a")
    await pilot.pause()
    assert screen_of(pilot).view.at == 2 and len(screen_of(pilot).view.summaries) == 4
    assert len(no_processes) == asked


async def test_the_first_screen_knows_the_loss_of_every_round_that_was_compared(pilot: Pilot[Any]) -> None:
    screen = await variants(pilot)
    compared = screen.view.questions[screen.view.at].rounds
    await pilot.press("escape")
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen) and pilot.app.screen.frame.furthest == compared == 1_000


async def test_variants_that_are_there_are_not_run_again(pilot: Pilot[Any]) -> None:
    screen = await variants(pilot)
    await pilot.press("v")
    await pilot.pause()
    assert len(screen.view.trainings) == 4 and "all variants of this lesson are here" in screen.view.notice


async def test_the_mouse_selects_a_run_sets_the_cursor_and_zooms(pilot: Pilot[Any]) -> None:
    screen = await variants(pilot)
    await pilot.click(OverviewPanel, offset=(12, 4))
    await pilot.pause()
    assert screen.view.at == 2
    await pilot.click(CurvesPanel, offset=(40, 5))
    await pilot.pause()
    assert 1 < screen.view.cursor < 1000
    screen.action_intend("zoom", True)
    assert screen.view.axis.high < 1000


@pytest.mark.parametrize("pilot", [(80, 24)], indirect=True)
async def test_any_size_and_every_key_leave_a_program_that_answers(pilot: Pilot[Any]) -> None:
    screen = await variants(pilot)
    for width, height in [(20, 5), (1, 1), (200, 60), (79, 24), (80, 23), (116, 24)]:
        await pilot.resize_terminal(width, height)
        await pilot.press("e", "r", "m", "space", "down", "plus", "minus", "0", "home", "end", "pagedown", "pageup")
    await pilot.pause()
    assert screen.is_current
    await pilot.press("escape")
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen)


async def test_a_run_is_renamed_removed_and_brought_back_and_the_session_follows(pilot: Pilot[Any]) -> None:
    screen = await variants(pilot)
    await pilot.press("j", "f2")
    await pilot.pause()
    await pilot.press("ctrl+u", *"small", "enter")
    await pilot.pause()
    assert "small" in screen_text(screen.query_one(OverviewPanel)) and screen.view.at == 1
    await pilot.press("k", "d")
    await pilot.pause()
    assert [one.name for one in screen.view.trainings] == ["small", "η 5", "η 10"]
    await pilot.press("u")
    await until(pilot, "four curves", lambda: len(screen.view.curves) == 4)
    await pilot.press("d", "q")
    await pilot.pause()
    stepper = pilot.app.screen
    assert isinstance(stepper, StepperScreen) and stepper.session.trainings[0].name == "small"
    assert len(stepper.session.trainings) == 3 and stepper.frame.title == "small"
    await pilot.press("u")
    await pilot.pause()
    assert len(stepper.session.trainings) == 1 and stepper.session.notice == "undone: the changes made in compare"


@pytest.mark.parametrize("pilot", [(80, 24)], indirect=True)
async def test_the_head_of_a_long_table_stays_in_sight_and_no_run_is_hidden_by_it(pilot: Pilot[Any]) -> None:
    screen = await variants(pilot)
    panel = screen.query_one(OverviewPanel)
    runs = screen.view.trainings * 3
    screen.view = View.of(tuple(one.called(f"run {number}") for number, one in enumerate(runs)), 0, {})
    for number in [*range(12), *reversed(range(11))]:
        screen.view = screen.view.select(number)
        await pilot.pause()
        head, *others = screen_text(panel).splitlines()
        assert "run " in head and "verdict" in head
        assert any(f"▸ {make_letter(number)}  run" in line for line in others), number
    screen.view = screen.view.select(11)
    await pilot.pause()
    await pilot.click(OverviewPanel, offset=(12, 1))
    assert screen.view.at == 11


async def test_there_is_no_axis_before_there_are_numbers(pilot: Pilot[Any]) -> None:
    screen = await variants(pilot)
    screen.view = View.of(screen.view.trainings, 0, {})
    await pilot.pause()
    empty = screen_text(screen.query_one(CurvesPanel))
    assert "the curves appear with the first numbers" in empty and "┤" not in empty


async def test_a_note_is_shown_as_it_is_meant_and_not_as_it_is_written(pilot: Pilot[Any]) -> None:
    text = (await variants(pilot)).query_one(ObservationsPanel).to_text()
    assert "The course document says" in text and "**" not in text and "| ---" not in text and "294,353" in text
