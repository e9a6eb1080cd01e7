"""Rows written straight to the terminal stand there as the compositor would have painted them, cell by cell."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Region, Size
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets._toast import Toast

from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.drawing.lines import make_line
from bptui.ui.drawing.strokes import ASCII, BRAILLE, Strokes
from bptui.ui.panels.loss import LossPanel
from bptui.ui.textual_private import render_rows, write_rows
from bptui.ui.widgets.painting.terminal_rows import RowsScreen, find_uncovered
from tests.effort import ALL, mostly
from tests.ui.seeing import until
from tests.ui.terminal_cells import TerminalCells

STEPS = ("space", "n", "b", "full_stop", "comma", "less_than_sign", "greater_than_sign", "f", "t", "v", "e", "z")
MOVES = ("up", "down", "left", "right", "plus", "minus", "home", "end", "pagedown", "pageup")
DIALOGS = ("enter", "g", "x", "c", "a", "s", "l", "d", "question_mark", "ctrl+p", "m", "p")
THEMES = ("textual-dark", "textual-light", "nord", "ansi-dark")
CASES = {
    "two-by-two": ("two-by-two", (120, 36), BRAILLE, False),
    "small": ("mazur-2015", (80, 24), BRAILLE, False),
    "samples": ("xor", (130, 40), BRAILLE, False),
    "deep": ("deep", (100, 30), BRAILLE, False),
    "large": ("random-weights", (200, 60), BRAILLE, False),
    "ascii": ("two-by-two", (120, 36), ASCII, False),
    "presenter": ("two-by-two", (120, 36), BRAILLE, True),
    "tiny": ("softmax", (60, 14), BRAILLE, False),
}


class Shown:
    """What a terminal shows of a program that runs in it.

    Attributes:
        straight: How many pictures were written past the compositor.
    """

    def __init__(self, pilot: Pilot[int], cells: TerminalCells) -> None:
        self.pilot, self.cells, self.straight = pilot, cells, 0

    async def must_be_right(self, after: str) -> None:
        """Compare it with what the compositor makes of the screen."""
        await self.pilot.pause()
        await self.pilot.pause(0.02)  # a picture may be due a sixtieth of a second after the one before
        screen, console = self.pilot.app.screen, self.pilot.app.console
        expected = TerminalCells(*screen.size)
        for y, strip in enumerate(render_rows(screen)):
            expected.feed(f"\x1b[{y + 1};1H{strip.render(console)}")
        for y, (row, wanted) in enumerate(zip(self.cells.rows, expected.rows, strict=True)):
            differ = [x for x, (one, other) in enumerate(zip(row, wanted, strict=True)) if one != other]
            assert not differ, f"after {after}: row {y}, columns {differ}: {[(row[x], wanted[x]) for x in differ[:3]]}"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, torch_is_missing: None) -> Iterator[list[Shown]]:
    """Whoever watches the terminal gets what is written on it."""
    watching: list[Shown] = []

    def write(driver: HeadlessDriver, data: str) -> None:
        for one in watching:
            one.cells.feed(data)

    def count(screen: Any, text: str) -> None:
        for one in watching:
            one.straight += 1
        write_rows(screen, text)

    monkeypatch.setattr(HeadlessDriver, "is_headless", False)
    monkeypatch.setattr(HeadlessDriver, "write", write)
    monkeypatch.setattr("bptui.ui.widgets.painting.terminal_rows.write_rows", count)
    yield watching


@asynccontextmanager
async def shown(
    watching: list[Shown], lesson: str, size: tuple[int, int], strokes: Strokes = BRAILLE, presenter: bool = False
) -> AsyncIterator[Shown]:
    app = BptuiApp(Session.open(load_lesson(lesson)), strokes=strokes, presenter=presenter)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause(0.2)
        watching.append(Shown(pilot, TerminalCells(*size)))
        app.action_redraw()
        await watching[0].must_be_right("the start")
        yield watching[0]


async def press(found: Shown, *keys: str) -> None:
    for key in keys:
        await found.pilot.press(key)
        await found.must_be_right(key)


@pytest.mark.parametrize("case", mostly(("two-by-two", "small", "presenter"), CASES))
async def test_after_any_keys_and_dialogs(written: list[Shown], case: str) -> None:
    random = Random(case)
    async with shown(written, *CASES[case]) as found:
        for _ in range(4 if ALL else 2):
            await press(found, *random.choices(STEPS, k=6), *random.choices(MOVES, k=3), "space", "space")
            dialog = random.choice(DIALOGS)
            await press(found, dialog, "down", "escape", "escape", "escape", "space")
        await press(found, "home", *["space"] * 4)
        assert found.straight > 8 or case == "tiny"


@pytest.mark.parametrize("no_color", [False, True])
async def test_in_any_theme_and_after_another_size(
    written: list[Shown], monkeypatch: pytest.MonkeyPatch, no_color: bool
) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    async with shown(written, "two-by-two", (120, 36)) as found:
        for theme in THEMES:
            found.pilot.app.theme = theme
            before = found.straight
            await press(found, "space", "down", "space", "less_than_sign", "full_stop", "full_stop", "space")
            assert found.straight > before
        for size in ((100, 30), (120, 36)):
            found.cells = TerminalCells(*size)
            await found.pilot.resize_terminal(*size)
            await press(found, "space", "down", "space")


async def test_below_a_message_the_compositor_paints(written: list[Shown]) -> None:
    async with shown(written, "two-by-two", (120, 36)) as found:
        await press(found, "space", "space")
        found.pilot.app.notify("a message over a panel " * 9, timeout=60)
        await until(
            found.pilot, "the message", lambda: any(toast.region for toast in found.pilot.app.screen.query(Toast))
        )
        await found.must_be_right("a message")
        before = found.straight
        await press(found, "space", "down", "space")
        assert found.straight == before
        found.pilot.app.clear_notifications()
        await found.must_be_right("the message's end")
        await press(found, "space", "down", "space")
        assert found.straight > before


async def test_where_textual_lacks_a_name_the_compositor_paints(
    written: list[Shown], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bptui.ui.widgets.painting.terminal_rows.can_write_rows", lambda screen: False)
    async with shown(written, "two-by-two", (120, 36)) as found:
        await press(found, "space", "down", "space")
        assert found.straight == 0


async def test_while_it_runs(written: list[Shown]) -> None:
    async with shown(written, "two-by-two", (120, 36)) as found:
        await found.pilot.press("plus", "plus", "r")
        await found.pilot.pause(0.5)
        before = found.straight
        await found.pilot.press("r")
        await found.must_be_right("a pause")
        assert before > 3


async def test_a_panel_that_changes_twice_before_a_picture(written: list[Shown]) -> None:
    """The terminal still shows the first of three rounds, whatever the second has in common with the third."""
    async with shown(written, "two-by-two", (120, 36)) as found:
        for keys in (("space", "b", "space"), ("down", "up", "space"), ("space", "space", "space", "b")):
            with found.pilot.app.batch_update():
                for key in keys:
                    await found.pilot.press(key)
            await found.must_be_right(" ".join(keys))


async def test_a_panel_that_was_drawn_for_two_sizes_before_a_picture(written: list[Shown]) -> None:
    async with shown(written, "two-by-two", (120, 36)) as found:
        screen = found.pilot.app.screen
        panel = screen.query_one(LossPanel)
        size = panel.content_size
        assert isinstance(screen, RowsScreen)
        with found.pilot.app.batch_update():
            larger = Size(size.width, size.height + 9)
            screen.note_changes(panel, {size.height + 3: make_line("of a larger size")}, larger, Region(0, 0, *size))
            await found.pilot.press("space")
        await found.must_be_right("two sizes")


async def test_wide_signs_and_lines_that_are_cut_off(written: list[Shown], monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = LossPanel.draw
    texts = ("数字 1 → 0.25", "数 字 2 → 0.5", "x" * 500, "é" * 3 + "数" * 300, "")

    def draw(self: LossPanel, frame: Any, width: int, height: int) -> Any:
        first, *others = drawn(self, frame, width, height)
        chosen = texts[frame.round % len(texts)]
        return [(first[0]._replace(text=chosen), first[0]._replace(text=chosen[:4], role="selected")), *others]

    monkeypatch.setattr(LossPanel, "draw", draw)
    async with shown(written, "two-by-two", (120, 36)) as found:
        await press(found, *["space"] * 7)
        assert found.straight > 5


def test_a_widget_is_covered_by_those_before_it_that_overlap_it() -> None:
    below, above, screen = Widget(), Widget(), Region(0, 0, 80, 24)
    place = Region(10, 10, 20, 5)
    for over, clip, uncovered in (
        (Region(30, 10, 20, 5), screen, True),
        (Region(29, 14, 20, 5), screen, False),
        (Region(0, 0, 80, 24), Region(0, 0, 80, 10), True),
    ):
        placed = {above: (over, clip), below: (place, screen)}
        assert find_uncovered(below, placed) == (place if uncovered else None)
    assert find_uncovered(below, {below: (place, screen), above: (place, screen)}) == place
    assert find_uncovered(below, {below: (place, Region(0, 0, 20, 24))}) is None
    assert find_uncovered(below, {}) is None
