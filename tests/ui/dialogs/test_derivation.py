"""The derivation on the whole screen: one key shows formulas, matrices and the computation graph in turn."""

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import OptionList

from bptui.lessons.lesson import load_lesson
from bptui.session.frame import make_frame
from bptui.session.session import Session
from bptui.ui.dialogs.derivation import DerivationScreen
from bptui.ui.panels.derivation import DerivationPage
from tests.ui.dialogs.test_help import pilot
from tests.ui.seeing import screen_text

__all__ = ["pilot"]


async def test_a_key_shows_the_graph_and_the_formulas_again(pilot: Pilot[int]) -> None:
    await pilot.press("enter", "down", "down")
    page, entries = pilot.app.screen.query_one(DerivationPage), pilot.app.screen.query_one(OptionList)
    before, cursor = screen_text(page), entries.highlighted
    await pilot.press("i", "i")
    await pilot.pause()
    assert "├─ o1 = 0.476946" in screen_text(page) and not entries.display
    assert str(page.border_title) == "computation graph, round 1: w1"
    await pilot.press("i")
    await pilot.pause()
    assert (screen_text(page), entries.highlighted, entries.display) == (before, cursor, True)


async def test_the_whole_graph_can_be_scrolled_to_in_the_smallest_terminal(pilot: Pilot[int]) -> None:
    await pilot.press("enter", "i", "i")
    await pilot.pause()
    page = pilot.app.screen.query_one(DerivationPage)
    seen = set(screen_text(page).splitlines())
    for _ in range(5):
        await pilot.press("pagedown")
        await pilot.pause()
        seen |= set(screen_text(page).splitlines())
    assert {line.strip() for line in page.to_text().splitlines()[1:]} <= {line.strip() for line in seen}


async def test_what_was_entered_has_its_graph_and_is_left_from_there(pilot: Pilot[int]) -> None:
    await pilot.press("enter", "enter", "i", "i")
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


async def test_a_key_shows_the_matrix_of_what_was_entered_and_the_formula_again() -> None:
    app = App[None]()
    async with app.run_test(size=(100, 40)) as pilot:
        session = Session.open(load_lesson("two-by-two")).torch_unavailable("not asked")
        await app.push_screen(DerivationScreen(make_frame(session)))
        await pilot.pause()
        page = app.screen.query_one(DerivationPage)
        letters = page.to_text()
        await pilot.press("i")
        await pilot.pause()
        assert "∂E/∂W1 (2×2) = Xᵀ (2×1)·Δ1 (1×2)" in page.to_text() and "chain rule" not in page.to_text()
        app.screen.query_one(OptionList).highlighted = 0
        await pilot.press("enter")
        await pilot.pause()
        assert "Δ1 (1×2) = (Δ2 (1×2)·W2ᵀ (2×2)) ⊙ H1 (1×2) ⊙ (1 − H1 (1×2))" in page.to_text()
        await pilot.press("escape", "i", "i")
        await pilot.pause()
        assert page.to_text() == letters


async def test_a_factor_of_a_chain_stands_in_no_matrix_and_keeps_its_letters() -> None:
    app = App[None]()
    async with app.run_test(size=(100, 40)) as pilot:
        session = Session.open(load_lesson("two-by-two")).torch_unavailable("not asked")
        screen = DerivationScreen(make_frame(session.switch_form()))
        await app.push_screen(screen)
        await pilot.pause()
        entries = app.screen.query_one(OptionList)
        prompts = [str(entries.get_option_at_index(i).prompt) for i in range(entries.option_count)]
        entries.highlighted = next(i for i, prompt in enumerate(prompts) if prompt.startswith("∂o1/∂in_o1"))
        await pilot.press("enter")
        await pilot.pause()
        assert "∂o1/∂in_o1 = o1·(1 − o1)" in app.screen.query_one(DerivationPage).to_text()
