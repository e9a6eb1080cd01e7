"""Gradient rules: the chain rule is the right one, and each of the others is wrong where it says it is."""

from collections.abc import Callable
from dataclasses import replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from math import exp
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bptui.core.engines.engine import NumpyEngine, Values, make_engine
from bptui.core.engines.engine import collect_given as given_numbers
from bptui.core.engines.error_bounds import compute_bounds
from bptui.core.engines.finite_differences import estimate_gradients
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.settings import PRECISIONS
from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import compute_values
from bptui.text.printed import agrees
from tests.effort import examples
from tests.strategies import SIZES, is_smooth, problem, problems
from tests.tables import over

WORKED_EXAMPLE: dict[str, Any] = {
    "inputs": [0.05, 0.10],
    "targets": [0.01, 0.99],
    "numbering": "by destination",
    "weights": [0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55],
    "biases": {"hidden": [0.35, 0.35], "output": [0.60, 0.60], "update": "frozen"},
}


def first_round(spec: Spec, rule: str) -> Values:
    return make_engine("numpy", replace(spec, gradient=rule)).evaluate(make_initial_parameters(spec), 1)


def example(**changes: Any) -> Spec:
    return replace(Spec.from_table({"network": WORKED_EXAMPLE, "training": {"step": 0.5}}), **changes)


# Figures that somebody printed


PRINTED = {  # what is changed: dE/dw1, dE/dw5, and half the squared error of the outputs after one update
    "correct, biases frozen": ({}, "0.000438567734", "0.082167040564", "0.291027773693599"),
    "biases updated per neuron": (
        {"bias_update": "per neuron"},
        *("0.000438567734", "0.082167040564", "0.280471446791430"),
    ),
    "one bias per layer": ({"bias_update": "shared"}, "0.000438567734", "0.082167040564", "0.285750886699296"),
    "updated weights": ({"gradient": "updated weights"}, "0.000364722878", "0.082167040564", "0.291027923905442"),
    "loss without the 1/2": ({"loss": "squared error"}, "0.000877135469", "0.164334081128", "0.283618981832360"),
    "mean of the half squares": (
        {"loss": "half mean squared error"},
        *("0.000219283867", "0.041083520282", "0.294708158183578"),
    ),
    "output derivative forgotten": (
        {"gradient": "output derivative forgotten"},
        *("0.002268350454", "0.439829648962", "0.258260101787924"),
    ),
    "hidden derivative forgotten": (
        {"gradient": "hidden derivative forgotten"},
        *("0.001817515320", "0.082167040564", "0.291024764293510"),
    ),
    "raw error": ({"gradient": "raw error"}, "0.002268350454", "0.082167040564", "0.291023785632998"),
    "first derivative for all": (
        {"gradient": "first derivative for all"},
        *("0.000438567734", "0.082167040564", "0.291027772143060"),
    ),
    "two weights swapped": (
        {"gradient": "two weights swapped"},
        *("0.000461550563", "0.082167040564", "0.291027661226675"),
    ),
    "sign wrong": ({"gradient": "sign wrong"}, "-0.000438567734", "-0.082167040564", "0.305640632684368"),
}


@pytest.mark.parametrize(("changes", "d_w1", "d_w5", "e_after"), PRINTED.values(), ids=PRINTED)
def test_a_well_known_worked_example_and_what_is_made_of_it(
    changes: dict[str, str], d_w1: str, d_w5: str, e_after: str
) -> None:
    engine = NumpyEngine(example(**changes))
    first, second = (
        engine.evaluate(engine.advance(make_initial_parameters(engine.spec), n, 1)[0][-1, 1:], 1) for n in (1, 2)
    )
    e = 0.5 * (second["o1"] - 0.01) ** 2 + 0.5 * (second["o2"] - 0.99) ** 2
    assert [agrees(*pair) for pair in ((d_w1, first["dE_dw1"]), (d_w5, first["dE_dw5"]), (e_after, e))] == [True] * 3


PLAIN = {"hidden": 2, "numbering": "by destination"}
ON_A_SHEET = {"inputs": [0.05, 0.1], "targets": [0.5, 0.5], "weights": [0.15, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55]}
ON_A_PAGE = {"inputs": [0.0, 1.0], "targets": [0.0], "weights": [0.62, 0.55, 0.42, -0.17, 0.35, 0.81]}
CUT_OFF = {"change_w2": "-0.037351064", "change_w4": "-0.039958271"}
SHEETS: tuple[tuple[str, dict[str, Any], float, dict[str, str]], ...] = (
    ("updated weights", WORKED_EXAMPLE, 0.5, {"E": "0.291027924"}),
    ("first derivative for all", ON_A_SHEET, 1.0, {"dE_dw3": "0.000351869", "dE_dw4": "0.000703737"}),
    ("raw error, no weights", ON_A_PAGE, 0.25, CUT_OFF),
)


