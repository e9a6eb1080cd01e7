"""The dialog that checks a number from the user's paper against this round, and looks for the mistake behind it.

The input always has the focus. The verdict appears at once; the mistake behind a wrong number is searched for in a
process of its own, which ends with the dialog. ``escape`` first stops a search, then closes.
"""

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from bptui.check.own_number import NumberComparison, NumberVerdict
from bptui.core.problem.spec import Spec
from bptui.explain.result import ExplanationData
from bptui.explain.sentences import make_sentences
from bptui.explain.text_lines import TextLine
from bptui.lessons.lesson import Lesson, format_lesson
from bptui.system.process import Unavailable
from bptui.ui.bindings import HELP_BINDING, bind_enter, bind_key
from bptui.ui.widgets.choices import Choices
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.explain_client import ExplainClient, Sentences, describe_search
from bptui.ui.widgets.fields.answer import AnswerInput
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.page_scroll import bind_page_keys
from bptui.ui.widgets.too_small import TooSmall

_ABOUT = "compares it with this round; if it differs, looks for the mistake"

_OFFER = "press f7 to show this mistake as a run"


class QuantityList(Choices, can_focus=False):
    """The quantities of the part; a click picks one, the input keeps the focus."""


class NumberScreen(DismissOnce[Spec | None], ModalScreen[Spec | None]):
    """Compares typed numbers with those of one round; returns the problem that makes a mistake, or nothing."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        bind_enter("Compare", "check the number; if it differs, look for the mistake", "number-compare", "compare"),
        Binding(
            "down", "choose(1)", "Quantity", key_display="↑↓", tooltip="select the next quantity", id="number-next"
        ),
        Binding(
            "up",
            "choose(-1)",
            "Previous quantity",
            show=False,
            tooltip="select the previous quantity",
            id="number-before",
        ),
        bind_key("f7", "see_run", "number-run", "As a run", "show this mistake as a run, from round 1"),
        *bind_page_keys("the reasons"),
        Binding("escape", "leave", "Close", key_display="esc", tooltip="stop the search, or close", id="leave"),
        HELP_BINDING,
    ]

    def __init__(self, comparison: NumberComparison) -> None:
        super().__init__()
        self._comparison = comparison
        self._client = ExplainClient()
        self._searching = False
        self._chosen = comparison.first
        self._as_run: Spec | None = None

    def compose(self) -> ComposeResult:
        """Yield the quantities, the field, and the verdict."""
        with Vertical(classes="dialog") as box:
            box.border_title = Content(f"check my number · round {self._comparison.round:,}")
            yield QuantityList(*(self._comparison.describe(name) for name in self._comparison.names), markup=False)
            yield AnswerInput(
                self._comparison.find_preset(self._chosen),
                placeholder="the number on your paper, with all its digits",
            )
            yield Static(id="verdict", markup=False)
            yield Sentences(id="reasons")
            yield Static(_ABOUT, id="state", classes="about", markup=False)
        yield TooSmall()
        yield KeysFooter()

    def on_mount(self) -> None:
        """Select the most likely quantity."""
        self._choose(self._chosen)

    def _rows(self) -> list[str]:
        names = self._comparison.names
        return [f"{'▸' if name == self._chosen else ' '} {self._comparison.describe(name)}" for name in names]

    async def on_unmount(self) -> None:
        """End the process with the dialog."""
        self.workers.cancel_node(self)
        await self._client.stop()

    def action_choose(self, down: int) -> None:
        """Select another quantity."""
        names = self._comparison.names
        self._choose(names[min(max(names.index(self._chosen) + down, 0), len(names) - 1)])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Select the quantity that was clicked."""
        self._choose(self._comparison.names[event.option_index])

    def _choose(self, name: str) -> None:
        """Select a quantity; an untouched preset value is replaced by that of the new quantity."""
        field = self.query_one(Input)
        if field.value in ("", self._comparison.find_preset(self._chosen)):
            field.value = self._comparison.find_preset(name)
        self._chosen = name
        entries = self.query_one(QuantityList)
        for place, row in enumerate(self._rows()):
            if row != entries.get_option_at_index(place).prompt:
                entries.replace_option_prompt_at_index(place, row)
        entries.highlighted = self._comparison.names.index(name)

    async def action_compare(self) -> None:
        """Show whether the number is right, and if not, search for the mistake behind it."""
        await self._stop_search()
        try:
            verdict = self._comparison.judge(self._chosen, self.query_one(Input).value)
        except ValueError as fault:
            self._show_verdict(Content.styled(f"! {fault}", "$text-warning"))
            return
        self._show_verdict(_verdict_content(verdict))
        self.query_one(Input).select_all()
        if verdict.lesson is not None:
            self._searching = True
            self._show_state("looking for the mistake … press escape to stop")
            self._explain(verdict.lesson)

    @work(group="asking", exclusive=True)
    async def _explain(self, lesson: Lesson) -> None:
        try:
            async for message in self._client.ask({"explain": format_lesson(lesson), "name": lesson.name}):
                if "progress" in message:
                    self._show_state(describe_search(message))
                elif "so_far" in message:
                    self.query_one(Sentences).show(_reasons(message["so_far"], searching=True))
                else:
                    self._show_end(message["told"])
        except Unavailable as fault:
            self._show_state(f"the search failed: {fault}")
        finally:
            self._searching = False

    def _show_end(self, told: ExplanationData) -> None:
        """Show the whole explanation, and what can be done with it."""
        self.query_one(Sentences).show(_reasons(told))
        tables = [group["as_run"] for group in told["groups"] if group["as_run"]]
        self._as_run = Spec.from_table(tables[0]) if tables else None
        limit = told["limit"]
        offers = [
            "" if limit is None else f"stopped after {limit:g} s; press enter to continue",
            _OFFER if tables else "",
        ]
        self._show_state("; ".join(filter(None, offers)))

    def action_see_run(self) -> None:
        """Return the problem that has the mistake as its setting."""
        if self._as_run is not None:
            self.dismiss(self._as_run)
        else:
            self._show_state("no mistake that settings can reproduce was found")

    def _show_verdict(self, verdict: Content) -> None:
        """Show a verdict; the reasons for an earlier number disappear."""
        self.query_one("#verdict", Static).update(verdict)
        self.query_one(Sentences).show(())
        self._as_run = None
        self._show_state("")

    def _show_state(self, text: str) -> None:
        self.query_one("#state", Static).update(text)

    async def _stop_search(self) -> None:
        """Stop a search, if any; an idle process is kept."""
        if self._searching:
            self.workers.cancel_group(self, "asking")
            await self._client.stop()
            self._searching = False

    def action_page(self, pages: int) -> None:
        """Scroll the reasons."""
        self.query_one(Sentences).page(pages)

    async def action_leave(self) -> None:
        """Stop the search if there is one, otherwise close."""
        if self._searching:
            await self._stop_search()
            self._show_state("stopped; press enter to search again, escape to close")
        else:
            self.dismiss(None)


def _verdict_content(verdict: NumberVerdict) -> Content:
    if verdict.agrees:
        return Content.styled(f"✓ {verdict.text}", "$text-success")
    return Content.styled(f"✗ {verdict.text}", "$text-error")


def _reasons(told: ExplanationData, searching: bool = False) -> tuple[TextLine, ...]:
    """Return the sentences without the first two, which the verdict has said, if the number is wrong."""
    said = tuple(make_sentences(told, searching))
    return said[2:] if told["first_wrong"] is not None else said
