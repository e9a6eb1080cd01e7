"""What somebody may have printed for a round: its quantities, the factors of its chains, and a few sums in between.

The last are no quantities of a round, because nothing of it needs them; books print them all the same: ``E_o1``, an
output's share of the loss; ``dE_dh1``, what arrives at a hidden neuron; ``change_w1``, what an update adds.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from bptui.core.engines.program import compile_expression
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Expr, Name, Negative, Sum, product
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import change, derivative, gradient, share, updated
from bptui.core.formulas.network import Network
from bptui.core.formulas.rules import RULES
from bptui.core.quantities.chain_rule import find_factors


@lru_cache(maxsize=256)
def list_printable(network: Network) -> Mapping[str, Expr]:
    """The expression of everything that may be printed for a round, by name; first its quantities, in their order."""
    quantities = {f.name: f.expr for f in list_formulas(network)}
    return {**quantities, **_between(network), **find_factors(network)}


def _between(n: Network) -> dict[str, Expr]:
    found: dict[str, Expr] = {}
    loss = LOSSES[n.loss].value(n)
    if isinstance(loss, Sum) and len(loss.terms) == len(n.outputs):
        found |= dict(zip(map(share, n.outputs), loss.terms, strict=True))
    for layer in n.hidden_layers:
        found |= {derivative("E", h): RULES[n.rule].arriving(n, h) for h in layer.neurons}
    for p in n.parameters:
        step = Negative(product(Name("eta"), Name(gradient(p))))
        found[change(p)] = Name(updated(p)) - Name(p) if n.is_frozen(p) else step
    return found


def compute_values(network: Network, names: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """What some of it comes to.

    Args:
        network: What the values belong to.
        names: Names from ``list_printable``.
        values: All quantities of a round, and all that it was computed from.
    """
    exprs = list_printable(network)
    return {name: values[name] if name in values else compile_expression(exprs[name])(values) for name in names}
