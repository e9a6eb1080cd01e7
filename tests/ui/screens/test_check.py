"""The check screen: every figure with what it comes to, reasons on request, and a search that can be stopped."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import TextArea

from bptui.check.marks import with_problem
from bptui.check.recompute import CheckedValue
from bptui.lessons.lesson import Figures, Lesson, load_lesson
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs.printed_values import PrintedScreen
from bptui.ui.screens.check import CheckOutcome, CheckScreen
from bptui.ui.widgets.explain_client import Sentences
from tests.ui.figures_process import TOLD, FakeProcess, processes
from tests.ui.seeing import text_of, until

__all__ = ["processes"]

LESSON = replace(
    load_lesson("two-by-two"),
    figures=(Figures(1, "numpy", {}, {"h1": "0.562", "h2": "0.9"}), Figures(3, "torch", {"step": 5}, {"E": "0.1"})),
)
FOUND = [
    CheckedValue(1, "numpy", "float64", {}, "h1", "0.562", 0.56217, True),
    CheckedValue(1, "numpy", "float64", {}, "h2", "0.9", 0.459, False),
    CheckedValue(3, "torch", "float32", {"step": 5}, "E", "0.1", 0.1, True),
]
ANSWER: dict[str, Any] = {"checked": [one._asdict() for one in FOUND]}


class CheckApp(App[None]):
    """Nothing but the screen."""

    HORIZONTAL_BREAKPOINTS = BptuiApp.HORIZONTAL_BREAKPOINTS
    VERTICAL_BREAKPOINTS = BptuiApp.VERTICAL_BREAKPOINTS

    def __init__(self, lesson: Lesson = LESSON) -> None:
        super().__init__()
        self.check_screen = CheckScreen("a [b]lesson[/b]", lesson)
        self.outcomes: list[CheckOutcome | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.check_screen, self.outcomes.append)


@pytest.fixture
async def pilot(processes: list[FakeProcess], request: pytest.FixtureRequest) -> AsyncIterator[Pilot[None]]:
    async with CheckApp(getattr(request, "param", LESSON)).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield pilot


def app_of(pilot: Pilot[None]) -> CheckApp:
    assert isinstance(pilot.app, CheckApp)
    return pilot.app


def shown(pilot: Pilot[None]) -> str:
    return text_of(app_of(pilot).check_screen)


async def checked(pilot: Pilot[None], process: FakeProcess) -> None:
    process.answers.put_nowait(ANSWER)
    await until(pilot, "the figures", lambda: "2 of 3 printed values match" in shown(pilot))


async def test_a_figure_that_matches_to_the_last_digit_or_two_says_so(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    near = FOUND[0]._replace(printed="0.5621765008857983", recomputed=0.5621765008857981, last_digits=True)
    processes[0].answers.put_nowait({"checked": [near._asdict(), FOUND[2]._asdict()]})
    await until(
        pilot, "the figures", lambda: "both printed values match, 1 of them but for the last digits" in shown(pilot)
    )
    rows = [line for line in shown(pilot).splitlines() if "✓" in line]
    assert [line.rstrip().endswith("  but for the last digits") for line in rows] == [True, False]
    assert not app_of(pilot).check_screen.check_action("explain", ())


async def test_the_figures_stand_under_their_rounds_and_the_cursor_is_on_the_first_wrong_one(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    assert "checking" in shown(pilot) and "a [b]lesson[/b]" in shown(pilot)
    await checked(pilot, processes[0])
    text = " ".join(shown(pilot).split())
    assert "round 1 · NumPy, float64 ✓ h1 0.562 0.562170 ✗ h2 0.9 0.4590 round 3 · η 5 · torch, float32" in text
    assert "w says why the other one differs" in text
    await pilot.press("enter")
    await pilot.pause()
    assert app_of(pilot).outcomes == [CheckOutcome(None, FOUND[1])] and processes[0].stopped


async def test_the_search_tells_how_far_it_is_and_its_answer_is_handed_back(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    await checked(pilot, processes[0])
    await pilot.press("w", "w")
    processes[0].answers.put_nowait({"progress": [2, 1200, 3700, 0.0]})
    await until(pilot, "progress", lambda: "trying 2 changes at once: 1,200 of 3,700" in shown(pilot))
    processes[0].answers.put_nowait({"told": TOLD})
    await until(pilot, "reasons", lambda: "a lesson: 1 of 2 printed values match, 1 differs" in shown(pilot))
    assert not app_of(pilot).check_screen.check_action("explain", ())
    assert [next(iter(question)) for question in processes[0].asked] == ["check", "explain"]
    await pilot.press("escape")
    await pilot.pause()
    assert app_of(pilot).outcomes == [CheckOutcome(TOLD, None)]  # type: ignore[arg-type]


async def test_the_audit_is_shown_while_the_search_goes_on_and_stays_where_it_was_scrolled_to(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    await checked(pilot, processes[0])
    await pilot.press("w")
    many = {**TOLD, "findings": TOLD["findings"] * 8}
    processes[0].answers.put_nowait({"so_far": many})
    await until(pilot, "the audit", lambda: "h2 of round 1 is printed 0.9 and should be 0.459" in shown(pilot))
    assert "Nothing in the catalogue" not in shown(pilot)
    reasons = app_of(pilot).check_screen.query_one(Sentences)
    await pilot.press("pagedown")
    await pilot.pause()
    assert (down := reasons.scroll_y) > 0
    processes[0].answers.put_nowait({"progress": [2, 1200, 3700, 12.4]})
    await until(pilot, "progress", lambda: "about 12 s left … escape stops" in shown(pilot))
    processes[0].answers.put_nowait({"told": {**many, "left": [TOLD["first_wrong"]], "looked": 2}})
    await until(pilot, "the end", lambda: "page keys scroll" in shown(pilot))
    assert reasons.scroll_y == down
    await pilot.press("pagedown", "pagedown")
    await pilot.pause()
    assert "Nothing in the catalogue accounts for the slip; up to 2 changes at once" in shown(pilot)


async def test_a_search_that_stopped_by_itself_goes_on_when_asked_again(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    await checked(pilot, processes[0])
    await pilot.press("w")
    processes[0].answers.put_nowait({"told": {**TOLD, "limit": 20.0}})
    await until(pilot, "the limit", lambda: "stopped after 20 s, w goes on" in shown(pilot))
    await pilot.press("w")
    processes[0].answers.put_nowait({"told": TOLD})
    await until(pilot, "the end", lambda: "page keys scroll" in shown(pilot))
    assert len(processes) == 1 and [next(iter(question)) for question in processes[0].asked[1:]] == ["explain"] * 2


async def test_escape_stops_a_search_and_keeps_the_list_and_the_next_escape_leaves(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    await checked(pilot, processes[0])
    await pilot.press("w", "escape")
    await until(pilot, "the word", lambda: "stopped" in shown(pilot))
    assert processes[0].stopped and "0.562170" in shown(pilot)
    await pilot.press("w")
    await until(pilot, "another process", lambda: len(processes) == 2 and processes[1].asked)
    await pilot.press("escape", "escape")
    await pilot.pause()
    assert app_of(pilot).outcomes == [CheckOutcome()] and processes[1].stopped


async def test_leaving_to_a_figure_while_a_search_tells_how_far_it_is_is_no_crash(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    await checked(pilot, processes[0])
    await pilot.press("w")
    processes[0].go_on()
    await until(pilot, "progress", lambda: "1,200 of 3,700" in shown(pilot))
    await pilot.press("enter")
    await until(pilot, "the end", lambda: processes[0].stopped)
    assert app_of(pilot).outcomes == [CheckOutcome(None, FOUND[1])]


async def test_keys_pressed_too_often_leave_once(pilot: Pilot[None], processes: list[FakeProcess]) -> None:
    await checked(pilot, processes[0])
    for key in ("escape", "escape", "q"):
        pilot.app.post_message(events.Key(key, None))
    await until(pilot, "the end", lambda: app_of(pilot).outcomes)
    await pilot.pause()
    assert app_of(pilot).outcomes == [CheckOutcome()] and len(pilot.app.screen_stack) == 1


@pytest.mark.parametrize("verb", ["check", "explain"])
async def test_a_process_that_dies_is_told_in_words_and_may_be_asked_again(
    pilot: Pilot[None], processes: list[FakeProcess], verb: str
) -> None:
    if verb == "explain":
        await checked(pilot, processes[0])
        await pilot.press("w")
    processes[0].answers.put_nowait({"failed": "its process ended with status -9"})
    await until(pilot, "the reason", lambda: "its process ended with status -9" in shown(pilot))
    assert processes[0].stopped
    await pilot.press("w", "w")
    assert (len(processes) == 2) == (verb == "explain")


@pytest.mark.parametrize("pilot", [load_lesson("two-by-two")], indirect=True)
async def test_a_lesson_without_figures_says_so_and_starts_nothing(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    await pilot.press("w", "enter")
    assert "there are no printed values yet: e takes them" in shown(pilot) and not processes


async def test_every_figure_can_be_reached_by_the_page_keys(pilot: Pilot[None], processes: list[FakeProcess]) -> None:
    many = [FOUND[0]._replace(round=round_)._asdict() for round_ in range(1, 41)]
    processes[0].answers.put_nowait({"checked": many})
    await until(pilot, "the figures", lambda: "all 40 printed values match, digit by digit" in shown(pilot))
    await pilot.press(*["pagedown"] * 6)
    await pilot.pause()
    assert "round 40" in shown(pilot)
    await pilot.press(*["pageup"] * 6)
    await pilot.pause()
    assert "round 1 " in shown(pilot)


async def test_printed_values_are_there_before_they_are_checked(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    text = " ".join(shown(pilot).split())
    assert "checking …" in text and "· h1" in text and "✓" not in text and "✗" not in text
    await checked(pilot, processes[0])
    assert "✗ h2" in " ".join(shown(pilot).split())


async def test_typed_words_filter_the_list_and_escape_shows_all_again(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    await checked(pilot, processes[0])
    await pilot.press("slash", *"differs")
    await until(pilot, "one row", lambda: "h1" not in shown(pilot) and "✗ h2" in " ".join(shown(pilot).split()))
    await pilot.press("escape")
    await until(pilot, "all rows", lambda: "h1" in shown(pilot))
    await pilot.press("slash", *"round 3")
    await until(pilot, "enter in the footer", lambda: "⏎ Show" in text_of(pilot.app.screen))
    await pilot.press("enter")
    await until(pilot, "its row", lambda: app_of(pilot).outcomes)
    (outcome,) = app_of(pilot).outcomes
    assert outcome is not None and outcome.figure is not None and outcome.figure.round == 3


async def test_values_typed_on_the_list_are_checked_in_place_of_the_old_and_handed_back(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    await checked(pilot, processes[0])
    await pilot.press("w", "e")
    await until(pilot, "the dialog", lambda: isinstance(pilot.app.screen, PrintedScreen))
    pilot.app.screen.query_one(TextArea).text = "E 0.5"
    await pilot.press("ctrl+s")
    await until(pilot, "the list", lambda: pilot.app.screen is app_of(pilot).check_screen)
    await until(pilot, "another question", lambda: len(processes) == 2 and processes[1].asked)
    assert processes[0].stopped and 'E = "0.5"' in processes[1].asked[0]["check"]
    assert "· E" in " ".join(shown(pilot).split()) and "checking …" in shown(pilot)
    await pilot.press("escape")
    await pilot.pause()
    (outcome,) = app_of(pilot).outcomes
    assert outcome is not None and outcome.lesson is not None
    assert {"E": "0.5"} in [entry.printed for entry in outcome.lesson.figures]


async def test_the_real_process_checks_and_explains_a_book() -> None:
    lesson = load_lesson("era-sheet")
    async with CheckApp(with_problem(lesson, lesson.spec)).run_test(size=(80, 24)) as pilot:
        await until(pilot, "the figures", lambda: "33 of 44 printed values match" in shown(pilot))
        await pilot.press("w")
        await until(pilot, "the audit", lambda: "∂E/∂w3 of round 1 is printed 0.000351869" in shown(pilot))
        await until(pilot, "the reasons", lambda: "cause (pgdn): " in shown(pilot))
        await pilot.press("pagedown", "pagedown")
        await until(pilot, "the cause", lambda: "hidden neuron [gradient rule" in shown(pilot))
        process = app_of(pilot).check_screen._client._process
        assert process is not None and process._process is not None
        running = process._process
    assert running.returncode is not None
