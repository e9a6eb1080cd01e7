"""The worked calculation as a page: every quantity of the round is on it, in order, and each line is true."""

import re
from dataclasses import replace

import pytest

from bptui.core.engines.engine import NumpyEngine
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.network import NUMBERINGS
from bptui.core.problem.tables import UserError
from bptui.core.quantities.chain_rule import MOST_PATHS
from bptui.core.training.run import Run
from bptui.derive.formats import FORMATS
from bptui.derive.page import derive_round
from bptui.derive.phases import title_phase
from bptui.lessons.lesson import load_bundled_lessons, load_lesson
from tests.strategies import network_of
from tests.tables import over


def page(name: str, kind: str = "text", round_: int = 1, digits: int = 6, quantity: str | None = None) -> str:
    return "\n".join(derive_round(load_lesson(name), round_, kind, digits, quantity))


def title_of(phase: str) -> str:
    """The heading of a phase, which may be of one sample."""
    return title_phase(network_of(2, 2, 2), phase)[0]


def test_every_phase_has_a_title_of_its_own_and_its_sentence() -> None:
    for hidden in range(5):
        network = replace(network_of(2, *[3] * hidden, 2), optimiser="adam")
        said = [title_phase(network, phase) for phase in network.phases]
        assert len({title for title, _ in said}) == len(network.phases) and all(about for _, about in said)


def test_where_many_paths_lead_to_a_neuron_the_page_says_why_they_are_not_multiplied_out() -> None:
    said = {sizes: title_phase(network_of(*sizes), "output deltas")[1] for sizes in ((4, 4, 4, 4), (4, 4, 4, 5))}
    assert [f"more than {MOST_PATHS} paths" in text for text in said.values()] == [False, True]


def test_of_matrices_with_a_row_per_neuron_it_is_said_that_the_general_index_of_the_source_comes_first() -> None:
    lesson = load_lesson("deep")
    for numbering, said in zip(NUMBERINGS, (False, True), strict=True):
        text = "\n".join(derive_round(replace(lesson, spec=replace(lesson.spec, numbering=numbering)), 1, "text", 6))
        assert ("with the index of the source first" in " ".join(text.split())) == said


@over(kind=FORMATS, name=[lesson.name for lesson in load_bundled_lessons()])
def test_all_quantities_of_all_lessons_are_on_the_page_in_the_order_of_calculation(name: str, kind: str) -> None:
    network = load_lesson(name).spec.network_of(3)
    text = page(name, kind, round_=3)
    text = text[text.index("1. Forward pass") :]  # after the general formulas
    letters = FORMATS[kind].form.letters
    places = [
        re.search(rf"(^|\s){re.escape(letters.name(f.name))} &?= ", text[text.index(title_of(f.phase)) :])
        for f in list_formulas(network)
    ]
    assert all(places)
    heads = [text.index(f"{n}. {title_of(phase)}") for n, phase in enumerate(network.phases, 1)]
    assert heads == sorted(heads)


def test_the_page_has_the_documents_eight_gradients_and_its_general_formulas() -> None:
    text = page("two-by-two")
    assert "dE_dv_ij = delta_h_j*x_i" in text and "in_h_j = sum(i=1..2) v_ij*x_i" in text
    last = text[text.index("Parameters before and after the update") :]
    rows = [line.split() for line in last.split("\n") if re.match(r"  w\d ", line)]
    assert [row[0] for row in rows] == [f"w{n}" for n in range(1, 9)]
    assert [row[2] for row in rows] == (
        ["-0.00842148", "0.0126067", "-0.00505289", "0.00756399", "0.0346330", "0.0838661", "0.0304946", "0.0738447"]
    )


def test_more_digits_change_what_is_shown_and_never_what_is_computed() -> None:
    three, all_ = page("two-by-two", digits=3), page("two-by-two", digits=17)
    run = Run(NumpyEngine(load_lesson("two-by-two").spec))
    run.train_to(1)
    values = run.values(1)
    assert f"= {float(values['E'])!r}" in all_ and f"= {float(values['dE_dw1'])!r}" in all_
    assert "= 0.210\n" in three and "0.20971" not in three


