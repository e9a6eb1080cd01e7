"""Rounds of several samples and of every optimiser, beside an oracle of plain tensors and torch's own optimisers."""

from collections.abc import Iterator
from dataclasses import replace
from math import isfinite
from typing import Any

import numpy as np
import pytest

from bptui.core.engines import error_bounds
from bptui.core.engines.batch import compile_batch
from bptui.core.engines.engine import NumpyEngine, collect_given, evaluate_forward, make_engine
from bptui.core.engines.error_bounds import compile_bounds, compute_bounds
from bptui.core.engines.finite_differences import estimate_gradients
from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.backprop import name_quantities
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import gradient, of_sample, updated
from bptui.core.formulas.network import Network
from bptui.core.formulas.samples import count_formulas
from bptui.core.problem.initialisation import make_initial_state
from bptui.core.problem.spec import Spec
from bptui.derive.worked import Working
from tests.effort import ALL
from tests.several import make_problems

ROUNDS = 25
SHORT = 12  # of problems whose every quantity is looked at
MANY = 150 if ALL else 36


def train_by_torch(spec: Spec, rounds: int) -> Iterator[dict[str, Any]]:
    """Yield E, the samples' losses and the parameters of rounds, by autograd on scalars and ``torch.optim``."""
    import torch

    n, count = spec.network, len(spec.inputs)
    start = dict(zip(n.parameters, make_initial_state(spec), strict=False))
    own: dict[str, Any] = {}
    for p in n.parameters:
        first = f"b_{n.layer_of(p[2:]).neurons[0]}" if p in n.biases and n.shares_biases else p
        own[p] = own[first] if first in own else torch.tensor(start[p], requires_grad=not n.is_frozen(p))
    leaves = list({id(leaf): leaf for leaf in own.values() if leaf.requires_grad}.values())
    rate, decay, momentum = spec.step, spec.weight_decay, spec.momentum
    optimiser = {
        "gradient descent": lambda: torch.optim.SGD(leaves, rate, weight_decay=decay),
        "momentum": lambda: torch.optim.SGD(leaves, rate, momentum, weight_decay=decay),
        "classical momentum": lambda: torch.optim.SGD(leaves, rate, momentum, weight_decay=decay),
        "nesterov": lambda: torch.optim.SGD(leaves, rate, momentum, nesterov=True, weight_decay=decay),
        "rmsprop": lambda: torch.optim.RMSprop(leaves, rate, spec.alpha, spec.epsilon, decay),
        "adam": lambda: torch.optim.Adam(leaves, rate, (spec.beta1, spec.beta2), spec.epsilon, decay),
    }[spec.optimiser]()
    size = {"all": count, "one at a time": 1}.get(str(spec.batch)) or int(spec.batch)
    for round_ in range(rounds):
        used = [(round_ * size + place) % count for place in range(size)]
        losses = {}
        for sample in used:
            at = dict(zip(n.inputs, torch.tensor(spec.inputs[sample], dtype=torch.float64), strict=True))
            for layer in n.layers:
                inputs = []
                for neuron in layer.neurons:
                    z = sum(own[n.weight(source, neuron)] * at[source] for source in n.sources(neuron))
                    inputs.append(z + own[f"b_{neuron}"] if layer.has_biases else z)
                (name,) = set(layer.activations)
                text = ACTIVATIONS[name].torch.format(z="z")
                at |= zip(layer.neurons, eval(text, {"torch": torch, "z": torch.stack(inputs)}), strict=True)
            o, y = torch.stack([at[out] for out in n.outputs]), torch.tensor(spec.targets[sample], dtype=torch.float64)
            losses[f"E_s{sample + 1}"] = eval(LOSSES[spec.loss].torch, {"torch": torch, "o": o, "y": y})
        whole = torch.stack(list(losses.values()))
        loss = whole.mean() if spec.over_samples == "mean" else whole.sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield {"E": loss.item(), **{name: one.item() for name, one in losses.items()}} | {
            updated(p): leaf.item() for p, leaf in own.items()
        }


