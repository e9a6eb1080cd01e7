"""Checks the printed values of the shown lesson, and on request finds the mistake behind the wrong ones.

Checking and the search run in a process of their own, which ends with the screen. ``escape`` first stops a search and
keeps its results, then closes. An explanation is returned, for the next time the screen is opened.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import OptionList, Static

from bptui.check.recompute import CheckedValue
from bptui.explain.result import ExplanationData
from bptui.explain.sentences import make_sentences, say_all_match, say_how_they_match
from bptui.lessons.lesson import Lesson, format_lesson
from bptui.system.process import Unavailable
from bptui.text.words import format_count
from bptui.ui.bindings import HELP_BINDING, bind_enter
from bptui.ui.widgets.choices import Choices
from bptui.ui.widgets.dismiss_once import DismissOnce, is_open
from bptui.ui.widgets.explain_client import ExplainClient, Sentences, describe_search
from bptui.ui.widgets.figure_rows import make_heads, make_rows
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.page_scroll import bind_page_keys
from bptui.ui.widgets.too_small import TooSmall

_NO_FIGURES = "this lesson has no printed values; m asks about a number of your own"


class CheckOutcome(NamedTuple):
    """The result of the screen: an explanation, if one was found, and the printed value to show, if one was chosen."""

    told: ExplanationData | None = None
    figure: CheckedValue | None = None


class CheckScreen(DismissOnce[CheckOutcome], Screen[CheckOutcome]):
    """Lists a lesson's printed values beside the recomputed ones, and explains those that differ."""

    CSS_PATH = "check.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("w", "explain", "Why", tooltip="where it goes wrong, and what was done instead", id="why"),
        *bind_page_keys("reasons", show=False),
        Binding("escape,c,q", "leave", "Leave", key_display="esc", tooltip="stop the search, or leave", id="leave"),
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
        self._found: tuple[CheckedValue, ...] = ()
        self._searching = False
        self._checking = bool(lesson.figures)
        self._explain_requested = False  # whether reasons were requested before the check was done

    def compose(self) -> ComposeResult:
        """Yield the list, the reasons below it, and a line for the progress."""
        yield Static(f"printed values · {self._title}", id="top", markup=False)
        yield Static(id="heads", markup=False)
        yield FigureList(markup=False)
        yield Sentences(id="reasons")
        yield Static(id="state", markup=False)
        yield TooSmall()
        yield KeysFooter()

    def on_mount(self) -> None:
        """Check the printed values, if there are any."""
        self.query_one(FigureList).focus()
        if not self._lesson.figures:
            self._show_state(_NO_FIGURES)
            return
        self._show_state("checking …")
        self._check()
        if self._told is not None:
            self._show_reasons(self._told)

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
        self.query_one("#heads", Static).update(make_heads(self._found))
        self.query_one(FigureList).show(self._found, self._round)
        self._show_state(self._summary())
        self.refresh_bindings()
        self._checking = False
        if self._explain_requested and not all(figure.agrees for figure in self._found):
            self.call_after_refresh(self.action_explain)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Allow ``explain`` while a value is wrong and unexplained; afterwards the page keys scroll the reasons."""
        if action == "explain":
            unfinished = self._told is None or self._told["limit"] is not None
            return unfinished and (self._checking or not all(figure.agrees for figure in self._found))
        return action != "page" or self.has_class("-explained")

    def _summary(self) -> str:
        wrong = sum(not figure.agrees for figure in self._found)
        how = say_how_they_match(sum(figure.last_digits for figure in self._found))
        every = format_count(len(self._found), "printed value")
        if not wrong:
            return f"{say_all_match(len(self._found))}, {how}"
        right = f"{len(self._found) - wrong} of {every} match, {how}"
        if self._told is None:
            return f"{right}; w says why {'the other one differs' if wrong == 1 else f'the other {wrong} differ'}"
        if self._told["limit"] is not None:
            return f"{right}; stopped after {self._told['limit']:g} s, w goes on"
        return f"{right}; {'page down for the cause' if self._told['groups'] else 'page keys scroll'}"

    def action_explain(self) -> None:
        """Search for what corrects the wrong values."""
        self._explain_requested = self._checking
        if not self._searching and not self._checking:
            self._searching = True
            self._show_state("looking for what was done instead … escape stops")
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
                    self._show_state(self._summary())
        except Unavailable as fault:
            self._show_state(f"the search has ended: {fault}")
        finally:
            self._searching = False

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
        figures = (
            [make_heads(self._found), *(str(option.prompt) for option in make_rows(self._found))] if self._found else []
        )
        reasons = [line.text for line in make_sentences(self._told)] if self._told is not None else []
        pages = {"printed values": figures, "reasons": reasons}
        return {name: "\n".join(map(str.rstrip, lines)) + "\n" for name, lines in pages.items() if lines}

    def action_page(self, pages: int) -> None:
        """Scroll the reasons."""
        self.query_one(Sentences).page(pages)

    async def action_leave(self) -> None:
        """Stop the search if there is one, otherwise close."""
        if not self._searching:
            self.dismiss(CheckOutcome(self._told))
            return
        self.workers.cancel_group(self, "asking")
        await self._client.stop()
        self._searching = False
        self._show_state("stopped; w looks again, escape leaves")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Close, and return the chosen printed value to show its round."""
        if event.option_id is not None:
            self.dismiss(CheckOutcome(self._told, self._found[int(event.option_id)]))


class FigureList(Choices):
    """The printed values under their rounds."""

    BINDINGS = [bind_enter("Show", "show its round", "show", "select")]  # noqa: RUF012

    def show(self, found: Sequence[CheckedValue], round_: int) -> None:
        """List printed values; start on the first wrong one, preferably of a round, or on the round's first."""
        self.set_options(make_rows(found))
        wrong = [place for place, figure in enumerate(found) if not figure.agrees]
        there = [place for place, figure in enumerate(found) if figure.round == round_]
        both = [place for place in wrong if place in there]
        self.highlighted = self.get_option_index(str([*both, *wrong, *there, 0][0]))
        self.center()

    def center(self) -> None:
        """Scroll the cursor to the middle, once there is room."""

        def scroll() -> None:
            self.scroll_to_highlight(top=True)
            self.scroll_relative(y=-self.size.height // 3, animate=False)

        self.call_after_refresh(scroll)

    def scroll_to_highlight(self, top: bool = False) -> None:
        """Scroll the cursor into sight, and with the first printed value the heading above it."""
        super().scroll_to_highlight(top)
        if self.highlighted == 1:
            self.scroll_home(animate=False)
