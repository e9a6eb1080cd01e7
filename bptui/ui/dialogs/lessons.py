"""The dialog that lists lessons with their notes: the user's own files above the bundled ones; it returns a lesson.

Files are read in a thread, and added to the list when they are; the cursor stays where it is. What the list does not
open itself, an exercise of the user's own, it answers by the name of the screen that does.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Markdown, OptionList
from textual.widgets.option_list import Option

from bptui.lessons.lesson import Lesson
from bptui.persistence.lesson_files import find_folder_lessons, find_recent_lessons, remember_lesson
from bptui.text.markdown import cut_markdown
from bptui.ui.bindings import CANCEL_BINDING, HELP_BINDING, bind_enter
from bptui.ui.widgets.choices import MOVE_BINDINGS, Choices
from bptui.ui.widgets.dismiss_once import DismissOnce, is_open, start_work
from bptui.ui.widgets.fields.filter import FILTER_BINDING, FilterField, bind_chosen
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.ordered_keys import hold_keys
from bptui.ui.widgets.page_scroll import PagedScroll, bind_page_keys
from bptui.ui.widgets.rows.lesson_rows import LessonRow, list_bundled_rows, list_current_row, list_file_rows
from bptui.ui.widgets.too_small import TooSmall

OWN_EXERCISE = "exercise"
"""The answer that asks for the screen of this name."""
_OWN_ROW = LessonRow(
    OWN_EXERCISE,
    "",
    "My own exercise …",
    "**My own exercise**\n\nType in your own exercise, cell by cell, or paste it: from a book, a course or a sheet of "
    "paper. On the main screen, `ctrl+n` does the same.",
)


class LessonList(Choices):
    """The lessons and their variants, a line each, under headings."""

    BINDINGS = [  # noqa: RUF012 - Textual's own form
        bind_enter("Open", "train this lesson from round 1", "open-lesson", "select"),
        *MOVE_BINDINGS,
    ]


class LessonFilter(FilterField):
    """The words that a lesson's line must have."""

    BINDINGS = [bind_chosen("Open", "train this lesson from round 1")]  # noqa: RUF012 - Textual's own form


class LessonsScreen(DismissOnce[Lesson | str | None], ModalScreen[Lesson | str | None]):
    """Lists lessons and their variants, beside the note of the one under the cursor."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        FILTER_BINDING,
        *bind_page_keys("the note"),
        replace(CANCEL_BINDING, key="escape,q"),
        HELP_BINDING,
    ]

    def __init__(self, current: Lesson) -> None:
        super().__init__()
        self._files: list[LessonRow] = []
        self._bundled = list_bundled_rows()
        self._open = list_current_row(current, self._bundled)
        self._current = current

    @property
    def _rows(self) -> list[LessonRow]:
        # What is open and stands in a file is listed there
        opened = [row for row in self._open if not any(row.is_same(file) for file in self._files)]
        return [_OWN_ROW, *opened, *self._files, *self._bundled]

    def compose(self) -> ComposeResult:
        """Yield the list on the left, the note on the right."""
        choices = LessonList(*self._make_options(()), markup=False)
        with Vertical(classes="dialog") as box:
            box.border_title = "lessons"
            yield LessonFilter(choices)
            with Horizontal(id="beside"):
                yield choices
                with PagedScroll():
                    yield Markdown()
        yield TooSmall()
        yield KeysFooter()

    def on_mount(self) -> None:
        """Start on the lesson that is open; look for files."""
        choices, ids = self.query_one(LessonList), {row.title: row.id for row in reversed(self._rows)}
        choices.focus()
        first = ids.get(self._current.title) or self._bundled[0].id
        choices.highlighted = choices.get_option_index(first)
        self._find_files()

    def _make_options(self, words: tuple[str, ...]) -> Iterator[Option]:
        group = ""
        for row in (row for row in self._rows if row.has_words(words)):
            if row.group != group:
                group = row.group
                yield Option(Content.styled(group, "bold"), disabled=True)
            yield Option(row.text, id=row.id)

    @work(group="files")
    async def _find_files(self) -> None:
        with hold_keys(self):  # keys typed ahead are for the whole list
            folder = await asyncio.to_thread(find_folder_lessons, Path())
            recent = await asyncio.to_thread(find_recent_lessons, folder)
            self._files = [*list_file_rows("in this folder", folder), *list_file_rows("opened recently", recent)]
            if self._files and is_open(self):
                self._show_rows()

    def _show_rows(self) -> None:
        """Show the rows that have what was typed; the cursor stays on the lesson that it is on, if that is one.

        What is open may have moved to its file. Otherwise the cursor goes to the first lesson that is called so.
        """
        choices, words = self.query_one(LessonList), self.query_one(FilterField).words
        at = choices.highlighted_option
        same = [file.id for row in self._open if at and row.id == at.id for file in self._files if row.is_same(file)]
        choices.set_options(self._make_options(words))
        listed = [option.id for option in choices.options if option.id is not None]
        called = [row.id for row in self._rows if row.id in listed and row.is_called(words)]
        if listed:
            lessons = [one for one in called if one != _OWN_ROW.id] if words else []
            stay = [one for one in (at.id if at else "", *same) if one in (lessons if words else listed)]
            choices.highlighted = choices.get_option_index([*stay, *lessons, *called, *listed][0])

    def on_input_changed(self) -> None:
        """Show the rows that have what was typed."""
        self._show_rows()

    def action_filter(self) -> None:
        """Type what the rows must have."""
        self.query_one(FilterField).open()

    def action_page(self, pages: int) -> None:
        """Scroll the note."""
        self.query_one(PagedScroll).page(pages)

    def _find_row(self, option_id: str | None) -> LessonRow | None:
        return next((row for row in self._rows if row.id == option_id), None)

    async def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the note of the lesson under the cursor, if the cursor is still there."""
        row = self._find_row(event.option_id)
        if row is not None and event.option_index == event.option_list.highlighted:
            # Awaited here and not in a worker: a cancelled worker would leave the widgets half updated
            await self.query_one(Markdown).update(cut_markdown(row.note))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return the lesson; one that cannot be read has its faults in the note."""
        row = self._find_row(event.option_id)
        if row is _OWN_ROW:
            self.dismiss(OWN_EXERCISE)
        elif row is not None and row.lesson is not None:
            if row.path is not None:
                start_work(self.app, partial(asyncio.to_thread, remember_lesson, row.path), "recent")
            self.dismiss(row.lesson)
