"""The dialog for the printed values of a round: a text to type or paste them in, checked beside each line at once.

Reading and checking are done in a thread, one text after the other, the latest at last. Nothing that was typed is lost
because of a fault: the values are kept when all of the text can be read, and leaving without them takes a second
``escape``.
"""

import asyncio
from contextlib import suppress

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static
from textual.worker import WorkerError

from bptui.check.typed_values import CheckedText, ValueChecker, find_round_values, with_round_values
from bptui.core.problem.kinds.setting_kinds import WholeNumber
from bptui.core.problem.settings import MOST_ROUNDS
from bptui.core.training.memory import MEMORY
from bptui.lessons.lesson import Figures, Lesson
from bptui.lessons.printed_text import format_printed_text
from bptui.ui.bindings import HELP_BINDING, bind_key
from bptui.ui.widgets.dismiss_once import DismissOnce, is_open
from bptui.ui.widgets.fields.bounded import BoundedInput, BoundedText
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.ordered_keys import hold_keys
from bptui.ui.widgets.rows.typed_marks import LineMarks, find_first_wrong, summarise, write_marks
from bptui.ui.widgets.too_small import TooSmall

_SLICE = 0.05  # seconds of computing between two looks at what was typed
_ROUND = WholeNumber(1, MOST_ROUNDS)


class ValuesText(BoundedText):
    """The text; its lines are never wrapped, so that each has its mark beside it."""

    def __init__(self, text: str) -> None:
        super().__init__(text, soft_wrap=False, show_line_numbers=True, compact=True)

    def find_top(self) -> int:
        """Return the line in its first row, from 0."""
        return int(self.scroll_offset.y)


