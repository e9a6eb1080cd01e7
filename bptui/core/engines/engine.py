"""The interface of the engines, which compute rounds, and the NumPy engine; torch's is loaded by name on demand.

An engine belongs to one ``Spec``. A *state* is what a round starts from and, updated, ends with: a vector in the order
of ``spec.network.state``, parameters first. An engine takes and returns states but stores none; runs store them.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from functools import lru_cache
from importlib import import_module
from itertools import repeat
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.program import compile_forward, compile_program, run_line
from bptui.core.formulas.backprop import name_quantities
from bptui.core.problem.spec import Spec

Floats = NDArray[np.floating]
Values = Mapping[str, Any]
Rounds = int | NDArray[np.integer]
"""The number of a round, or an array of them with one number per column of their states.

The rounds of an array all use the same samples.
"""
ENGINES = {
    "numpy": "bptui.core.engines.engine:NumpyEngine",
    "torch": "bptui.core.engines.torch_engine:TorchEngine",
}


class Engine(Protocol):
    """An engine for the rounds of one problem.

    Attributes:
        spec: The problem.
        name: "numpy" or "torch".
        dtype: The precision it computes in, float64 or float32.
    """

    spec: Spec
    name: str
    dtype: np.dtype[Any]

    def evaluate(self, state: Floats, round_: Rounds) -> Values:
        """Compute all quantities of a round.

        Args:
            state: The state that the round starts from, of shape (state,); converted to the engine's precision.
            round_: The number of the round, from 1.

        Returns:
            The quantities by name, in calculation order: scalars in the engine's precision.
        """

    def advance(self, state: Floats, rounds: int, first: int) -> tuple[Floats, Floats]:
        """Train for a number of rounds.

        Args:
            state: The state that the first of these rounds starts from, of shape (state,).
            rounds: The number of rounds, 1 or more.
            first: The number of the first round.

        Returns:
            An array of shape (rounds, 1 + state), whose rows hold the loss of a round and then the state it started
            from; and the state after the last round, of shape (state,). Both are in the engine's precision.
        """


class EngineUnavailableError(RuntimeError):
    """An engine is unavailable; the text says why."""


def make_engine(name: str, spec: Spec) -> Engine:
    """Make an engine by name.

    Args:
        name: A key of ``ENGINES``.
        spec: The problem to compute.

    Returns:
        The engine, in the problem's precision for it.

    Raises:
        EngineUnavailableError: If its library is missing or does not load.
    """
    module, _, attribute = ENGINES[name].partition(":")
    try:
        with _print_aside():
            make: Callable[[Spec], Engine] = getattr(import_module(module), attribute)
    except ModuleNotFoundError as fault:
        raise EngineUnavailableError(f"{fault.name} is not installed") from fault
    except Exception as fault:  # a broken library fails in ways of its own
        raise EngineUnavailableError(f"{name} cannot be loaded: {fault}") from fault
    return make(spec)


@contextmanager
def _print_aside() -> Iterator[None]:
    """Redirect what a library prints while it loads, even from C, to standard error: output is for numbers."""
    try:
        before = os.dup(1)
        os.dup2(2, 1)
    except OSError:  # one of the streams is closed
        yield
        return
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        os.dup2(before, 1)
        os.close(before)


def collect_given(spec: Spec, state: Floats, round_: Rounds) -> dict[str, Any]:
    """Return all values that a round is computed from.

    Args:
        spec: The problem.
        state: The state that the round starts from, of shape (state,) or (state, runs).
        round_: The number of the round, on which the data it uses may depend.

    Returns:
        Inputs, targets and state by name, in the state's precision; eta, the learning rate, and other constants are
        Python floats.
    """
    fixed = collect_fixed(spec, state.dtype, round_)
    return {**fixed, **dict(zip(spec.network.state, state, strict=True))}


def collect_fixed(spec: Spec, dtype: np.dtype[Any], round_: Rounds) -> dict[str, Any]:
    """Return what ``collect_given`` does, but for the state."""
    n = spec.network_of(round_ if isinstance(round_, int) else 1)
    return dict(
        zip((*n.data, *n.constants), (*collect_data(spec, dtype, round_), *collect_constants(spec)), strict=True)
    )


def collect_data(spec: Spec, dtype: np.dtype[Any], round_: Rounds) -> tuple[Any, ...]:
    """Return the numbers of a round that may be others in the next, in the order of ``Network.data``.

    Args:
        spec: The problem.
        dtype: The precision of inputs and targets, in which a large one may be inf.
        round_: The number of the round; an array of them only if all rounds use the same samples.

    Returns:
        Inputs and targets as scalars of that precision, then the number of the round if the optimiser uses it: a
        Python float, or an array of that precision.
    """
    samples = spec.samples_of(round_ if isinstance(round_, int) else 1)
    data = [_convert_sample(spec.inputs[sample - 1], spec.targets[sample - 1], dtype) for sample in samples]
    time = float(round_) if isinstance(round_, int) else round_.astype(dtype)
    return (*(number for numbers in data for number in numbers), *([time] if "t" in spec.network.data else ()))


@lru_cache(maxsize=256)
def _convert_sample(inputs: tuple[float, ...], targets: tuple[float, ...], dtype: np.dtype[Any]) -> tuple[Any, ...]:
    """Return the inputs and targets of a sample in a precision, in which a large one may be inf."""
    with np.errstate(all="ignore"):
        return tuple(np.array([*inputs, *targets]).astype(dtype))


def feed_rounds(spec: Spec, dtype: np.dtype[Any], first: int, rounds: int) -> Iterable[tuple[Any, ...]]:
    """Return the data of each of some rounds, in their order; see ``collect_data``."""
    if not spec.varies:
        return repeat(collect_data(spec, dtype, first), rounds)
    return (collect_data(spec, dtype, round_) for round_ in range(first, first + rounds))


def collect_constants(spec: Spec) -> tuple[float, ...]:
    """Return the numbers that are the same in every round, in the order of ``Network.constants``."""
    return tuple(spec.step if name == "eta" else getattr(spec, name) for name in spec.network.constants)


def evaluate_forward(spec: Spec, state: Floats, round_: Rounds) -> Values:
    """Compute the quantities of a round up to its loss, in the precision of the state.

    Args:
        spec: The problem.
        state: The state that the round starts from, of shape (state,) or (state, runs).
        round_: The number of the round, or an array of numbers of shape (runs,).

    Returns:
        The quantities by name; see ``NumpyEngine.evaluate``, whose numbers they are.
    """
    values, found = collect_given(spec, state, round_), dict[str, Any]()
    with np.errstate(all="ignore"):
        for name, line in compile_forward(spec.network_of(round_ if isinstance(round_, int) else 1)):
            values[name] = found[name] = run_line(line, values)
    return found


class NumpyEngine:
    """The engine that runs the compiled formulas, on NumPy scalars or arrays over runs of one precision.

    Attributes:
        spec: The problem.
        name: "numpy".
        dtype: float64 or float32: the problem's precision, or the one given.
    """

    name = "numpy"

    def __init__(self, spec: Spec, precision: str | None = None) -> None:
        self.spec = spec
        self.dtype = np.dtype(precision or spec.precision_of(self.name))
        self._program = compile_program(spec.network)
        self._constants = collect_constants(spec)  # Python floats keep float32 values float32

    def evaluate(self, state: Floats, round_: Rounds) -> Values:
        """Compute all quantities of one round, or of one round in each of many runs.

        Args:
            state: The state that the round starts from, of shape (state,) or (state, runs).
            round_: The number of the round, or an array of numbers of shape (runs,).

        Returns:
            The quantities by name, in calculation order: scalars, or arrays of shape (runs,) (scalars for those that
            depend on no run). Overflow gives inf or nan, never a warning.
        """
        given = *collect_data(self.spec, self.dtype, round_), *self._constants
        with np.errstate(all="ignore"):
            values = self._program.round(*given, *state.astype(self.dtype, copy=False))
        return dict(zip(self._name_quantities(round_), values, strict=True))

    def _name_quantities(self, round_: Rounds) -> tuple[str, ...]:
        """Return the names of a round's quantities: those of another sample, where it uses others than round 1."""
        if self.spec.period == 1 or not isinstance(round_, int):
            return self._program.quantities
        return name_quantities(self.spec.network_of(round_))

    def advance(self, state: Floats, rounds: int, first: int) -> tuple[Floats, Floats]:
        """Train one run for a number of rounds; see ``Engine.advance``."""
        rows: list[tuple[Any, ...]] = []
        feed = feed_rounds(self.spec, self.dtype, first, rounds)
        with np.errstate(all="ignore"):
            start = state.astype(self.dtype, copy=False)
            after = self._program.advance(feed, rows.append, *self._constants, *start)
        return np.array(rows, dtype=self.dtype), np.array(after, dtype=self.dtype)
