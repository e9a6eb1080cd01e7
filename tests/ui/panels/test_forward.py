"""The forward panel: the deltas with all their digits, and what else there is room for."""

from dataclasses import replace

import pytest

from bptui.lessons.lesson import load_lesson
from bptui.session.frame import Frame, make_frame
from bptui.session.session import Session
from bptui.ui.panels.forward import ForwardPanel
from tests.strategies import problem

AT_80, AT_100 = 39, 48  # columns of the panel in terminals of 80 and of 100


def frame_of(*sizes: int, digits: int) -> Frame:
    lesson = load_lesson("two-by-two")
    lesson = lesson if sizes == (2, 2, 2) else replace(lesson, spec=problem(sizes, biases="per neuron"))
    return make_frame(Session.open(lesson).torch_unavailable("").next().show_digits(digits))


def rows_of(frame: Frame, width: int) -> tuple[list[str], list[str]]:
    heads, *rows = ("".join(span.text for span in line) for line in ForwardPanel().draw(frame, width, 30))
    return heads.split(), rows[: len(frame.network.neurons)]


@pytest.mark.parametrize("width", [AT_80, AT_100])
@pytest.mark.parametrize("sizes", [(2, 2, 2), (2, 3, 1), (4, 4, 4, 4)])
@pytest.mark.parametrize("digits", [3, 6, 8])
def test_the_deltas_have_all_their_digits_at_80_and_at_100_columns(
    width: int, sizes: tuple[int, ...], digits: int
) -> None:
    frame = frame_of(*sizes, digits=digits)
    heads, rows = rows_of(frame, width)
    assert "δ" in heads
    for neuron, row in zip(frame.network.neurons, rows, strict=True):
        value = float(frame.values[f"delta_{neuron}"])
        exact = [f"{value:#.{count}g}" for count in ((digits,) if abs(value) >= 1e-3 else (digits - 1, digits))]
        assert len(row) <= width and any(text in row for text in exact), (row, value)


def test_torchs_column_goes_first_and_the_lower_edge_names_what_is_missing() -> None:
    wide, narrow = (rows_of(frame_of(2, 2, 2, digits=6), width)[0] for width in (68, AT_80))
    assert wide == ["input", "numpy", "δ", "torch", "|Δ|", "target"]
    assert narrow == ["input", "numpy", "δ", "target"]


@pytest.mark.parametrize("digits", range(3, 18))
def test_nothing_in_the_table_moves_from_round_to_round_or_inside_one(digits: int) -> None:
    session = Session.open(load_lesson("xor")).torch_unavailable("").show_digits(digits)
    for width in (AT_80, AT_100, 68):
        heads = {
            tuple(span.text for span in ForwardPanel().draw(make_frame(s), width, 30)[0])
            for s in (session, session.next(), session.to_start(), session.to_start().step_on(), session.next_sample())
        }
        assert len(heads) == 1


def test_a_target_is_written_as_it_was_given_whatever_the_precision() -> None:
    lesson = load_lesson("relu")
    assert lesson.spec.precision == "float32"
    frame = make_frame(Session.open(lesson).torch_unavailable(""))
    assert [row.split()[-1] for row in rows_of(frame, AT_80)[1][2:]] == ["0.23", "-0.07"]
