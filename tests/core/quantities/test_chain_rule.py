"""Derivations: the chain rule behind every short form, its factors, and what each number is built from."""

import re
from collections.abc import Iterator
from dataclasses import replace
from math import prod
from time import process_time
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given

from bptui.core.engines.engine import NumpyEngine
from bptui.core.engines.error_bounds import bound_expression, compute_bounds
from bptui.core.engines.finite_differences import estimate_gradients
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Expr, Name, Number, Product, Sum, find_names
from bptui.core.formulas.names import bias
from bptui.core.formulas.network import Network
from bptui.core.formulas.notation import PYTHON, write
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.quantities.chain_rule import MOST_PATHS, Derivation, add_factors, find_derivations
from bptui.core.quantities.general_formulas import find_general_name, list_general_formulas
from tests.effort import examples
from tests.loops import take_at_most
from tests.strategies import is_smooth, problem, problems, rounded_or_not

WIDTH = 6e-6  # of a difference
TO_W1 = (
    "dE_do1*do1_din_o1*din_o1_dh1*dh1_din_h1*din_h1_dw1",
    "dE_do2*do2_din_o2*din_o2_dh1*dh1_din_h1*din_h1_dw1",
)


def round_of(spec: Spec, rule: str) -> dict[str, Any]:
    """Everything in the first round by a gradient rule, in float64."""
    parameters = make_initial_parameters(spec)
    n = spec.network
    return {
        **dict(zip(n.inputs + n.targets, map(np.float64, spec.inputs[0] + spec.targets[0]), strict=True)),
        **dict(zip(n.parameters, parameters, strict=True)),
        "eta": spec.step,
        **NumpyEngine(replace(spec, gradient=rule), "float64").evaluate(parameters, 1),
    }


def chains(network: Network) -> Iterator[tuple[str, Expr]]:
    """The quantities that the chain rule has a part in, and their chains."""
    return ((name, found.chain) for name, found in find_derivations(network).items() if found.chain)


def factor_names(network: Network) -> list[str]:
    return [name for name, found in find_derivations(network).items() if not found.formula.phase]


def count_paths(spec: Spec) -> int:
    """How many paths lead from the loss to the first layer, all of its neurons together."""
    outputs = len(spec.targets[0])
    return prod(spec.hidden) * outputs * (outputs if spec.activation_output == "softmax" else 1)


@examples(200)
@given(problems())
def test_the_product_of_the_chain_is_the_gradient_by_the_chain_rule_whatever_the_rule_is(spec: Spec) -> None:
    right = round_of(spec, "chain rule")
    bounds = compute_bounds(replace(spec, gradient="chain rule").network, right, "float64")
    with_all = add_factors(spec.network, round_of(spec, spec.gradient))
    errors = bounds | {
        name: bound_expression(find_derivations(spec.network)[name].formula.expr, right, bounds, "float64")
        for name in factor_names(spec.network)
    }
    for name, chain in chains(spec.network):
        bound = bounds[name] + bound_expression(chain, with_all, errors, "float64")
        if np.isfinite(bound):
            assert abs(compile_expression(chain)(with_all) - right[name]) <= bound, name


@examples(100)
@given(problems())
def test_the_product_of_the_chain_is_the_slope_of_the_loss(spec: Spec) -> None:
    values = round_of(spec, spec.gradient)
    assume(is_smooth(spec, values))
    with_all = add_factors(spec.network, values)
    for name, (slope, error) in estimate_gradients(spec, make_initial_parameters(spec), 1).items():
        chain = find_derivations(spec.network)[name].chain
        assert error < 1e-4 and (chain or count_paths(spec) > MOST_PATHS)
        assert chain is None or abs(compile_expression(chain)(with_all) - slope) <= error, name


def moved(spec: Spec, values: dict[str, Any], of: str, by: str, to: Any) -> Any:
    """What ``of`` is when ``by`` is moved and everything else that its own formulas read stays."""
    n, values = spec.network, {**values, by: to}
    if spec.bias_update == "shared" and by in n.biases:  # one number under the name of every neuron of the layer
        values |= {bias(neuron): to for neuron in n.neurons_with(by)}
    for line in list_formulas(n):
        if line.name == of or (of == "E" and line.phase == "loss"):
            values[line.name] = compile_expression(line.expr)(values)
    return values[of]


