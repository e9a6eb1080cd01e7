"""The catalogue of mistakes and conventions that change a printed value.

Each row of ``CATALOGUE`` is one kind of change and lists its options for a problem. Changes made together alter different
settings, readings and steps. The gradient rules are one row here; their own rows are in ``gradient_rules``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.gradient_rules import RULES
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import bias
from bptui.core.formulas.network import BIAS_UPDATES, NUMBERINGS
from bptui.core.formulas.rounding import NONE, ROUNDINGS
from bptui.core.problem.spec import GIVEN, PRECISIONS, Spec
from bptui.derive.notations import format_label
from bptui.explain.changes import Change, apply_changes
from bptui.explain.variants import list_added_updates, list_derivatives, list_missing_paths

USUAL_STEPS = (
    *(0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9),
    *(1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 10.0, 20.0, 50.0, 100.0),
)
_MOST_SWAPPED = 9  # numbers of a kind of which any two may be taken for each other
_SIGMOIDS = ("sigmoid", "torch.sigmoid")  # the same function except for the last bits


@dataclass(frozen=True)
class CatalogueRow:
    """One kind of change.

    Attributes:
        kind: Its name.
        options: Lists the changes of this kind for a problem; none if it does not apply.
    """

    kind: str
    options: Callable[[Spec], Iterable[Change]]


def make_step_change(step: float, solved: int = 0) -> Change:
    """Return the change to another learning rate.

    Args:
        step: The learning rate.
        solved: The digits of a learning rate that was solved for; it needs that many more digits of evidence.
    """
    weight = Change.weight + solved
    return Change("step", f"step {step:g}", f"the step size η was {step:g}", (("step", step),), weight=weight)


def _rules(spec: Spec) -> Iterator[Change]:
    for rule in RULES.values():
        if rule.name != spec.gradient and rule.applies(spec.network):
            yield Change("gradient rule", f'gradient rule "{rule.name}"', rule.about, (("gradient", rule.name),))


def _losses(spec: Spec) -> Iterator[Change]:
    for loss in LOSSES.values():
        about = f"the loss was {loss.name}: {loss.about}"
        if loss.name != spec.loss and (len(spec.network.outputs) > 1 or "mean" not in loss.name):
            alike = "squared error" in loss.name and "squared error" in spec.loss
            yield Change("loss", loss.name, about, (("loss", loss.name),), weight=1 if alike else 2)


def _bias_updates(spec: Spec) -> Iterator[Change]:
    biases = (("biases_hidden", spec.biases_hidden), ("biases_output", spec.biases_output))
    if not spec.network.biases:
        return
    said = {
        "frozen": "the biases were not updated",
        "per neuron": "each neuron's bias was updated by its own delta",
        "shared": "a layer's neurons shared one bias, which was updated by the sum of their deltas",
    }
    for update in BIAS_UPDATES:
        possible = update != "shared" or all(len(set(values)) < 2 for _, values in biases)
        if update != spec.bias_update and possible:
            yield Change("biases", f"biases {update}", said[update], (("bias_update", update),), weight=1)
    yield Change("biases", "no biases", "the biases were left out", tuple((name, ()) for name, _ in biases))


def _activations(spec: Spec) -> Iterator[Change]:
    network = spec.network
    used = set(network.activations)
    library = _SIGMOIDS[1] in used and _SIGMOIDS[0] not in used
    offered = [name for name in ACTIVATIONS if name != _SIGMOIDS[not library]]
    layers = {
        "the hidden neurons": tuple(one for layer in network.hidden_layers for one in layer.neurons),
        "the outputs": network.outputs,
        "all neurons": network.neurons,
        **{neuron: (neuron,) for neuron in network.neurons},
    }
    seen = {network.activations}
    for where, neurons in layers.items():
        for name in offered:
            change = _activation(spec, where, neurons, name)
            after = apply_changes(spec, [change]).network.activations
            if after not in seen:
                seen.add(after)
                yield change


def _activation(spec: Spec, where: str, neurons: tuple[str, ...], name: str) -> Change:
    by_neuron = dict(zip(spec.network.neurons, spec.network.activations, strict=True)) | dict.fromkeys(neurons, name)
    was = "was" if (where,) == neurons else "were"
    return Change(
        "activation",
        f"{where}: {name}",
        f"{where} {was} {name}, {ACTIVATIONS[name].about}",
        _activation_settings(by_neuron),
    )


def _activation_settings(by_neuron: dict[str, str]) -> tuple[tuple[str, Any], ...]:
    """Return the settings that give each neuron its activation."""
    layers = {layer: [n for n in by_neuron if n[0] == layer] for layer in "ho"}
    common = {layer: Counter(by_neuron[n] for n in neurons).most_common(1)[0][0] for layer, neurons in layers.items()}
    others = tuple((n, name) for n, name in by_neuron.items() if name != common[n[0]])
    return (("activation_hidden", common["h"]), ("activation_output", common["o"]), ("activation_neurons", others))


def _sigmoids(spec: Spec) -> Iterator[Change]:
    """Yield the swap of the written-out sigmoid and the library's, which differ in the last bits."""
    for name, other in (_SIGMOIDS, _SIGMOIDS[::-1]):
        if name in spec.network.activations:
            what = "the library's sigmoid" if other == _SIGMOIDS[1] else "the sigmoid written out"
            yield Change("sigmoid", what, f"{what} was used: {ACTIVATIONS[other].about}", renamed=((name, other),))