def is_ordinary(spec: Spec) -> bool:
    """Whether training does not blow up what is lost by rounding: by a loss that explodes, or by a start on an edge."""
    start = make_initial_state(spec)
    rows, moved = (NumpyEngine(spec).advance(at, ROUNDS, 1)[0] for at in (start, start * (1.0 + 1e-10)))
    sums_to_0 = spec.loss == "cross entropy" or spec.activation_output == "softmax"
    vanishes = spec.network.shares_biases and sums_to_0 and bool(spec.biases_output)
    return not vanishes and bool((np.abs(rows[:, 0]) < 50.0).all() and (np.abs(rows - moved) < 1e-8).all())


@pytest.mark.with_torch
@pytest.mark.parametrize("engine", ["numpy", "torch"])
def test_training_is_what_torch_makes_of_it_with_its_own_optimisers(engine: str) -> None:
    pytest.importorskip("torch", reason="python3 dev.py torch installs it")
    tried = 0
    for spec in filter(is_ordinary, make_problems(MANY)):
        state, computed = make_initial_state(spec), make_engine(engine, spec)
        for round_, right in enumerate(train_by_torch(spec, ROUNDS), 1):
            values = computed.evaluate(state, round_)
            known = {name: value for name, value in right.items() if name in values}
            assert set(right) - set(known) <= ({"E_s1"} if len(spec.inputs) == 1 else set())
            for name, value in known.items():
                assert float(values[name]) == pytest.approx(value, rel=1e-12, abs=1e-12), (spec, round_, name)
            state = np.array([values[updated(part)] for part in spec.network.state])
        tried += 1
    assert tried > MANY // 2


@pytest.mark.with_torch
def test_both_engines_have_every_quantity_and_its_number() -> None:
    pytest.importorskip("torch", reason="python3 dev.py torch installs it")
    for spec in make_problems(MANY, seed=2):
        state, (mine, theirs) = make_initial_state(spec), (make_engine(name, spec) for name in ("numpy", "torch"))
        state = mine.advance(state, 3, 1)[1]
        one, other = mine.evaluate(state, 4), theirs.evaluate(state, 4)
        assert tuple(one) == name_quantities(spec.network_of(4)) and set(one) == set(other)
        bounds = compute_bounds(spec.network_of(4), {**collect_given(spec, state, 4), **one}, "float64")
        for name, value in one.items():  # an optimiser that divides by a tiny gradient's root blows up its rounding
            room = max(1e-11 * abs(float(value)), 1e-12, 4.0 * bounds[name])
            assert abs(float(other[name]) - float(value)) <= room, (spec, name)


def test_many_runs_side_by_side_are_each_the_run_alone_to_the_last_bit() -> None:
    for spec in make_problems(MANY, seed=3, precision="float32"):
        start = make_initial_state(spec)
        states = np.stack([start, 1.01 * start, -start], axis=1).astype(spec.precision)
        batch, engine, together = compile_batch(spec.network), NumpyEngine(spec), states.copy()
        buffers = np.empty((batch.buffers, 3), states.dtype)
        with np.errstate(all="ignore"):
            for round_ in range(1, 6):
                batch.advance(1, lambda loss: None, buffers, *collect_given(spec, together, round_).values())
        alone = np.stack([engine.advance(state, 5, 1)[1] for state in states.T], axis=1)
        assert alone.dtype == np.float32 and np.array_equal(alone, together, equal_nan=True)
        values = engine.evaluate(states, 2)
        assert {np.asarray(value).dtype for value in values.values()} == {np.dtype(np.float32)}


def test_a_round_leads_to_the_next_whether_it_is_computed_alone_or_in_a_training() -> None:
    for spec in make_problems(SHORT, seed=4):
        engine, state = NumpyEngine(spec), make_initial_state(spec)
        rows, after = engine.advance(state, 60, 1)  # some round by round, the rest compiled as a whole
        for round_ in range(1, 61):
            values = engine.evaluate(state, round_)
            assert values["E"] == rows[round_ - 1, 0] and (state == rows[round_ - 1, 1:]).all()
            state = np.array([values[updated(part)] for part in spec.network.state])
        assert (state == after).all()


