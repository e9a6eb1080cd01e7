"""Wrong ways to write a formula: an operand taken for another, a sign, a factor or a term left out, a derivative.

Each is a change that edits single steps of a round. ``list_variants`` lists what may have gone wrong in one step;
the other lists are rows of the catalogue, whose changes edit all steps of a layer, or of all.
"""

from collections.abc import Iterable, Iterator

from bptui.core.formulas.expr import (
    Call,
    Expr,
    Name,
    Negative,
    Number,
    Product,
    Sum,
    find_names,
    product,
    substitute,
    total,
)
from bptui.core.formulas.functions import SIGMOID
from bptui.core.formulas.layers import Layer
from bptui.core.formulas.names import (
    change,
    delta,
    derivative,
    gradient,
    of_sample,
    split_sample,
    updated,
    weighted_input,
)
from bptui.core.formulas.network import Network
from bptui.core.formulas.notation import write
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.rules.derivatives import find_activation, has_joint_outputs
from bptui.core.formulas.samples import place_at_samples
from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import list_printable
from bptui.derive.notations import UNICODE, format_label
from bptui.explain.calculation.changes import Change, Edits
from bptui.explain.calculation.steps import Step, list_steps

_LIBRARY = {"sigmoid", "torch.sigmoid"}


def list_derivatives(spec: Spec) -> Iterator[Change]:
    """Yield the derivative taken at the output, and σ(z)·σ(1 − z), in all layers or in one."""
    network, seen = spec.network.one_sample, list[Edits]()
    if network.rounding != NONE:
        return
    for layers, where in _choose_layers(network):
        at_output, reflected = Edits(), Edits()
        for neuron in (one for layer in layers for one in layer.neurons):
            if neuron in network.outputs and has_joint_outputs(network):
                continue  # whose derivatives are a matrix
            activation, z = find_activation(network, neuron), Name(weighted_input(neuron))
            name = derivative(neuron, weighted_input(neuron))
            wrong = activation.derivative(Name(neuron), activation.value(Name(neuron)))
            if wrong != activation.derivative(z, Name(neuron)):
                at_output[name] = wrong
            if network.activation(neuron) in _LIBRARY:
                reflected[name] = product(Call(SIGMOID, (z,)), Call(SIGMOID, (1.0 - z,)))
        if at_output and at_output not in seen:
            about = f"the derivative of {where} is taken at their output values instead of their weighted inputs"
            yield make_edit("derivative", f"derivative at the output: {where}", about, place_at_all(spec, at_output))
        if reflected and reflected not in seen:
            about = f"the derivative of {where} is written as σ(z)·σ(1 − z) instead of σ(z)·(1 − σ(z))"
            yield make_edit("derivative", f"derivative σ(z)·σ(1 − z): {where}", about, place_at_all(spec, reflected))
        seen += [at_output, reflected]


def list_added_updates(spec: Spec) -> Iterator[Change]:
    """Yield the update added in place of subtracted, in all layers or in one."""
    network = spec.network
    if network.rounding != NONE:
        return
    for layers, where in _choose_layers(network):
        parameters = [p for layer in layers for p in network.parameters_into(layer) if not network.is_frozen(p)]
        steps = {change(p): list_printable(network)[change(p)] for p in parameters}
        edits = {name: step.of if isinstance(step, Negative) else Negative(step) for name, step in steps.items()}
        about = f"the update of the parameters into {where} is added instead of subtracted"
        yield make_edit("update", f"update added: {where}", about, edits)


def list_left_updates(spec: Spec) -> Iterator[Change]:
    """Yield the update left out of the weights into one of several layers, or of the biases of one of several."""
    network = spec.network
    trained = {p for p in network.parameters if not network.is_frozen(p)}
    for kind, where, names in (
        ("weights", "into", {weight.name for weight in network.weights} & trained),
        ("biases", "of", {*network.biases} & trained),
    ):
        by_layer = {layer: [p for p in network.parameters_into(layer) if p in names] for layer in network.layers}
        for layer, left in by_layer.items():
            if left and len(left) < len(names) and network.rounding == NONE:
                which = f"the {kind} {where} {layer.words}"
                edits: Edits = {updated(p): Name(p) for p in left}
                yield make_edit("update", f"{which} not updated", f"{which} are not updated", edits)


