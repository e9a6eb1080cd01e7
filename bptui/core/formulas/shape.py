"""What networks have in common: the networks that are left of them where some settings play no part.

What depends on nothing else is made for such a network, once for all that share it.
"""

from dataclasses import replace
from functools import lru_cache

from bptui.core.formulas.network import Network
from bptui.core.formulas.rounding import NONE


@lru_cache(maxsize=256)
def drop_rounding(network: Network) -> Network:
    """Return a network without its rounding."""
    return network if network.rounding == NONE else replace(network, rounding=NONE)


@lru_cache(maxsize=256)
def find_shape(network: Network) -> Network:
    """Return a network's connections alone: without activations, loss, gradient rule and rounding."""
    layers = tuple(replace(layer, activations=()) for layer in network.layers)
    return replace(network, layers=layers, loss="", rule="", rounding=NONE)
