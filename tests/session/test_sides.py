"""Which samples are on their targets' side, in data and in a sentence that never says more than is so."""

from math import inf, nan

import pytest

from bptui.core.quantities.input_plane import TargetPair
from bptui.lessons.training import begin_run
from bptui.session.sides import OutputSides, describe_sides, find_sides
from tests.session.test_samples import XOR

PAIR = TargetPair(0.0, 1.0)


def sides(values: tuple[float, ...], targets: tuple[float, ...], pair: TargetPair | None = PAIR) -> OutputSides:
    return OutputSides("o1", values, targets, pair)


def test_the_sample_that_is_not_on_its_side_is_named_with_its_numbers() -> None:
    (run := begin_run(XOR)).train_to(1)
    (found,) = find_sides(XOR, run.state(1))
    assert found.wrong == (4,)
    assert describe_sides(found, 4)[0] == (
        "o1 is on the target's side of 0.5 for 3 of 4 samples; not for sample 4 (o1 = 0.5571, target 0)"
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((0.1, 0.9), "o1 is on the target's side of 0.5 for both samples"),
        ((0.1, 0.9, 0.8), "o1 is on the target's side of 0.5 for all 3 samples"),
        ((0.9, 0.1), "o1 is on the target's side of 0.5 for none of 2 samples; not for samples 1 (o1 = 0.9, target 0) "
         "and 2 (o1 = 0.1, target 1)"),
    ],
)  # fmt: skip
def test_all_or_none_are_counted(values: tuple[float, ...], said: str) -> None:
    assert describe_sides(sides(values, (0.0, 1.0, 1.0)[: len(values)]), 6)[0] == said


def test_a_value_on_the_boundary_and_one_that_is_no_number_are_on_no_side() -> None:
    assert sides((0.5, 0.5, nan, nan, inf, -inf), (0.0, 1.0, 0.0, 1.0, 1.0, 0.0)).wrong == (1, 2, 3, 4)


def test_a_value_beside_the_boundary_has_the_digits_that_show_its_side() -> None:
    said = describe_sides(sides((0.49999999, 0.0), (1.0, 0.0)), 4)[0]
    assert "o1 = 0.49999999, target 1" in said
    assert "o1 = 0.5, target 1" in describe_sides(sides((0.5, 0.0), (1.0, 0.0)), 4)[0]


def test_fewer_words_still_say_which_samples_and_then_how_many() -> None:
    *_, named, counted = describe_sides(sides((0.9, 0.1, 0.2), (0.0, 1.0, 1.0)), 3)
    assert named.endswith("for none of 3 samples; not for samples 1, 2 and 3")
    assert counted.endswith("for none of 3 samples")


@pytest.mark.parametrize(
    ("values", "targets", "word"),
    [
        ((0.7,), (0.01,), "o1 = 0.7 at the sample, target 0.01; a single sample has no boundary"),
        ((0.7, 0.2), (0.3, 0.3), "its target is always 0.3"),
        ((0.7, 0.2, 0.1), (0.3, 0.4, 0.5), "its targets take 3 values"),
        ((0.7, 0.2), (0.0, 1.0), "the targets of a sample do not add up to 1"),
    ],
)
def test_without_two_targets_nothing_is_said_of_sides(
    values: tuple[float, ...], targets: tuple[float, ...], word: str
) -> None:
    found = sides(values, targets, None)
    assert found.wrong == () and word in describe_sides(found, 6)[0]
    assert all("side" not in sentence for sentence in describe_sides(found, 6))