def test_gradients_are_those_of_the_loss_over_the_round_s_samples() -> None:
    for spec in filter(is_ordinary, make_problems(SHORT, seed=5)):
        engine, state = NumpyEngine(spec), make_initial_state(spec)
        for round_ in (1, 2):
            values, estimates = engine.evaluate(state, round_), estimate_gradients(spec, state, round_)
            for p in spec.network.parameters:
                slope, error = estimates[gradient(p)]
                assert abs(float(values[gradient(p)]) - slope) <= error + 1e-12, (spec, p)


def test_every_quantity_is_derived_and_the_line_gives_its_number() -> None:
    for spec in filter(is_ordinary, make_problems(SHORT, seed=6)):
        state = NumpyEngine(spec).advance(make_initial_state(spec), 2, 1)[1]
        network = spec.network_of(3)
        values = {**collect_given(spec, state, 3), **NumpyEngine(spec).evaluate(state, 3)}
        working = Working(network, values)
        for name in name_quantities(network):
            worked = working.derivation(name)
            assert worked.line.holds and worked.line.result and worked.agrees in (True, None), (spec, name)


def test_the_round_s_loss_and_gradients_are_the_sum_or_the_mean_of_its_samples() -> None:
    for spec in make_problems(SHORT, seed=7):
        if not (samples := spec.network_of(2).samples):
            continue
        values = NumpyEngine(spec).evaluate(make_initial_state(spec), 2)
        divisor = len(samples) if spec.over_samples == "mean" else 1
        for name in ("E", *map(gradient, spec.network.parameters)):
            own = [values[of_sample(name, sample)] for sample in samples]
            assert values[name] == pytest.approx(sum(own) / divisor, rel=1e-14) or not isfinite(values[name])


def test_up_to_the_loss_the_quantities_are_those_of_the_whole_round_to_the_last_bit() -> None:
    for spec in (*make_problems(SHORT, seed=9), *(replace(one, rounding="4 decimals") for one in make_problems(6))):
        for state, rounds in ((make_initial_state(spec), 2), (np.stack([make_initial_state(spec)] * 3, axis=1), 1)):
            forward = evaluate_forward(spec, state, rounds)
            whole = NumpyEngine(spec).evaluate(state, rounds)
            assert list(forward) == list(whole)[: len(forward)] and list(forward)[-1] == "E"
            for name, value in forward.items():
                np.testing.assert_array_equal(value, whole[name])


@pytest.mark.parametrize("lines", [1, 7])
def test_bounds_of_other_samples_and_in_parts_are_those_of_a_round_that_is_bounded_by_itself(
    lines: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for spec in make_problems(SHORT, seed=10):
        round_, state = spec.period, make_initial_state(spec)
        network = spec.network_of(round_)
        values = {**collect_given(spec, state, round_), **NumpyEngine(spec).evaluate(state, round_)}
        for by_autograd in (False, True):
            together = compute_bounds(network, values, "float64", 1.0, by_autograd)
            with monkeypatch.context() as patch:
                patch.setattr(error_bounds, "_LINES", lines)
                patch.setattr(error_bounds, "compile_bounds", compile_bounds.__wrapped__)
                patch.setattr(Network, "in_order", property(lambda self: self))
                assert compute_bounds(network, values, "float64", 1.0, by_autograd) == together


def test_the_number_of_formulas_is_known_before_they_are_made() -> None:
    for spec in make_problems(60, seed=8):
        count = len(name_quantities(spec.network))
        assert count_formulas(spec.network) == count, spec


def test_rounds_take_the_next_samples_in_their_order_over_and_over(default: Spec) -> None:
    three = replace(default, inputs=((1.0, 2.0),) * 3, targets=((0.1, 0.2),) * 3, batch=2)
    assert [three.samples_of(round_) for round_ in (1, 2, 3, 4)] == [(1, 2), (3, 1), (2, 3), (1, 2)]
    assert (three.period, replace(three, batch="all").period, replace(three, batch="one at a time").period) == (3, 1, 3)
