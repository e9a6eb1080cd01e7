"""The kinds of settings: what they accept, and that typed text and a file's value meet the same check."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.losses import LOSSES
from bptui.core.problem.kinds.setting_kinds import Choice, ChoiceByName, FiniteNumber, Kind, NumberList, WholeNumber
from bptui.core.problem.kinds.suggestions import suggest
from tests.strategies import finite_numbers

COLOURS = Choice(("red", "dark green", "blue"))


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (FiniteNumber(), finite_numbers),
        (WholeNumber(-5, 10**12), st.integers(-5, 10**12)),
        (NumberList(0, 6), st.lists(finite_numbers, max_size=6).map(tuple)),
        (COLOURS, st.sampled_from(COLOURS.names)),
        (
            ChoiceByName(COLOURS),
            st.dictionaries(st.sampled_from(["h1", "h2", "o1"]), st.sampled_from(COLOURS.names)).map(
                lambda pairs: tuple(sorted(pairs.items()))
            ),
        ),
    ],
    ids=lambda case: type(case).__name__,
)
@given(data=st.data())
def test_what_is_shown_reads_back_as_the_value_to_the_last_bit(
    data: st.DataObject, kind: Kind, values: st.SearchStrategy[Any]
) -> None:
    value = data.draw(values)
    assert repr(kind.check(kind.read(kind.show(value)))) == repr(value)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (FiniteNumber(), " 2 ", 2.0),
        (FiniteNumber(), "−0.5", -0.5),
        (FiniteNumber(), "1e-3", 0.001),
        (NumberList(1, 8), "0.5, 0.3", (0.5, 0.3)),
        (NumberList(1, 8), "0.5 −0.3  1", (0.5, -0.3, 1.0)),
        (NumberList(0, 8), "", ()),
        (WholeNumber(1, 10), "7", 7),
        (COLOURS, " dark green ", "dark green"),
        (ChoiceByName(COLOURS), "o2=red, h1 = dark green", (("h1", "dark green"), ("o2", "red"))),
        (ChoiceByName(COLOURS), "", ()),
    ],
)
def test_text_as_people_type_it_is_understood(kind: Kind, typed: str, value: object) -> None:
    assert kind.check(kind.read(typed)) == value


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        (FiniteNumber(), "ten", "a number"),
        (FiniteNumber(), True, "a number"),
        (FiniteNumber(), None, "a number"),
        (FiniteNumber(), [1.0], "a number"),
        (FiniteNumber(), float("nan"), "a finite number"),
        (FiniteNumber(), float("-inf"), "a finite number"),
        (FiniteNumber(), 10**400, "a finite number"),
        (FiniteNumber(above=0), 0.0, "a number above 0"),
        (FiniteNumber(at_least=0), -1e-300, "at least 0"),
        (WholeNumber(1, 10_000), 0, "a whole number from 1 to 10,000"),
        (WholeNumber(1, 10_000), 10_001, "a whole number from 1 to 10,000"),
        (WholeNumber(1, 10_000), 5.0, "a whole number from 1 to 10,000"),
        (WholeNumber(0, 1), True, "a whole number from 0 to 1"),
        (NumberList(2, 3), 5, "a list of numbers"),
        (NumberList(2, 3), "12", "a list of numbers"),
        (NumberList(2, 3), [1.0], "a list of 2 to 3 numbers, not 1"),
        (NumberList(2, 3), [1.0] * 4, "a list of 2 to 3 numbers, not 4"),
        (NumberList(2, 3), [1.0, "x"], "a list of numbers; entry 2 is not a finite number"),
        (NumberList(2, 3), [float("nan"), 1], "a list of numbers; entry 1 is not a finite number"),
        (COLOURS, "mauve", "one of red, dark green, blue"),
        (COLOURS, "Dark Grene", 'one of red, dark green, blue; did you mean "dark green"?'),
        (COLOURS, 3, "one of red, dark green, blue"),
        (ChoiceByName(COLOURS), "red", "pairs of a neuron and its activation, such as o2=relu, each neuron once"),
        (ChoiceByName(COLOURS), {"o2": "rde"}, 'one of red, dark green, blue; did you mean "red"?'),
    ],
    ids=str,
)
def test_a_refusal_says_what_is_allowed(kind: Kind, value: object, message: str) -> None:
    """The message is all that follows "must be"."""
    with pytest.raises(ValueError) as refusal:
        kind.check(value)
    assert str(refusal.value) == message


@given(
    st.sampled_from([FiniteNumber(), WholeNumber(0, 9), NumberList(0, 4), COLOURS, ChoiceByName(COLOURS)]),
    st.text(max_size=30),
)
def test_no_text_is_too_strange_to_be_refused_in_words(kind: Kind, typed: str) -> None:
    """Anything typed is either a value of the kind or refused with a ValueError that has a text."""
    value: object
    try:
        value = kind.check(kind.read(typed))
    except ValueError as refusal:
        value = refusal
        assert str(refusal)
    assert isinstance(value, ValueError) or kind.check(kind.read(kind.show(value))) == value


def test_a_suggestion_is_made_where_a_word_is_close_and_nowhere_else() -> None:
    known = ["inputs", "targets", "hidden"]
    assert suggest("inptus", known) == '; did you mean "inputs"?'
    assert suggest("HIDDEN", known) == '; did you mean "hidden"?'
    assert suggest("zzz", known) == ""
    assert suggest("h1", ["hidden1", "h1_1", "h1_2", "h2_1"]) == '; did you mean "h1_1"?'
    assert suggest("lr", ["loss", "step"]) == suggest("eta", ["step"]) == '; did you mean "step"?'


TWO_WAYS = 'write output = "softmax" and loss = "categorical cross entropy", or output = "identity" and loss = "cross '


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("mse", 'did you mean "mean squared error"?'),
        ("nn.MSELoss", 'did you mean "mean squared error"?'),
        ("SSE", 'did you mean "squared error"?'),
        ("bce", 'did you mean "binary cross entropy"?'),
        ("cce", 'did you mean "categorical cross entropy"?'),
        ("nn.CrossEntropyLoss", 'did you mean "cross entropy"?'),
        ("categorical_crossentropy", 'did you mean "categorical cross entropy"?'),
        ("sparse_categorical_crossentropy", 'write loss = "categorical cross entropy", with a target for each class'),
        ("binary_crossentropy", 'did you mean "binary cross entropy"?'),
        ("BCEWithLogitsLoss", 'write output = "sigmoid" and loss = "binary cross entropy"'),
        ("NLLLoss", TWO_WAYS),
        ("softmax", TWO_WAYS),
        ("log_softmax", TWO_WAYS),
        ("linear", 'did you mean "identity"?'),
        ("none", 'did you mean "identity"?'),
        ("logits", 'write output = "identity" and loss = "cross entropy"'),
        ("logistic", 'did you mean "sigmoid"?'),
        ("softpuls", 'did you mean "softplus"?'),
    ],
)
def test_a_word_that_others_use_is_answered_with_the_one_to_write(word: str, hint: str) -> None:
    assert suggest(word, [*ACTIVATIONS, *LOSSES]).startswith(f"; {hint}")
    assert suggest(word, ["hidden"]) == ""


def test_what_others_call_an_activation_is_answered_where_one_is_asked_for() -> None:
    assert suggest("nn.Softmax", tuple(ACTIVATIONS)) == '; did you mean "softmax"?'
    assert suggest("logits", tuple(ACTIVATIONS)).startswith('; write output = "identity"')
