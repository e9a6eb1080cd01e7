"""What is said of a word or a number that was probably meant otherwise."""

import pytest

from bptui.core.problem.kinds.array_kinds import NumberRows, describe_commas
from bptui.core.problem.kinds.setting_kinds import FiniteNumber, WholeNumber
from bptui.core.problem.kinds.suggestions import describe_taken_apart, find_meant, suggest_point


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("chekc", "check"), ("lr", "step"), ("nn.MSELoss", "mean squared error"), ("xyzzy", ""), ("", "")],
)
def test_a_wrong_word_is_traced_to_the_known_one(typed: str, meant: str) -> None:
    assert find_meant(typed, ["check", "step", "mean squared error"]) == meant


@pytest.mark.parametrize(
    ("typed", "point"),
    [
        ("0,7", "0.7"),
        ("-0,25", "-0.25"),
        ("1, 0,5", "0.5"),
        ("0,5 0,7", "0.5"),
        ("1, 2", ""),
        ("1,2,3", ""),
        ("0.5", ""),
    ],
)
def test_a_comma_for_the_point_is_recognised(typed: str, point: str) -> None:
    assert suggest_point(typed) == (f"use a point: {point}" if point else "")


def test_a_number_with_a_comma_is_refused_with_the_point_to_use() -> None:
    with pytest.raises(ValueError, match=r"^a number; use a point: 0\.7$"):
        FiniteNumber().check(FiniteNumber.read("0,7"))


@pytest.mark.parametrize(("typed", "number"), [("1,000", 1000), ("12,345,678", 12345678), ("1,5", "1,5"), ("7.0", 7)])
def test_commas_of_a_whole_number_divide_thousands_only(typed: str, number: object) -> None:
    assert WholeNumber(1, 10).read(typed) == number


@pytest.mark.parametrize(("typed", "meant"), [("10.000", "10 or 10000"), ("2.000.000", "2 or 2000000")])
def test_a_whole_number_with_a_point_that_may_stand_in_thousands_is_refused_with_both_meanings(
    typed: str, meant: str
) -> None:
    kind = WholeNumber(1, 10_000_000)
    with pytest.raises(ValueError, match=f"^a whole number from 1 to 10,000,000; write {meant}$"):
        kind.check(kind.read(typed))


@pytest.mark.parametrize("typed", ["0,1 0,2", "1,5 2,1", "0,1 1,0 1,1"])
def test_several_numbers_with_a_comma_are_recognised_whatever_their_digits(typed: str) -> None:
    assert f"use a point: {typed[0]}.{typed[2]}" in describe_taken_apart(typed)


@pytest.mark.parametrize("typed", ["0,1", "1,0", "1,2", "0, 5", "1,2,3", "0.5", "[[0,0], [1,1]]", "[[0,1],[1,0]]"])
def test_a_list_that_can_hardly_be_a_number_is_left_alone(typed: str) -> None:
    assert describe_taken_apart(typed) == ""


def test_a_number_that_a_list_took_apart_is_told_where_a_list_is_typed() -> None:
    said = "0,7 is two numbers, 0 and 7; if you mean one, use a point: 0.7"
    assert describe_commas(NumberRows(1, 8, 16), "0,7") == said
    assert describe_commas(FiniteNumber(), "0,7") == ""


def test_of_a_number_of_very_many_digits_nothing_is_suggested() -> None:
    assert suggest_point(f"1,{'5' * 5000}") == describe_taken_apart(f"0,{'5' * 5000}") == ""
