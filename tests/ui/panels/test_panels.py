"""The panels: pure drawings of a frame, within the room they are given."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.session.frame import Frame, make_frame
from bptui.session.session import Session
from bptui.text.aligned import ColumnLayout, format_aligned
from bptui.ui.drawing.lines import ROLES, Line, find_part_at
from bptui.ui.drawing.strokes import ASCII, BRAILLE
from bptui.ui.panels.derivation import DerivationPanel
from bptui.ui.panels.forward import ForwardPanel
from bptui.ui.panels.gradients import GradientsPanel
from bptui.ui.panels.loss import LossPanel
from bptui.ui.panels.network import NetworkPanel
from bptui.ui.panels.selection import SelectionPanel
from bptui.ui.panels.status import StatusPanel
from bptui.ui.widgets.panel import Panel
from tests.answering import answer_all
from tests.effort import examples
from tests.strategies import problem, problems

PANELS = (DerivationPanel, ForwardPanel, GradientsPanel, LossPanel, NetworkPanel, SelectionPanel, StatusPanel)


def frame_of(name: str = "two-by-two", round_: int = 1, **changes: object) -> Frame:
    session = Session.open(load_lesson(name)).torch_unavailable("not asked")
    session.run.train_to(round_ + 1)  # or a busy machine would not go there at once
    return make_frame(replace(session.go_to(round_), **changes))  # type: ignore[arg-type]


def text_of(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


@examples(80)
@given(
    st.sampled_from(PANELS),
    problems(),
    st.integers(1, 160),
    st.integers(1, 50),
    st.integers(1, 60),
    st.booleans(),
    st.integers(0, 40),
    st.integers(3, 17),
)
def test_any_problem_in_any_room_draws_lines_of_known_roles(
    panel: type[Panel[Frame]],
    spec: Spec,
    width: int,
    height: int,
    round_: int,
    log_scale: bool,
    steps: int,
    digits: int,
) -> None:
    session = Session.open(replace(load_lesson("two-by-two"), spec=spec)).torch_unavailable("").go_to(round_)
    session = session.switch_single().to_start() if steps else session
    for _ in range(steps - 1):
        session = session.step_on()
    frame = make_frame(replace(session, log_scale=log_scale, digits=digits))
    lines = panel().draw(frame, width, height)
    assert lines
    assert {span.role for line in lines for span in line} <= {"", *ROLES}
    known = {*spec.network.inputs, *spec.network.neurons, *spec.network.parameters, "E", ""}
    assert {span.part for line in lines for span in line} <= known


@pytest.mark.parametrize(
    ("panel", "width", "height"),
    [(NetworkPanel, 37, 7), (ForwardPanel, 39, 7), (GradientsPanel, 78, 9), (LossPanel, 80, 2), (StatusPanel, 80, 1)],
)
@pytest.mark.parametrize("name", ["two-by-two", "random-weights", "cross-entropy", "numpy-by-hand", "relu"])
@pytest.mark.parametrize("round_", [1, 10, 100, 700])
def test_at_80_columns_nothing_of_a_2_2_2_network_is_cut(
    panel: type[Panel[Frame]], width: int, height: int, name: str, round_: int
) -> None:
    lines = text_of(panel().draw(frame_of(name, round_), width, height))
    assert len(lines) <= height
    assert max(cell_len(line.rstrip()) for line in lines) <= width


def test_the_gradients_panel_shows_every_gradient_and_weight_of_the_round() -> None:
    frame = frame_of(round_=10)
    rows = text_of(GradientsPanel().draw(frame, 80, 9))
    for row, name in zip(rows[1:], frame.network.parameters, strict=True):
        for value in (frame.values[f"dE_d{name}"], frame.given[name], frame.values[f"new_{name}"]):
            assert f"{float(value):#.6g} " in row


def test_a_wrong_gradient_is_marked_by_words_and_no_mark_of_a_printed_value() -> None:
    rows = text_of(GradientsPanel().draw(frame_of("numpy-by-hand"), 80, 9))
    assert [" disagrees " in row for row in rows[1:]] == [True] * 4 + [False] * 4
    assert [" agrees " in row for row in rows[1:]] == [False] * 4 + [True] * 4
    assert not re.search("[✓✗]", "".join(rows))


def test_the_network_labels_all_eight_weights_at_80_and_at_120_columns() -> None:
    numbers = ("w1 +0.20", "w2 −0.40", "w3 +0.50", "w4 +0.60", "w5 +0.10", "w6 −0.50", "w7 −0.30", "w8 +0.80")
    for width, height in ((37, 7), (41, 18)):
        drawing = "\n".join(text_of(NetworkPanel().draw(frame_of(), width, height)))
        for label in numbers:
            is_level = label[:2] in ("w1", "w4", "w5", "w8")
            assert (label if height == 18 or is_level else label[:2]) in drawing


def test_a_large_network_draws_only_the_weights_of_what_is_selected() -> None:
    spec = replace(
        frame_of().spec,
        inputs=((0.1,) * 8,),
        targets=((0.2,) * 8,),
        hidden=(8,),
        init="xavier uniform",
        weights=(),
        seed=3,
    )
    frame = make_frame(Session.open(replace(load_lesson("two-by-two"), spec=spec)).select("h3"))
    panel = NetworkPanel()
    assert panel.heading(frame) == "network · 16 of 128 weights"
    drawing = "\n".join(text_of(panel.draw(frame, 40, 18)))
    assert all(name in drawing for name in frame.network.inputs + frame.network.neurons)


def test_in_ascii_the_sparkline_is_as_high_as_in_blocks() -> None:
    frame = frame_of(round_=39)
    blocks, signs = (text_of(LossPanel("loss", strokes).draw(frame, 40, 4)) for strokes in (BRAILLE, ASCII))
    assert "".join(signs[1:]).isascii() and len(signs) == len(blocks)
    for column in range(len(blocks[-1])):
        heights = [sum(row[column : column + 1] not in ("", " ") for row in rows[1:]) for rows in (blocks, signs)]
        assert heights[0] == heights[1] > 0


@pytest.mark.parametrize("name", ["random-weights", "cross-entropy"])
def test_the_sparkline_survives_negative_and_infinite_losses_on_both_scales(name: str) -> None:
    for log_scale in (False, True):
        lines = text_of(LossPanel().draw(frame_of(name, 1200, log_scale=log_scale), 40, 8))
        assert len(lines) == 8
        assert ("×" in lines[-2]) == (name == "random-weights")


def test_the_sparkline_survives_losses_whose_span_is_no_double() -> None:
    table = {
        "network": {
            "inputs": [1.0],
            "targets": [1e308, -1e308],
            "hidden": 1,
            "weights": [1.0, 0.0, 1.5],
            "activation": {"hidden": "identity", "output": "identity"},
        },
        "training": {"loss": "cross entropy", "step": 1e-308},
    }
    session = Session.open(replace(load_lesson("two-by-two"), spec=Spec.from_table(table))).go_to(6)
    for log_scale in (False, True):
        assert LossPanel().draw(make_frame(replace(session, log_scale=log_scale)), 40, 8)


@pytest.mark.parametrize("weight", [-0.01782, 642.96, -1e17, -1e-300])
def test_no_number_of_a_large_network_is_cut(weight: float) -> None:
    spec = replace(
        frame_of().spec,
        inputs=((weight,) * 8,),
        targets=((0.2,) * 8,),
        hidden=(8,),
        init="constant",
        value=weight,
        weights=(),
        activation_output="identity",
    )
    frame = make_frame(Session.open(replace(load_lesson("two-by-two"), spec=spec)))
    first = text_of(NetworkPanel().draw(frame, 37, 7))[0]
    x1, _, o1 = (float(number.replace("−", "-")) for number in re.findall(r"[xho]1 *([−.\de]+)", first))
    assert [x1, o1] == pytest.approx([weight, float(frame.values["o1"])], rel=0.1, abs=6e-5)


def test_the_highest_column_of_the_sparkline_is_the_highest_loss() -> None:
    frame = frame_of(round_=39)
    bars = text_of(LossPanel().draw(frame, 40, 2))[1]
    losses = [frame.history.loss(round_ + 1) for round_ in range(frame.history.rounds)]
    assert bars[0] == "█" and losses[0] == max(losses)
    heights = [" ▁▂▃▄▅▆▇█".index(bar) for bar in bars]
    assert heights == sorted(heights, reverse=True)


def test_the_forward_panel_names_the_floor_or_says_that_there_is_none() -> None:
    assert "lowest possible loss 0.00245" in text_of(ForwardPanel().draw(frame_of(), 39, 7))[-1]
    assert "no lower bound for the loss" in text_of(ForwardPanel().draw(frame_of("random-weights"), 39, 7))[-1]
    assert (
        "first non-finite number in round" in text_of(ForwardPanel().draw(frame_of("random-weights", 900), 39, 7))[-1]
    )


def test_a_click_on_a_row_selects_its_weight() -> None:
    lines = GradientsPanel().draw(frame_of(), 80, 9)
    assert [find_part_at(line, 20) for line in lines[1:]] == [f"w{n}" for n in range(1, 9)]
    assert find_part_at(lines[0], 3) == "" and find_part_at(lines[1], 500) == ""


def test_the_derivation_shows_letters_numbers_and_every_digit() -> None:
    text = "\n".join(text_of(DerivationPanel().draw(frame_of(selected="w5"), 60, 20)))
    assert "∂E/∂w5 = δ_o1·h1" in text and "= 0.0616052·0.562177" in text and "∂E/∂w_jk = δ_o_k·h_j" in text
    assert repr(float(frame_of().values["dE_dw5"])) in text


def test_what_is_not_calculated_yet_is_a_dot_everywhere_and_never_a_number() -> None:
    session = Session.open(load_lesson("two-by-two")).torch_unavailable("not asked").to_start()
    frame = make_frame(session.select("w1"))
    gradients = text_of(GradientsPanel().draw(frame, 76, 9))[1:]
    assert all(re.fullmatch(r"w\d +· +· +· +-?0\.\d+ +→ +· *", row) for row in gradients), gradients
    forward = text_of(ForwardPanel().draw(frame, 39, 7))[1:6]
    neurons = [re.sub(r" +-?0\.\d+ *$", "", row).split() for row in forward[:4]]  # without the outputs' targets
    assert neurons == [[n, "·", "·", "·"] for n in ("h1", "h2", "o1", "o2")]
    assert forward[4].split() == ["E", "·"]
    assert text_of(LossPanel().draw(frame, 39, 2))[0].split() == ["E", "·"]
    derivation = "\n".join(text_of(DerivationPanel().draw(frame, 40, 20)))
    assert "∂E/∂w1 = δ_h1·x1\n  = · not calculated yet" in derivation
    network = [span for row in NetworkPanel().draw(frame, 41, 18) for span in row]
    in_nodes = {n: "".join(span.text for span in network if span.part == n) for n in ("x1", "h1", "h2", "o1", "o2")}
    assert ".5000" in in_nodes.pop("x1")
    in_nodes = {name: re.sub(r"y\d .*", "", text) for name, text in in_nodes.items()}
    assert all(text.count("·") == 3 and not re.search(r"\d\.|\.\d", text) for text in in_nodes.values()), in_nodes


def test_the_step_at_work_is_lit_in_the_network_with_the_way_it_goes() -> None:
    session = Session.open(load_lesson("two-by-two")).torch_unavailable("not asked").to_start()
    for flow, steps, nodes in (("▶", 1, {"h1", "h2"}), ("◀", 5, {"h1", "h2"})):
        for _ in range(steps):
            session = session.step_on()
        frame = make_frame(session.select("x1"))
        lines = NetworkPanel().draw(frame, 41, 17)
        lit = {span.part for line in lines for span in line if span.role == "lit"}
        assert {span.part[:1] for line in lines for span in line if span.role == "flow"} == {"w", "h"}
        arrows = [span for line in lines for span in line if flow in span.text]
        assert nodes <= lit and len(arrows) >= 2 and NetworkPanel().heading(frame).endswith(flow)


def test_a_mark_stands_behind_the_number_that_was_printed_and_no_number_moves_for_it() -> None:
    with_figures, without = frame_of("mazur-2015", 2), frame_of("mazur-2015", 3)
    for panel, width in ((ForwardPanel, 39), (GradientsPanel, 78)):
        marked, plain = (text_of(panel().draw(frame, width, 8)) for frame in (with_figures, without))
        assert [points(row) for row in marked] == [points(row) for row in plain]
    assert "0.291028✗" in text_of(ForwardPanel().draw(with_figures, 39, 7))[5]
    rows = text_of(GradientsPanel().draw(frame_of("era-sheet"), 78, 9))
    assert "0.000316993 ✓" in rows[1] and "0.000351776 ✗" in rows[3] and re.search(r"0\.249648 +✗", rows[3])


def points(row: str) -> list[int]:
    return [found.start() for found in re.finditer(r"(?<=\d)\.(?=\d)", row)]


@pytest.mark.parametrize("width", [37, 68])
def test_names_of_any_length_in_the_forward_panel_move_no_number_from_below_its_head(width: int) -> None:
    spec = problem((2, 3, 2, 1), biases="per neuron")
    frame = make_frame(Session.open(replace(load_lesson("two-by-two"), spec=spec)).torch_unavailable("not asked"))
    head, *rows = text_of(ForwardPanel().draw(frame, width, 9))[:7]
    assert {*map(len, rows)} <= {len(head), len(head) - 1, len(head) + 1}
    assert len({tuple(points(row)[:2]) for row in rows}) == 1
    shown = [word for word in ("input", "numpy", "δ") if word in head]
    assert {"numpy", "δ"} <= set(shown)
    assert all(point > head.index(word) for word, point in zip(shown, points(rows[0]), strict=False))


def test_the_lower_edge_counts_the_figures_and_names_the_wrong_ones() -> None:
    panel = GradientsPanel()
    assert panel.footing(frame_of("era-sheet")).plain == (
        "27 printed values: 23 ✓  ∂E/∂w3 0.000351869 ✗ and 3 more · c: see why"
    )
    assert panel.footing(frame_of("mazur-2015")).plain == "21 printed values: 21 ✓"
    assert panel.footing(frame_of("mazur-2015", 3)).plain == "printed values in rounds 1, 2 and 10,001 · c: check them"
    assert panel.footing(frame_of()).plain == ""


def test_the_derivation_says_where_there_is_room_that_only_the_last_digits_are_others() -> None:
    frame = replace(frame_of("mazur-2015"), selected="o1")
    mark = replace(frame.marks["o1", "numpy"], printed="0.7513650695523159", last_digits=True)
    frame = replace(frame, marks={**frame.marks, ("o1", "numpy"): mark})
    wide, narrow = ("\n".join(text_of(DerivationPanel().draw(frame, width, 30))) for width in (100, 40))
    assert "printed 0.7513650695523159 ✓ but for the last digits" in wide
    assert "printed 0.7513650695523159 ✓" in narrow and "to the last digit" not in narrow


def test_the_derivation_shows_the_digits_that_were_printed_also_of_what_stands_in_between() -> None:
    text = "\n".join(text_of(DerivationPanel().draw(frame_of("mazur-2015", selected="o1"), 60, 30)))
    assert "printed 0.75136507 ✓" in text and "printed 0.138498562 ✓" in text
    assert "E_o1 = ½·(o1 − y1)²" in text and "printed 0.274811083 ✓" in text
    wrong = "\n".join(text_of(DerivationPanel().draw(frame_of("mazur-2015", 2, selected="E"), 60, 30)))
    assert "printed 0.291027924 ✗" in wrong


def test_where_the_forward_panel_has_room_it_shows_the_digits_and_the_wrong_ones_for_sure() -> None:
    tall = text_of(ForwardPanel().draw(frame_of("mazur-2015"), 39, 18))
    assert "in_h1  0.3775 ✓" in tall and "h1     0.593269992 ✓" in tall
    short = text_of(ForwardPanel().draw(frame_of("era-sheet", 2), 39, 10))
    assert (len(short) == 10 and [row[-1] for row in short[-2:]] == ["✗", "✗"]) or len(short) <= 10
    assert len(text_of(ForwardPanel().draw(frame_of("mazur-2015"), 39, 7))) == 7


@examples(60)
@given(
    problems(),
    st.sampled_from([(GradientsPanel, 78), (GradientsPanel, 118), (ForwardPanel, 39), (ForwardPanel, 64)]),
    st.integers(3, 17),
    st.integers(1, 40),
)
def test_every_number_of_a_column_has_its_point_in_one_place_in_every_round(
    spec: Spec, where: tuple[type[Panel[Frame]], int], digits: int, round_: int
) -> None:
    (panel, width), session = where, Session.open(replace(load_lesson("two-by-two"), spec=spec))
    session = replace(session.torch_unavailable(""), digits=digits)
    drawn = [panel().draw(make_frame(s), width, 40) for s in (session, session.go_to(round_), session.to_start())]
    count = len(spec.network.parameters) if panel is GradientsPanel else len(spec.network.neurons) + 1
    rows = [row for lines in drawn for row in lines[1 : 1 + count]]
    assert len({cell_len(row) for row in text_of(rows)}) == 1 and cell_len(text_of(rows)[0]) <= width
    places = {
        sum(len(span.text) for span in row[:i]) + span.text.index(".")
        for row in rows
        for i, span in enumerate(row)
        if "." in span.text and span.role != "dim"  # as differences are
    }
    assert len(places) <= 4  # as many columns of numbers are there


@pytest.mark.parametrize("digits", range(3, 18))
def test_at_80_columns_gradients_and_new_weights_have_all_digits_that_are_asked_for(digits: int) -> None:
    frame = frame_of("mazur-2015", 5, digits=digits)
    rows = text_of(GradientsPanel().draw(frame, 78, 9))
    assert max(map(len, rows)) <= 78
    for row, name in zip(rows[1:], frame.network.parameters, strict=True):
        for quantity in (f"dE_d{name}", f"new_{name}"):
            assert format_aligned(frame.values[quantity], ColumnLayout.for_digits(digits), digits).strip() in row


def test_columns_that_matter_less_go_before_digits_do_and_the_edge_names_them() -> None:
    heads = {d: text_of(GradientsPanel().draw(frame_of("mazur-2015", digits=d), 78, 9))[0].split() for d in (6, 9, 17)}
    assert {"differences", "check", "before"} <= set(heads[6]) and "|Δ|" not in heads[6]
    assert "differences" in heads[9] and "before" not in heads[9]
    assert heads[17] == ["numpy", "∂E/∂w", "|Δ|", "check", "w", "after"]
    wide = text_of(GradientsPanel().draw(frame_of("mazur-2015", digits=9), 118, 9))[0].split()
    assert {"|Δ|", "before", "torch"} <= set(wide)


def test_with_nine_digits_the_forward_panel_shows_those_of_the_book_at_80_columns() -> None:
    lines = text_of(ForwardPanel().draw(frame_of("mazur-2015", digits=9), 39, 7))
    assert "0.593269992 ✓ 0.00877135469" in lines[1] and "0.298371109 ✓" in lines[5] and "0.138498562" in lines[3]
    assert max(map(len, lines)) <= 39


def test_the_numbers_of_an_empty_round_and_of_none_finite_keep_their_columns() -> None:
    rows = text_of(GradientsPanel().draw(frame_of("step-size", 30), 92, 9))
    lost = text_of(GradientsPanel().draw(frame_of("random-weights", 900), 92, 9))
    assert any("nan" in row or "inf" in row for row in lost)
    assert len({len(row) for row in [*rows[1:], *lost[1:]]}) == 1


def test_the_line_of_the_selection_has_what_there_is_room_for_and_never_moves() -> None:
    def line(width: int, **changes: object) -> str:
        return text_of(SelectionPanel().draw(frame_of("mazur-2015", **changes), width, 1))[0]  # type: ignore[arg-type]

    assert line(80).split() == ["∂E/∂w1", "0.0004385677344743465", "new", "w1", "0.1497807161327628"]
    assert [line(80, round_=r).index("new") for r in (1, 2, 500)] == [34] * 3
    assert line(120).split()[2] == "differences" and "differences" not in line(80)
    assert line(80, selected="x1").split() == ["x1", "0.05"]
    assert line(80, selected="h1").startswith(" h1 0.5932699921071872")
    assert line(80, selected="E").startswith(" E 0.2983711087600027")


def test_in_the_derivation_the_sign_stands_behind_the_wrong_number_and_none_behind_the_product_that_is_right() -> None:
    """And none at all where the numbers differ because results were rounded by hand."""
    frame = frame_of("numpy-by-hand", 10)
    for width, height in ((60, 10), (70, 24)):
        lines = text_of(DerivationPanel().draw(frame, width, height))
        (marked,) = (line for line in lines if "≠" in line)
        assert marked.strip().startswith(f"= {float(frame.values['dE_dw1'])!r}  ≠") and not re.search("[✓✗]", marked)
    assert "= −0.00764596" in [line.strip() for line in lines]
    rounded = frame_of("two-by-two", 2)
    spec = replace(rounded.spec, rounding="3 digits")
    session = Session.open(replace(load_lesson("two-by-two"), spec=spec)).torch_unavailable("").next()
    assert not [line for line in text_of(DerivationPanel().draw(make_frame(session), 70, 24)) if "≠" in line]


@pytest.mark.with_torch
def test_a_value_that_torch_printed_stands_below_torchs_own_number() -> None:
    session = answer_all(Session.open(load_lesson("relu")).go_to(10).select("E"))
    lines = [line.strip() for line in text_of(DerivationPanel().draw(make_frame(session), 70, 24))]
    at = lines.index("torch's own run 0.018752072006464005")
    assert lines[at + 1] == "printed 0.018752072006464005 ✓" and lines[at - 1] != lines[at]
