"""Other settings than a problem has: rules, losses, activations, learning rates, roundings, numberings and so on."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.network import BIAS_UPDATES, NUMBERINGS, Network
from bptui.core.formulas.rounding import NONE, ROUNDINGS
from bptui.core.formulas.rules.derivatives import has_joint_outputs
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.layer_keys import assign_activations, biases_of
from bptui.core.problem.settings import PRECISIONS
from bptui.core.problem.spec import Spec
from bptui.core.problem.starts import GIVEN
from bptui.explain.calculation.changes import Change, apply_changes
from bptui.explain.catalogue.classification import is_of_its_own

USUAL_STEPS = (
    *(0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9),
    *(1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 10.0, 20.0, 50.0, 100.0),
)
_SIGMOIDS = ("sigmoid", "torch.sigmoid")  # the same function except for the last bits


def make_step_change(step: float, solved: int = 0) -> Change:
    """Return the change to another learning rate.

    Args:
        step: The learning rate.
        solved: The digits of a learning rate that was solved for; it needs that many more digits of evidence.
    """
    weight = Change.weight + solved
    return Change("step", f"step {step:g}", f"the learning rate η is {step:g}", (("step", step),), weight=weight)


def list_gradient_rules(spec: Spec) -> Iterator[Change]:
    """Yield the other gradient rules."""
    for rule in RULES.values():
        if rule.name != spec.gradient and rule.applies(spec.network):
            yield Change(
                "gradient rule", f'gradient rule "{rule.name}"', rule.describe(spec.network), (("gradient", rule.name),)
            )


def list_losses(spec: Spec) -> Iterator[Change]:
    """Yield the other losses."""
    for loss in LOSSES.values():
        about = f"the loss is {loss.name}: {loss.about}"
        if is_of_its_own(spec, loss=loss.name) or not _can_take(spec.network, loss.name):
            continue
        if loss.name != spec.loss and (len(spec.network.outputs) > 1 or "mean" not in loss.name):
            alike = "squared error" in loss.name and "squared error" in spec.loss
            yield Change("loss", loss.name, about, (("loss", loss.name),), weight=1 if alike else 2)


def _can_take(network: Network, loss: str) -> bool:
    """Whether the outputs are never below 0, where a loss takes their logarithms alone."""
    lows = (ACTIVATIONS[network.activation(o)].range[0] for o in network.outputs)
    return loss != "categorical cross entropy" or min(lows) >= 0.0


def list_bias_updates(spec: Spec) -> Iterator[Change]:
    """Yield the other ways to update biases, and none at all."""
    biases = [(biases_of(key), values) for key, values in zip(spec.layer_keys, spec.biases, strict=True)]
    if not spec.network.biases:
        return
    said = {
        "frozen": "the biases are not updated",
        "per neuron": "each neuron's bias is updated by its own delta",
        "shared": "the neurons of a layer share one bias, which is updated by the sum of their deltas",
    }
    for update in BIAS_UPDATES:
        possible = update != "shared" or all(len(set(values)) < 2 for _, values in biases)
        if update != spec.bias_update and possible:
            yield Change("biases", f"biases {update}", said[update], (("bias_update", update),), weight=1)
    yield Change("biases", "no biases", "the biases are left out", tuple((name, ()) for name, _ in biases))


def list_activations(spec: Spec) -> Iterator[Change]:
    """Yield the other activations, of all neurons, of a layer or of one neuron."""
    network = spec.network
    used = set(network.activations)
    library = _SIGMOIDS[1] in used and _SIGMOIDS[0] not in used
    offered = [name for name in ACTIVATIONS if name != _SIGMOIDS[not library]]
    hidden = network.hidden_layers
    layers = {
        "the hidden neurons": tuple(one for layer in hidden for one in layer.neurons),
        **{f"the neurons of {layer.words}": layer.neurons for layer in hidden if len(hidden) > 1},
        "the outputs": network.outputs,
        "all neurons": network.neurons,
        **{neuron: (neuron,) for neuron in network.neurons},
    }
    seen = {network.activations}
    for where, neurons in layers.items():
        for name in offered:
            of_outputs = neurons == network.outputs and is_of_its_own(spec, output=name)
            if of_outputs or not _is_possible(network, neurons, name):
                continue
            change = _activation(spec, where, neurons, name)
            after = apply_changes(spec, [change]).network.activations
            if after not in seen:
                seen.add(after)
                yield change


def _is_possible(network: Network, neurons: tuple[str, ...], name: str) -> bool:
    """Whether some neurons can have an activation: what is of a whole layer, as softmax, is of the outputs alone."""
    if ACTIVATIONS[name].of_layer:
        return neurons == network.outputs and len(neurons) > 1
    return (
        not has_joint_outputs(network)
        or set(neurons).isdisjoint(network.outputs)
        or set(neurons) >= set(network.outputs)
    )


def _activation(spec: Spec, where: str, neurons: tuple[str, ...], name: str) -> Change:
    by_neuron = dict(zip(spec.network.neurons, spec.network.activations, strict=True)) | dict.fromkeys(neurons, name)
    return Change(
        "activation",
        f"{where}: {name}",
        f"the activation of {where} is {name}: {ACTIVATIONS[name].about}",
        _activation_settings(spec, by_neuron),
    )


def _activation_settings(spec: Spec, by_neuron: dict[str, str]) -> tuple[tuple[str, Any], ...]:
    """Return the settings that give each neuron its activation."""
    common = [Counter(by_neuron[n] for n in layer.neurons).most_common(1)[0][0] for layer in spec.network.layers]
    pairs = zip(spec.network.layers, common, strict=True)
    others = [(n, by_neuron[n]) for layer, name in pairs for n in layer.neurons if by_neuron[n] != name]
    return (*assign_activations(common).items(), ("activation_neurons", tuple(others)))


def list_sigmoids(spec: Spec) -> Iterator[Change]:
    """Yield the swap of the written-out sigmoid and the library's, which differ in the last bits."""
    for name, other in (_SIGMOIDS, _SIGMOIDS[::-1]):
        if name in spec.network.activations:
            what = "the library's sigmoid" if other == _SIGMOIDS[1] else "the sigmoid written out"
            yield Change("sigmoid", what, f"{what} is used: {ACTIVATIONS[other].about}", renamed=((name, other),))


