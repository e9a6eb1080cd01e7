"""What keys do in the form: typing, moving, choosing, spreading lists, and undoing."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.exercise.editor import Editor
from bptui.exercise.lessons import make_empty
from bptui.exercise.typing import TypedLine
from tests.loops import take_at_most

ROWS = [[("title", 0)], [("inputs", 0), ("hidden", 12), ("outputs", 30)], [("x 1 1", 0), ("x 1 2", 25)]]


def editor(at: str = "x 1 1", **texts: str) -> Editor:
    draft = make_empty()
    for key, text in texts.items():
        draft = draft.with_text(key, text)
    return Editor(draft, at)


def names(one: Editor) -> dict[str, str]:
    return {cell.name: one.draft.text_of(cell.key) for cell in one.draft.shape.cells if one.draft.text_of(cell.key)}


def test_the_first_sign_replaces_what_a_field_has_and_later_ones_go_on() -> None:
    form = editor().type_text("1").type_text("2").next().previous()
    assert form.text == "12" and form.place is None
    assert form.type_text("3").text == "3"
    assert form.edit(TypedLine.go_to_end).type_text("3").text == "123"


def test_arrows_leave_a_field_at_the_ends_of_its_text() -> None:
    form = editor().type_text("12")
    assert form.go_across(1).at == "x 1 2"
    assert [form.go_across(-1).at, form.go_across(-1).go_across(-1).go_across(-1).at] == ["x 1 1", "rounds"]
    fresh = form.next().previous()
    assert (fresh.go_across(1).at, fresh.go_across(-1).at) == ("x 1 2", "rounds")


def test_arrows_go_to_the_nearest_field_of_the_row_above_or_below() -> None:
    form = editor("x 1 2")
    assert form.go_down(ROWS, -1).at == "outputs"
    assert form.go_down(ROWS, -1).go_down(ROWS, -1).at == "title"
    assert form.go_down(ROWS).at == "x 1 2"


def test_choices_go_by_arrows_by_space_and_by_their_first_letter() -> None:
    form = editor("loss")
    assert form.text == "half squared error"
    assert form.go_across(1).go_across(-1).draft == form.draft
    assert form.type_text(" ").text == form.go_across(1).text != form.text
    assert form.type_text("c").text == "cross entropy" and form.type_text("c").type_text("c").text[:4] == "cate"
    assert editor("numbering").type_text("d").text == "by destination"
    assert form.type_text("z").is_refusal and form.type_text("z").draft == form.draft


def test_a_field_that_a_typed_list_does_not_fill_has_what_it_had_before() -> None:
    text = "W1 = [[1, 2], [3, 4]]"
    for before in ("", "7"):
        form = editor("x 1 2", **{"x 1 2": before}).type_text(text)
        assert names(form.next()) == {"w1": "1", "w2": "2", "w3": "3", "w4": "4"} | ({"x2": before} if before else {})
        assert names(form.next().undo()) == ({"x2": before} if before else {})
    refused = editor("x 1 2").type_text("W9 = [[1, 2]]").next()
    assert refused.is_refusal and names(refused) == {"x2": "W9 = [[1, 2]]"}
    assert "x2" not in names(refused.go_to("x 1 2").type_text(text).next())


def test_a_list_that_is_typed_is_spread_when_the_field_is_left() -> None:
    form = editor("w inputs hidden 1 1").type_text("0.1, 0.2 .3")
    assert "one number" in form.draft.faults[form.at]
    for left in (form.next(), form.enter()):
        assert names(left) == {"w1": "0.1", "w2": "0.2", "w3": ".3"}
        assert (left.at, left.notice) == ("w inputs hidden 2 2", "filled w1 to w3")
    assert form.go_to("title").notice == "filled w1 to w3"


def test_a_matrix_that_a_terminal_pastes_as_keys_is_spread_at_its_last_bracket() -> None:
    form = editor("w inputs hidden 1 1")
    for sign in "[[1 2]\n [3 4]]\n5":
        form = form.enter() if sign == "\n" else form.type_text(sign)
    assert names(form) == {"w1": "1", "w2": "2", "w3": "3", "w4": "4", "w5": "5"}
    assert editor("w inputs hidden 1 1").type_keys("[[1 2]\n [3 4]]\n5") == form


# From fields with no size after them, which is read as it grows
@given(
    at=st.sampled_from(("step", "loss", "x 1 1", "w inputs hidden 1 1")),
    text=st.text("s 1,[]\n", max_size=20),
)
def test_text_typed_at_once_does_what_its_characters_do_one_by_one(at: str, text: str) -> None:
    form = editor(at)
    for sign in text:
        form = form.enter() if sign == "\n" else form.type_text(sign)
    assert editor(at).type_keys(text) == form


def test_what_does_not_fit_changes_nothing_and_says_why() -> None:
    form = editor("w hidden output 2 1")
    refused = form.paste("1 2 3")
    assert refused.draft == form.draft and refused.at == form.at
    assert refused.is_refusal and refused.notice == "3 numbers, but w6 is the last cell: nothing was filled"


def test_a_single_number_or_a_title_is_pasted_where_the_cursor_is() -> None:
    assert names(editor().paste(" 0.5\n")) == {"x1": "0.5"}
    assert editor("title").paste("Sheet 3, number 2\n").text == "Sheet 3, number 2"
    assert editor("hidden").paste("3, 2").draft.shape.hidden == (3, 2)


def test_undo_takes_back_all_that_was_typed_into_one_field_or_one_paste() -> None:
    form = editor().type_text("1").type_text("2").next().type_text("3").next().paste("1 2 3")
    assert names(form) == {"x1": "12", "x2": "3", "y1": "1", "w1": "2", "w2": "3"}
    once = form.undo()
    assert names(once) == {"x1": "12", "x2": "3"} and once.at == "y 1 1"
    assert names(once.undo()) == {"x1": "12"}
    assert names(once.undo().undo()) == {}
    assert once.undo().undo().undo().is_refusal


def test_the_cursor_stays_on_a_field_when_the_one_it_is_on_goes() -> None:
    form = editor("batch", samples="2").undo()
    assert form.at in form.draft.fields
    shrunk = editor("samples", samples="2").type_text("1")
    assert shrunk.at == "samples" and "batch" not in shrunk.draft.fields


def test_enter_goes_to_the_first_empty_cell_from_the_last_field() -> None:
    form = editor("w hidden output 2 1").type_text("1").enter()
    assert form.at == "x 1 1"
    assert form.paste(" ".join("123456789")).enter().notice == "every cell is filled: press ctrl+s to train"


def test_enter_never_says_that_training_would_start_where_a_field_is_wrong() -> None:
    form = editor("x 1 1").paste(" ".join("123456789")).go_to("x 1 1").type_text("0,5").go_to("w hidden output 2 1")
    assert (form.enter().at, form.enter().notice) == ("x 1 1", "x1: must be a number; use a point: 0.5")


def test_training_waits_for_the_first_field_that_is_wrong_then_for_the_first_that_is_empty() -> None:
    wrong = editor("x 1 2").type_text("0,7").finish()
    assert (wrong.at, wrong.notice) == ("x 1 2", "x2: must be a number; use a point: 0.7")
    empty = editor().paste("1 2 3").finish()
    assert (empty.at, empty.notice) == (
        "w inputs hidden 1 1",
        "w1: enter a number (5 more cells to fill)",
    )
    assert not editor().paste(" ".join("123456789")).finish().is_refusal
    typed = editor("w inputs hidden 1 1").fill_zeros().go_to("x 1 1").type_text("1 2 3").finish()
    assert not typed.is_refusal and typed.draft.spec is not None


def test_leaving_is_asked_once_where_something_was_typed() -> None:
    assert editor().ask_to_leave() is None
    asked = editor().type_text("1").ask_to_leave()
    assert asked is not None and "escape again" in asked.notice
    assert asked.ask_to_leave() is None
    assert asked.type_text("2").ask_to_leave() is not None


def test_a_random_or_zero_start_says_which_biases_it_makes_0() -> None:
    form = editor("biases", biases="all layers")
    assert form.fill_zeros().notice == "w1 to w6 are 0; b_h1 to b_o1 are 0"
    typed = form.go_to("b hidden 1").type_text("0.1").next().type_text("0.2")
    assert typed.fill_random().notice.endswith("(seed 1); b_o1 is 0")
    assert editor().fill_zeros().notice == "w1 to w6 are 0"


HOSTILE = {
    "no number": "[]",
    "no number in a list of matrices": "[[[1, 2]], []]",
    "a long number that ends in a letter": "w=" + "9" * 19_000 + "e",
    "a long exponent": "1e" + "9" * 19_000 + " 2x",
    "a name and many spaces": "a.weight" + " " * 19_000 + "[",
    "many arrays that are not closed": "a.weight tensor([" * 1_100,
    "many ends of an array": "a.weight tensor(" + "],a=b" * 3_800,
    "a long word": "a" * 19_000 + " 1",
    "brackets in brackets": "[" * 9_000 + "1" + "]" * 9_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_pasted_is_refused_at_once(text: str) -> None:
    began = process_time()
    form = editor().paste(text)
    assert form.is_refusal and names(form) == {} and take_at_most(process_time() - began, 5)


def test_a_paste_longer_than_any_exercise_is_refused_in_words() -> None:
    assert (
        editor().paste("0.5 " * 10_000).notice == "40,000 characters are too many (at most 20,000): nothing was filled"
    )


def test_a_notice_has_no_sign_that_a_terminal_obeys() -> None:
    assert editor().paste("1 \x1b[2J\u202e 2").notice.isprintable()


def test_a_start_of_one_weight_is_said_in_the_singular() -> None:
    draft = make_empty().with_text("inputs", "1").with_text("hidden", "0")
    form = Editor(draft.with_text("biases", "outputs"))
    assert form.fill_zeros().notice == "w1 is 0; b_o1 is 0"
    assert form.fill_random().notice == "w1 is random, from −1 to 1 (seed 1); b_o1 is 0"
