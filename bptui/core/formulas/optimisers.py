"""Optimisers: how a parameter is updated from its gradient, one row each.

A row says everything the program knows about its optimiser. To add one, add a row; ``Network.state`` names what a round
starts from, so far the parameters alone.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bptui.core.formulas.expr import Expr, Name, product
from bptui.core.formulas.functions import index_by_name
from bptui.core.formulas.names import gradient


@dataclass(frozen=True)
class Optimiser:
    """A way of updating parameters.

    Attributes:
        name: What lessons and screens call it.
        about: One line for people.
        update: The parameter after the update as an expression, from the parameter's name.
    """

    name: str
    about: str
    update: Callable[[str], Expr]


OPTIMISERS = index_by_name(
    Optimiser(
        "gradient descent",
        "a step down the slope: w − η·∂E/∂w",
        lambda parameter: Name(parameter) - product(Name("eta"), Name(gradient(parameter))),
    ),
)
