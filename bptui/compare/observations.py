"""Observations about a run, each one sentence with its numbers: computed from its facts, never guessed.

A kind of observation is a row of ``OBSERVATIONS``: a function that looks at everything known about a run and yields
sentences, or none.
"""

from collections.abc import Callable, Iterable, Iterator
from math import inf, isfinite, isinf

from bptui.compare.findings import AT_FLOOR, Findings, describe_since, format_apart, format_value, name_floor, name_loss
from bptui.compare.gradient_sizes import describe_gradient_sizes
from bptui.compare.neurons import describe_copies, describe_dead, describe_dead_layers, describe_saturated
from bptui.compare.outputs import describe_outputs
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.network import CHAIN_RULE
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.training.convergence import TOLERANCES
from bptui.core.training.precision import DIVERGED
from bptui.text.numbers import format_percent
from bptui.text.words import format_count, join_words


def make_observations(seen: Findings) -> Iterator[str]:
    """Yield everything there is to say of a run besides its verdict."""
    for row in OBSERVATIONS:
        yield from row(seen)


def _rule(seen: Findings) -> Iterator[str]:
    name, network = seen.facts.spec.gradient, seen.facts.spec.network
    if not RULES[name].applies(network):
        yield f'The gradient rule "{name}" changes nothing in this network: here it is the chain rule.'
    elif name != CHAIN_RULE:
        done = RULES[name].describe(network)
        yield f'The backward pass follows the rule "{name}" instead of the chain rule; {done}.'


def _lowest(seen: Findings) -> Iterator[str]:
    (low, round_), last = seen.facts.lowest, float(seen.facts.course.last)
    if round_ and not last <= low + 0.01 * abs(low):
        over = " over all samples" if seen.facts.spec.period > 1 else ""
        yield f"The lowest loss{over} was {format_value(low)}, in round {round_:,}."


def _out_of_reach(seen: Findings) -> Iterator[str]:
    """Yield the targets outside the range of the output activation, and the loss floor that follows."""
    spec, far = seen.facts.spec, []
    network = spec.network
    if not LOSSES[spec.loss].by_output or not isfinite(spec.floor):
        return
    goals = {(o, y, row[place]) for row in spec.targets for place, (o, y) in enumerate(network.pairs)}
    for output, name, target in sorted(goals):
        activation = ACTIVATIONS[network.activation(output)]
        low, high = activation.range
        if not low <= target <= high:
            to = f"cannot go below {format_value(low)}" if target < low else f"cannot go above {format_value(high)}"
            far.append(f"{name} = {format_value(target)} is out of reach, because {output} ({activation.name}) {to}")
    if far:
        floor = f"{format_value(spec.floor)}{_describe_rounding(seen)}"
        yield f"{join_words(far)}: {name_loss(spec)} cannot fall below {floor}."


def _floor(seen: Findings) -> Iterator[str]:
    """Yield a floor that is not where each output equals its target."""
    spec = seen.facts.spec
    if not LOSSES[spec.loss].by_output and isfinite(spec.floor) and spec.floor:
        floor = f"{format_value(spec.floor)}{_describe_rounding(seen)}"
        yield f"With these targets and activations, {spec.loss} cannot fall below {floor}."


def _describe_rounding(seen: Findings) -> str:
    """Return the exception from a floor, where the computed losses show it."""
    floor = seen.facts.spec.floor
    return ", except by rounding" if seen.facts.lowest[0] < floor - AT_FLOOR * abs(floor) else ""


def _no_floor(seen: Findings) -> Iterator[str]:
    spec = seen.facts.spec
    if spec.floor == -inf:
        free = [o for o in spec.network.outputs if any(map(isinf, ACTIVATIONS[spec.network.activation(o)].range))]
        by_ends = free and not LOSSES[spec.loss].by_output  # else a logarithm of 0 is unbounded
        lowest = min((ACTIVATIONS[spec.network.activation(o)].range[0] for o in free), default=0.0)
        limit = "no limit" if lowest == -inf else "no upper limit"  # no range ends below only
        ends = f", and {join_words(free)} {'has' if len(free) == 1 else 'have'} {limit}" if by_ends else ""
        yield f"With the ranges of these outputs, the loss has no lower bound: {_describe_misuse(seen)}{ends}."
    elif spec.floor == inf:
        yield "Every loss that is possible with these outputs overflows."


