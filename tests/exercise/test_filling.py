"""What is pasted: a list goes on from its cell, a matrix goes where it fits, named arrays where they belong."""

import numpy as np
import pytest

from bptui.exercise.cells import Shape
from bptui.exercise.filling import Filling, fill_cells

OWN = Shape(2, (3,), 1, biased=("hidden", "output"))
ROWS = ["0.1 0.2", "0.3 0.4", "0.5 0.6"]  # h1, h2, h3


def fill(shape: Shape, name: str, text: str) -> tuple[dict[str, str], str]:
    """What a paste into the cell of a name puts into cells, by their names, and what it says."""
    keys = {name: key for key, name in shape.names.items()}
    filling = fill_cells(shape, keys.get(name, name), text)
    return _by_name(shape, filling), filling.notice


def _by_name(shape: Shape, filling: Filling) -> dict[str, str]:
    grown = Shape(shape.inputs, shape.hidden, shape.outputs, filling.samples, shape.numbering, shape.biased)
    return {grown.names[key]: text for key, text in filling.texts.items()}


@pytest.mark.parametrize("text", ["0.1, 0.2, 0.3", "0.1 0.2 0.3", "[0.1, 0.2, 0.3]", "0.1;0.2;0.3", "0.1\n0.2\n0.3\n"])
def test_a_list_fills_on_from_the_cell(text: str) -> None:
    found, notice = fill(OWN, "w2", text)
    assert found == {"w2": "0.1", "w3": "0.2", "w4": "0.3"}
    assert notice == "filled w2 to w4"


def test_a_list_goes_on_in_the_next_group_and_keeps_every_digit() -> None:
    found, notice = fill(OWN, "w8", "0.10 0.20 .30 4 5e-1 −6.")
    assert found == {"w8": "0.10", "w9": "0.20", "b_h1": ".30", "b_h2": "4", "b_h3": "5e-1", "b_o1": "−6."}
    assert notice == "filled w8, w9, b_h1 to b_o1"


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(ROWS),
        ";".join(ROWS),
        " \\\\ ".join(row.replace(" ", " & ") for row in ROWS),
        "[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]",
        str(np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]])),
        "tensor([[0.1, 0.2],\n        [0.3, 0.4],\n        [0.5, 0.6]], requires_grad=True)",
        "[0.1 0.2]\n[0.3 0.4]\n[0.5 0.6]",
    ],
)
def test_a_matrix_with_a_row_per_neuron_gives_each_weight_its_number_whatever_the_numbering(text: str) -> None:
    found, notice = fill(OWN, "w1", text)
    assert [found[f"w{n}"] for n in range(1, 7)] == ["0.1", "0.3", "0.5", "0.2", "0.4", "0.6"]
    assert notice == "filled w1 to w6, a row per neuron, the order of numbering by destination"
    book = Shape(2, (3,), 1, numbering="by destination")
    assert [fill(book, "w1", text)[0][f"w{n}"] for n in range(1, 7)] == ["0.1", "0.2", "0.3", "0.4", "0.5", "0.6"]


def test_a_matrix_goes_where_it_fits_from_any_cell() -> None:
    for name in ("title", "x1", "w1", "w9", "b_h1"):
        found, notice = fill(OWN, name, "[[1 2 3] [4 5 6]]")
        assert list(found) == [f"w{n}" for n in range(1, 7)], name
        assert notice == "filled w1 to w6, a row per source"


def test_a_list_of_all_weights_fills_them_all() -> None:
    assert fill(OWN, "title", "weights = [1, 2, 3, 4, 5, 6, 7, 8, 9], biases = [.1, .2, .3, .4]") == (
        {f"w{n}": f"{n}" for n in range(1, 10)} | {"b_h1": ".1", "b_h2": ".2", "b_h3": ".3", "b_o1": ".4"},
        "filled w1 to w9, b_h1 to b_o1",
    )


