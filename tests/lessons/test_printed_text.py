"""Printed values are read from what people type and paste; what is written reads back; no text raises anything."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.quantities.arrays import list_arrays
from bptui.core.quantities.printable import list_printable
from bptui.lessons.lesson import load_lesson
from bptui.lessons.printed_text import PrintedText, format_printed_text, read_printed_text
from bptui.lessons.training import begin_run
from tests.effort import examples

MAZUR = load_lesson("mazur-2015")
RUN = begin_run(MAZUR.spec)
GIVEN: Mapping[str, Any] = RUN.given(1)
NETWORK = MAZUR.spec.network


def read(text: str) -> PrintedText:
    return read_printed_text(NETWORK, text, GIVEN)


def faults(text: str) -> list[str]:
    return [f"{fault.line}: {fault.text}" for fault in read(text).faults]


def test_lines_as_a_person_types_them_are_values_with_their_digits() -> None:
    found = read("dE_dw1 = 0.0004\nw1+ = 0.149, w5 0.3589\nE: 0,2980\nδ_o1 = 1.385·10⁻¹")
    assert found.printed == {
        **{"dE_dw1": "0.0004", "new_w1": "0.149", "new_w5": "0.3589", "E": "0,2980"},
        "delta_o1": "1.385·10⁻¹",
    }
    assert [value.line for value in found.values] == [1, 2, 2, 3, 4] and not found.faults


def test_an_array_as_numpy_prints_it_is_its_entries_each_in_its_line() -> None:
    values = RUN.values(1)
    rows = list_arrays(NETWORK)["dE_dW1"]
    matrix = np.array([[float(values[entry]) for entry in row] for row in rows])
    for text in (f"dE_dW1 =\n{matrix}", f"dW1 =\n{matrix!r}", f"dW1 =\n{matrix.T}.T"):
        found = read(text)
        assert not found.faults and set(found.printed) == {entry for row in rows for entry in row}
        assert all(float(digits) == pytest.approx(values[name], abs=1e-8) for name, digits in found.printed.items())
    assert [value.line for value in read(f"dE_dW1 =\n{matrix}").values] == [2, 2, 3, 3]
    turned = {value.name: value.line for value in read(f"dW1 =\n{matrix.T}.T").values}
    assert turned == {"dE_dw1": 2, "dE_dw2": 3, "dE_dw3": 2, "dE_dw4": 3}


def test_a_parameter_alone_is_its_new_value_unless_it_is_the_one_it_started_with() -> None:
    found = read("w1 = 0.15\nw5 = 0.3589\nW2 = [[0.4 0.45] [0.5 0.55]]\nb_h1 0.35")
    assert found.printed == {"new_w5": "0.3589"} and not found.faults
    assert [remark.line for remark in found.remarks] == [1, 3, 4]


@pytest.mark.parametrize("arrow", [" → ", " -> ", " => ", "→", " ⇒ "])
def test_of_numbers_with_arrows_between_the_last_is_meant(arrow: str) -> None:
    found = read(f"w1: 0.15{arrow}0.1498, E 0.3{arrow}0.29{arrow}0.28 w5 0.3589\nh1 → 0.59\no1 0.7")
    expected = {"new_w1": "0.1498", "E": "0.28", "new_w5": "0.3589", "h1": "0.59", "o1": "0.7"}
    assert found.printed == expected and not found.faults


def test_headings_and_counts_of_rounds_are_left_out_and_said_to_be() -> None:
    found = read("Hidden layer\nEpoch 1\nh1 = 0.5")
    assert found.printed == {"h1": "0.5"} and [remark.line for remark in found.remarks] == [1, 2]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("\nfoo = 1", "2: foo is not a quantity of this network"),
        ("h11 = 1", '1: h11 is not a quantity of this network; did you mean "h1"?'),
        ("x1 = 1", "1: x1 is given, not calculated (input)"),
        ("h1 =", "1: h1 has no number yet"),
        ("E", "1: E has no number yet"),
        ("h1 0.5 ->", "1: a name is missing before the sign, and a number after it"),
        ("0.5", '1: "0.5" needs a name before it, as in dE_dw1 = 0.000439'),
        ("w_11 = 1", "1: w_11 has two possible meanings: write w and the number of the weight, such as w4"),
        ("h1 = 1,234", '1: h1: "1,234" may mean 1234 or 1.234: write the one you mean'),
        ("h1 = 3/4", '1: h1: "3/4" is a fraction: write it as a decimal, such as 0.3333'),
        ("h1 = 53.49 %", '1: h1: "53.49 %" is a percentage: write it as a decimal, such as 0.125 for 12.5 %'),
        ("E = 0.3\nE = 0.4", "2: E is 0.3 in line 1, but 0.4 here"),
        ("dW1 = [[1 2 3]]", "1: dW1: 1 by 3, but dE_dW1 is 2 by 2, with a row per neuron"),
        ("dW1 = [[1 2]", '1: dW1: must be a list with matching brackets; 1 "]" is missing at the end'),
        ("dW1 = [[1 ... 2]]", '1: dW1: must be the whole array; "..." leaves out numbers'),
        ("dE_dw1 = [1 2]", "1: dE_dw1: 1 by 2, but dE_dW1 is 2 by 2, with a row per neuron"),
    ],
)
def test_a_fault_names_the_line_and_what_is_wrong_in_it(text: str, fault: str) -> None:
    assert faults(text) == [fault]


def test_a_negative_number_may_stand_in_parentheses_and_one_without_a_sign_may_not() -> None:
    """(12) is −12 to some."""
    assert read("δ_o1 = (−0.1181)").printed == {"delta_o1": "−0.1181"}
    assert faults("δ_o1 = (0.1181)") and not read("δ_o1 = (0.1181)").printed


def test_the_lines_of_the_lists_of_an_exercise_are_not_taken_for_other_quantities() -> None:
    """``b) h2`` is h2 and not b_h2; ``d) w7`` is w7 and not the gradient dw7."""
    assert read("a) h1 = 0.5\nb) h2 = 0.6\nd) w7 = 0.7").printed == {"h1": "0.5", "h2": "0.6", "new_w7": "0.7"}


@pytest.mark.parametrize(("name", "meant"), [("δ_o1", "delta_o1_s1"), ("net_h1", "in_h1_s1"), ("out_o1", "o1_s1")])
def test_what_belongs_to_a_sample_is_suggested_with_the_number_of_one(name: str, meant: str) -> None:
    """And not a number of the round whose name looks like it, such as new_b_o1 for δ_o1."""
    network = load_lesson("xor").spec.network_of(1)
    (fault,) = read_printed_text(network, f"{name} = 0.1", dict.fromkeys(network.given, 0.0)).faults
    assert fault.text == f'{name} is not a quantity of this network; did you mean "{meant}"?'


def test_the_same_value_twice_is_no_fault() -> None:
    assert read("E = 0.3\nloss 0.3").printed == {"E": "0.3"} and not faults("E = 0.3\nloss 0.3")


def test_so_many_faults_end_the_reading() -> None:
    assert len(faults("foo = 1\n" * 10_000)) == 51
    assert faults("h1 = 0.5\n" * 20_000) == ["1: the text is longer than 100,000 characters, more than any round needs"]


_DIGITS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True).map(repr),
    st.decimals(-1000, 1000, places=4).map(str),
    st.decimals(-1000, 1000, places=3).map(lambda number: str(number).replace(".", ",") + "0"),
    st.tuples(st.integers(1, 999), st.integers(-30, 30)).map(lambda pair: f"{pair[0]}.5·10^{pair[1]}"),
    st.sampled_from(
        ["1 234.5", "1'234.5", "- 0.5", "−3.5e−7", "1.2 × 10⁻³", "1.", "-0.", "1,234,567.8", "1.234.567,8"]
    ),
)


@given(st.dictionaries(st.sampled_from(list(list_printable(NETWORK))), _DIGITS))
@examples(300)
def test_printed_values_written_and_read_again_are_the_same(printed: dict[str, str]) -> None:
    found = read(format_printed_text(printed))
    assert found.printed == printed and not found.faults
    assert [value.line for value in found.values] == list(range(1, len(printed) + 1))


@pytest.mark.parametrize("name", ["mazur-2015", "era-sheet", "rgu-chapter-3", "nnwj", "xor", "torch-autograd"])
def test_the_printed_values_of_a_lesson_read_back(name: str) -> None:
    lesson = load_lesson(name)
    for entry in lesson.figures:
        network = lesson.spec.network_of(entry.round)
        given_ = dict.fromkeys(network.given, 0.0)
        assert read_printed_text(network, format_printed_text(entry.printed), given_).printed == entry.printed


@given(st.text(alphabet=st.characters() | st.sampled_from("[]()=:,;.\n #\"'{}+-eE1234w∂δ"), max_size=300))
@examples(400)
def test_no_text_raises_anything(text: str) -> None:
    found = read(text)
    assert all(1 <= line.line <= text.count("\n") + 1 and "\n" not in line.text for line in found.faults)
    assert found.printed.keys() <= list_printable(NETWORK).keys()


_PIECES = (
    *("dW1", "dE_dW1 = ", "[", "]", "[[", "]]", "tensor(", ")", ".T", " ", "\n", "1", ".", "...", "w1+", "=", "nan"),
    *("dtype=float32", ",", "E 0.3", "{", '"', "#", ":", "h1 = 0.5 + "),
)


@given(st.lists(st.sampled_from(_PIECES), max_size=40))
@examples(400)
def test_no_broken_array_raises_anything(pieces: list[str]) -> None:
    read("".join(pieces))