def _steps(spec: Spec) -> Iterator[Change]:
    likely = (*USUAL_STEPS, *(float(f"{spec.step * factor:.15g}") for factor in (2.0, 0.5, 10.0, 0.1)))
    return (make_step_change(step) for step in dict.fromkeys(likely) if step != spec.step and 0.0 < step < float("inf"))


def _precisions(spec: Spec) -> Iterator[Change]:
    for name in PRECISIONS:
        if name != spec.precision:
            about = f"it was calculated in {name}"
            yield Change("precision", name, about, (("precision", name), ("torch_precision", "same")))


def _roundings(spec: Spec) -> Iterator[Change]:
    for name in (NONE, *ROUNDINGS):
        if name != spec.rounding:
            to = name.replace("digits", "significant digits")
            about = "nothing was rounded" if name == NONE else f"every result was rounded to {to} before it was used"
            what = "not rounded" if name == NONE else f"rounded to {name}"
            yield Change("rounding", what, about, (("rounding", name),))


def _numberings(spec: Spec) -> Iterator[Change]:
    other = NUMBERINGS[1 - NUMBERINGS.index(spec.numbering)]
    there = replace(spec, numbering=other)
    if there.network.weights == spec.network.weights:
        return
    example = next(w for w, own in zip(there.network.weights, spec.network.weights, strict=True) if w != own)
    end = "where they come from" if other == NUMBERINGS[0] else "where they go to"
    way = f"by {end} ({example.name}: {example.source}→{example.target})"
    named = Change(
        "numbering",
        f"weights named {other}",
        f"the weights were numbered {way}, so that a figure's name means another weight",
        (("numbering", other), *((("weights", _reordered_weights(spec, there)),) if spec.init == GIVEN else ())),
    )
    yield named
    if spec.init == GIVEN:
        about = f"the list of initial weights was read {way}, so that they stand in other places"
        yield Change("numbering", f"weights placed {other}", about, (("numbering", other),))


def _reordered_weights(spec: Spec, there: Spec) -> tuple[float, ...]:
    """Return the same network's weights in the order of another numbering."""
    value = {(w.source, w.target): v for w, v in zip(spec.network.weights, spec.weights, strict=True)}
    return tuple(value[w.source, w.target] for w in there.network.weights)


def _shifts(spec: Spec) -> Iterator[Change]:
    later = "rounds were counted from 0: what is called round N is round N + 1 here, after N updates"
    earlier = "the printed value is of the round before, one update earlier than it says"
    yield Change("round", "rounds counted from 0", later, reading=(("shift", 1),), weight=1, convention=True)
    yield Change("round", "round N for N − 1", earlier, reading=(("shift", -1),), weight=1)


def _orders(spec: Spec) -> Iterator[Change]:
    """Yield the numbers of neurons read in another order: the bias before the weights, or behind them."""
    network = spec.network
    if spec.init != GIVEN or not network.biases:
        return
    values = dict(zip(network.parameters, (*spec.weights, *spec.biases_hidden, *spec.biases_output), strict=True))
    groups = {one: [*(network.weight(s, one) for s in network.sources(one)), bias(one)] for one in network.neurons}
    for where, neurons in {"all neurons": network.neurons, **{one: (one,) for one in network.neurons}}.items():
        for by, how in ((1, "the bias was read first, then the weights"), (-1, "the first weight was read as the bias")):
            read = dict(values)
            for names in (groups[one] for one in neurons if bias(one) in network.biases):
                read |= dict(zip(names, (values[names[(at - by) % len(names)]] for at, _ in enumerate(names)), strict=True))
            if read != values:
                yield _make_given(spec, "order", f"{where}: {how}", f"of {where} {how}", read)


