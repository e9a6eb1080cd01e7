"""The presenter's view: large digits that are the right ones, less besides, and the keys with what they do."""

from dataclasses import replace
from math import inf, nan

import pytest
from textual.pilot import Pilot
from textual.renderables.digits import DIGITS, DIGITS3X3_BOLD

from bptui.lessons.lesson import load_lesson
from bptui.session.frame import make_frame
from bptui.session.session import Session
from bptui.text.numbers import format_significant
from bptui.ui.app import BptuiApp
from bptui.ui.drawing.lines import Line
from bptui.ui.drawing.strokes import ASCII
from bptui.ui.panels.large_numbers import LargePanel
from bptui.ui.widgets.presenter import Pressed

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
GLYPHS = {tuple(row.ljust(3) for row in DIGITS3X3_BOLD[3 * at : 3 * at + 3]): sign for at, sign in enumerate(DIGITS)}


def texts(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def read(rows: list[str]) -> str:
    """The number that three rows of large digits are."""
    found, rest = "", [row.ljust(max(map(len, rows))) for row in rows]
    while rest[0]:
        wide = 1 if rest[2][0] == "•" else 3
        found += "." if wide == 1 else GLYPHS[tuple(row[:3] for row in rest)]
        rest = [row[wide:] for row in rest]
    return found.strip()


def session(app: BptuiApp) -> Session:
    return app.last_session


def displayed(app: BptuiApp) -> set[str]:
    names = ("Large", "Network", "Derivation", "Forward", "Gradients", "Loss", "Selection")
    return {name for name in names if app.screen.query_one(f"{name}Panel").region}


def strip(pilot: Pilot[int]) -> str:
    return str(pilot.app.screen.query_one(Pressed).render()).strip()


@SIZES
async def test_a_key_turns_it_on_and_off(torch_is_missing: None, size: tuple[int, int]) -> None:
    app = BptuiApp(Session.open(load_lesson("two-by-two")))
    async with app.run_test(size=size) as pilot:
        before = displayed(app)
        await pilot.press("z")
        await pilot.pause()
        assert displayed(app) == {"Large", "Network", "Derivation"}
        assert app.screen.query_one(Pressed).region.height == 1
        await pilot.press("z")
        await pilot.pause()
        assert displayed(app) == before and not app.screen.query_one(Pressed).region


@SIZES
async def test_the_large_digits_are_those_of_the_round(torch_is_missing: None, size: tuple[int, int]) -> None:
    app = BptuiApp(Session.open(load_lesson("two-by-two")), presenter=True)
    async with app.run_test(size=size) as pilot:
        await pilot.press("space")
        await pilot.pause()
        panel, values = app.screen.query_one(LargePanel), session(app).run.values(2)
        lines = texts(panel._lines)
        left = 0 if lines[0] == "round" else 8
        first, step = (1, 5) if left == 0 and lines[5] == "E" else (1, 4) if left == 0 else (0, 3)
        shown = [read([row[left:] for row in lines[at : at + 3]]) for at in range(first, first + 3 * step, step)]
        assert shown[:2] == ["2", format_significant(values["E"], 6)]
        fewer = [format_significant(values["dE_dw1"], digits) for digits in range(5, 7)]  # as far as there is room
        assert shown[2] in fewer[size[0] > 80 :]


@pytest.mark.parametrize("digits", [3, 6, 17])
@pytest.mark.parametrize("value", [0.0, -1.2345678901234567e-05, 1e300, 123456789.0, inf, -inf, nan])
@pytest.mark.parametrize("width", [20, 36, 80])
def test_a_number_stays_within_its_panel_and_is_whole(value: float, width: int, digits: int) -> None:
    frame = make_frame(replace(Session.open(load_lesson("two-by-two")), digits=digits))
    frame = replace(frame, values={**frame.values, "E": value})
    for height, strokes in ((9, {}), (14, {}), (20, {"strokes": ASCII})):
        lines = texts(LargePanel(**strokes).draw(frame, width, height))
        assert max(map(len, lines)) <= width and len(lines) <= height
        assert sum(line.startswith("E") for line in lines) == 1


async def test_the_keys_are_shown_by_their_names_in_the_footer_with_what_they_do(torch_is_missing: None) -> None:
    app = BptuiApp(Session.open(load_lesson("two-by-two")), presenter=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", "space", "full_stop", "right")
        await pilot.pause()
        assert strip(pilot).split() == ["space", "Next", "×2", ".", "Step", "→", "Right"]
        await pilot.press("g")
        await pilot.pause()
        await pilot.press("1", "7")
        await pilot.pause()
        assert strip(pilot).split()[-4:] == ["Go", "to", "1", "7"]
        await pilot.press("enter")
        await pilot.pause()
        assert session(app).round == 17
        assert strip(pilot).split()[-4:] == ["7", "⏎", "Go", "there"]


async def test_as_many_keys_are_shown_as_there_is_room_for_the_latest_last(torch_is_missing: None) -> None:
    app = BptuiApp(Session.open(load_lesson("two-by-two")), presenter=True)
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(5):
            await pilot.press("space", "b", "full_stop", "e")
        await pilot.pause()
        assert len(strip(pilot)) <= 80 and strip(pilot).endswith("Loss scale")
