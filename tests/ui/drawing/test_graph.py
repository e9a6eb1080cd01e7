"""The computation graph as lines: nothing is cut, and only what is calculated has numbers."""

from dataclasses import replace

import pytest

from bptui.core.quantities.parts import group_quantities
from bptui.ui.drawing.graph import draw_graph
from tests.tables import over
from tests.ui.panels.test_panels import frame_of, text_of


def drawn(frame_name: str = "two-by-two", part: str = "w1", width: int = 76, **changes: object) -> str:
    return "\n".join(text_of(draw_graph(frame_of(frame_name, **changes), part, width)))  # type: ignore[arg-type]


def joined(text: str) -> str:
    """The words of some lines, wherever they were wrapped, without branches."""
    return " ".join(text.translate(str.maketrans("│├└─", "    ")).split())


@over(width=(40, 76, 118))
def test_no_line_is_wider_than_its_room_and_nothing_is_cut(width: int) -> None:
    narrow, wide = drawn(width=width), drawn(width=500)
    assert max(map(len, narrow.splitlines())) <= width
    assert joined(narrow).replace(" ", "") == joined(wide).replace(" ", "")


def test_the_way_to_a_weight_adds_up_what_arrives_from_both_outputs() -> None:
    text = joined(drawn())
    assert "arrives ∂E/∂h1 = ∂E/∂in_o1·∂in_o1/∂h1 + ∂E/∂in_o2·∂in_o2/∂h1 = 0.0616052·0.1 + 0.149181·(−0.5)" in text
    assert "h1 = 0.562177, see above local ∂in_o2/∂h1 = w6 = −0.5" in text
    assert "w2" not in text and "w3" not in text


def test_of_a_neuron_the_way_to_its_delta_is_drawn() -> None:
    assert "arrives ∂E/∂in_h2 = " in drawn(part="h2") and "arrives ∂E/∂in_h2 = " in drawn(part="delta_h2")


def test_what_is_not_in_the_graph_is_said() -> None:
    for part in ("x1", "new_w1", "y1"):
        assert "is not in the computation graph" in joined(drawn(part=part))


def test_the_rounds_own_number_stands_where_a_rule_departs() -> None:
    text = joined(drawn("numpy-by-hand", round_=3))
    assert 'the round follows the rule "as published"' in text
    assert "in the round ∂E/∂w1 = 0.00565616" in text and "= −0.0149385" in text


@pytest.mark.parametrize(("chosen", "sample"), [(3, 3), (0, 1)])
def test_the_sample_shown_is_the_one_drawn(chosen: int, sample: int) -> None:
    for part in ("w1", "h1", "E", "delta_h2", f"dE_dw1_s{sample}"):
        text = drawn("xor", part, chosen_sample=chosen)
        assert f"the graph of sample {sample}" in joined(text) and f"E⁽{'¹²³'[sample - 1]}⁾ = " in text


def test_inside_a_round_only_what_is_calculated_has_numbers() -> None:
    text = drawn(formulas_done=2)
    assert "h1 = 0.562177" in text and "o1 = · not calculated yet" in text and "arrives ∂E/∂w1 = " in text
    assert "∂E/∂in_h1·∂in_h1/∂w1 = · not calculated yet" in joined(text)


@over(name=("two-by-two", "xor", "and-neuron", "numpy-by-hand", "cross-entropy"))
def test_every_part_of_a_network_can_be_drawn(name: str) -> None:
    frame = replace(frame_of(name), sample=0)
    for part in group_quantities(frame.network):
        assert draw_graph(frame, part, 60)
