"""Pastes are taken out of what comes whole and clean, however it is cut, and the rest comes as it is."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from bptui.ui.drivers.paste import InputPiece, PasteFilter

PARTS = st.sampled_from(["a", "\n", "\x1b", "\x1b[200~", "\x1b[201~", "\x1b[A", "\x1b[31m", "\x1b[2~", "\x1b[20", "é"])


def taken(*texts: str) -> tuple[str, list[str]]:
    pastes = PasteFilter()
    pieces = [piece for text in (*texts, "") for piece in pastes.feed(text)]
    assert all(piece.text for piece in pieces if not piece.pasted)
    return "".join(piece.text for piece in pieces if not piece.pasted), [p.text for p in pieces if p.pasted]


def test_a_paste_is_one_piece_without_its_codes() -> None:
    coloured = "\x1b[200~\x1b[1;31mred\x1b[0m\r\nlink \x1b]8;;http://x\x07here\x1b]8;;\x1b\\ \x1b(B\0end\x1b[201~n"
    assert taken("m" + coloured) == ("mn", ["red\nlink here end"])


def test_an_escape_alone_waits_for_a_pause() -> None:
    pastes = PasteFilter()
    assert list(pastes.feed("\x1b")) == []
    assert list(pastes.feed("")) == [InputPiece("\x1b", pasted=False)]


def test_what_looks_like_the_start_of_a_paste_is_typed_after_a_while() -> None:
    pastes = PasteFilter()
    assert list(pastes.feed("n\x1b[2")) == [InputPiece("n", pasted=False)]
    assert list(pastes.feed("")) == [InputPiece("\x1b[2", pasted=False)]


def test_a_paste_whose_end_never_comes_is_over_two_seconds_after_the_last_of_it() -> None:
    now = 100.0
    pastes = PasteFilter(lambda: now)
    assert list(pastes.feed("\x1b[200~a")) == []
    now += 1.9
    assert list(pastes.feed("")) == [] and list(pastes.feed("b\x1b[20")) == []
    now += 1.9
    assert list(pastes.feed("")) == []
    now += 0.1
    assert list(pastes.feed("")) == [InputPiece("ab", pasted=True)]
    assert list(pastes.feed("\x11")) == [InputPiece("\x11", pasted=False)]


@given(st.lists(PARTS, max_size=12).map("".join), st.lists(st.integers(1, 60), max_size=6))
@example("\x1b[200~a\x1b[201~n", [1])
@example("\x1b[200~a\x1b[201~n", [8])
def test_how_it_is_cut_does_not_matter(text: str, cuts: list[int]) -> None:
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    pieces = [text[low:high] for low, high in pairwise(places)]
    assert taken(*pieces) == taken(text)
