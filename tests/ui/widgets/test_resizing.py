"""A terminal that is being dragged: whatever sizes it goes through, the last one is shown, and the program answers."""

from collections.abc import AsyncIterator

import pytest
from textual import events
from textual.geometry import Size
from textual.pilot import Pilot
from textual.screen import Screen

from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from tests.ui.seeing import stepper, until

pytestmark = pytest.mark.usefixtures("torch_is_missing")

SIZES = (Size(200, 60), Size(60, 20))  # on both sides of where a layout changes
ENDLESS = 100  # events, of which there should be some ten


@pytest.fixture
async def pilot() -> AsyncIterator[Pilot[int]]:
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        yield pilot


@pytest.mark.parametrize("key", ["", "f1", "ctrl+o", "p", "a", "ctrl+p"])
async def test_two_sizes_in_a_row_do_not_follow_each_other_for_ever(
    pilot: Pilot[int], monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    if key:
        await pilot.press(key)
    told, resized = list[Size](), Screen._on_resize

    async def counted(self: Screen[None], event: events.Resize) -> None:
        told.append(event.size)
        assert len(told) < ENDLESS
        await resized(self, event)

    monkeypatch.setattr(Screen, "_on_resize", counted)
    for size in SIZES:  # as Textual does it, with something between them, or it would leave the first one out
        pilot.app._size = size
        for screen in pilot.app.screen_stack:
            screen.post_message(events.Resize(size, size))
            screen.call_later(lambda: None)
    await until(pilot, "the last size", lambda: pilot.app.screen.size == SIZES[-1] == stepper(pilot).size)
    await pilot.pause()
    assert len(told) < ENDLESS
