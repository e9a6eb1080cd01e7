"""A note on paper has no hints about keys and screens, and is otherwise the lesson's own."""

import re

import pytest

from bptui.derive.notes import make_printed_note
from bptui.lessons.lesson import load_bundled_lessons
from bptui.lessons.training import mark_note

_HINT = re.compile(r"\bpress\b|\bscreen\b|`[a-z?]`|`enter`", re.IGNORECASE)


def test_no_note_of_a_bundled_lesson_mentions_a_key_on_paper() -> None:
    notes = [lesson.note for lesson in load_bundled_lessons()]
    assert any(map(_HINT.search, notes)) and not any(_HINT.search(make_printed_note(note)) for note in notes)
    assert [make_printed_note(note) for note in notes if not _HINT.search(note)] == [
        note for note in notes if not _HINT.search(note)
    ]


def test_only_clauses_are_left_out_and_nothing_is_added() -> None:
    for lesson in load_bundled_lessons():
        kept, whole = (re.findall(r"\S+", text.lower()) for text in (make_printed_note(lesson.note), lesson.note))
        rest = iter(word.strip(".;") for word in whole)
        assert all(word.strip(".;") in rest for word in kept), lesson.name
        assert len(kept) > 0.8 * len(whole)


@pytest.mark.parametrize(
    "note", ["", "Press `x` to see my graph.", "`w` is the weight; press on.\n\nThe screen is dark."]
)
def test_what_a_user_wrote_stays(note: str) -> None:
    assert make_printed_note(note) == note


def test_a_note_of_changed_settings_is_printed_without_hints_too() -> None:
    (xor,) = (lesson for lesson in load_bundled_lessons() if lesson.name == "xor")
    printed = make_printed_note(mark_note(xor.note))
    assert printed == mark_note(make_printed_note(xor.note)) != mark_note(xor.note)
