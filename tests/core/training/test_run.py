"""A run: every round kept, every round recomputed as it was, and where the numbers left what is finite."""

import tracemalloc
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import ENGINES, make_engine
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from tests.effort import examples
from tests.strategies import problems


def diverging(default: Spec) -> Spec:
    """Identity neurons and a step far too large: the weights leave float64's range in some rounds."""
    return replace(default, activation_hidden="identity", activation_output="identity", step=50.0)


@examples(40)
@given(problems(), st.sampled_from(tuple(ENGINES)), st.integers(1, 150), st.data())
def test_any_round_recomputed_is_what_a_straight_calculation_gives(
    spec: Spec, name: str, last: int, data: st.DataObject
) -> None:
    """Whatever rounds were reached in between, and looked at in any order."""
    engine = make_engine(name, spec)
    run = Run(engine)
    for stop in [*sorted(data.draw(st.lists(st.integers(1, last), max_size=3))), last]:
        assert run.train_to(stop)
    assert run.rounds == last
    for round_ in data.draw(st.lists(st.integers(1, last), min_size=1, max_size=3)):
        now = make_initial_parameters(spec).astype(engine.dtype)
        if round_ > 1:
            now = engine.advance(now, round_ - 1, 1)[1]
        expected = engine.evaluate(now, 1)
        np.testing.assert_array_equal(run.parameters(round_), now)
        np.testing.assert_array_equal(run.loss(round_), expected["E"])
        found = run.values(round_)
        assert list(found) == list(expected)
        np.testing.assert_array_equal(list(found.values()), list(expected.values()))


def test_a_round_starts_from_the_parameters_the_one_before_it_ended_with(default: Spec) -> None:
    run = Run(make_engine("numpy", default))
    run.train_to(70)
    for round_ in (1, 63, 64, 65, 69):
        ended = [run.values(round_)[f"new_w{n}"] for n in range(1, 9)]
        assert list(run.parameters(round_ + 1)) == ended
    assert list(run.next_state) == [run.values(70)[f"new_w{n}"] for n in range(1, 9)]


def test_without_time_a_run_stops_early_and_goes_on_from_there(default: Spec) -> None:
    run, straight = (Run(make_engine("numpy", default)) for _ in range(2))
    assert not run.train_to(1_000_000, seconds=0.0)
    assert 1 <= run.rounds < 1000
    while not run.train_to(1000, seconds=0.0):
        continue
    straight.train_to(1000)
    np.testing.assert_array_equal(run.parameters(1000), straight.parameters(1000))


def test_a_round_that_is_there_is_reached_at_once(default: Spec) -> None:
    run = Run(make_engine("numpy", default))
    run.train_to(10)
    assert run.train_to(3, seconds=0.0)
    assert run.rounds == 10


@pytest.mark.parametrize("round_", [-1, 0, 11])
def test_a_round_that_is_not_computed_is_refused(default: Spec, round_: int) -> None:
    run = Run(make_engine("numpy", default))
    run.train_to(10)
    for look in (run.parameters, run.loss, run.values):
        with pytest.raises(IndexError, match=f"round {round_} is not computed"):
            look(round_)


def test_a_run_can_start_from_parameters_of_ones_own(default: Spec) -> None:
    run = Run(make_engine("torch", replace(default, precision="float32")), np.arange(8.0))
    run.train_to(1)
    assert run.parameters(1).dtype == np.float32
    assert list(run.parameters(1)) == [0, 1, 2, 3, 4, 5, 6, 7]


@examples(25)
@given(st.lists(st.integers(1, 9000), min_size=1, max_size=4))
def test_rounds_appended_in_any_portions_come_back_as_they_were(portions: list[int]) -> None:
    """Also where a portion ends within, at, or several blocks behind the end of a block."""
    spec = Spec.from_table({"network": {"inputs": [1.0], "targets": [1.0], "hidden": 1, "weights": [1.0, 1.0]}})
    run, whole = Run(make_engine("numpy", spec)), sum(portions)
    rows = np.arange(3.0 * whole).reshape(whole, 3)
    for part in np.split(rows, np.cumsum(portions)[:-1]):
        run.append(part, part[-1, 1:] + 3.0)
    assert run.rounds == whole
    for round_ in {1, whole, *np.cumsum(portions), min(4096, whole), min(4097, whole), min(8193, whole)}:
        assert run.loss(int(round_)) == 3.0 * (round_ - 1)
        np.testing.assert_array_equal(run.parameters(int(round_)), rows[round_ - 1, 1:])
    np.testing.assert_array_equal(run.next_state, rows[-1, 1:] + 3.0)