def cut_off(value: float) -> float:
    """A number as a page prints it that drops all digits after the ninth decimal."""
    return float(Decimal(value).quantize(Decimal("1e-9"), ROUND_DOWN))


@pytest.mark.parametrize(("rule", "network", "step", "figures"), SHEETS, ids=[row[0] for row in SHEETS])
def test_a_rule_gives_the_figures_that_were_printed_by_it_and_the_chain_rule_does_not(
    rule: str, network: dict[str, Any], step: float, figures: dict[str, str]
) -> None:
    """A loss is that after one update, all else that of the first round."""
    for gradient in (rule, "chain rule"):
        spec = Spec.from_table({"network": {**PLAIN, **network}, "training": {"step": step, "gradient": gradient}})
        engine, start = NumpyEngine(spec), make_initial_parameters(spec)
        after = {"E": engine.advance(start, 2, 1)[0][1, 0]}
        found = {
            **compute_values(spec.network, figures, {**given_numbers(spec, start, 1), **engine.evaluate(start, 1)}),
            **after,
        }
        for name, printed in figures.items():
            value = cut_off(found[name]) if figures == CUT_OFF else found[name]
            assert agrees(printed, value) == (gradient == rule), (name, value)


def test_as_published_reaches_the_figures_the_source_document_prints(default: Spec) -> None:
    """Step 10, round 10: o1 = 0.26348 and o2 = 0.11236; the chain rule gives 0.23630 and 0.07344."""
    for rule, expected in (("as published", (0.26348, 0.11236)), ("chain rule", (0.23630, 0.07344))):
        engine = make_engine("numpy", replace(default, step=10.0, gradient=rule))
        values = engine.evaluate(engine.advance(make_initial_parameters(default), 9, 1)[1], 1)
        assert (values["o1"], values["o2"]) == pytest.approx(expected, abs=6e-6)


# Worked out by hand


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


def test_with_the_weights_forgotten_both_hidden_neurons_get_the_sum_of_the_deltas(default: Spec) -> None:
    h1, h2 = sigmoid(0.2 * 0.5 + 0.5 * 0.3), sigmoid(-0.4 * 0.5 + 0.6 * 0.3)
    o1, o2 = sigmoid(0.1 * h1 - 0.3 * h2), sigmoid(-0.5 * h1 + 0.8 * h2)
    arriving = (o1 - 0.23) * o1 * (1 - o1) + (o2 + 0.07) * o2 * (1 - o2)
    found = first_round(default, "weights forgotten")
    by_hand = {
        "dE_dw1": arriving * h1 * (1 - h1) * 0.5,
        "dE_dw2": arriving * h2 * (1 - h2) * 0.5,
        "dE_dw3": arriving * h1 * (1 - h1) * 0.3,
        "dE_dw4": arriving * h2 * (1 - h2) * 0.3,
        "dE_dw7": (o1 - 0.23) * o1 * (1 - o1) * h2,
    }
    assert {name: found[name] for name in by_hand} == pytest.approx(by_hand, rel=1e-14)


def three(value: float) -> float:
    """A number as somebody writes it down with three decimals, a half away from zero."""
    return float(Decimal(repr(value)).quantize(Decimal("0.001"), ROUND_HALF_UP))


