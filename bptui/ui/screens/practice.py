"""The practice screen: one ``Practice``, and widgets that show it.

The input always has the focus, so every key is either typed into it or one of the screen's own. A key calls a method of
``Practice`` that returns the next one, and one watcher shows that. Characters say what colours say.
"""

from collections.abc import Iterator

from rich.columns import Columns
from rich.console import Group
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from bptui.core.formulas.names import describe_phase
from bptui.core.quantities.parts import describe
from bptui.derive.notations import format_label
from bptui.practice.parts import list_parts
from bptui.practice.practice import Practice
from bptui.practice.questions import CARRIED_ON, FIRST_TRY, OPEN, REVEALED, RIGHT_LATER, STATES, PracticeMark
from bptui.ui.bindings import HELP_BINDING, bind_key
from bptui.ui.widgets.choices import Choices
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.fields.answer import AnswerInput
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.page_scroll import PagedScroll, bind_page_keys
from bptui.ui.widgets.painting.role_styles import require_set
from bptui.ui.widgets.too_small import TooSmall

_SIGNS = {OPEN: "·", FIRST_TRY: "✓", RIGHT_LATER: "(✓)", CARRIED_ON: "→", REVEALED: "="}
_SCORE_WORDS = {FIRST_TRY: "first try", RIGHT_LATER: "retry", CARRIED_ON: "carried over", REVEALED: "shown"}
_REST_WORDS = {RIGHT_LATER: "on retry", CARRIED_ON: "with a carried-over error", REVEALED: "shown", OPEN: "open"}
_FEEDBACK_STYLES = {
    "right": ("✓", "$text-success"),
    "shown": ("=", "$text-accent"),
    "imprecise": ("≈", "$text-warning"),
    "carried on": ("→", "$text-warning"),
    "slip": ("✗", "$text-error"),
    "wrong": ("✗", "$text-error"),
    "error": ("!", "$text-warning"),
}
_BAR = 10  # columns
_SUMMARY, _TO_TYPE = "summary", "a number, 3/4, or 1 - 0.2*x1"


class QuestionList(Choices, can_focus=False):
    """The questions under their phases; a click picks one, the input keeps the focus."""

    def show(self, practice: Practice) -> None:
        """Show every question's state, and highlight the current one."""
        self.border_title = practice.part
        rows = list(_rows(practice))
        if [row.id for row in rows] != [option.id for option in self.options]:
            self.set_options(rows)
        for place, (row, option) in enumerate(zip(rows, self.options, strict=True)):
            if row.prompt != option.prompt:
                self.replace_option_prompt_at_index(place, row.prompt)
        self.highlighted = self.get_option_index(practice.current or _SUMMARY)


