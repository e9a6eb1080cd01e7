"""A run: it stores the state and loss of its rounds; everything else is recomputed on demand."""

from time import perf_counter
from typing import Any

from bptui.core.engines.engine import Engine, Floats, Values, collect_given
from bptui.core.training.history import History
from bptui.core.training.memory import MEMORY, Memory

_CHUNK = 512  # updated numbers of the state between two looks at the clock: about 250 µs


class Run(History):
    """A run that computes its own rounds with an engine."""

    def __init__(self, engine: Engine, start: Floats | None = None, memory: Memory = MEMORY) -> None:
        super().__init__(engine.spec, engine.dtype, start, advance=engine.advance, memory=memory)
        self.engine = engine
        self._shown: dict[int, Values] = {}

    def train_to(self, round_: int, seconds: float = float("inf")) -> bool:
        """Compute rounds up to a round, within a time limit.

        Args:
            round_: The last round to compute.
            seconds: The time limit in seconds, exceeded by one chunk of rounds at most.

        Returns:
            Whether the round is computed.

        Raises:
            MemoryError: If there is no memory for another chunk; the rounds before it stay.
        """
        until, chunk = perf_counter() + seconds, max(_CHUNK // len(self.next_state), 1)
        while self.rounds < round_:
            count = min(round_ - self.rounds, chunk)
            self.append(*self.engine.advance(self.next_state, count, self.rounds + 1))
            if perf_counter() >= until:
                break
        return self.rounds >= round_

    def values(self, round_: int) -> Values:
        """Return all quantities of a computed round, recomputed from its state; see ``Engine.evaluate``."""
        if round_ not in self._shown:  # the screen reads the shown round and the one before it again and again
            last = dict(list(self._shown.items())[-1:])
            self._shown = {**last, round_: self.engine.evaluate(self.state(round_), round_)}
        return self._shown[round_]

    def given(self, round_: int) -> dict[str, Any]:
        """Return all values that a computed round was computed from; see ``engine.collect_given``."""
        return collect_given(self.spec, self.state(round_), round_)
