"""Checks the printed values of the shown lesson, and on request finds the mistake behind the wrong ones.

Checking and the search run in a process of their own, which ends with the screen. ``escape`` first stops a search and
keeps its results, then closes. An explanation is returned, for the next time the screen is opened.
"""

from pathlib import Path
from typing import Any, NamedTuple

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import OptionList, Static

from bptui.check.recompute import CheckedValue, list_unchecked
from bptui.explain.result import ExplanationData
from bptui.explain.sentences import make_sentences
from bptui.lessons.lesson import Lesson, format_lesson
from bptui.session.notices import say_lesson_saved
from bptui.system.process import Unavailable
from bptui.ui.bindings import HELP_BINDING, bind_key
from bptui.ui.dialogs.printed_values import PrintedScreen
from bptui.ui.dialogs.session_file import SaveLessonScreen
from bptui.ui.widgets.dismiss_once import DismissOnce, is_open
from bptui.ui.widgets.explain_client import ExplainClient, Sentences, describe_search
from bptui.ui.widgets.fields.filter import FILTER_BINDING, FilterField
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.page_scroll import bind_page_keys
from bptui.ui.widgets.rows.figure_list import FigureList, collect_texts, has_wrong, make_heads, summarise_found
from bptui.ui.widgets.too_small import TooSmall

_NO_FIGURES = "no printed values yet: press e to type or paste them"


class CheckOutcome(NamedTuple):
    """The result of the screen.

    Attributes:
        told: An explanation, if one was found.
        figure: The printed value to show, if one was chosen.
        lesson: The lesson with other printed values, if some were typed.
    """

    told: ExplanationData | None = None
    figure: CheckedValue | None = None
    lesson: Lesson | None = None


