"""What each verb of the command line does, given its options.

Everything but the standard library is imported inside the functions, by the verb that needs it: the parser names the
verbs, and help must answer at once.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from bptui.check.recompute import Checked
    from bptui.lessons.lesson import Lesson
    from bptui.session.session import Session

_WIDTH = 100  # columns of a line for people, where it can be broken
_LONG = 50_000  # rounds that take long enough to say so


def refuse(message: str) -> NoReturn:
    """Refuse what the user asked for.

    Raises:
        UserError: With the message.
    """
    from bptui.core.problem.tables import UserError

    raise UserError(message)


def lesson_of(options: argparse.Namespace, default: str = "") -> "Lesson":
    """The lesson the options name, with the settings they change."""
    return lesson_named(options.lesson or default, options)


def lesson_named(name: str, options: argparse.Namespace) -> "Lesson":
    """A lesson with the settings that the options change, in the lesson and in all its figures."""
    from bptui.core.problem.spec import Spec, SpecError
    from bptui.core.problem.tables import merged
    from bptui.lessons.lesson import load_lesson
    from bptui.system.reading import LessonError

    lesson = load_lesson(name)
    changes = _changes(options, [name for name, _ in lesson.spec.activation_neurons])
    if not changes:
        return lesson
    try:
        spec = Spec.from_table(merged(lesson.spec.to_table(), changes))
    except SpecError as error:
        raise LessonError(lesson.name, list(error.faults)) from error
    figures = tuple(f.without(changes.get("training", {})) for f in lesson.figures)
    return replace(lesson, spec=spec, figures=figures)


def _changes(options: argparse.Namespace, neurons: list[str]) -> dict[str, Any]:
    """The tables that the flags lay over the lesson's, which has activations of their own for some neurons."""
    from bptui.core.problem.flags import changes
    from bptui.core.problem.spec import setting_fields

    texts = {item.name: getattr(options, f"set_{item.name}", None) for item in setting_fields()}
    return changes({name: text for name, text in texts.items() if text is not None}, options.activation, neurons)


def print_lines(lines: Iterable[str]) -> int:
    """Print lines as they come, with nothing in them that a terminal could obey; the exit status of having done so."""
    from bptui.text.words import plain

    for line in lines:
        print(plain(line))
    return 0


def open_(options: argparse.Namespace) -> int:
    """Open the program on a lesson or a sitting."""
    return _in_terminal(session_of(options), options.ascii, presenter=options.presenter)


def session_of(options: argparse.Namespace) -> "Session":
    """The sitting that the options name: one on a lesson, with the settings they change, or one from a file."""
    from bptui.lessons.lesson import DEFAULT
    from bptui.session.session import Session
    from bptui.system.reading import IsSittingError

    try:
        return Session.open(lesson_of(options, DEFAULT))
    except IsSittingError as it:
        if _changes(options, []):
            refuse(f"{it.path} is a sitting: flags change a lesson's settings, and `s` in the program a sitting's")
        from bptui.persistence.session_file import load_session

        return load_session(it.path)


def need_terminal(otherwise: str) -> None:
    """Refuse where there is no terminal that can show the program.

    Args:
        otherwise: What does without one.

    Raises:
        UserError: If there is none.
    """
    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        refuse(f"the program needs a terminal; {otherwise}")
    if os.environ.get("TERM") == "dumb":
        refuse(f"the program needs a terminal that can place text, and TERM says that this one is dumb; {otherwise}")


def _in_terminal(session: "Session", only_ascii: bool, practice: str = "", presenter: bool = False) -> int:
    """Open the program on a sitting, perhaps with a part of its round to be practised; the exit status."""
    from contextlib import nullcontext

    if os.name == "nt":
        brought_back: Any = nullcontext()
    else:
        from bptui.system.terminal import Terminal

        brought_back = Terminal(only_ascii)
    with brought_back as terminal:
        from bptui.ui.app import BptuiApp
        from bptui.ui.drawing.strokes import ASCII

        app = BptuiApp(session, practice, terminal, ASCII if only_ascii else None, presenter)
        app.run()
        status = app.return_code or 0
        app.end(status)
    return status


def lessons(options: argparse.Namespace) -> int:
    """List the bundled lessons, or print one's file."""
    from bptui.lessons.lesson import bundled_lessons, lesson_path
    from bptui.system.reading import read_text
    from bptui.text.words import columns, plain

    if options.name:
        content = read_text(lesson_path(options.name)).replace("\r\n", "\n")
        print(plain(content), end="")
        return 0
    return print_lines(columns([(lesson.name, lesson.title) for lesson in bundled_lessons()], left=2))


def _numbers_of(text: str) -> list[int]:
    """The rounds that ``1,10,100`` or ``1-5`` names."""
    from bptui.core.problem.spec import MOST_ROUNDS

    found: dict[int, None] = {}
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        try:
            span = range(int(low), int(high if dash else low) + 1)
        except ValueError:
            refuse(f'--at: "{part}" must be a round or a range such as 1-5')
        if not span:
            refuse(f"--at: {part} is no range: it ends before it starts")
        if span[0] < 1 or span[-1] > MOST_ROUNDS:
            refuse(f"--at: {part} must lie between 1 and {MOST_ROUNDS:,}")
        found |= dict.fromkeys(span)
    return list(found)


