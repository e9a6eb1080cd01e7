"""Curves: stretches against brute force, axes that are true, and strokes that stay on the picture."""

from dataclasses import replace
from itertools import pairwise
from math import inf, isfinite, nan

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bptui.compare.curves import Axis, compute_half_squared_errors, make_bins, make_strokes, read_losses
from bptui.core.engines.engine import NumpyEngine
from bptui.core.training.run import Run
from bptui.core.training.run_facts import compute_half_squares
from bptui.lessons.lesson import load_lesson
from tests.effort import examples

numbers = st.floats(-1e3, 1e3) | st.sampled_from([nan, inf, -inf, 0.0, 1e308, -1e308, 5e-324])


def has_place(value: float, log: bool) -> bool:
    return isfinite(value) and (value > 0 or not log)


@examples(200)
@given(st.lists(numbers, min_size=1, max_size=120), st.integers(1, 60), st.booleans(), st.booleans(), st.data())
def test_stretches_hold_every_round_in_the_picture_once_and_its_extremes(
    values: list[float], count: int, log_rounds: bool, log: bool, data: st.DataObject
) -> None:
    low = data.draw(st.floats(1.0, len(values)))
    high = data.draw(st.floats(low + 0.5, len(values) + 40.0))
    axis = Axis(low, high, log_rounds)
    found = make_bins(np.array(values), axis, count, log)
    inside = [r for r in range(1, len(values) + 1) if low <= r <= high]
    if not inside:
        assert found == []
        return
    assert len(found) <= count + 1
    xs = [stretch.x for stretch in found]
    assert xs == sorted(set(xs)) and xs[0] >= -1e-9 and xs[-1] <= 1 + 1e-9
    starts = [round(axis.value(x)) for x in xs]
    assert starts[0] == inside[0]
    for start, end, stretch in zip(starts, [*starts[1:], inside[-1] + 1], found, strict=True):
        held = [values[r - 1] for r in range(start, end)]
        known = [value for value in held if has_place(value, log)]
        assert held and stretch.whole == (len(known) == len(held))
        if known:
            assert (stretch.low, stretch.high) == (min(known), max(known))
        else:
            assert np.isnan([stretch.low, stretch.high]).all()


@pytest.mark.parametrize("log_rounds", [True, False])
def test_a_long_curve_loses_no_spike(log_rounds: bool) -> None:
    values = np.ones(200_000)
    values[123_456] = 9.0
    found = make_bins(values, Axis(1.0, 200_000.0, log_rounds), 100, True)
    assert len(found) <= 100 and max(stretch.high for stretch in found) == 9.0


@given(st.floats(1e-300, 1e300), st.floats(1.001, 1e3), st.floats(0.0, 1.0), st.booleans())
def test_place_and_value_are_each_others_inverse(low: float, factor: float, place: float, log: bool) -> None:
    axis = Axis(low, low * factor, log)
    assert axis.place(axis.low) == pytest.approx(0.0, abs=1e-9) and axis.place(axis.high) == pytest.approx(1.0)
    assert axis.place(axis.value(place)) == pytest.approx(place, abs=1e-6)


@given(st.lists(numbers, max_size=9), st.booleans(), st.integers(1, 12))
@example([1e308, -1e308], False, 1)
@example([2e-313], True, 1)
def test_an_axis_around_numbers_has_a_place_for_each_and_round_ticks(values: list[float], log: bool, most: int) -> None:
    axis = Axis.around(values, log)
    assert axis.high > axis.low and isfinite(axis.high) and isfinite(axis.low)
    for value in values:
        if has_place(value, log):
            assert -1e-6 <= axis.place(value) <= 1 + 1e-6
    ticks = axis.ticks(most)
    assert len(ticks) <= most + 1 and ticks == sorted(ticks)
    assert all(-1e-6 <= axis.place(tick) <= 1 + 1e-6 for tick in ticks)


def test_ticks_are_round_numbers() -> None:
    assert Axis(1, 1000, True).ticks(6) == [1, 10, 100, 1000]
    assert Axis(3, 870).ticks(6) == [200, 400, 600, 800]


@given(st.lists(numbers, min_size=1, max_size=60), st.booleans())
def test_strokes_stay_on_the_picture_and_leave_gaps(values: list[float], log: bool) -> None:
    found = make_bins(np.array(values), Axis(1.0, 60.0), 60, log)
    axis = Axis.around([end for stretch in found for end in (stretch.low, stretch.high)], log)
    drawn = list(make_strokes(found, axis))
    assert all(-1e-6 <= place <= 1 + 1e-6 for stroke in drawn for place in stroke)
    known = [stretch for stretch in found if isfinite(stretch.low)]
    neighbours = sum(isfinite(a.low) and isfinite(b.low) for a, b in pairwise(found))
    assert len(drawn) == len(known) + neighbours


@given(st.lists(numbers, min_size=2, max_size=60), st.booleans())
def test_where_every_round_has_its_stretch_strokes_go_from_loss_to_loss(values: list[float], log: bool) -> None:
    rounds = Axis(1.0, float(len(values)))
    found = make_bins(np.array(values), rounds, 60, log)
    axis = Axis.around(values, log)
    drawn = [stroke for stroke in make_strokes(found, axis) if stroke.x0 != stroke.x1]
    at = [(rounds.place(r), axis.place(v) if has_place(v, log) else nan) for r, v in enumerate(values, 1)]
    assert drawn == [(*a, *b) for a, b in pairwise(at) if isfinite(a[1]) and isfinite(b[1])]


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=120), st.integers(1, 12))
def test_strokes_of_a_curve_without_gaps_are_one_line(values: list[float], count: int) -> None:
    """Each begins at a height that the curve has in its stretch, and ends at one that it has in the next."""
    found = make_bins(np.array(values), Axis(1.0, len(values) + 1.0), count, False)
    axis = Axis.around(values, False)
    spans = {stretch.x: (axis.place(stretch.low), axis.place(stretch.high)) for stretch in found}
    for stroke in make_strokes(found, axis):
        for x, y in ((stroke.x0, stroke.y0), (stroke.x1, stroke.y1)):
            assert spans[x][0] <= y <= spans[x][1]


def test_the_losses_are_the_runs_own_and_the_common_measure_is_its_outputs() -> None:
    run = Run(NumpyEngine(replace(load_lesson("cross-entropy").spec, precision="float32")))
    run.train_to(5000)
    own, common = read_losses(run, 5000), compute_half_squared_errors(run, 5000)
    assert len(own) == len(common) == 5000
    for round_ in (1, 2, 4096, 4097, 5000):
        assert own[round_ - 1] == run.loss(round_)
        assert common[round_ - 1] == compute_half_squares(run.spec, run.values(round_))