def list_missing_paths(spec: Spec) -> Iterator[Change]:
    """Yield what comes back to the hidden neurons from the outputs, without one of these."""
    network = spec.network.one_sample
    steps = {step.name: step.expr for step in list_steps(network)}
    for layer in network.hidden_layers:
        for number, target in enumerate(network.targets_of(layer.neurons[0])):
            edits = Edits()
            for neuron in layer.neurons:
                name = derivative("E", neuron)
                if isinstance(expr := steps.get(name), Sum):
                    edits[name] = total([term for at, term in enumerate(expr.terms) if at != number])
            if edits:
                about = f"the path through {target} is left out of the deltas of {layer.words}"
                yield make_edit("path", f"path through {target} left out", about, place_at_all(spec, edits))


def list_variants(network: Network, step: Step) -> Iterator[Change]:
    """Yield what may have gone wrong in one step; each is a change of this step alone.

    Args:
        network: The network.
        step: A step of its round.
    """
    seen, name = {step.expr}, format_label(step.name)
    for what, expr in _list_wrong(network, step):
        if expr not in seen:
            seen.add(expr)
            about = f"{name} is calculated as {write(expr, UNICODE.letters)}, {what}"
            yield make_edit("formula", f"{name}: {what}", about, {step.name: expr})


def _list_wrong(network: Network, step: Step) -> Iterator[tuple[str, Expr]]:
    """Yield the wrong expressions; what is left out comes before a number that may be 0 and does as well."""
    expr = step.expr
    match expr:
        case Sum(terms):
            for at, term in enumerate(terms):
                left = [one for number, one in enumerate(terms) if number != at]
                yield f"without {write(term, UNICODE.letters)}", total(left)
                turned = [Negative(one) if number == at else one for number, one in enumerate(terms)]
                yield f"with the sign of {write(term, UNICODE.letters)} reversed", total(turned)
        case Product(factors):
            for at, factor in enumerate(factors):
                left = [one for number, one in enumerate(factors) if number != at]
                yield f"without the factor {write(factor, UNICODE.letters)}", product(*left)
                yield f"with the factor {write(factor, UNICODE.letters)} twice", product(*factors, factor)
        case Negative(of):
            yield "with the sign reversed", of
    for name in find_names(expr):
        for other in _list_alike(network, name):
            yield f"with {format_label(other)} in place of {format_label(name)}", substitute(expr, {name: Name(other)})
    yield "with the sign reversed", Negative(expr)
    yield "twice as large", product(Number(2.0), expr)
    yield "half as large", product(Number(0.5), expr)


def _list_alike(network: Network, name: str) -> Iterator[str]:
    """Yield the names that one is easily taken for: the others of its layer or its kind, or of another sample."""
    base, sample = split_sample(name)
    yield from (of_sample(other, sample) for other in _list_alike_in_sample(network, base))
    yield from (of_sample(base, other) for other in network.samples if sample and other != sample)


def _list_alike_in_sample(network: Network, name: str) -> Iterator[str]:
    groups = [network.inputs, network.targets, *(tuple(w.name for w in gap) for gap in network.gaps)]
    groups += [layer.neurons for layer in network.layers]
    groups += [tuple(map(delta, layer.neurons)) for layer in network.layers]
    groups += [tuple(map(weighted_input, layer.neurons)) for layer in network.layers]
    groups += [tuple(derivative("E", one) for one in layer.neurons) for layer in network.layers]
    groups += [tuple(derivative(one, weighted_input(one)) for one in layer.neurons) for layer in network.layers]
    if has_joint_outputs(network):
        groups += [tuple(derivative(of, weighted_input(by)) for of, by in network.output_pairs)]
    groups += [tuple(map(gradient, network.parameters)), network.biases]
    for group in groups:
        if name in group:
            yield from (other for other in group if other != name)
    pairs = [(one, weighted_input(one)) for one in network.neurons]
    yield from (pair[1 - pair.index(name)] for pair in pairs if name in pair)
    for output, target in zip(network.outputs, network.targets, strict=True):
        yield from (other for one, other in ((output, target), (target, output)) if one == name)


def _choose_layers(network: Network) -> Iterable[tuple[tuple[Layer, ...], str]]:
    *hidden, output = network.layers
    single = [*((layer,) for layer in hidden), (output,)]
    names = ["the hidden neurons" if len(hidden) == 1 else f"the neurons of {layer.words}" for layer in hidden]
    several = [(network.layers, "all neurons")] if hidden else []
    return [*zip(single, [*names, "the outputs"], strict=True), *several]


def place_at_all(spec: Spec, edits: Edits) -> Edits:
    """Return edits of one sample for every sample of a problem."""
    return place_at_samples(spec.with_all_samples().network, edits)


def make_edit(kind: str, name: str, about: str, edits: Edits) -> Change:
    """Return a change that edits steps."""
    return Change(kind, name, about, edits=tuple(edits.items()))
