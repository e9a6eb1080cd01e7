"""The parts of a round that practice can ask for."""

from bptui.core.formulas.network import Network

PARTS = ("whole round", "forward", "output gradients", "hidden gradients", "update")
"""What can be asked for; of a network without a hidden layer, not the fourth."""


def list_parts(network: Network) -> tuple[str, ...]:
    """Return those of ``PARTS`` that a round of the network has."""
    return tuple(part for part in PARTS if part in _group_phases(network))


def find_phases(network: Network, part: str) -> tuple[str, ...]:
    """Return the phases of a round that a part of it asks for."""
    return _group_phases(network)[part]


def _group_phases(network: Network) -> dict[str, tuple[str, ...]]:
    forward = network.phases[: network.phases.index("loss") + 1]
    update = tuple(phase for phase in ("optimiser state", "update") if phase in network.phases)
    by_layer = {layer.gradients: (layer.deltas, layer.gradients) for layer in network.layers}
    return {"whole round": network.phases, "forward": forward, **by_layer, "update": update}
