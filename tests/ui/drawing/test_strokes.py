"""Strokes: each kind has signs for everything that is drawn, that its terminals show."""

import pytest

from bptui.text.ascii import AsciiTable
from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.strokes import ASCII, BRAILLE, CONSOLE, Dash, Strokes, choose_strokes

LEVEL, STEEP = ((0.0, 1.0), (23.0, 1.0)), ((5.0, 0.0), (7.0, 31.0))


def drawn(
    strokes: Strokes, *lines: tuple[tuple[float, float], tuple[float, float]], thick: int = 1, dash: Dash | None = None
) -> list[str]:
    canvas = Canvas(12, 8, strokes)
    for start, end in lines:
        canvas.stroke(start, end, thick=thick, dash=dash)
    return ["".join(span.text for span in line).rstrip("⠀ ") for line in canvas.lines()]


def signs_of(strokes: Strokes) -> str:
    drawing = "".join((*strokes.characters, *strokes.corners, *strokes.edges, strokes.bars))
    return drawing + "".join(strokes.arrows.values())


def test_in_ascii_every_sign_is_ascii_and_on_the_console_one_of_its_font() -> None:
    assert signs_of(ASCII).isascii() and signs_of(ASCII).isprintable()
    assert signs_of(CONSOLE).encode("cp437").decode("cp437") == signs_of(CONSOLE)


@pytest.mark.parametrize("strokes", [BRAILLE, CONSOLE, ASCII], ids=lambda strokes: strokes.name)
def test_every_kind_has_nine_bars_of_one_cell_each_and_a_sign_for_all_bits(strokes: Strokes) -> None:
    assert len(strokes.bars) == 9 and strokes.bars[0] == " "
    assert {len(sign) for sign in strokes.characters} == {1}
    for line in (LEVEL, STEEP):
        for thick in (1, 2, 3, 4):
            assert max(strokes.pen(*line, thick, (1, 3)).values()) < len(strokes.characters)


@pytest.mark.parametrize("strokes", [BRAILLE, CONSOLE, ASCII], ids=lambda strokes: strokes.name)
@pytest.mark.parametrize("line", [LEVEL, STEEP, ((0.0, 0.0), (23.0, 20.0))], ids=["level", "steep", "slanted"])
def test_a_dash_a_dot_and_a_thick_line_look_like_nothing_else(
    strokes: Strokes, line: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    looks = [drawn(strokes, line, thick=thick) for thick in (1, 2, 3)]
    looks += [drawn(strokes, line, dash=dash) for dash in ((5, 3), (1, 3))]
    assert len({tuple(look) for look in looks}) == 5


def test_lines_of_signs_are_dashes_slashes_and_bars_and_cross_in_an_x() -> None:
    assert drawn(ASCII, LEVEL)[0] == "-" * 12
    assert drawn(ASCII, LEVEL, thick=2)[0] == "=" * 12 and drawn(ASCII, LEVEL, thick=3)[0] == "#" * 12
    assert [row.strip() for row in drawn(ASCII, STEEP)] == ["|"] * 8
    falling = ((0.0, 2.0), (21.0, 26.0))
    assert [row.strip() for row in drawn(ASCII, falling)] == [*["\\"] * 7, ""]
    both = drawn(ASCII, falling, ((0.0, 26.0), (21.0, 2.0)))
    assert [row.replace(" ", "") for row in both] == [*["\\/"] * 3, "X", *["/\\"] * 3, ""]
    assert drawn(ASCII, LEVEL, ((0.0, 1.0), (23.0, 30.0)))[0] == "-" * 12, (
        "where lines only meet, the level one is seen"
    )


def test_a_dashed_line_is_seen_in_its_middle_where_others_cross_it() -> None:
    for strokes in (BRAILLE, ASCII):
        for rows in range(2, 9):
            ends = (0.0, 1.0), (15.0, 4.0 * rows + 1.0)
            assert (7 // 2, (4 * rows + 2) // 2 // 4) in {
                (x + dx, y) for x, y in strokes.pen(*ends, 1, (5, 3)) for dx in (-1, 0, 1)
            }


@pytest.mark.parametrize(
    ("encodings", "expected"), [(("utf-8",), BRAILLE), (("cp437", "latin-1"), CONSOLE), (("latin-1",), ASCII)]
)
def test_the_best_is_the_first_whose_signs_are_all_shown(encodings: tuple[str, ...], expected: Strokes) -> None:
    forms = AsciiTable(*encodings)
    assert choose_strokes(lambda sign: sign.translate(forms) == sign) is expected
