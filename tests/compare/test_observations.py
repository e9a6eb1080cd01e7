"""Sentences about a training: each has its numbers, and is said where it is true and nowhere else."""

import re
from dataclasses import replace
from math import nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.compare.findings import Findings, format_apart
from bptui.compare.observations import make_observations
from bptui.compare.verdict_sentence import describe_verdict
from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.convergence import measure_convergence
from bptui.core.training.precision import measure_drift
from bptui.core.training.run import Run
from bptui.core.training.run_facts import collect_facts
from bptui.lessons.lesson import load_lesson
from tests.effort import examples
from tests.strategies import problem, problems


@pytest.fixture(autouse=True, scope="module")
def near() -> Any:
    """Floors are looked for in few rounds only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bptui.core.training.convergence._MOST", 8_000)
        yield


def find(spec: Spec, rounds: int) -> Findings:
    """Everything known about a run."""
    return Findings(
        collect_facts(Run(NumpyEngine(spec)), rounds), measure_convergence(spec, rounds), measure_drift(spec, rounds)
    )


def said(spec: Spec, rounds: int) -> list[str]:
    """The verdict, then the other sentences."""
    seen = find(spec, rounds)
    return [describe_verdict(seen.facts), *make_observations(seen)]


def of(name: str, rounds: int = 0, **changes: Any) -> str:
    spec = replace(load_lesson(name).spec, **changes)
    return "\n".join(said(spec, rounds or spec.rounds))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (
            ("two-by-two",),
            "to 0.003185 in round 1,000, 30 % above the lowest possible loss (0.002450).",
        ),
        (("two-by-two",), "y2 = −0.07 is out of reach, because o2 (sigmoid) cannot go below 0"),
        (("two-by-two",), "E cannot fall below 0.002450."),
        (("relu",), "Converged: E is 0.002450 in round 1,000, within 0.001 % of the lowest possible loss (0.002450)."),
        (("relu",), "o2 is dead from round 3 on: relu outputs 0 with slope 0, so by the chain rule no gradient passes"),
        (("zero-weights",), "h1 and h2 are copies of each other from round 1 on"),
        (("zero-weights",), "E is below 0 from round 160 on: cross entropy is meant for targets from 0 to 1, not"),
        (("cross-entropy",), "With these targets and activations, cross entropy cannot fall below −0.01988."),
        (("random-weights",), "With the ranges of these outputs, the loss has no lower bound: cross entropy is meant"),
        (("random-weights", 600), "Diverged: in round 565, E or a parameter becomes inf or nan in float32."),
        (("random-weights", 600), "In round 565, the losses in float64 and float32 are no longer within"),
        (("numpy-by-hand",), 'The backward pass follows the rule "as published" instead of the chain rule; '),
        (("mazur-2015", 100), "E first comes down to 10 % of the first loss in round 76"),
        (("two-by-two",), "o2 is saturated from round 981 on: at output 0.009814 the slope of sigmoid is 0.0097"),
        (("two-by-two",), "stay together: in 1,000 rounds their losses differ by at most about 7.7e−07 of E"),
    ],
)  # fmt: skip
def test_what_is_known_of_the_lessons_is_said(words: tuple[Any, ...], text: str) -> None:
    assert text in of(*words)


def test_a_rule_that_changes_nothing_is_called_the_chain_rule() -> None:
    said = 'The gradient rule "as published" changes nothing in this network: here it is the chain rule.'
    assert said in of("and-neuron", 20, gradient="as published")
    assert "changes nothing" not in of("and-neuron", 20)
    assert 'follows the rule "sign wrong" instead' in of("and-neuron", 20, gradient="sign wrong")


def test_what_does_not_hold_is_not_said() -> None:
    text = of("mazur-2015", 50)
    for word in ("dead", "copies", "below 0", "no floor", "out of reach", "saturated", "chain rule"):
        assert word not in text


def test_every_output_dead_is_said_with_its_consequence() -> None:
    text = of(
        "relu", 20, activation_hidden="relu", activation_output="relu", activation_neurons=(), weights=(-1.0,) * 8
    )
    assert "h1, h2, o1 and o2 are dead from round 1 on" in text
    assert "With every output dead, nothing in the network moves from round 1 on." in text
    assert "E never comes within 10 % of the lowest possible loss, because nothing moves any more." in text
    assert text.startswith(
        "Stuck: E was 0.02890 in round 10 and is 0.02890 in round 20, 1,080 % above the lowest possible loss "
        "(0.002450); it changed by no more than 1 % of its distance from the lowest possible loss."
    )


def test_a_rising_loss_is_told_with_its_lowest() -> None:
    text = of("two-by-two", 30, gradient="sign wrong")
    assert "Rising: E rose" in text and "The lowest loss was 0.2097, in round 1." in text


@examples(80)
@given(problems())
def test_of_any_training_there_are_sentences_with_numbers(spec: Spec) -> None:
    for sentence in said(spec, 12):
        assert sentence[0].isupper() or re.match(r"[a-z]\d", sentence), sentence
        assert sentence.endswith(".") and "  " not in sentence and "\n" not in sentence
        assert not re.search(r"\. [A-Z]|not for [.,:]", sentence), sentence


@examples(100)
@given(problems().map(lambda spec: replace(spec, activation_hidden="relu")), st.integers(1, 30))
def test_weights_that_are_said_not_to_move_do_not(spec: Spec, rounds: int) -> None:
    """Also by the gradient rules that forget the slope, by which weights into a dead neuron move."""
    run = Run(NumpyEngine(spec))
    run.train_to(rounds)
    end = rounds if run.left_finite is None else run.left_finite - 1
    before = dict(zip(spec.network.parameters, run.parameters(max(end, 1)), strict=True))
    after = dict(zip(spec.network.parameters, run.next_state, strict=True))
    for sentence in said(spec, rounds):
        if end == rounds and (found := re.search(r"passes, and (.*) do(es)? not move", sentence)):
            assert all(before[name] == after[name] for name in re.findall(r"w\d+", found[1]))
        if end == rounds and "nothing in the network moves" in sentence:
            assert before == after


def test_a_dead_neuron_whose_weights_move_by_a_wrong_rule_is_told_so() -> None:
    changes = {
        "activation_hidden": "relu",
        "weights": (-1.0,) * 4 + (0.5,) * 4,
        "gradient": "hidden derivative forgotten",
    }
    text = of("two-by-two", 3, **changes)
    assert "h1 and h2 are dead from round 1 on: relu outputs 0 with slope 0, yet the rule" in text
    assert "no gradient passes" not in text
    assert "by the chain rule no gradient passes, and w1, w2, w3 and w4 do not move" in of(
        "two-by-two", 3, **{**changes, "gradient": "chain rule"}
    )


def test_numbers_that_are_lost_are_no_rest() -> None:
    """A training that leaves the finite numbers does not stand still."""
    text = "\n".join(said(replace(problem(activation="identity"), step=1e9), 50))
    assert "Diverged: in round 4, E or a parameter becomes inf or nan in float64." in text
    assert "before the numbers become inf or nan." in text and "nothing moves" not in text


def test_where_no_loss_is_a_number_nothing_is_said_of_it() -> None:
    spec = replace(problem(activation="identity"), loss="binary cross entropy")
    assert said(spec, 20) == [
        "Diverged: in round 1, E or a parameter becomes inf or nan in float64.",
        "Binary cross entropy is meant for outputs from 0 to 1, but identity goes beyond that range.",
    ]


def test_what_held_until_the_numbers_were_lost_is_said_to_have_held_until_then() -> None:
    text = of("random-weights", 600)
    assert "E is below 0 from round 1 to round 564:" in text
    assert "o2 is dead from round 1 to round 564:" in text and "since" not in text


def test_a_loss_that_rounding_by_hand_takes_below_its_floor_is_no_contradiction() -> None:
    text = of("relu", 300, rounding="2 decimals")
    assert "Converged: E is 0 in round 300, below the lowest possible loss (0.002450) by rounding alone." in text
    assert "E cannot fall below 0.002450, except by rounding." in text
    assert "E first comes within 10 % of the lowest possible loss or below it in round" in text


def test_numbers_that_differ_are_shown_with_the_digits_in_which_they_do() -> None:
    assert format_apart(0.50505291, 0.50505294, 7) == ("0.50505291", "0.50505294")
    assert format_apart(-1.0, -1.0) == ("−1", "−1") and format_apart(nan, nan) == ("nan", "nan")


def test_a_single_round_is_not_compared_with_itself() -> None:
    assert of("two-by-two", 1).startswith(
        "One round: E is 0.2097, 8,460 % above the lowest possible loss (0.002450); there is no other round to compare "
        "it with."
    )


@pytest.mark.parametrize("step", [1e-300, 1e300])
def test_absurd_steps_are_told_of_as_what_they_are(step: float) -> None:
    text = "\n".join(said(replace(problem(activation="identity"), step=step), 12))
    assert ("Stuck" in text) if step < 1 else ("Diverged" in text)


def test_neurons_that_are_alike_are_no_copies_where_the_rule_treats_them_differently() -> None:
    alike = {"weights": (0.2, 0.2, 0.3, 0.3, 0.1, 0.5, 0.1, 0.5)}
    assert "h1 and h2 are copies" in of("two-by-two", 1, **alike)
    assert "copies" not in of("two-by-two", 1, **alike, gradient="two weights swapped")


def test_binary_cross_entropy_is_not_said_to_fall_because_outputs_have_no_end() -> None:
    changes = {"targets": ((2.0, 0.5),), "activation_output": "relu"}
    text = of("two-by-two", 3, **changes, loss="binary cross entropy")
    assert "the loss has no lower bound" in text and "without end" not in text


def test_precisions_of_which_one_has_left_the_finite_numbers_are_not_together() -> None:
    text = of("two-by-two", 1, step=1e300, activation_hidden="identity", activation_output="identity")
    assert "stay within 0.1 % of each other, but after round 1, w" in text and "stay together" not in text
    lost = of("two-by-two", 1, weights=(1e308,) * 8, activation_hidden="identity", activation_output="identity")
    assert "stay together" not in lost


def deep(activation: str, weights: list[float], **more: str) -> str:
    table = {"inputs": [1], "targets": [0.5], "hidden": [2, 2], "weights": weights}
    activations = {"hidden": activation, **more}
    return "\n".join(said(Spec.from_table({"network": {**table, "activation": activations}}), 3))


def test_a_hidden_layer_that_is_dead_as_a_whole_keeps_every_gradient_from_the_layers_before_it() -> None:
    weights = [0.5, 0.4, -1, -1, -1, -1, 0.3, 0.2]
    sentence = (
        "All of hidden layer 2 is dead from round 1 on, so by the chain rule no gradient passes back to hidden layer 1."
    )
    assert sentence in deep("relu", weights)
    assert "All of" not in deep("relu", [0.5, 0.4, -1, 1, -1, 1, 0.3, 0.2])
    assert "All of" not in deep("relu", [-1, -1, 1, 1, 1, 1, 0.3, 0.2], hidden2="tanh")


def test_a_hidden_layer_that_is_saturated_as_a_whole_is_one_sentence() -> None:
    text = deep("sigmoid", [20, 30, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    assert "All of hidden layer 1 is saturated from round 1 on: its neurons have slopes of at most 2.1e−09, and" in text
    assert "h1_1 is saturated" not in text
