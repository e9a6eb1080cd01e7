"""The practice screen, driven by keys alone: a round can be answered, hinted at and summed up at 80 by 24."""

from collections.abc import AsyncIterator

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.derive.notations import format_label
from bptui.lessons.lesson import load_lesson
from bptui.practice.parts import PARTS
from bptui.practice.practice import Practice
from bptui.ui.app import BptuiApp
from bptui.ui.screens.practice import PracticeScreen, QuestionList
from bptui.ui.textual_private import render_rows
from bptui.ui.widgets.ordered_keys import OrderedKeysApp
from tests.strategies import problem

KEYS = {
    **{".": "full_stop", "-": "minus", "+": "plus", "*": "asterisk", "/": "slash", "?": "question_mark"},
    **{"\n": "enter", "↓": "down", "(": "left_parenthesis", ")": "right_parenthesis", "_": "underscore", ",": "comma"},
}


class PracticeApp(OrderedKeysApp):
    """Nothing but the screen."""

    HORIZONTAL_BREAKPOINTS = BptuiApp.HORIZONTAL_BREAKPOINTS
    VERTICAL_BREAKPOINTS = BptuiApp.VERTICAL_BREAKPOINTS

    def __init__(self, spec: Spec, part: str = "whole round") -> None:
        super().__init__()
        self.practice_screen = PracticeScreen(
            "a [b]lesson[/b]", 1, Practice.about(spec, make_initial_state(spec), 1, part)
        )

    def on_mount(self) -> None:
        self.push_screen(self.practice_screen)


@pytest.fixture
async def pilot(request: pytest.FixtureRequest) -> AsyncIterator[Pilot[int]]:
    spec, part, size = getattr(request, "param", (load_lesson("two-by-two").spec, "whole round", (80, 24)))
    async with PracticeApp(spec, part).run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot


def screen_of(pilot: Pilot[int]) -> PracticeScreen:
    assert isinstance(pilot.app, PracticeApp)
    return pilot.app.practice_screen


def practice_of(pilot: Pilot[int]) -> Practice:
    return screen_of(pilot).practice


def value_of(pilot: Pilot[int], name: str) -> str:
    return f"{float(practice_of(pilot).solution.values[0][name]):.6f}"


def shown(pilot: Pilot[int], where: str = "") -> str:
    """What the terminal shows of the screen, or of a part of it."""
    widget = screen_of(pilot).query_one(where) if where else screen_of(pilot)
    left, top, width, height = widget.region
    lines = [strip.crop(left, left + width) for strip in render_rows(screen_of(pilot))]
    return "\n".join("".join(segment.text for segment in line) for line in lines[top : top + height])


def burst(pilot: Pilot[int], text: str) -> None:
    """Press the keys of a text without waiting, as a quick typist does."""
    for sign in text:
        pilot.app.post_message(events.Key(KEYS.get(sign, sign), sign if sign.isprintable() and sign != "↓" else None))


async def type_(pilot: Pilot[int], text: str, then: str = "enter") -> None:
    burst(pilot, text)
    await pilot.press(then)


async def test_a_whole_round_is_answered_by_keyboard_alone_at_80_by_24(pilot: Pilot[int]) -> None:
    for name in practice_of(pilot).asked:
        assert practice_of(pilot).current == name
        assert shown(pilot, "#question").startswith(format_label(name))
        await type_(pilot, value_of(pilot, name))
        assert practice_of(pilot).mark(name).state == "right"
        assert isinstance(pilot.app.focused, Input) and pilot.app.focused.value == ""
    await pilot.pause()
    assert practice_of(pilot).current is None
    assert "29 of 29 right first time" in shown(pilot)
    assert "29 of 29  ✓ 29 first try" in shown(pilot, "#score")
    assert "Missed:" not in shown(pilot)


