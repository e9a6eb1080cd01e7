"""Numbers counted: quantiles within their promise, exact ends, and the same whatever was merged first."""

import json
import random
from functools import reduce
from math import ceil, inf, isnan, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.sweep.distribution import EXACT, One, Spread

ANY = st.floats(allow_nan=True, allow_infinity=True)


def spread(*values: float, first: int = 1) -> Spread:
    return Spread.of(np.array(values), range(first, first + len(values)))


def data(one: Spread) -> str:
    return json.dumps(one.to_data())


@given(st.lists(ANY, min_size=1, max_size=60), st.floats(0.0, 1.0))
def test_a_quantile_is_the_number_of_its_rank_to_a_tenth_of_a_percent(values: list[float], part: float) -> None:
    exact = float(np.sort(np.array(values))[max(ceil(part * len(values)), 1) - 1])  # NumPy sorts nan last
    found = spread(*values).quantile(part)
    if isnan(exact) or exact in (inf, -inf):
        np.testing.assert_equal(found, exact)
    else:
        assert abs(found - exact) <= max(0.001 * abs(exact), 3e-311)


PARTS = st.lists(st.lists(ANY, min_size=1, max_size=20), min_size=1, max_size=5)


@pytest.mark.parametrize("exact", [EXACT, 6], ids=["few numbers", "more than are kept each"])
@given(parts=PARTS, order=st.randoms(use_true_random=False))
def test_parts_merged_in_any_order_are_the_whole(exact: int, parts: list[list[float]], order: random.Random) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bptui.sweep.distribution.EXACT", exact)
        whole = spread(*(value for part in parts for value in part))
        first, found = 1, list[Spread]()
        for part in parts:
            found.append(spread(*part, first=first))
            first += len(part)
        order.shuffle(found)
        assert data(reduce(Spread.merged, found)) == data(whole)


@given(st.lists(ANY, min_size=1, max_size=40))
def test_it_survives_being_plain_data(values: list[float]) -> None:
    one = spread(*values)
    assert data(Spread.from_data(json.loads(data(one)))) == data(one)


def test_quantiles_and_bars_of_not_too_many_numbers_are_exact() -> None:
    values = 0.5 + np.random.default_rng(3).uniform(0.0, 1e-9, EXACT)  # nearer to each other than any rounding
    one = Spread.of(values, range(EXACT))
    for part in (0.05, 0.5, 0.95):
        assert one.quantile(part) == np.sort(values)[ceil(part * EXACT) - 1]
    assert one.histogram(8).counts == np.histogram(values, 8)[0].tolist()
    more = Spread.of(np.linspace(0.5, 1.0, EXACT + 1), range(EXACT + 1))
    assert more.dropped and more.quantile(0.5) == pytest.approx(0.75, rel=1e-3)


def test_all_equal_numbers_have_exact_quantiles() -> None:
    assert {spread(0.1, 0.1, 0.1).quantile(part) for part in (0.0, 0.05, 0.5, 1.0)} == {0.1}


@pytest.mark.parametrize(
    ("values", "lowest", "highest"),
    [
        ((0.3, 0.1, 0.2), One(0.1, 2), One(0.3, 1)),
        ((0.1, 0.1, 0.3, 0.3), One(0.1, 1), One(0.3, 3)),
        ((-inf, 0.5, inf), One(0.5, 2), One(inf, 3)),
        ((inf, 2.0, nan, nan), One(2.0, 2), One(nan, 3)),
        ((nan, inf), None, One(nan, 1)),
        ((-0.0, 0.0), One(0.0, 1), One(0.0, 1)),
    ],
)
def test_the_ends_are_exact_and_of_the_lowest_seed_that_has_them(
    values: tuple[float, ...], lowest: One | None, highest: One
) -> None:
    one = spread(*values)
    merged = reduce(Spread.merged, [spread(value, first=seed) for seed, value in enumerate(values, 1)])
    for found in (one, merged):
        np.testing.assert_equal((found.lowest, found.highest), (lowest, highest))


def test_a_histogram_has_a_logarithmic_axis_where_numbers_are_far_apart() -> None:
    found = spread(*([0.001] * 3), 0.5, 1.1, 10.0, nan, inf).histogram(4)
    assert found.log
    assert found.counts == [3, 0, 1, 2]
    assert found.edges == pytest.approx([0.001, 0.01, 0.1, 1.0, 10.0], rel=1e-3)


def test_a_histogram_has_a_linear_axis_where_numbers_are_near_or_below_zero() -> None:
    for values in ((1.0, 1.5, 2.0), (-1.0, 0.0, 1.0)):
        found = spread(*values, values[-1]).histogram(2)
        assert not found.log
        assert sum(found.counts) == 4 and found.counts[1] >= 2
        assert (found.edges[0], found.edges[-1]) == (values[0], values[-1])
        assert found.edges == pytest.approx(values, abs=2e-3)


def test_one_number_is_one_bar_and_none_that_is_finite_is_no_bar() -> None:
    assert spread(0.25, 0.25).histogram(10).counts == [2]
    assert spread(nan, inf).histogram(10).counts == []


@given(st.lists(ANY, min_size=1, max_size=60), st.integers(1, 50))
def test_every_finite_number_is_in_one_bar(values: list[float], bars: int) -> None:
    found = spread(*values).histogram(bars)
    assert sum(found.counts) == int(np.isfinite(values).sum())
    assert min(found.counts, default=0) >= 0
    assert len(found.counts) in (0, 1, bars)


def test_a_histogram_finer_than_the_places_has_no_gaps_of_its_own() -> None:
    values = np.random.default_rng(2).uniform(1.0, 1.01, 20_000)
    counts = Spread.of(values, range(20_000)).histogram(48).counts
    assert min(counts) > 0.7 * max(counts)  # by chance 417 ± 20 in each


def test_a_million_numbers_are_no_larger_than_their_places() -> None:
    values = np.random.default_rng(1).uniform(0.5, 1.0, 1_000_000)
    one = Spread.of(values, range(1_000_000))
    assert len(one.places) <= EXACT
    assert one.counts.sum() == 1_000_000
    assert one.quantile(0.5) == pytest.approx(np.median(values), rel=1e-3)
