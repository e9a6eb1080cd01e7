"""The picture of an output in its panel: axes, samples, scale and sentence."""

from dataclasses import replace

import pytest

from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.session.frame import Frame, make_frame
from bptui.session.session import Session
from bptui.ui.drawing.lines import Line, Span
from bptui.ui.drawing.strokes import ASCII, BRAILLE
from bptui.ui.panels.boundary import BoundaryPanel, StartPanel
from tests.session.test_samples import ONLINE, XOR, session_of

AND = replace(
    XOR,
    targets=((0.0,), (0.0,), (0.0,), (1.0,)),
    hidden=(),
    weights=(4.0, 4.0),
    biases_hidden=(),
    biases_output=(-6.0,),
)


def drawn(frame: Frame, width: int = 44, height: int = 16, place: int = 0) -> list[Line]:
    return BoundaryPanel(place, ASCII).draw_plain(frame, width, height)


def text_of(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in lines]


def marks(lines: list[Line]) -> list[Span]:
    return [span for line in lines for span in line if span.part]


def test_an_and_neuron_parts_the_one_sample_that_is_true_from_the_others() -> None:
    assert text_of(drawn(make_frame(session_of(AND)))) == [
        r" 1.3      ......::|--%######@@@@@@@@@@@@@@@@",
        r"              .....::----%#####@@@@@@@@@@@@@",
        r"            o2   ......::---%######@*4@@@@@@",
        r"                     .....::----%######@@@@@",
        r"                        ......::---%######@@",
        r"x2 ↑                        ......:----%####",
        r"                               ......::----#",
        r"                                   ......::-",
        r"            o1                      o3......",
        r"                                          ..",
        r"-0.3",
        r"     -0.3              x1 →              1.3",
        r"   0    ...:: 0.5 %%###@@@ 1",
        r" o1 is on the target's side of 0.5 for all",
        r" 4 samples",
        r"",
    ]


def test_the_selected_sample_is_set_off_and_a_click_on_any_selects_it() -> None:
    session = session_of(XOR).select("E_s3")
    found = marks(drawn(make_frame(session)))
    assert {span.part: span.role for span in found} == {
        "E_s1": "title",
        "E_s2": "title",
        "E_s3": "selected",
        "E_s4": "title",
    }
    assert "".join(sorted(span.text for span in found)) == "*2*3o1o4"


def test_samples_in_one_cell_have_one_sign_and_all_their_numbers() -> None:
    spec = replace(XOR, inputs=((0.0, 0.0), (0.0, 0.001), (1.0, 0.0), (1.0, 1.0)))
    found = marks(drawn(make_frame(session_of(spec))))
    assert "+1,2" in {span.text for span in found}


def test_the_sentence_of_the_panel_is_of_the_weights_that_the_round_starts_from() -> None:
    frame = make_frame(session_of(XOR).next())
    said = " ".join(text_of(drawn(frame, 78))[-2:])
    assert f"o1 = {frame.samples[3].outputs[0]:.6f}, target 0" in said
    (line,) = StartPanel().draw(frame, 78, 1)
    assert "".join(span.text for span in line) == f" weights at the start of round 2 · E {frame.values['E']:.6f}"


def test_the_loss_is_said_to_be_of_the_samples_that_the_round_uses_where_it_uses_some() -> None:
    (line,) = StartPanel().draw(make_frame(session_of(ONLINE)), 78, 1)
    assert "E of the samples it uses" in "".join(span.text for span in line)


def test_one_sample_has_a_scale_and_no_boundary() -> None:
    frame = make_frame(Session.open(load_lesson("two-by-two")))
    for place, name in enumerate(("o1", "o2")):
        lines = text_of(drawn(frame, 78, place=place))
        assert any("from the lowest value shown to the highest" in line for line in lines)
        assert f"{name} = {frame.values[name]:.6f}" in lines[-2] and "no boundary" in lines[-2]


def test_a_picture_in_float32_is_of_the_numbers_in_float32() -> None:
    frame = make_frame(session_of(replace(XOR, precision="float32")))
    said = " ".join(text_of(drawn(frame, 78))[-2:])
    assert "not for sample 4" in said


def test_values_beyond_the_targets_are_said_to_have_the_last_colours() -> None:
    wide = replace(AND, activation_output="identity")
    assert "0.5 %%###@@@ 1   or beyond" in "".join(text_of(drawn(make_frame(session_of(wide)), 78)))
    assert "beyond" not in "".join(text_of(drawn(make_frame(session_of(AND)), 78)))


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (36, 10), (118, 40)])
@pytest.mark.parametrize("spec", [XOR, AND], ids=["hidden", "none"])
def test_a_panel_of_any_size_is_drawn(size: tuple[int, int], spec: Spec) -> None:
    frame = make_frame(session_of(spec))
    for strokes in (ASCII, BRAILLE):
        lines = BoundaryPanel(0, strokes).draw_plain(frame, *size)
        assert len(lines) >= min(size[1], 4)
