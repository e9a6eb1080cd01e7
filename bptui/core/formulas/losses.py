"""The losses, one table row each: value, derivative and lowest possible loss side by side.

As with the activations, the NumPy engine runs the expressions, and the torch text is the forward value only. To add a
loss, add a row.
"""

from collections.abc import Callable, Iterable
from dataclasses import field
from math import inf

from bptui.core.formulas import loss_floor, loss_floor_of_parts
from bptui.core.formulas.expr import Call, Expr, Name, Negative, Square, Sum, product, total
from bptui.core.formulas.functions import EXP, LOG, LOG_SUM_EXP, index_by_name
from bptui.core.formulas.names import softmax
from bptui.core.formulas.network import Network
from bptui.record import record


def _no_parts(network: Network) -> dict[str, Expr]:
    return {}


@record
class Loss:
    """A loss over all outputs of a network.

    Attributes:
        name: Its name in lessons and on screen.
        about: A one-line description for the user.
        value: E as an expression of the network's outputs and targets (and its parts, by name).
        derivative: dE/d(output) as an expression of the network, that output and its target.
        floor: The lowest possible loss, from the targets and the outputs' ranges.
        torch: The same value as torch source, with the vectors ``o`` and ``y`` of shape (outputs,).
        parts: Named intermediate quantities, computed before E.
        torch_parts: The parts as torch source, each a tensor of one value or of one value per output.
        meant: Lowest and highest target that it is meant for; with others it may be negative or have no floor.
        by_output: Whether it is lowest where each output equals its target, or is as near to it as possible.
        of_outputs: Lowest and highest output that it is meant for; beyond, it is no number or has no floor.
        lowers_others: Whether it falls with an output whose target is 0.
        simplify_joint: Returns the steps in which the delta of an output of softmax, with all derivatives inserted,
            becomes simpler: what is done in each, and the expression after it. None if it does not.
        floor_of_parts: The lowest possible loss of outputs that are parts of 1, as those of softmax, from the targets;
            without it ``floor`` is a bound for them.
    """

    name: str
    about: str
    value: Callable[[Network], Expr]
    derivative: Callable[[Network, Name, Name], Expr]
    floor: loss_floor.Floor
    torch: str
    parts: Callable[[Network], dict[str, Expr]] = _no_parts
    torch_parts: tuple[str, ...] = field(default=())
    meant: loss_floor.Range = (-inf, inf)
    by_output: bool = True
    of_outputs: loss_floor.Range = (-inf, inf)
    lowers_others: bool = True
    simplify_joint: Callable[[Network, str], tuple[tuple[str, Expr], ...]] | None = None
    floor_of_parts: loss_floor_of_parts.Floor | None = None


def _squares(network: Network) -> Expr:
    return network.sum_outputs(lambda o, y: Square(o - y))


def _log_sum_exp_parts(network: Network) -> dict[str, Expr]:
    outputs = network.sum_outputs(lambda o, y: o)
    arguments = outputs.terms if isinstance(outputs, Sum) else (outputs,)
    parts: dict[str, Expr] = {"log_sum_exp": Call(LOG_SUM_EXP, arguments)}
    for o in network.outputs:
        parts[softmax(o)] = Call(EXP, (Name(o) - Name("log_sum_exp"),))
    return parts


def _softmax_minus_target(network: Network, o: Name, y: Name) -> Expr:
    return product(network.sum_outputs(lambda _, target: target), Name(softmax(o.name))) - y


def _by_log(o: Expr, y: Expr) -> Expr:
    return product(y, Call(LOG, (o,))) + product(1.0 - y, Call(LOG, (1.0 - o,)))


def _simplify_with_softmax(network: Network, output: str) -> tuple[tuple[str, Expr], ...]:
    """Return how −y/o cancels the outputs in the derivatives of softmax, so that o·Σy − y is left of a delta."""
    o, own = Name(output), Name(dict(network.pairs)[output])
    ys = [Name(y) for y in network.targets]
    cancelled = _add_up([(y == own, product(y, 1.0 - o) if y == own else product(y, o)) for y in ys])
    spread = [term for y in ys for term in ((False, product(y, o)), *([(True, y)] if y == own else []))]
    steps = (
        ("each output cancels with the one it is divided by", cancelled),
        ("multiplied out", _add_up(spread)),
        ("collected: the output times the sum of the targets, minus its own target", product(total([*ys]), o) - own),
    )
    return steps if len(ys) > 1 else steps[:2]


