"""Every text of every theme can be read, and nothing is told by a colour alone.

The colours are those that are sent to the terminal. Themes made of a terminal's own sixteen colours have no numbers to
compute with: of them it is tested that they are left alone, and that what is lit and selected is told without colours.
"""

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager

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
from bptui.ui.drawing.lines import LEVELS, ROLES
from bptui.ui.panels.gradients import GradientsPanel
from bptui.ui.textual_private import render_rows
from bptui.ui.themes import MIN_CONTRAST, compute_contrast, ensure_contrast, make_diverging_colors, make_readable
from bptui.ui.widgets.panel import Panel
from tests.effort import mostly
from tests.ui.seeing import stepper, until
from tests.ui.theme_colors import colors_among, fronts, grounds, marked, name_in, variables_of
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

MIXED = {"lessons"}  # whose notes have words on a ground of their own, mixed of two colours
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
    for y, row in enumerate(render_rows(screen)):
        x = 0
        for segment in row:
            readable_here = boxes is None or any(box.contains(x, y) for box in boxes)
            x += segment.cell_length
            if readable_here and segment.style and not NO_TEXT.fullmatch(segment.text):
                yield segment.text.strip(), segment.style


@asynccontextmanager
async def opened(case: str) -> AsyncIterator[Pilot[int]]:
    """The program with one of the cases on its screen."""
    app = BptuiApp(Session.open(load_lesson("nnwj")))
    async with app.run_test(size=(120, 36) if case in ROOMY else (80, 24), notifications=True) as pilot:
        await pilot.pause()
        await show(pilot, case)
        yield pilot


async def show(pilot: Pilot[int], case: str) -> None:
    await pilot.press(*CASES[case])
    await until(pilot, "some text", lambda: list(texts(pilot)))
    await pilot.pause()
    await pilot.pause()


def colors_of(pilot: Pilot[int]) -> Iterator[tuple[str, Color, Color]]:
    """Return each text on the screen, its colour and that of its ground."""
    for text, style in texts(pilot):
        front, back = color_of(style, background=False), color_of(style, background=True)
        assert front is not None and back is not None and not style.dim, text
        yield text, front, back


def assert_readable(pilot: Pilot[int]) -> None:
    seen = list(colors_of(pilot))
    assert len(seen) > 1
    for text, front, back in seen:
        assert compute_contrast(front, back) >= MIN_CONTRAST, (
            text,
            front.hex,
            back.hex,
            compute_contrast(front, back),
            pilot.app.theme,
        )


async def change_theme(pilot: Pilot[int], case: str, theme: str) -> None:
    if case == "palette":  # which takes no other theme while it is open
        await pilot.press("escape")
    pilot.app.theme = theme
    await pilot.pause()
    if case == "palette":
        await show(pilot, case)
    await pilot.pause()


