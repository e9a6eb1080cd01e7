"""What is pasted is read however sheets, LaTeX, MATLAB and people write it, and commas are no silent decimals."""

import pytest

from bptui.exercise.cells import Shape
from bptui.exercise.draft import find_number_fault
from tests.exercise.test_filling import OWN, fill


def test_numbers_that_could_have_had_decimal_commas_are_said_to_be_two() -> None:
    _, notice = fill(OWN, "w1", "0,5; 0,2; 0,3")
    assert notice.endswith("; 0,5 is two numbers, 0 and 5; if you mean one, use a point: 0.5")


@pytest.mark.parametrize("text", ["0,0\t0\n0,1\t1\n1,0\t1\n1,1\t0", "0,0;0\n0,1;1\n1,0;1\n1,1;0"])
def test_pairs_of_0_and_1_are_samples_and_no_decimals(text: str) -> None:
    found, _ = fill(Shape(2, (2,), 1), "x1", text)
    assert [found[f"x1_s{n}"] + found[f"x2_s{n}"] + found[f"y1_s{n}"] for n in (1, 2, 3, 4)] == [
        "000",
        "011",
        "101",
        "110",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "w1\t0.1\nw4\t-0.2",
        "w1;0.1\nw4;-0.2",
        "| w1 | 0.1 |\n| w4 | -0.2 |",
        "w1 0.1, w4 -0.2",
        "w1 = 0.1; w4 = -0.2;",
        "w₁ = 0.1, w_{4} = -0.2  # from the sheet",
        "w1 = 0.1;  % of MATLAB\nw4 = -0.2;",
    ],
)
def test_names_and_numbers_in_columns_fill_the_cells_of_these_names(text: str) -> None:
    assert fill(OWN, "x1", text)[0] == {"w1": "0.1", "w4": "-0.2"}


@pytest.mark.parametrize(
    "text",
    [
        "0.1;0.2\n0.3;0.4\n0.5;0.6",
        "[0.1 0.2; 0.3 0.4; 0.5 0.6]",
        "W1 = [0.1, 0.2; 0.3, 0.4; 0.5, 0.6];",
        "\\begin{pmatrix} 0.1 & 0.2 \\\\ 0.3 & 0.4 \\\\ 0.5 & 0.6 \\end{pmatrix}",
        "W^{(1)} = \\begin{array}{cc} 0.1 & 0.2 \\\\ 0.3 & 0.4 \\\\ 0.5 & 0.6 \\\\ \\end{array}",
        "0.1 | 0.2\n0.3 | 0.4\n0.5 | 0.6",
    ],
)
def test_a_matrix_of_a_sheet_of_latex_or_of_matlab_keeps_its_rows(text: str) -> None:
    assert [fill(OWN, "w1", text)[0][f"w{n}"] for n in range(1, 7)] == ["0.1", "0.3", "0.5", "0.2", "0.4", "0.6"]


@pytest.mark.parametrize("text", ["53.49 %", "53.49%", "50 % 60 %", "w1 = 50 %", "[50 %, 60 %]", "w1 50 %"])
def test_a_percent_sign_behind_a_number_is_refused_and_begins_no_comment(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        fill(OWN, "w1", text)


def test_a_dash_before_a_number_is_a_minus() -> None:
    assert fill(OWN, "w1", "–0.5 .5")[0] == {"w1": "−0.5", "w2": ".5"}
    assert find_number_fault("–0.5") == ""
