"""Where a training starts: what each kind of start draws, and that a seed says everything about it."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import ENGINES, make_engine
from bptui.core.formulas.network import NUMBERINGS
from bptui.core.problem.initialisation import Floats, is_random, make_initial_parameters
from bptui.core.problem.initialisation import make_initial_states as many_starts
from bptui.core.problem.seeding import seed_states
from bptui.core.problem.spec import Spec
from bptui.core.problem.starts import INITS
from bptui.core.problem.tables import Table
from bptui.core.training.run import Run
from tests.effort import examples
from tests.strategies import starts


def spec(init: Table, d: int = 8, q: int = 7, l: int = 5) -> Spec:  # noqa: E741
    network = {"inputs": [1.0] * d, "targets": [0.5] * l, "hidden": q, "init": init}
    return Spec.from_table({"network": network})


def matrices(init: Table, seeds: int = 200) -> tuple[Floats, Floats]:
    """Many draws of the 8·7 hidden and 7·5 output weights, a row for each seed."""
    rows = np.array([make_initial_parameters(spec({**init, "seed": seed})) for seed in range(seeds)])
    return rows[:, :56], rows[:, 56:]


def assert_moments(draws: Floats, mean: float, std: float) -> None:
    """Mean and standard deviation lie within five standard errors."""
    count = draws.size
    assert draws.mean() == pytest.approx(mean, abs=5 * std / sqrt(count))
    assert draws.std() == pytest.approx(std, rel=5 / sqrt(count))


def test_given_weights_and_biases_are_taken_as_they_are(default: Spec) -> None:
    start = make_initial_parameters(replace(default, biases_output=(0.3, -0.2)))
    assert list(start) == [*default.weights, 0.3, -0.2]
    assert start.dtype == np.float64


def test_zeros_and_constant() -> None:
    assert set(make_initial_parameters(spec({"kind": "zeros"}))) == {0.0}
    assert set(make_initial_parameters(spec({"kind": "constant", "value": -0.3}))) == {-0.3}


def test_uniform_fills_its_range_evenly() -> None:
    for draws in matrices({"kind": "uniform", "low": -0.5, "high": 1.5}):
        assert -0.5 <= draws.min() < -0.49
        assert 1.49 < draws.max() <= 1.5
        assert_moments(draws, 0.5, 2 / sqrt(12))


def test_normal_has_its_mean_and_deviation_and_tails() -> None:
    for draws in matrices({"kind": "normal", "mean": 0.25, "std": 0.5}):
        assert_moments(draws, 0.25, 0.5)
        assert np.mean(np.abs(draws - 0.25) > 1.0) == pytest.approx(0.0455, abs=0.012)


def test_xavier_uniform_is_bounded_by_sources_and_targets_of_its_layer() -> None:
    hidden, output = matrices({"kind": "xavier uniform"})
    for draws, bound in ((hidden, sqrt(6 / (8 + 7))), (output, sqrt(6 / (7 + 5)))):
        assert 0.99 * bound < np.abs(draws).max() <= bound
        assert_moments(draws, 0.0, bound / sqrt(3))


def test_he_normal_has_the_deviation_of_its_layers_sources() -> None:
    hidden, output = matrices({"kind": "he normal"})
    assert_moments(hidden, 0.0, sqrt(2 / 8))
    assert_moments(output, 0.0, sqrt(2 / 7))


@examples(60)
@given(starts())
def test_a_start_is_the_same_for_both_engines_and_every_time(init: Table) -> None:
    """Also where it overflows: the numbers may be infinite, but nothing is raised."""
    problem = spec(init, 2, 2, 1)
    both = [Run(make_engine(name, problem)).next_state for name in ENGINES]
    np.testing.assert_array_equal(both[0], both[1])
    np.testing.assert_array_equal(both[0], make_initial_parameters(problem))


def test_both_engines_round_one_start_each_to_its_precision() -> None:
    problem = replace(spec({"kind": "normal", "seed": 3}, 2, 2, 2), torch_precision="float32")
    ours, theirs = (Run(make_engine(name, problem)).next_state for name in ENGINES)
    assert (ours.dtype.name, theirs.dtype.name) == ("float64", "float32")
    np.testing.assert_array_equal(ours.astype(np.float32), theirs)


@pytest.mark.parametrize("kind", [k for k, of in INITS.items() if "seed" in of])
def test_another_seed_is_another_start(kind: str) -> None:
    one, other = (make_initial_parameters(spec({"kind": kind, "seed": seed})) for seed in (1, 2))
    assert not np.isin(one, other).any()


@pytest.mark.parametrize("kind", [k for k, of in INITS.items() if "seed" in of])
def test_the_numbering_does_not_move_a_random_weight(kind: str) -> None:
    """A connection starts at the same weight whatever its number."""
    found = []
    for numbering in ("by source", "by destination"):
        problem = replace(spec({"kind": kind}, 3, 2, 4), numbering=numbering)
        weights = zip(problem.network.weights, make_initial_parameters(problem), strict=True)
        found.append({(w.source, w.target): value for w, value in weights})
    assert found[0] == found[1]


def test_biases_are_given_and_never_drawn() -> None:
    problem = replace(spec({"kind": "normal"}, 2, 2, 2), biases_hidden=(0.1, 0.2), biases_output=(0.3, 0.4))
    assert list(make_initial_parameters(problem)[-4:]) == [0.1, 0.2, 0.3, 0.4]


def test_a_uniform_range_as_wide_as_there_is_stays_finite() -> None:
    start = make_initial_parameters(spec({"kind": "uniform", "low": -1.7e308, "high": 1.7e308}))
    assert np.isfinite(start).all()
    assert start.min() < -1e308 < 1e308 < start.max()


@examples(60)
@given(starts(), st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=6), st.sampled_from(NUMBERINGS))
def test_starts_of_many_seeds_are_each_that_of_its_seed_to_the_last_bit(
    init: Table, seeds: list[int], numbering: str
) -> None:
    problem = replace(spec(init, 2, 3, 2), biases_output=(0.5, -0.25), numbering=numbering)
    for values, seed in zip(many_starts(problem, seeds).T, seeds, strict=True):
        np.testing.assert_array_equal(values, make_initial_parameters(replace(problem, seed=seed)))


def test_given_weights_are_the_start_of_every_seed(default: Spec) -> None:
    problem = replace(default, biases_output=(0.3, -0.2))
    assert (make_initial_parameters(problem) == many_starts(problem, range(4)).T).all()


def test_seeds_at_the_ends_of_their_range_give_numpys_own_generator() -> None:
    seeds = [0, 1, 2**31, 2**32 - 1]
    for seed, (state, increment) in zip(seeds, seed_states(seeds), strict=True):
        known = np.random.default_rng(seed).bit_generator.state["state"]
        assert known == {"state": state, "inc": increment}


@pytest.mark.parametrize(("kind", "random"), [("zeros", False), ("constant", False), ("uniform", True)])
def test_what_depends_on_the_seed_is_random(kind: str, random: bool, default: Spec) -> None:
    assert is_random(spec({"kind": kind})) == random
    assert not is_random(default)
