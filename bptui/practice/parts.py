"""The parts of a round that practice can ask for."""

from collections.abc import Mapping
from functools import lru_cache

from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Name
from bptui.core.formulas.names import of_sample
from bptui.core.formulas.network import Network

_BACKWARD = ("output gradients", "hidden gradients")
PARTS = ("whole round", "forward", *_BACKWARD, "update")
"""What can be asked for; of a network without a hidden layer, not the fourth."""


def list_parts(network: Network) -> tuple[str, ...]:
    """Return those of ``PARTS`` that a round of the network has."""
    return tuple(part for part in PARTS if part in _group_phases(network))


def find_phases(network: Network, part: str) -> tuple[str, ...]:
    """Return the phases of a round that a part of it asks for."""
    return _group_phases(network)[part]


@lru_cache(maxsize=16)
def find_copies(network: Network) -> Mapping[str, str]:
    """Return what belongs to a round of a single sample, and the name of the same number as the sample's own."""
    if len(network.samples) != 1:
        return {}
    own = {f.name: of_sample(f.name, network.samples[0]) for f in list_formulas(network)}
    return {f.name: own[f.name] for f in list_formulas(network) if f.expr == Name(own[f.name])}


def _group_phases(network: Network) -> dict[str, tuple[str, ...]]:
    forward = network.phases[: network.phases.index("loss") + 1]
    update = tuple(phase for phase in ("optimiser state", "update") if phase in network.phases)
    backward = network.phases[len(forward) : -len(update)]
    parts = {part: tuple(phase for phase in backward if phase.startswith(part.split()[0])) for part in _BACKWARD}
    return {
        "whole round": network.phases,
        "forward": forward,
        **{k: v for k, v in parts.items() if v},
        "update": update,
    }
