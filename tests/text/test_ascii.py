"""The ASCII forms of signs: every sign that the program prints has one, as wide as itself on the screen."""

import io
from pathlib import Path

from rich.cells import cell_len

import bptui
from bptui.text.ascii import ASCII_ERRORS, AsciiTable, to_ascii_cell, to_ascii_text
from tests.tables import over

ROOT = Path(bptui.__file__).parent
SOURCES = [path for kind in ("py", "toml", "tcss") for path in ROOT.rglob(f"*.{kind}")]
SIGNS = sorted({sign for path in SOURCES for sign in path.read_text(encoding="utf-8") if not sign.isascii()})
DRAWN = [*map(chr, range(0x2500, 0x25A0)), *map(chr, range(0x2801, 0x2900))]  # boxes, blocks, dots


@over(sign=[*SIGNS, *DRAWN])
def test_every_sign_has_a_form_that_fills_as_many_cells(sign: str) -> None:
    form = to_ascii_cell(sign)
    assert form.isascii() and form.isprintable() and len(form) == cell_len(sign) and form != "?"


def test_more_dots_never_look_like_fewer() -> None:
    rising = [to_ascii_cell(chr(0x2800 + (1 << dots) - 1)) for dots in range(9)]
    assert rising[0] == " " and len(set(rising)) >= 5 and rising == sorted(rising, key=rising.index)


def test_wide_signs_and_those_without_a_width_keep_columns_in_their_places() -> None:
    assert (to_ascii_cell("字"), to_ascii_cell("\N{COMBINING ACUTE ACCENT}"), to_ascii_cell("é")) == ("??", "", "e")
    assert [to_ascii_cell(sign) for sign in "\u200d\ufe0f\u200b\u0901\xad"] == ["", "", "", "", "-"]


def test_a_line_of_text_is_written_out() -> None:
    stream = io.TextIOWrapper(buffer := io.BytesIO(), encoding="ascii", errors=ASCII_ERRORS)
    stream.write("½Σ(o − y)², ∂E/∂w1 → 3 ✓")
    stream.flush()
    assert buffer.getvalue() == b"1/2sum(o - y)^2, dE/dw1 -> 3 ok"
    assert all(to_ascii_text(sign).isascii() for sign in SIGNS)


def test_only_signs_that_cannot_be_shown_are_changed() -> None:
    assert "½·η ⣿ é".translate(AsciiTable("latin-1")) == "½·n @ é"
    assert "█▄ δ ╭ ⣿".translate(AsciiTable("cp437", "latin-1")) == "█▄ δ ┌ @"