@pytest.mark.parametrize("like", mostly(["textual-dark"], ["textual-dark", "textual-light"]))
@pytest.mark.parametrize("roomy", [False, True], ids=["in a narrow terminal", "in a wide one"])
async def test_every_text_on_every_screen_is_made_of_colours_that_can_be_read_in_every_theme(
    roomy: bool, like: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawn in a theme of colours that tell their names; what these are in those as dark or as light is computed."""
    monkeypatch.setattr(BptuiApp, "get_css_variables", lambda self: marked(variables_of(self.theme)))
    cases = [case for case in CASES if case not in MIXED and (case in ROOMY) == roomy]
    async with opened(cases[0]) as pilot:
        await go_home(pilot)
        pilot.app.theme = like
        await pilot.pause()
        drawn = colors_among(marked(variables_of(like)))
        for case in cases:
            await go_home(pilot)
            await show(pilot, case)
            pairs: dict[tuple[str, str], str] = {}
            for text, front, back in colors_of(pilot):
                pairs[name_in(fronts(drawn, back), front), name_in(grounds(drawn), back)] = text
            assert len(pairs) > 1 and not [pair for pair in pairs.items() if "unknown" in str(pair)], case
            for theme in (name for name in COLORS if BUILTIN_THEMES[name].dark == BUILTIN_THEMES[like].dark):
                assert_pairs_readable(pairs, theme)


async def go_home(pilot: Pilot[int]) -> None:
    """Leave whatever is open, for a new stepper at the first round."""
    while len(pilot.app.screen_stack) > 1:
        await pilot.press("escape")
        await pilot.pause()
    stepper(pilot).session = Session.open(load_lesson("nnwj"))
    pilot.app.clear_notifications()
    await pilot.pause()


def assert_pairs_readable(pairs: Mapping[tuple[str, str], str], theme: str) -> None:
    """Check texts, by the names of their colour and of their ground's, in a theme."""
    colors = colors_among(variables_of(theme))
    under, sides = grounds(colors), {colors[name].get_contrast_text(1.0) for name in ("background", "surface")}
    assert len(sides) == 1  # a title on a surface is black or white as it would be on the background
    for (front, ground), text in pairs.items():
        back = under[ground]
        found = compute_contrast(fronts(colors, back)[front], back)
        assert found >= MIN_CONTRAST, (theme, text, front, ground, found)


@pytest.mark.parametrize(
    "case", [case if case in MIXED else pytest.param(case, marks=pytest.mark.exhaustive) for case in CASES]
)
async def test_every_text_on_every_screen_that_is_drawn_in_every_theme_has_the_contrast_it_takes(case: str) -> None:
    async with opened(case) as pilot:
        for theme in COLORS:
            await change_theme(pilot, case, theme)
            assert_readable(pilot)


async def test_every_role_can_be_read_on_whatever_a_panel_stands_on_in_every_theme() -> None:
    """And the colours that the test above computes with are those of the program."""
    app = BptuiApp(Session.open(load_lesson("two-by-two")))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("enter")
        for theme in COLORS:
            app.theme = theme
            await pilot.pause()
            await pilot.pause()
            assert app.get_css_variables() == variables_of(theme)
            assert_readable(pilot)
            for panel in [*stepper(pilot).query(Panel), *app.screen.query(Panel)]:
                for role in ROLES:
                    style = panel._style(role)
                    front, back = color_of(style, background=False), color_of(style, background=True)
                    assert front is not None and back is not None, (theme, panel, role)
                    assert compute_contrast(front, back) >= MIN_CONTRAST, (
                        theme,
                        panel,
                        role,
                        compute_contrast(front, back),
                    )


async def test_three_levels_of_ink_are_told_from_each_other_in_every_theme() -> None:
    """The first is bold or reversed; the third stands out less than the second, by its colour or by being dim."""
    app = BptuiApp(Session.open(load_lesson("two-by-two")))
    async with app.run_test(size=(120, 36)) as pilot:
        for theme in [*COLORS, *ANSI]:
            app.theme = theme
            await pilot.pause()
            await pilot.pause()
            panel = stepper(pilot).query_one(GradientsPanel)
            first, (plain,), third = ([panel._style(role) for role in level] for level in LEVELS)
            assert all(style.bold for style in first) and not any(style.bold for style in (plain, *third))
            if theme in ANSI:
                assert all(style.dim for style in third) and not plain.dim
                continue
            ground = color_of(plain, background=True)
            contrasts = [compute_contrast(*pair) for pair in pairs_of([plain, *third], ground)]
            assert min(contrasts[0] / other for other in contrasts[1:]) >= 1.28, (theme, contrasts)


def pairs_of(styles: list[Style], ground: Color | None) -> Iterator[tuple[Color, Color]]:
    """Each text's colour with the ground."""
    for style in styles:
        front = color_of(style, background=False)
        assert front is not None and ground is not None
        yield front, ground


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


async def test_what_is_selected_and_what_is_lit_is_told_without_any_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = BptuiApp(Session.open(load_lesson("two-by-two")))
    async with app.run_test(size=(120, 36)) as pilot:
        for theme in [*COLORS, *ANSI]:
            app.theme = theme
            await pilot.pause()
            looks = shapes(pilot, [Monochrome(), NoColor()])
            assert len(set(looks.values())) == len(looks), (theme, looks)


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
    assert ensure_contrast(variables) == variables
    async with BptuiApp(Session.open(load_lesson("nnwj"))).run_test(size=(120, 36)) as pilot:
        pilot.app.theme = theme
        await pilot.pause()
        assert not [text for text, style in texts(pilot) if style.color is None]


COLOR = st.builds(Color, *3 * [st.integers(0, 255)])


@given(COLOR, COLOR)
def test_any_colour_becomes_readable_on_any_other_and_stays_where_it_was(color: Color, ground: Color) -> None:
    found = make_readable(color, [ground])
    assert compute_contrast(found, ground) >= MIN_CONTRAST
    if compute_contrast(color, ground) > MIN_CONTRAST + 0.2:
        assert found == color


@given(COLOR, st.lists(COLOR, min_size=2, max_size=3))
def test_where_no_colour_can_be_read_on_all_it_is_the_one_that_comes_nearest(
    color: Color, grounds: list[Color]
) -> None:
    found = make_readable(color, grounds)
    worst = min(compute_contrast(found, ground) for ground in grounds)
    best = max(min(compute_contrast(end, ground) for ground in grounds) for end in (WHITE, BLACK))
    assert worst >= min(best, MIN_CONTRAST) - 0.01


def test_contrast_is_that_of_the_guidelines() -> None:
    assert compute_contrast(WHITE, BLACK) == pytest.approx(21.0)
    assert compute_contrast(Color.parse("#777777"), WHITE) == pytest.approx(4.478, abs=1e-3)


@pytest.mark.parametrize("name", COLORS)
def test_the_colours_of_a_scale_are_blue_below_and_orange_above_in_every_theme(name: str) -> None:
    background = Color.parse(ensure_contrast(variables_of(name))["background"])
    colors = make_diverging_colors(background, 8)
    assert len(set(colors)) == 17 and colors[8] == background
    assert all(low.b - low.r > high.b - high.r for low, high in zip(colors[:8], colors[:8:-1], strict=True))
    ends = [compute_contrast(color, background) for color in (colors[0], colors[-1])]
    assert min(ends) > 1.5
