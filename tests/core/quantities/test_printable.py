"""What may be printed beside a round's quantities: what each name is worth, and that people can read it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given

from bptui.core.engines.engine import NumpyEngine
from bptui.core.engines.engine import collect_given as given_numbers
from bptui.core.engines.error_bounds import compute_bounds
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import find_names
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.settings import PRECISIONS
from bptui.core.problem.spec import Spec
from bptui.core.quantities.chain_rule import add_factors, find_factors
from bptui.core.quantities.printable import compute_values, list_printable
from bptui.derive.notations import format_label, format_latex
from tests.effort import examples
from tests.strategies import BIASES, is_smooth, problem, problems, rounded_or_not

WIDTH = 6e-6  # of a difference
IN_PARTS = ("half squared error", "squared error", "cross entropy")  # losses that are a sum over the outputs


def round_of(spec: Spec, precision: str = "float64") -> dict[str, Any]:
    start = make_initial_parameters(spec).astype(precision)
    return {**given_numbers(spec, start, 1), **NumpyEngine(spec, precision).evaluate(start, 1)}


def everything(spec: Spec, values: dict[str, Any]) -> dict[str, Any]:
    return compute_values(spec.network, list_printable(spec.network), values)


@examples(60)
@given(rounded_or_not)
def test_the_quantities_come_first_in_their_order_and_are_what_the_round_says(spec: Spec) -> None:
    values, lines = round_of(spec), list_formulas(spec.network)
    assert list(list_printable(spec.network))[: len(lines)] == [line.name for line in lines]
    found = everything(spec, values)
    assert all(found[line.name] is values[line.name] for line in lines)
    assert all(found[name] is value for name, value in values.items() if name in found)


@examples(60)
@given(rounded_or_not)
def test_all_of_it_is_computed_from_a_round_and_what_that_starts_from(spec: Spec) -> None:
    values = round_of(spec)
    for name, expr in list_printable(spec.network).items():
        assert set(find_names(expr)) <= values.keys(), name
    assert set(everything(spec, values)) == set(list_printable(spec.network))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_the_outputs_shares_of_a_loss_that_is_a_sum_add_up_to_it(loss: str, outputs: int) -> None:
    spec = problem((2, 2, outputs), loss=loss)
    values = round_of(spec)
    found = {name: value for name, value in everything(spec, values).items() if name.startswith("E_")}
    shared = loss in IN_PARTS and outputs > 1
    assert list(found) == ([f"E_o{k + 1}" for k in range(outputs)] if shared else [])
    assert not found or sum(found.values()) == values["E"]
    if loss == "half squared error":
        for k, share in enumerate(found.values()):
            assert share == pytest.approx(0.5 * (values[f"o{k + 1}"] - spec.targets[0][k]) ** 2, rel=1e-14)


@examples(60)
@given(problems(gradient="chain rule"))
def test_what_arrives_at_a_hidden_neuron_is_how_the_loss_follows_its_output(spec: Spec) -> None:
    values = round_of(spec)
    assume(is_smooth(spec, values))
    bounds, n = compute_bounds(spec.network, values, "float64"), spec.network
    hidden = [h for layer in n.hidden_layers for h in layer.neurons]
    found = compute_values(n, [f"dE_d{h}" for h in hidden], values)
    for h in hidden:
        after = [layer.forward for layer in n.layers[n.layers.index(n.layer_of(h)) + 1 :]]
        width, ends = WIDTH * max(1.0, abs(values[h])), []
        for way in (1, -1):
            moved = {**values, h: values[h] + way * width}
            for line in list_formulas(n):
                if line.phase in [*after, "loss"]:
                    moved[line.name] = compile_expression(line.expr)(moved)
            ends.append(moved["E"])
        noise = 2.0 * (bounds["E"] + 2.0**-52) / width  # a difference of two, near where E may be 0
        bound = 1e-6 * (1.0 + sum(abs(values[f"delta_{o}"]) for o in n.outputs)) + noise
        assert abs(found[f"dE_d{h}"] - (ends[0] - ends[1]) / (2 * width)) <= bound, h


@pytest.mark.parametrize("rule", RULES)
def test_what_arrives_by_a_rule_is_what_its_hidden_delta_is_made_of(default: Spec, rule: str) -> None:
    values = round_of(replace(default, gradient=rule))
    found = everything(replace(default, gradient=rule), values)
    for h in ("h1", "h2"):
        of = {"hidden derivative forgotten": None, "first derivative for all": "h1"}.get(rule, h)
        slope = values[of] * (1 - values[of]) if of else 1.0
        assert found[f"dE_d{h}"] * slope == pytest.approx(values[f"delta_{h}"], rel=1e-14)


@pytest.mark.parametrize("biases", BIASES)
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("rule", ["chain rule", "updated weights"])
def test_a_change_is_what_the_update_adds(rule: str, precision: str, biases: str) -> None:
    """Nothing, to a bias that is frozen."""
    spec = problem((3, 2, 2), biases=biases, gradient=rule, step=0.3)
    values = round_of(spec, precision)
    for p in spec.network.parameters:
        change = everything(spec, values)[f"change_{p}"]
        assert change.dtype == precision
        assert float(change) == pytest.approx(
            float(values[f"new_{p}"] - values[p]), abs=4 * float(np.finfo(precision).eps)
        )
        assert (change == 0) == (biases == "frozen" and p.startswith("b_")), p


def test_the_factors_of_the_chains_are_among_it(default: Spec) -> None:
    values = round_of(default)
    found = everything(default, values)
    assert {name: found[name] for name in find_factors(default.network)} == {
        name: add_factors(default.network, values)[name] for name in find_factors(default.network)
    }
    assert found["dE_do1"] == values["o1"] - 0.23 and found["din_o1_dh2"] == -0.3


def test_only_what_is_asked_for_is_worked_out(default: Spec) -> None:
    assert list(compute_values(default.network, ["change_w1", "E"], round_of(default))) == ["change_w1", "E"]
    with pytest.raises(KeyError):
        compute_values(default.network, ["change_w9"], round_of(default))


READ = {
    "E_o1": "E_o1",
    "dE_dh1": "∂E/∂h1",
    "change_w1": "Δw1",
    "change_b_o2": "Δb_o2",
    "do1_din_o1": "∂o1/∂in_o1",
    "din_h1_db_h1": "∂in_h1/∂b_h1",
}


def test_every_name_has_a_label_of_its_own_for_people() -> None:
    everything_named = [
        name
        for loss in LOSSES
        for biases in BIASES
        for sizes in ((3, 3, 2), (3, 3, 2, 2))
        for name in list_printable(problem(sizes, loss=loss, biases=biases).network)
    ]
    labels = {name: format_label(name) for name in everything_named}
    assert {name: labels[name] for name in READ} == READ
    assert len(set(labels.values())) == len(labels) == len(set(map(format_latex, labels)))
    assert not any(word in text for text in labels.values() for word in ("change", "delta", "new_", "dE", "_d"))
