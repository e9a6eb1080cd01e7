"""Gradients that add up from round to round, and matrices of gradients taken transposed.

Only a matrix that is as wide as it is high can be transposed unnoticed: others do not fit their weights.
"""

from collections.abc import Iterator

from bptui.core.formulas.backprop import list_update
from bptui.core.formulas.expr import Name, substitute
from bptui.core.formulas.names import change, gradient, of_sample, updated
from bptui.core.formulas.network import Network
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec
from bptui.derive.notations import format_label
from bptui.explain.calculation.changes import Change, Edits, Rewrite, Rewriting, kept
from bptui.explain.calculation.steps import list_steps

_WEIGHT_OF_ONE = 3.0  # there are many of these
_MOST = 20  # parameters of which each may be the only one whose gradient is set to zero, or is not


def list_kept_gradients(spec: Spec) -> Iterator[Change]:
    """Yield gradients that are not set to zero: each round's is added to those before it."""
    network = spec.network
    if spec.rounding != NONE:
        return
    trained = tuple(p for p in network.parameters if not network.is_frozen(p))
    groups = {"": trained}
    if network.biases and trained != network.parameters[: len(network.weights)]:
        groups["the weights"] = tuple(weight.name for weight in network.weights)
        groups["the biases"] = tuple(p for p in trained if p in network.biases)
    if network.hidden_layers:
        for layer in network.layers:
            into = tuple(p for p in network.parameters_into(layer) if p in trained)
            groups[f"the parameters into {layer.words}"] = into
    if len(trained) <= _MOST:
        groups |= {format_label(p): (p,) for p in trained}
        groups |= {f"all but {format_label(p)}": tuple(q for q in trained if q != p) for p in trained}
    seen = set[tuple[str, ...]]()
    for whose, names in groups.items():
        if names and names not in seen:
            seen.add(names)
            of = f" of {whose}" if whose else ""
            one = len(names) == 1
            who, they = (f"the gradient{of} is", "it adds") if one else (f"the gradients{of} are", "they add")
            about = f"{who} not set to zero between rounds, so {they} up"
            one_apart = whose.removeprefix("all but ") in map(format_label, trained)
            weight = _WEIGHT_OF_ONE if one_apart else Change.weight
            rewrite = Rewrite(_keep_gradients, names, by_torch=True)
            yield Change("zero", f"gradients kept{of}", about, rewrite=rewrite, weight=weight)


def _keep_gradients(network: Network, names: tuple[str, ...]) -> Rewriting:
    slopes = {gradient(p) for p in names}
    found = {step.name: step.expr + Name(kept(step.name)) for step in list_steps(network) if step.name in slopes}
    keep = {updated(kept(name)): Name(name) for name in found}
    return Rewriting({**found, **keep}, {kept(name): "" for name in found})


def list_transposed(spec: Spec) -> Iterator[Change]:
    """Yield matrices of gradients that are transposed, only as they are printed, or only in the update."""
    network = spec.network
    square = [
        number
        for number, layer in enumerate(network.layers)
        if len(network.sources(layer.neurons[0])) == len(layer.neurons) > 1
    ]
    if spec.rounding != NONE:
        return
    choices: list[tuple[tuple[int, ...], str]] = [
        ((number,), f"into {network.layers[number].words}") for number in square
    ]
    choices += [(tuple(square), "of all layers")] if len(square) > 1 else []
    for numbers, where in choices:
        which = f"the gradient matrix {where} is" if len(numbers) == 1 else f"the gradient matrices {where} are"
        for how, end, said in (
            ("both", "", ""),
            ("update", " in the update", " in the update only"),
            ("print", " where it is printed, and not in the update", " in print only, not in the update"),
        ):
            name = f"gradients transposed {where}{end}"
            about = f"{which} transposed{said}: rows and columns are swapped"
            yield Change("transpose", name, about, rewrite=Rewrite(_transpose, (how, *map(str, numbers))))


def _transpose(network: Network, names: tuple[str, ...]) -> Rewriting:
    """Write out a round with gradients in the places of others; the sum over samples goes by each sample's.

    Args:
        network: The network of the round.
        names: "print", "update" or "both", then the numbers of the layers.
    """
    how, *numbers = names
    places = dict[str, str]()
    for number in map(int, numbers):
        sources, targets = network.sources(network.layers[number].neurons[0]), network.layers[number].neurons
        for row, source in enumerate(sources):
            for column, target in enumerate(targets):
                other = network.weight(sources[column], targets[row])
                places[gradient(network.weight(source, target))] = gradient(other)
    steps = {step.name: step.expr for step in list_steps(network)}
    found = Edits()
    if how != "update":
        for name, other in places.items():
            for sample in network.samples or (0,):
                found[of_sample(name, sample)] = steps[of_sample(other, sample)]
    if how != "both":
        one = network.one_sample
        of_update = {name for p in one.parameters for name in (change(p), *list_update(one, p))}
        swapped = {name: Name(other) for name, other in places.items()}
        found |= {name: substitute(expr, swapped) for name, expr in steps.items() if name in of_update}
    return Rewriting(found)
