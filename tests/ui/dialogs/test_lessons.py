"""The list of lessons: own files first, what cannot be read with its reason, groups, and a filter by words."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Markdown, OptionList

from bptui.lessons.lesson import Lesson, load_bundled_lessons, load_lesson
from bptui.persistence.lesson_files import find_recent_lessons, remember_lesson, save_lesson
from bptui.ui.dialogs.lessons import OWN_EXERCISE, LessonsScreen
from tests.ui.seeing import text_of, until

MAZUR = load_lesson("mazur-2015")


class LessonsApp(App[None]):
    """Only the dialog, and what it returned."""

    def __init__(self, current: Lesson) -> None:
        super().__init__()
        self.dialog, self.returned = LessonsScreen(current), list[Lesson | str | None]()

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.returned.append)


@pytest.fixture
async def pilot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pilot[None]]:
    folder, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    folder.mkdir()
    elsewhere.mkdir()
    monkeypatch.chdir(folder)
    save_lesson(load_lesson("relu"), folder / "homework.toml")
    (folder / "broken.toml").write_text("[network]\ninputs = [1, 2")
    save_lesson(MAZUR, elsewhere / "older.toml")
    remember_lesson(elsewhere / "older.toml")
    remember_lesson(folder / "homework.toml")
    async with LessonsApp(load_lesson("two-by-two")).run_test(size=(120, 36)) as pilot:
        await until(pilot, "the files", lambda: "opened recently" in rows(pilot))
        yield pilot


def app_of(pilot: Pilot[None]) -> LessonsApp:
    assert isinstance(pilot.app, LessonsApp)
    return pilot.app


def rows(pilot: Pilot[None]) -> list[str]:
    return [str(option.prompt).strip() for option in app_of(pilot).dialog.query_one(OptionList).options]


def chosen(pilot: Pilot[None]) -> str:
    option = app_of(pilot).dialog.query_one(OptionList).highlighted_option
    return str(option.prompt).strip() if option else ""


async def test_own_lessons_stand_above_the_bundled_ones_which_stand_in_groups(pilot: Pilot[None]) -> None:
    found = rows(pilot)
    assert [row.split("  ")[0] for row in found[:7]] == [
        *("My own exercise …", "in this folder", "broken", "homework", "opened recently", "older", "start here"),
    ]
    groups = list(dict.fromkeys(lesson.group for lesson in load_bundled_lessons()))
    assert all(groups) and [row for row in found if row in groups] == groups
    assert chosen(pilot) == "two-by-two"


def test_the_source_documents_eight_experiments_are_a_group() -> None:
    assert sum(lesson.group == "experiments from one published document" for lesson in load_bundled_lessons()) == 8


async def test_a_file_that_cannot_be_read_says_why_and_opens_nothing(pilot: Pilot[None]) -> None:
    await pilot.press("k", "k", "k")
    assert chosen(pilot).startswith("broken")
    await until(pilot, "the fault", lambda: "is not TOML" in text_of(pilot.app.screen))
    await pilot.press("enter")
    assert not app_of(pilot).returned


async def test_a_file_that_is_opened_is_remembered(pilot: Pilot[None]) -> None:
    await pilot.press("k", "k", "j", "enter")
    await until(pilot, "the lesson", lambda: app_of(pilot).returned)
    (lesson,) = app_of(pilot).returned
    assert isinstance(lesson, Lesson) and lesson.title == MAZUR.title and lesson.name == "older"
    await until(pilot, "its place", lambda: find_recent_lessons()[0].name == "older")


async def test_words_leave_the_lessons_that_have_them_in_name_title_or_note(pilot: Pilot[None]) -> None:
    await pilot.press("slash", *"SHEET eva")
    await until(pilot, "a lesson", lambda: "era-sheet" in chosen(pilot))
    assert len(rows(pilot)) < 6 and rows(pilot)[0] == "worked examples in print, checked"
    await until(pilot, "its note", lambda: "spreadsheet" in text_of(pilot.app.screen))
    await pilot.press(*"zzz")
    await until(pilot, "none", lambda: not rows(pilot))
    await pilot.press("enter", "escape")
    await until(pilot, "all again", lambda: "My own exercise …" in rows(pilot))
    await pilot.press("q")
    assert app_of(pilot).returned == [None]


async def test_the_footer_says_that_enter_opens_while_words_are_typed(pilot: Pilot[None]) -> None:
    await pilot.press("slash", *"sheet")
    await until(pilot, "enter in the footer", lambda: "⏎ Open" in text_of(pilot.app.screen))


async def test_the_first_row_asks_for_the_screen_of_an_exercise_of_ones_own(pilot: Pilot[None]) -> None:
    await pilot.press("home", "enter")
    assert app_of(pilot).returned == [OWN_EXERCISE]


async def test_a_note_of_markdown_signs_is_shown_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a*b_[c](d).toml").write_text("[network]\n# <script>\ninputs = [1, 2")
    async with LessonsApp(MAZUR).run_test(size=(120, 36)) as pilot:
        await until(pilot, "the file", lambda: "in this folder" in rows(pilot))
        await pilot.press("home", "down")
        await until(pilot, "its name", lambda: "a*b_[c](d) cannot be read" in text_of(pilot.app.screen))
        assert pilot.app.screen.query_one(Markdown)


async def test_the_cursor_goes_to_a_row_that_is_called_what_was_typed_before_one_that_only_speaks_of_it(
    pilot: Pilot[None],
) -> None:
    await pilot.press("slash", *"cell")
    assert chosen(pilot).startswith("My own exercise")  # of whose note alone it is a word
    await pilot.press(*["backspace"] * 4, *"softmax")
    assert chosen(pilot).startswith("softmax")


async def test_the_cursor_is_on_the_open_lesson_in_its_file_and_words_put_it_on_a_lesson(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    mine = replace(load_lesson("relu"), title="My exercise")
    save_lesson(mine, tmp_path / "my-exercise.toml")
    async with LessonsApp(mine).run_test(size=(120, 36)) as pilot:
        await until(pilot, "the file", lambda: "in this folder" in rows(pilot))
        assert chosen(pilot).startswith("my-exercise")
        await pilot.press("home", "slash", *"my")
        await until(pilot, "the lesson", lambda: chosen(pilot).startswith("my-exercise"))
        assert rows(pilot)[0] == "My own exercise …"
        await pilot.press(*" own", "enter")
        await until(pilot, "the screen", lambda: app_of(pilot).returned)
        assert app_of(pilot).returned == [OWN_EXERCISE]
