"""The dialog that lists the bundled lessons with their notes; it returns a lesson, or nothing."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Markdown, OptionList

from bptui.lessons.lesson import Lesson, load_bundled_lessons
from bptui.text.words import format_count, join_words
from bptui.ui.bindings import CANCEL_BINDING, HELP_BINDING, bind_enter
from bptui.ui.widgets.choices import Choices
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.page_scroll import PagedScroll, bind_page_keys
from bptui.ui.widgets.too_small import TooSmall

_LONGEST = 15  # columns of a name
OWN_EXERCISE = "exercise"
"""The answer that asks for the screen of this name: an exercise of the user's own."""
_OWN_ROW = "My own exercise…"
_OWN_NOTE = "Type in an exercise of your own, cell by cell, or paste it. On the first screen `ctrl+n` does the same."


class LessonList(Choices):
    """The lessons and their variants, a line each."""

    BINDINGS = [bind_enter("Open", "train this lesson, from round 1", "open-lesson", "select")]  # noqa: RUF012


class LessonsScreen(DismissOnce[Lesson | str | None], ModalScreen[Lesson | str | None]):
    """Lists the lessons and their variants, beside the note of the one under the cursor.

    It returns a lesson, or ``OWN_EXERCISE``.
    """

    CSS_PATH = "dialog.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        *bind_page_keys("the note"),
        CANCEL_BINDING,
        HELP_BINDING,
    ]

    def __init__(self, current: Lesson) -> None:
        super().__init__()
        bundled = load_bundled_lessons()
        own = [] if current.name in [lesson.name for lesson in bundled] else [current]
        self._choices: list[tuple[str, Lesson | None]] = [(_OWN_ROW, None), *((lesson.name, lesson) for lesson in own)]
        for lesson in bundled:
            self._choices.append((lesson.name, lesson))
            self._choices += [(f"  {variant.name}", lesson.make_variant(variant)) for variant in lesson.variants]
        self._current = current

    def compose(self) -> ComposeResult:
        """Yield the list on the left, the note on the right."""
        with Vertical(classes="dialog") as box:
            box.border_title = "lessons"
            with Horizontal():
                yield LessonList(
                    *(format_list_row(name, one) if one else name for name, one in self._choices), markup=False
                )
                with PagedScroll():
                    yield Markdown()
        yield TooSmall()
        yield KeysFooter()

    def on_mount(self) -> None:
        """Start on the lesson that is open."""
        titles = [lesson.title if lesson else "" for _, lesson in self._choices]
        self.query_one(OptionList).highlighted = (
            titles.index(self._current.title) if self._current.title in titles else 0
        )

    def action_page(self, pages: int) -> None:
        """Scroll the note."""
        self.query_one(PagedScroll).page(pages)

    async def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the note of the lesson under the cursor, if the cursor is still there."""
        if event.option_index != event.option_list.highlighted:
            return
        # Awaited here and not in a worker: a cancelled worker would leave the widgets half updated
        lesson = self._choices[event.option_index][1]
        parts = [f"**{lesson.title}**", describe_figures(lesson), lesson.note] if lesson else [_OWN_NOTE]
        await self.query_one(Markdown).update("\n\n".join(filter(None, parts)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Return the lesson."""
        self.dismiss(self._choices[event.option_index][1] or OWN_EXERCISE)


def format_list_row(name: str, lesson: Lesson) -> str:
    """Return a lesson's name, and how many printed values it has."""
    count = sum(len(figures.printed) for figures in lesson.figures)
    return f"{name:<{_LONGEST}} {format_count(count, 'figure'):>11}" if count else name


def describe_figures(lesson: Lesson) -> str:
    """Return how many printed values a lesson has, and of which rounds; empty if there are none."""
    count = sum(len(figures.printed) for figures in lesson.figures)
    rounds = [f"{round_:,}" for round_ in sorted({figures.round for figures in lesson.figures})]
    named = f"round{'s' if len(rounds) > 1 else ''} {join_words(rounds)}"
    return f"*{format_count(count, 'printed figure')}, of {named}: `c` checks them.*" if count else ""