@pytest.mark.parametrize("rule", ["chain rule", "updated weights"])
def test_a_round_with_three_decimals_is_the_one_on_paper(rule: str) -> None:
    """Every number is written down with three decimals, and the next is computed from those; exactly so."""
    network = {**PLAIN, "inputs": [0.35, 0.9], "targets": [0.5], "weights": [0.1, 0.8, 0.4, 0.6, 0.3, 0.9]}
    training = {"step": 0.7, "gradient": rule, "rounding": "3 decimals"}
    found = first_round(Spec.from_table({"network": network, "training": training}), rule)
    v: dict[str, float] = {}
    v["in_h1"] = three(0.1 * 0.35 + 0.8 * 0.9)
    v["h1"] = three(sigmoid(v["in_h1"]))
    v["in_h2"] = three(0.4 * 0.35 + 0.6 * 0.9)
    v["h2"] = three(sigmoid(v["in_h2"]))
    v["in_o1"] = three(0.3 * v["h1"] + 0.9 * v["h2"])
    v["o1"] = three(sigmoid(v["in_o1"]))
    v["E"] = three(0.5 * (v["o1"] - 0.5) ** 2)
    v["delta_o1"] = three((v["o1"] - 0.5) * v["o1"] * (1 - v["o1"]))
    v["dE_dw5"] = three(v["delta_o1"] * v["h1"])
    v["dE_dw6"] = three(v["delta_o1"] * v["h2"])
    v["new_w5"] = three(0.3 - 0.7 * v["dE_dw5"])
    v["new_w6"] = three(0.9 - 0.7 * v["dE_dw6"])
    w5, w6 = (v["new_w5"], v["new_w6"]) if rule == "updated weights" else (0.3, 0.9)
    v["delta_h1"] = three(v["delta_o1"] * w5 * v["h1"] * (1 - v["h1"]))
    v["delta_h2"] = three(v["delta_o1"] * w6 * v["h2"] * (1 - v["h2"]))
    v["dE_dw1"] = three(v["delta_h1"] * 0.35)
    v["dE_dw2"] = three(v["delta_h1"] * 0.9)
    v["dE_dw3"] = three(v["delta_h2"] * 0.35)
    v["dE_dw4"] = three(v["delta_h2"] * 0.9)
    v["new_w1"] = three(0.1 - 0.7 * v["dE_dw1"])
    v["new_w2"] = three(0.8 - 0.7 * v["dE_dw2"])
    v["new_w3"] = three(0.4 - 0.7 * v["dE_dw3"])
    v["new_w4"] = three(0.6 - 0.7 * v["dE_dw4"])
    assert found == v
    assert (v["in_h1"], v["o1"], v["E"], v["delta_h2"]) == (0.755, 0.69, 0.018, 0.008)


# Every rule once more, in matrices

Array = NDArray[np.float64]


class Step(NamedTuple):
    """A hidden step: the layer's outputs and slopes, the weights after it, what it is given to send back, the step.

    The raw error is dE/do of the outputs; of a hidden layer it is the delta.
    """

    h: Array
    fh: Array
    W: Array
    delta: Array
    raw: Array
    eta: float


def swapped(W: Array) -> Array:  # noqa: N803
    W = W.copy()  # noqa: N806
    if min(W.shape) > 1:
        W[0, 1], W[1, 0] = W[1, 0], W[0, 1]
    elif W.size > 1:
        flat = W.reshape(-1)
        flat[:2] = flat[1::-1]
    return W


class AtOutputs(NamedTuple):
    """What the deltas of outputs are made of: dE/do, slopes, the right deltas, output minus target where that is it."""

    e: Array
    fo: Array
    d: Array
    missed: Array


def step_back(p: Step) -> Array:
    return np.asarray(p.W @ p.delta * p.fh)


OF_SOFTMAX = {"softmax by its diagonal", "output minus target"}
OF_OUTPUTS: dict[str, Callable[[AtOutputs], Array]] = {
    "output derivative forgotten": lambda p: p.e,
    "sign wrong": lambda p: -p.d,
    "softmax by its diagonal": lambda p: p.e * p.fo,
    "output minus target": lambda p: p.missed,
}
OF_HIDDEN: dict[str, Callable[[Step], Array]] = {
    "updated weights": lambda p: (p.W - p.eta * np.outer(p.h, p.delta)) @ p.delta * p.fh,
    "hidden derivative forgotten": lambda p: p.W @ p.delta,
    "raw error": lambda p: p.W @ p.raw * p.fh,
    "raw error, no weights": lambda p: p.raw.sum() * p.fh,
    "weights forgotten": lambda p: p.delta.sum() * p.fh,
    "first derivative for all": lambda p: p.W @ p.delta * p.fh[0],
    "two weights swapped": lambda p: swapped(p.W) @ p.delta * p.fh,
    "as published": lambda p: np.outer(p.h, p.delta).sum(axis=1) * p.fh,
}
ACTIVATED: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "relu": (lambda z: z * (z > 0), lambda z: 1.0 * (z > 0)),
    "leaky relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1.0, 0.01)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "softplus": (lambda z: np.log1p(np.exp(z)), lambda z: 1 / (1 + np.exp(-z))),
    "identity": (lambda z: z, np.ones_like),
}
ACTIVATED["sigmoid"] = ACTIVATED["torch.sigmoid"] = (ACTIVATED["softplus"][1], lambda z: 1 / (2 + 2 * np.cosh(z)))
BY_OUTPUT: dict[str, Callable[[Array, Array], Array]] = {
    "half squared error": lambda o, y: o - y,
    "squared error": lambda o, y: 2 * (o - y),
    "half mean squared error": lambda o, y: (o - y) / len(o),
    "mean squared error": lambda o, y: 2 * (o - y) / len(o),
    "cross entropy": lambda o, y: np.exp(o) / np.exp(o).sum() * y.sum() - y,
    "binary cross entropy": lambda o, y: (1 - y) / (1 - o) - y / o,
    "categorical cross entropy": lambda o, y: -y / o,
}