class PrintedScreen(DismissOnce[Lesson | None], ModalScreen[Lesson | None]):
    """Edits the printed values of one round of a lesson; returns the lesson with them."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "TextArea"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        bind_key(
            "ctrl+s", "keep", "keep-values", "Keep", "keep these as the round's printed values", show=True, display="^s"
        ),
        Binding("escape", "leave", "Close", key_display="esc", tooltip="close without keeping them", id="leave"),
        HELP_BINDING,
    ]

    def __init__(self, lesson: Lesson, round_: int = 1) -> None:
        """Edit a lesson's printed values.

        Args:
            lesson: The lesson; its own problem is what they are checked against.
            round_: The round to begin with.
        """
        super().__init__()
        self._lesson, self._round = lesson, round_
        self._loaded = find_round_values(lesson, round_)
        self._checker = ValueChecker(lesson)
        self._wanted = self._checking = False
        self._keeping = self._sure = self._looked = False

    def compose(self) -> ComposeResult:
        """Yield the round, the text with its marks, and the line below them."""
        text = ValuesText(format_printed_text(self._loaded.printed))
        with Vertical(classes="dialog") as box:
            box.border_title = "printed values"
            with Horizontal(id="of-round"):
                yield Label("round ")
                yield BoundedInput(str(self._round), restrict=r"[\d,]*", select_on_focus=False)
                yield Label(id="engine", markup=False)
            with Horizontal(id="values"):
                yield text
                yield LineMarks(text.find_top)
            yield Static(id="state", classes="about", markup=False)
            yield Static(id="line", markup=False)
        yield TooSmall()
        yield KeysFooter()

    def on_mount(self) -> None:
        """Check what is there; marks follow the text when it scrolls."""
        area = self.query_one(ValuesText)
        self.watch(area, "scroll_y", self.query_one(LineMarks).follow, init=False)
        area.move_cursor(area.document.end)
        self._show_engine()
        self._check_soon()

    def on_resize(self, event: events.Resize) -> None:
        """Draw the marks for the new size."""
        self.query_one(LineMarks).refresh()

    # What is typed

    def on_text_area_changed(self) -> None:
        """Check the text soon."""
        self._keeping = self._sure = False
        self._check_soon()

    def on_text_area_selection_changed(self) -> None:
        """Say in full what stands beside the line of the cursor, for which its row may have no room."""
        area, marks = self.query_one(ValuesText), self.query_one(LineMarks).said
        line = area.cursor_location[0] + 1
        while line not in marks and area.document.get_line(line - 1).strip() and line > 1:
            line -= 1  # a line of an array, of which the first has what there is to say
        said = "  ".join(marks.get(line, ()))
        self.query_one("#line", Static).update(f"line {line}  {said}" if said else "")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Go to another round: its own values are shown, unless something else was typed by now."""
        self._keeping = self._sure = False
        try:
            round_ = _ROUND.check(_ROUND.read(event.value))
        except ValueError as fault:
            self._show_state(f"the round must be {fault}")
            return
        if round_ == self._round:
            return
        untouched = not self._is_edited()
        self._round, before = round_, self._loaded
        self._loaded = find_round_values(self._lesson, round_)
        area = self.query_one(ValuesText)
        if untouched and self._loaded.printed != before.printed:
            area.text = format_printed_text(self._loaded.printed)
        self._show_engine()
        self._check_soon()

    def on_input_submitted(self) -> None:
        """Go on to the text."""
        self.query_one(ValuesText).focus()

    def _is_edited(self) -> bool:
        return self.query_one(ValuesText).text != format_printed_text(self._loaded.printed)

    def _show_engine(self) -> None:
        engine = self._loaded.engine
        by = {"numpy": "NumPy", "torch": "torch's, recomputed by NumPy"}[engine]
        self.query_one("#engine", Label).update(f"  {by}, {self._lesson.spec.precision_of(engine)}")

    def _show_state(self, text: str) -> None:
        if is_open(self):
            self.query_one("#state", Static).update(text)

    # Checking

    def _check_soon(self) -> None:
        """Check the text as it is now, after a check that is under way."""
        self._wanted = True
        if not self._checking:
            self._checking = True
            self._check_work = self._check_latest()

    @work(group="checking")
    async def _check_latest(self) -> None:
        """Check the text until there is no later one."""
        try:
            while self._wanted and is_open(self):
                self._wanted = False
                await self._check(self._round, self._loaded.engine, self.query_one(ValuesText).text)
        except MemoryError:
            MEMORY.shrink()
            self._show_state("not enough memory to calculate this round")
        finally:
            self._checking = False

    async def _check(self, round_: int, engine: str, text: str) -> None:
        """Check a text and show what is found, unless there is a later one by then."""
        while not await asyncio.to_thread(self._checker.train, round_, engine, _SLICE):
            if self._wanted:
                return
            self._show_state(f"calculating up to round {round_:,}: round {self._checker.reached(engine):,} …")
        found = await asyncio.to_thread(self._checker.check, round_, engine, text)
        if not self._wanted and is_open(self):
            self._show(found)

    def _show(self, found: CheckedText) -> None:
        self.query_one(LineMarks).show(write_marks(found))
        self.on_text_area_selection_changed()
        self._show_state(summarise(found))
        if (wrong := find_first_wrong(found)) and not self._looked and not self._is_edited():
            self._go_to(wrong)
        self._looked = True
        if self._keeping:
            self._keeping = False
            self._finish(found)

    def _go_to(self, line: int) -> None:
        area = self.query_one(ValuesText)
        area.move_cursor((line - 1, 0), center=True)
        area.focus()

    def _finish(self, found: CheckedText) -> None:
        """Return the lesson with the values, unless a line has a fault: then go to it, which says it in full."""
        if found.faults:
            first = found.faults[0]
            self._show_state(f"correct line {first.line} first; nothing is kept yet")
            self._go_to(first.line)
        elif found.printed == dict(self._loaded.printed):
            self.dismiss(None)
        else:
            values = Figures(found.round, self._loaded.engine, {}, found.printed)
            self.dismiss(with_round_values(self._lesson, values))

    def action_keep(self) -> None:
        """Keep the values, once the text as it stands now is checked."""
        self._keeping = True
        self._check_soon()
        self._let_keys_wait()

    @work(group="keeping")
    async def _let_keys_wait(self) -> None:
        """Let keys wait until the values are kept or refused."""
        with hold_keys(self), suppress(WorkerError):
            await self._check_work.wait()

    def action_leave(self) -> None:
        """Leave; what was typed is left behind by a second press only."""
        if self._sure or not self._is_edited():
            self.dismiss(None)
        else:
            self._sure = True
            self._show_state("not kept yet: press ctrl+s to keep your changes, escape again to discard")
