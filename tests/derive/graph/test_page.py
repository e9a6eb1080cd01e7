"""The computation graph as a page: a tree in each format, and what it refuses."""

import re
from dataclasses import replace

import pytest

from bptui.core.problem.tables import UserError
from bptui.derive.formats import FORMATS
from bptui.derive.graph.page import derive_graph
from bptui.lessons.lesson import load_bundled_lessons, load_lesson
from tests.tables import over


def page(name: str, kind: str = "text", quantity: str | None = None, round_: int = 1) -> str:
    return "\n".join(derive_graph(load_lesson(name), round_, kind, 6, quantity))


def test_the_tree_goes_from_the_loss_down_to_the_quantity() -> None:
    title, how, tree = page("two-by-two", quantity="dE_dw6").split("\n\n", 3)[1:]
    assert title == load_lesson("two-by-two").title and how.startswith("Each node is listed below")
    assert tree == (
        "E = 0.209710\n"
        "└─ o2 = 0.528696\n"
        "   │  local dE_do2 = o2 - y2 = 0.528696 - (-0.07) = 0.598696\n"
        "   │  arrives dE_do2 = 0.598696\n"
        "   └─ in_o2 = 0.114912\n"
        "      │  local do2_din_o2 = o2*(1 - o2) = 0.528696*(1 - 0.528696) = 0.249177\n"
        "      │  arrives dE_din_o2 = dE_do2*do2_din_o2 = 0.598696*0.249177 = 0.149181\n"
        "      └─ w6 = -0.5\n"
        "            local din_o2_dw6 = h1 = 0.562177\n"
        "            arrives dE_dw6 = dE_din_o2*din_o2_dw6 = 0.149181*0.562177 = 0.0838661"
    )


@over(kind=FORMATS, name=[lesson.name for lesson in load_bundled_lessons()])
def test_every_lesson_has_its_graph_in_every_format(name: str, kind: str) -> None:
    text = page(name, kind, round_=2)
    lesson = load_lesson(name)
    sample = next(iter(lesson.spec.network_of(2).samples), 0)
    assert ("sample" in text.partition("\n")[0] + text.partition("section*")[2][:60]) == bool(sample)
    arriving = [f"dE_d{p}{f'_s{sample}' if sample else ''}" for p in lesson.spec.network.parameters]
    letters = FORMATS[kind].form.letters
    assert all(f"arrives {'' if kind == 'text' else '$'}{letters.name(one)} = " in text for one in arriving)
    assert max(map(len, text.splitlines())) <= 100 or kind != "text"


def test_a_node_below_several_is_referred_to() -> None:
    for kind in FORMATS:
        assert page("two-by-two", kind).count(", see above") == 2


def test_in_markdown_each_level_is_a_list_in_the_item_above() -> None:
    lines = [line for line in page("two-by-two", "markdown", "w6").splitlines() if re.match(" *- ", line)]
    assert [len(line) - len(line.lstrip()) for line in lines] == [0, 2, 4, 6]
    assert all(line.endswith("\\") for line in lines[1:])


def test_where_the_round_is_no_chain_rule_both_numbers_stand_there() -> None:
    text = page("numpy-by-hand", quantity="dE_dw1", round_=3)
    assert 'the round follows the rule "as published"' in text
    assert "= -0.0149385\n" in text and "in the round dE_dw1 = 0.00565616" in text
    assert "in the round" not in page("two-by-two")


@pytest.mark.parametrize("spelling", ["dE_dw1", "dE/dw1", "∂E/∂w1", "w1", "din_h1_dw1"])
def test_a_node_may_be_named_by_what_it_is_the_derivative_by(spelling: str) -> None:
    assert page("two-by-two", quantity=spelling) == page("two-by-two", quantity="dE_dw1")


def test_the_graph_of_another_sample_is_named_by_its_quantity() -> None:
    assert "E_s3 = " in page("xor", quantity="dE_dw1_s3") and "E_s1 = " in page("xor", quantity="dE_dw1")


def test_what_the_graph_lacks_is_refused_with_a_hint() -> None:
    with pytest.raises(UserError, match="--quantity: the graph has no new_w1; "):
        page("two-by-two", quantity="new_w1")
    with pytest.raises(UserError, match="it has E, o1, o2, in_o1"):
        page("two-by-two", quantity="zzzzzz")


def test_numbers_beyond_all_bounds_are_printed_as_they_are() -> None:
    lesson = load_lesson("two-by-two")
    spec = replace(lesson.spec, activation_hidden="identity", activation_output="identity", step=1e200)
    text = "\n".join(derive_graph(replace(lesson, spec=spec), 3, "text", 6))
    assert "inf" in text or "nan" in text
