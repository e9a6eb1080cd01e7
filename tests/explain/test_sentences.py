"""The sentences of an explanation that depend on more than what was found: torch, earlier groups, the room there is."""

import pytest

from bptui.core.engines.engine import EngineUnavailableError
from bptui.explain import recomputed
from bptui.explain.result import ExplanationData
from bptui.explain.sentences import format_as_printed, make_sentences, wrap_lines
from bptui.explain.worker import search_lesson
from bptui.lessons.lesson import Lesson, load_lesson
from tests.explain.books import of_lesson


def explained(lesson: Lesson) -> ExplanationData:
    return search_lesson(lesson, lambda progress: None)


def text(told: ExplanationData) -> str:
    return "\n".join(line.text for line in make_sentences(told))


def test_without_torch_it_is_said_that_last_digits_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_torch(name: str, spec: object) -> None:
        raise EngineUnavailableError("torch is not installed")

    monkeypatch.setattr(recomputed, "make_engine", no_torch)
    said = text(explained(load_lesson("zero-weights")))
    assert said.endswith("torch is not installed: the last digits of torch's own float32 figures are not compared")


def test_a_group_names_only_what_an_earlier_one_has_not() -> None:
    first, _, second = text(of_lesson("rgu-chapter-3")).partition("\n2. ")
    assert "the hidden step uses the weights into the outputs after their update" in first
    assert "· the same as in 1\n   · the last digits were cut off" in second
    assert "after their update" not in second


def test_no_line_but_a_row_is_wider_than_there_is_room() -> None:
    told = of_lesson("nnwj")
    for width in (30, 60, 100):
        lines = list(wrap_lines(make_sentences(told), width))
        assert all(len(line.text) <= width for line in lines if line.kind != "row")


@pytest.mark.parametrize(
    ("value", "printed", "shown"),
    [
        (0.2910277736, "0.291027924", "0.291027773600"),
        (3.510187783e-05, "3.51085e-05", "3.51018778e-05"),
        (0.000438567734, "0", "0.000438568"),
        (0.298371108760, "nan", "0.298371"),
        (None, "0.1", "no such number"),
        ("inf", "0.1", "inf"),
    ],
)
def test_a_number_is_shown_as_the_figure_was_printed_with_some_digits_more(
    value: float | str | None, printed: str, shown: str
) -> None:
    assert format_as_printed(value, printed) == shown