def test_a_square_matrix_is_read_as_the_numbering_says_and_as_torch_prints_it_if_that_is_its_name() -> None:
    square = Shape(2, (2,), 1)
    assert list(fill(square, "w1", "[[1, 2], [3, 4]]")[0].values()) == ["1", "2", "3", "4"]
    assert fill(square, "w1", "[[1, 2], [3, 4]]")[1] == "filled w1 to w4, a row per source"
    assert fill(square, "w1", "fc1.weight: [[1, 2], [3, 4]]") == (
        {"w1": "1", "w2": "3", "w3": "2", "w4": "4"},
        "filled w1 to w4, a row per neuron, the order of numbering by destination",
    )


def test_named_arrays_fill_all_that_they_name() -> None:
    text = "W1 = [[1 2 3]\n [4 5 6]]\nb1 = [.1 .2 .3]\nW2 = [[7] [8] [9]]\nb2 = [.4]\nx = [0.5, 0.6]\ny = 1"
    found, notice = fill(OWN, "title", text)
    assert list(found.values()) == [*"123456", ".1", ".2", ".3", *"789", ".4", "0.5", "0.6", "1"]
    assert notice.startswith("filled x1, x2, y1, w1 to w9, b_h1 to b_o1")
    from_zero, _ = fill(OWN, "w1", "W0 = [[1 2 3] [4 5 6]], W1 = [7 8 9]")
    assert list(from_zero.values()) == [*"123456789"]


TORCH = {
    "state_dict": (
        "OrderedDict([('0.weight', tensor([[ 0.1,  0.2],\n        [ 0.3,  0.4],\n        [ 0.5,  0.6]])), "
        "('0.bias', tensor([1., 2., 3.])), ('2.weight', tensor([[7., 8., 9.]])), ('2.bias', tensor([4.]))])"
    ),
    "named_parameters": (
        "fc1.weight Parameter containing:\ntensor([[0.1, 0.2],\n        [0.3, 0.4],\n        [0.5, 0.6]], "
        "requires_grad=True)\nfc1.bias Parameter containing:\ntensor([1., 2., 3.], requires_grad=True)\n"
        "fc2.weight Parameter containing:\ntensor([[7., 8., 9.]], dtype=torch.float64, requires_grad=True)\n"
        "fc2.bias Parameter containing:\ntensor([4.], requires_grad=True)\n"
    ),
}


@pytest.mark.parametrize("text", TORCH.values(), ids=TORCH)
def test_the_parameters_of_a_torch_module_fill_all_weights_and_biases(text: str) -> None:
    found, _ = fill(OWN, "x1", text)
    assert [float(found[name]) for name in (*(f"w{n}" for n in range(1, 10)), "b_h1", "b_h2", "b_h3", "b_o1")] == [
        *(0.1, 0.3, 0.5, 0.2, 0.4, 0.6, 7.0, 8.0, 9.0),
        *(1.0, 2.0, 3.0, 4.0),
    ]


def test_single_cells_by_their_names_are_filled_wherever_the_cursor_is() -> None:
    assert fill(OWN, "x1", "w7 = 0.4, b_o1 = 0.6")[0] == {"w7": "0.4", "b_o1": "0.6"}


def test_a_list_of_matrices_fills_the_weights_of_all_layers() -> None:
    found, notice = fill(OWN, "x1", "[[[1, 2, 3], [4, 5, 6]], [[7], [8], [9]]]")
    assert list(found.values()) == [*"123456789"]
    assert notice == "filled w1 to w9, a row per source"


def test_rows_of_samples_say_how_many_samples_there_are() -> None:
    table = "0,0\n0,1\n1,0\n1,1"
    found, notice = fill(Shape(2, (2,), 1), "x1", table)
    assert list(found.items())[1:3] == [("x2_s1", "0"), ("x1_s2", "0")] and len(found) == 8
    assert notice == "filled x1_s1 to x2_s4; there are now 4 samples"
    whole, notice = fill(Shape(2, (2,), 1, 4), "x1_s1", "0 0 0\n0 1 1\n1 0 1\n1 1 0")
    assert [whole[f"y1_s{n}"] for n in range(1, 5)] == ["0", "1", "1", "0"]
    assert notice == "filled x1_s1 to x2_s4, y1_s1 to y1_s4"