def _make_given(spec: Spec, kind: str, name: str, about: str, values: dict[str, float]) -> Change:
    network = spec.network
    numbers = [values[p] for p in network.parameters]
    count, hidden = len(network.weights), len(spec.biases_hidden)
    parts = (numbers[:count], numbers[count : count + hidden], numbers[count + hidden :])
    settings = zip(("weights", "biases_hidden", "biases_output"), map(tuple, parts), strict=True)
    return Change(kind, name, about, tuple(settings))


def _swaps(spec: Spec) -> Iterator[Change]:
    """Yield two given numbers of a kind taken for each other."""
    network, values = spec.network, {name: getattr(spec, name) for name in ("inputs", "targets", "weights")}
    named = {"inputs": [network.inputs], "targets": [network.targets]}
    if spec.init == GIVEN:
        named["weights"] = [tuple(w.name for w in gap) for gap in network.gaps]
    for setting, groups in named.items():
        names = [name for group in groups for name in group]
        for one, other in (pair for group in groups if len(group) <= _MOST_SWAPPED for pair in combinations(group, 2)):
            first, second, numbers = names.index(one), names.index(other), list(values[setting])
            if numbers[first] != numbers[second]:
                numbers[first], numbers[second] = numbers[second], numbers[first]
                about = f"{format_label(one)} and {format_label(other)} were taken for each other"
                yield Change("swap", f"{one} and {other} swapped", about, ((setting, tuple(numbers)),))


def _digits(spec: Spec) -> Iterator[Change]:
    about = "the last digits were cut off instead of rounded"
    yield Change("digits", "digits cut off", about, reading=(("cut", True),), convention=True)


def _signs(spec: Spec) -> Iterator[Change]:
    about = "deltas and gradients have the opposite sign (target minus output), and the update adds them"
    yield Change(
        "sign", "slopes counted the other way", about, reading=(("turned", True),), weight=1, convention=True
    )


def _bias_signs(spec: Spec) -> Iterator[Change]:
    if not spec.network.biases:
        return
    name = "biases are weights of an input of −1"
    about = "a bias is the weight of an input of −1, so that its gradient and its updates have the opposite sign"
    yield Change("bias sign", name, about, reading=(("bias_sign", -1.0),), weight=1, convention=True)
    turned = tuple((field, tuple(-b for b in getattr(spec, field))) for field in ("biases_hidden", "biases_output"))
    about = "a bias is the weight of an input of −1, so that it is subtracted"
    yield Change("bias sign", "biases subtracted", about, turned, (("bias_sign", -1.0),), weight=1, convention=True)


def _loss_scales(spec: Spec) -> Iterator[Change]:
    """Yield the slopes of a loss that is a multiple of the one printed, such as of half of the square."""
    scales, outputs = dict[str, float](), len(spec.network.outputs)
    for name in LOSSES:
        if "squared error" in name and (outputs > 1 or "mean" not in name):
            scales[name] = (0.5 if "half" in name else 1.0) / (outputs if "mean" in name else 1)
    for name, scale in scales.items():
        if spec.loss in scales and scale != scales[spec.loss]:
            factor = scales[spec.loss] / scale
            about = f"the loss is printed as {spec.loss}, and its derivative is that of {name}"
            settings, reading = (("loss", name),), (("loss_factor", factor),)
            yield Change("loss", f"slopes of {name}", about, settings, reading, weight=1, convention=True)


CATALOGUE = (
    CatalogueRow("gradient rule", _rules),
    CatalogueRow("loss", lambda spec: (*_losses(spec), *_loss_scales(spec))),
    CatalogueRow("biases", _bias_updates),
    CatalogueRow("activation", _activations),
    CatalogueRow("sigmoid", _sigmoids),
    CatalogueRow("step", _steps),
    CatalogueRow("precision", _precisions),
    CatalogueRow("rounding", _roundings),
    CatalogueRow("numbering", _numberings),
    CatalogueRow("round", _shifts),
    CatalogueRow("digits", _digits),
    CatalogueRow("sign", _signs),
    CatalogueRow("bias sign", _bias_signs),
    CatalogueRow("derivative", list_derivatives),
    CatalogueRow("update", list_added_updates),
    CatalogueRow("path", list_missing_paths),
    CatalogueRow("swap", _swaps),
    CatalogueRow("order", _orders),
)
CHANGE_KINDS = (*(row.kind for row in CATALOGUE), "given", "formula", "slip")
