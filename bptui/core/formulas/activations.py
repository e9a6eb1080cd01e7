"""The activations, one table row each: value and derivative side by side.

A row holds everything the program knows about its function: the expressions that the NumPy engine runs and the
derivations print, and the text that the torch engine runs. That text is the forward value only; the derivative in
torch is autograd's own. To add an activation, add a row.
"""

from collections.abc import Callable, Sequence
from math import inf

from bptui.core.formulas.expr import Call, Expr, Function, Name, Negative, Number, Square, product
from bptui.core.formulas.functions import (
    EXP,
    LEAKY_STEP,
    MAX,
    SIGMOID,
    SOFTMAX,
    SOFTPLUS,
    STEP,
    TANH,
    compare_indices,
    index_by_name,
)
from bptui.core.formulas.loss_floor import Range
from bptui.record import record


@record
class OfLayer:
    """What an activation is that takes the weighted inputs of a whole layer; its outputs are parts of 1.

    Attributes:
        value: An output as an expression of its own weighted input and of the terms of the sum over its layer's.
        derivative: The derivative of an output by the weighted input of another neuron of its layer, as an expression
            of that output and the other neuron's. Of its own weighted input it is ``Activation.derivative``.
        general: The derivative of any output by any weighted input, likewise; printed, never evaluated.
        autograd: A delta as torch's autograd computes it, as an expression of ∂E/∂o and the output of the neuron
            itself, and of the sum of their products over the layer.
    """

    value: Callable[[Expr, Sequence[Expr]], Expr]
    derivative: Callable[[Expr, Expr], Expr]
    general: Callable[[Expr, Expr], Expr]
    autograd: Callable[[Expr, Expr, Expr], Expr]


@record
class Activation:
    """An activation, applied to one neuron's weighted input or to those of a whole layer.

    Attributes:
        name: Its name in lessons and on screen.
        about: A one-line description for the user.
        value: The output as an expression of the weighted input.
        derivative: The derivative as an expression of the weighted input and the output.
        range: Infimum and supremum of the output.
        torch: The same value as torch source, with ``{z}`` for the weighted input.
        smooth: Whether it has a derivative everywhere.
        autograd: The derivative in the factors that torch's autograd multiplies, if these are rounded otherwise.
        of_layer: How it acts on a whole layer, the output layer alone; None if each neuron is for itself. ``value`` and
            ``derivative`` are then those of a layer of one neuron, and of a neuron by its own weighted input.
    """

    name: str
    about: str
    value: Callable[[Expr], Expr]
    derivative: Callable[[Expr, Expr], Expr]
    range: Range
    torch: str
    smooth: bool = True
    autograd: Callable[[Expr, Expr], Expr] | None = None
    of_layer: OfLayer | None = None


def _sigmoid_slope(z: Expr, a: Expr) -> Expr:
    return product(a, 1.0 - a)


def _derive_in_general(of: Expr, by: Expr) -> Expr:
    """Return the general derivative of softmax, of one output by the weighted input of another, or of its own."""
    indices = [one.name.rpartition("_")[2] for one in (of, by) if isinstance(one, Name)]
    return product(of, Call(compare_indices(*indices), ()) - by)


ACTIVATIONS = index_by_name(
    Activation(
        "sigmoid",
        "1/(1 + exp(−z)), written out; torch's autograd gives nan where that exp overflows",
        lambda z: 1.0 / (1.0 + Call(EXP, (-z,))),
        _sigmoid_slope,
        (0.0, 1.0),
        "1 / (1 + torch.exp(-{z}))",
        autograd=lambda z, a: product(Square(a), Call(EXP, (-z,))),
    ),
    Activation(
        "torch.sigmoid",
        "1/(1 + exp(−z)) as the library computes it; rounding may differ from the written-out form",
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
        "z above 0 and 0.01·z below; its derivative at 0 is 0.01",
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
    Activation(
        "softmax",
        "exp(z) divided by the sum of exp(z) over all outputs; for the output layer only",
        lambda z: Call(SOFTMAX, (z, z)),
        _sigmoid_slope,
        (0.0, 1.0),
        "torch.softmax({z}, -1)",
        of_layer=OfLayer(
            lambda z, layer: Call(SOFTMAX, (z, *layer)),
            lambda a, other: Negative(product(a, other)),
            _derive_in_general,
            lambda slope, a, whole: product(a, slope - whole),
        ),
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
