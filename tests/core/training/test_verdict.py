"""Verdicts: one rule for one run and for many, and what each word means."""

from dataclasses import replace
from math import inf, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.training.verdict import (
    VERDICTS,
    Course,
    compute_near,
    find_halfway,
    has_size,
    is_falling,
    is_rising,
    judge,
    size_window,
)

losses = st.floats(-10, 10) | st.sampled_from([0.0, nan, inf, -inf, 1e300])
counts = st.integers(0, 100)
COURSE = Course(first=1.0, middle=0.5, last=0.2, rises=0, falls=100, steps=100, lost=0, rounds=200)


def word(floor: float = 0.1, **changes: Any) -> str:
    return VERDICTS[int(judge(replace(COURSE, **changes), floor))]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "still falling"),
        ({"lost": 7}, "diverged"),
        ({"last": nan}, "diverged"),
        ({"last": 1001.0}, "diverged"),
        ({"last": 0.1009}, "converged"),
        ({"last": 0.1011}, "still falling"),
        ({"rises": 10, "falls": 10}, "oscillating"),
        ({"rises": 9, "falls": 91}, "still falling"),
        ({"rises": 100, "falls": 0, "last": 0.9}, "rising"),
        ({"last": 0.4999}, "stuck"),
        ({"last": 0.5}, "stuck"),
        ({"last": 0.5, "steps": 0, "rounds": 1}, "one round"),
        ({"last": 0.5, "steps": 0, "rounds": 5}, "stuck"),
        ({"last": 0.1009, "steps": 0}, "converged"),
        ({"last": nan, "steps": 0}, "diverged"),
        ({"last": 0.1009, "rises": 50, "falls": 50}, "converged"),
    ],
)
def test_the_verdict_is_the_first_that_holds(changes: dict[str, Any], expected: str) -> None:
    assert word(**changes) == expected


def test_where_the_floor_is_0_a_millionth_of_the_first_loss_is_near() -> None:
    assert word(0.0, last=1e-6) == "converged"
    assert word(0.0, last=1.1e-6) == "still falling"


def test_without_a_floor_nothing_converges_and_what_moves_is_measured_by_the_loss() -> None:
    assert word(-inf, middle=-5.0, last=-5.06) == "still falling"
    assert word(-inf, middle=-5.0, last=-5.04) == "stuck"


@given(
    st.lists(st.tuples(losses, losses, losses, counts, counts, counts), min_size=1), st.floats(-1, 1) | st.just(-inf)
)
def test_many_runs_get_the_verdicts_that_each_gets_alone(rows: list[tuple[Any, ...]], floor: float) -> None:
    first, middle, last, ups, downs, lost = map(np.array, zip(*rows, strict=True))
    together = judge(Course(first, middle, last, ups, downs, 100, lost, 200), floor)
    alone = [int(judge(Course(a, b, c, up, down, 100, gone, 200), floor)) for a, b, c, up, down, gone in rows]
    assert together.tolist() == alone


@given(st.integers(1, 10**7))
def test_the_rounds_that_are_looked_at_are_there(rounds: int) -> None:
    assert 1 <= find_halfway(rounds) <= rounds
    assert 1 <= rounds - size_window(rounds) <= rounds and size_window(rounds) <= 100


def test_rounding_is_no_rise_and_no_fall() -> None:
    assert not is_rising(1.0, 1.0 + 1e-6) and not is_falling(1.0, 1.0 - 1e-6)
    assert is_rising(1.0, 1.0001) and is_falling(-1.0, -1.0001)


def test_near_is_a_part_of_the_floor_or_of_the_first_loss() -> None:
    assert compute_near(0.2, 0.1, 5.0) == pytest.approx(0.22) and compute_near(-0.2, 0.1, 5.0) == pytest.approx(-0.18)
    assert compute_near(0.0, 0.1, 5.0) == pytest.approx(0.5) and compute_near(-inf, 0.1, 5.0) == -inf
    assert has_size(0.2, 5.0) and not has_size(1e-7, 5.0)
