"""How fast this machine is: what a bound on time is a multiple of, so that a slow machine fails no test."""

from functools import cache
from time import process_time


@cache
def loop_seconds() -> float:
    """Return the processor time of a loop of a million steps in plain Python: 0.1 s on an ordinary machine."""
    begun, total = process_time(), 0
    for number in range(1_000_000):
        total += number * number % 7
    return process_time() - begun
