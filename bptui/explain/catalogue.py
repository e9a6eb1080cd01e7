"""The catalogue of mistakes and conventions that change a printed value.

Each row of ``CATALOGUE`` is one kind of change and lists its options for a problem. A set of changes has at most one of
each kind. The gradient rules are one row here; their own rows are in ``rules``.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.expr import Name
from bptui.core.formulas.gradient_rules import RULES
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.network import BIAS_UPDATES, NUMBERINGS
from bptui.core.formulas.rounding import NONE, ROUNDINGS
from bptui.core.problem.spec import GIVEN, PRECISIONS, Spec
from bptui.core.quantities.printable import list_printable
from bptui.explain.changes import Change, apply_changes

USUAL_STEPS = (
    *(0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9),
    *(1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 10.0, 20.0, 50.0, 100.0),
)
_SIGMOIDS = ("sigmoid", "torch.sigmoid")  # the same function except for the last bits
_WORST_POWER = 3  # the largest power of ten by which a decimal point is misplaced


@dataclass(frozen=True)
class CatalogueRow:
    """One kind of change.

    Attributes:
        kind: Its name.
        options: Lists the changes of this kind for a problem; none if it does not apply.
        alone: Whether it is a mistake in a single number, and so makes no sense beside other changes.
    """

    kind: str
    options: Callable[[Spec], Iterable[Change]]
    alone: bool = False


def make_step_change(step: float, solved: int = 0) -> Change:
    """Return the change to another learning rate.

    Args:
        step: The learning rate.
        solved: The digits of a learning rate that was solved for; it needs that many more digits of evidence.
    """
    weight = Change.weight + solved
    return Change("step", f"step {step:g}", f"the step size η was {step:g}", (("step", step),), weight=weight)


def make_slip_change(round_: int, name: str, off: float) -> Change:
    """Return the change to one number that is wrong by itself, while later numbers follow from it.

    Args:
        round_: The number's round.
        name: The number's name.
        off: By how many digits it is off.
    """
    what = f"{name} of round {round_:,} is wrong for a reason of its own"
    about = f"{what}, and what comes after follows from it, as far as its digits go"
    return Change("carried", f"slip in {name}", about, reading=(("slip", (round_, name)),), weight=1 + off)


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
    earlier = "the figure is of the round before, one update earlier than it says"
    yield Change("round", "rounds counted from 0", later, reading=(("shift", 1),), weight=1)
    yield Change("round", "round N for N − 1", earlier, reading=(("shift", -1),), weight=1)


def _constant_row(kind: str, name: str, about: str, setting: tuple[str, Any], weight: float = 1) -> CatalogueRow:
    return CatalogueRow(kind, lambda spec: [Change(kind, name, about, reading=(setting,), weight=weight)])


def _single_mistakes(spec: Spec) -> Iterator[Change]:
    yield Change(
        "slip", "digits swapped", "two neighbouring digits are swapped", reading=(("misread", "swapped"),), weight=1
    )
    yield Change("slip", "one digit", "one digit is another, and the rest is right", reading=(("misread", "digit"),))
    yield Change("slip", "sign lost", "the number has the wrong sign", reading=(("factor", -1.0),), weight=1)
    for name, expr in list_printable(spec.network).items():
        about = f"the number is that of another quantity, {name}"
        if not isinstance(expr, Name):  # a name is a quantity of its own
            yield Change("slip", f"that is {name}", about, reading=(("named", name),), weight=1.5)
    for power in (p for p in range(-_WORST_POWER, _WORST_POWER + 1) if p):
        places = f"{abs(power)} place{'s' if abs(power) > 1 else ''} to the {'right' if power > 0 else 'left'}"
        about = f"the digits are right, and the decimal point stands {places} of where it belongs"
        yield Change("slip", "decimal point", about, reading=(("factor", 10.0**power),), weight=1)


CATALOGUE = (
    CatalogueRow("gradient rule", _rules),
    CatalogueRow("loss", _losses),
    CatalogueRow("biases", _bias_updates),
    CatalogueRow("activation", _activations),
    CatalogueRow("sigmoid", _sigmoids),
    CatalogueRow("step", _steps),
    CatalogueRow("precision", _precisions),
    CatalogueRow("rounding", _roundings),
    CatalogueRow("numbering", _numberings),
    CatalogueRow("round", _shifts),
    _constant_row(
        "carried",
        "goes on with the printed figures",
        "every later number was worked out from the figures as they are printed, rounded or not",
        ("carried", True),
        weight=2,  # the numbers that others are computed from match in any case
    ),
    _constant_row("digits", "digits cut off", "the last digits were cut off instead of rounded", ("cut", True)),
    _constant_row(
        "sign",
        "slopes counted the other way",
        "deltas and gradients have the opposite sign (target minus output), and the update adds them",
        ("turned", True),
    ),
    CatalogueRow("slip", _single_mistakes, alone=True),
)
CHANGE_KINDS = tuple(row.kind for row in CATALOGUE)