class CheckScreen(DismissOnce[CheckOutcome], Screen[CheckOutcome]):
    """Lists a lesson's printed values beside the recomputed ones, and explains those that differ."""

    CSS_PATH = "check.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("w", "explain", "Why", tooltip="find where it goes wrong, and which mistake was made", id="why"),
        bind_key("e,f8", "edit", "edit", "Edit", "type or paste the printed values of a round", show=True),
        bind_key("f4", "save_lesson", "save-lesson", "Save lesson", "save this lesson with its printed values"),
        FILTER_BINDING,
        *bind_page_keys("the reasons", show=False),
        Binding("escape,c,q", "leave", "Close", key_display="esc", tooltip="stop the search, or close", id="leave"),
        HELP_BINDING,
    ]

    def __init__(self, title: str, lesson: Lesson, told: ExplanationData | None = None, round_: int = 1) -> None:
        """Check a lesson.

        Args:
            title: Its title on screen.
            lesson: The lesson as shown; all its printed values fit its problem.
            told: Its explanation, if one was found before.
            round_: The round that is shown, where the list starts if everything matches.
        """
        super().__init__()
        self._title, self._lesson, self._told, self._round = title, lesson, told, round_
        self._client = ExplainClient()
        self._found = tuple(list_unchecked(lesson))
        self._edited = self._searching = False
        self._checking = bool(lesson.figures)
        self._explain_requested = False  # whether reasons were requested before the check was done

    def compose(self) -> ComposeResult:
        """Yield the list, the reasons below it, and a line for the progress."""
        yield Static(f"printed values · {self._title}", id="top", markup=False)
        yield Static(id="heads", markup=False)
        choices = FigureList(markup=False)
        yield choices.make_filter()
        yield choices
        yield Sentences(id="reasons")
        yield Static(id="state", markup=False)
        yield TooSmall()
        yield KeysFooter()

    def on_mount(self) -> None:
        """List the printed values, and check them if there are any."""
        self.query_one(FigureList).focus()
        self._begin()
        if self._told is not None:
            self._show_reasons(self._told)

    def _begin(self) -> None:
        """Show the values that are not checked yet, and check them."""
        self._show_found()
        if self._found:
            self._show_state("checking …")
            self._check()
        else:
            self._show_state(_NO_FIGURES)

    def _show_found(self) -> None:
        self.query_one("#heads", Static).update(make_heads(self._found) if self._found else "")
        self.query_one(FigureList).show(self._found, self._round, self.query_one(FilterField).words)

    async def on_unmount(self) -> None:
        """End the process with the screen."""
        self.workers.cancel_node(self)
        await self._client.stop()

    @work(group="asking", exclusive=True)
    async def _check(self) -> None:
        try:
            async for message in self._client.ask(self._question("check")):
                self._found = tuple(CheckedValue(**fields) for fields in message["checked"])
        except Unavailable as fault:
            self._checking = False
            self._show_state(f"the printed values cannot be checked: {fault}")
            return
        if not is_open(self):
            return
        self._checking = False
        self._show_found()
        self._show_state(summarise_found(self._found, self._told))
        self.refresh_bindings()
        if self._explain_requested and has_wrong(self._found):
            self.call_after_refresh(self.action_explain)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow ``explain`` while a value is wrong and unexplained; afterwards the page keys scroll the reasons."""
        if action == "explain":
            unfinished = self._told is None or self._told["limit"] is not None
            return unfinished and (self._checking or has_wrong(self._found))
        if action == "filter":
            return bool(self._found)
        return action != "page" or self.has_class("-explained")

    def action_explain(self) -> None:
        """Search for what corrects the wrong values."""
        self._explain_requested = self._checking
        if not self._searching and not self._checking:
            self._searching = True
            self._show_state("looking for the mistake … press escape to stop")
            self._explain()

    @work(group="asking", exclusive=True)
    async def _explain(self) -> None:
        try:
            async for message in self._client.ask(self._question("explain")):
                if not is_open(self):
                    return
                if "progress" in message:
                    self._show_state(describe_search(message))
                elif "so_far" in message:
                    self._show_reasons(message["so_far"], searching=True)
                else:
                    self._told = message["told"]
                    self._show_reasons(message["told"])
                    self._show_state(summarise_found(self._found, self._told))
        except Unavailable as fault:
            self._show_state(f"the search failed: {fault}")
        finally:
            self._searching = False

    def action_filter(self) -> None:
        """Type what the rows must have."""
        self.query_one(FilterField).open()

    def on_input_changed(self) -> None:
        """Show the rows that have what was typed."""
        self._show_found()

    def action_edit(self) -> None:
        """Type printed values of the round under the cursor, or of the one that is shown."""
        chosen = self.query_one(FigureList).find_chosen()
        round_ = self._round if chosen is None else self._found[chosen].round
        self.app.push_screen(PrintedScreen(self._lesson, round_), self._take_values)

    def action_save_lesson(self) -> None:
        """Save the lesson with its printed values in a file."""
        self.app.push_screen(SaveLessonScreen(self._lesson), self._say_saved)

    def _say_saved(self, file: Path | None) -> None:
        if file is not None:
            self._show_state(say_lesson_saved(file))

    def _take_values(self, lesson: Lesson | None) -> None:
        """Check other printed values, with which what was said of those before is no longer true."""
        if lesson is not None and is_open(self):
            self._lesson, self._told, self._edited = lesson, None, True
            self._found = tuple(list_unchecked(lesson))
            self._checking = bool(self._found)
            self.remove_class("-explained")
            self._show_found()
            self._check_anew()

    @work(group="anew", exclusive=True)
    async def _check_anew(self) -> None:
        await self._stop_asking()
        self._begin()

    async def _stop_asking(self) -> None:
        self.workers.cancel_group(self, "asking")
        await self._client.stop()
        self._searching = False

    def _finish(self, figure: CheckedValue | None = None) -> None:
        """Close, and return what was found, chosen and typed."""
        self.dismiss(CheckOutcome(self._told, figure, self._lesson if self._edited else None))

    def _question(self, verb: str) -> dict[str, Any]:
        return {verb: format_lesson(self._lesson), "name": self._lesson.name}

    def _show_reasons(self, told: ExplanationData, searching: bool = False) -> None:
        self.add_class("-explained")
        self.query_one(Sentences).show(tuple(make_sentences(told, searching)))
        self.query_one(FigureList).center()
        self.refresh_bindings()

    def _show_state(self, text: str) -> None:
        if is_open(self):
            self.query_one("#state", Static).update(text)

    def to_copy(self) -> dict[str, str]:
        """Return the printed values, and the reasons if known; see ``bptui.ui.copying``."""
        return collect_texts(self._found, self._told)

    def action_page(self, pages: int) -> None:
        """Scroll the reasons."""
        self.query_one(Sentences).page(pages)

    async def action_leave(self) -> None:
        """Stop the search if there is one, otherwise close."""
        if not self._searching:
            self._finish()
            return
        await self._stop_asking()
        self._show_state("stopped; press w to search again, escape to close")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Close, and return the chosen printed value to show its round."""
        if event.option_id is not None:
            self._finish(self._found[int(event.option_id)])
