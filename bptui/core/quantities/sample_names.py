"""The numbers of one of several samples, under the names that a single sample has.

``h1`` is then ``h1_s2`` of sample 2. ``E`` and the gradients are always those of the round, which have these names.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from bptui.core.formulas.backprop import name_quantities
from bptui.core.formulas.names import of_sample, split_sample
from bptui.core.formulas.network import Network

Found = TypeVar("Found")


@lru_cache(maxsize=64)
def _list_sample_names(network: Network) -> tuple[str, ...]:
    """Return the names of one sample that a round has only with a sample's number."""
    named = (*network.data, *name_quantities(network))
    return tuple({split_sample(name)[0]: None for name in named if split_sample(name)[1]}.keys() - set(named))


def show_sample(network: Network, sample: int, found: Mapping[str, Found]) -> Mapping[str, Found]:
    """Return what is known by name, and what is known of a sample by the names that a single one has."""
    if not sample:
        return found
    known = ((name, of_sample(name, sample)) for name in _list_sample_names(network))
    return {**found, **{name: found[full] for name, full in known if full in found}}


def find_full_name(network: Network, sample: int, name: str) -> str:
    """Return the name of a number of a sample, from the name that a single sample has; others stay as they are."""
    return of_sample(name, sample) if sample and name in _list_sample_names(network) else name
