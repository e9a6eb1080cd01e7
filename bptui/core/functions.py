"""Activations and losses, one row each: value and derivative side by side.

A row says everything the program knows about its function: the expressions that the NumPy engine runs and the
derivations print, the text that the torch engine computes it by (the forward value only; its derivative is
autograd's own), and what the loss floor needs. To add one, add a row.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import TypeVar

from bptui.core import floor
from bptui.core.expr import Call, Expr, Function, Name, Negative, Number, Square, Sum, SumOver, product, total
from bptui.core.network import Network, softmax

EXP = Function("exp({0})", "np.exp({0})", "e^{{{0}}}")
LOG = Function("log({0})", "np.log({0})", r"\ln\left({0}\right)")
TANH = Function("tanh({0})", "np.tanh({0})", r"\tanh\left({0}\right)")
MAX = Function("max({all})", "np.maximum({all})", r"\max\left({all}\right)")
STEP = Function(
    "(1 if {0} > 0 else 0)", "np.heaviside({0}, 0.0)", r"\mathbf{{1}}\left[{0} > 0\right]", code="({0} > 0)"
)
LEAKY_STEP = Function(
    "(1 if {0} > 0 else 0.01)",
    "np.maximum(np.heaviside({0}, 0.0), 0.01)",
    r"\left(1 \text{{ if }} {0} > 0 \text{{ else }} 0.01\right)",
    code="(1 if {0} > 0 else 0.01)",
)
SOFTPLUS = Function("log(1 + exp({0}))", "np.logaddexp({0}, 0.0)", r"\ln\left(1 + e^{{{0}}}\right)")
SIGMOID = Function(
    "sigmoid({0})",
    # exp only of numbers that are not positive: 1/(1+s) from 0 up, s/(1+s) below; s is set last, where {0} may set it
    "(np.maximum(np.heaviside({0}, 1.0), s := np.exp(-np.abs({0})))/(1.0 + s))",
    r"\sigma\left({0}\right)",
    code="sigmoid({0})",
    define="def sigmoid(z):\n    s = np.exp(-abs(z))\n    return (1 if z >= 0 else s) / (1 + s)",
)

WORDS = {function.text.partition("(")[0]: function for function in (EXP, LOG, TANH, MAX, SIGMOID)}
"""Functions by the word that a printed formula calls them by, and that a typed answer may call."""


def _log_of_sum(arguments: tuple[Expr, ...]) -> Expr:
    def exp(of: Expr) -> Expr:
        return SumOver(of.index, of.count, exp(of.term)) if isinstance(of, SumOver) else Call(EXP, (of,))

    return Call(LOG, (total([exp(a) for a in arguments]),))


_Range = floor.Range  # by another name, for a loss has a floor of its own
LOG_SUM_EXP = Function("", "logsumexp({all})", "", code="np.logaddexp.reduce([{all}])", means=_log_of_sum)


@dataclass(frozen=True)
class Activation:
    """An activation, applied to one neuron's weighted input.

    Attributes:
        name: What lessons and screens call it.
        about: One line for people.
        value: The output as an expression of the weighted input.
        derivative: The derivative as an expression of the weighted input and the output.
        range: Infimum and supremum of the output.
        torch: The same value in torch's words, over ``{z}``.
        smooth: Whether it has a derivative everywhere.
    """

    name: str
    about: str
    value: Callable[[Expr], Expr]
    derivative: Callable[[Expr, Expr], Expr]
    range: floor.Range
    torch: str
    smooth: bool = True


def _no_parts(network: Network) -> dict[str, Expr]:
    return {}


@dataclass(frozen=True)
class Loss:
    """A loss over all outputs of a network.

    Attributes:
        name: What lessons and screens call it.
        about: One line for people.
        value: E as an expression of the network's outputs and targets (and its parts, by name).
        derivative: dE/d(output) as an expression of the network, that output and its target.
        floor: The lowest value it can have, from targets and the outputs' ranges.
        torch: The same value in torch's words, over the vectors ``o`` and ``y``.
        parts: Intermediate quantities worth a name of their own, computed before E.
        torch_parts: The parts in torch's words, each a tensor of one value or one value per output.
        meant: The targets that it is meant for; with others it may be negative, or have no floor.
        by_output: Whether it is lowest where each output is its target, or as near to it as it gets.
    """

    name: str
    about: str
    value: Callable[[Network], Expr]
    derivative: Callable[[Network, Name, Name], Expr]
    floor: floor.Floor
    torch: str
    parts: Callable[[Network], dict[str, Expr]] = _no_parts
    torch_parts: tuple[str, ...] = field(default=())
    meant: _Range = (-inf, inf)
    by_output: bool = True


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


def _sigmoid_slope(z: Expr, a: Expr) -> Expr:
    return product(a, 1.0 - a)


_Row = TypeVar("_Row", Activation, Loss)


def _rows(*rows: _Row) -> dict[str, _Row]:
    return {row.name: row for row in rows}


ACTIVATIONS = _rows(
    Activation(
        "sigmoid",
        "written out, 1/(1 + exp(−z)); torch's autograd gives nan where that exp overflows",
        lambda z: 1.0 / (1.0 + Call(EXP, (-z,))),
        _sigmoid_slope,
        (0.0, 1.0),
        "1 / (1 + torch.exp(-{z}))",
    ),
    Activation(
        "torch.sigmoid",
        "1/(1 + exp(−z)) as the library computes it; differs from the written one in the last bits",
        lambda z: Call(SIGMOID, (z,)),
        _sigmoid_slope,
        (0.0, 1.0),
        "torch.sigmoid({z})",
    ),
    Activation(
        "relu",
        "max(z, 0); its derivative at 0 is 0",
        lambda z: Call(MAX, (z, Number(0.0))),
        lambda z, a: Call(STEP, (z,)),
        (0.0, inf),
        "torch.relu({z})",
        smooth=False,
    ),
    Activation(
        "leaky relu",
        "z above 0, 0.01·z below",
        lambda z: Call(MAX, (z, 0.01 * z)),
        lambda z, a: Call(LEAKY_STEP, (z,)),
        (-inf, inf),
        "torch.nn.functional.leaky_relu({z}, 0.01)",
        smooth=False,
    ),
    Activation(
        "tanh",
        "hyperbolic tangent, from −1 to 1",
        lambda z: Call(TANH, (z,)),
        lambda z, a: 1.0 - Square(a),
        (-1.0, 1.0),
        "torch.tanh({z})",
    ),
    Activation(
        "softplus",
        "log(1 + exp(z)), a smooth ReLU",
        lambda z: Call(SOFTPLUS, (z,)),
        lambda z, a: Call(SIGMOID, (z,)),
        (0.0, inf),
        "torch.logaddexp({z}, torch.zeros_like({z}))",  # torch's softplus rounds to z above 20
    ),
    Activation(
        "identity",
        "the weighted input itself",
        lambda z: z,
        lambda z, a: product(),
        (-inf, inf),
        "{z}",
    ),
)

EACH_ITS_OWN = Activation(
    "each its own",
    "the general term of neurons with different activations",
    lambda z: Call(Function("f({0})", "", r"f\left({0}\right)"), (z,)),
    lambda z, a: Call(Function("f'({0})", "", r"f'\left({0}\right)"), (z,)),
    (-inf, inf),
    "",
)

LOSSES = _rows(
    Loss(
        "half squared error",
        "½(o1 − y1)² + ½(o2 − y2)² + …",
        lambda n: n.sum_outputs(lambda o, y: 0.5 * Square(o - y)),
        lambda n, o, y: o - y,
        floor.squared(0.5),
        "(0.5 * (o - y) ** 2).sum()",
    ),
    Loss(
        "squared error",
        "(o1 − y1)² + (o2 − y2)² + …, without the ½",
        _squares,
        lambda n, o, y: 2.0 * (o - y),
        floor.squared(1.0),
        "((o - y) ** 2).sum()",
    ),
    Loss(
        "half mean squared error",
        "the mean of the half squared errors",
        lambda n: n.sum_outputs(lambda o, y: 0.5 * Square(o - y)) / float(n.l),
        lambda n, o, y: (o - y) / float(n.l),
        floor.squared(0.5, mean=True),
        "(0.5 * (o - y) ** 2).mean()",
    ),
    Loss(
        "mean squared error",
        "the mean of the squared errors",
        lambda n: _squares(n) / float(n.l),
        lambda n, o, y: 2.0 * (o - y) / float(n.l),
        floor.squared(1.0, mean=True),
        "torch.nn.functional.mse_loss(o, y)",
    ),
    Loss(
        "cross entropy",
        "−Σ y·log(softmax(o)), as torch.nn.CrossEntropyLoss with class probabilities",
        lambda n: n.sum_outputs(lambda o, y: product(y, Name("log_sum_exp") - o)),
        _softmax_minus_target,
        floor.cross_entropy,
        "torch.nn.functional.cross_entropy(o, y)",
        _log_sum_exp_parts,
        ("torch.logsumexp(o, 0)", "torch.softmax(o, 0)"),
        meant=(0.0, 1.0),
        by_output=False,
    ),
    Loss(
        "binary cross entropy",
        "−Σ (y·log(o) + (1 − y)·log(1 − o)), for outputs between 0 and 1",
        lambda n: Negative(n.sum_outputs(_by_log)),
        lambda n, o, y: (o - y) / product(o, 1.0 - o),
        floor.binary_cross_entropy,
        "-(y * torch.log(o) + (1 - y) * torch.log(1 - o)).sum()",
        meant=(0.0, 1.0),
    ),
)
