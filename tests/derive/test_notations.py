"""Formulas for people: every name has a label, in letters and with numbers, in all three forms."""

import pytest

from bptui.core.formulas.expr import Name, Square
from bptui.core.formulas.notation import write
from bptui.derive.notations import ASCII, LATEX, UNICODE, format_label, format_latex

NAMES = {
    "dE_dw1": ("∂E/∂w1", r"\frac{\partial E}{\partial w_{1}}"),
    "dE_db_h1": ("∂E/∂b_h1", r"\frac{\partial E}{\partial b_{h_{1}}}"),
    "dE_dv_ij": ("∂E/∂v_ij", r"\frac{\partial E}{\partial v_{ij}}"),
    "do1_din_o1": ("∂o1/∂in_o1", r"\frac{\partial o_{1}}{\partial \mathrm{in}_{o_{1}}}"),
    "delta_o2": ("δ_o2", r"\delta_{o_{2}}"),
    "delta_h_j": ("δ_h_j", r"\delta_{h_{j}}"),
    "new_w8": ("new w8", r"w_{8}^{\text{new}}"),
    "new_b_h1": ("new b_h1", r"b_{h_{1}}^{\text{new}}"),
    "in_h1": ("in_h1", r"\mathrm{in}_{h_{1}}"),
    "eta": ("η", r"\eta"),
    "log_sum_exp": ("log Σ exp", r"\mathrm{lse}"),
    "softmax_o1": ("softmax_o1", r"\mathrm{softmax}_{o_{1}}"),
    "E": ("E", "E"),
    "w12": ("w12", "w_{12}"),
    "v_11": ("v_11", "v_{11}"),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_quantity_has_a_label_that_people_read_and_one_that_latex_sets(name: str) -> None:
    assert (format_label(name), format_latex(name)) == NAMES[name]


def test_formulas_are_printed_in_letters_and_with_their_numbers() -> None:
    half_square = 0.5 * Square(Name("o1") - Name("y1"))
    values = {"o1": 0.25, "y1": -0.07}
    assert write(half_square, UNICODE.letters) == "½·(o1 − y1)²"
    assert write(half_square, UNICODE.numbers(values, 6)) == "½·(0.25 − (−0.07))²"
    assert write(half_square, ASCII.numbers(values, 6)) == "0.5*(0.25 - (-0.07))**2"
    assert write(half_square, LATEX.letters) == r"\tfrac{1}{2} \cdot \left(o_{1} - y_{1}\right)^2"


def test_a_number_with_an_exponent_gets_parentheses_in_a_product_that_latex_sets() -> None:
    product = Name("a") * Name("b")
    assert write(product, LATEX.numbers({"a": 0.5, "b": -1e-7}, 3)) == r"0.5 \cdot \left(-1 \cdot 10^{-7}\right)"
    assert write(product, LATEX.numbers({"a": float("inf"), "b": float("nan")}, 3)) == r"\infty \cdot \mathrm{NaN}"
