"""The derivation's dialog: one key switches between formulas and the computation graph."""

from textual.pilot import Pilot
from textual.widgets import OptionList

from bptui.ui.panels.derivation import FORMS, DerivationPage
from tests.ui.dialogs.test_help import pilot
from tests.ui.seeing import screen_text

__all__ = ["pilot"]


async def test_a_key_shows_the_graph_and_the_formulas_again(pilot: Pilot[int]) -> None:
    await pilot.press("enter", "down", "down")
    page, entries = pilot.app.screen.query_one(DerivationPage), pilot.app.screen.query_one(OptionList)
    before, cursor = screen_text(page), entries.highlighted
    await pilot.press("f")
    await pilot.pause()
    assert "├─ o1 = 0.476946" in screen_text(page) and not entries.display
    assert str(page.border_title) == "computation graph, round 1: w1"
    await pilot.press(*["f"] * (len(FORMS) - 1))
    await pilot.pause()
    assert (screen_text(page), entries.highlighted, entries.display) == (before, cursor, True)


async def test_the_whole_graph_can_be_scrolled_to_in_the_smallest_terminal(pilot: Pilot[int]) -> None:
    await pilot.press("enter", "f")
    await pilot.pause()
    page = pilot.app.screen.query_one(DerivationPage)
    seen = set(screen_text(page).splitlines())
    for _ in range(5):
        await pilot.press("pagedown")
        await pilot.pause()
        seen |= set(screen_text(page).splitlines())
    assert {line.strip() for line in page.to_text().splitlines()[1:]} <= {line.strip() for line in seen}


async def test_what_was_entered_has_its_graph_and_is_left_from_there(pilot: Pilot[int]) -> None:
    await pilot.press("enter", "enter", "f")
    await pilot.pause()
    page = pilot.app.screen.query_one(DerivationPage)
    assert str(page.border_title).endswith("w1 › δ_h1") and "w1 = 0.2" not in page.to_text()
    await pilot.press("enter")  # nothing can be entered here
    assert str(page.border_title).endswith("w1 › δ_h1")
    await pilot.press("escape")
    await pilot.pause()
    assert str(page.border_title) == "computation graph, round 1: w1"
    await pilot.press("escape")
    assert not pilot.app.screen.query(DerivationPage)
