"""The parts of a round that practice asks for."""

import pytest

from bptui.practice.parts import PARTS, find_phases, list_parts
from tests.strategies import problem


@pytest.mark.parametrize("size", [(2, 3, 1), (2, 0, 1)])
def test_the_parts_are_the_phases_of_a_round_and_together_all_of_them(size: tuple[int, int, int]) -> None:
    network = problem(size).network
    whole, *rest = (find_phases(network, part) for part in list_parts(network))
    assert whole == network.phases == tuple(phase for part in rest for phase in part)


def test_only_a_network_with_a_hidden_layer_has_hidden_gradients() -> None:
    assert list_parts(problem((2, 3, 1)).network) == PARTS
    assert set(PARTS) - set(list_parts(problem((2, 0, 1)).network)) == {"hidden gradients"}
