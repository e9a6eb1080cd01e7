"""The screens that the stepper opens, by the names that keys and commands open them with.

The functions load a screen's file where it is opened: the first picture needs none of them.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.screen import Screen

from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import Lesson, format_lesson
from bptui.session.notices import say_lesson_saved
from bptui.session.session import Session
from bptui.ui.screens.opening import Opening, Row

if TYPE_CHECKING:
    from pathlib import Path

    from bptui.practice.practice import Practice
    from bptui.ui.dialogs.report import ReportOutcome
    from bptui.ui.screens import check, compare


def _go_to(at: Opening) -> Screen[int | None]:
    from bptui.ui.dialogs.go_to import GoToScreen

    return GoToScreen(at.session.round, at.session.spec.rounds)


def _settings(at: Opening) -> Screen[Spec | None]:
    from bptui.ui.dialogs.settings import SettingsScreen

    return SettingsScreen(at.session.spec, at.word, at.session.lesson)


def _lessons(at: Opening) -> Screen[Lesson | str | None]:
    from bptui.ui.dialogs.lessons import LessonsScreen

    return LessonsScreen(at.session.lesson)


def _take_lesson(at: Opening, session: Session, answer: Lesson | str) -> Session:
    """Train the lesson that was chosen, or open the screen that was named in its place."""
    if isinstance(answer, Lesson):
        return session.open_lesson(answer)
    at.owner.call_later(at.owner.action_open, answer)
    return session


def _exercise(at: Opening) -> Screen[Lesson | None]:
    from bptui.ui.screens.exercise import ExerciseScreen

    session = at.session
    titles = {training.lesson.title for training in session.trainings}
    return ExerciseScreen(session.lesson, session.spec, titles, at.strokes)


def _save(at: Opening) -> "Screen[Path | None]":
    from bptui.ui.dialogs.session_file import SaveScreen

    return SaveScreen(at.session)


def _save_lesson(at: Opening) -> "Screen[Path | None]":
    from bptui.ui.dialogs.session_file import SaveLessonScreen

    return SaveLessonScreen(_lesson_shown(at.session))


def _open_file(at: Opening) -> Screen[Session | Lesson | None]:
    from bptui.ui.dialogs.session_file import OpenScreen

    return OpenScreen(at.session)


def _take_opened(at: Opening, session: Session, what: Session | Lesson) -> Session:
    """Put a session in place of the one there is; add a lesson to it."""
    return session.replaced_by(what) if isinstance(what, Session) else session.open_lesson(what)


def _sweep(at: Opening) -> Screen[Spec | None]:
    from bptui.ui.screens.sweep import SweepScreen

    return SweepScreen(at.session.spec, at.latest().title)


def _report(at: Opening) -> "Screen[ReportOutcome | None]":
    from bptui.ui.dialogs.report import ReportScreen

    return ReportScreen(at.session, at.memory.author)


def _take_report(at: Opening, session: Session, outcome: "ReportOutcome") -> Session:
    """Keep the name of who hands it in; say what was written."""
    at.memory.author = outcome.author
    return session.touch().with_notice(outcome.notice)


def _rename(at: Opening) -> Screen[str | None]:
    from bptui.ui.dialogs.rename import RenameScreen

    return RenameScreen(at.session.trainings[at.session.current])


def _derivation(at: Opening) -> Screen[None]:
    from bptui.ui.dialogs.derivation import DerivationScreen

    return DerivationScreen(at.latest())


def _boundary(at: Opening) -> Screen[None]:
    from bptui.ui.screens.boundary import BoundaryScreen

    return BoundaryScreen(at.owner, at.strokes)


def _pictures(at: Opening) -> Screen[None]:
    from bptui.ui.screens.pictures import PicturesScreen

    return PicturesScreen(at.owner, at.strokes)


def _refuse_pictures(session: Session) -> str:
    is_input = session.selected in session.network.inputs
    return f"{session.selected} is given and never changes: select a neuron, a weight, a bias or E" if is_input else ""


def _refuse_boundary(session: Session) -> str:
    count = len(session.network.inputs)
    return "" if count == 2 else f"the boundary needs two inputs; this network has {count}"


def _programs(at: Opening) -> Screen[None]:
    from bptui.ui.screens.programs import ProgramsScreen

    return ProgramsScreen(at.session.spec, at.latest().title, at.session.lesson.name)


def _lesson_shown(session: Session) -> Lesson:
    from bptui.check.marks import with_problem

    return replace(with_problem(session.lesson, session.spec), title=session.trainings[session.current].title)


def _check(at: Opening) -> "Screen[check.CheckOutcome]":
    from bptui.ui.screens.check import CheckScreen

    lesson = _lesson_shown(at.session)
    return CheckScreen(at.latest().title, lesson, at.memory.told.get(format_lesson(lesson)), at.session.round)


def _take_checked(at: Opening, session: Session, outcome: "check.CheckOutcome") -> Session:
    """Keep the explanation and the printed values; show the one that was chosen."""
    if outcome.told is not None:
        at.memory.told[format_lesson(outcome.lesson or _lesson_shown(at.session))] = outcome.told
    if outcome.lesson is not None:
        session = session.with_printed(outcome.lesson)
    if (figure := outcome.figure) is None:
        return session
    return session.show_figure(figure.round, figure.quantity, figure.changes)


def _printed(at: Opening) -> Screen[Lesson | None]:
    from bptui.ui.dialogs.printed_values import PrintedScreen

    return PrintedScreen(_lesson_shown(at.session), at.session.round)


def _compare(at: Opening) -> "Screen[compare.CompareOutcome]":
    from bptui.ui.screens.compare import CompareScreen

    return CompareScreen(at.session.trainings, at.session.current, at.memory.summaries, at.strokes)


def _take_compared(at: Opening, session: Session, outcome: "compare.CompareOutcome") -> Session:
    """Keep the summaries; add the runs that came to it, and show the one that was chosen."""
    at.memory.summaries = {**at.memory.summaries, **outcome.known}
    return session.after_comparison(outcome.trainings, outcome.show)


def _number(at: Opening) -> Screen[Spec | None]:
    from bptui.check.own_number import NumberComparison
    from bptui.ui.dialogs.number import NumberScreen

    session, torch = at.session, at.session.torch.given(at.session.round)
    return NumberScreen(NumberComparison.about(session.run, session.round, session.selected, at.latest().marks, torch))


def _practice(at: Opening) -> "Screen[Practice]":
    from bptui.practice.practice import Practice
    from bptui.ui.screens.practice import PracticeScreen

    session = at.session
    practice = at.memory.practised.get((session.run, session.round))
    if practice is None:
        practice = Practice.about(session.spec, session.run.state(session.round), session.round)
    practice = (practice.choose_part(at.word) if at.word else practice).with_digits(session.digits)
    return PracticeScreen(at.latest().title, session.round, practice)


def _take_practised(at: Opening, session: Session, practice: "Practice") -> Session:
    """Keep the practice for the next time that this round is practised."""
    at.memory.practised[at.session.run, at.session.round] = practice
    return session


SCREENS = {
    "go_to": Row(_go_to, lambda _, session, round_: session.go_to(round_)),
    "settings": Row(_settings, lambda _, session, spec: session.change(spec)),
    "exercise": Row(_exercise, lambda _, session, lesson: session.open_lesson(lesson)),
    "lessons": Row(_lessons, _take_lesson),
    "save": Row(_save, lambda at, session, file: session.saved_in(str(file), at.session)),
    "save_lesson": Row(_save_lesson, lambda _, session, file: session.with_notice(say_lesson_saved(file))),
    "open_file": Row(_open_file, _take_opened),
    "sweep": Row(_sweep, lambda _, session, spec: session.change(spec)),
    "report": Row(_report, _take_report),
    "derivation": Row(_derivation),
    "boundary": Row(_boundary, refuse=_refuse_boundary),
    "pictures": Row(_pictures, refuse=_refuse_pictures),
    "programs": Row(_programs),
    "check": Row(_check, _take_checked, works=True),
    "printed": Row(_printed, lambda _, session, lesson: session.with_printed(lesson)),
    "compare": Row(_compare, _take_compared),
    "number": Row(_number, lambda _, session, spec: session.change(spec), works=True),
    "practice": Row(_practice, _take_practised, works=True),
    "rename": Row(_rename, lambda _, session, name: session.rename(name)),
}