async def test_a_round_with_mistakes_and_hints_says_what_was_missed(pilot: Pilot[int]) -> None:
    await type_(pilot, "0.26")
    await pilot.pause()
    assert "✗ 0.26 is not right" in shown(pilot, "#said") and "type ? for the formula" in shown(pilot, "#said")
    await type_(pilot, "0.5*0.2+0.3*0.5")
    assert practice_of(pilot).mark("in_h1").state == "right later"
    await type_(pilot, "0.57")
    await type_(pilot, "", "down")
    await type_(pilot, "?")
    await pilot.pause()
    assert "in_h2 = w2·x1 + w4·x2" in shown(pilot, "#said")
    await pilot.press("f2", "f2")
    assert practice_of(pilot).mark("in_h2").state == "shown" and practice_of(pilot).current == "h2"
    await type_(pilot, "0.4950")
    await type_(pilot, "0.1*0.57-0.3*h2")
    await pilot.pause()
    assert "it uses your h1 = 0.57" in " ".join(shown(pilot, "#said").split())
    await type_(pilot, "", "up")
    for name in [n for n in practice_of(pilot).asked if not practice_of(pilot).mark(n).done]:
        places = [*practice_of(pilot).asked, None]
        by = places.index(name) - places.index(practice_of(pilot).current)
        await pilot.press(*["down" if by > 0 else "up"] * abs(by))
        await type_(pilot, value_of(pilot, name))
    await pilot.pause()
    assert practice_of(pilot).current is None
    text = " ".join(shown(pilot, "#page").split())
    assert "25 of 29 right first time, 3 on retry, 1 shown" in text
    assert "(✓) h1 = 1/(1 + exp(−in_h1)) = 0.562177" in text and "your answer: 0.57" in text
    assert "= in_h2 = w2·x1 + w4·x2 = −0.0200000" in text
    await pilot.press("up")
    assert practice_of(pilot).current == "new_w8"


async def test_what_was_wrong_is_replaced_by_the_next_key_and_what_is_faulty_is_not(pilot: Pilot[int]) -> None:
    await type_(pilot, "0.26")
    await type_(pilot, "0.2.")
    field = screen_of(pilot).query_one(Input)
    await pilot.pause()
    assert field.value == "0.2." and "!" in shown(pilot, "#said")
    await type_(pilot, "5")
    assert field.value == "0.2.5"
    await pilot.press("down")
    assert field.value == "" and practice_of(pilot).current == "h1"


async def test_quick_keys_take_effect_in_the_order_they_are_pressed(pilot: Pilot[int]) -> None:
    burst(pilot, "0.25\n0.56\n22\n-0.02\n0.6\n0.495\n?\n?\n0.1*h1-0.3*h2\n7↓0.11491\n")
    assert isinstance(pilot.app, PracticeApp)
    await pilot.pause()
    while pilot.app.keys_at_work:
        await pilot.pause()
    states = [practice_of(pilot).mark(name).state for name in practice_of(pilot).asked[:7]]
    assert states == ["right", "right", "right", "right later", "right later", "open", "right"]


async def test_the_list_shows_values_and_marks_and_the_given_numbers_stand_beside(pilot: Pilot[int]) -> None:
    assert "▸ in_h1" in shown(pilot, "QuestionList") and "forward hidden" in shown(pilot, "QuestionList")
    for given in ("x1", "w2 x1→h2 −0.4", "η", "y2 −0.07"):
        assert given in shown(pilot, "#numbers")
    await type_(pilot, "0.25")
    await type_(pilot, "7")
    await pilot.pause()
    rows = [row.strip("│ ").split() for row in shown(pilot, "QuestionList").splitlines()]
    assert ["in_h1", "0.25", "✓"] in rows and ["▸", "h1", "·", "✗"] in rows and ["h2", "·"] in rows
    assert "in_h1 0.25" in shown(pilot, "#numbers")


