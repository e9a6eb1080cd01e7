"""Every text of every theme can be read, and nothing is told by a colour alone.

The colours are those that are sent to the terminal. Themes made of a terminal's own sixteen colours have no numbers to
compute with: of them it is tested that they are left alone, and that what is lit and selected is told without colours.
"""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.color import BLACK, WHITE, Color
from textual.filter import LineFilter, Monochrome, NoColor
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.theme import BUILTIN_THEMES

from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.drawing.lines import ROLES
from bptui.ui.panels.gradients import GradientsPanel
from bptui.ui.textual_private import rows_of
from bptui.ui.themes import LEAST, contrast, readable, with_contrast
from bptui.ui.widgets.panel import Panel
from tests.ui.seeing import stepper, until
from tests.ui.widgets.test_palette import SCREENS

pytestmark = pytest.mark.usefixtures("torch_is_missing")

COLORS = tuple(name for name, theme in BUILTIN_THEMES.items() if not theme.ansi)
ANSI = tuple(name for name in BUILTIN_THEMES if name not in COLORS)
NO_TEXT = re.compile(r"[\s\u2500-\u259f\u2800-\u28ff]*")  # lines, blocks and braille dots
ALIKE = {"open", "save", "report", "go to"}  # which look as the dialog with a fault does, less the fault
LESS = {"stepper", "settings", "practice", "number"}  # of which a case below shows all, and more
CASES = {screen: keys for screen, keys in SCREENS.items() if screen not in ALIKE | LESS} | {
    "palette": ("ctrl+p",),
    "a step inside the round": ("less_than_sign", "full_stop", "full_stop"),
    "a notice": ("b",),  # on the stepper in a wide terminal, and the one above in a narrow one
    "a fault in the form": ("s", "x"),
    "a fault in a dialog": ("g", "x"),
    "a wrong answer": ("x", "7", "enter"),
    "a wrong number": ("m", "7", "enter"),
    "a word on what was done": ("ctrl+y", "enter"),
}

ROOMY = {"a notice", "compare", "programs"}  # which show more in a wide terminal


def color_of(style: Style, background: bool) -> Color | None:
    part = style.bgcolor if background else style.color
    return None if part is None or part.triplet is None else Color(*part.triplet)


def texts(pilot: Pilot[int]) -> Iterator[tuple[str, Style]]:
    """What there is to read on the screen, with its style; under a dialog nothing is."""
    screen = pilot.app.screen
    boxes = (
        [box.region for box in screen.query(".dialog, CommandInput, CommandList")]
        if isinstance(screen, ModalScreen)
        else None
    )
    for y, row in enumerate(rows_of(screen)):
        x = 0
        for segment in row:
            readable_here = boxes is None or any(box.contains(x, y) for box in boxes)
            x += segment.cell_length
            if readable_here and segment.style and not NO_TEXT.fullmatch(segment.text):
                yield segment.text.strip(), segment.style


@pytest.mark.parametrize("case", CASES)
async def test_every_text_on_every_screen_has_the_contrast_it_takes_in_every_theme(case: str) -> None:
    app = BptuiApp(Session.open(load_lesson("nnwj")))
    async with app.run_test(size=(120, 36) if case in ROOMY else (80, 24), notifications=True) as pilot:
        await pilot.pause()
        for theme in COLORS:
            if case == "palette":  # which takes no other theme while it is open
                app.theme = theme
                await pilot.pause()
            if theme == COLORS[0] or case == "palette":
                await pilot.press(*CASES[case])
                await until(pilot, "some text", lambda: list(texts(pilot)))
            app.theme = theme
            await pilot.pause()
            await pilot.pause()
            seen = list(texts(pilot))
            assert len(seen) > 1
            for text, style in seen:
                front, back = color_of(style, background=False), color_of(style, background=True)
                assert front is not None and back is not None and not style.dim, (theme, text)
                assert contrast(front, back) >= LEAST, (theme, text, front.hex, back.hex, contrast(front, back))
            if case == "palette":
                await pilot.press("escape")


@pytest.mark.parametrize("theme", COLORS)
async def test_every_role_can_be_read_on_whatever_a_panel_stands_on(theme: str) -> None:
    app = BptuiApp(Session.open(load_lesson("two-by-two")))
    async with app.run_test(size=(120, 36)) as pilot:
        app.theme = theme
        await pilot.press("enter")
        await pilot.pause()
        for panel in [*stepper(pilot).query(Panel), *app.screen.query(Panel)]:
            for role in ROLES:
                style = panel._style(role)
                front, back = color_of(style, background=False), color_of(style, background=True)
                assert front is not None and back is not None, (panel, role)
                assert contrast(front, back) >= LEAST, (panel, role, contrast(front, back))


def shapes(pilot: Pilot[int], filters: list[LineFilter]) -> dict[str, tuple[object, ...]]:
    """How roles look without their hues."""
    panel = stepper(pilot).query_one(GradientsPanel)
    found: dict[str, tuple[object, ...]] = {}
    for role in ("", "title", "selected", "lit"):
        segments = [Segment("1", panel._style(role))]
        for one in filters:
            segments = one.apply(segments, panel.background_colors[1])
        style = segments[0].style
        assert style is not None
        found[role] = (style.bold, style.reverse, style.underline)
    return found


@pytest.mark.parametrize("theme", [*COLORS, *ANSI])
async def test_what_is_selected_and_what_is_lit_is_told_without_any_colour(
    theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = BptuiApp(Session.open(load_lesson("two-by-two")))
    async with app.run_test(size=(120, 36)) as pilot:
        app.theme = theme
        await pilot.pause()
        looks = shapes(pilot, [Monochrome(), NoColor()])
        assert len(set(looks.values())) == len(looks), looks


async def test_without_colours_none_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = BptuiApp(Session.open(load_lesson("nnwj")))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        for text, style in texts(pilot):
            for part in (style.color, style.bgcolor):
                assert part is not None and part.triplet is not None
                assert max(part.triplet) - min(part.triplet) <= 1, text


@pytest.mark.parametrize("theme", ANSI)
async def test_a_terminals_own_colours_are_left_alone(theme: str) -> None:
    variables = BUILTIN_THEMES[theme].to_color_system().generate()
    assert with_contrast(variables) == variables
    async with BptuiApp(Session.open(load_lesson("nnwj"))).run_test(size=(120, 36)) as pilot:
        pilot.app.theme = theme
        await pilot.pause()
        assert not [text for text, style in texts(pilot) if style.color is None]


COLOR = st.builds(Color, *3 * [st.integers(0, 255)])


@given(COLOR, COLOR)
def test_any_colour_becomes_readable_on_any_other_and_stays_where_it_was(color: Color, ground: Color) -> None:
    found = readable(color, [ground])
    assert contrast(found, ground) >= LEAST
    if contrast(color, ground) > LEAST + 0.2:
        assert found == color


@given(COLOR, st.lists(COLOR, min_size=2, max_size=3))
def test_where_no_colour_can_be_read_on_all_it_is_the_one_that_comes_nearest(
    color: Color, grounds: list[Color]
) -> None:
    found = readable(color, grounds)
    worst = min(contrast(found, ground) for ground in grounds)
    best = max(min(contrast(end, ground) for ground in grounds) for end in (WHITE, BLACK))
    assert worst >= min(best, LEAST) - 0.01


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast(WHITE, BLACK) == pytest.approx(21.0)
    assert contrast(Color.parse("#777777"), WHITE) == pytest.approx(4.478, abs=1e-3)
