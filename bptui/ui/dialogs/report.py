"""The dialog that writes the hand-in: it asks for a folder, a title, a name and the runs, and returns what was written.

Analysing the runs can take seconds. ``escape`` first skips those not analysed yet, then cancels, and then nothing is
written; it ends with the dialog.
"""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, OptionList, Static

from bptui.compare.table import make_letter
from bptui.core.problem.tables import UserError
from bptui.lessons.training import LONGEST_NAME, LessonRun
from bptui.record import record
from bptui.report.page import About
from bptui.report.pdf import HOW_TO, find_printer
from bptui.report.sections import Section
from bptui.report.writer import Order, write_report
from bptui.session.session import Session
from bptui.system.process import Unavailable
from bptui.system.writing import make_stem
from bptui.ui.bindings import HELP_BINDING, bind_enter, bind_key
from bptui.ui.dialogs.session_file import FileScreen
from bptui.ui.widgets.choices import Choices
from bptui.ui.widgets.fields.bounded import BoundedInput
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.too_small import TooSmall

_LONGEST_TITLE = 100  # characters


class ReportOutcome(NamedTuple):
    """What was written, in a line, and the name of who hands it in, for the next time."""

    notice: str
    author: str


@record
class Choice:
    """The boxes of the dialog: which runs go in, and whether a PDF is made.

    Attributes:
        trainings: All runs of the session.
        shown: The index of the run that is shown.
        runs: The indices of those that go in.
        printer: The program that makes a PDF; empty if there is none.
        pdf: Whether it is to.
    """

    trainings: tuple[LessonRun, ...]
    shown: int
    runs: frozenset[int]
    printer: str
    pdf: bool

    @classmethod
    def of(cls, session: Session, printer: str) -> "Choice":
        """Return the boxes as they are at first: everything goes in."""
        every = frozenset(range(len(session.trainings)))
        return cls(session.trainings, session.current, every, printer, bool(printer))

    def toggle(self, row: int) -> "Choice":
        """Return the boxes with one of them ticked or no longer."""
        if row < len(self.trainings):
            return replace(self, runs=self.runs ^ {row})
        return replace(self, pdf=not self.pdf) if self.printer else self

    @property
    def rows(self) -> list[str]:
        """The boxes in words."""
        found = [
            f"{_tick(place in self.runs)} {make_letter(place)} · {one.name}{' (shown)' * (place == self.shown)}"
            for place, one in enumerate(self.trainings)
        ]
        with_pdf = f"{_tick(self.pdf)} also a PDF, made with {self.printer}"
        return [*found, with_pdf if self.printer else f"no PDF without LaTeX, Chromium or Chrome: {HOW_TO}"]

    @property
    def sections(self) -> list[Section]:
        """The sections of the report."""
        return Section.of_runs({place: self.trainings[place] for place in sorted(self.runs)}, self.shown)


def _tick(there: bool) -> str:
    return "[x]" if there else "[ ]"


class WriteInput(BoundedInput):
    """The field for the name of a folder to write."""

    BINDINGS = [bind_enter("Write", "write the report to this folder", "go")]  # noqa: RUF012


class RunChoices(Choices):
    """The boxes."""

    BINDINGS = [  # noqa: RUF012 - Textual's own form
        bind_key(
            "space", "select", "report-toggle", "Include", "include this run in the report, or leave it out", show=True
        ),
        bind_enter("Write", "write the report to this folder", "go", "screen.write"),
        bind_key("j", "cursor_down", "report-down", "Down", "go to the next run"),
        bind_key("k", "cursor_up", "report-up", "Up", "go to the previous run"),
    ]


class ReportScreen(FileScreen[ReportOutcome]):
    """Writes a report."""

    BINDINGS = [  # noqa: RUF012
        Binding(
            "escape",
            "leave",
            "Skip or cancel",
            key_display="esc",
            tooltip="skip the rest of the analysis, or cancel",
            id="report-leave",
        ),
        Binding("tab", "app.focus_next", "Next", tooltip="go to the next field", id="next-setting"),
        HELP_BINDING,
    ]
    FIELD = WriteInput
    WRITES = True
    HEADING = "write a report"
    PLACEHOLDER = "folder name"
    ABOUT = "derives the run shown and one run of every other problem; enter writes it"

    def __init__(self, session: Session, author: str = "") -> None:
        """Offer a report of a session.

        Args:
            session: The session.
            author: The name of who hands it in, as far as it is known.
        """
        shown = session.trainings[session.current]
        super().__init__(f"{make_stem(shown.name if shown.own_name else shown.lesson.name)}-report")
        self._session, self._author = session, author
        self._choice = Choice.of(session, find_printer())
        self._skip: asyncio.Event | None = None

    def compose(self) -> ComposeResult:
        """Yield the fields, the boxes, the error, and the description."""
        shown = self._session.trainings[self._session.current]
        with Vertical(classes="dialog") as box:
            box.border_title = self.HEADING
            for name, field in (
                ("folder", self.FIELD(self._preset, placeholder=self.PLACEHOLDER, select_on_focus=False)),
                (
                    "title",
                    BoundedInput(
                        shown.title,
                        id="title",
                        max_length=_LONGEST_TITLE,
                        select_on_focus=False,
                    ),
                ),
                ("your name", BoundedInput(self._author, id="author", max_length=LONGEST_NAME, select_on_focus=False)),
            ):
                yield Horizontal(Label(name, classes="name"), field)
            yield RunChoices(*map(Content, self._choice.rows), markup=False)
            yield Static(classes="fault", markup=False)
            yield Static(self.ABOUT, classes="about", markup=False)
        yield TooSmall()
        yield KeysFooter()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tick a box, or no longer."""
        self._choice = self._choice.toggle(event.option_index)
        self.query_one(RunChoices).replace_option_prompt_at_index(
            event.option_index, Content(self._choice.rows[event.option_index])
        )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Write, from any field."""
        self.action_write()

    def action_write(self) -> None:
        """Write, unless it is under way or there is no folder's name yet."""
        field = self.query_one(self.FIELD)
        super().on_input_submitted(Input.Submitted(field, field.value))

    async def do(self, path: Path, sure: bool) -> ReportOutcome:
        """Write the folder; an earlier report is replaced only after a second request."""
        if not self._choice.runs:
            raise UserError("no run is ticked: press space to tick the one under the cursor")
        title, author = (self.query_one(f"#{name}", Input).value for name in ("title", "author"))
        self._skip = asyncio.Event()
        sections = await asyncio.to_thread(lambda: self._choice.sections)
        order = Order(sections, About(title, author, date.today().isoformat()), self._choice.pdf, self._skip)
        try:
            return ReportOutcome(await write_report(order, path, sure, self._show_how_to_skip), author)
        except Unavailable as fault:
            raise UserError(f"the runs cannot be analysed: {fault}") from fault
        finally:
            self._skip = None

    def _show_how_to_skip(self, text: str) -> None:
        skips = self._skip is not None and not self._skip.is_set()
        self.show_progress(f"{text} press escape to {'report the rest without analysis' if skips else 'cancel'}")

    def action_leave(self) -> None:
        """Skip the analysis if it is under way, otherwise close."""
        if self._skip is not None and not self._skip.is_set():
            self._skip.set()
        else:
            self.dismiss(None)
