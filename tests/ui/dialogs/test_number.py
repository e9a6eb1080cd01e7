"""The dialog for a number from paper, driven by keys: the verdict at once, then what gives it."""

from collections.abc import AsyncIterator

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from bptui.check.own_number import NumberComparison
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.session.frame import make_frame
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs.number import NumberScreen
from tests.ui.figures_process import TOLD, FakeProcess, processes
from tests.ui.seeing import text_of, until

__all__ = ["processes"]


class NumberApp(App[None]):
    """Nothing but the dialog."""

    HORIZONTAL_BREAKPOINTS = BptuiApp.HORIZONTAL_BREAKPOINTS
    VERTICAL_BREAKPOINTS = BptuiApp.VERTICAL_BREAKPOINTS

    def __init__(self, part: str = "w1", round_: int = 1) -> None:
        super().__init__()
        session = Session.open(load_lesson("mazur-2015")).torch_unavailable("not asked").go_to(round_).select(part)
        self.dialog = NumberScreen(
            NumberComparison.about(
                session.run,
                session.round,
                session.selected,
                make_frame(session).marks,
                session.torch.given(session.round),
            )
        )
        self.left = 0
        self.answer: Spec | None = None

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.leave)

    def leave(self, answer: Spec | None) -> None:
        self.left += 1
        self.answer = answer


@pytest.fixture
async def pilot(processes: list[FakeProcess], request: pytest.FixtureRequest) -> AsyncIterator[Pilot[None]]:
    async with NumberApp(*getattr(request, "param", ())).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield pilot


def app_of(pilot: Pilot[None]) -> NumberApp:
    assert isinstance(pilot.app, NumberApp)
    return pilot.app


def shown(pilot: Pilot[None]) -> str:
    return " ".join(text_of(app_of(pilot).dialog).replace("│", " ").split())


async def type_(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*("full_stop" if sign == "." else "comma" if sign == "," else sign for sign in text), "enter")


async def test_the_right_number_is_told_at_once_and_nothing_is_searched(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    await type_(pilot, "0.000439")
    await pilot.pause()
    assert "✓ ∂E/∂w1 in round 1 is 0.000438568; all 3 digits of 0.000439 match" in shown(pilot) and not processes


async def test_a_wrong_number_is_searched_for_and_the_next_one_can_be_typed_over_it(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    await type_(pilot, "0.000365")
    await until(pilot, "the question", lambda: processes and processes[0].asked)
    assert "✗ ∂E/∂w1 in round 1 is 0.000438568, not 0.000365" in shown(pilot)
    processes[0].answers.put_nowait({"progress": [1, 3, 90, 0.0]})
    await until(pilot, "progress", lambda: "trying mistakes one by one: 3 of 90" in shown(pilot))
    processes[0].answers.put_nowait({"so_far": TOLD})
    await until(pilot, "the formula", lambda: "= 1/(1 + exp(−(−0.1643))) = 0.459" in shown(pilot))
    assert "no known explanation" not in shown(pilot)
    left = {**TOLD, "figures": 1, "right": 0, "left": [TOLD["first_wrong"]]}
    processes[0].answers.put_nowait({"told": left})
    await until(pilot, "reasons", lambda: "no known explanation" in shown(pilot))
    await pilot.press("down")
    await type_(pilot, "0.149780716")
    await pilot.pause()
    assert "✓ new w1 in round 1 is 0.149780716" in shown(pilot) and "no known explanation" not in shown(pilot)


async def test_a_search_that_stopped_by_itself_goes_on_when_asked_again(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    await type_(pilot, "0.000365")
    await until(pilot, "the question", lambda: processes and processes[0].asked)
    processes[0].answers.put_nowait({"told": {**TOLD, "limit": 20.0}})
    await until(pilot, "the limit", lambda: "stopped after 20 s; press enter to continue" in shown(pilot))
    await pilot.press("enter")
    await until(pilot, "the same question", lambda: len(processes[0].asked) == 2)
    assert processes[0].asked[0] == processes[0].asked[1] and len(processes) == 1


async def test_what_is_no_number_is_told_and_what_has_two_meanings_gets_a_word_of_its_own(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    await type_(pilot, "1,234")
    await pilot.pause()
    assert '! "1,234" may mean 1234 or 1.234: write the one you mean' in shown(pilot) and not processes


async def test_escape_stops_the_search_then_leaves(pilot: Pilot[None], processes: list[FakeProcess]) -> None:
    await type_(pilot, "0.9")
    await pilot.press("escape")
    await until(pilot, "the word", lambda: "stopped" in shown(pilot))
    assert not app_of(pilot).left
    await pilot.press("escape")
    await pilot.pause()
    assert app_of(pilot).left == 1 and all(process.stopped for process in processes)


async def test_a_new_number_ends_the_search_for_the_old_one(pilot: Pilot[None], processes: list[FakeProcess]) -> None:
    await type_(pilot, "0.9")
    await until(pilot, "the question", lambda: processes and processes[0].asked)
    await type_(pilot, "0.8")
    await until(pilot, "the other question", lambda: len(processes) == 2 and processes[1].asked)
    assert processes[0].stopped and ", not 0.8" in shown(pilot)


async def test_a_process_that_does_not_start_is_told_in_words(
    pilot: Pilot[None], processes: list[FakeProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeProcess, "fault", "its process did not start")
    await type_(pilot, "0.9")
    await until(pilot, "the reason", lambda: "the search failed: its process did not start" in shown(pilot))
    assert ", not 0.9" in shown(pilot)


@pytest.mark.parametrize("pilot", [("E", 2)], indirect=True)
async def test_a_wrong_figure_is_offered_as_typed(pilot: Pilot[None], processes: list[FakeProcess]) -> None:
    assert app_of(pilot).dialog.query_one(Input).value == "0.291027924"
    await pilot.press("enter")
    await until(pilot, "the verdict", lambda: "the first 6 of its 9 digits match" in shown(pilot))


@pytest.mark.parametrize("pilot", [("x1",)], indirect=True)
async def test_every_quantity_can_be_chosen_where_the_part_has_none(
    pilot: Pilot[None], processes: list[FakeProcess]
) -> None:
    await pilot.press(*["down"] * 80, *["up"] * 2)
    await pilot.pause()
    assert "▸" in shown(pilot)
    await type_(pilot, "7")
    await until(pilot, "the verdict", lambda: ", not 7;" in shown(pilot))


async def test_the_real_process_finds_what_gives_a_number_and_the_mistake_can_be_seen_as_a_run() -> None:
    async with NumberApp().run_test(size=(80, 24)) as pilot:
        await type_(pilot, "0.000364722878")
        await until(pilot, "the reason", lambda: "hidden layer uses the weights into the outputs" in shown(pilot))
        process = app_of(pilot).dialog._client._process
        assert process is not None and process._process is not None
        running = process._process
        await until(pilot, "the offer", lambda: "press f7 to show this mistake as a run" in shown(pilot))
        await pilot.press("f7")
        answer = app_of(pilot).answer
        assert answer is not None and answer.gradient == "updated weights"
    assert running.returncode is not None


async def test_no_run_is_offered_where_no_mistake_was_found(pilot: Pilot[None], processes: list[FakeProcess]) -> None:
    await type_(pilot, "0.9")
    await until(pilot, "the question", lambda: processes and processes[0].asked)
    processes[0].answers.put_nowait({"told": TOLD})
    await until(pilot, "the formula", lambda: "= 1/(1 + exp(−(−0.1643))) = 0.459" in shown(pilot))
    await pilot.press("f7")
    assert "no mistake that settings can reproduce was found" in shown(pilot) and not app_of(pilot).left
