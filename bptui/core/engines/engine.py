"""Engines: what computes rounds. The NumPy engine by the formulas; torch's is loaded by name when asked for.

An engine belongs to one ``Spec``. A *state* is what a round starts from and, updated, ends with: a vector in the order
of ``spec.network.state``, the parameters first. An engine takes and returns states and keeps none: the runs keep them.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.program import compile_program
from bptui.core.problem.spec import Spec

Floats = NDArray[np.floating]
Values = Mapping[str, Any]
Rounds = int | NDArray[np.integer]
"""A round's number, or those of many, one for each column of their states."""
ENGINES = {
    "numpy": "bptui.core.engines.engine:NumpyEngine",
    "torch": "bptui.core.engines.torch_engine:TorchEngine",
}


class Engine(Protocol):
    """What computes the rounds of one problem."""

    spec: Spec
    name: str
    dtype: np.dtype[Any]

    def evaluate(self, state: Floats, round_: Rounds) -> Values:
        """Compute all quantities of a round.

        Args:
            state: What the round starts from, a vector.
            round_: Its number.

        Returns:
            The quantities by name, in calculation order.
        """

    def advance(self, state: Floats, rounds: int, first: int) -> tuple[Floats, Floats]:
        """Train for some rounds.

        Args:
            state: What the first of them starts from, a vector.
            rounds: The number of rounds, 1 or more.
            first: The number of the first round.

        Returns:
            A row for each round, its loss and then the state it started from, of shape (rounds, 1 + state); and the
            state after the last one.
        """


class EngineUnavailableError(RuntimeError):
    """An engine that cannot be had, and why."""


def make_engine(name: str, spec: Spec) -> Engine:
    """Make an engine by name.

    Raises:
        EngineUnavailableError: If its library is missing or does not load.
    """
    module, _, attribute = ENGINES[name].partition(":")
    try:
        with _printing_aside():
            make: Callable[[Spec], Engine] = getattr(import_module(module), attribute)
    except ModuleNotFoundError as fault:
        raise EngineUnavailableError(f"{fault.name} is not installed") from fault
    except Exception as fault:  # a broken library fails in ways of its own
        raise EngineUnavailableError(f"{name} does not load: {fault}") from fault
    return make(spec)


@contextmanager
def _printing_aside() -> Iterator[None]:
    """Have what a library prints as it loads, from C as well, go to standard error: output is for numbers."""
    try:
        before = os.dup(1)
        os.dup2(2, 1)
    except OSError:  # one of them is closed
        yield
        return
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        os.dup2(before, 1)
        os.close(before)


def collect_given(spec: Spec, state: Floats, round_: Rounds) -> dict[str, Any]:
    """Return all that a round is computed from.

    Args:
        spec: The problem.
        state: What the round starts from: a vector, or an array of shape (state, runs).
        round_: The round's number, on which the data that it uses may depend.

    Returns:
        Inputs, targets and state by name, in the state's precision; eta is a Python float.
    """
    network = spec.network
    with np.errstate(all="ignore"):
        data = np.array([*spec.inputs, *spec.targets]).astype(state.dtype)
    return {
        **dict(zip(network.inputs + network.targets, data, strict=True)),
        "eta": spec.step,
        **dict(zip(network.state, state, strict=True)),
    }


class NumpyEngine:
    """The round's formulas, run on NumPy scalars of one precision."""

    name = "numpy"

    def __init__(self, spec: Spec, precision: str | None = None) -> None:
        self.spec = spec
        self.dtype = np.dtype(precision or spec.precision_of(self.name))
        self._program = compile_program(spec.network)
        with np.errstate(all="ignore"):
            data = np.array([*spec.inputs, *spec.targets]).astype(self.dtype)
        self._given = (*data, spec.step)  # a Python float step keeps float32 values float32

    def evaluate(self, state: Floats, round_: Rounds) -> Values:
        """Compute all quantities of one round; from a state of shape (state, runs), of one round in each run."""
        with np.errstate(all="ignore"):
            values = self._program.round(*self._given, *state.astype(self.dtype, copy=False))
        return dict(zip(self._program.quantities, values, strict=True))

    def advance(self, state: Floats, rounds: int, first: int) -> tuple[Floats, Floats]:
        """Train one run for some rounds; see ``Engine.advance``."""
        rows: list[tuple[Any, ...]] = []
        with np.errstate(all="ignore"):
            start = state.astype(self.dtype, copy=False)
            after = self._program.advance(rounds, rows.append, *self._given, *start)
        return np.array(rows, dtype=self.dtype), np.array(after, dtype=self.dtype)
