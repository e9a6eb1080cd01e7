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


LOSS: dict[str, Callable[[Array, Array], Array]] = {
    "half squared error": lambda o, y: np.asarray(0.5 * ((o - y) ** 2).sum(axis=-1)),
    "squared error": lambda o, y: np.asarray(((o - y) ** 2).sum(axis=-1)),
    "half mean squared error": lambda o, y: np.asarray(0.5 * ((o - y) ** 2).mean(axis=-1)),
    "mean squared error": lambda o, y: np.asarray(((o - y) ** 2).mean(axis=-1)),
    "cross entropy": _cross_entropy,
    "binary cross entropy": _binary_cross_entropy,
}


def lowest(loss: str, targets: Sequence[float], ranges: Sequence[Range], reach: float) -> float:
    """The lowest loss on grids over the ranges, cut at ``reach``: each about the best point so far.

    An axis is drawn finer once the best point lies well inside it, so the grids can follow a narrow valley.
    """
    low = np.array([max(least, -reach) for least, _ in ranges])
    high = np.array([min(most, reach) for _, most in ranges])
    if loss == "binary cross entropy":  # defined between 0 and 1, without the ends
        low, high = np.maximum(low, 1e-200), np.minimum(high, 1 - 1e-16)
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


@over(
    targets=[(1e308, 1e308), (-1e200, 1e200), (1e-320, 1e10), (5e-324, 0.0)],
    activation=["sigmoid", "identity"],
    loss=LOSSES,
)
def test_extreme_targets_have_a_floor_too(
    default: Spec, loss: str, activation: str, targets: tuple[float, float]
) -> None:
    """Every problem that is accepted can be shown: nothing is raised, and the floor is no nan."""
    floor = replace(default, loss=loss, activation_output=activation, targets=(targets,)).floor
    assert not np.isnan(floor)