def test_inputs_and_targets_by_name_say_how_many_samples_there_are() -> None:
    found, notice = fill(Shape(2, (2,), 1), "w1", "X = [[0,0],[0,1],[1,0],[1,1]]\ny = [[0],[1],[1],[0]]")
    assert [found[f"x2_s{n}"] + found[f"y1_s{n}"] for n in range(1, 5)] == ["00", "11", "01", "10"]
    assert notice == "filled x1_s1 to x2_s4, y1_s1 to y1_s4; there are now 4 samples"
    listed, _ = fill(Shape(2, (2,), 1, 4), "w1", "targets = [0, 1, 1, 0]")
    assert list(listed.items()) == [("y1_s1", "0"), ("y1_s2", "1"), ("y1_s3", "1"), ("y1_s4", "0")]


@pytest.mark.parametrize(("name", "text", "samples"), [("y1", "[[0], [1]]", 2), ("y1", "[[0], [1], [1]]", 3)])
def test_a_column_of_targets_stays_with_the_targets_whatever_else_it_fits(name: str, text: str, samples: int) -> None:
    """Two inputs and three weights into the output have these sizes too."""
    found, notice = fill(OWN, name, text)
    assert list(found) == [f"y1_s{n}" for n in range(1, samples + 1)]
    assert notice.endswith(f"; there are now {samples} samples")


def test_rows_of_samples_go_before_columns_and_columns_are_said_to_be_some() -> None:
    found, notice = fill(Shape(2, (2,), 1, 3), "x1_s1", "0 0 0\n0 1 1")
    assert (found["y1_s2"], notice) == ("1", "filled x1_s1 to x2_s2, y1_s1, y1_s2; there are now 2 samples")
    found, notice = fill(Shape(3, (2,), 1, 2), "x1_s1", "1 2\n3 4\n5 6")
    assert (found["x2_s1"], notice) == ("3", "filled x1_s1 to x3_s2, a column per sample")


def test_names_of_books_and_of_layers_are_known() -> None:
    two = Shape(2, (2,), 2, biased=("hidden", "output"), shared=True)
    text = "w1 = .15, w2 = .2, b1 = .35, b2 = .6, i1 = .05, t2 = .99, w_8 = 1"
    found = {"w1": ".15", "w2": ".2", "b_h1": ".35", "b_o1": ".6", "x1": ".05", "y2": ".99", "w8": "1"}
    assert fill(two, "title", text)[0] == found
    square = Shape(2, (2,), 2)
    for name in ("W_o", "W2", "output.weight", "w_out", "W_hy"):
        assert list(fill(square, "title", f"{name} = [[1, 2], [3, 4]]")[0]) == ["w5", "w6", "w7", "w8"], name
    assert fill(square, "title", "W1.weight = [[1, 2], [3, 4]]\nW2.weight = [[1, 2], [3, 4]]")[1] == (
        "filled w1 to w8, a row per neuron, the order of numbering by destination"
    )


def test_a_square_matrix_is_read_as_the_others_beside_it() -> None:
    """Whoever writes a row per neuron for one layer does so for all."""
    square, text = Shape(2, (2,), 1), "W1 = [[1, 2], [3, 4]], W2 = "
    by_neuron, by_source = fill(square, "title", f"{text}[[5, 6]]"), fill(square, "title", f"{text}[[5], [6]]")
    assert by_neuron[0] == {"w1": "1", "w2": "3", "w3": "2", "w4": "4", "w5": "5", "w6": "6"}
    assert by_neuron[1] == "filled w1 to w6, a row per neuron, the order of numbering by destination"
    assert list(by_source[0].values()) == [*"123456"]
    assert by_source[1] == "filled w1 to w6, a row per source"


def test_a_single_number_of_a_matrix_is_that_of_its_layer() -> None:
    """As the printed values read it: w2 leads into the hidden neuron here, W2 into the output."""
    narrow = Shape(2, (1,), 1)
    assert fill(narrow, "title", "w2 = 0.3, W2 = 0.4")[0] == {"w2": "0.3", "w3": "0.4"}
    with pytest.raises(ValueError, match="1 number, but the weights into the hidden layer are 2 by 1"):
        fill(narrow, "title", "W1 = 0.4")


ONE = Shape(1, (1,), 1)


