"""The form of an exercise: every field has a place, at every width."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from bptui.exercise.draft import Draft
from bptui.exercise.editor import Editor
from bptui.exercise.lessons import make_empty
from bptui.ui.forms.form import FormPanel
from bptui.ui.forms.layout import lay_out
from bptui.ui.forms.sketch import SketchPanel
from tests.effort import examples

small = st.integers(1, 8).map(str)


def draft_of(inputs: str, hidden: str, outputs: str, samples: str = "1", biases: str = "all layers") -> Draft:
    sizes = {"inputs": inputs, "hidden": hidden, "outputs": outputs, "samples": samples, "biases": biases}
    draft = make_empty()
    for name, text in sizes.items():
        draft = draft.with_text(name, text)
    return draft


def form_of(editor: Editor, width: int, height: int) -> list[str]:
    return ["".join(span.text for span in line) for line in FormPanel().draw(editor, width, height)]


@given(
    small, st.lists(small, max_size=4).map(lambda sizes: ", ".join(sizes) or "0"), small, small, st.integers(58, 200)
)
@examples(60)
def test_every_field_has_a_place_of_its_own_in_order_and_none_is_cut(
    inputs: str, hidden: str, outputs: str, samples: str, width: int
) -> None:
    draft = draft_of(inputs, hidden, outputs, samples)
    rows = lay_out(draft, width)
    assert sorted(slot.key for row in rows for slot in row.slots) == sorted(draft.fields)
    for row in rows:
        ends = [slot.start + slot.width for slot in row.slots]
        assert not ends or ends[-1] <= width
        assert all(end < slot.x for end, slot in zip(ends, row.slots[1:], strict=False))
    cells = [slot.key for row in rows for slot in row.slots if " " in slot.key]
    assert cells == [cell.key for cell in draft.shape.cells]


@pytest.mark.parametrize("sizes", [("2", "2", "2"), ("2", "3", "1")])
def test_a_small_exercise_with_biases_is_whole_at_80_by_24(sizes: tuple[str, str, str]) -> None:
    assert len(form_of(Editor(draft_of(*sizes)), 76, 18)) <= 18


def test_what_is_wrong_stands_below_its_row_but_not_while_a_number_is_begun() -> None:
    editor = Editor(make_empty(), "x 1 2")
    for begun in ("-", "1e", "1e-", "."):
        assert form_of(editor.type_text(begun), 76, 18) != form_of(editor, 76, 18)
        assert len(form_of(editor.type_text(begun), 76, 18)) == len(form_of(editor, 76, 18))
    lines = form_of(editor.type_text("0,7"), 76, 18)
    below = next(place for place, line in enumerate(lines) if "x2: must be a number; use a point: 0.7" in line)
    assert "x1 ?" in lines[below - 1] and "0,7" in lines[below - 1]
    assert "enter 1 to 8" in "\n".join(form_of(Editor(draft_of("", "2", "1"), "inputs"), 76, 18))


@pytest.mark.parametrize("size", [(76, 18), (56, 24), (70, 30), (38, 24)], ids=str)
@pytest.mark.parametrize(
    "sizes", [("2", "3", "1"), ("8", "8", "8"), ("2", "0", "1"), ("2", "3, 4, 2, 2", "3", "4")], ids=str
)
def test_form_and_network_are_no_wider_than_their_room(sizes: tuple[str, ...], size: tuple[int, int]) -> None:
    draft = draft_of(*sizes).with_random_weights()
    for at in ("title", "x 1 1", draft.fields[-1]):
        editor = Editor(draft, at)
        for line in (*FormPanel().draw(editor, *size), *SketchPanel().draw(editor, *size)):
            assert sum(cell_len(span.text) for span in line) <= size[0] or size[0] < 58


def test_the_network_shows_what_is_typed_and_where_nothing_is() -> None:
    editor = Editor(
        draft_of("2", "2", "1").with_text("x 1 1", "0.05").with_text("w inputs hidden 1 1", "0.15"), "x 1 2"
    )
    drawn = "\n".join("".join(span.text for span in line) for line in SketchPanel().draw(editor, 76, 20))
    assert all(text in drawn for text in ("0.05", "w1 +0.15", "w2 ?", "sigmoid", "y ?", "h2", "o1"))


def test_a_network_whose_weights_are_not_all_drawn_says_which_are() -> None:
    deep = draft_of("3", "4, 3", "3")
    assert "near x1" in str(SketchPanel().footing(Editor(deep, "title")))
    assert "near x2" in str(SketchPanel().footing(Editor(deep, "x 1 2")))
    assert not str(SketchPanel().footing(Editor(draft_of("2", "3", "1"), "x 1 2")))


@pytest.mark.parametrize("size", [(36, 24), (46, 30), (60, 24), (90, 54)])
def test_no_name_of_a_weight_is_cut_in_the_network(size: tuple[int, int]) -> None:
    for typed in ("", "0.125"):
        draft = draft_of("2", "3", "1")
        for key in (key for key in draft.fields if key.startswith("w ")):
            draft = draft.with_text(key, typed)
        lines = SketchPanel().draw(Editor(draft, "title"), *size)
        drawn = "\n".join("".join(span.text for span in line) for line in lines)
        assert all(f"w{n}" in drawn for n in range(1, 10)) and "…" not in drawn


@pytest.mark.parametrize("width", range(34, 44))
def test_a_weight_without_room_for_its_number_has_its_name(width: int) -> None:
    editor = Editor(draft_of("2", "2", "1").with_text("w inputs hidden 1 1", "0.15"), "x 1 2")
    drawn = "\n".join("".join(span.text for span in line) for line in SketchPanel().draw(editor, width, 25))
    assert "w…" not in drawn and all(f"w{number}" in drawn for number in (1, 2, 3, 4))


@pytest.mark.parametrize("title", ["练" * 30, "a练" * 20 + "b", "x" * 60, "", "é" * 50], ids=range(5))
def test_a_title_of_wide_letters_takes_the_columns_of_its_field_wherever_the_cursor_is(title: str) -> None:
    """Only the cursor behind the last letter is seen there; all else is cut."""
    editor = Editor(draft_of("2", "2", "1").with_text("title", title))
    widths = {
        cell_len(form_of(replace(editor, place=place), 80, 24)[0]) for place in (None, 0, len(title) // 2, len(title))
    }
    (other,) = {cell_len(form_of(replace(editor, at="loss"), 80, 24)[0])}
    assert widths == {other}