@examples(100)
@given(problems())
def test_every_factor_is_the_slope_of_one_quantity_by_the_next(spec: Spec) -> None:
    values = round_of(spec, spec.gradient)
    assume(is_smooth(spec, values))
    with_all, bounds = add_factors(spec.network, values), compute_bounds(spec.network, values, "float64")
    for name in factor_names(spec.network):
        of, by = re.fullmatch("d(E|.+?)_d(.+)", name).groups()  # type: ignore[union-attr]
        room = 1.0
        if spec.loss == "binary cross entropy" and of == "E":  # its slopes are steep where its logarithms end
            room = min(values[by], 1.0 - values[by])
        width = WIDTH * room * max(1.0, abs(values[by]))
        both = [moved(spec, values, of, by, values[by] + way * width) for way in (1, -1)]
        noise = 2.0 * (bounds[of] + 2.0**-52) / width  # a difference of two, near where E may be 0
        assert abs(with_all[name] - (both[0] - both[1]) / (2 * width)) <= 1e-7 / room + noise, name


def test_the_factors_of_a_2_2_2_network_are_those_worked_out_by_hand(default: Spec) -> None:
    v = round_of(default, "chain rule")
    by_hand = {
        "dE_do1": v["o1"] - 0.23,
        "dE_do2": v["o2"] + 0.07,
        "do1_din_o1": v["o1"] * (1 - v["o1"]),
        "do2_din_o2": v["o2"] * (1 - v["o2"]),
        "din_o1_dh1": 0.1,
        "din_o1_dh2": -0.3,
        "din_o2_dh1": -0.5,
        "din_o2_dh2": 0.8,
        "din_o1_dw5": v["h1"],
        "din_o2_dw6": v["h1"],
        "din_o1_dw7": v["h2"],
        "din_o2_dw8": v["h2"],
        "dh1_din_h1": v["h1"] * (1 - v["h1"]),
        "dh2_din_h2": v["h2"] * (1 - v["h2"]),
        "din_h1_dw1": 0.5,
        "din_h2_dw2": 0.5,
        "din_h1_dw3": 0.3,
        "din_h2_dw4": 0.3,
    }
    found = add_factors(default.network, v)
    assert {name: found[name] for name in factor_names(default.network)} == pytest.approx(by_hand, rel=1e-15)
    ways = [prod(by_hand[factor] for factor in way.split("*")) for way in TO_W1]
    assert v["dE_dw1"] == pytest.approx(sum(ways), rel=1e-14)


def test_the_chains_of_the_document_s_network_go_from_the_loss_back_by_every_output(default: Spec) -> None:
    found = find_derivations(default.network)

    def chain(name: str) -> str:
        expr = found[name].chain
        assert expr
        return write(expr, PYTHON)

    assert chain("delta_o1") == "dE_do1*do1_din_o1"
    assert chain("dE_dw5") == "dE_do1*do1_din_o1*din_o1_dw5"
    assert chain("delta_h1") == " + ".join(way.removesuffix("*din_h1_dw1") for way in TO_W1)
    assert chain("dE_dw1") == " + ".join(TO_W1)
    assert chain("dE_dw8") == "dE_do2*do2_din_o2*din_o2_dw8"
    in_order = [*TO_W1[0].split("*"), *TO_W1[1].split("*")[:3]]
    assert [f.name for f in found["dE_dw1"].factors] == in_order
    assert found["dE_dw1"].built_from == ("delta_h1", "x1", *in_order)
    assert found["dE_dw5"].built_from == ("delta_o1", "h1", "dE_do1", "do1_din_o1", "din_o1_dw5")
    assert [name for name, _ in chains(default.network)] == [
        line.name for line in list_formulas(default.network) if "deltas" in line.phase or "gradients" in line.phase
    ]


def test_numbered_by_destination_the_chain_takes_the_weights_that_lead_there(default: Spec) -> None:
    found = find_derivations(replace(default, numbering="by destination").network)
    factors = {f.name: f.expr for f in found["dE_dw2"].factors}
    assert factors["din_o2_dh1"] == Name("w7") and factors["din_h1_dw2"] == Name("x2")


@pytest.mark.parametrize("update", ["frozen", "per neuron"])
def test_a_bias_of_one_neuron_has_the_chain_to_that_neuron(update: str) -> None:
    found = find_derivations(problem(biases=update).network)
    assert found["dE_db_o2"].chain == Product((Name("dE_do2"), Name("do2_din_o2"), Name("din_o2_db_o2")))
    by_h1 = found["dE_db_h1"].chain
    assert isinstance(by_h1, Sum) and len(by_h1.terms) == 2
    assert [f.expr for f in found["dE_db_h1"].factors if f.name == "din_h1_db_h1"] == [Number(1.0)]