def in_matrices(spec: Spec) -> dict[str, float]:
    """The gradients and updates of the first round, by nothing but matrices."""
    n, p = spec.network, dict(zip(spec.network.parameters, make_initial_parameters(spec), strict=True))

    def forward(a: Array, sources: tuple[str, ...], targets: tuple[str, ...]) -> tuple[Array, Array, Array]:
        matrix = np.array([[p[n.weight(s, t)] for t in targets] for s in sources])
        z = a @ matrix + np.array([p.get(f"b_{t}", 0.0) for t in targets])
        if n.activation(targets[0]) == "softmax":
            parts = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
            return matrix, parts, parts * (1 - parts)
        value, slope = zip(*(ACTIVATED[n.activation(t)] for t in targets), strict=True)
        return (
            matrix,
            np.array([f(one) for f, one in zip(value, z, strict=True)]),
            np.array([f(one) for f, one in zip(slope, z, strict=True)]),
        )

    passes, a, sources = list[tuple[Any, ...]](), np.array(spec.inputs[0]), n.inputs
    for layer in n.layers:
        matrix, after, slope = forward(a, sources, layer.neurons)
        passes.append((a, sources, layer.neurons, matrix, slope))
        a, sources = after, layer.neurons
    y, fo, is_softmax = np.array(spec.targets[0]), passes[-1][-1], spec.activation_output == "softmax"
    raw = BY_OUTPUT[spec.loss](a, y)
    d = (np.diag(a) - np.outer(a, a)) @ raw if is_softmax else raw * fo
    at_outputs = AtOutputs(raw, fo, d, a - y if is_softmax else d)
    delta = OF_OUTPUTS[spec.gradient](at_outputs) if spec.gradient in OF_OUTPUTS else d
    found: dict[str, float] = {}
    for (a, sources, targets, matrix, _), (*_, before) in zip(passes[::-1], [*passes[-2::-1], (0.0,)], strict=True):
        found |= {f"delta_{t}": d for t, d in zip(targets, delta, strict=True)}
        slopes = np.outer(a, delta)
        found |= {f"dE_d{n.weight(s, t)}": slopes[i, j] for i, s in enumerate(sources) for j, t in enumerate(targets)}
        by_bias = np.full(len(delta), delta.sum()) if spec.bias_update == "shared" else delta
        found |= {f"dE_db_{t}": d for t, d in zip(targets, by_bias, strict=True) if f"b_{t}" in p}
        if sources != n.inputs:
            way = OF_HIDDEN.get(spec.gradient, step_back)
            raw = delta = way(Step(a, before, matrix, delta, raw, spec.step))
    frozen = n.biases if spec.bias_update == "frozen" else ()
    return found | {f"new_{q}": v if q in frozen else v - spec.step * found[f"dE_d{q}"] for q, v in p.items()}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_what_its_matrices_say(rule: str) -> None:
    """In any network, whatever its activations, loss and biases, up to the rounding of other sums."""

    @examples(40)
    @given(problems(gradient=rule, precision="float64"))
    def check(spec: Spec) -> None:
        start = make_initial_parameters(spec)
        values = {**given_numbers(spec, start, 1), **NumpyEngine(spec).evaluate(start, 1)}
        assume(is_smooth(spec, values))
        bounds = compute_bounds(spec.network, values, "float64")
        for name, expected in in_matrices(spec).items():
            assert abs(values[name] - expected) <= 2.0 * bounds[name], name

    check()


# What all rules have in common


def test_as_published_goes_wrong_in_the_hidden_layer_only(default: Spec) -> None:
    """In round 1 it differs from the chain rule in w1..w4 and agrees to the last bit in w5..w8."""
    right, published = first_round(default, "chain rule"), first_round(default, "as published")
    for n in range(1, 5):
        assert abs(published[f"dE_dw{n}"] - right[f"dE_dw{n}"]) > 1e-4
    for n in range(5, 9):
        assert published[f"dE_dw{n}"] == right[f"dE_dw{n}"]


