"""How fast this machine is now: what a bound on time is a multiple of, so that a slow or busy machine fails no test."""

from time import process_time


def loop_seconds() -> float:
    """Return the processor time of a loop of a million steps in plain Python, measured now: some 0.055 s."""
    begun, total = process_time(), 0
    for number in range(1_000_000):
        total += number * number % 7
    return process_time() - begun
