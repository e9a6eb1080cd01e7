"""Observations about a run, each one sentence with its numbers: computed from its facts, never guessed.

A kind of observation is a row of ``OBSERVATIONS``: a function that looks at everything known about a run and yields
sentences, or none.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import inf, isfinite, isinf

from bptui.core.engines.program import compile_expression
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.gradient_rules import RULES, derive_slope
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import gradient
from bptui.core.formulas.network import CHAIN_RULE
from bptui.core.training.convergence import TOLERANCES, Convergence
from bptui.core.training.precision import DIVERGED, PrecisionDrift
from bptui.core.training.run_facts import Facts
from bptui.core.training.verdict import find_halfway
from bptui.text.numbers import format_percent, format_significant
from bptui.text.words import format_count, join_words

AT_FLOOR = 1e-5  # of a floor: a loss that is no more above it is at it
_DIGITS = 4


@dataclass(frozen=True, eq=False)
class Findings:
    """Everything known about a run: its facts, how close it comes to its floor, and float32 beside float64."""

    facts: Facts
    convergence: Convergence
    drift: PrecisionDrift


def describe_verdict(facts: Facts) -> str:
    """Return how a run went, as a sentence with its numbers."""
    short, spec, last = facts.course, facts.spec, f"round {facts.rounds:,}"
    now, before = _format(short.last), f"{_format(short.middle)} in round {find_halfway(facts.rounds):,}"
    match facts.verdict:
        case "diverged" if short.lost:
            return f"Diverged: in round {short.lost:,} E or a parameter is inf or nan, in {spec.precision}."
        case "diverged":
            return f"Diverged: E rose from {_format(short.first)} in round 1 to {now} in {last}."
        case "converged":
            return f"Converged: E is {now} in {last}{_describe_height(facts)}."
        case "oscillating":
            low, high = map(_format, facts.span)
            return (
                f"Oscillating: in its last {short.steps} rounds E rose {short.rises} times and fell {short.falls} "
                f"times, between {low} and {high}."
            )
        case "rising":
            return f"Rising: E went up from {before} to {now} in {last}{_describe_height(facts)}."
        case "still falling":
            return f"Still falling: E fell from {before} to {now} in {last}{_describe_height(facts)}."
    if facts.rounds == 1:
        return f"Stuck: E is {now} in {last}, the only one there is{_describe_height(facts)}."
    return f"Stuck: E is {now} in {last}, after {before}{_describe_height(facts)}."


def _describe_height(facts: Facts) -> str:
    """Return how far the last loss is above the floor, as the end of a sentence."""
    floor, last = facts.spec.floor, float(facts.course.last)
    if not isfinite(floor):
        return ""
    if not abs(floor) > 1e-9 * abs(last - floor):
        return f", its floor being {_format(floor)}"
    above = (last - floor) / abs(floor)
    if above < AT_FLOOR:
        return f", which is its floor {_format(floor)}"
    return f", {format_percent(above)} above its floor {_format(floor)}"


def make_observations(seen: Findings) -> Iterator[str]:
    """Yield everything there is to say of a run besides its verdict."""
    for row in OBSERVATIONS:
        yield from row(seen)


def _rule(seen: Findings) -> Iterator[str]:
    name = seen.facts.spec.gradient
    if name != CHAIN_RULE:
        yield f'Its gradients are not the chain rule\'s; by the rule "{name}", {RULES[name].about}.'


def _lowest(seen: Findings) -> Iterator[str]:
    (low, round_), last = seen.facts.lowest, float(seen.facts.course.last)
    if round_ and not last <= low + 0.01 * abs(low):
        yield f"The lowest loss was {_format(low)}, in round {round_:,}."


def _out_of_reach(seen: Findings) -> Iterator[str]:
    """Yield the targets outside the range of the output activation, and the loss floor that follows."""
    spec, far = seen.facts.spec, []
    network = spec.network
    if not LOSSES[spec.loss].by_output or not isfinite(spec.floor):
        return
    for output, name, target in zip(network.outputs, network.targets, spec.targets, strict=True):
        activation = ACTIVATIONS[network.activation(output)]
        low, high = activation.range
        if not low <= target <= high:
            to = f"does not go below {low:g}" if target < low else f"does not go above {high:g}"
            far.append(f"{name} = {_format(target)} is out of reach, for {output} is a {activation.name}, which {to}")
    if far:
        yield f"{join_words(far)}: E cannot fall below {_format(spec.floor)}, whatever the weights."


def _floor(seen: Findings) -> Iterator[str]:
    """Yield a floor that is not where each output equals its target."""
    spec = seen.facts.spec
    if not LOSSES[spec.loss].by_output and isfinite(spec.floor) and spec.floor:
        yield f"With these targets and activations {spec.loss} cannot fall below {_format(spec.floor)}."


def _no_floor(seen: Findings) -> Iterator[str]:
    spec = seen.facts.spec
    if spec.floor == -inf:
        free = [o for o in spec.network.outputs if any(map(isinf, ACTIVATIONS[spec.network.activation(o)].range))]
        by_ends = free and not LOSSES[spec.loss].by_output  # else a logarithm of 0 is unbounded
        ends = f", and {join_words(free)} can go on without end" if by_ends else ""
        yield f"The loss has no floor, it can fall for ever: {_describe_misuse(seen)}{ends}."
    elif spec.floor == inf:
        yield "Every loss that these outputs can have overflows."


def _negative(seen: Findings) -> Iterator[str]:
    since = seen.facts.since.get("negative", {}).get(("E",))
    if since:
        yield f"E is below 0 since round {since:,}: {_describe_misuse(seen)}."


def _describe_misuse(seen: Findings) -> str:
    """Return why a loss is negative or has no floor: the targets that it is not meant for."""
    spec = seen.facts.spec
    low, high = LOSSES[spec.loss].meant
    named = zip(spec.network.targets, spec.targets, strict=True)
    others = [f"{name} = {_format(y)}" for name, y in named if not low <= y <= high]
    return f"{spec.loss} is meant for targets from {low:g} to {high:g}, and not for {join_words(others)}"


def _near(seen: Findings) -> Iterator[str]:
    """Yield the rounds it takes to come close to the floor."""
    reach = seen.convergence
    if not reach.looked:
        return
    found = [(part, round_) for part, round_ in zip(TOLERANCES, reach.rounds, strict=True) if round_]
    of = "its floor" if reach.of_floor else "its first loss"
    words = "within {} of {}" if reach.of_floor else "down to {} of {}"
    said = [f"{words.format(format_percent(part), of)} in round {round_:,}" for part, round_ in found]
    if len(found) < len(TOLERANCES):
        nearest = words.format(format_percent(TOLERANCES[len(found)]), of)
        why = "its numbers become inf or nan" if reach.lost else "nothing moves any more" if reach.still else ""
        end = f"ever, for {why}" if why else f"in {reach.looked:,} rounds"
        if not said:
            yield f"It does not come {nearest} {end}."
            return
        said.append(f"not {nearest} {end}")
    yield f"It comes {join_words(said)}."


def _dead(seen: Findings) -> Iterator[str]:
    """Yield neurons with slope exactly 0; one sentence for the same activation, since the same round."""
    facts, network = seen.facts, seen.facts.spec.network
    dead = {neuron: since for (neuron,), since in facts.since.get("dead", {}).items()}
    alike: dict[tuple[int, str, float], list[str]] = {}
    for neuron, since in dead.items():
        alike.setdefault((since, network.activation(neuron), float(facts.values[neuron])), []).append(neuron)
    for (since, name, value), neurons in alike.items():
        into = [w.name for w in network.weights if w.target in neurons]
        do = "does" if len(into) == 1 else "do"
        still = f"so by the chain rule no gradient passes, and {join_words(into)} {do} not move"
        yield (
            f"{join_words(neurons)} {'is' if len(neurons) == 1 else 'are'} dead since round {since:,}: {name} puts out "
            f"{_format(value)} with slope 0, {_describe_moves(facts, into) or still}."
        )
    if all(output in dead for output in network.outputs) and not _describe_moves(facts, network.parameters):
        since = max(dead[output] for output in network.outputs)
        yield f"With every output dead, nothing in the network moves since round {since:,}."


def _describe_moves(facts: Facts, parameters: Iterable[str]) -> str:
    """Return which parameters move although the chain rule gives them no gradient: by a wrong gradient rule."""
    moved = [name for name in parameters if facts.values.get(gradient(name), 0.0)]
    return f"and yet its gradient rule moves {join_words(moved)}" if moved else ""


def _copies(seen: Findings) -> Iterator[str]:
    if not RULES[seen.facts.spec.gradient].general:
        return  # then equal weights need not get equal gradients
    for neurons, since in seen.facts.since.get("copies", {}).items():
        yield (
            f"{join_words(neurons)} are copies of each other since round {since:,}: equal weights get equal gradients, "
            f"so they stay equal, and do the work of one neuron."
        )


def _saturated(seen: Findings) -> Iterator[str]:
    facts, network = seen.facts, seen.facts.spec.network
    for (neuron,), since in facts.since.get("saturated", {}).items():
        value, at = facts.values[neuron], float(compile_expression(derive_slope(network, neuron))(facts.values))
        if at:  # slope 0 is reported as dead
            yield (
                f"{neuron} is saturated since round {since:,}: at {_format(value)} its {network.activation(neuron)} "
                f"has slope {_format(at, 2)}, and by the chain rule little gradient passes."
            )


def _precision(seen: Findings) -> Iterator[str]:
    found, rounds = seen.drift, seen.facts.rounds
    name, double, single = found.parameter
    most = f"{name} is {_format(double, 7)} in float64 and {_format(single, 7)} in float32"
    if found.round is not None:
        losses = f"{_format(found.double)} and {_format(found.single)}"
        yield (
            f"Float64 and float32 part in round {found.round:,}, where their losses differ by more than "
            f"{format_percent(DIVERGED)}; after {format_count(rounds, 'round')} E is {losses}, and {most}."
        )
    elif isfinite(double) != isfinite(single):
        yield f"Float64 and float32 part, though their losses do not: after {format_count(rounds, 'round')} {most}."
    elif seen.facts.end and isfinite(double):  # else there is nothing to compare
        yield (
            f"Float64 and float32 stay together: in {format_count(rounds, 'round')} their losses differ by "
            f"{_format(found.largest, 2)} of E at the most; in the end {most}."
        )


def _format(value: float, digits: int = _DIGITS) -> str:
    text = format_significant(float(value), digits)
    return text.replace("-", "−", 1) if value < 0 else text


OBSERVATIONS: Iterable[Callable[[Findings], Iterator[str]]] = (
    _rule,
    _lowest,
    _near,
    _out_of_reach,
    _floor,
    _no_floor,
    _negative,
    _dead,
    _copies,
    _saturated,
    _precision,
)
"""The observations about a run, in this order."""
