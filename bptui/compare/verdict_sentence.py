"""The verdict on a run as a sentence: the numbers that decided it, and nothing beyond them."""

from math import isfinite

from bptui.compare.findings import AT_FLOOR, format_apart, format_value, name_floor, name_loss
from bptui.core.training.run_facts import Facts
from bptui.core.training.verdict import JITTER, MOVES, find_halfway, list_window
from bptui.text.numbers import format_percent


def describe_verdict(facts: Facts) -> str:
    """Return how a run went, as a sentence with its numbers."""
    course, last, halfway = facts.course, f"round {facts.rounds:,}", f"round {find_halfway(facts.rounds):,}"
    height, loss = _describe_height(facts), name_loss(facts.spec)
    before, now = format_apart(course.middle, course.last)
    match facts.verdict:
        case "diverged":
            return _describe_divergence(facts)
        case "converged":
            return f"Converged: {loss} is {format_value(course.last)} in {last}{height}."
        case "oscillating":
            return _describe_oscillation(facts)
        case "rising":
            return f"Rising: {loss} rose from {before} in {halfway} to {now} in {last}{height}."
        case "still falling":
            return f"Still falling: {loss} fell from {before} in {halfway} to {now} in {last}{height}."
        case "one round":
            return f"One round: E is {format_value(course.last)}{height}; there is no other round to compare it with."
    of = f"distance from the {name_floor(facts.spec)}" if isfinite(facts.spec.floor) else "value"
    change = f"it changed by no more than {format_percent(MOVES)} of its {of}"
    return f"Stuck: {loss} was {before} in {halfway} and is {now} in {last}{height}; {change}."


def _describe_divergence(facts: Facts) -> str:
    course = facts.course
    if course.lost:
        return f"Diverged: in round {course.lost:,}, E or a parameter becomes inf or nan in {facts.spec.precision}."
    first, last = format_value(course.first), format_value(course.last)
    return f"Diverged: {name_loss(facts.spec)} rose from {first} in round 1 to {last} in round {facts.rounds:,}."


def _describe_oscillation(facts: Facts) -> str:
    course, (low, high) = facts.course, format_apart(*facts.span)
    counted = "" if course.rises + course.falls == course.steps else f" by more than {format_percent(JITTER)}"
    period = facts.spec.period
    first = list_window(facts.rounds, period).start
    apart = f", compared every {period} rounds," if period > 1 else ""
    rounds = f"from round {first:,} to round {facts.rounds:,}{apart}"
    times = f"rose {course.rises} times and fell {course.falls} times{counted}"
    return f"Oscillating: {rounds} {name_loss(facts.spec)} {times}, between {low} and {high}."


def _describe_height(facts: Facts) -> str:
    """Return how far the last loss is above the floor, as the end of a sentence."""
    floor, last, name = facts.spec.floor, float(facts.course.last), name_floor(facts.spec)
    if not isfinite(floor):
        return ""
    if not abs(floor) > 1e-9 * abs(last - floor):
        return f" ({name} {format_value(floor)})"
    above = (last - floor) / abs(floor)
    if above > AT_FLOOR:
        return f", {format_percent(above)} above the {name} ({format_value(floor)})"
    if above < -AT_FLOOR:
        return f", below the {name} ({format_value(floor)}) by rounding alone"
    if last == floor:
        return f", which equals the {name}"
    return f", within {format_percent(AT_FLOOR)} of the {name} ({format_value(floor)})"
