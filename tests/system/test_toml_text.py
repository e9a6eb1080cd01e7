"""TOML is written for people: it reads back the same, with lists on one line where they fit."""

import tomllib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bptui.lessons.lesson import format_lesson, load_bundled_lessons, load_lesson, parse_lesson
from bptui.system.toml_text import format_toml
from tests.effort import examples
from tests.strategies import tables

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("\n\"'\\\t\r\x7f"))
_SINGLE = st.one_of(st.booleans(), st.integers(-(2**62), 2**62), st.floats(allow_nan=False), _TEXTS)
_VALUES = st.recursive(_SINGLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=3))


@given(st.dictionaries(_TEXTS, _VALUES, max_size=5))
@example({"": "\r\n"})
@examples(300)
def test_any_table_reads_back_the_same(table: dict[str, object]) -> None:
    assert tomllib.loads(format_toml(table).replace("\r\n", "\n")) == tomllib.loads(_by_library(table))


def _by_library(table: dict[str, object]) -> str:
    import tomli_w

    return tomli_w.dumps(table)


@given(tables())
@examples(40)
def test_a_problem_reads_back_the_same(table: dict[str, object]) -> None:
    assert tomllib.loads(format_toml(table)) == table


@pytest.mark.parametrize("name", [lesson.name for lesson in load_bundled_lessons()])
def test_a_lesson_has_its_weights_on_one_line_and_reads_back(name: str) -> None:
    lesson = load_lesson(name)
    text = format_lesson(lesson)
    assert parse_lesson(text, name) == lesson
    assert max(map(len, text.replace(lesson.note, "").splitlines())) <= 120
    if lesson.spec.weights and len(lesson.spec.weights) < 12:
        assert f"weights = [{', '.join(map(repr, lesson.spec.weights))}]" in text


def test_long_lists_are_broken_between_their_rows_or_at_the_width() -> None:
    text = format_toml({"t": {"rows": [[0.123456789] * 4] * 4, "list": [0.123456789] * 20}})
    assert text.startswith("[t]\nrows = [\n    [0.123456789, 0.123456789, 0.123456789, 0.123456789],\n")
    assert "list = [\n    0.123456789, " in text and max(map(len, text.splitlines())) <= 101
