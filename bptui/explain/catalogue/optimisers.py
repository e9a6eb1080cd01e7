"""Other optimisers, other constants and forms of the one that a problem has, and other weight decay.

The forms themselves are rows of ``optimiser_forms``.
"""

from collections.abc import Iterator

from bptui.core.formulas.expr import Expr, Name, Number, Square, product, total
from bptui.core.formulas.names import change, gradient, updated
from bptui.core.formulas.network import Network
from bptui.core.formulas.optimisers import DESCENT, OPTIMISERS, find_step
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec
from bptui.derive.notations import format_label
from bptui.explain.calculation.changes import Change, Edits, Rewrite, Rewriting
from bptui.explain.calculation.steps import list_steps
from bptui.explain.catalogue.optimiser_forms import FORMS

_USUAL = {
    "momentum": (0.5, 0.8, 0.9, 0.95, 0.99),
    "alpha": (0.9, 0.95, 0.99, 0.999),
    "beta1": (0.5, 0.9, 0.95, 0.99),
    "beta2": (0.9, 0.99, 0.999, 0.9999),
    "epsilon": (0.0, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3),
}
_SAME_WEIGHTS = {"momentum", "classical momentum"}  # as long as the learning rate stays as it is
_DECAYS = (  # the factor of λ·w in the gradient, and what it means
    (2.0, "not halved", "weight decay adds 2·λ·w to the gradient of w, as for a penalty λ·w² that is not halved"),
    (0.5, "halved", "weight decay adds ½·λ·w to the gradient of w instead of λ·w"),
    (-1.0, "subtracted", "the weight decay is subtracted from the gradient instead of added"),
)


def list_optimisers(spec: Spec) -> Iterator[Change]:
    """Yield other optimisers, usual constants and other forms, where the problem has more than gradient descent."""
    if spec.optimiser == DESCENT:
        return
    for row in OPTIMISERS.values():
        if row.name != spec.optimiser:
            alike = {row.name, spec.optimiser} == _SAME_WEIGHTS
            about = f"the optimiser is {row.name} ({row.about})"
            settings = (("optimiser", row.name),)
            weight = 1 if alike else Change.weight
            yield Change("optimiser", row.name, about, settings, weight=weight, convention=alike)
    for name in OPTIMISERS[spec.optimiser].settings:
        own, label = getattr(spec, name), format_label(name)
        for value in dict.fromkeys((*_USUAL[name], float(f"{1.0 - own:.12g}"))):
            if value not in (own, 1.0):
                about = f"{label} is {value:g}, not {own:g}"
                yield Change("optimiser", f"{label} = {value:g}", about, ((name, value),))
    for number, form in enumerate(FORMS[spec.optimiser]):
        if spec.rounding == NONE:
            rewrite = Rewrite(_write_form, (spec.optimiser, str(number)), by_torch=True)
            weight = 1 if form.convention else Change.weight
            yield Change("optimiser", form.name, form.about, rewrite=rewrite, weight=weight, convention=form.convention)


def _write_form(network: Network, names: tuple[str, ...]) -> Rewriting:
    optimiser, number = names
    form, found = FORMS[optimiser][int(number)], Edits()
    for p in _list_trained(network):
        found |= _complete(p, form.lines(p, _find_slope(network, p)))
    return Rewriting(found)


def list_decays(spec: Spec) -> Iterator[Change]:
    """Yield other weight decay, none, and a loss that is printed with it."""
    network = spec.network
    if not spec.weight_decay:
        return
    yield Change("decay", "no weight decay", "the weight decay is left out", (("weight_decay", 0.0),))
    if spec.rounding != NONE:
        return
    has_biases = any(p in network.biases for p in _list_trained(network))
    if has_biases:
        about = "the biases are not decayed"
        yield _decay("biases not decayed", about, 1.0, biases=False, weight=1)
    for factor, name, about in _DECAYS:
        yield _decay(f"weight decay {name}", about, factor, biases=has_biases)
        if has_biases:
            both = f"{about}, and the biases are not decayed"
            yield _decay(f"weight decay {name}, biases not decayed", both, factor, biases=False)
    if spec.optimiser != DESCENT:
        about = "η·λ·w is subtracted from the weights separately, as in AdamW: λ·w is not part of the gradient"
        rewrite = Rewrite(_decay_weights, by_torch=True)
        yield Change("decay", "decoupled weight decay", about, rewrite=rewrite)


def list_penalties(spec: Spec) -> Iterator[Change]:
    """Yield losses that are printed together with the penalty whose gradient weight decay is."""
    if not spec.weight_decay or spec.rounding != NONE:
        return
    has_biases = any(p in spec.network.biases for p in _list_trained(spec.network))
    for factor, what in ((0.5, "½·λ·Σw²"), (1.0, "λ·Σw²")):
        for biases in (False, True)[: 1 + has_biases]:
            whose = "weights and biases" if biases else "weights"
            about = f"the printed loss includes the weight decay penalty, {what} over the {whose}"
            rewrite = Rewrite(_add_penalty, (str(factor), str(biases)), by_torch=True)
            name, right = f"loss with {what} of the {whose}", factor == 0.5 and biases == has_biases
            yield Change("penalty", name, about, rewrite=rewrite, weight=1, convention=right)


def _decay(name: str, about: str, factor: float, *, biases: bool, weight: float = Change.weight) -> Change:
    rewrite = Rewrite(_decay_otherwise, (str(factor), str(biases)), by_torch=True)
    return Change("decay", name, about, rewrite=rewrite, weight=weight)


def _list_trained(network: Network) -> list[str]:
    return [p for p in network.parameters if not network.is_frozen(p)]


def _find_slope(network: Network, parameter: str, factor: float = 1.0) -> Expr:
    """Return what an optimiser takes for a parameter's gradient, with some multiple of the weight decay."""
    slope = Name(gradient(parameter))
    decay = product(Number(factor), Name("weight_decay"), Name(parameter))
    return slope + decay if network.decays and factor else slope


def _complete(parameter: str, lines: Edits) -> Edits:
    """Return lines of an optimiser with what the update adds, where they have the update."""
    after = lines.get(updated(parameter))
    return lines if after is None else {change(parameter): find_step(parameter, after), **lines}


def _decay_otherwise(network: Network, names: tuple[str, ...]) -> Rewriting:
    """Write out the lines of the optimiser with the weight decay times a factor, of weights alone or of all."""
    factor, biases = float(names[0]), names[1] == "True"
    row, found = OPTIMISERS[network.optimiser], Edits()
    for p in _list_trained(network):
        times = factor if biases or p not in network.biases else 0.0
        found |= _complete(p, row.lines(p, _find_slope(network, p, times)))
    return Rewriting(found)


def _decay_weights(network: Network, _: tuple[str, ...]) -> Rewriting:
    """Write out decoupled weight decay, as in Loshchilov and Hutter 2019: the update, and η·λ·w taken off besides."""
    row, found = OPTIMISERS[network.optimiser], Edits()
    for p in _list_trained(network):
        lines = row.lines(p, Name(gradient(p)))
        lines[updated(p)] = lines[updated(p)] - product(Name("eta"), Name("weight_decay"), Name(p))
        found |= _complete(p, lines)
    return Rewriting(found)


def _add_penalty(network: Network, names: tuple[str, ...]) -> Rewriting:
    factor, biases = float(names[0]), names[1] == "True"
    loss = next(step.own or step.expr for step in list_steps(network) if step.name == "E")
    squares = total([Square(Name(p)) for p in network.parameters if biases or p not in network.biases])
    return Rewriting({"E": loss + product(Number(factor), Name("weight_decay"), squares)})
