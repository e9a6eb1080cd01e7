"""Observations about neurons: which are dead, saturated, or copies of each other, and since when.

What a gradient rule does is known of a round only from that round's gradients; what the chain rule does holds in all.
"""

from collections.abc import Iterable, Iterator

from bptui.compare.findings import Findings, describe_since, format_value
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.names import gradient, of_sample
from bptui.core.formulas.network import CHAIN_RULE
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.rules.derivatives import derive_slope
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.formulas.samples import place_at_samples
from bptui.core.problem.spec import Spec
from bptui.core.training.run_facts import Facts
from bptui.text.words import join_words


def describe_dead(seen: Findings) -> Iterator[str]:
    """Yield neurons with slope exactly 0; one sentence for the same activation, since the same round."""
    facts, network = seen.facts, seen.facts.spec.network
    samples, every = _list_samples(facts)
    dead = {neuron: since for (neuron,), since in facts.since.get("dead", {}).items()}
    alike: dict[tuple[int, str, str], list[str]] = {}
    for neuron, since in dead.items():
        found = {float(facts.values[of_sample(neuron, sample)]) for sample in samples}
        puts_out = f"outputs {format_value(min(found))} with" if len(found) == 1 else "has"
        alike.setdefault((since, network.activation(neuron), puts_out), []).append(neuron)
    for (since, name, puts_out), neurons in alike.items():
        into = [w.name for w in network.weights if w.target in neurons]
        when = _describe_rounding(facts, "" if facts.spec.gradient == CHAIN_RULE else f" in round {facts.end:,}")
        one = len(into) == 1
        still = f"{join_words(into)} {'does' if one else 'do'} not move{when}"
        if _moves_without_gradient(facts.spec):
            still = f"only {_name_other_moves(facts.spec)} can move {join_words(into)}"
        yield (
            f"{join_words(neurons)} {'is' if len(neurons) == 1 else 'are'} dead {describe_since(facts, since)}: {name} "
            f"{puts_out} slope 0{every}, "
            f"{_describe_moves(facts, into) or f'so by the chain rule no gradient passes, and {still}'}."
        )
    stays = not _moves_without_gradient(facts.spec) and not _describe_moves(facts, network.parameters)
    if dead.keys() >= set(network.outputs) and stays:
        since = max(dead[output] for output in network.outputs)
        when = describe_since(facts, since if facts.spec.gradient == CHAIN_RULE else facts.end)
        yield f"With every output dead, nothing in the network moves {_describe_rounding(facts, when)}."


def describe_dead_layers(seen: Findings) -> Iterator[str]:
    """Yield hidden layers, behind others, whose neurons are all dead, with what no gradient passes to."""
    facts, network = seen.facts, seen.facts.spec.network
    dead = {neuron: since for (neuron,), since in facts.since.get("dead", {}).items()}
    for number, layer in enumerate(network.hidden_layers[1:], 1):
        before = [p for one in network.layers[:number] for p in network.parameters_into(one)]
        if dead.keys() >= set(layer.neurons) and not any(facts.values[gradient(p)] for p in before):
            since = describe_since(facts, max(dead[neuron] for neuron in layer.neurons))
            to = join_words([one.words for one in network.layers[:number]])
            yield f"All of {layer.words} is dead {since}, so by the chain rule no gradient passes back to {to}."


def _describe_rounding(facts: Facts, when: str) -> str:
    """Return when something does not move, and the exception: a result rounded by hand may move it all the same."""
    return when if facts.spec.rounding == NONE else f"{when}, except by rounding"


def _describe_moves(facts: Facts, parameters: Iterable[str]) -> str:
    """Return which parameters have a gradient although the chain rule gives them none: by a wrong gradient rule."""
    moved = [name for name in parameters if facts.values.get(gradient(name), 0.0)]
    rule = facts.spec.gradient
    return f'yet the rule "{rule}" gives {join_words(moved)} a gradient other than 0' if moved else ""


def describe_copies(seen: Findings) -> Iterator[str]:
    """Yield the hidden neurons that are copies of each other."""
    if not RULES[seen.facts.spec.gradient].general:
        return  # then equal weights need not get equal gradients
    for neurons, since in seen.facts.since.get("copies", {}).items():
        yield (
            f"{join_words(neurons)} are copies of each other {describe_since(seen.facts, since)}: equal weights get "
            f"equal gradients, so they stay equal and do the work of one neuron."
        )


def describe_saturated(seen: Findings) -> Iterator[str]:
    """Yield neurons near an end of their activation's range, with the slope that is left there."""
    facts, network = seen.facts, seen.facts.spec.network
    saturated = {neuron: since for (neuron,), since in facts.since.get("saturated", {}).items()}
    layers = [layer for layer in network.hidden_layers if len(network.hidden_layers) > 1 and len(layer.neurons) > 1]
    for layer in (layer for layer in layers if saturated.keys() >= set(layer.neurons)):
        when = describe_since(facts, max(saturated.pop(neuron) for neuron in layer.neurons))
        if at := max(max(_find_slopes(facts, neuron)) for neuron in layer.neurons):
            yield (
                f"All of {layer.words} is saturated {when}: its neurons have slopes of at most {format_value(at, 2)}, "
                "and the chain rule multiplies everything that passes back through them by these slopes."
            )
    for neuron, since in saturated.items():
        found = _find_slopes(facts, neuron)
        samples, every = _list_samples(facts)
        value, at = facts.values[of_sample(neuron, samples[0])], max(found)
        if at:  # slope 0 is reported as dead
            has = f"at output {format_value(value)} the slope of {network.activation(neuron)} is {format_value(at, 2)}"
            if every:
                has = f"the slope of {network.activation(neuron)} is at most {format_value(at, 2)}{every}"
            yield (
                f"{neuron} is saturated {describe_since(facts, since)}: {has}, and the chain rule multiplies "
                f"∂E/∂{neuron} by this slope."
            )


def _find_slopes(facts: Facts, neuron: str) -> list[float]:
    """Return the slope of a neuron for each sample."""
    spec = facts.spec
    slopes = place_at_samples(spec.with_all_samples().network, {"": derive_slope(spec.network.one_sample, neuron)})
    return [float(compile_expression(slope)(facts.values)) for slope in slopes.values()]


def _list_samples(facts: Facts) -> tuple[tuple[int, ...], str]:
    """Return the samples that the values of a run are known for, and what to add where these are several."""
    samples = facts.spec.with_all_samples().network.samples
    return samples or (0,), " for every sample" if samples else ""


def _name_other_moves(spec: Spec) -> str:
    """Return what may move a parameter although its gradient is 0."""
    causes = ["the state of the optimiser"] * bool(OPTIMISERS[spec.optimiser].state)
    return " or ".join([*causes, *(["weight decay"] * (spec.weight_decay > 0.0))])


def _moves_without_gradient(spec: Spec) -> bool:
    """Whether a parameter may move although its gradient is 0."""
    return bool(OPTIMISERS[spec.optimiser].state) or spec.weight_decay > 0.0