def test_as_published_sums_the_output_gradients_of_a_hidden_neuron(default: Spec) -> None:
    """Its dE/dw1 is (dE/dw5 + dE/dw6)·h1·(1 - h1)·x1, as the source document has it."""
    v = first_round(default, "as published")
    for n, hidden, source, arriving in (
        (1, "h1", 0, v["dE_dw5"] + v["dE_dw6"]),
        (2, "h2", 0, v["dE_dw7"] + v["dE_dw8"]),
        (3, "h1", 1, v["dE_dw5"] + v["dE_dw6"]),
        (4, "h2", 1, v["dE_dw7"] + v["dE_dw8"]),
    ):
        expected = arriving * v[hidden] * (1 - v[hidden]) * default.inputs[0][source]
        assert v[f"dE_dw{n}"] == pytest.approx(expected, rel=1e-14)


def test_only_the_chain_rule_is_what_the_loss_does(default: Spec) -> None:
    """Every rule that is not the chain rule differs from the slopes of the loss."""
    for spec in (default, replace(default, activation_output="softmax")):
        slopes = estimate_gradients(spec, make_initial_parameters(spec), 1)
        for rule in (name for name, row in RULES.items() if row.applies(spec.network)):
            values = first_round(spec, rule)
            apart = [abs(values[name] - slope) > error for name, (slope, error) in slopes.items()]
            assert any(apart) == (rule != "chain rule"), rule


def test_a_rule_changes_nothing_before_the_backward_pass(default: Spec) -> None:
    forward = ("in_h1", "h1", "in_h2", "h2", "in_o1", "o1", "in_o2", "o2", "E")
    right = first_round(default, "chain rule")
    for rule in RULES:
        values = first_round(default, rule)
        assert [values[name] for name in forward] == [right[name] for name in forward]


@examples(60)
@given(problems(), st.sampled_from(PRECISIONS))
def test_where_a_rule_does_not_apply_it_gives_every_bit_of_the_chain_rule(spec: Spec, precision: str) -> None:
    spec = replace(spec, precision=precision)
    right = first_round(spec, "chain rule")
    for name, rule in RULES.items():
        if not rule.applies(spec.network):
            found = first_round(spec, name)
            assert {key: str(found[key]) for key in right} == {key: str(value) for key, value in right.items()}


@over(rule=[rule for rule in RULES if rule != "chain rule"], size=[*SIZES, (1, 1, 3), (1, 3, 1)])
def test_where_a_rule_applies_it_makes_a_difference(size: tuple[int, ...], rule: str) -> None:
    for spec in (problem(size), problem(size, "softmax")) if size[-1] > 1 else (problem(size),):
        right, found = first_round(spec, "chain rule"), first_round(spec, rule)
        assert (max(abs(found[name] - right[name]) for name in right) > 1e-6) == RULES[rule].applies(spec.network)


def test_two_rules_need_more_than_one_neuron_and_most_a_hidden_layer() -> None:
    def do_not_apply(*size: int) -> list[str]:
        n = problem(size).network
        return [name for name, rule in RULES.items() if name not in OF_SOFTMAX and not rule.applies(n)]

    assert do_not_apply(1, 1, 1) == do_not_apply(5, 1, 1) == ["first derivative for all", "two weights swapped"]
    assert do_not_apply(1, 1, 2) == ["first derivative for all"]
    assert do_not_apply(1, 2, 1) == do_not_apply(2, 2, 2) == []
    without_hidden = {*RULES} - {*do_not_apply(2, 0, 1)} - OF_SOFTMAX
    assert without_hidden == {"chain rule", "output derivative forgotten", "sign wrong"}


def test_the_rules_of_softmax_apply_to_it_alone() -> None:
    for size in SIZES:
        assert not any(RULES[rule].applies(problem(size).network) for rule in OF_SOFTMAX)
        found = {rule for rule in OF_SOFTMAX if RULES[rule].applies(problem(size, "softmax").network)}
        assert found == (OF_SOFTMAX if size[-1] > 1 else {"output minus target"})


def test_no_two_rules_give_the_same_numbers(default: Spec) -> None:
    joint = replace(default, activation_output="softmax", loss="categorical cross entropy")
    for spec in (default, joint):
        rules = [rule for rule in RULES if RULES[rule].applies(spec.network)]
        rounds = [tuple(first_round(spec, rule).items()) for rule in rules]
        assert len({tuple(sorted(found)) for found in rounds}) == len(rules)


def test_every_rule_says_what_it_does() -> None:
    assert all(rule.about and name == rule.name for name, rule in RULES.items())
    assert len({rule.about for rule in RULES.values()}) == len(RULES)
