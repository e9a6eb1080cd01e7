"""Highest and lowest losses of stretches of rounds, and bins that are equally long on a logarithmic axis."""

from itertools import pairwise
from math import inf, log, nan

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bptui.core.training.extremes import UNIT, find_highest, find_lowest, make_log_starts
from tests.effort import examples


@examples(100)
@example(12_375, 3)
@given(st.integers(1, 3_000_000), st.integers(1, 300))
def test_bins_start_in_round_1_rise_and_are_equally_long_on_a_logarithmic_axis(last: int, most: int) -> None:
    starts, single = make_log_starts(last, most)
    rounds = (starts + 1).tolist()
    assert rounds[0] == 1 and rounds[-1] <= last and len(rounds) <= most
    assert all(low < high for low, high in pairwise(rounds))
    wide = [start for start in starts.tolist() if start >= single]
    assert all(start % UNIT == 0 for start in wide)
    for low, high in pairwise([*rounds, last + 1]):
        assert high - low == 1 or log(high / low) <= 1.3 * log(last) / most + 2.0 / low


@pytest.mark.parametrize("count", [1, UNIT, UNIT + 1, 3 * UNIT])
def test_each_unit_has_its_highest_and_lowest_finite_loss(count: int) -> None:
    losses = np.random.default_rng(3).choice([1.0, -2.0, 5.0, nan, inf, -inf], count)
    units = [[x for x in losses[at : at + UNIT] if np.isfinite(x)] for at in range(0, count, UNIT)]
    assert find_highest(losses).tolist() == [max(unit, default=-inf) for unit in units]
    assert find_lowest(losses).tolist() == [min(unit, default=inf) for unit in units]
