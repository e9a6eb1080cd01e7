"""How long the first opening of a dialog or another screen takes, each in a program of its own."""

import re
from functools import partial
from math import ceil
from statistics import median
from time import perf_counter

from bptui.ui.bindings import HELP_BINDING, STEPPER_BINDINGS
from bptui.ui.screens.screen_table import SCREENS
from tests.bench.starting import longest_gap
from tests.bench.table import Benchmark, Measured, Numbers, Reference, medians
from tests.bench.terminals import Watched, bptui

OPENINGS, FIRSTS = 5, 3
_TYPED = "9.75"  # into the first field, with the key that opens the settings
_PREPARED = 1.0  # seconds until the program has prepared its screens
_QUIET = 0.1  # seconds without a picture: the screen is complete
_SENT = {"enter": "\r", "question_mark": "?", "f2": "\x1bOQ", "f4": "\x1bOS", "f8": "\x1b[19~"}  # by a terminal
_ACTIONS = {**{f"open('{name}')": name for name in SCREENS}, HELP_BINDING.action: "help"}


def _list_keys() -> dict[str, str]:
    """Return what a terminal sends for the key of each screen."""
    keys = {_ACTIONS[one.action]: one.key.partition(",")[0] for one in STEPPER_BINDINGS if one.action in _ACTIONS}
    return {name: chr(ord(key[-1]) & 31) if key[:5] == "ctrl+" else _SENT.get(key, key) for name, key in keys.items()}


def settings(part: float) -> Numbers:
    """Milliseconds from the key that opens the settings until what is typed right after it is in the first field."""
    taken, gap = medians(ceil(part * OPENINGS), _until_usable, partial(longest_gap, "settings"))
    return {"usable": Measured(taken, "ms", 120.0), "longest gap": Measured(gap, "ms", 50.0)}


def _until_usable() -> float:
    with bptui() as program:
        program.watch(_PREPARED)
        return 1e3 * program.seconds_after(_list_keys()["settings"] + _TYPED, re.escape(_TYPED))


def screens(part: float) -> Numbers:
    """Milliseconds from a key until the screen that it opens for the first time is complete; the slowest of them."""
    keys, found = _list_keys(), dict[str, float]()
    del keys["settings"]  # which have a row of their own
    for name in list(keys)[: ceil(part * len(keys))]:
        found[name] = median(_opening(keys[name]) for _ in range(ceil(part * FIRSTS)))
    slowest = max(found, key=lambda name: found[name])
    typical = Reference("median of all", median(found.values()))
    return {f"slowest, {slowest}": Measured(found[slowest], "ms", 60.0, reference=typical)}


def _opening(keys: str) -> float:
    with bptui() as program:
        program.watch(_PREPARED)
        return 1e3 * _seconds_until_complete(program, keys)


def _seconds_until_complete(program: Watched, keys: str) -> float:
    """Press keys; how long it takes until the last of the pictures that come without a pause."""
    program.type(keys)
    start = last = perf_counter()
    pictures = program.pictures
    while perf_counter() < last + _QUIET or program.pictures == pictures:
        before = program.pictures
        assert program.read() and perf_counter() < start + 30.0, f"nothing came after {keys!r}"
        if program.pictures > before:
            last = perf_counter()
    return last - start


ROWS = (
    Benchmark(
        "settings", "from the key that opens the settings until they show what is typed, and the longest gap", settings
    ),
    Benchmark("open", "the first opening of each other screen and dialog, the slowest of them", screens),
)
