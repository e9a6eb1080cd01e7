"""The network's diagram: what a weight and a step look like, and that numbers move nothing."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.problem.spec import Spec
from bptui.core.quantities.parts import move_selection
from bptui.lessons.lesson import load_lesson
from bptui.session.frame import Frame, make_frame
from bptui.session.session import Session
from bptui.ui.drawing.diagram import make_diagram
from bptui.ui.drawing.labels import place_labels
from bptui.ui.drawing.lines import Line, Span
from bptui.ui.drawing.strokes import ASCII, BRAILLE, CONSOLE, Strokes
from bptui.ui.panels.network import NetworkPanel
from tests import strategies
from tests.effort import examples

SIZES = ((37, 7), (41, 18), (84, 33))
KINDS = (BRAILLE, CONSOLE, ASCII)
sides = st.integers(1, 8)


def problem(d: int, q: int, outputs: int, weights: tuple[float, ...] = (), biases: bool = False) -> Spec:
    network: dict[str, Any] = {"inputs": [0.3] * d, "targets": [0.2] * outputs, "hidden": q}
    network |= {"weights": list(weights)} if weights else {"init": {"kind": "normal", "seed": 5}}
    if biases:
        network["biases"] = {"hidden": [-0.35] * q, "output": [0.6] * outputs}
    return Spec.from_table({"network": network, "training": {"loss": "half squared error"}})


def session_of(spec: Spec) -> Session:
    return Session.open(replace(load_lesson("two-by-two"), spec=spec)).torch_unavailable("not asked")


def lesson(name: str = "two-by-two", round_: int = 1) -> Session:
    session = Session.open(load_lesson(name)).torch_unavailable("not asked")
    session.run.train_to(round_ + 1)
    return session.go_to(round_)


def drawing(frame: Frame, size: tuple[int, int], strokes: Strokes = BRAILLE) -> list[Line]:
    return NetworkPanel(strokes).draw(frame, *size)


def text_of(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def spans(lines: list[Line], part: str) -> list[Span]:
    return [span for line in lines for span in line if span.part == part]


def edge(lines: list[Line], weight: str) -> str:
    """The signs of a weight's line that no other covers: those of its part that are no label."""
    return "".join(span.text for span in spans(lines, weight) if not re.search(r"\w|[▶◀<>]", span.text))


def dots(text: str) -> int:
    return sum((ord(sign) & 0xFF).bit_count() for sign in text)


@examples(150)
@given(
    sides,
    st.integers(0, 8),
    sides,
    st.booleans(),
    st.integers(1, 120),
    st.integers(1, 50),
    st.integers(0, 2),
    st.data(),
)
def test_any_shape_in_any_room_has_lines_of_that_width_and_all_names_where_they_fit(
    d: int, q: int, outputs: int, biases: bool, width: int, height: int, kind: int, data: st.DataObject
) -> None:
    strokes = KINDS[kind]
    session = session_of(problem(d, q, outputs, biases=biases))
    network = session.network
    part = data.draw(st.sampled_from([*network.inputs, *network.neurons, *network.parameters, "E"]))
    if steps := data.draw(st.integers(0, 8)):
        session = session.to_start()
        for _ in range(steps - 1):
            session = session.step_on()
    frame = make_frame(session.select(part))
    text = text_of(drawing(frame, (width, height), strokes))
    assert len(text) in (height, max(d, q, outputs)) and {len(line) for line in text} == {width}
    if width >= 37:
        assert all(re.search(rf"\b{name}(?!\d)", "\n".join(text)) for name in (*network.inputs, *network.neurons))
        assert part not in network.biases or "b" in "".join(
            span.text for span in spans(drawing(frame, (width, height)), part)
        )
    if strokes is ASCII:
        assert set("".join(text)) - set("δ·−") <= {chr(code) for code in range(32, 127)}


deep_sizes = st.tuples(sides, st.lists(sides, min_size=2, max_size=4), sides).map(lambda s: (s[0], *s[1], s[2]))


