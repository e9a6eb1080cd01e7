"""Engines: what computes rounds. The NumPy engine by the formulas; torch's is loaded by name when asked for.

An engine belongs to one ``Spec``. It takes and returns parameter vectors in the order of
``spec.network.parameters`` and never keeps any: the runs keep them.
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
ENGINES = {
    "numpy": "bptui.core.engines.engine:NumpyEngine",
    "torch": "bptui.core.engines.torch_engine:TorchEngine",
}


class Engine(Protocol):
    """What computes the rounds of one problem."""

    spec: Spec
    name: str
    dtype: np.dtype[Any]

    def evaluate(self, parameters: Floats) -> Values:
        """All quantities of a round that starts from these parameters (one per row), in calculation order."""

    def advance(self, parameters: Floats, rounds: int) -> tuple[Floats, Floats]:
        """Train for some rounds.

        Args:
            parameters: Vector of the parameters to start from.
            rounds: How many rounds, 1 or more.

        Returns:
            A row for each round, its loss and then the parameters it started from (rounds by 1 + parameters), and
            the parameters after the last one.
        """


class EngineUnavailableError(RuntimeError):
    """An engine that cannot be had, and why."""


def load(name: str, spec: Spec) -> Engine:
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


def given(spec: Spec, parameters: Floats) -> dict[str, Any]:
    """All that a round is computed from, by name, in the parameters' precision; eta is a Python float."""
    network = spec.network
    with np.errstate(all="ignore"):
        data = np.array([*spec.inputs, *spec.targets]).astype(parameters.dtype)
    return {
        **dict(zip(network.inputs + network.targets, data, strict=True)),
        "eta": spec.step,
        **dict(zip(network.parameters, parameters, strict=True)),
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

    def evaluate(self, parameters: Floats) -> Values:
        """All quantities of one round; with parameters of shape (parameters, runs), of one round in each run."""
        with np.errstate(all="ignore"):
            values = self._program.round(*self._given, *parameters.astype(self.dtype, copy=False))
        return dict(zip(self._program.quantities, values, strict=True))

    def advance(self, parameters: Floats, rounds: int) -> tuple[Floats, Floats]:
        """Train one run for some rounds; see ``Engine.advance``."""
        rows: list[tuple[Any, ...]] = []
        with np.errstate(all="ignore"):
            start = parameters.astype(self.dtype, copy=False)
            after = self._program.advance(rounds, rows.append, *self._given, *start)
        return np.array(rows, dtype=self.dtype), np.array(after, dtype=self.dtype)