@examples(100)
@given(st.data())
def test_stretches_cover_all_rounds_and_have_their_highest_finite_losses(data: st.DataObject) -> None:
    """Over block boundaries too, with rounds after the last one, and in a run that has grown since it was drawn."""
    whole = data.draw(st.sampled_from([1, 50, 4096, 4097, 9000, 20_000]))
    seed = data.draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    losses = rng.choice([0.5, 3.0, 7.5, -2.0, np.nan, np.inf, -np.inf], whole)
    losses[: data.draw(st.integers(0, whole))] = np.nan
    losses[rng.integers(whole, size=3)] = [8.0, 9.0, 10.0]
    spec = Spec.from_table({"network": {"inputs": [1.0], "targets": [1.0], "hidden": 1, "weights": [1.0, 1.0]}})
    run = Run(make_engine("numpy", spec))
    for rows in np.array_split(np.column_stack([losses, np.zeros((whole, 2))]), data.draw(st.integers(1, 3))):
        if not len(rows):
            continue
        run.append(rows, np.zeros(2))
        last, most = data.draw(st.integers(1, run.rounds)), data.draw(st.integers(1, 200))
        edges, highest = run.bins(last, most)
        lengths = np.diff(edges)
        assert (edges[0], edges[-1]) == (1, last + 1) and 1 <= len(lengths) <= min(last, most) and min(lengths) > 0
        assert all(
            length == 1 or np.log(high / low) <= 1.3 * np.log(last) / most + 1.5 / low
            for low, high, length in zip(edges, edges[1:], lengths, strict=False)
        )
        expected = [
            max((loss for loss in losses[low - 1 : high - 1] if np.isfinite(loss)), default=np.nan)
            for low, high in pairwise(edges)
        ]
        np.testing.assert_array_equal(highest, expected)
        finite = [(loss, round_) for round_, loss in enumerate(losses[:last], 1) if np.isfinite(loss)]
        assert run.least(last) == (min(finite)[::-1] if finite else None)


@given(st.lists(st.sampled_from([0.5, 3.0, np.nan, np.inf, -2.0]), min_size=1, max_size=40), st.data())
def test_means_of_passes_over_the_samples_go_by_their_rounds(losses: list[float], data: st.DataObject) -> None:
    table = {"inputs": [[1.0], [2.0], [3.0]], "targets": [[1.0]] * 3, "hidden": 1, "weights": [1.0, 1.0]}
    run = Run(make_engine("numpy", Spec.from_table({"network": table, "training": {"batch": 1}})))
    cut = data.draw(st.integers(0, len(losses)))
    for part in (losses[:cut], losses[cut:]):
        run.append(np.column_stack([part, np.zeros((len(part), 2))]), np.zeros(2))
    with np.errstate(invalid="ignore"):
        means = [float(np.mean(losses[at : at + 3])) for at in range(0, len(losses) - 2, 3)]
    for round_ in range(1, len(losses) + 1):
        number = min((round_ + 2) // 3, len(means))
        found = run.pass_mean(round_, len(losses))
        assert found == (pytest.approx((number, means[number - 1]), nan_ok=True) if number else None)
    finite = [(mean, number) for number, mean in enumerate(means, 1) if np.isfinite(mean)]
    assert run.least_mean(len(losses)) == (pytest.approx(min(finite)[::-1]) if finite else None)
    edges, _ = run.bins(len(losses), data.draw(st.integers(1, 20)))
    for (low, high), drawn in zip(pairwise(edges), run.bin_means(edges), strict=True):
        ended = [mean for number, mean in enumerate(means, 1) if low <= 3 * number < high and np.isfinite(mean)]
        assert (drawn is None) == (high <= 3)
        assert not ended or drawn == pytest.approx(max(ended))


@pytest.mark.parametrize("name", ENGINES)
def test_the_round_in_which_a_run_left_the_finite_numbers_is_known(default: Spec, name: str) -> None:
    """It is the first whose loss or starting parameters are not finite, however many are computed at once."""
    spec = diverging(default)
    engine, now, first = make_engine(name, spec), make_initial_parameters(spec), 1
    while np.isfinite([engine.evaluate(now, 1)["E"], *now]).all():
        now = engine.advance(now, 1, 1)[1]
        first += 1
    assert first > 3
    at_once, one_by_one = Run(engine), Run(engine)
    at_once.train_to(first + 100)
    for round_ in range(1, first + 3):
        one_by_one.train_to(round_)
        assert one_by_one.left_finite == (first if round_ >= first else None)
    assert at_once.left_finite == first


def test_float32_overflows_earlier_than_float64(default: Spec) -> None:
    runs = [Run(make_engine("numpy", replace(diverging(default), precision=p))) for p in ("float32", "float64")]
    for run in runs:
        run.train_to(50)
    single, double = (run.left_finite for run in runs)
    assert single is not None
    assert double is not None
    assert 1 < single < double


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize(("precision", "left"), [("float64", None), ("float32", 1)])
def test_weights_of_1e308_are_a_run_like_any_other(default: Spec, name: str, precision: str, left: int | None) -> None:
    """Nothing is raised or warned of: in float64 the neurons saturate, in float32 the weights are infinite."""
    weights = tuple(1e308 * np.sign(default.weights))
    spec = replace(default, activation_hidden="torch.sigmoid", activation_output="torch.sigmoid")
    run = Run(make_engine(name, replace(spec, weights=weights, precision=precision)))
    run.train_to(5)
    assert run.left_finite == left
    assert run.values(1)["h1"] == 1.0


def test_a_run_that_stays_finite_says_nothing(default: Spec) -> None:
    run = Run(make_engine("numpy", default))
    run.train_to(2000)
    assert run.left_finite is None


def test_a_round_of_2_2_2_costs_at_most_100_bytes(default: Spec) -> None:
    """Measured over 200,000 rounds, everything that is kept included."""
    run = Run(make_engine("numpy", default))
    rows, after = run.engine.advance(run.next_state, 1000, 1)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(200):
        run.append(rows, after)
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert run.rounds == 200_000
    assert 72 <= used / run.rounds <= 100
