"""A round as a list of named formulas: complete, in calculation order, and printed as on paper."""

from dataclasses import replace
from itertools import chain, groupby

import pytest
from hypothesis import given

from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import find_names
from bptui.core.formulas.notation import PYTHON, write
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from tests.effort import examples
from tests.strategies import problem, rounded_or_not


def printed(spec: Spec) -> dict[str, str]:
    return {line.name: write(line.expr, PYTHON) for line in list_formulas(spec.network)}


@examples(100)
@given(rounded_or_not)
def test_every_formula_uses_only_what_stands_above_it(spec: Spec) -> None:
    n = spec.network
    known = {*n.inputs, *n.targets, *n.parameters, "eta"}
    for line in list_formulas(n):
        assert set(find_names(line.expr)) <= known, line.name
        assert line.name not in known
        known.add(line.name)


@examples(100)
@given(rounded_or_not)
def test_a_round_has_every_quantity_of_the_vocabulary_in_its_phase(spec: Spec) -> None:
    """Each phase comes once; but a rule may update each layer's parameters before the deltas of the layer before it."""
    n = spec.network
    steps = [(phase, [line.name for line in of]) for phase, of in groupby(list_formulas(n), lambda line: line.phase)]
    forward, early = len(n.layers) + 1, RULES[n.rule].updates_first
    backward = [(layer.deltas, layer.gradients) + ("update",) * early for layer in reversed(n.layers)]
    phases = [*n.phases[:forward], *chain.from_iterable(backward), *["update"] * (not early)]
    assert [phase for phase, _ in steps] == phases
    updates = [[f"new_{p}" for p in n.parameters_into(layer)] for layer in reversed(n.layers)]
    found = [names for phase, names in steps if phase == "update"]
    assert found == (updates if early else [[f"new_{p}" for p in n.parameters]])
    by_phase = dict(steps)
    assert by_phase["loss"][-1] == "E"
    jointly = spec.activation_output == "softmax"
    factors = [f"dE_d{o}" for o in n.outputs] + [f"d{o}_din_{p}" for o in n.outputs for p in n.outputs]
    for layer in n.layers:
        joint = jointly and layer.name == "output"
        inputs = [f"in_{one}" for one in layer.neurons]
        by_neuron = [name for one in layer.neurons for name in (f"in_{one}", one)]
        assert by_phase[f"forward {layer.name}"] == ([*inputs, *layer.neurons] if joint else by_neuron)
        assert by_phase[f"{layer.name} deltas"] == [*(factors if joint else ()), *(f"delta_{o}" for o in layer.neurons)]
        assert by_phase[f"{layer.name} gradients"] == [f"dE_d{p}" for p in n.parameters_into(layer)]


def test_the_default_round_reads_as_on_paper(default: Spec) -> None:
    lines = printed(default)
    expected = {
        "in_h1": "w1*x1 + w3*x2",
        "h1": "1.0/(1.0 + np.exp(-in_h1))",
        "in_o2": "w6*h1 + w8*h2",
        "E": "0.5*((q := (o1 - y1))*q) + 0.5*((q := (o2 - y2))*q)",
        "delta_o1": "(o1 - y1)*o1*(1.0 - o1)",
        "dE_dw7": "delta_o1*h2",
        "delta_h2": "(delta_o1*w7 + delta_o2*w8)*h2*(1.0 - h2)",
        "dE_dw4": "delta_h2*x2",
        "new_w4": "w4 - eta*dE_dw4",
    }
    assert {name: lines[name] for name in expected} == expected


def test_numbered_by_destination_the_same_formulas_carry_other_names(default: Spec) -> None:
    lines = printed(replace(default, numbering="by destination"))
    assert lines["in_h1"] == "w1*x1 + w2*x2"
    assert lines["delta_h2"] == "(delta_o1*w6 + delta_o2*w8)*h2*(1.0 - h2)"
    assert lines["dE_dw6"] == "delta_o1*h2"


@pytest.mark.parametrize(
    ("rule", "gradient", "update"),
    [
        ("per neuron", "delta_h2", "b_h2 - eta*dE_db_h2"),
        ("shared", "delta_h1 + delta_h2", "b_h2 - eta*dE_db_h2"),
        ("frozen", "delta_h2", "b_h2"),
    ],
)
def test_each_bias_rule_has_its_own_update(rule: str, gradient: str, update: str) -> None:
    lines = printed(problem(biases=rule))
    assert lines["in_h2"] == "w2*x1 + w4*x2 + b_h2"
    assert lines["dE_db_h2"] == gradient
    assert lines["new_b_h2"] == update


def test_each_neuron_is_activated_by_its_own_function(default: Spec) -> None:
    lines = printed(replace(default, activation_neurons=(("h2", "identity"), ("o2", "relu"))))
    assert lines["h2"] == "in_h2"
    assert lines["o2"] == "np.maximum(in_o2, 0.0)"
    assert lines["delta_o2"] == "(o2 - y2)*np.heaviside(in_o2, 0.0)"
    assert lines["delta_h2"] == "delta_o1*w7 + delta_o2*w8"
    assert lines["delta_h1"].endswith("*h1*(1.0 - h1)")


def test_cross_entropy_names_its_softmax(default: Spec) -> None:
    lines = printed(replace(default, loss="cross entropy"))
    assert lines["softmax_o1"] == "np.exp(o1 - log_sum_exp)"
    assert lines["delta_o1"] == "((y1 + y2)*softmax_o1 - y1)*o1*(1.0 - o1)"


def test_a_rounded_round_rounds_every_result_and_nothing_that_is_rounded_already() -> None:
    plain, found = (printed(problem(biases="frozen", rounding=rounding)) for rounding in ("none", "4 digits"))
    assert plain["new_b_h1"] == "b_h1" and plain["dE_db_h1"] == "delta_h1"
    assert found == {name: text if text.isidentifier() else f"to_digits({text}, 4)" for name, text in plain.items()}
