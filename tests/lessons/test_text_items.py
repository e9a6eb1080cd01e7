"""A text is split into names with their numbers and arrays, however they stand there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.lessons.text_items import read_number, split_items
from tests.effort import examples


def pairs(text: str) -> list[tuple[str, str]]:
    return [(item.name, item.value) for item in split_items(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("h1 = 0.5, h2 = 0.6", [("h1", "0.5"), ("h2", "0.6")]),
        ("h1=0.5,h2=0.6;o1:0.7", [("h1", "0.5"), ("h2", "0.6"), ("o1", "0.7")]),
        ("h1 0,593  h2 0,597", [("h1", "0,593"), ("h2", "0,597")]),
        ("grad w1 4.39e-4\ndelta o1 -0.07", [("grad w1", "4.39e-4"), ("delta o1", "-0.07")]),
        ("dE/dw1 = 4.39 · 10⁻⁴", [("dE/dw1", "4.39 · 10⁻⁴")]),
        ("E 1.2*10^-3 h1 1 234.5", [("E", "1.2*10^-3"), ("h1", "1 234.5")]),
        ("| dE_dw1 | 0.0004 |\n|---|---|", [("dE_dw1", "0.0004"), ("---|---|", "")]),
        ("dE_dw1,0.0004\nh1,0.59", [("dE_dw1", "0.0004"), ("h1", "0.59")]),
        ("{'dE_dw1': 0.0004, \"E\": 0.298}", [("dE_dw1", "0.0004"), ("E", "0.298")]),
        ('values = { h1 = "0.59", E = "0.298" }', [("h1", "0.59"), ("E", "0.298")]),
        ("E = E_o1 + E_o2 = 0.27 + 0.02 = 0.29", [("E", "0.29")]),
        ("E = 0,27 + 0,02 = 0,29", [("E", "0,29")]),
        ("E = 0.27 + 0.02", [("E", "0.27 + 0.02")]),
        ("h1 = 0.0o4 h2 = 0.5", [("h1", "0.0o4"), ("h2", "0.5")]),
        ("w5 = 0.4 - 0.5*0.082 = 0.3589, w6 = 0.4", [("w5", "0.3589"), ("w6", "0.4")]),
        ("Round 2, loss: E = 0.3.", [("Round", "2"), ("E", "0.3")]),
        ("h1 = 0.59 # the output\n# nothing\nh2 = .6", [("h1", "0.59"), ("h2", ".6")]),
        ("net_h1 = 0.3775 → out_h1 = 0.5932", [("net_h1", "0.3775"), ("out_h1", "0.5932")]),
        ("E = nan, h1 -inf", [("E", "nan"), ("h1", "-inf")]),
        ("h1 = 0.0o4 h2 = 3/4", [("h1", "0.0o4"), ("h2", "3/4")]),
        ("0.5", [("", "0.5")]),
        ("h1 =", [("h1", "")]),
        ("δ_o1 = (o1 − y1)·o1·(1 − o1) = -0.1181", [("δ_o1", "-0.1181")]),
        ("E = (1/2)(1 - 0.5262)^2 = 0.1122, h1 = 0.5", [("E", "0.1122"), ("h1", "0.5")]),
        ("E = 1/2 (1 − 0.5262)² = 0,1122", [("E", "0,1122")]),
        ("in_h1 = w1·x1 + w4·x2\n  = 0.1·0.6 + (−0.2)·0.1 = 0.04\nh1 = 0.51", [("in_h1", "0.04"), ("h1", "0.51")]),
        ("h = (0.5, 0.6) h2 = 0.7", [("h", "(0.5, 0.6)"), ("h2", "0.7")]),
    ],
)
def test_names_stand_before_their_numbers(text: str, found: list[tuple[str, str]]) -> None:
    assert pairs(text) == found


@pytest.mark.parametrize("marks", ["a) b)", "(a) (b)", "a. b.", "1. 2.", "1) 2)", "(i) (ii)", "i) d)"])
def test_the_mark_of_a_list_is_no_part_of_a_name(marks: str) -> None:
    first, second = marks.split()
    assert pairs(f"{first} h2 = 0.5\n{second} w7 0.6") == [("h2", "0.5"), ("w7", "0.6")]


@pytest.mark.parametrize("remark", ["(hidden 1)", "(rounded)", "(= -0.1181*0.5)", "(rounded to 4 decimals)"])
def test_a_remark_in_parentheses_behind_a_number_is_left_out(remark: str) -> None:
    assert pairs(f"h1 = 0.5349 {remark}\nh2: 0.6 {remark}, E 0.7") == [("h1", "0.5349"), ("h2", "0.6"), ("E", "0.7")]
    assert pairs(f"E = 0.5·0.25 = 0.125 {remark}") == [("E", "0.125")]


def test_a_number_in_parentheses_behind_another_is_not_lost_as_a_remark() -> None:
    assert pairs("h1 0.14 (out 0.5349)") == [("h1", "0.14"), ("", "(out 0.5349)")]


def test_the_columns_of_a_table_may_stand_apart_by_semicolons() -> None:
    assert pairs("Name;Value\nh1;0,5349\nh2; -0,5") == [("Name", ""), ("Value", ""), ("h1", "0,5349"), ("h2", "-0,5")]


@pytest.mark.parametrize(
    "array",
    [
        "[[0.1 0.2]\n [0.3 0.4]]",
        "array([[0.1, 0.2],\n       [0.3, 0.4]])",
        "tensor([[0.1, 0.2],\n        [0.3, 0.4]], dtype=torch.float64)",
        "np.array([1, 2]).T",
        "Parameter containing:\ntensor([0.1], requires_grad=True)",
    ],
)
@pytest.mark.parametrize("sign", [" = ", ": ", " ", " =\n", ":\n"])
def test_an_array_goes_to_its_last_bracket(array: str, sign: str) -> None:
    first, second = split_items(f"dW1{sign}{array}\n\nE 0.3")
    assert (first.name, first.value, first.is_array) == ("dW1", array, True)
    assert first.line == (2 if "\n" in sign else 1)
    assert (second.name, second.value) == ("E", "0.3")


def test_an_array_without_its_last_bracket_ends_before_the_next_name() -> None:
    assert pairs("dW1 = [[1 2\n[3 4]\nE = 0.3") == [("dW1", "[[1 2\n[3 4]"), ("E", "0.3")]


@given(st.text(alphabet=st.characters() | st.sampled_from("[]()=:,;.\n #\"'{}+-eE1234w∂δ")))
@examples(400)
def test_no_text_raises_and_each_item_goes_on(text: str) -> None:
    for item in split_items(text):
        assert 1 <= item.line <= text.count("\n") + 1 and item.value in text
    assert read_number(text) in text