async def test_the_list_follows_the_question_and_a_click_picks_one(pilot: Pilot[int]) -> None:
    await pilot.press(*["up"] * 2, *["down"] * 16)
    await pilot.pause()
    assert f"▸ {format_label(practice_of(pilot).asked[16])}" in shown(pilot, "QuestionList")
    await pilot.press(*["up"] * 16)
    await pilot.pause()
    burst(pilot, "7")
    await pilot.click(QuestionList, offset=(8, 4))
    assert practice_of(pilot).current == "h2"
    assert isinstance(pilot.app.focused, Input) and pilot.app.focused.value == ""


async def test_f3_asks_for_each_part_in_turn(pilot: Pilot[int]) -> None:
    await type_(pilot, "0.25")
    for part in [*PARTS][1:]:
        burst(pilot, "7")
        await pilot.press("f3")
        await pilot.pause()
        assert screen_of(pilot).query_one(Input).value == "" or part == "forward"
        assert practice_of(pilot).part == part and part in shown(pilot, "QuestionList")
    await pilot.press("pagedown")
    await pilot.pause()
    assert "∂E/∂w8" in shown(pilot, "#page")
    await pilot.press("f3")
    assert practice_of(pilot).current == "h1"


async def test_escape_leaves(pilot: Pilot[int]) -> None:
    await pilot.press("1", "escape")
    assert not isinstance(pilot.app.screen, PracticeScreen)


BIG = problem((8, 8, 8), "tanh", "cross entropy", "shared")


@pytest.mark.parametrize("pilot", [(BIG, "update", (80, 24))], indirect=True)
async def test_page_keys_scroll_what_is_long(pilot: Pilot[int]) -> None:
    assert "w1 x1→h1" in shown(pilot, "#page")
    await pilot.press(*["pagedown"] * 16)
    await pilot.pause()
    assert "w1 x1→h1" not in shown(pilot, "#page") and "∂E/∂w" in shown(pilot, "#page")
    await pilot.press(*["pageup"] * 16)
    await pilot.pause()
    assert "w1 x1→h1" in shown(pilot, "#page")


@pytest.mark.parametrize("pilot", [(BIG, "whole round", (120, 36))], indirect=True)
async def test_a_large_network_is_practised_in_a_large_window(pilot: Pilot[int]) -> None:
    await type_(pilot, value_of(pilot, "in_h1"))
    await type_(pilot, "3")
    await pilot.press("f2", "f2")
    await pilot.pause()
    assert "tanh" in shown(pilot, "#question") and "h1 = tanh(in_h1)" in shown(pilot, "#said")
    assert "w2 x1→h2" in shown(pilot, "#numbers")


@pytest.mark.parametrize("pilot", [(BIG, "whole round", (79, 24))], indirect=True)
async def test_a_terminal_that_is_too_small_is_told(pilot: Pilot[int]) -> None:
    assert "at least" in shown(pilot)


async def test_a_title_is_no_markup(pilot: Pilot[int]) -> None:
    assert "practice · round 1 · a [b]lesson[/b]" in shown(pilot, "#top")


def test_every_key_has_a_description_a_tooltip_and_a_name() -> None:
    for binding in PracticeScreen.BINDINGS:
        assert not isinstance(binding, tuple)
        assert binding.description and binding.tooltip and binding.id


COMING_BACK = problem(biases="per neuron", gradient="updated weights", optimiser={"kind": "adam"})


@pytest.mark.parametrize("pilot", [(COMING_BACK, "whole round", (80, 24))], indirect=True, ids=["updated weights"])
async def test_a_round_whose_update_goes_on_before_its_deltas_are_all_there_is_practised(pilot: Pilot[int]) -> None:
    """Its phases come back: it updates the outputs' weights, then the hidden layer's."""
    questions = screen_of(pilot).query_one(QuestionList)
    headings = [str(option.prompt) for option in questions.options if option.disabled]
    assert len(headings) > len(set(headings))
    before = practice_of(pilot).current
    await pilot.press("down")
    assert practice_of(pilot).current != before
