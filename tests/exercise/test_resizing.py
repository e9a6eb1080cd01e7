"""The lists of the settings keep what fits when sizes change, and say what is to be filled in."""

from hypothesis import given
from hypothesis import strategies as st

from bptui.exercise.cells import Shape
from bptui.exercise.resizing import Resizing, describe_unknown, map_weights
from tests.effort import examples

FORM = {
    "inputs": "0.5, 0.3",
    "targets": "0.2, -0.07",
    "hidden": "2",
    "numbering": "by source",
    "weights": "1, 2, 3, 4, 5, 6, 7, 8",
    "biases_hidden": "9, 10",
    "biases_output": "",
}


TEXTS = ("1", "2, 3", "[[1, 2], [3, 4]]", "[[1], [2]]", "?", "1, ?", "[[?, 1], [2, 3]]", "", "by destination", "0")


class Form:
    """A form whose lists follow each change, as in the settings."""

    def __init__(self, **texts: str) -> None:
        self.texts = FORM | texts
        self.kept, _ = Resizing().follow(self.texts, "")

    def type(self, **change: str) -> dict[str, str]:
        """Change one text; what the others then are."""
        ((name, _),) = change.items()
        self.texts |= change
        self.kept, found = self.kept.follow(self.texts, name)
        self.texts |= found
        return found


def test_a_wider_layer_keeps_each_weight_between_its_nodes() -> None:
    assert Form().type(hidden="3") == {"weights": "1, 2, ?, 3, 4, ?, 5, 6, 7, 8, ?, ?", "biases_hidden": "9, 10, ?"}
    assert Form(numbering="by destination").type(hidden="3")["weights"] == "1, 2, 3, 4, ?, ?, 5, 6, ?, 7, 8, ?"


def test_sizes_there_and_back_are_as_before() -> None:
    form = Form(weights="[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]")
    for hidden in ("1", "3", "", "2, 2", "0", "2"):
        form.type(hidden=hidden)
    assert form.texts["weights"] == FORM["weights"] and form.texts["biases_hidden"] == "9, 10"
    for inputs in ("0.5, 0.3, ", "0.5, 0.3, 1", "0.5", "0.5, 0.3"):
        form.type(inputs=inputs)
    assert form.texts["weights"] == FORM["weights"]


def test_what_is_filled_in_is_kept_too() -> None:
    form = Form()
    form.type(hidden="3")
    form.type(weights="1, 2, 0.5, 3, 4, ?, 5, 6, 7, 8, ?, ?")
    form.type(hidden="2")
    assert form.type(hidden="3")["weights"] == "1, 2, 0.5, 3, 4, ?, 5, 6, 7, 8, ?, ?"


def test_samples_that_are_added_to_the_inputs_are_wanted_of_the_targets() -> None:
    assert Form().type(inputs="[[0.5, 0.3], [1, 0]]") == {"targets": "[[0.2, -0.07], [?, ?]]"}


def test_a_list_that_did_not_fit_before_is_left_alone() -> None:
    form = Form(weights="1, 2, 3")
    assert form.type(hidden="3") == {"biases_hidden": "9, 10, ?"}
    assert Form(weights="").type(hidden="3") == {"biases_hidden": "9, 10, ?"}


def test_unknown_numbers_are_named() -> None:
    shape = Shape(2, (3,), 2)
    said = describe_unknown(shape, "weights", "1, 2, ?, 3, 4, ?, 5, 6, 7, 8, 9, 10")
    assert said == "fill in each ?: w3 x1→h3, w6 x2→h3"
    assert describe_unknown(shape, "weights", "1, 2") == ""


def test_the_map_of_the_weights_follows_the_numbering_and_ends_where_the_room_does() -> None:
    assert map_weights(Shape(2, (2,), 1), 80, 2) == "w1: x1→h1  w2: x1→h2  w3: x2→h1  w4: x2→h2  w5: h1→o1  w6: h2→o1"
    assert "w2: x2→h1" in map_weights(Shape(2, (2,), 1, numbering="by destination"), 80, 2)
    cut = map_weights(Shape(8, (8,), 8), 60, 2)
    assert len(cut.splitlines()) == 2 and cut.endswith("…") and all(len(line) <= 60 for line in cut.splitlines())


@given(st.lists(st.tuples(st.sampled_from([*FORM]), st.sampled_from(TEXTS) | st.text(max_size=5)), max_size=12))
@examples(200)
def test_nothing_that_is_typed_breaks_it(changes: list[tuple[str, str]]) -> None:
    form = Form()
    for name, text in changes:
        form.type(**{name: text})
        assert form.texts[name] == text
    for name, text in FORM.items():  # and back
        form.type(**{name: text})
    assert form.kept.shape == Form().kept.shape


def test_matrices_that_have_a_row_where_a_column_should_be_are_not_taken_for_others() -> None:
    """By source their order is another; the form says so, and says it still after a change of sizes."""
    by_neuron = "[[[1, 2], [3, 4], [5, 6]], [[7, 8, 9]]]"
    sizes = {"targets": "1", "hidden": "3", "biases_hidden": "", "weights": by_neuron}
    assert Form(**sizes).type(hidden="2") == {}
    assert Form(**sizes, numbering="by destination").type(hidden="2") == {"weights": "1, 2, 3, 4, 7, 8"}