def test_a_bias_that_a_layer_shares_sums_the_chains_to_all_of_its_layer() -> None:
    found = find_derivations(problem((2, 3, 2), biases="shared").network)
    by_o1, by_h2 = found["dE_db_o1"].chain, found["dE_db_h2"].chain
    assert by_o1 and by_h2
    assert write(by_o1, PYTHON) == "dE_do1*do1_din_o1*din_o1_db_o1 + dE_do2*do2_din_o2*din_o2_db_o1"
    ways = [
        f"dE_d{o}*d{o}_din_{o}*din_{o}_d{h}*d{h}_din_{h}*din_{h}_db_h2"
        for h in ("h1", "h2", "h3")
        for o in ("o1", "o2")
    ]
    assert write(by_h2, PYTHON) == " + ".join(ways)


@examples(100)
@given(rounded_or_not)
def test_every_quantity_has_a_derivation_in_calculation_order_with_its_formula_and_its_general_term(spec: Spec) -> None:
    n = spec.network
    lines, general = list_formulas(n), {line.name: line for line in list_general_formulas(n)}
    found = find_derivations(n)
    assert list(found)[: len(lines)] == [line.name for line in lines]
    assert [found[line.name].formula for line in lines] == list(lines)
    assert [found[line.name].general for line in lines] == [
        general.get(find_general_name(n, line.name)) for line in lines
    ]
    for name in factor_names(n):
        assert found[name] == Derivation(found[name].formula) and name not in general


@examples(100)
@given(rounded_or_not)
def test_whatever_a_number_is_built_from_is_named_once_and_is_given_or_has_a_derivation(spec: Spec) -> None:
    n = spec.network
    given_names = {*n.inputs, *n.targets, *n.parameters, "eta"}
    found = find_derivations(n)
    for derivation in found.values():
        built_from = derivation.built_from
        assert len(set(built_from)) == len(built_from)
        assert set(built_from) <= given_names | set(found)
        assert set(built_from) == {*find_names(derivation.formula.expr), *(f.name for f in derivation.factors)}
        assert {f.name for f in derivation.factors} == set(find_names(derivation.chain or Number(1.0)))
        assert all(found[f.name].formula == f for f in derivation.factors)


def test_factors_that_the_values_do_not_suffice_for_are_left_out(default: Spec) -> None:
    values = round_of(default, "chain rule")
    some = {name: values[name] for name in ("x1", "o1", "w5", "in_h1")}
    more = {"do1_din_o1", "din_o1_dh1", "din_h1_dw1", "din_h2_dw2"}
    assert set(add_factors(default.network, some)) == {*some, *more}
    assert some == {name: values[name] for name in some}


@pytest.mark.parametrize("rule", RULES)
def test_equal_by_chance_is_not_equal_by_algebra(default: Spec, rule: str) -> None:
    """With another rule the deltas it changes and all that follows from them are computed otherwise."""
    spec = replace(default, gradient=rule, activation_output="softmax" if "softmax" in RULES[rule].about else "sigmoid")
    found = find_derivations(spec.network)
    in_outputs = rule in ("output derivative forgotten", "sign wrong", "softmax by its diagonal", "output minus target")
    deltas = {"chain rule": (), "first derivative for all": ("h2",)}.get(rule, ("o1", "o2", "h1", "h2"))
    wrong = [neuron for neuron in deltas if in_outputs or neuron.startswith("h")]
    weights = [w.name for w in default.network.weights if w.target in wrong]
    expected = {kind + w for w in weights for kind in ("dE_d", "new_")} | {f"delta_{neuron}" for neuron in wrong}
    assert {name for name, one in found.items() if not one.by_chain_rule} == expected


def test_what_is_rounded_on_the_way_is_not_the_chain_rule_by_algebra(default: Spec) -> None:
    found = find_derivations(replace(default, rounding="8 digits").network)
    assert {bool(one.formula.phase) for one in found.values() if not one.by_chain_rule} == {True}
    assert {bool(one.formula.phase) for one in found.values() if one.by_chain_rule} == {False}


def test_all_derivations_of_a_large_network_are_made_at_once() -> None:
    network = problem((8, 8, 8), loss="cross entropy", biases="per neuron").network
    begun, found = process_time(), find_derivations(network)
    assert all(found[name].by_chain_rule for name in found)
    assert take_at_most(process_time() - begun, 10)
