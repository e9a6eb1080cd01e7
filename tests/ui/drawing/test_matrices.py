"""The matrix form on screen: shapes, numbers and the selected entries, within any width."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.session.frame import Frame, make_frame
from bptui.session.session import Session
from bptui.ui.drawing.lines import ROLES, Line
from bptui.ui.drawing.matrices import draw_matrices, find_lit_line, list_entries
from bptui.ui.panels.derivation import DerivationPanel
from tests.derive.test_programs_of_samples import batches
from tests.effort import examples
from tests.strategies import problems


def frame_of(name: str = "two-by-two", part: str = "w1", **changes: object) -> Frame:
    session = Session.open(load_lesson(name)).torch_unavailable("not asked").select(part)
    return make_frame(replace(session, form="matrices", **changes))  # type: ignore[arg-type]


def draw(frame: Frame, width: int = 70) -> list[str]:
    return ["".join(span.text for span in line) for line in draw_matrices(frame, list_entries(frame), width)]


def marked(lines: list[Line]) -> list[str]:
    return [span.text.strip() for line in lines for span in line if span.role == "selected"]


def test_a_weight_is_an_entry_of_its_gradient_and_of_its_update() -> None:
    frame = frame_of("xor", "w3")
    text = draw(frame)
    assert text[0] == "∂E/∂W1 (2×2) = Xᵀ (2×4)·Δ1 (4×2)" and "new W1 (2×2) = W1 (2×2) − η·∂E/∂W1 (2×2)" in text
    found = marked(draw_matrices(frame, list_entries(frame), 70))
    assert found[0] == "−0.00674144" and found[-1] == "0.913483" and "0.9" in found


def test_a_neuron_is_an_entry_of_its_layer_in_the_row_of_the_sample_shown() -> None:
    frame = frame_of("xor", "h2", chosen_sample=2)
    text, found = draw(frame), marked(draw_matrices(frame, list_entries(frame), 70))
    assert [line.split(" ")[0] for line in text if line[:1] not in (" ", "")] == ["Z1", "H1", "Δ1"]
    assert f"{frame.values['h2_s2']:.6g}" in found and not any("3.1" in cell for cell in found)
    everything = frame_of("xor", "h2", chosen_sample=0)
    assert len(marked(draw_matrices(everything, list_entries(everything), 70))) == 4 * len(found)


def test_a_click_on_an_entry_selects_the_part_that_it_is_of() -> None:
    frame = frame_of("xor", "w3")
    parts = [span.part for line in draw_matrices(frame, list_entries(frame), 70) for span in line if span.part]
    assert set(parts) == {"x1", "x2", "h1", "h2", "w1", "w2", "w3", "w4"}
    turned = frame_of("matrix-form", "h2")
    parts = [span.part for line in draw_matrices(turned, list_entries(turned), 70) for span in line if span.part]
    assert {"w1", "w6", "b_h3", "x2", "h3", "o2", "w12"} <= set(parts)


def test_an_input_is_an_entry_of_x_and_the_loss_the_sum_over_all_entries() -> None:
    assert draw(frame_of("xor", "x2"))[0] == "X (4×2)"
    every, one = frame_of("xor", "x2", chosen_sample=0), frame_of("xor", "x2", chosen_sample=2)
    assert marked(draw_matrices(every, list_entries(every), 70)) == ["0", "1", "0", "1"]
    assert marked(draw_matrices(one, list_entries(one), 70)) == ["1"]
    assert draw(frame_of(part="E"))[0] == "E = Σ(½·(O (1×2) − Y (1×2))²)"


def test_what_is_not_calculated_yet_has_its_formula_and_no_number() -> None:
    session = Session.open(load_lesson("two-by-two")).torch_unavailable("not asked").to_start()
    frame = make_frame(replace(session, form="matrices", selected="h1"))
    assert [line for line in draw(frame) if "calculated" in line] == ["  = · not calculated yet"] * 3
    stepped = make_frame(replace(session.step_on(), form="matrices", selected="h1"))
    assert [line for line in draw(stepped) if "calculated" in line] == ["  = · not calculated yet"]
    lit = find_lit_line(stepped, list_entries(stepped), 70, 2)
    assert lit is not None and draw(stepped)[lit - 2].startswith("  = [")
    assert find_lit_line(frame, list_entries(frame), 70, 2) is None


@examples(60)
@given(problems(), st.integers(34, 160), st.integers(0, 40), st.integers(3, 17))
def test_any_problem_fits_any_width_and_nothing_is_cut(spec: Spec, width: int, part: int, digits: int) -> None:
    session = Session.open(replace(load_lesson("two-by-two"), spec=spec)).torch_unavailable("not asked")
    parts = [*spec.network.inputs, *spec.network.neurons, *spec.network.parameters, "E"]
    frame = make_frame(replace(session, selected=parts[part % len(parts)], digits=digits, form="matrices"))
    lines = draw_matrices(frame, list_entries(frame), width)
    assert lines and all(sum(len(span.text) for span in line) <= width for line in lines)
    assert {span.role for line in lines for span in line if span.role} <= {*ROLES}


@pytest.mark.parametrize("width", [36, 60, 120])
def test_several_samples_fit_too_and_the_panel_shows_the_matrices_below_its_heading(width: int) -> None:
    spec = batches((8, 8, 2), samples=6, numbering="by destination", biases="per neuron")
    session = Session.open(replace(load_lesson("two-by-two"), spec=spec)).torch_unavailable("not asked").select("w9")
    frame = make_frame(session.switch_form())
    lines = DerivationPanel().draw(frame, width, 20)
    found = draw_matrices(frame, list_entries(frame), width)
    assert lines[-len(found) :] == found
    assert max(sum(len(span.text) for span in line) for line in lines) <= width