@examples(100)
@given(deep_sizes, st.sampled_from([*SIZES, (46, 17), (60, 10)]), st.booleans(), st.integers(0, 2))
def test_with_several_hidden_layers_no_name_and_no_number_is_cut(
    sizes: tuple[int, ...], size: tuple[int, int], biases: bool, kind: int
) -> None:
    session = session_of(strategies.problem(sizes, "tanh", biases="per neuron" if biases else "none"))
    frame = make_frame(session)
    lines, places = drawing(frame, size, KINDS[kind]), make_diagram(frame.network, *size)
    assert {sum(len(span.text) for span in line) for line in lines} == {size[0]}
    for name in (*frame.network.inputs, *frame.network.neurons):
        box = places.boxes[name]
        rows = ["".join(s.text for s in lines[y])[box.x : box.x + box.width] for y in range(box.y, box.bottom + 1)]
        label = name.split("_")[-1].lstrip("xo") if places.headings else name
        value = frame.given[name] if name in frame.given else frame.values[name]
        named = bool(places.form.beside or not places.headings)
        number = "".join(span.text for span in lines[box.port] if span.part == name)
        assert not named or re.search(rf"(?<!\w){label}(?!\w)", " ".join(rows))
        found = re.findall(r"−?\d*\.?\d+(?:e−?\d+)?", number.removeprefix(label) if named else number)
        assert len(found) == 1 and float(found[0].replace("−", "-")) == pytest.approx(value, rel=0.5), (name, number)


def test_below_a_heading_the_place_in_the_layer_names_a_neuron_and_the_panel_s_heading_the_selected_one() -> None:
    session = session_of(strategies.problem((4, 4, 4, 4), biases="per neuron"))
    frame = make_frame(session.select("h2_3"))
    text = text_of(drawing(frame, (37, 7)))
    assert text[0].split() == ["x", "h1", "h2", "o"]
    assert f"3  {frame.values['h2_3']:.3f}".replace("0.", ".") in "\n".join(text)
    assert NetworkPanel().heading(frame).startswith(f"network · h2_3 {frame.values['h2_3']:.4f}")


def test_a_number_that_would_run_into_the_next_column_is_three_dots() -> None:
    spec = strategies.problem((8, 8, 8, 8, 8, 8))
    frame = make_frame(session_of(spec))
    frame = replace(frame, values={**frame.values, "h1_1": -1e-100, "h1_2": -1e-9})
    lines = drawing(frame, (37, 7))
    assert "".join(span.text for span in spans(lines, "h1_1")) == " ..."
    assert "".join(span.text for span in spans(lines, "h1_2")) == "−1e−9"


def test_in_the_backward_pass_headings_say_which_columns_hold_deltas() -> None:
    session = session_of(strategies.problem((4, 4, 4, 4))).to_start()
    heads: list[list[str]] = []
    while not heads or heads[-1] != ["x", "δ_h1", "δ_h2", "δ_o"]:
        session = session.step_on()
        heads.append(text_of(drawing(make_frame(session), (37, 7)))[0].split())
    assert [head.count("δ_o") for head in heads] == sorted(head.count("δ_o") for head in heads)
    frame = make_frame(session)
    assert frame.last_step and frame.last_step.phase == "hidden 1 deltas"


def test_the_arrows_reach_every_column_of_a_deep_network() -> None:
    network = session_of(strategies.problem((2, 3, 2, 1), biases="per neuron")).network
    part, seen = "x1", ["x1"]
    while part != "E":
        part = move_selection(network, part, 1, 0)
        seen.append(part)
    assert seen == ["x1", "w1", "h1_1", "w7", "h2_1", "w13", "o1", "E"]
    assert move_selection(network, "b_h2_2", 0, -1) == "b_h2_1"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("strokes", KINDS, ids=lambda strokes: strokes.name)
def test_a_negative_weight_is_dashed_zero_dotted_and_a_larger_one_thicker(
    size: tuple[int, int], strokes: Strokes
) -> None:
    looks = [
        edge(drawing(make_frame(session_of(problem(1, 1, 1, (weight, 1.0))).select("E")), size, strokes), "w1")
        for weight in (0.1, -0.1, 0.0, 0.9, 2.5)
    ]
    assert len(set(looks)) == 5
    if strokes is BRAILLE:
        solid, dashed, dotted, thick, thicker = map(dots, looks)
        assert dotted < dashed < solid < thick < thicker
        assert len(looks[0]) == len(looks[1]), "a gap of one dot breaks no line"
    assert len(looks[0]) == len(looks[4]) > len(looks[2]) and looks[0] == looks[0][0] * len(looks[0])


