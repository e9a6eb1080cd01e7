"""The general formulas: with indices and values put in, each is worth what its concrete formulas are.

The tests read a general formula on their own: names by their indices, sums by looping, functions by NumPy.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import reduce
from itertools import product as every
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from bptui.core.engines.engine import NumpyEngine
from bptui.core.engines.error_bounds import compute_bounds
from bptui.core.formulas import functions
from bptui.core.formulas.backprop import Formula, list_formulas
from bptui.core.formulas.expr import (
    Call,
    Difference,
    Expr,
    Function,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Square,
    Sum,
    SumOver,
    find_parts,
)
from bptui.core.formulas.network import Network
from bptui.core.formulas.notation import Notation, write
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.quantities.general_formulas import find_general_name, list_columns, list_general_formulas
from bptui.derive.notations import ASCII
from tests.effort import examples
from tests.strategies import network_of, problem, problems, rounded_or_not

PAPER = Notation(name=str, number=lambda value: f"{value:g}", times="·", minus="−", square="{0}²")
KNOWN: dict[Function, Callable[..., Any]] = {
    functions.EXP: np.exp,
    functions.LOG: np.log,
    functions.TANH: np.tanh,
    functions.MAX: max,
    functions.STEP: lambda z: 1.0 if z > 0 else 0.0,
    functions.LEAKY_STEP: lambda z: 1.0 if z > 0 else 0.01,
    functions.SOFTPLUS: lambda z: np.log1p(np.exp(z)),
    functions.SIGMOID: lambda z: 1.0 / (1.0 + np.exp(-z)),
}
KINDS = (
    "x_i x1 x2, h_j h1 h2, o_k o1 o2, y_k y1 y2, v_ij w1 w2 w3 w4, w_jk w5 w6 w7 w8, b_h_j b_h1 b_h2, b_o_k b_o1 b_o2, "
    "in_h_j in_h1 in_h2, in_o_k in_o1 in_o2, softmax_o_k softmax_o1 softmax_o2, delta_h_j delta_h1, "
    "delta_o_k delta_o2, dE_dv_ij dE_dw1 dE_dw4, dE_dw_jk dE_dw5 dE_dw8, dE_db_h_j dE_db_h1, dE_db_o_k dE_db_o2, "
    "new_v_ij new_w4, new_w_jk new_w5, new_b_h_j new_b_h1, new_b_o_k new_b_o2, E E, eta eta, log_sum_exp log_sum_exp"
)
At = Mapping[str, int]
JOINT = re.compile("do_([klmnpq])_din_o_([klmnpq])")


def concrete(network: Network, name: str, at: At) -> str:
    """The quantity that a general name is at some indices: ``dE_dv_ij`` at i = 1, j = 2 as ``dE_dw2``."""
    columns = [network.inputs, *(layer.neurons for layer in network.layers)]

    def weight(found: re.Match[str]) -> str:
        gap = {"v": 1, "w": len(columns) - 1}.get(found[1]) or int(found[1][1:])
        return network.weight(columns[gap - 1][at[found[2]] - 1], columns[gap][at[found[3]] - 1])

    if joint := JOINT.fullmatch(name):
        return f"do{at[joint[1]]}_din_o{at[joint[2]]}"

    def node(found: re.Match[str]) -> str:
        below = "_" if found[1][1:] else ""  # h2_k is h2_3, and h_j is h3
        return f"{found[1]}{below}{at[found[2]]}"

    name = re.sub("([vw]|W[1-5])_([ijklnpqm])([ijklnpqm])$", weight, name)
    return re.sub("([xoy]|h[1-4]?)_([ijklnpqm])$", node, name)


class Expander:
    """What a general expression is worth in a round, at some indices."""

    def __init__(self, spec: Spec) -> None:
        self.network, engine = spec.network, NumpyEngine(spec, "float64")
        parameters = make_initial_parameters(spec)
        given = zip(self.network.inputs + self.network.targets, spec.inputs[0] + spec.targets[0], strict=True)
        self.values = {name: np.float64(value) for name, value in given}
        self.values |= {"eta": np.float64(spec.step), **dict(zip(self.network.parameters, parameters, strict=True))}
        self.values |= engine.evaluate(parameters, 1)

    def worth(self, expr: Expr, at: At) -> Any:
        def of(part: Expr) -> Any:
            return self.worth(part, at)

        match expr:
            case Number(value):
                return np.float64(value)
            case Name(name):
                return self.values[concrete(self.network, name, at)]
            case Sum(terms):
                return reduce(lambda done, term: done + of(term), terms[1:], of(terms[0]))
            case SumOver():
                return reduce(lambda done, term: done + term, self.terms(expr, at))
            case Product(factors):
                return reduce(lambda done, factor: done * of(factor), factors[1:], of(factors[0]))
            case Difference(left, right):
                return of(left) - of(right)
            case Quotient(over, under):
                return of(over) / of(under)
            case Negative(part):
                return -of(part)
            case Square(part):
                return of(part) ** 2
            case Call(functions.LOG_SUM_EXP, (SumOver() as over,)):
                return np.log(sum(np.exp(term) for term in self.terms(over, at)))
            case Call(functions.SOFTMAX, (own, SumOver() as over)):
                return np.exp(of(own)) / sum(np.exp(term) for term in self.terms(over, at))
            case Call(Function() as function, ()):
                one, other = re.findall(r" (\w)(?= ==)|== (\w)", function.text)
                return float(at[one[0]] == at[other[1]])
            case Call(function, arguments):
                return KNOWN[function](*map(of, arguments))
        raise AssertionError(expr)

    def terms(self, over: SumOver, at: At) -> list[Any]:
        return [self.worth(over.term, {**at, over.index: n}) for n in range(1, over.count + 1)]


def indices(name: str) -> str:
    """The indices of a general name: "ij" of ``dE_dv_ij``."""
    if joint := JOINT.fullmatch(name):
        return "".join(joint.groups())
    found = re.search("_([ijklnpqm]{1,2})$", name)
    return found[1] if found else ""


def count_by_index(network: Network) -> dict[str, int]:
    """How far each index runs; the letter after that of the general output stands for any output."""
    last = list_columns(network)[-1]
    count = {column.index: column.count for column in list_columns(network)}
    return {chr(ord(last.index) + 1).replace("m", "n").replace("o", "p"): last.count} | count


def all_instances(network: Network, name: str) -> Iterator[tuple[str, At]]:
    """Every quantity that a general name stands for, and where."""
    count = count_by_index(network)
    for places in every(*(range(1, count[index] + 1) for index in indices(name))):
        at = dict(zip(indices(name), places, strict=True))
        yield concrete(network, name, at), at


def mixed(expr: Expr) -> bool:
    """Whether an expression calls the function f of neurons that each have their own."""
    here = isinstance(expr, Call) and expr.function.text in ("f({0})", "f'({0})")
    return here or any(map(mixed, find_parts(expr)))


def general(network: Network) -> dict[str, str]:
    return {line.name: write(line.expr, PAPER) for line in list_general_formulas(network)}


@examples(200)
@given(problems())
def test_every_quantity_is_worth_what_its_general_formula_is_at_its_indices(spec: Spec) -> None:
    expander = Expander(spec)
    values = expander.values
    bounds = compute_bounds(spec.network, values, "float64")
    for line in list_general_formulas(spec.network):
        for name, at in all_instances(spec.network, line.name):
            if np.isfinite(values[name]) and not mixed(line.expr):
                bound = 2.0 * bounds.get(name, 0.0)  # a given number has none
                bound += 2.0**-52 * (line.name == "log_sum_exp")  # whose general formula has an exp of its own
                assert abs(expander.worth(line.expr, at) - values[name]) <= bound, (name, write(line.expr, PAPER))


@examples(100)
@given(rounded_or_not)
def test_every_quantity_has_one_general_formula_of_its_phase_in_the_same_order(spec: Spec) -> None:
    """But a hidden delta has none where a rule treats one hidden neuron unlike another."""
    network = spec.network
    found = {line.name: line for line in list_general_formulas(network)}
    instances = {name: line.name for line in found.values() for name, _ in all_instances(network, line.name)}
    without = [layer.deltas for layer in network.hidden_layers]
    lines = [line for line in list_formulas(network) if RULES[spec.gradient].general or line.phase not in without]
    assert set(instances) == {line.name for line in lines}
    for line in lines:
        assert instances[line.name] == find_general_name(network, line.name)
        assert found[instances[line.name]].phase == line.phase
    in_order = [find_general_name(network, line.name) for line in lines if line.phase != "update"]
    assert [name for name in found if not name.startswith("new_")] == sorted(set(in_order), key=in_order.index)


@pytest.mark.parametrize("kind", KINDS.split(", "))
def test_a_quantity_and_what_it_is_made_of_have_the_general_name_of_their_kind(kind: str) -> None:
    network = problem(loss="cross entropy", biases="shared").network
    of_kind, *quantities = kind.split()
    assert {find_general_name(network, name) for name in quantities} == {of_kind}


@examples(100)
@given(rounded_or_not)
def test_every_index_is_the_quantity_s_own_or_that_of_one_sum_over_its_whole_layer(spec: Spec) -> None:
    n = spec.network
    count = count_by_index(n)

    def check(line: Formula, expr: Expr, bound: str) -> None:
        if isinstance(expr, Name):
            assert set(indices(expr.name)) <= set(bound), line
        if isinstance(expr, SumOver):
            assert expr.index not in bound and expr.count == count[expr.index], line
            bound += expr.index
        for part in find_parts(expr):
            check(line, part, bound)

    for line in list_general_formulas(n):
        assert set(indices(line.name)) <= set(count)
        count["m"] = count[indices(line.name) if line.name.startswith("dE_db") else list_columns(n)[-1].index]
        check(line, line.expr, indices(line.name))


def test_the_general_formulas_of_the_default_network_read_as_in_a_book(default: Spec) -> None:
    assert general(default.network) == {
        "in_h_j": "Σ(i=1..2) v_ij·x_i",
        "h_j": "1/(1 + exp(−in_h_j))",
        "in_o_k": "Σ(j=1..2) w_jk·h_j",
        "o_k": "1/(1 + exp(−in_o_k))",
        "E": "Σ(k=1..2) 0.5·(o_k − y_k)²",
        "delta_o_k": "(o_k − y_k)·o_k·(1 − o_k)",
        "dE_dw_jk": "delta_o_k·h_j",
        "delta_h_j": "(Σ(k=1..2) delta_o_k·w_jk)·h_j·(1 − h_j)",
        "dE_dv_ij": "delta_h_j·x_i",
        "new_v_ij": "v_ij − eta·dE_dv_ij",
        "new_w_jk": "w_jk − eta·dE_dw_jk",
    }


def test_each_of_several_hidden_layers_has_its_own_letter_and_index() -> None:
    found = general(problem((2, 3, 4, 1), biases="per neuron").network)
    assert found["in_h2_k"] == "Σ(j=1..3) W2_jk·h1_j + b_h2_k"
    assert found["delta_o_l"] == "(o_l − y_l)·o_l·(1 − o_l)"
    assert found["delta_h2_k"] == "(Σ(l=1..1) delta_o_l·W3_kl)·h2_k·(1 − h2_k)"
    assert found["delta_h1_j"] == "(Σ(k=1..4) delta_h2_k·W2_jk)·h1_j·(1 − h1_j)"
    assert found["dE_dW1_ij"] == "delta_h1_j·x_i"


def test_losses_rules_and_shared_biases_have_their_sums_over_an_index_that_is_free() -> None:
    found = general(problem((3, 4, 2), loss="cross entropy", biases="shared", gradient="as published").network)
    assert found["in_h_j"] == "Σ(i=1..3) v_ij·x_i + b_h_j"
    assert found["log_sum_exp"] == "log(Σ(k=1..2) exp(o_k))"
    assert found["delta_o_k"] == "((Σ(m=1..2) y_m)·softmax_o_k − y_k)·o_k·(1 − o_k)"
    assert found["delta_h_j"] == "(Σ(k=1..2) dE_dw_jk)·h_j·(1 − h_j)"
    assert (found["dE_db_h_j"], found["dE_db_o_k"]) == ("Σ(m=1..4) delta_h_m", "Σ(m=1..2) delta_o_m")


IN_A_BOOK = {  # the general term of a hidden delta, by every rule that has one
    "chain rule": "(Σ(k=1..2) delta_o_k·w_jk)·h_j·(1 − h_j)",
    "updated weights": "(Σ(k=1..2) delta_o_k·new_w_jk)·h_j·(1 − h_j)",
    "output derivative forgotten": "(Σ(k=1..2) delta_o_k·w_jk)·h_j·(1 − h_j)",
    "hidden derivative forgotten": "Σ(k=1..2) delta_o_k·w_jk",
    "raw error": "(Σ(k=1..2) (o_k − y_k)·w_jk)·h_j·(1 − h_j)",
    "raw error, no weights": "(Σ(k=1..2) (o_k − y_k))·h_j·(1 − h_j)",
    "weights forgotten": "(Σ(k=1..2) delta_o_k)·h_j·(1 − h_j)",
    "first derivative for all": "",
    "two weights swapped": "",
    "sign wrong": "(Σ(k=1..2) delta_o_k·w_jk)·h_j·(1 − h_j)",
    "as published": "(Σ(k=1..2) dE_dw_jk)·h_j·(1 − h_j)",
}
IN_A_BOOK |= dict.fromkeys(("softmax by its diagonal", "output minus target"), IN_A_BOOK["chain rule"])
OF_OUTPUTS = {"output derivative forgotten": "o_k − y_k", "sign wrong": "(y_k − o_k)·o_k·(1 − o_k)"}


@pytest.mark.parametrize("rule", RULES)
def test_the_general_deltas_say_what_a_rule_does_or_there_is_none(default: Spec, rule: str) -> None:
    found = general(replace(default, gradient=rule).network)
    assert found.get("delta_h_j", "") == IN_A_BOOK[rule]
    assert found["delta_o_k"] == OF_OUTPUTS.get(rule, "(o_k − y_k)·o_k·(1 − o_k)")


OF_SOFTMAX = {
    "chain rule": "Σ(l=1..3) dE_do_l·do_l_din_o_k",
    "output derivative forgotten": "dE_do_k",
    "sign wrong": "−(Σ(l=1..3) dE_do_l·do_l_din_o_k)",
    "softmax by its diagonal": "dE_do_k·do_k_din_o_k",
    "output minus target": "o_k − y_k",
}


@pytest.mark.parametrize("rule", OF_SOFTMAX)
def test_the_general_formulas_of_softmax_have_a_second_index_for_the_other_outputs(rule: str) -> None:
    found = general(problem((2, 2, 3), "softmax", "categorical cross entropy", gradient=rule).network)
    assert found["o_k"] == "exp(in_o_k)/(Σ(m=1..3) exp(in_o_m))"
    assert found["E"] == "−(Σ(k=1..3) y_k·log(o_k))" and found["dE_do_k"] == "−y_k/o_k"
    assert found["do_l_din_o_k"] == "o_l·((1 if l == k else 0) − o_k)"
    assert found["delta_o_k"] == OF_SOFTMAX[rule]


def test_a_sum_within_a_sum_has_an_index_of_its_own(default: Spec) -> None:
    found = general(replace(default, loss="cross entropy", gradient="raw error").network)
    assert found["delta_h_j"] == "(Σ(k=1..2) ((Σ(m=1..2) y_m)·softmax_o_k − y_k)·w_jk)·h_j·(1 − h_j)"


def test_what_is_rounded_is_rounded_in_general_too(default: Spec) -> None:
    found = general(replace(default, rounding="4 digits").network)
    assert found["in_h_j"] == "signif(Σ(i=1..2) v_ij·x_i, 4)"
    assert general(replace(default, rounding="3 decimals").network)["dE_dv_ij"] == "round(delta_h_j·x_i, 3)"


@pytest.mark.parametrize(("neuron", "layer"), [("h2", "h_j"), ("o1", "o_k")])
def test_a_layer_with_several_activations_has_f_in_its_formulas_and_the_other_has_its_own(
    default: Spec, neuron: str, layer: str
) -> None:
    found = general(replace(default, activation_neurons=((neuron, "relu"),)).network)
    other = {"h_j": "o_k", "o_k": "h_j"}[layer]
    assert found[layer] == f"f(in_{layer})"
    assert found[f"delta_{layer}"].endswith(f"·f'(in_{layer})")
    assert found[other] == f"1/(1 + exp(−in_{other}))"
    assert found[f"delta_{other}"].endswith(f"·{other}·(1 − {other})")


def test_neurons_that_are_named_but_have_the_activation_of_their_layer_keep_it(default: Spec) -> None:
    same = replace(default, activation_neurons=(("h1", "sigmoid"), ("o2", "sigmoid")))
    assert list_general_formulas(same.network) == list_general_formulas(default.network)


@pytest.mark.parametrize(
    ("samples", "over", "general"),
    [
        ((1, 2, 3), "sum", "sum(s=1..3) E_s"),
        ((1, 2, 3), "mean", "(sum(s=1..3) E_s)/3"),
        ((3, 1), "sum", "E_s3 + E_s1"),
        ((3, 1), "mean", "(E_s3 + E_s1)/2"),
        ((3,), "mean", "E_s"),
    ],
)
def test_a_general_sum_is_over_samples_that_are_counted_from_the_first(
    samples: tuple[int, ...], over: str, general: str
) -> None:
    network = network_of(2, 2, 1, samples=samples, over_samples=over)
    (line,) = (f for f in list_general_formulas(network) if f.name == "E")
    assert write(line.expr, ASCII.letters) == general
