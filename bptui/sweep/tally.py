"""Count the results of many runs: how many have each verdict, and how their final losses are distributed.

Tallies of parts of the runs merge, in any order, into the tally of all. A tally keeps the loss of each run, in 8 bytes,
and its half squared error, in 8 more, where that is another number.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bptui.core.problem.spec import Spec
from bptui.core.training.verdict import VERDICTS, judge
from bptui.record import record
from bptui.sweep.chunk import ChunkResult
from bptui.sweep.distribution import Distribution


@record(eq=False)
class Tally:
    """The results of one or more runs of one problem.

    Attributes:
        verdicts: The number of runs with each of ``VERDICTS``.
        examples: The lowest seed with each of them; None if there is none.
        loss: Their losses in the last round.
        half_squares: Their ½Σ(o − y)² in that round; the same object if that is the loss.
    """

    verdicts: tuple[int, ...]
    examples: tuple[int | None, ...]
    loss: Distribution
    half_squares: Distribution

    @property
    def runs(self) -> int:
        """The number of runs."""
        return sum(self.verdicts)

    @classmethod
    def of(cls, spec: Spec, seeds: Sequence[int], ends: ChunkResult) -> "Tally":
        """Count how runs ended."""
        found, numbers = judge(ends.course, spec.floor), np.array(seeds)
        counts = np.bincount(found, minlength=len(VERDICTS)).tolist()
        examples = tuple(int(numbers[found == place].min()) if count else None for place, count in enumerate(counts))
        last = np.asarray(ends.course.last, np.float64)
        loss = Distribution.of(last, seeds)
        same = np.array_equal(last, ends.half_squares, equal_nan=True)
        return cls(tuple(counts), examples, loss, loss if same else Distribution.of(ends.half_squares, seeds))

    def merge(self, other: "Tally") -> "Tally":
        """Return the tally of the runs of both."""
        loss, same = self.loss.merged(other.loss), self._is_by_loss and other._is_by_loss
        return Tally(
            tuple(a + b for a, b in zip(self.verdicts, other.verdicts, strict=True)),
            tuple(_pick_lower(a, b) for a, b in zip(self.examples, other.examples, strict=True)),
            loss,
            loss if same else self.half_squares.merged(other.half_squares),
        )

    @property
    def _is_by_loss(self) -> bool:
        return self.half_squares is self.loss

    def to_data(self) -> dict[str, Any]:
        """Return the tally as plain data."""
        half_squares = None if self._is_by_loss else self.half_squares.to_data()
        own = {"verdicts": self.verdicts, "examples": self.examples, "loss": self.loss.to_data()}
        return {**own, "half_squares": half_squares}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Tally":
        """Read the result of ``to_data``."""
        loss, other = Distribution.from_data(data["loss"]), data["half_squares"]
        half_squares = loss if other is None else Distribution.from_data(other)
        return cls(tuple(data["verdicts"]), tuple(data["examples"]), loss, half_squares)


def _pick_lower(one: int | None, other: int | None) -> int | None:
    return min((seed for seed in (one, other) if seed is not None), default=None)
