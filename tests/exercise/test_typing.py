"""A line that is typed: what each key takes away, and where the cursor is then."""

from bptui.exercise.typing import TypedLine

MIDDLE = TypedLine("12345", 3)
WHOLE = TypedLine("12345")


def test_keys_take_away_what_they_should() -> None:
    changes = (TypedLine.erase, TypedLine.erase_after, TypedLine.erase_to_start, TypedLine.erase_to_end)
    assert [change(MIDDLE) for change in changes] == [
        TypedLine("1245", 2),
        TypedLine("1235", 3),
        TypedLine("45", 0),
        TypedLine("123", 3),
    ]
    assert {change(WHOLE) for change in changes} == {TypedLine("", 0)}
    assert TypedLine("a title of mine ", 16).erase_word() == TypedLine("a title of ", 11)
    assert TypedLine("", 0).erase() == TypedLine("", 0)


def test_what_is_typed_replaces_a_selection_and_goes_on_behind_itself() -> None:
    assert WHOLE.insert("5").insert("6") == TypedLine("56", 2)
    assert MIDDLE.insert(".") == TypedLine("123.45", 4)
    assert WHOLE.erase_to_start().insert("5").insert("6").insert("7").text == "567"


def test_the_cursor_moves_inside_the_text_and_leaves_it_at_its_ends() -> None:
    assert MIDDLE.go_across(1) == TypedLine("12345", 4)
    assert MIDDLE.go_to_end().go_across(1) is None and MIDDLE.go_to_start().go_across(-1) is None
    assert WHOLE.go_across(1) is None and WHOLE.go_across(-1) is None