def test_a_rule_that_is_not_the_chain_rule_is_named_and_the_chain_is_not_passed_off_as_its_number() -> None:
    text = page("numpy-by-hand", round_=3)
    hidden = text[text.index("6. Backward pass, deltas of the hidden layer") :]
    assert 'follows the rule "as published"' in hidden and "dE_do1*do1_din_o1*din_o1_dh1" not in hidden
    one = page("numpy-by-hand", round_=3, quantity="dE_dw1")
    assert "= 0.00565616" in one and "= -0.0149385" in one and "Different result" in one


def test_one_quantity_comes_with_its_general_form_its_chain_and_every_factor() -> None:
    text = page("two-by-two", quantity="dE_dw1")
    for factor in [
        "dE_do1",
        "do1_din_o1",
        "din_o1_dh1",
        "dh1_din_h1",
        "din_h1_dw1",
        "dE_do2",
        "do2_din_o2",
        "din_o2_dh1",
    ]:
        assert re.search(rf"^  {factor} = ", text, re.MULTILINE), factor
    assert "dE_dv_ij = delta_h_j*x_i" in text and "Same result" in text
    assert "= 0.249469" in page("two-by-two", quantity="do1_din_o1")


def test_a_quantity_that_the_network_lacks_is_refused_with_a_hint() -> None:
    with pytest.raises(UserError, match='no dE_dw12; did you mean "dE_dw'):
        page("two-by-two", quantity="dE_dw12")
    with pytest.raises(UserError, match="it has in_h1, h1"):
        page("two-by-two", quantity="zzz")


def test_the_text_of_a_page_is_plain_ascii() -> None:
    assert page("numpy-by-hand", round_=3).isascii() and page("cross-entropy").isascii()


@pytest.mark.parametrize(
    ("rule", "heading"),
    [
        ("output derivative forgotten", "4. Backward pass, deltas of the outputs"),
        ("sign wrong", "4. Backward pass, deltas of the outputs"),
        ("updated weights", "6. Update"),
        ("hidden derivative forgotten", "6. Backward pass, deltas of the hidden layer"),
        ("first derivative for all", "6. Backward pass, deltas of the hidden layer"),
    ],
)
def test_a_rule_is_said_once_where_the_calculation_first_departs_from_the_chain_rule(rule: str, heading: str) -> None:
    lesson = load_lesson("two-by-two")
    text = "\n".join(derive_round(replace(lesson, spec=replace(lesson.spec, gradient=rule)), 1, "markdown", 6))
    (before, after) = text.split("Instead of the chain rule, this derivation follows the rule")
    assert re.findall(r"^## (.+)$", before, re.MULTILINE)[-1] == heading
    assert after.startswith(f' "{rule}". ')


def test_by_the_chain_rule_no_rule_is_named() -> None:
    assert "follows the rule" not in page("two-by-two")


@pytest.mark.parametrize(
    ("rounding", "said"), [("3 digits", "3 significant digits"), ("4 decimals", "4 decimal places"), ("none", "")]
)
def test_the_page_says_what_every_result_was_rounded_to(rounding: str, said: str) -> None:
    lesson = load_lesson("two-by-two")
    text = " ".join(derive_round(replace(lesson, spec=replace(lesson.spec, rounding=rounding)), 1, "markdown", 6))
    assert (f"every result is rounded to {said} before it is used" in text) == bool(said)
    assert ("nothing else is rounded between the lines" in text) == (not said)


def test_of_a_network_without_a_hidden_layer_nothing_says_hidden() -> None:
    for kind in FORMATS:
        text = page("and-neuron", kind)
        assert "v for the weights" not in text and "w for the weights:" in text
        assert "1. Forward pass, output layer" in text and "hidden" not in text.replace("no hidden layer", "")
