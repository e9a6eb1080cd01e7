"""The page in matrices: every matrix of the round is on it, in order, with its shape, and nothing is wider than it."""

import re
from dataclasses import replace

import pytest

from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import UserError
from bptui.core.quantities.matrix_formulas import find_matrix_form
from bptui.derive.formats import FORMATS
from bptui.derive.matrices.page import derive_in_matrices
from bptui.lessons.lesson import Lesson, load_bundled_lessons, load_lesson
from tests.derive.test_programs_of_samples import batches
from tests.tables import over


def page(lesson: str | Spec, kind: str = "text", digits: int = 6, quantity: str | None = None, round_: int = 1) -> str:
    of = replace(load_lesson("two-by-two"), spec=lesson) if isinstance(lesson, Spec) else load_lesson(lesson)
    return "\n".join(derive_in_matrices(of, round_, kind, digits, quantity))


@over(kind=FORMATS, lesson=load_bundled_lessons())
def test_all_matrices_of_all_lessons_are_on_the_page_in_the_order_of_calculation(lesson: Lesson, kind: str) -> None:
    text = "\n".join(derive_in_matrices(lesson, 1, kind, 6))
    letters, at = FORMATS[kind].form.letters, text.index("1. Forward pass")
    for line in find_matrix_form(lesson.spec.network_of(1)).lines:
        label = re.escape(letters.name(line.name))
        found = re.search(rf"{label}(\}}| \(\d+x\d+\))? (&=|=)", text[at:])
        assert found, line.name
        at += found.start()


def test_the_page_says_what_courses_write_with_shapes() -> None:
    text = page("xor")
    for line in (
        "Z1 (4x2) = X (4x2) @ W1 (2x2) + b1 (1x2, added to each row)",
        "Delta1 (4x2) = (Delta2 (4x1) @ W2.T (1x2))*H1 (4x2)*(1 - H1 (4x2))",
        "dE_dW1 (2x2) = X.T (2x4) @ Delta1 (4x2)",
        "dE_db1 (1x2) = sum_s(Delta1 (4x2))",
    ):
        assert f"  {line}\n" in text
    assert "    [ 0  0 ]\n" in text and "X and Y have a row for each sample" in text


def test_where_weights_are_numbered_by_destination_the_page_says_how_x_is_turned() -> None:
    text = " ".join(page(batches(numbering="by destination", biases="per neuron")).split())
    assert "Z1 (2x3) = W1 (2x2) @ X (2x3) + b1 (2x1, added to each column)" in text
    assert "X is transposed here" in text and "X (2x3) =" in text


def test_every_phase_has_its_heading_and_deltas_say_whose_they_are() -> None:
    text = page("xor")
    heads = [re.search(rf"^{n}\. ", text, re.MULTILINE) for n in range(1, 9)]
    assert all(heads) and "Each row of Delta has the deltas of one sample: the derivatives of its own loss." in text


@pytest.mark.parametrize("rule", RULES)
def test_another_rule_is_named_and_what_it_does_is_never_passed_off_as_a_product(rule: str) -> None:
    text = page(replace(load_lesson("two-by-two").spec, gradient=rule))
    assert (f'follows the rule "{rule}"' in text) == (rule != "chain rule")
    alone = not RULES[rule].general
    assert ("Delta1 is shown by its numbers alone" in text) == alone == ("Delta1 (1x2) = (Delta2" not in text and alone)


def test_rounded_gradients_of_several_samples_are_shown_by_their_numbers() -> None:
    text = " ".join(page(batches(rounding="3 digits")).split())
    assert "dE_dW1 is shown by its numbers alone: no matrix holds the intermediate results" in text


def test_different_activations_of_a_layer_are_listed() -> None:
    text = page(batches(activation={"hidden": "sigmoid", "h2": "tanh", "output": "relu"}))
    assert "H1 (3x2) = f(Z1 (3x2))" in text and "f'(Z1 (3x2), H1 (3x2))" in text
    assert "column by column: sigmoid for h1, tanh for h2" in text.replace("\n", " ")


