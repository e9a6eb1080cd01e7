"""Where a network's boxes and labels stand: nothing covers anything, at any shape in any room."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.formulas.layers import Weight
from bptui.core.formulas.network import Network
from bptui.ui.drawing.diagram import DELTA_FORM, FULL_FORM, LINE_FORM, SMALL_FORM, TALL_FORM, Diagram, make_diagram
from bptui.ui.drawing.labels import place_labels
from tests.effort import examples
from tests.strategies import network_of

SIZES = ((37, 7), (41, 18), (84, 33))
sides = st.integers(1, 8)


def shape(d: int, q: int, l: int, biases: bool = False) -> Network:  # noqa: E741
    return network_of(d, q, l, biases=biases)


def cells_of(places: Diagram) -> dict[str, set[tuple[int, int]]]:
    return {
        name: {(x, y) for x in range(box.x, box.x + box.width) for y in range(box.y, box.bottom + 1)}
        for name, box in places.boxes.items()
    }


def crossings(places: Diagram, weights: tuple[Weight, ...]) -> set[tuple[int, int]]:
    """The cells in which edges cross, worked out from their ends."""
    found = set()
    for one, other in combinations(weights, 2):
        (x0, y0), (x1, y1) = places.edge_ends(one)
        (u0, v0), (_, v1) = places.edge_ends(other)
        if u0 == x0 and (y0 - v0) * (y1 - v1) < 0:
            along = (v0 - y0) / ((v0 - y0) - (v1 - y1))
            found.add((int(x0 + along * (x1 - x0)) // 2, int(y0 + along * (y1 - y0)) // 4))
    return found


@examples(300)
@given(sides, sides, sides, st.booleans(), st.integers(1, 120), st.integers(1, 50))
def test_boxes_cover_no_other_and_what_has_boxes_fits_into_its_room(
    d: int, q: int, outputs: int, biases: bool, width: int, height: int
) -> None:
    network = shape(d, q, outputs, biases)
    places = make_diagram(network, width, height)
    boxes = cells_of(places)
    assert set(boxes) == {*network.inputs, *network.neurons}
    assert len({(box.x, box.y) for box in places.boxes.values()}) == len(boxes) or width < 3 * places.box
    if places.has_boxes:
        assert all(0 <= x < width and 0 <= y < height for cells in boxes.values() for x, y in cells)
        assert all(not one & other for one, other in combinations(boxes.values(), 2))
        assert all(box.y < box.port < box.bottom for box in places.boxes.values())
    else:
        assert places.height == max(height, d, q, outputs)
        assert all(0 <= y < places.height for cells in boxes.values() for _, y in cells)


@examples(200)
@given(sides, sides, sides, st.booleans(), st.integers(30, 120), st.integers(1, 50), st.data())
def test_labels_cover_no_box_no_other_label_and_leave_the_room_they_are_in(
    d: int, q: int, outputs: int, biases: bool, width: int, height: int, data: st.DataObject
) -> None:
    network = shape(d, q, outputs, biases)
    places = make_diagram(network, width, height)
    some = data.draw(st.sets(st.sampled_from(network.weights), min_size=1))
    found = place_labels(places, tuple(w for w in network.weights if w in some))
    filled = [set(label.cells) for label in found.values()]
    assert all(
        not one & other for one, other in combinations([*filled, *cells_of(places).values()], 2) if one in filled
    )
    assert all(0 <= x < width and 0 <= y < places.height for cells in filled for x, y in cells)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("biases", [False, True])
def test_a_2_2_2_network_has_boxes_and_all_labels_none_on_a_crossing(size: tuple[int, int], biases: bool) -> None:
    network = shape(2, 2, 2, biases)
    places = make_diagram(network, *size)
    assert places.form is dict(zip(SIZES, (SMALL_FORM, TALL_FORM, FULL_FORM), strict=True))[size]
    found = place_labels(places, network.weights)
    assert list(found) and set(found) == {w.name for w in network.weights}
    at = crossings(places, network.weights)
    assert len(at) == 2
    assert all(not at & set(label.cells) for label in found.values())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("biases", [False, True])
def test_a_label_stands_nearer_to_its_own_edge_and_source_than_to_the_one_that_crosses(
    size: tuple[int, int], biases: bool
) -> None:
    network = shape(2, 2, 2, biases)
    places = make_diagram(network, *size)
    found = place_labels(places, network.weights)
    for weight in network.weights:
        label, (_, y0), (_, y1) = found[weight.name], *places.edge_ends(weight)
        first, last = y0 // 4, y1 // 4
        if first == last:
            assert abs(label.y - first) == 1
        else:
            assert min(first, last) < label.y < max(first, last)
            assert abs(label.y - first) < abs(label.y - last)


def test_what_there_is_room_for_is_shown_and_no_more() -> None:
    forms = [make_diagram(shape(8, 8, 8), *size).form for size in SIZES]
    assert forms == [LINE_FORM, LINE_FORM, DELTA_FORM]
    assert make_diagram(shape(2, 2, 2), 20, 40).form is LINE_FORM, "too narrow for boxes"
    assert make_diagram(shape(1, 1, 1), 37, 2).form is LINE_FORM, "too low for a box"
    assert make_diagram(shape(2, 2, 2), 37, 6).form is SMALL_FORM


@examples(150)
@given(sides, st.lists(sides, min_size=2, max_size=4), sides, st.booleans(), st.integers(37, 120), st.integers(1, 50))
def test_with_several_hidden_layers_nodes_cover_no_other_and_leave_columns_for_their_edges(
    d: int, hidden: list[int], outputs: int, biases: bool, width: int, height: int
) -> None:
    network = network_of(d, *hidden, outputs, biases=biases)
    places = make_diagram(network, width, height)
    boxes = cells_of(places)
    filled = [*boxes.values(), {(x, 0) for x in range(width)}] if places.headings else list(boxes.values())
    assert set(boxes) == {*network.inputs, *network.neurons}
    assert sum(map(len, filled)) == len(set().union(*filled))
    assert all(0 <= x < width and 0 <= y < places.height for cells in filled for x, y in cells)
    assert places.gap >= 2


@pytest.mark.parametrize(
    ("sizes", "size", "headed"),
    [
        ((2, 3, 2, 1), (37, 7), False),
        ((4, 4, 4, 4), (37, 7), True),
        ((4, 4, 4, 4), (46, 17), False),
        ((8, 8, 8, 8, 8), (46, 17), False),
        ((8, 8, 8, 8, 8, 8), (37, 7), True),
        ((8, 8, 8, 8, 8, 8), (84, 33), False),
    ],
)
def test_names_are_whole_where_there_is_room_and_else_the_columns_have_headings(
    sizes: tuple[int, ...], size: tuple[int, int], headed: bool
) -> None:
    assert bool(make_diagram(network_of(*sizes), *size).headings) == headed


def test_activations_and_names_change_no_place() -> None:
    one = shape(2, 2, 2)
    other = network_of(2, 2, 2, activations=("tanh",) * 4, numbering="by destination")
    for size in SIZES:
        assert make_diagram(one, *size).boxes == make_diagram(other, *size).boxes
