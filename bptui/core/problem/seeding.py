"""The initial states of NumPy's random generators, for many seeds at once.

NumPy guarantees that a seed always gives the same bits. Making a generator per seed costs far more than drawing a few
weights from it, so the seeds are mixed here on arrays with one element per seed.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_Words = NDArray[np.uint32]
_POOL = 4  # 32-bit words that a seed is mixed into
_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645  # of PCG64's linear congruential generator
_128_BITS = (1 << 128) - 1


class _Hash:
    """The hash of ``SeedSequence``, whose constant changes with every call."""

    def __init__(self, constant: int, multiplier: int) -> None:
        self._constant, self._multiplier = constant, multiplier

    def __call__(self, words: _Words) -> _Words:
        words = words ^ np.uint32(self._constant)
        self._constant = self._constant * self._multiplier & 0xFFFFFFFF
        words = words * np.uint32(self._constant)
        mixed: _Words = words ^ words >> np.uint32(16)
        return mixed


def _mix(one: _Words, other: _Words) -> _Words:
    words = one * np.uint32(0xCA01F9DD) - other * np.uint32(0x4973F715)
    mixed: _Words = words ^ words >> np.uint32(16)
    return mixed


def seed_states(seeds: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the state and the increment of each seed's PCG64 generator.

    Source: NumPy's ``SeedSequence`` (O'Neill, "Developing a seed_seq alternative", 2015) and the seeding of PCG64
    (O'Neill 2014).

    Args:
        seeds: Whole numbers from 0 to 2**32 - 1.

    Yields:
        The 128-bit state and the 128-bit increment that ``np.random.PCG64(seed)`` starts from, seed by seed.

    Raises:
        OverflowError: If a seed does not fit in 32 bits.
    """
    entropy = np.array(seeds, np.uint32)
    hashed = _Hash(0x43B0D7E5, 0x931E8875)
    pool = [hashed(entropy if place == 0 else np.zeros_like(entropy)) for place in range(_POOL)]
    for source in range(_POOL):
        for target in range(_POOL):
            if source != target:
                pool[target] = _mix(pool[target], hashed(pool[source]))
    hashed = _Hash(0x8B51F9DD, 0x58F38DED)
    low_words = [hashed(pool[place % _POOL]).astype(np.uint64) for place in range(2 * _POOL)]
    words = [low | high << np.uint64(32) for low, high in zip(low_words[::2], low_words[1::2], strict=True)]
    for state_high, state_low, stream_high, stream_low in zip(*(w.tolist() for w in words), strict=True):
        increment = ((stream_high << 64 | stream_low) << 1 | 1) & _128_BITS
        yield ((increment + (state_high << 64 | state_low)) * _MULTIPLIER + increment) & _128_BITS, increment