@pytest.mark.parametrize(("d", "q", "outputs"), [(2, 2, 2), (2, 3, 1), (3, 0, 2)])
@pytest.mark.parametrize("size", [*SIZES, (46, 7), (46, 10), (46, 16)])
def test_every_weight_of_a_small_network_has_its_name_and_every_negative_number_a_minus_sign(
    d: int, q: int, outputs: int, size: tuple[int, int]
) -> None:
    frame = make_frame(session_of(problem(d, q, outputs, biases=True)).select("E"))
    lines = drawing(frame, size)
    for weight in frame.network.weights:
        texts = [re.sub(r"[\u2800-\u28ff]", "", span.text) for span in spans(lines, weight.name)]
        (label,) = [text for text in texts if text]
        sign = "−" if frame.given[weight.name] < 0 else "+"
        assert re.fullmatch(rf"{weight.name}(| ?{re.escape(sign)}\S+)", label)
    assert "-" not in "".join(text_of(lines))


@pytest.mark.parametrize("size", [(37, 7), (46, 10), (46, 16), (84, 33)])
def test_all_numbers_of_a_kind_are_written_the_same_way_below_each_other(size: tuple[int, int]) -> None:
    frame = make_frame(session_of(problem(2, 2, 2, biases=True)))
    numbers = [0.25, -0.25, 6e-7, -12.345]
    given = {**frame.given, **dict(zip(("b_h1", "b_h2", "b_o1", "b_o2"), numbers, strict=True))}
    names = ("h1", "h2", "o1", "o2")
    kinds = {f"{kind}{n}": v for kind in ("", "in_", "delta_") for n, v in zip(names, numbers, strict=True)}
    values = {**frame.values, **kinds}
    lines, boxes = drawing(replace(frame, given=given, values=values), size), make_diagram(frame.network, *size).boxes
    text = text_of(lines)
    rows = [text[box.port][box.x : box.x + box.width] for box in boxes.values()]
    starts = {match.start() for row in rows if (match := re.search(r"[\d.]", row))}
    assert len(starts) == 1 and [row[min(starts) - 1] for row in rows] == [" ", " ", " ", "−", " ", "−"], text


def test_crossing_edges_merge_in_the_cell_where_they_cross() -> None:
    frame = make_frame(lesson().select("E"))
    places = make_diagram(frame.network, 84, 33)
    falling, rising = (BRAILLE.pen(*places.edge_ends(w), 1, None) for w in frame.network.weights[1:3])
    middle = {(x, y) for x, y in falling.keys() & rising.keys() if y not in {box.port for box in places.boxes.values()}}
    assert middle
    text = text_of(drawing(frame, (84, 33)))
    merged = [ord(text[y][x]) & 0xFF for x, y in middle]
    assert any(bits & ~falling[at] and bits & ~rising[at] for bits, at in zip(merged, middle, strict=True))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("strokes", KINDS, ids=lambda strokes: strokes.name)
def test_the_selected_weight_is_lit_thicker_and_its_label_highlighted(size: tuple[int, int], strokes: Strokes) -> None:
    session = lesson()
    for weight in ("w1", "w4", "w6"):
        plain, lit = (drawing(make_frame(session.select(part)), size, strokes) for part in ("E", weight))
        roles = {span.role for span in spans(lit, weight)}
        assert roles == {"selected", "accent"}
        (label,) = (span.text for span in spans(lit, weight) if span.role == "selected")
        assert label.startswith(weight) and label in "\n".join(text_of(plain))
        assert size == SIZES[0] or label.startswith(f"{weight} ")  # which has no room for the numbers of slanted ones
        if strokes is BRAILLE and weight != "w6":  # which labels hide in part
            assert sum(map(dots, text_of(lit))) > sum(map(dots, text_of(plain)))


def test_the_label_of_a_selected_weight_of_a_large_network_is_in_the_heading() -> None:
    frame = make_frame(session_of(problem(3, 5, 2)).select("w7"))
    heading = NetworkPanel().heading(frame)
    assert re.fullmatch(r"network · w7 [+−]\d\.\d\d", heading)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("strokes", KINDS, ids=lambda strokes: strokes.name)
