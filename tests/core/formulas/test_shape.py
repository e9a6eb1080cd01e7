"""What networks have in common: which settings play no part in it."""

from dataclasses import replace
from typing import Any

import pytest

from bptui.core.formulas.network import drop_rounding, find_shape
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec


@pytest.mark.parametrize(
    "other",
    [
        {"activation_hidden": "tanh"},
        {"activation_neurons": (("o2", "relu"),)},
        {"loss": "cross entropy"},
        {"gradient": "sign wrong"},
        {"rounding": "3 digits"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_networks_with_the_same_connections_have_one_shape(default: Spec, other: dict[str, Any]) -> None:
    assert find_shape(replace(default, **other).network) == find_shape(default.network)


@pytest.mark.parametrize(
    "other",
    [
        {"numbering": "by destination"},
        {"biases_hidden": (0.1, 0.1)},
        {"bias_update": "shared"},
        {"inputs": ((0.1, 0.2, 0.3),)},
        {"hidden": (3,)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_numbering_size_or_bias_is_another_shape(default: Spec, other: dict[str, Any]) -> None:
    assert find_shape(replace(default, **other).network) != find_shape(default.network)


def test_without_its_rounding_a_network_is_as_if_it_never_had_one(default: Spec) -> None:
    assert drop_rounding(replace(default, rounding="2 decimals").network) == default.network
    assert default.network.rounding == NONE