class PracticeScreen(DismissOnce[Practice], Screen[Practice]):
    """Asks for the numbers of a round."""

    CSS_PATH = "practice.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        bind_key("enter", "answer", "answer", "Answer", "check your answer", show=True, display="⏎"),
        bind_key(
            "down", "intend('next')", "practice-next", "Question", "go to the next question", show=True, display="↑↓"
        ),
        bind_key("up", "intend('previous')", "practice-before", "Previous question", "go to the previous question"),
        bind_key(
            "f2",
            "intend('hint')",
            "hint",
            "Hint",
            "show the formula, then the numbers, then the value; or type ?",
            show=True,
            display="f2",
        ),
        bind_key("f3", "next_part", "part", "Part", "go to the next part of the round", show=True, display="f3"),
        *bind_page_keys("the right side"),
        bind_key(
            "escape", "leave", "leave", "Close", "close; your answers are kept until you quit", show=True, display="esc"
        ),
        HELP_BINDING,
    ]

    practice: reactive[Practice] = reactive(require_set, repaint=False, init=False)

    def __init__(self, title: str, round_: int, practice: Practice) -> None:
        super().__init__()
        # the names whose numbers are shown; they are redrawn only on change, as this costs most
        self._known: frozenset[str] = frozenset()
        self._heading = f"practice · round {round_:,} · {title}"
        self.set_reactive(PracticeScreen.practice, practice)

    def compose(self) -> ComposeResult:
        """Yield the questions on the left, the current one on the right, the score below."""
        yield Static(self._heading, id="top", markup=False)
        with Horizontal(id="body"):
            yield QuestionList(markup=False)
            with Vertical(id="put"):
                yield Static(id="question", markup=False)
                yield AnswerInput(select_on_focus=False)
                with PagedScroll(id="page"):
                    yield Static(id="said", markup=False)
                    yield Static(id="numbers", markup=False)
        yield Static(id="score", markup=False)
        yield TooSmall()
        yield KeysFooter()

    def on_mount(self) -> None:
        """Show the first question."""
        self.watch_practice(self.practice, self.practice)

    # Keys and clicks

    def action_intend(self, name: str) -> None:
        """Call the practice's method of a key."""
        self.practice = getattr(self.practice, name)()

    def action_leave(self) -> None:
        """Close, and return the practice."""
        self.dismiss(self.practice)

    def action_next_part(self) -> None:
        """Ask for the next part."""
        parts = list_parts(self.practice.solution.network)
        self.practice = self.practice.choose_part(parts[(parts.index(self.practice.part) + 1) % len(parts)])

    def action_answer(self) -> None:
        """Check the typed answer; a wrong one is overwritten by the next key, one that needs more digits is kept."""
        field = self.query_one(Input)
        if field.value.endswith("?"):
            field.value = field.value.rstrip("?")
            self.action_intend("hint")
            return
        self.practice = self.practice.answer(field.value)
        if self.practice.feedback and self.practice.feedback.kind in ("wrong", "slip", CARRIED_ON):
            field.select_all()

    def action_page(self, pages: int) -> None:
        """Scroll the right side."""
        self.query_one(PagedScroll).page(pages)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Go to the question that was clicked."""
        self.practice = self.practice.pick(None if event.option_id == _SUMMARY else event.option_id)

    def watch_practice(self, before: Practice, practice: Practice) -> None:
        """Show the new practice; text typed for another question is cleared."""
        self.query_one(QuestionList).show(practice)
        if practice.current != before.current:
            self.query_one(Input).clear()
        self.query_one(Input).placeholder = _TO_TYPE if practice.current else "press ↑ to go back to the questions"
        self.query_one("#question", Static).update(_question_line(practice))
        self.query_one("#said", Static).update(Content("\n").join(_feedback_lines(practice)))
        if practice.known != self._known:
            self._known = practice.known
            self.query_one("#numbers", Static).update(_number_columns(practice))
        self.query_one("#numbers").display = practice.current is not None
        self.query_one("#score", Static).update(_score_line(practice))
        self.query_one(PagedScroll).scroll_home(animate=False)


def _rows(practice: Practice) -> Iterator[Option]:
    """Yield the lines of the list: phases, which may come back, questions, and the summary last."""
    phase = ""
    for question in practice.questions:
        if question.phase != phase:
            phase = question.phase
            yield Option(Content(describe_phase(phase)), id=f"phase of {question.name}", disabled=True)
        pointer = "▸" if question.name == practice.current else " "
        value, sign = question.value or "·", _sign(question.mark)
        label = format_label(question.name)
        yield Option(Content(f"{pointer} {label}{value:>{24 - len(label)}} {sign:<3}"), id=question.name)
    yield Option(Content(f"{'▸' if practice.current is None else ' '} {_SUMMARY}"), id=_SUMMARY)


def _sign(mark: PracticeMark) -> str:
    if mark.state == OPEN:
        return "✗" if mark.wrong else ""
    return _SIGNS[mark.state]


def _question_line(practice: Practice) -> Content:
    if (name := practice.current) is None:
        return Content.styled(_SUMMARY, "bold $text-accent")
    return Content.assemble((format_label(name), "bold $text-accent"), f", {describe(practice.solution.network, name)}")


def _feedback_lines(practice: Practice) -> Iterator[Content]:
    """Yield the feedback to the last answer and the hints, or the summary."""
    if practice.feedback is not None:
        sign, style = _FEEDBACK_STYLES[practice.feedback.kind]
        yield Content.styled(f"{sign} {practice.feedback.text}", style)
    if practice.current is None:
        yield from _summary_lines(practice)
        return
    mark = practice.mark(practice.current)
    if practice.feedback is None and mark.last is not None:
        yield Content.styled(f"your last wrong answer: {mark.last.text.strip()}", "$text-muted")
    for hint in practice.hints:
        yield Content(hint)
    if mark.done:
        yield Content.styled(f"= {practice.shown(practice.current)}", "bold")
    elif mark.wrong or mark.hints:
        yield Content.styled(f"press f2 or type ? for {practice.next_hint}", "$text-muted")
    yield Content()


def _summary_lines(practice: Practice) -> Iterator[Content]:
    score, asked = practice.score, len(practice.asked)
    rest = [f"{score[state]} {_REST_WORDS[state]}" for state in STATES if state != FIRST_TRY and score[state]]
    yield Content.styled(", ".join([f"{score[FIRST_TRY]} of {asked} right first time", *rest]), "bold")
    if practice.missed:
        yield Content("\nMissed:")
    for question in practice.missed:
        last = f"\n    your answer: {question.mark.last.text.strip()}" if question.mark.last else ""
        yield Content(f"{_sign(question.mark):<3} {practice.equation(question.name)}") + Content.styled(
            last, "$text-muted"
        )
    yield Content()


def _number_columns(practice: Practice) -> Group:
    """Return given and known numbers, in as many columns as fit."""
    n, given = practice.solution.network, practice.solution.given[0]
    ends = {weight.name: f"{weight.name} {weight.source}→{weight.target}" for weight in n.weights}
    rest = [name for name in practice.solution.values[0] if name in practice.known - given.keys()]
    parts: list[Text | Columns] = []
    for title, names in (("given", (*n.data, *n.constants)), ("", n.state), ("found so far", rest)):
        pairs = [(ends.get(name, format_label(name)), practice.shown(name)) for name in names]
        wide, long = (max((len(pair[side]) for pair in pairs), default=0) for side in (0, 1))
        parts += [Text(title, style="italic")] if title and pairs else []
        parts.append(Columns([f"{left:<{wide}} {right:>{long}}" for left, right in pairs], padding=(0, 2, 0, 0)))
    return Group(*parts)


def _score_line(practice: Practice) -> Content:
    done = sum(practice.mark(name).done for name in practice.asked)
    full = _BAR * done // len(practice.asked)
    counts = "  ".join(f"{_SIGNS[state]} {practice.score[state]} {words}" for state, words in _SCORE_WORDS.items())
    return Content(f" {'█' * full}{'░' * (_BAR - full)} {done} of {len(practice.asked)}  {counts}")
