"""Other settings: those of each kind that a problem does not have, and none that mean the same."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.rounding import ROUNDINGS
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from bptui.explain.calculation.changes import Change, apply_changes
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.catalogue import settings
from bptui.explain.catalogue.settings import USUAL_STEPS, list_activations, make_step_change
from bptui.explain.search.evidence import Evidence
from tests.strategies import problem

USUAL = problem(biases="shared")


def named(options: Iterable[Change]) -> dict[str, Change]:
    return {change.name: change for change in options}


def test_there_is_an_option_for_every_rule_loss_rounding_and_usual_step_but_the_problems_own() -> None:
    rules = {f'gradient rule "{name}"' for name, rule in RULES.items() if rule.applies(USUAL.network)}
    assert set(named(settings.list_gradient_rules(USUAL))) == rules - {'gradient rule "chain rule"'}
    assert set(named(settings.list_losses(USUAL))) == set(LOSSES) - {"half squared error"}
    assert set(named(settings.list_roundings(USUAL))) == {f"rounded to {name}" for name in ROUNDINGS}
    usual = {f"step {step:g}" for step in USUAL_STEPS if step != USUAL.step}
    assert set(named(settings.list_learning_rates(USUAL))) >= usual
    raw = replace(USUAL, gradient="raw error")
    assert 'gradient rule "chain rule"' in named(settings.list_gradient_rules(raw))
    assert "not rounded" in named(settings.list_roundings(replace(USUAL, rounding="3 digits")))
    assert set(named(settings.list_precisions(USUAL))) == {"float32"}


@pytest.mark.parametrize("step", [3.0, 0.03, 0.7, 1e-300, 5e-324, 1.7e308])
def test_no_two_steps_have_one_name_and_all_are_steps(step: float) -> None:
    options = [change.name for change in settings.list_learning_rates(replace(USUAL, step=step))]
    assert len(set(options)) == len(options)
    assert all(0.0 < float(name.removeprefix("step ")) < 1e309 for name in options)


def test_a_step_that_was_solved_for_takes_as_many_more_digits_to_be_believed() -> None:
    assert make_step_change(0.37, 2).weight == make_step_change(0.37).weight + 2
    assert make_step_change(0.37, 2).settings == make_step_change(0.37).settings


def test_activations_are_offered_for_all_neurons_for_a_layer_and_for_each_neuron_alone() -> None:
    offered = named(settings.list_activations(USUAL))
    assert {name.partition(":")[0] for name in offered} == {
        *("all neurons", "the hidden neurons", "the outputs"),
        *("h1", "h2", "o1", "o2"),
    }
    joint = {where.partition(":")[0] for where in offered if where.endswith("softmax")}
    assert joint == {"the outputs"}  # of which it needs more than one
    for name in set(ACTIVATIONS) - {"sigmoid", "torch.sigmoid", "softmax"}:
        of_one, of_outputs, of_all = (
            apply_changes(USUAL, [offered[f"{where}: {name}"]]).network.activations
            for where in ("o2", "the outputs", "all neurons")
        )
        assert of_one == (*["sigmoid"] * 3, name)
        assert of_outputs == (*["sigmoid"] * 2, name, name)
        assert of_all == (name,) * 4


def test_in_a_layer_of_softmax_no_output_has_an_activation_of_its_own() -> None:
    offered = named(settings.list_activations(problem((2, 2, 2), "softmax")))
    assert {name.partition(":")[0] for name in offered} == {
        "the hidden neurons",
        "the outputs",
        "all neurons",
        "h1",
        "h2",
    }
    assert "the outputs: softmax" not in named(settings.list_activations(problem((2, 2, 1))))


def test_categorical_cross_entropy_is_offered_where_no_output_is_below_0() -> None:
    for activation, is_offered in (("sigmoid", True), ("relu", True), ("tanh", False), ("identity", False)):
        found = named(settings.list_losses(problem((2, 2, 2), activation)))
        assert ("categorical cross entropy" in found) == is_offered


def test_no_two_activation_options_make_the_same_network() -> None:
    for spec in (problem((1, 1, 1)), USUAL, replace(USUAL, activation_neurons=(("o2", "relu"),))):
        options = settings.list_activations(spec)
        networks = [apply_changes(spec, [change]).network.activations for change in options]
        assert len(set(networks)) == len(networks)
        assert spec.network.activations not in networks


@pytest.mark.parametrize(("used", "offered"), [("sigmoid", "the library's sigmoid"), ("torch.sigmoid", "written out")])
def test_a_problem_with_one_sigmoid_may_have_had_the_other(used: str, offered: str) -> None:
    (name,) = named(settings.list_sigmoids(problem(activation=used)))
    assert offered in name
    assert not named(settings.list_sigmoids(problem(activation="relu")))


@pytest.mark.parametrize(
    ("biases", "offered"),
    [
        ("none", set()),
        ("frozen", {"biases per neuron", "no biases"}),
        ("per neuron", {"biases frozen", "no biases"}),
        ("shared", {"biases frozen", "biases per neuron", "no biases"}),
    ],
)
def test_biases_can_have_been_updated_differently_only_where_there_are_some(biases: str, offered: set[str]) -> None:
    assert set(named(settings.list_bias_updates(problem(biases=biases)))) == offered


def test_weights_named_differently_are_the_same_network_and_placed_differently_another_one() -> None:
    name, place = settings.list_numberings(USUAL)
    evidence = Evidence([Figure(USUAL, 1, "E", "0")], TorchValues())
    before, by_name, by_place = (evidence.values_in_round(1, changes) for changes in ((), (name,), (place,)))
    assert by_name["E"] == before["E"] != by_place["E"]
    assert (by_name["dE_dw2"], by_name["dE_dw3"]) == (before["dE_dw3"], before["dE_dw2"])


@pytest.mark.parametrize("size", [(1, 1, 1), (2, 1, 1), (1, 2, 1)])
def test_numbering_is_no_question_where_both_ways_number_alike(size: tuple[int, int, int]) -> None:
    assert not list(settings.list_numberings(problem(size)))


def test_weights_that_are_drawn_cannot_have_been_listed_in_another_order() -> None:
    drawn = Spec.from_table({"network": {"inputs": [0.1, 0.2], "targets": [0.3, 0.4], "init": {"kind": "normal"}}})
    assert set(named(settings.list_numberings(drawn))) == {"weights named by destination"}


def test_a_mean_over_one_output_is_no_other_loss() -> None:
    assert not [name for name in named(settings.list_losses(problem((2, 2, 1)))) if "mean" in name]


def test_an_activation_of_all_hidden_layers_is_written_as_a_file_has_it() -> None:
    """Equal problems compare equal: what every hidden layer has is said once."""
    spec = problem((2, 2, 2, 1))
    for change in list_activations(spec):
        after = apply_changes(spec, [change])
        assert Spec.from_table(after.to_table()) == after, change.name
