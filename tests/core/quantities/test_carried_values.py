"""A calculation that goes on with given numbers: what follows from them, and nothing else, is another."""

from bptui.core.quantities.carried_values import carry_on

LINES = [
    ("a", lambda values: values["x"] + 1.0),
    ("b", lambda values: 10.0 * values["a"]),
    ("c", lambda values: values["b"] + values["x"]),
]


def test_without_given_numbers_the_calculation_is_its_own() -> None:
    calculated, values = carry_on(LINES, {"x": 2.0}, lambda _, value: value)
    assert calculated == {"a": 3.0, "b": 30.0, "c": 32.0}
    assert values == {"x": 2.0, **calculated}


def test_a_given_number_stands_in_for_its_own_in_all_that_follows_and_its_own_is_kept() -> None:
    start = {"x": 2.0}
    calculated, values = carry_on(LINES, start, {"b": 7.0, "of no line": 1.0}.get)
    assert calculated == {"a": 3.0, "b": 30.0, "c": 9.0}
    assert values == {"x": 2.0, "a": 3.0, "b": 7.0, "c": 9.0}
    assert start == {"x": 2.0}