@pytest.mark.parametrize("name", ["E", "eta", "in1", "h1", "o1", "dE_dw1", "new_w1", "w1_new", "theta1", "delta_h1"])
def test_a_number_with_the_name_of_something_else_is_put_nowhere(name: str) -> None:
    """Also where only one number would fit, as in a network of one weight a gap."""
    with pytest.raises(ValueError, match=f"^{name} is not the name of a cell here: nothing was filled$"):
        fill(ONE, "x1", f"{name} = 0.5")


@pytest.mark.parametrize("name", ["x2", "y2", "t2", "w3", "b_h2", "b_o2"])
def test_a_cell_that_other_sizes_would_have_is_not_taken_for_another(name: str) -> None:
    biased = Shape(1, (1,), 1, biased=("hidden", "output"))
    with pytest.raises(ValueError, match=f"^there is no cell {name} here: nothing was filled$"):
        fill(biased, "x1", f"x1 = 1, {name} = 0.5")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("w1", "w1 = 0.1, w1 = 0.2", "w1 is given twice, as 0.1 and 0.2: nothing was filled"),
        (
            "w1",
            "X = [[0, 0], [1, 1]], Y = [[0], [1], [1]]",
            "2 rows of inputs and 3 rows of targets: nothing was filled",
        ),
        ("w7", "1 2 3 4 5 6 7 8", "8 numbers, but there are only 7 cells from w7 on: nothing was filled"),
        ("b_o1", "1 2", "2 numbers, but b_o1 is the last cell: nothing was filled"),
        ("w1", "[[1 2] [3 4]]", "2 by 2, but the weights into the hidden layer are 2 by 3: nothing was filled"),
        ("b_h1", "[[1 2] [3 4]]", "2 by 2, but the hidden layer has 3 biases: nothing was filled"),
        ("x1", "[[1 2 3 4] [3 4 5 6]]", "2 by 4, but the inputs are 1 by 2: nothing was filled"),
        ("w1", "W3 = [[1 2]]", "there is no place for W3 here: nothing was filled"),
        ("w1", "[0.1, ..., 0.3]", 'must be the whole array; "..." leaves out numbers'),
        ("w1", "[]", "must be numbers in brackets; there are none"),
        ("w1", "W1 = array([])", "must be numbers in brackets; there are none"),
        ("w1", "[[[1 2]], []]", "must be rows with numbers; row 2 is empty"),
        ("w1", "0.1 two 0.3", '"two" is not a number'),
        ("w1", "0,15 0,2 0,25 0,3", "use points: 0.15 0.2 0.25 …"),
        ("w1", "0,15\n0,20", "use points: 0.15 0.20"),
        ("x1", "0,5\t0,8\n0,1\t1", "use points: 0.5 0.8 0.1 …"),
        ("x1", "0,1;0,2\n0,3;0,4", "use points: 0.1 0.2 0.3 …"),
        ("w1", "0,5\n1\n0,2", "use points: 0.5 1 0.2"),
        ("x1", "0,5 1", "use points: 0.5 1"),
        ("w1", "w1 = 0,15\nw2 = 0,2", "use a point: w1 = 0.15, or brackets around a list"),
        ("w1", "w1\t0,15", "use points: w1 0.15"),
        (
            "w1",
            "W2 = [0,5 0,6 0,7]",
            "6 numbers, but the weights into the output layer are 3 by 1: nothing was filled; 0,5",
        ),
    ],
)
def test_what_does_not_fit_is_refused_with_a_reason(name: str, text: str, message: str) -> None:
    with pytest.raises(ValueError, match="^" + message.replace("[", r"\[").replace(".", r"\.")):
        fill(OWN, name, text)


def test_a_column_is_as_good_as_a_row_where_there_is_only_one() -> None:
    for text in ("[[7] [8] [9]]", "[[7 8 9]]", "[7 8 9]"):
        assert list(fill(OWN, "w7", text)[0].items()) == [("w7", "7"), ("w8", "8"), ("w9", "9")]
    for text in ("b1 = [[1] [2] [3]]", "b1 = [1 2 3]"):
        assert list(fill(OWN, "w7", text)[0]) == ["b_h1", "b_h2", "b_h3"]
