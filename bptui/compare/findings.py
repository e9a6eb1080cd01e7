"""What is known about a run, and how a sentence writes its numbers.

A sentence holds for the rounds with finite numbers: what held "since" a round of a run that diverged held until then.
"""

from bptui.core.problem.spec import Spec
from bptui.core.training.convergence import Convergence
from bptui.core.training.precision import PrecisionDrift
from bptui.core.training.run_facts import Facts
from bptui.record import record
from bptui.text.numbers import format_significant, write_minus

AT_FLOOR = 1e-5  # of a floor: a loss no further from it is said to be at it; a loss further below is so by rounding
_DIGITS = 4
_ALL_DIGITS = 17


@record(eq=False)
class Findings:
    """Everything known about a run: its facts, how close it comes to its floor, and float32 beside float64."""

    facts: Facts
    convergence: Convergence
    drift: PrecisionDrift


def name_loss(spec: Spec) -> str:
    """Return what a sentence calls the loss that a run is judged by: E, where each round uses all samples."""
    return "E" if spec.period == 1 else "E over all samples"


def name_floor(spec: Spec) -> str:
    """Return what a sentence calls the lowest possible loss: with several samples it is a bound, reached or not."""
    return "lower bound" if spec.floor_is_bound else "lowest possible loss"


def format_value(value: float, digits: int = _DIGITS) -> str:
    """Format a number for a sentence, with the sentence's minus sign."""
    return write_minus(format_significant(float(value), digits))


def format_apart(one: float, other: float, digits: int = _DIGITS) -> tuple[str, str]:
    """Format two numbers for a sentence, with as many digits as it takes to see that they differ."""
    most = digits if one == other else _ALL_DIGITS
    pairs = [(format_value(one, number), format_value(other, number)) for number in range(digits, most + 1)]
    return next((pair for pair in pairs if pair[0] != pair[1]), pairs[0])


def describe_since(facts: Facts, since: int) -> str:
    """Return from which round on a condition holds that holds in the last round with finite numbers."""
    if facts.end == facts.rounds:
        return f"from round {since:,} on"
    return f"from round {since:,} to round {facts.end:,}" if since < facts.end else f"in round {since:,}"
