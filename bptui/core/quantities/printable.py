"""All numbers of a round that a book may print: quantities, factors of the chain rule and some intermediate results.

The intermediate results are not quantities of a round, because no formula needs them, but books print them: ``E_o1``,
an output's share of the loss; ``dE_dh1``, what arrives at a hidden neuron; ``change_w1``, what an update adds.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from bptui.core.engines.program import calculate
from bptui.core.formulas.backprop import list_formulas, list_update
from bptui.core.formulas.expr import Expr, Sum
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import change, derivative, share, updated
from bptui.core.formulas.network import Network, drop_rounding, find_shape
from bptui.core.formulas.optimisers import find_step
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.formulas.samples import place_at_samples
from bptui.core.quantities.chain_rule import find_factors


@lru_cache(maxsize=256)
def list_printable(network: Network) -> Mapping[str, Expr]:
    """Return the expression of every printable number of a round by name, its quantities first, in their order."""
    quantities = {f.name: f.expr for f in list_formulas(network)}
    # Where all outputs are made together, factors of the chain rule are quantities too, and then rounded as such
    return {**quantities, **_list_others(drop_rounding(network)), **quantities}


@lru_cache(maxsize=256)
def _list_others(n: Network) -> Mapping[str, Expr]:
    """Return the printable numbers that are no quantities; they are not rounded."""
    one, rule = n.one_sample, RULES[n.rule]
    arriving = {derivative("E", h): rule.arriving(one, h) for layer in n.hidden_layers for h in layer.neurons}
    placed = place_at_samples(n, {**_list_own_shares(n), **arriving})
    return {**placed, **list_changes(find_shape(n)), **find_factors(n)}


def list_shares(n: Network) -> dict[str, Expr]:
    """Return each output's share of the loss by name, of every sample; none where the loss is no sum of these."""
    return place_at_samples(n, _list_own_shares(n))


def _list_own_shares(n: Network) -> dict[str, Expr]:
    loss = LOSSES[n.loss].value(n.one_sample)
    if isinstance(loss, Sum) and len(loss.terms) == len(n.outputs):
        return dict(zip(map(share, n.outputs), loss.terms, strict=True))
    return {}


@lru_cache(maxsize=64)
def list_changes(n: Network) -> Mapping[str, Expr]:
    """Return what the update adds to each parameter of a network or of its shape, by name."""
    return {change(p): find_step(p, list_update(n, p)[updated(p)]) for p in n.parameters}


def compute_values(network: Network, names: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Compute the values of some printable numbers.

    Args:
        network: The network of the values.
        names: Names from ``list_printable``.
        values: All quantities of a round and all values it was computed from, by name: float64 or float32 scalars or
            arrays of shape (runs,).

    Returns:
        The values by name, in the precision and shape of those given.

    Raises:
        KeyError: If a name is not in ``list_printable``.
    """
    exprs, names = list_printable(drop_rounding(network)), tuple(names)  # what is not among the values is not rounded
    found = calculate({name: exprs[name] for name in names if name not in values}, values)
    return {name: values[name] if name in values else found[name] for name in names}