def _negative(seen: Findings) -> Iterator[str]:
    since = seen.facts.since.get("negative", {}).get(("E",))
    if since:
        yield f"{name_loss(seen.facts.spec)} is below 0 {describe_since(seen.facts, since)}: {_describe_misuse(seen)}."


def _describe_misuse(seen: Findings) -> str:
    """Return why a loss is negative or has no floor: the targets, or else the outputs, that it is not meant for."""
    spec = seen.facts.spec
    low, high = LOSSES[spec.loss].meant
    named = {(y, row[place]) for row in spec.targets for place, (_, y) in enumerate(spec.network.pairs)}
    others = [f"{name} = {format_value(y)}" for name, y in sorted(named) if not low <= y <= high]
    if not others:
        least, most = LOSSES[spec.loss].of_outputs
        return f"{spec.loss} is meant for outputs from {format_value(least)} to {format_value(most)}"
    meant = f"from {format_value(low)} to {format_value(high)}"
    return f"{spec.loss} is meant for targets {meant}, not for {join_words(others)}"


def _near(seen: Findings) -> Iterator[str]:
    """Yield the rounds it takes to come close to the floor."""
    reach, loss = seen.convergence, name_loss(seen.facts.spec)
    if not reach.looked or not (reach.of_floor or seen.facts.course.first):
        return  # where the first loss is 0, a part of it is no aim
    found = [(part, round_) for part, round_ in zip(TOLERANCES, reach.rounds, strict=True) if round_]
    of = "the first loss"
    if reach.of_floor:
        of = f"the {name_floor(seen.facts.spec)}{' or below it' * bool(_describe_rounding(seen))}"
    words = "within {}" if reach.of_floor else "down to {}"
    aims = [f"{words.format(format_percent(part))}{f' of {of}' * (not place)}" for place, part in enumerate(TOLERANCES)]
    said = [f"first comes {aims[0]} in round {found[0][1]:,}"] if found else []
    said += [f"{aim} in round {round_:,}" for aim, (_, round_) in zip(aims[1:], found[1:], strict=False)]
    if len(found) == len(TOLERANCES):
        yield f"{loss} {join_words(said)}."
        return
    aim = aims[len(found)]
    if reach.lost:
        end = f"does not come {aim} before the numbers become inf or nan"
    elif reach.still:
        end = f"never comes {aim}, because nothing moves any more"
    else:
        end = f"does not come {aim} in {format_count(reach.looked, 'round')}"
    yield f"{loss} {', but '.join(filter(None, [join_words(said), end]))}."


def _precision(seen: Findings) -> Iterator[str]:
    """Yield how far the run in float64 and the run in float32 are from each other."""
    facts, found, near = seen.facts, seen.drift, f"within {format_percent(DIVERGED)} of each other"
    name, double, single = found.parameter
    after = f"after round {facts.rounds:,}, {name} is {_format_both(double, single, 7)}"
    if found.round is not None:
        then = f"; in round {facts.rounds:,}, E is {_format_both(found.double, found.single)}"
        are = "are no longer" if found.round > 1 else "are not"
        yield (
            f"In round {found.round:,}, the losses in float64 and float32 {are} {near}: E is "
            f"{_format_both(*found.parting)}{then * (found.round < facts.rounds)}; {after}."
        )
    elif isfinite(double) != isfinite(single):
        yield f"The losses in float64 and float32 stay {near}, but {after}."
    elif isfinite(double) and facts.end == facts.rounds:  # else there is nothing to compare
        differ = f"differ by at most about {format_value(found.largest, 2)} of E" if found.largest else "are equal"
        rounds = format_count(facts.rounds, "round")
        yield f"Float64 and float32 stay together: in {rounds} their losses {differ}; {after}."


def _format_both(double: float, single: float, digits: int = 4) -> str:
    one, other = format_apart(double, single, digits)
    return f"{one} in both" if one == other else f"{one} in float64 and {other} in float32"


OBSERVATIONS: Iterable[Callable[[Findings], Iterator[str]]] = (
    _rule,
    _lowest,
    _near,
    describe_outputs,
    _out_of_reach,
    _floor,
    _no_floor,
    _negative,
    describe_dead,
    describe_dead_layers,
    describe_copies,
    describe_saturated,
    describe_gradient_sizes,
    _precision,
)
"""The observations about a run, in this order."""