def list_learning_rates(spec: Spec) -> Iterator[Change]:
    """Yield the usual learning rates, and some multiples of the stated one."""
    likely = (*USUAL_STEPS, *(float(f"{spec.step * factor:.15g}") for factor in (2.0, 0.5, 10.0, 0.1)))
    return (make_step_change(step) for step in dict.fromkeys(likely) if step != spec.step and 0.0 < step < float("inf"))


def list_precisions(spec: Spec) -> Iterator[Change]:
    """Yield the other precision."""
    for name in PRECISIONS:
        if name != spec.precision:
            about = f"the calculation uses {name}"
            yield Change("precision", name, about, (("precision", name), ("torch_precision", "same")))


def list_roundings(spec: Spec) -> Iterator[Change]:
    """Yield other roundings of results on the way."""
    for name in (NONE, *ROUNDINGS):
        if name != spec.rounding:
            to = name.replace("digits", "significant digits")
            about = "nothing is rounded" if name == NONE else f"every result is rounded to {to} before it is used"
            what = "not rounded" if name == NONE else f"rounded to {name}"
            yield Change("rounding", what, about, (("rounding", name),))


def list_numberings(spec: Spec) -> Iterator[Change]:
    """Yield the other numbering of the weights, of their names or of the list."""
    other = NUMBERINGS[1 - NUMBERINGS.index(spec.numbering)]
    there = replace(spec, numbering=other)
    if there.network.weights == spec.network.weights:
        return
    example = next(w for w, own in zip(there.network.weights, spec.network.weights, strict=True) if w != own)
    way = f"{other} ({example.name}: {example.source}→{example.target})"
    named = Change(
        "numbering",
        f"weights named {other}",
        f"the weights are numbered {way}, so a printed value's name means another weight",
        (("numbering", other), *((("weights", _reordered_weights(spec, there)),) if spec.init == GIVEN else ())),
    )
    yield named
    if spec.init == GIVEN:
        about = f"the list of initial weights is read {way}, so the weights end up in other places"
        yield Change("numbering", f"weights placed {other}", about, (("numbering", other),))


def _reordered_weights(spec: Spec, there: Spec) -> tuple[float, ...]:
    """Return the same network's weights in the order of another numbering."""
    value = {(w.source, w.target): v for w, v in zip(spec.network.weights, spec.weights, strict=True)}
    return tuple(value[w.source, w.target] for w in there.network.weights)
