"""The presenter's view: large digits that are the right ones, less besides, and the keys with what they do."""

from dataclasses import replace
from math import inf, nan

import pytest
from textual.pilot import Pilot

from bptui.lessons.lesson import load_lesson
from bptui.session.frame import make_frame
from bptui.session.session import Session
from bptui.text.numbers import format_significant
from bptui.ui.app import BptuiApp
from bptui.ui.drawing.block_digits import BlockDigits
from bptui.ui.drawing.lines import Line
from bptui.ui.panels.large_numbers import LargePanel
from bptui.ui.widgets.presenter import Pressed

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")


def texts(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def read(rows: list[str], form: BlockDigits) -> str:
    """The number that five rows of large digits are."""
    found, rest = "", [row.rstrip().ljust(max(map(len, rows)) + 1) for row in rows]
    while "".join(rest).strip():
        glyphs = {sign: [row.ljust(form.measure(sign)) for row in form.write(sign)] for sign in "0123456789-+.e"}
        fitting = [sign for sign, glyph in glyphs.items() if [row[: len(glyph[0])] for row in rest] == glyph]
        sign = max(fitting, key=lambda sign: len(glyphs[sign][0]))
        found += sign
        rest = [row[form.measure(sign) + 1 :] for row in rest]
    return found


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
        lines, form = texts(panel._lines), BlockDigits(wide=size[0] == 200)
        names = ("round", "E", "∂E/∂w1", *(("new w1", "w1") if size[1] > 24 else ()))
        shown = {name: read(lines[lines.index(name) + 1 :][:5], form) for name in names}
        known = (2, values["E"], values["dE_dw1"], values["new_w1"], session(app).run.given(2)["w1"])
        for name, value in zip(names, known, strict=False):
            fewer = [format_significant(value, digits) for digits in range(3, 7)]  # as far as there is room
            assert shown[name] in fewer
        assert shown["E"] == format_significant(values["E"], 6)
        assert panel.content_size.height - len(lines) < 6


@pytest.mark.parametrize("digits", [3, 6, 17])
@pytest.mark.parametrize("value", [0.0, -1.2345678901234567e-05, 1e300, 123456789.0, inf, -inf, nan])
@pytest.mark.parametrize("width", [20, 36, 80])
def test_a_number_stays_within_its_panel_and_is_whole(value: float, width: int, digits: int) -> None:
    frame = make_frame(replace(Session.open(load_lesson("two-by-two")), digits=digits))
    frame = replace(frame, values={**frame.values, "E": value})
    for height in (5, 14, 31):
        lines = texts(LargePanel().draw(frame, width, height))
        assert max(map(len, lines)) <= width and len(lines) <= height
        assert sum(line.startswith("E") for line in lines) == (height > 6)


@pytest.mark.parametrize("wide", [False, True])
def test_digits_are_solid_blocks_five_rows_high_none_like_another(wide: bool) -> None:
    form = BlockDigits(wide)
    glyphs = {sign: form.write(sign) for sign in "0123456789-+.e"}
    assert len(set(glyphs.values())) == len(glyphs)
    for sign, rows in glyphs.items():
        assert (
            len(rows) == 5 and {len(row) for row in rows} == {form.measure(sign)} and set("".join(rows)) <= {"█", " "}
        )
    assert read(list(form.write("-0.0123456789e+8")), form) == "-0.0123456789e+8"


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
        assert strip(pilot).split()[-3:] == ["7", "⏎", "Go"]


async def test_as_many_keys_are_shown_as_there_is_room_for_the_latest_last(torch_is_missing: None) -> None:
    app = BptuiApp(Session.open(load_lesson("two-by-two")), presenter=True)
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(5):
            await pilot.press("space", "b", "full_stop", "e")
        await pilot.pause()
        assert len(strip(pilot)) <= 80 and strip(pilot).endswith("Loss scale")
