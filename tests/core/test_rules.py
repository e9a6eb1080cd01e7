"""Gradient rules: the chain rule is the right one, and each of the others is wrong where it says it is."""

from dataclasses import replace

import pytest

from bptui.core import differences
from bptui.core.engine import Values, load
from bptui.core.rules import RULES
from bptui.core.spec import Spec
from bptui.core.start import initial_parameters


def first_round(spec: Spec, rule: str) -> Values:
    return load("numpy", replace(spec, gradient=rule)).evaluate(initial_parameters(spec))


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
        expected = arriving * v[hidden] * (1 - v[hidden]) * default.inputs[source]
        assert v[f"dE_dw{n}"] == pytest.approx(expected, rel=1e-14)


def test_as_published_reaches_the_figures_the_source_document_prints(default: Spec) -> None:
    """Step 10, round 10: o1 = 0.26348 and o2 = 0.11236; the chain rule gives 0.23630 and 0.07344."""
    for rule, expected in (("as published", (0.26348, 0.11236)), ("chain rule", (0.23630, 0.07344))):
        engine = load("numpy", replace(default, step=10.0, gradient=rule))
        values = engine.evaluate(engine.advance(initial_parameters(default), 9)[1])
        assert (values["o1"], values["o2"]) == pytest.approx(expected, abs=6e-6)


def test_only_the_chain_rule_is_what_the_loss_does(default: Spec) -> None:
    """Every rule that is not the chain rule differs from the slopes of the loss."""
    slopes = differences.gradients(default, initial_parameters(default))
    for rule in RULES:
        values = first_round(default, rule)
        worst = max(abs(values[name] - slope) for name, slope in slopes.items())
        assert (worst < 1e-9) == (rule == "chain rule"), rule


def test_a_rule_changes_nothing_before_the_backward_pass(default: Spec) -> None:
    forward = ("in_h1", "h1", "in_h2", "h2", "in_o1", "o1", "in_o2", "o2", "E")
    right = first_round(default, "chain rule")
    for rule in RULES:
        values = first_round(default, rule)
        assert [values[name] for name in forward] == [right[name] for name in forward]


def test_every_rule_says_what_it_does() -> None:
    assert all(rule.about and name == rule.name for name, rule in RULES.items())