def test_one_matrix_can_be_asked_for_by_its_name_and_by_one_of_its_entries() -> None:
    by_name = page("two-by-two", quantity="dE_dW1")
    assert by_name.startswith("  dE_dW1 (2x2) = X.T @ Delta1\n") and "-0.00842148" in by_name
    by_entry = page("two-by-two", quantity="dE_dw3")
    assert by_entry.endswith(by_name) and "is the entry in row 2, column 1 of the matrix dE_dW1:" in by_entry.replace(
        "\n", " "
    )
    assert page("two-by-two", quantity="∂E/∂W1") == page("two-by-two", quantity="dE/dW1") == by_name
    assert page("two-by-two", quantity="∂E/∂w3") == by_entry
    assert page("two-by-two", quantity="E").startswith("  E = sum(")


@pytest.mark.parametrize(
    ("quantity", "fault"),
    [
        ("dE_dW9", 'this network has no matrix dE_dW9, and none with an entry dE_dW9; did you mean "dE_dw8"?'),
        ("W1", "W1 is given, not calculated"),
        ("x1", "x1 is given, not calculated"),
        ("do1_din_o1", "this network has no matrix do1_din_o1, and none with an entry do1_din_o1"),
    ],
)
def test_what_no_matrix_holds_is_refused(quantity: str, fault: str) -> None:
    with pytest.raises(UserError, match=re.escape(f"--quantity: {fault}")):
        page("two-by-two", quantity=quantity)


def wide_problems() -> dict[str, Spec]:
    return {
        "8x8": batches((8, 8, 8), samples=4, biases="per neuron"),
        "16 samples by column": batches((3, 2, 3), samples=16, numbering="by destination", biases="shared"),
        "adam": batches((8, 4, 8), samples=1, optimiser={"kind": "adam"}),
    }


@over(name=wide_problems(), digits=[3, 6, 17])
def test_text_is_no_wider_than_a_hundred_columns(name: str, digits: int) -> None:
    text = page(wide_problems()[name], digits=digits)
    assert max(map(len, text.splitlines())) <= 100
    assert "columns 1 to" in text or digits < 17


def test_a_line_that_is_only_about_right_is_explained() -> None:
    exact, about = (" ".join(page(wide_problems()["8x8"], digits=digits).split()) for digits in (4, 17))
    assert ("~=" in exact, "~=" in about) == ("in another order" in exact, "in another order" in about) == (False, True)


def test_every_number_of_a_wide_matrix_is_on_the_page() -> None:
    spec = wide_problems()["8x8"]
    text = page(spec, digits=17)
    for weight in spec.weights:
        assert f" {weight!r} ".replace(" 0.", " 0.") in text


def test_a_latex_page_breaks_where_nothing_has_to_stay_together() -> None:
    """A line of matrices ends outside of every growing bracket, and a page of matrices is a whole document."""
    text = page(wide_problems()["8x8"], "latex")
    assert text.startswith(r"\documentclass") and text.endswith(r"\end{document}")
    body = text[text.index(r"\begin{document}") :]
    assert r"\begin{pmatrix}" in body and r"\text{columns 1 to 4:}" in body
    assert body.count(r"\begin{align*}") == body.count(r"\end{align*}") and r"\left" not in body
    equations = re.findall(r"begin\{align\*\}(.*?)\\end\{align\*\}", body, re.DOTALL)
    assert equations and not any("\n\n" in one for one in equations)  # an empty line ends a formula


def test_a_bias_that_a_layer_shares_is_one_number_in_every_entry_and_the_page_says_so() -> None:
    shared = replace(load_lesson("matrix-form").spec, bias_update="shared", biases_hidden=(0.1,) * 3)
    said = "The neurons of a layer share one bias: all entries of its b are equal"
    assert said in " ".join(page(shared).split()) and said not in " ".join(page("matrix-form").split())
    assert said not in " ".join(page(replace(shared, biases_hidden=(), biases_output=())).split())
