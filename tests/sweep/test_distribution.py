"""Numbers of runs: exact quantiles, bars and extremes, the same whatever was merged first."""

import json
import random
from functools import reduce
from math import ceil, inf, nan
from sys import float_info

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bptui.sweep.distribution import Distribution, Extreme

ANY = st.floats(allow_nan=True, allow_infinity=True)


def distribution(*values: float, first: int = 1) -> Distribution:
    return Distribution.of(np.array(values), range(first, first + len(values)))


def data(one: Distribution) -> str:
    return json.dumps(one.to_data())


@given(st.lists(ANY, min_size=1, max_size=60), st.floats(0.0, 1.0))
def test_a_quantile_is_the_number_of_its_rank(values: list[float], part: float) -> None:
    exact = float(np.sort(np.array(values) + 0.0)[max(ceil(part * len(values)), 1) - 1])  # NumPy sorts nan last
    np.testing.assert_equal(distribution(*values).quantile(part), exact)


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=60), st.floats(0.0, 1.0))
def test_without_nan_a_quantile_is_that_of_numpy(values: list[float], part: float) -> None:
    exact = np.quantile(np.array(values), part, method="inverted_cdf")
    assert distribution(*values).quantile(part) == exact  # NumPy's own loses the sign of a zero


@given(
    parts=st.lists(st.lists(ANY, min_size=1, max_size=20), min_size=1, max_size=5),
    order=st.randoms(use_true_random=False),
)
def test_parts_merged_in_any_order_are_the_whole(parts: list[list[float]], order: random.Random) -> None:
    whole = distribution(*(value for part in parts for value in part))
    first, found = 1, list[Distribution]()
    for part in parts:
        found.append(distribution(*part, first=first))
        first += len(part)
    order.shuffle(found)
    assert data(reduce(Distribution.merged, found)) == data(whole)


def test_looking_at_what_is_merged_so_far_changes_nothing() -> None:
    parts = [distribution(*values, first=first) for first, values in ((1, (3.0, nan)), (3, (2.0, 1.0)), (5, (-inf,)))]
    merged = parts[0].merged(parts[1])
    assert merged.quantile(0.5) == 2.0
    assert data(merged.merged(parts[2])) == data(distribution(3.0, nan, 2.0, 1.0, -inf))


@given(st.lists(ANY, min_size=1, max_size=40))
def test_it_survives_being_plain_data(values: list[float]) -> None:
    one = distribution(*values)
    assert data(Distribution.from_data(json.loads(data(one)))) == data(one)


def test_quantiles_and_bars_of_many_numbers_near_to_each_other_are_exact() -> None:
    values = 0.5 + np.random.default_rng(3).uniform(0.0, 1e-9, 20_000)  # nearer than a part in a hundred million
    parts = [Distribution.of(values[n : n + 5_000], range(n, n + 5_000)) for n in range(0, 20_000, 5_000)]
    one = reduce(Distribution.merged, parts)
    for part in (0.05, 0.5, 0.95):
        assert one.quantile(part) == np.sort(values)[ceil(part * 20_000) - 1]
    assert one.histogram(8).counts == np.histogram(values, 8)[0].tolist()


def test_a_million_runs_take_eight_megabytes() -> None:
    values = np.random.default_rng(1).uniform(0.5, 1.0, 1_000_000)
    halves = [Distribution.of(values[n::2], range(n, 1_000_000, 2)) for n in (0, 1)]
    one = Distribution.from_data(halves[0].to_data()).merged(Distribution.from_data(halves[1].to_data()))
    assert one.quantile(0.5) == np.quantile(values, 0.5, method="inverted_cdf")
    assert sum(part.nbytes for part in one._parts) == 8_000_000
    assert len(json.dumps(one.to_data())) < 10_700_000


@pytest.mark.parametrize(
    ("values", "lowest", "highest"),
    [
        ((0.3, 0.1, 0.2), Extreme(0.1, 2), Extreme(0.3, 1)),
        ((0.1, 0.1, 0.3, 0.3), Extreme(0.1, 1), Extreme(0.3, 3)),
        ((-inf, 0.5, inf), Extreme(0.5, 2), Extreme(inf, 3)),
        ((inf, 2.0, nan, nan), Extreme(2.0, 2), Extreme(nan, 3)),
        ((nan, inf), None, Extreme(nan, 1)),
        ((-0.0, 0.0), Extreme(0.0, 1), Extreme(0.0, 1)),
    ],
)
def test_the_ends_are_exact_and_of_the_lowest_seed_that_has_them(
    values: tuple[float, ...], lowest: Extreme | None, highest: Extreme
) -> None:
    one = distribution(*values)
    merged = reduce(Distribution.merged, [distribution(value, first=seed) for seed, value in enumerate(values, 1)])
    for found in (one, merged):
        np.testing.assert_equal((found.lowest, found.highest), (lowest, highest))


def test_a_histogram_has_a_logarithmic_axis_where_numbers_are_far_apart() -> None:
    found = distribution(*([0.001] * 3), 0.5, 1.1, 10.0, nan, inf).histogram(4)
    assert found.log
    assert found.counts == [3, 0, 1, 2]
    assert found.edges == pytest.approx([0.001, 0.01, 0.1, 1.0, 10.0], rel=1e-3)


def test_a_histogram_has_a_linear_axis_where_numbers_are_near_or_below_zero() -> None:
    for values in ((1.0, 1.5, 2.0), (-1.0, 0.0, 1.0)):
        found = distribution(*values, values[-1]).histogram(2)
        assert not found.log
        assert sum(found.counts) == 4 and found.counts[1] >= 2
        assert (found.edges[0], found.edges[-1]) == (values[0], values[-1])
        assert found.edges == pytest.approx(values, abs=2e-3)


def test_one_number_is_one_bar_and_none_that_is_finite_is_no_bar() -> None:
    assert distribution(0.25, 0.25).histogram(10).counts == [2]
    assert distribution(nan, inf).histogram(10).counts == []


@given(st.lists(ANY, min_size=1, max_size=60), st.integers(1, 50))
@example([1.0, float_info.max], 1)  # log10 rounds up, and 10 to the power of it is no double
def test_every_finite_number_is_in_one_bar(values: list[float], bars: int) -> None:
    found = distribution(*values).histogram(bars)
    assert sum(found.counts) == int(np.isfinite(values).sum())
    assert min(found.counts, default=0) >= 0
    assert len(found.counts) in (0, 1, bars)