def rounds(options: argparse.Namespace) -> int:
    """Print every quantity of some rounds."""
    at = _numbers_of(options.at)
    lesson = lesson_of(options)
    from bptui.cli import rounds
    from bptui.core.engines.engine import EngineUnavailableError

    engines = ("numpy", "torch") if options.engine == "both" else (options.engine,)
    write = rounds.as_json if options.json else rounds.as_csv if options.csv else rounds.as_table
    try:
        return print_lines(write(rounds.compute(lesson, engines, at)))
    except EngineUnavailableError as fault:
        refuse(f"--engine {options.engine}: {fault}")


def check(options: argparse.Namespace) -> int:
    """Recompute every printed figure of some lessons; status 1 says that not all of them agree."""
    from bptui.check.recompute import as_json, as_text, checked, count
    from bptui.lessons.lesson import require_figures

    lessons = {word: lesson_named(word, options) for word in options.lesson}
    for lesson in lessons.values():
        require_figures(lesson)
    said: dict[str, None] = {}
    found: dict[str, list[Checked]] = {word: [] for word in lessons}
    write = as_json if options.json else as_text
    for word, lesson in lessons.items():
        figures = checked(lesson, lambda line: _say_once(line, said))
        print_lines(write(lesson, _noted(figures, found[word])))
    if any(found.values()) and not options.json:
        print_lines([count(found)])
    return int(not all(one.agrees for figures in found.values() for one in figures))


def _say_once(line: str, said: dict[str, None]) -> None:
    from bptui.text.words import plain

    if line not in said:
        print(plain(f"bptui: {line}"), file=sys.stderr)
    said[line] = None


def _noted(figures: "Iterable[Checked]", into: "list[Checked]") -> "Iterator[Checked]":
    """Figures as they come, each written down on its way."""
    for one in figures:
        into.append(one)
        yield one


def explain(options: argparse.Namespace) -> int:
    """Search for what was done otherwise where figures do not come out; ctrl+c stops, and tells what was found."""
    import json
    from shutil import get_terminal_size

    from bptui.explain.sentences import in_words, narrowed, sentences
    from bptui.explain.worker import searched
    from bptui.lessons.lesson import require_figures

    lesson = _with_numbers(lesson_of(options), options)
    require_figures(lesson)
    if not lesson.figures:
        refuse(f"{lesson.name} has no printed figures; --number dE_dw1=0.000365 asks about a number of your own")
    say = status_line()
    try:
        told = searched(lesson, lambda progress: say(in_words(progress)))
    finally:
        say("")
    if options.json:
        print_lines([json.dumps(told)])
    else:
        widest = min(_WIDTH, get_terminal_size().columns) if sys.stdout.isatty() else _WIDTH
        print_lines(line.text for line in narrowed(sentences(told), widest))
    return 130 if told["stopped"] else 0


def status_line() -> Callable[[str], None]:
    """What writes a line on standard error over the one before, if there is a terminal."""
    from shutil import get_terminal_size

    def say(text: str) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{text[: get_terminal_size().columns - 1]}", end="", file=sys.stderr, flush=True)

    return say


def _with_numbers(lesson: "Lesson", options: argparse.Namespace) -> "Lesson":
    """The lesson with the numbers of the options for its figures, if there are some."""
    from bptui.check.own_number import with_numbers
    from bptui.core.problem.spec import MOST_ROUNDS

    if options.round is not None and not options.number:
        refuse("--round goes with --number")
    round_ = whole("--round", options.round or "1", MOST_ROUNDS)
    try:
        return with_numbers(lesson, options.number, round_) if options.number else lesson
    except ValueError as fault:
        refuse(f"--number: {fault}")


def derive(options: argparse.Namespace) -> int:
    """Print a round's whole calculation."""
    from bptui.core.problem.spec import MOST_ROUNDS
    from bptui.derive.page import derive

    round_ = whole("--round", options.round, MOST_ROUNDS)
    digits = whole("--precision-shown", options.precision_shown, 17)
    return print_lines(derive(lesson_of(options), round_, options.format, digits, options.quantity))


def program(options: argparse.Namespace) -> int:
    """Print the training as a program of its own."""
    from bptui.derive.programs import PROGRAMS, source

    lesson = lesson_of(options)
    print(source(PROGRAMS[options.engine](lesson.spec, lesson.title)), end="")
    return 0


def practice(options: argparse.Namespace) -> int:
    """Open the program on a round to be calculated by the learner."""
    from bptui.core.problem.kinds import Choice
    from bptui.core.problem.spec import MOST_ROUNDS
    from bptui.practice.practice import PARTS
    from bptui.session.session import Session

    round_ = whole("--round", options.round, MOST_ROUNDS)
    try:
        part = Choice(tuple(PARTS)).check(options.part)
    except ValueError as error:
        refuse(f'--part: "{options.part}" must be {error}')
    session = Session.open(lesson_of(options))
    if round_ > _LONG:
        print(f"calculating {round_:,} rounds …", file=sys.stderr)
    session.run.reach(round_ + 1)  # before there is a screen to keep waiting
    return _in_terminal(session.go_to(round_), options.ascii, part)


def whole(flag: str, text: str, most: int, least: int = 1) -> int:
    """A whole number that a flag was given."""
    from bptui.core.problem.kinds import Whole

    kind = Whole(least, most)
    try:
        return kind.check(text if "," in text and not re.fullmatch(r"\d{1,3}(,\d{3})+", text) else kind.read(text))
    except ValueError as error:
        refuse(f"{flag}: {text} must be {error}")
