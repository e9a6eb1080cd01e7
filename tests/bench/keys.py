"""From a key to the repainted screen: one at a time, and very many at once."""

from contextlib import ExitStack
from functools import partial
from itertools import count
from math import ceil

from tests.bench.problems import deep_file, list_problems
from tests.bench.table import Benchmark, Measured, Numbers, Reference, in_turn, medians, percentile
from tests.bench.terminals import SIZE, SMALL, Watched, bare, bptui, empty, painted

KEYS, FLOODS, FLOOD = 300, 3, 2_000
MANY_ROUNDS = ("--rounds", "1000000")


def one_key(part: float) -> Numbers:
    """Milliseconds from a key that shows the next round until it is painted."""
    with ExitStack() as terminals:
        programs = [terminals.enter_context(open_()) for open_ in (partial(bptui, *MANY_ROUNDS), empty, bare)]
        before = [program.processor() for program in programs]
        found = in_turn(ceil(part * KEYS), *(partial(_next, program, count(2)) for program in programs))
        cost, their_cost, _ = (
            1e3 * (program.processor() - then) / len(found[0]) for program, then in zip(programs, before, strict=True)
        )
    ours, theirs, least = ({"p50": percentile(times, 0.5), "p99": percentile(times, 0.99)} for times in found)
    return {
        "p50": Measured(ours["p50"], "ms", reference=Reference("empty app", theirs["p50"], 2.5)),
        "p99": Measured(ours["p99"], "ms", 50.0, reference=Reference("empty app", theirs["p99"], 5.0)),
        "processor time": Measured(cost, "ms", reference=Reference("empty app", their_cost)),
        "p50 beside escape codes": Measured(ours["p50"], "ms", reference=Reference("escape codes", least["p50"])),
    }


def several_samples(part: float) -> Numbers:
    """Milliseconds from the same key until it is painted, with four samples and with a single one."""
    found = dict[str, Measured]()
    for size in (SMALL, SIZE):
        with (
            bptui(*MANY_ROUNDS, lesson="xor", size=size) as four,
            bptui(*MANY_ROUNDS, size=size) as one,
        ):
            keys = [partial(_next, program, count(2)) for program in (four, one)]
            ours, theirs = medians(ceil(part * KEYS), *keys)
        found["p50 at {}x{}".format(*size)] = Measured(ours, "ms", reference=Reference("two-by-two", theirs, 1.5))
    return found


def several_layers(part: float) -> Numbers:
    """Milliseconds from the same key until it is painted, at 4-4-4-4, and at 2-2-2 times its more formulas."""
    found = dict[str, Measured]()
    with deep_file() as file:
        for size in (SMALL, SIZE):
            with bptui(*MANY_ROUNDS, lesson=file, size=size) as deep, bptui(*MANY_ROUNDS, size=size) as flat:
                keys = [partial(_next, program, count(2)) for program in (deep, flat)]
                ours, theirs = medians(ceil(part * KEYS), *keys)
            few, _, many = list_problems()
            reference = Reference("two-by-two by formulas", theirs * many.formulas / few.formulas, 1.0)
            found["p50 at {}x{}".format(*size)] = Measured(ours, "ms", reference=reference)
    return found


def _next(program: Watched, rounds: "count[int]") -> float:
    taken = 1e3 * program.seconds_after(" ", painted(next(rounds)))
    program.rest()
    return taken


def flood(part: float) -> Numbers:
    """Seconds from very many keys at once until the round that the last of them asks for is painted."""
    keys = ceil(part * FLOOD)
    with bptui(*MANY_ROUNDS) as ours, empty() as theirs:
        taken, reference = medians(
            ceil(part * FLOODS), *(partial(_flood, program, keys, count(1 + keys, keys)) for program in (ours, theirs))
        )
    return {f"{FLOOD:,} keys": Measured(taken, reference=Reference("empty app", reference, 2.0))}


def _flood(program: Watched, keys: int, rounds: "count[int]") -> float:
    taken = program.seconds_after(keys * " ", painted(next(rounds)))
    program.rest()
    return taken


ROWS = (
    Benchmark("key", f"from a key to the repainted screen, over {KEYS} keys", one_key),
    Benchmark("key-xor", f"the same at XOR, which has four samples, beside 2-2-2, over {KEYS} keys", several_samples),
    Benchmark(
        "key-deep", f"the same at 4-4-4-4, beside 2-2-2 by the formulas of both, over {KEYS} keys", several_layers
    ),
    Benchmark("flood", f"{FLOOD:,} keys at once, until the last is on the screen", flood),
)
