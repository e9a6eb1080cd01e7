"""The screen of small pictures: it opens on the selected part, follows rounds and selections, and closes."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from textual.pilot import Pilot

from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.screens.pictures import PicturesScreen
from bptui.ui.screens.stepper import StepperScreen
from tests.ui.seeing import session_of, text_of, until

pytestmark = pytest.mark.usefixtures("torch_is_missing")


@pytest.fixture
async def pilot(request: pytest.FixtureRequest) -> AsyncIterator[Pilot[Any]]:
    lesson, part, size = getattr(request, "param", ("two-by-two", "w5", (80, 24)))
    app = BptuiApp(Session.open(load_lesson(lesson)).select(part))
    async with app.run_test(size=size) as pilot:
        await pilot.press("P")
        yield pilot


async def shows(pilot: Pilot[Any], *texts: str) -> None:
    await until(pilot, f"{texts}", lambda: all(text in text_of(pilot.app.screen) for text in texts))


async def test_a_weight_has_the_loss_over_it_then_its_rounds_and_its_gradient_s(pilot: Pilot[Any]) -> None:
    await shows(pilot, "E as a function of w5", "picture 1 of 3", "the slope of the curve is ∂E/∂w5 = 0.0", "○")
    await pilot.press("tab")
    await shows(pilot, "w5 by round", "picture 2 of 3")
    await pilot.press("right")
    await shows(pilot, "∂E/∂w5 by round", "picture 3 of 3")
    await pilot.press("tab")
    await shows(pilot, "picture 1 of 3")
    await pilot.press("left")
    await shows(pilot, "picture 3 of 3")


@pytest.mark.parametrize("pilot", [("two-by-two", "h1", (80, 24)), ("two-by-two", "h1", (120, 36))], indirect=True)
async def test_a_neuron_has_its_activation_and_a_key_selects_another(pilot: Pilot[Any]) -> None:
    await shows(pilot, "h1: f = sigmoid", "in_h1 = 0.25", "f′")
    assert "v Sample" not in text_of(pilot.app.screen)  # there is only one
    await pilot.press("down")
    await shows(pilot, "h2: f = sigmoid")
    assert session_of(pilot).selected == "h2"


@pytest.mark.parametrize("pilot", [("two-by-two", "E", (80, 24))], indirect=True)
async def test_the_loss_has_its_rounds_and_the_picture_follows_them(pilot: Pilot[Any]) -> None:
    await shows(pilot, "E by round", "picture 1 of 1", "only one round so far")
    await pilot.press("space", "space")
    await shows(pilot, "● round 3")
    await pilot.press("b")
    await shows(pilot, "● round 2")


async def test_zooming_makes_the_axis_of_a_weight_narrower(pilot: Pilot[Any]) -> None:
    await shows(pilot, "−0.5")
    await pilot.press(*["plus"] * 4)
    await shows(pilot, "0.05 ")
    await pilot.press("tab")
    await shows(pilot, "by round")
    assert "plus" not in {key for key, one in pilot.app.screen.active_bindings.items() if one.enabled}


async def test_esc_goes_back_and_an_input_has_no_picture(pilot: Pilot[Any]) -> None:
    await shows(pilot, "picture 1 of 3")
    await pilot.press("escape")
    assert isinstance(pilot.app.screen, StepperScreen)
    pilot.app.screen.session = pilot.app.screen.session.select("x1")
    await pilot.press("P")
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen)
    assert "given and never changes" in session_of(pilot).notice


@pytest.mark.parametrize("pilot", [("two-by-two", "w5", (50, 12))], indirect=True)
async def test_a_terminal_too_small_for_it_says_so(pilot: Pilot[Any]) -> None:
    await until(pilot, "the screen", lambda: isinstance(pilot.app.screen, PicturesScreen))
    await pilot.pause()
    assert "picture" not in text_of(pilot.app.screen)
