"""How fast this machine is now: what a bound on time is a multiple of, so that a slow or busy machine fails no test."""

from time import process_time

_FASTEST = 0.005  # seconds in which no machine goes through the loop


def loop_seconds() -> float:
    """Return the processor time of a loop of a million steps in plain Python, measured now: some 0.055 s."""
    begun, total = process_time(), 0
    for number in range(1_000_000):
        total += number * number % 7
    return process_time() - begun


def take_at_most(seconds: float, loops: float) -> bool:
    """Whether seconds of processor time are fewer than those of so many loops; one is measured only if it matters."""
    return seconds <= loops * _FASTEST or seconds < loops * loop_seconds()