def _add_up(terms: Iterable[tuple[bool, Expr]]) -> Expr:
    """Return a sum from left to right of terms, each with whether it is subtracted."""
    (is_negative, first), *others = terms
    found = Negative(first) if is_negative else first
    for is_negative, term in others:
        found = found - term if is_negative else found + term
    return found


LOSSES = index_by_name(
    Loss(
        "half squared error",
        "½(o1 − y1)² + ½(o2 − y2)² + …",
        lambda n: n.sum_outputs(lambda o, y: 0.5 * Square(o - y)),
        lambda n, o, y: o - y,
        loss_floor.squared(0.5),
        "(0.5 * (o - y) ** 2).sum()",
        floor_of_parts=loss_floor_of_parts.squared(0.5),
    ),
    Loss(
        "squared error",
        "(o1 − y1)² + (o2 − y2)² + …, without the ½",
        _squares,
        lambda n, o, y: 2.0 * (o - y),
        loss_floor.squared(1.0),
        "((o - y) ** 2).sum()",
        floor_of_parts=loss_floor_of_parts.squared(1.0),
    ),
    Loss(
        "half mean squared error",
        "the mean of the halved squared errors",
        lambda n: n.sum_outputs(lambda o, y: 0.5 * Square(o - y)) / float(n.output_count),
        lambda n, o, y: (o - y) / float(n.output_count),
        loss_floor.squared(0.5, mean=True),
        "(0.5 * (o - y) ** 2).mean()",
        floor_of_parts=loss_floor_of_parts.squared(0.5, mean=True),
    ),
    Loss(
        "mean squared error",
        "the mean of the squared errors",
        lambda n: _squares(n) / float(n.output_count),
        lambda n, o, y: 2.0 * (o - y) / float(n.output_count),
        loss_floor.squared(1.0, mean=True),
        "torch.nn.functional.mse_loss(o, y)",
        floor_of_parts=loss_floor_of_parts.squared(1.0, mean=True),
    ),
    Loss(
        "cross entropy",
        "−Σ y·log(softmax(o)), as torch.nn.CrossEntropyLoss with class probabilities",
        lambda n: n.sum_outputs(lambda o, y: product(y, Name("log_sum_exp") - o)),
        _softmax_minus_target,
        loss_floor.cross_entropy,
        "torch.nn.functional.cross_entropy(o, y)",
        _log_sum_exp_parts,
        ("torch.logsumexp(o, 0)", "torch.softmax(o, 0)"),
        meant=(0.0, 1.0),
        by_output=False,
        floor_of_parts=loss_floor_of_parts.cross_entropy,
    ),
    Loss(
        "binary cross entropy",
        "−Σ (y·log(o) + (1 − y)·log(1 − o)), for outputs between 0 and 1",
        lambda n: Negative(n.sum_outputs(_by_log)),
        lambda n, o, y: (o - y) / product(o, 1.0 - o),
        loss_floor.binary_cross_entropy,
        "-(y * torch.log(o) + (1 - y) * torch.log(1 - o)).sum()",
        meant=(0.0, 1.0),
        of_outputs=(0.0, 1.0),
        floor_of_parts=loss_floor_of_parts.binary_cross_entropy,
    ),
    Loss(
        "categorical cross entropy",
        "−Σ y·log(o), for outputs that are already probabilities, such as those of softmax",
        lambda n: Negative(n.sum_outputs(lambda o, y: product(y, Call(LOG, (o,))))),
        lambda n, o, y: Negative(y / o),
        loss_floor.categorical_cross_entropy,
        "-(y * torch.log(o)).sum()",
        meant=(0.0, 1.0),
        by_output=False,
        of_outputs=(0.0, 1.0),
        lowers_others=False,
        simplify_joint=_simplify_with_softmax,
        floor_of_parts=loss_floor_of_parts.categorical_cross_entropy,
    ),
)
