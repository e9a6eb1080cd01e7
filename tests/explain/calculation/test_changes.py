"""Changes: what they make of a problem, and of how its printed values are read."""

from dataclasses import fields, replace
from typing import Any

import pytest

from bptui.core.formulas.expr import Name
from bptui.explain.calculation.changes import (
    Change,
    Reading,
    apply_changes,
    are_compatible,
    list_rules,
    make_reading,
)
from tests.strategies import problem

SPEC = replace(problem(), activation_neurons=(("h2", "tanh"),))
SIGMOIDS = Change("sigmoid", "", "", renamed=(("sigmoid", "torch.sigmoid"),))


def setting(**settings: Any) -> Change:
    return Change("kind", "name", "about", tuple(settings.items()))


def read(**settings: Any) -> Change:
    return Change("kind", "name", "about", reading=tuple(settings.items()))


def test_no_changes_leave_a_problem_and_its_reading_as_they_are() -> None:
    assert apply_changes(SPEC, ()) == SPEC
    assert make_reading(()) == Reading()


def test_settings_of_several_changes_are_all_made() -> None:
    after = apply_changes(SPEC, [setting(step=0.3, loss="squared error"), setting(precision="float32"), read(cut=True)])
    assert after == replace(SPEC, step=0.3, loss="squared error", precision="float32")


WAYS: dict[str, Any] = {
    "shift": 1,
    "cut": True,
    "turned": True,
    "bias_sign": -1.0,
    "loss_factor": 2.0,
    "sample_factor": 0.5,
}


@pytest.mark.parametrize("name", WAYS)
def test_each_way_of_reading_is_distinct_and_made_with_any_other(name: str) -> None:
    assert set(WAYS) == {field.name for field in fields(Reading)}
    for other in WAYS:
        way = make_reading([read(**{name: WAYS[name]}), read(**{other: WAYS[other]})])
        assert way == Reading(**{name: WAYS[name], other: WAYS[other]})
        assert way != Reading()


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        *((name, (-1.0, 1.0, 1.0)) for name in ("delta_o1", "dE_dw1", "dE_do1", "dE_dh1")),
        ("dE_db_h1", (-1.0, -1.0, 1.0)),
        *((name, (1.0, -1.0, 1.0)) for name in ("change_b_o1", "new_b_h1")),
        *((name, (1.0, 1.0, 1.0)) for name in ("o1", "in_h1", "new_w1", "change_w1", "do1_din_o1", "eta")),
        *((name, (1.0, 1.0, 2.0)) for name in ("E", "E_o1")),
    ],
)
def test_a_reading_scales_what_it_is_about_and_nothing_that_is_printed_beside_it(
    name: str, scale: tuple[float, float, float]
) -> None:
    ways = Reading(turned=True), Reading(bias_sign=-1.0), Reading(loss_factor=2.0)
    assert tuple(way.scale(name) for way in ways) == scale
    assert Reading().scale(name) == 1.0


def test_changes_of_one_setting_reading_or_step_exclude_each_other_but_two_gradient_rules_do_not() -> None:
    step, expr = setting(step=0.3), Change("formula", "", "", edits=(("o1", Name("in_o1")),))
    rules = setting(gradient="raw error"), setting(gradient="updated weights")
    assert are_compatible([step, expr, read(cut=True), SIGMOIDS, *rules])
    assert list_rules([step, *rules]) == ("raw error", "updated weights")
    other = replace(expr, edits=(("o1", Name("h1")),))
    for two in ([step, setting(step=0.4)], [read(shift=1), read(shift=-1)], [expr, other], [rules[0], rules[0]]):
        assert not are_compatible(two)
    assert not are_compatible([SIGMOIDS, SIGMOIDS])


def test_a_renamed_activation_is_another_one_for_every_neuron_that_has_it_and_no_other() -> None:
    assert apply_changes(SPEC, [SIGMOIDS]).network.activations == (
        "torch.sigmoid",
        "tanh",
        "torch.sigmoid",
        "torch.sigmoid",
    )


@pytest.mark.parametrize("order", [1, -1])
def test_activations_are_renamed_after_all_others_are_set_in_whatever_order_changes_are_made(order: int) -> None:
    changes = [SIGMOIDS, setting(activation_neurons=(("h2", "sigmoid"),), activation_output="relu")]
    after = apply_changes(SPEC, changes[::order])
    assert after.network.activations == ("torch.sigmoid", "torch.sigmoid", "relu", "relu")


def test_changes_are_plain_data_that_can_be_compared_and_looked_up() -> None:
    assert setting(step=0.3) == setting(step=0.3) != setting(step=0.4)
    assert len({setting(step=0.3), setting(step=0.3), read(cut=True)}) == 2
