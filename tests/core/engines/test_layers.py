"""Networks of any number of layers: the formulas, the compiled round and torch need no particular one."""

from itertools import repeat
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from bptui.core.engines.engine import Floats
from bptui.core.engines.program import compile_program
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.names import gradient
from bptui.core.formulas.network import Network
from bptui.core.formulas.rules.gradient_rules import RULES
from tests.strategies import network_of

SHAPES = ((2, 1), (3, 2), (2, 3, 2, 1), (1, 2, 1, 2, 2))
WIDTH = 1e-6


def start(network: Network) -> Floats:
    """Weights and biases of all sizes, equal within a layer's biases, so that these may be shared."""
    n = np.random.default_rng(7).uniform(-1.5, 1.5, len(network.parameters))
    n[len(network.weights) :] = 0.3
    return n


def data(network: Network) -> list[float]:
    """Inputs, targets and the learning rate."""
    return [0.4 + 0.3 * place for place, _ in enumerate((*network.inputs, *network.targets))] + [0.5]


def round_of(network: Network, parameters: Floats) -> dict[str, Any]:
    program = compile_program(network)
    return dict(zip(program.quantities, program.round(*data(network), *parameters), strict=True))


@pytest.mark.parametrize("update", ["per neuron", "shared", "frozen"])
@pytest.mark.parametrize("sizes", SHAPES)
def test_every_gradient_is_that_of_the_loss_at_any_depth(sizes: tuple[int, ...], update: str) -> None:
    network = network_of(*sizes, activations=("tanh",) * sum(sizes[1:]), biases=True, bias_update=update)
    at, values = start(network), round_of(network, start(network))
    for place, parameter in enumerate(network.parameters):
        tied = network.neurons_with(parameter) if parameter in network.biases else ()
        moved = [place] if not tied else [network.parameters.index(f"b_{neuron}") for neuron in tied]
        up, down = at.copy(), at.copy()
        up[moved] += WIDTH
        down[moved] -= WIDTH
        slope = (round_of(network, up)["E"] - round_of(network, down)["E"]) / (2 * WIDTH)
        assert values[gradient(parameter)] == pytest.approx(slope, rel=1e-6, abs=1e-9), parameter


@pytest.mark.with_torch
@pytest.mark.parametrize("sizes", SHAPES)
def test_torch_gives_the_same_round_and_the_same_training_at_any_depth(sizes: tuple[int, ...]) -> None:
    torch_engine = pytest.importorskip("bptui.core.engines.torch_engine", reason="python3 dev.py torch installs it")
    network = network_of(*sizes, biases=True)
    *numbers, step = data(network)
    inputs, targets = numbers[: len(network.inputs)], numbers[len(network.inputs) :]
    spec: Any = SimpleNamespace(
        inputs=[inputs],
        targets=[targets],
        network=network,
        network_of=lambda round_: network,
        loss=network.loss,
        step=step,
        optimiser=network.optimiser,
        momentum=0.0,
        weight_decay=0.0,
        precision_of=lambda _: "float64",
    )
    engine, at = torch_engine.TorchEngine(spec), start(network)
    mine, theirs = round_of(network, at), engine.evaluate(at, 1)
    assert set(mine) == set(theirs)
    assert [float(theirs[name]) for name in mine] == pytest.approx([float(v) for v in mine.values()], rel=1e-12)
    rows: list[Any] = []
    after = compile_program(network).advance(repeat(tuple(numbers), 5), rows.append, step, *at)
    losses, trained = engine.advance(at, 5, 1)
    assert trained == pytest.approx(after, rel=1e-12) and losses[:, 0] == pytest.approx([row[0] for row in rows])


def test_layers_and_their_neurons_are_named_as_they_are_counted() -> None:
    shallow, deep = network_of(2, 2, 1), network_of(2, 2, 3, 1)
    assert shallow.neurons == ("h1", "h2", "o1") and deep.layers[0].name == "hidden1"
    assert deep.neurons == ("h1_1", "h1_2", "h2_1", "h2_2", "h2_3", "o1")
    assert deep.sources("h2_1") == ("h1_1", "h1_2") and deep.targets_of("h1_2") == ("h2_1", "h2_2", "h2_3")
    assert (
        deep.targets_of("x1") == ("h1_1", "h1_2")
        and deep.targets_of("o1") == ()
        and deep.sources("h1_1") == deep.inputs
    )
    assert deep.phases[:4] == ("forward hidden1", "forward hidden2", "forward output", "loss")
    assert deep.phases[4:6] == ("output deltas", "output gradients") and deep.phases[-2:] == (
        "hidden1 gradients",
        "update",
    )


@pytest.mark.parametrize("rule", RULES)
def test_every_gradient_rule_makes_a_round_at_any_depth_that_uses_only_what_it_has(rule: str) -> None:
    for sizes in SHAPES:
        network = network_of(*sizes, rule=rule)
        assert np.isfinite([float(value) for value in round_of(network, start(network)).values()]).all()
        assert {line.phase for line in list_formulas(network)} == set(network.phases)
