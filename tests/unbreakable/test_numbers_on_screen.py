"""Whatever the numbers are, every screen shows what became of them, in words, and goes on."""

from typing import Any

import pytest
from textual.pilot import Pilot

from bptui.lessons.lesson import Figures, Lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from tests.effort import mostly
from tests.ui.seeing import session_of
from tests.unbreakable.catastrophes import CATASTROPHES
from tests.unbreakable.in_process import SCREENS, in_process, screens, settled, until, words
from tests.unbreakable.test_files import is_plain

__all__ = ["in_process"]

pytestmark = pytest.mark.usefixtures("torch_is_loaded")

FIGURES = Figures(1, "numpy", {}, {"h1": "nan", "E": "inf", "dE_dw1": "-0.0", "new_w1": "1e308", "dE_dh1": "0."})
WITH_NUMBERS = ("derivation", "boundary", "programs", "check", "number", "compare", "sweep", "practice", "settings")


def app(name: str) -> BptuiApp:
    return BptuiApp(Session.open(Lesson("mine", name, CATASTROPHES[name].spec, figures=(FIGURES,))))


async def at_rest(pilot: Pilot[Any]) -> str:
    """The stepper once torch has said all that it is asked."""
    await until(pilot, "torch has answered", lambda: session_of(pilot).next_question() is None)
    return await settled(pilot)


@pytest.mark.with_torch
@pytest.mark.parametrize("name", mostly(list(CATASTROPHES)[::2], CATASTROPHES))
async def test_the_stepper_goes_through_a_catastrophe_and_shows_its_numbers(name: str, in_process: None) -> None:
    async with app(name).run_test(size=(120, 36)) as pilot:
        seen = [await at_rest(pilot)]
        await pilot.press("space", "n", "less_than_sign", *["full_stop"] * 4, "f", "full_stop", "comma", "e")
        seen.append(await at_rest(pilot))
        await pilot.press("greater_than_sign", "end")
        await until(pilot, "the last round", lambda: session_of(pilot).round == 1000)
        await pilot.press("down", "down", "right", "right")
        seen.append(await at_rest(pilot))
        run = session_of(pilot).run
    assert all(is_plain(text) for text in seen)
    last, lost = words(seen[-1]), run.left_finite
    assert "round 1,000/1,000" in last
    if lost is None:
        assert "nan" not in last
    else:
        assert ("nan" in last or "inf" in last) and f"round {lost}" in last


@pytest.mark.with_torch
async def test_every_screen_opens_on_a_catastrophe_and_says_the_word_for_it(in_process: None) -> None:
    async with app("a step of 1e300").run_test(size=(120, 36)) as pilot:
        await pilot.press("g", *"10", "enter")
        await at_rest(pilot)
        seen = {screen: text async for screen, text in screens(pilot, WITH_NUMBERS)}
    assert set(seen) == set(WITH_NUMBERS) <= set(SCREENS)
    assert all("diverged" in seen[screen] for screen in ("compare", "sweep"))
    assert all(
        "nan" in seen[screen] or "inf" in seen[screen] for screen in ("derivation", "boundary", "number", "check")
    )
