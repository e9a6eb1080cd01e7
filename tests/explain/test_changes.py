"""Changes: what they make of a problem, and of how its figures are read."""

from dataclasses import fields, replace
from typing import Any

import pytest

from bptui.explain.calculation.changes import Change, Reading, apply_changes, make_reading
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
    "carried": True,
    "factor": -2.0,
    "slip": (1, "E"),
    "named": "h2",
    "misread": "digit",
}


@pytest.mark.parametrize("name", WAYS)
def test_each_way_of_reading_is_told_apart_and_made_with_any_other(name: str) -> None:
    assert set(WAYS) == {field.name for field in fields(Reading)}
    for other in WAYS:
        way = make_reading([read(**{name: WAYS[name]}), read(**{other: WAYS[other]})])
        assert way == Reading(**{name: WAYS[name], other: WAYS[other]})
        assert way != Reading()


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
