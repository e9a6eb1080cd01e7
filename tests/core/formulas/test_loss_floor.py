"""The loss floor against brute force: a grid over everything the outputs can be, drawn ever finer."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import exp, inf, log

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.loss_floor import Range
from bptui.core.formulas.losses import LOSSES
from bptui.core.problem.spec import Spec
from tests.effort import examples
from tests.tables import over

Array = NDArray[np.float64]
NEAR, FAR = 40.0, 400.0  # how far the grid follows an output that has no end


def _cross_entropy(o: Array, y: Array) -> Array:
    top = o.max(axis=-1, keepdims=True)
    whole = np.log(np.exp(o - top).sum(axis=-1)) + top[..., 0]
    return np.asarray(y.sum() * whole - o @ y)


def _binary_cross_entropy(o: Array, y: Array) -> Array:
    inside = np.where((o > 0) & (o < 1), o, np.nan)
    return np.asarray(-(y * np.log(inside) + (1 - y) * np.log(1 - inside)).sum(axis=-1))


def _categorical_cross_entropy(o: Array, y: Array) -> Array:
    return np.asarray(-np.where(y == 0.0, 0.0, y * np.log(np.where(o > 0, o, np.nan))).sum(axis=-1))


LOSS: dict[str, Callable[[Array, Array], Array]] = {
    "half squared error": lambda o, y: np.asarray(0.5 * ((o - y) ** 2).sum(axis=-1)),
    "squared error": lambda o, y: np.asarray(((o - y) ** 2).sum(axis=-1)),
    "half mean squared error": lambda o, y: np.asarray(0.5 * ((o - y) ** 2).mean(axis=-1)),
    "mean squared error": lambda o, y: np.asarray(((o - y) ** 2).mean(axis=-1)),
    "cross entropy": _cross_entropy,
    "binary cross entropy": _binary_cross_entropy,
    "categorical cross entropy": _categorical_cross_entropy,
}


def lowest(loss: str, targets: Sequence[float], ranges: Sequence[Range], reach: float) -> float:
    """The lowest loss on grids over the ranges, cut at ``reach``: each about the best point so far.

    An axis is drawn finer once the best point lies well inside it, so the grids can follow a narrow valley.
    """
    low = np.array([max(least, -reach) for least, _ in ranges])
    high = np.array([min(most, reach) for _, most in ranges])
    if loss == "binary cross entropy":  # defined between 0 and 1, without the ends
        low, high = np.maximum(low, 1e-200), np.minimum(high, 1 - 1e-16)
    if loss == "categorical cross entropy":  # defined above 0
        low = np.maximum(low, 1e-200)
    center, half, best = (low + high) / 2, (high - low) / 2, inf
    for _ in range(100):
        ends = zip(np.maximum(low, center - half), np.minimum(high, center + half), strict=True)
        points = np.stack(np.meshgrid(*[np.linspace(a, b, 7) for a, b in ends]), axis=-1).reshape(-1, len(low))
        losses = LOSS[loss](points, np.array(targets))
        place = int(np.nanargmin(losses))
        inside = np.abs(points[place] - center) <= half / 2
        if losses[place] < best - 1e-13:
            center, best = points[place], float(losses[place])
        else:
            inside[:] = True
        half = np.where(inside, half * 0.6, half)
    return best


_tenths = st.integers(-10, 20).map(lambda n: n / 10)
_outputs = st.lists(st.tuples(_tenths, st.sampled_from(sorted({a.range for a in ACTIVATIONS.values()}))), max_size=3)


@pytest.mark.parametrize("loss", LOSSES)
@examples(50)
@given(outputs=_outputs.filter(bool))
@example(outputs=[(0.5, (0.0, inf)), (0.5, (0.0, inf)), (0.0, (0.0, inf))])
def test_the_floor_is_what_brute_force_finds(loss: str, outputs: list[tuple[float, Range]]) -> None:
    """For targets of any sign and sum; where the loss still falls far out, there is no floor."""
    targets, ranges = [y for y, _ in outputs], [r for _, r in outputs]
    found = LOSSES[loss].floor(targets, ranges)
    near = lowest(loss, targets, ranges, NEAR)
    no_floor = lowest(loss, targets, ranges, FAR) < near - 1.0
    if loss == "binary cross entropy":  # it falls for ever only towards 0 or 1, by a logarithm
        no_floor = near < -1.0
    if loss == "categorical cross entropy":  # likewise, towards 0 or without end
        no_floor = any(
            (y < 0 and low <= 0) or (y > 0 and high == inf) for y, (low, high) in zip(targets, ranges, strict=True)
        )
    assert found == (-inf if no_floor else pytest.approx(near, abs=1e-6))


@pytest.mark.parametrize(
    ("loss", "activation", "targets", "expected"),
    [
        ("half squared error", "sigmoid", (0.23, -0.07), 0.07**2 / 2),
        ("squared error", "sigmoid", (0.23, -0.07), 0.07**2),
        ("mean squared error", "sigmoid", (0.23, -0.07), 0.07**2 / 2),
        ("half squared error", "identity", (0.23, -0.07), 0.0),
        ("half squared error", "relu", (3.0, -2.0), 2.0),
        ("half squared error", "tanh", (3.0, -2.0), 2.5),
        ("cross entropy", "sigmoid", (0.23, -0.07), 0.16 * log(1 + exp(1)) - 0.23),
        ("cross entropy", "relu", (0.23, -0.07), -inf),
        ("cross entropy", "identity", (0.5, 0.5), log(2)),
        ("cross entropy", "identity", (0.0, 1.0), 0.0),
        ("cross entropy", "identity", (0.5, -0.1), -inf),
        ("binary cross entropy", "sigmoid", (0.0, 1.0), 0.0),
        ("binary cross entropy", "sigmoid", (0.5, 0.5), 2 * log(2)),
        ("binary cross entropy", "sigmoid", (0.23, -0.07), -inf),
        ("binary cross entropy", "sigmoid", (1.5, 0.5), -inf),
    ],
)
def test_known_floors(default: Spec, loss: str, activation: str, targets: tuple[float, ...], expected: float) -> None:
    spec = replace(default, loss=loss, activation_output=activation, targets=(targets,))
    assert spec.floor == pytest.approx(expected, abs=1e-12)


def test_the_cross_entropy_floor_of_the_default_targets(default: Spec) -> None:
    assert replace(default, loss="cross entropy").floor == pytest.approx(-0.0198781, abs=1e-7)


def test_each_output_counts_with_its_own_activation(default: Spec) -> None:
    """With an identity for o2 the target -0.07 can be met."""
    assert replace(default, activation_neurons=(("o2", "identity"),)).floor == 0.0


def test_targets_that_cancel_leave_a_floor(default: Spec) -> None:
    """The rounding of a sum of targets is not taken for a slope: two sigmoid targets that cancel are no way down."""
    ranges = {"relu": (0.0, inf), "sigmoid": (0.0, 1.0)}
    outputs = [(0.3, "sigmoid"), (0.2, "relu"), (-0.3, "sigmoid"), (0.1, "relu")]
    for turn in range(4):
        turned = outputs[turn:] + outputs[:turn]
        targets, kinds = [y for y, _ in turned], [ranges[kind] for _, kind in turned]
        assert LOSSES["cross entropy"].floor(targets, kinds) == pytest.approx(
            lowest("cross entropy", targets, kinds, NEAR), abs=1e-6
        )


def lowest_of_parts(loss: str, targets: Sequence[float]) -> float:
    """The lowest loss that is found among outputs that sum to 1: corners, random ones, then ever nearer to the best."""
    rng, y, n = np.random.default_rng(1), np.array(targets), len(targets)
    points = np.vstack([np.eye(n), *(rng.dirichlet(np.full(n, spread), 400) for spread in (0.1, 1.0, 10.0))])
    for reach in np.repeat(10.0 ** -np.arange(0.5, 6.0, 0.5), 6):
        points = (points + 1e-9) / (points + 1e-9).sum(axis=1, keepdims=True)  # a logarithm of 0 is none
        with np.errstate(all="ignore"):
            losses = LOSS[loss](points, y)
        best = points[int(np.nanargmin(losses))]
        near = np.abs(best + rng.normal(0, reach, (400, n)) * (rng.random((400, n)) < 0.5))
        points = np.vstack([best, near / near.sum(axis=1, keepdims=True)])
    return float(np.nanmin(losses))


@pytest.mark.parametrize("loss", LOSSES)
@examples(20)
@given(targets=st.lists(_tenths, min_size=2, max_size=4))
@example(targets=[1.0, 0.0, 0.0])
@example(targets=[0.2, 0.7, 0.1])
@example(targets=[2.0, 2.0])
def test_the_floor_of_parts_of_1_is_what_a_search_among_them_finds(loss: str, targets: list[float]) -> None:
    """For targets of any sign and sum; of binary cross entropy with targets above 1 it is a bound, and called one."""
    found = LOSSES[loss].floor_of_parts(targets)  # type: ignore[misc]
    near = lowest_of_parts(loss, targets)
    if found == -inf:
        assert min(targets) < 0.0 or max(targets) > 1.0
    elif loss == "binary cross entropy" and max(targets) > 1.0:
        assert found == 0.0 and near > -1e-6
    else:
        assert found == pytest.approx(near, abs=2e-4) and found <= near + 1e-7


def test_where_softmax_outputs_have_no_exact_floor_it_is_called_a_bound(default: Spec) -> None:
    spec = replace(default, activation_output="softmax", loss="binary cross entropy", targets=((0.4, 0.6),))
    assert not spec.floor_is_bound and spec.floor == pytest.approx(-0.8 * log(0.4) - 1.2 * log(0.6))
    assert replace(spec, targets=((1.5, 1.5),)).floor_is_bound
    assert replace(spec, inputs=spec.inputs * 2, targets=spec.targets * 2).floor_is_bound


@over(
    targets=[(1e308, 1e308), (-1e200, 1e200), (1e-320, 1e10), (5e-324, 0.0)],
    activation=["sigmoid", "identity", "softmax"],
    loss=LOSSES,
)
def test_extreme_targets_have_a_floor_too(
    default: Spec, loss: str, activation: str, targets: tuple[float, float]
) -> None:
    """Every problem that is accepted can be shown: nothing is raised, and the floor is no nan."""
    floor = replace(default, loss=loss, activation_output=activation, targets=(targets,)).floor
    assert not np.isnan(floor)
