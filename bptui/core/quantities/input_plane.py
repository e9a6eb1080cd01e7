"""The outputs of a network with two inputs over the plane of its inputs, by the formulas of its forward pass.

The state is the one that a round starts from, so at a sample each number is the round's own, to the last bit. In arrays
over the plane row 0 is the highest x2 and column 0 the lowest x1, as in a picture.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import floor, isclose, isfinite, log10
from typing import Any, NamedTuple

import numpy as np

from bptui.core.engines.engine import Floats
from bptui.core.engines.program import compile_line, run_line
from bptui.core.formulas.backprop import Formula, list_forward
from bptui.core.formulas.expr import find_names
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import softmax
from bptui.core.formulas.network import Network
from bptui.core.formulas.rules.derivatives import has_joint_outputs
from bptui.core.problem.spec import Spec

_MARGIN = 0.25  # of the span of the samples, on each side
_LEAST_UNIT = 1e-290  # below, the ends of the plane are not rounded


class InputPlane(NamedTuple):
    """A part of the plane of two inputs: the ends of x1, left and right, and those of x2, bottom and top."""

    left: float
    right: float
    bottom: float
    top: float

    def make_grid(self, columns: int, rows: int) -> tuple[Floats, Floats]:
        """Return x1 and x2 at the centres of equal cells, float64 arrays of shape (rows, columns)."""
        across = (np.arange(columns) + 0.5) / columns
        up = 1.0 - (np.arange(rows) + 0.5) / rows
        x1 = self.left * (1.0 - across) + self.right * across  # the difference of the ends may overflow
        x2 = self.bottom * (1.0 - up) + self.top * up
        return np.broadcast_to(x1, (rows, columns)), np.broadcast_to(x2[:, None], (rows, columns))

    def find_cell(self, inputs: Sequence[float], columns: int, rows: int) -> tuple[int, int]:
        """Return the column and the row of the cell that a point lies in, from its x1 and x2."""
        x1, x2 = inputs
        across, up = _find_share(x1, self.left, self.right), _find_share(x2, self.bottom, self.top)
        return min(int(across * columns), columns - 1), min(int((1.0 - up) * rows), rows - 1)


class TargetPair(NamedTuple):
    """The two values that an output's targets take; the boundary between its two sides is half way."""

    low: float
    high: float

    @property
    def boundary(self) -> float:
        """The level half way between them."""
        return self.low / 2.0 + self.high / 2.0


def find_plane(spec: Spec) -> InputPlane:
    """Return a part of the plane that holds all samples, with a margin.

    Where all samples have the same x1, or the same x2, that axis also holds 0 and 1.

    Raises:
        ValueError: If the problem has not exactly two inputs.
    """
    x1, x2 = zip(*spec.inputs, strict=True)
    return InputPlane(*_find_ends(x1), *_find_ends(x2))


def list_compared(network: Network) -> tuple[str, ...]:
    """Return for each output the quantity that the loss compares with its target: the output, or its softmax."""
    parts = LOSSES[network.loss].parts(network.one_sample)
    return tuple(softmax(output) if softmax(output) in parts else output for output in network.outputs)


def find_target_pairs(spec: Spec) -> tuple[TargetPair | None, ...]:
    """Return for each output the two values of its targets; None if they are not exactly two.

    Of a softmax, whose values add up to 1, they are also None unless the targets of every sample do.
    """
    compared, outputs = list_compared(spec.network), spec.network.outputs
    is_softmax = compared != outputs or has_joint_outputs(spec.network)
    shares = is_softmax and not all(isclose(sum(targets), 1.0) for targets in spec.targets)
    found = [sorted(set(targets)) for targets in zip(*spec.targets, strict=True)]
    return tuple(TargetPair(*values) if len(values) == 2 and not shares else None for values in found)


def evaluate_outputs(spec: Spec, state: Floats, x1: Any, x2: Any) -> dict[str, Floats]:
    """Compute what the loss compares with the targets at some points of the plane.

    Args:
        spec: The problem, with two inputs.
        state: The state that a round starts from, of shape (state,).
        x1: The first input at each point, an array; converted to the state's precision.
        x2: The second, of the same shape.

    Returns:
        The quantities of ``list_compared`` by name: arrays of the same shape, in the state's precision. Overflow gives
        inf or nan, never a warning.
    """
    network, values = spec.network.one_sample, dict[str, Any]()
    with np.errstate(all="ignore"):
        inputs = [np.asarray(x).astype(state.dtype) for x in (x1, x2)]
        values.update(zip(network.state, state, strict=True))
        values.update(zip(network.inputs, inputs, strict=True))
        for line in _list_needed(network):
            values[line.name] = run_line(compile_line(line.expr), values)
    return {name: np.broadcast_to(values[name], inputs[0].shape) for name in list_compared(network)}


def evaluate_at_samples(spec: Spec, state: Floats) -> dict[str, Floats]:
    """Compute the same at every sample: arrays of shape (samples,); see ``evaluate_outputs``."""
    return evaluate_outputs(spec, state, *np.array(spec.inputs).T)


@lru_cache(maxsize=64)
def _list_needed(network: Network) -> tuple[Formula, ...]:
    """Return the formulas that calculate what is compared with the targets, in their order."""
    wanted, found = set(list_compared(network)), list[Formula]()
    for line in reversed(list_forward(network)):
        if line.name in wanted:
            found.append(line)
            wanted.update(find_names(line.expr))
    return tuple(reversed(found))


def _find_ends(values: Iterable[float]) -> tuple[float, float]:
    """Return the ends of an axis that holds some values, rounded outwards so that they are short to write."""
    known = sorted(values)
    low, high = known[0], known[-1]
    if low == high:
        low, high = min(low, 0.0), max(high, 1.0)
    span = high - low
    wide_low, wide_high = low - _MARGIN * span, high + _MARGIN * span
    if not isfinite(wide_high - wide_low):
        return low, high
    exponent = floor(log10(span)) - 1
    unit = 10.0**exponent
    if unit < _LEAST_UNIT:
        return wide_low, wide_high
    return round(floor(wide_low / unit) * unit, -exponent), round(-floor(-wide_high / unit) * unit, -exponent)


def _find_share(value: float, low: float, high: float) -> float:
    """Return how far a value is from the low end to the high one, from 0 to 1; halved, as a difference may overflow."""
    room = high / 2.0 - low / 2.0
    return min(max((value / 2.0 - low / 2.0) / room, 0.0), 1.0) if room else 0.5  # of numbers that cannot be halved
