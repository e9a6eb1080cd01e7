"""Formulas for several samples: those of one sample, once for each.

What belongs to a sample carries its number (``h1_s2``); what belongs to the round does not: parameters, the optimiser's
state and its numbers, and all of these after the update.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.expr import Expr, Name, rebuild, total
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import of_sample, updated
from bptui.core.formulas.network import Network
from bptui.core.formulas.optimisers import OPTIMISERS


@lru_cache(maxsize=256)
def _list_shared(network: Network) -> frozenset[str]:
    return frozenset((*network.constants, "t", *network.state, *map(updated, network.state)))


def rename_by_sample(network: Network, expr: Expr, rename: Callable[[str], str]) -> Expr:
    """Return an expression of one sample with other names for all that belongs to the sample."""
    return _make_renamer(network, rename)(expr)


def _make_renamer(network: Network, rename: Callable[[str], str]) -> Callable[[Expr], Expr]:
    """Return a function that returns an expression with other names; equal names become one and the same object."""
    shared, found = _list_shared(network.one_sample), dict[str, Expr]()

    def visit(part: Expr) -> Expr:
        if not isinstance(part, Name):
            return rebuild(part, visit)
        if part.name not in found:
            found[part.name] = part if part.name in shared else Name(rename(part.name))
        return found[part.name]

    return visit


def place_at(network: Network, expr: Expr, sample: int) -> Expr:
    """Return an expression of one sample with the names of a sample; sample 0 leaves it as it is."""
    return rename_by_sample(network, expr, lambda name: of_sample(name, sample)) if sample else expr


def place_at_samples(network: Network, exprs: Mapping[str, Expr]) -> dict[str, Expr]:
    """Return named expressions of one sample for each sample of a network, sample by sample.

    Args:
        network: The network, with its samples.
        exprs: Expressions by name, as they are where there is only one sample.

    Returns:
        The expressions of all samples, by names with the sample's number; unchanged where there is only one.
    """
    if not network.samples:
        return dict(exprs)
    placed = dict[str, Expr]()
    for sample in network.samples:
        rename = _make_renamer(network, partial(of_sample, sample=sample))
        placed |= {of_sample(name, sample): rename(expr) for name, expr in exprs.items()}
    return placed


def combine_samples(network: Network, name: str) -> Expr:
    """Return the sum or the mean of a quantity over the samples of a round."""
    whole = total([Name(of_sample(name, sample)) for sample in network.samples])
    mean = network.over_samples == "mean" and len(network.samples) > 1
    return whole / float(len(network.samples)) if mean else whole


def count_formulas(network: Network) -> int:
    """Return how many formulas a round has, without making them."""
    parameters, row = network.parameters, OPTIMISERS[network.optimiser]
    parts = LOSSES[network.loss].parts(network.one_sample)
    joint = ACTIVATIONS[network.activation(network.outputs[0])].of_layer
    of_outputs = len(network.outputs) * (1 + len(network.outputs)) if joint else 0
    by_sample = 3 * len(network.neurons) + len(parameters) + len(parts) + of_outputs + 1
    whole = (len(parameters) + 1) * bool(network.samples)
    of_state = len(row.state) * (2 if row.uses_time else 1)
    updates = len(parameters) + of_state * sum(not network.is_frozen(p) for p in parameters)
    return by_sample * max(len(network.samples), 1) + whole + updates