def test_arrows_stand_where_what_flows_arrives(size: tuple[int, int], strokes: Strokes) -> None:
    session = lesson().to_start()
    network = session.network
    boxes = make_diagram(network, *size).boxes
    for flow, steps, names in (
        ("forward", 1, network.layers[0].neurons),
        ("forward", 1, network.outputs),
        ("backward", 4, network.layers[0].neurons),
    ):
        for _ in range(steps):
            session = session.step_on()
        frame = make_frame(session.select("E"))
        assert frame.last_step and frame.last_step.flow == flow
        text, arrow = text_of(drawing(frame, size, strokes)), strokes.arrows[flow]
        places = {(x, y) for y, line in enumerate(text) for x, sign in enumerate(line) if sign == arrow}
        wanted = {(b.x - 1 if flow == "forward" else b.x + b.width, b.port) for b in map(boxes.get, names) if b}
        assert places == wanted
        lit = {span.part for line in drawing(frame, size, strokes) for span in line if span.role in ("lit", "flow")}
        assert {*names} <= lit


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("strokes", KINDS, ids=lambda strokes: strokes.name)
def test_every_bias_is_shown_and_can_be_selected(size: tuple[int, int], strokes: Strokes) -> None:
    session = lesson("mazur-2015")
    for name, number in (("b_h1", ".35"), ("b_o2", ".6")):
        texts = [
            "".join(
                span.text
                for span in spans(drawing(make_frame(session.select(part)), size, strokes), name)
                if role in span.role
            )
            for part, role in (("E", "label"), (name, "selected"))
        ]
        assert all("b" in text and number in text for text in texts)
    assert not spans(drawing(make_frame(lesson()), size, strokes), "b_h1")


def test_a_selected_bias_of_a_large_network_stands_in_its_neuron_whose_weights_are_drawn() -> None:
    frame = make_frame(session_of(problem(8, 8, 8, biases=True)).select("b_h3"))
    lines = drawing(frame, (41, 18))
    assert [(span.text.strip(), span.role) for span in spans(lines, "b_h3")] == [("b−.350", "selected")]
    assert NetworkPanel().heading(frame) == "network · 16 of 128 weights"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["numpy-by-hand", "mazur-2015", "relu", "random-weights"])
def test_from_round_to_round_only_numbers_and_strokes_change(size: tuple[int, int], name: str) -> None:
    def skeleton(round_: int) -> list[str]:
        text = text_of(drawing(make_frame(lesson(name, round_)), size))
        return [re.sub(r"[\u2800-\u28ff ]|[−+.\de]|inf|nan|·", " ", line) for line in text]

    def starts(round_: int) -> list[tuple[int, int]]:
        text = text_of(drawing(make_frame(lesson(name, round_)), size))
        return [(y, match.start()) for y, line in enumerate(text) for match in re.finditer(r"\bw\d", line)]

    for later in (2, 10, 400):
        assert skeleton(later) == skeleton(1)
        assert starts(later) == starts(1) and len(starts(1)) == 8


def test_a_label_is_never_longer_than_its_place() -> None:
    for weight in (1e-300, -1e-12, -123456.0, 1e99, -1e300):
        frame = make_frame(session_of(problem(1, 1, 1, (weight, 0.5))).select("E"))
        for size in SIZES:
            place = place_labels(make_diagram(frame.network, *size), frame.network.weights)["w1"]
            text = text_of(drawing(frame, size))[place.y]
            assert re.fullmatch(r"w1 ?[−+]\S+ *", text[place.x : place.x + place.width])
            assert text[place.x - 1] in "╮╯ │"
            assert text[place.x + place.width] in "╭╰ │"


def test_the_targets_stand_below_the_outputs_where_there_is_room() -> None:
    frame = make_frame(lesson())
    assert "y1 0.230000" in "\n".join(text_of(drawing(frame, (84, 33))))
    assert "y1 .230" in "\n".join(text_of(drawing(frame, (41, 18))))
    assert "y2 −0.070" in "\n".join(text_of(drawing(frame, (46, 18))))
    assert "y1" not in "\n".join(text_of(drawing(frame, (41, 17))))


def test_numbers_in_wide_boxes_have_the_digits_that_are_set() -> None:
    session = lesson()
    for digits in (3, 6, 9):
        frame = replace(make_frame(session), digits=digits)
        assert f"out {0.5621765:.{digits}f}"[:8] in re.sub(" +", " ", "\n".join(text_of(drawing(frame, (84, 33)))))
