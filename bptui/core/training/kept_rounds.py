"""The rows of a run's rounds, in blocks; blocks may be thinned, and what is left out is recomputed.

Growing one large array would pause for longer the longer it is. A thinned block keeps every k-th row, k a power of 2. A
row between is computed again from the kept one before it, by the program that computed it first: it has the same bits.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from bptui.core.engines.engine import Floats

BLOCK = 4096  # rounds
_FIRST = 64  # rows that a block has room for at first; it grows as it fills, since rows may be wide
_PART = 256  # rounds recomputed at once
_LEAST = 64  # rounds of a stretch: those of which the lowest loss is sought
_STRETCHES = 4  # recomputed stretches that are held: of the round shown and the one before it

Advance = Callable[[Floats, int, int], tuple[Floats, Floats]]
"""``Engine.advance``."""


class _Block(NamedTuple):
    """Rows of a block: of every ``stride``-th round."""

    rows: Floats
    stride: int


class KeptRounds:
    """The rows of rounds: a row is the loss and then the state that the round started from.

    Args:
        width: Numbers in a row.
        dtype: Their precision.
        advance: What computes rounds again; None where another process does, which only asks for kept ones.

    Attributes:
        rounds: The number of rounds.
        nbytes: Bytes of the rows.
        stride: The stride that the next block thinned gets.
    """

    def __init__(self, width: int, dtype: np.dtype[Any], advance: Advance | None) -> None:
        self.rounds = 0
        self.nbytes = 0
        self.stride = 2
        self._width, self._dtype, self._advance = width, dtype, advance
        self._blocks: list[_Block] = []
        self._next = 0  # block to thin
        self._stretches: dict[int, Floats] = {}  # recomputed rows, by the number of the kept round they begin with

    @property
    def can_thin(self) -> bool:
        """Whether thinning would free anything."""
        return self._next < self.rounds // BLOCK

    def append(self, rows: Floats) -> None:
        """Append rows, of shape (rounds, width).

        Raises:
            MemoryError: If there is no memory for all of them; then none is appended.
        """
        self._make_room(self.rounds + len(rows))
        while len(rows):
            block, place = self._blocks[self.rounds // BLOCK].rows, self.rounds % BLOCK
            part = rows[: BLOCK - place]
            block[place : place + len(part)] = part
            self.rounds += len(part)
            rows = rows[len(part) :]

    def _make_room(self, last: int) -> None:
        for low in range(self.rounds // BLOCK * BLOCK, last, BLOCK):
            at, needed = low // BLOCK, min(last - low, BLOCK)
            old = self._blocks[at].rows if at < len(self._blocks) else None
            if old is not None and len(old) >= needed:
                continue
            new = np.empty((max(_FIRST, 1 << (needed - 1).bit_length()), self._width), self._dtype)
            self.nbytes += new.nbytes
            if old is None:
                self._blocks.append(_Block(new, 1))
            else:
                new[: len(old)] = old
                self.nbytes -= old.nbytes
                self._blocks[at] = _Block(new, 1)

    def thin(self, needed: int) -> int:
        """Thin the oldest blocks that are not thinned as far as this pass goes; after the newest, begin another pass.

        Args:
            needed: The bytes to free.

        Returns:
            The bytes freed; fewer than needed at the end of a pass.
        """
        freed, full = 0, self.rounds // BLOCK
        while freed < needed and self._next < full:
            rows, stride = self._blocks[self._next]
            if stride < self.stride:
                kept = rows[:: self.stride // stride].copy()
                freed += rows.nbytes - kept.nbytes
                self._blocks[self._next] = _Block(kept, self.stride)
            self._next += 1
        if self._next == full and self.stride < BLOCK:
            self.stride, self._next = 2 * self.stride, 0
        self.nbytes -= freed
        return freed

    def find_kept(self, round_: int) -> int:
        """Return the last round up to a stored one whose row is kept."""
        return round_ - (round_ - 1) % BLOCK % self._blocks[(round_ - 1) // BLOCK].stride

    def row(self, round_: int) -> Floats:
        """Return the row of a round, of shape (width,).

        Raises:
            IndexError: If there is no such round.
        """
        if not 1 <= round_ <= self.rounds:
            raise IndexError(f"round {round_} is not computed; there are {self.rounds}")
        rows, stride = self._blocks[(round_ - 1) // BLOCK]
        place, between = divmod((round_ - 1) % BLOCK, stride)
        row: Floats = self._recompute(round_)[0] if between else rows[place]
        return row

    def _recompute(self, round_: int) -> Floats:
        """Return the rows from a round in a thinned block to the end of the stretch that is recomputed with it."""
        rows, stride = self._blocks[(round_ - 1) // BLOCK]
        length = max(stride, _LEAST)
        between = (round_ - 1) % BLOCK % length
        found = self._stretches.get(first := round_ - between)
        if found is None or len(found) < length:
            row = rows[(first - 1) % BLOCK // stride]
            found = np.concatenate([part for _, part in self._advance_from(first, row, first + length - 1)])
            self._stretches = dict([*self._stretches.items(), (first, found)][-_STRETCHES:])
        return found[between:]

    def _advance_from(self, first: int, row: Floats, last: int) -> Iterator[tuple[int, Floats]]:
        """Yield the rows from a kept one to a last round, part by part, each with its first round."""
        if self._advance is None:
            raise IndexError(f"round {first + 1} is not kept")
        state = row[1:]
        while first <= last:
            rows, state = self._advance(state, min(_PART, last - first + 1), first)
            yield first, rows
            first += len(rows)

    def parts(self, first: int, last: int) -> Iterator[tuple[int, Floats]]:
        """Yield the rows of some rounds, part by part; see ``History.rows``."""
        for low in range((first - 1) // BLOCK * BLOCK, last, BLOCK):
            start, end = max(low, first - 1) + 1, min(low + BLOCK, last)
            rows, stride = self._blocks[low // BLOCK]
            if stride == 1:
                yield start, rows[start - 1 - low : end - low]
                continue
            place = (start - 1 - low) // stride
            for number, part in self._advance_from(low + place * stride + 1, rows[place], end):
                if (part := part[max(start - number, 0) :]).size:
                    yield max(number, start), part

    def losses(self, first: int, last: int) -> Floats:
        """Return the losses of a few rounds, of shape (rounds,)."""
        found = []
        while first <= last:
            rows, stride = self._blocks[(first - 1) // BLOCK]
            part = rows[(first - 1) % BLOCK : BLOCK] if stride == 1 else self._recompute(first)
            part = part[: last - first + 1]
            found.append(part[:, 0])
            first += len(part)
        return np.concatenate(found) if found else np.empty(0, self._dtype)
