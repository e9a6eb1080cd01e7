"""How the stepper opens a screen: what it is made from, what is remembered for it, and what becomes of its answer.

A row's ``make`` returns the screen, whose file it loads: the first picture needs none of them. Its ``take`` returns the
next session, given the one there is when the screen is left; a screen that hands nothing back leaves it as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.screen import Screen

from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.lessons.lesson import Lesson
from bptui.record import record
from bptui.session.frame import Frame
from bptui.session.session import Session
from bptui.ui.drawing.strokes import Strokes
from bptui.ui.widgets.session_screen import SessionScreen

if TYPE_CHECKING:
    from bptui.compare.view_state import Summaries
    from bptui.explain.result import ExplanationData
    from bptui.practice.practice import Practice


@dataclass
class Memory:
    """What screens have handed back that they are given again when they are opened again."""

    practised: "dict[tuple[Run, int], Practice]" = field(default_factory=dict)
    told: "dict[str, ExplanationData]" = field(default_factory=dict)
    summaries: "Summaries" = field(default_factory=dict)
    author: str = ""


@record(eq=False)
class Opening:
    """What a screen is opened on.

    Attributes:
        session: The session as it is then.
        latest: What makes the frame of it.
        strokes: What is drawn with.
        memory: What screens have handed back before.
        owner: The screen that holds the session, for a screen that follows it.
        word: What to begin with: a setting, or a part to practise; nothing for the screen's own beginning.
    """

    session: Session
    latest: Callable[[], Frame]
    strokes: Strokes
    memory: Memory
    owner: SessionScreen
    word: str = ""


def find_problem(answer: Any) -> Spec | None:
    """Return the problem that an answer is about; None if it is about none, or one that is there already."""
    if isinstance(answer, Session | Lesson):
        return answer.spec
    return answer if isinstance(answer, Spec) else None


class Row(NamedTuple):
    """How one screen is made, and what its answer does to the session there is by then.

    ``refuse`` returns why there is nothing to show, or an empty text. ``works`` says whether the screen is for work on
    the run shown, which makes it a part of the session, and not only for looking at it.
    """

    make: Callable[[Opening], Screen[Any]]
    take: Callable[[Opening, Session, Any], Session] | None = None
    refuse: Callable[[Session], str] = lambda _: ""
    works: bool = False
