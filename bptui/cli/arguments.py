"""The arguments that several commands share: adding them to a parser, and reading lessons and sessions from them.

Everything but the standard library is imported inside the functions: help must answer at once.
"""

import argparse

from bptui.cli.output import print_faults

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than help takes to answer
if TYPE_CHECKING:
    from collections.abc import Iterable

    from bptui.core.problem.tables import Table, UserError
    from bptui.lessons.lesson import Lesson
    from bptui.session.session import Session

SWITCHES = ("--ascii", "--presenter")  # flags that may precede a command, because they take no value


def add_lesson(parser: argparse.ArgumentParser, nargs: str | None = None) -> None:
    """Add the lesson, or the number of lessons that argparse's ``nargs`` allows."""
    parser.add_argument("lesson", metavar="LESSON", help="name of a bundled lesson, or path of a file", nargs=nargs)


def add_ascii(parser: argparse.ArgumentParser) -> None:
    """Add the switch for terminals that show ASCII signs only."""
    parser.add_argument("--ascii", action="store_true", help="use ASCII characters only")


def add_presenter(parser: argparse.ArgumentParser) -> None:
    """Add the switch for a projector."""
    parser.add_argument(
        "--presenter", action="store_true", help="for a projector: show less, but larger, and the keys you press"
    )


def add_round(parser: argparse.ArgumentParser) -> None:
    """Add the round that a command computes."""
    parser.add_argument("--round", default="1", metavar="K", help="the round to calculate (default: 1)")


def add_formats(parser: argparse.ArgumentParser, json_about: str, csv_about: str = "comma-separated values") -> None:
    """Add the formats for programs, of which one may be chosen."""
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=json_about)
    form.add_argument("--csv", action="store_true", help=csv_about)


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add a flag for every setting of a problem, from the settings' own descriptions."""
    from bptui.core.formulas.activations import ACTIVATIONS
    from bptui.core.problem.flags import list_flags
    from bptui.core.problem.kinds.suggestions import list_names
    from bptui.core.problem.spec import list_settings

    group = parser.add_argument_group("settings that replace the lesson's")
    for item in list_settings():
        if not item.name.startswith("activation"):
            names = list_names(getattr(item.metadata["kind"], "names", ()))
            about = item.metadata["about"] + (f": {names}" if names else "")
            one = group.add_mutually_exclusive_group()  # two words for one setting contradict each other
            for word, flags, about_word in list_flags(item.name, about):
                words = [f"--{flag}" for flag in flags]
                one.add_argument(*words, dest=f"set_{word}", metavar="VALUE", help=about_word)
    about = f"activation of all neurons, or of one layer or neuron, as in hidden=tanh: {', '.join(ACTIVATIONS)}"
    group.add_argument("--activation", action="append", metavar="[WHERE=]NAME", default=[], help=about)


def make_user_error(message: str) -> "UserError":
    """Return the error to raise for an impossible request of the user."""
    from bptui.core.problem.tables import UserError

    return UserError(message)


def parse_int(flag: str, text: str, most: int, least: int = 1) -> int:
    """Parse the whole number that the user gave for a flag.

    Raises:
        UserError: If the text is not a whole number, or the number is outside the bounds.
    """
    from bptui.core.problem.kinds.setting_kinds import WholeNumber

    kind = WholeNumber(least, most)
    value = kind.read(text)
    try:
        return kind.check(value)
    except ValueError as error:
        shown = f'"{text}"' if isinstance(value, str) else text
        raise make_user_error(f"{flag}: {shown} must be {error}") from error


def read_lesson(options: argparse.Namespace, default: str = "") -> "Lesson":
    """Return the lesson that the options name, with the settings that they change."""
    return read_lesson_named(options.lesson or default, options)


def read_lesson_named(name: str, options: argparse.Namespace) -> "Lesson":
    """Return a lesson with the settings that the options change, in the lesson and in all its printed values.

    Raises:
        LessonError: If the changed settings do not fit together, among other faults.
    """
    from dataclasses import replace

    from bptui.core.problem.flags import name_faults
    from bptui.core.problem.spec import Spec, SpecError
    from bptui.core.problem.tables import ALIASES, merge_tables
    from bptui.lessons.lesson import load_lesson
    from bptui.system.reading import LessonError

    lesson = load_lesson(name)
    changes = _read_changes(options, lesson.spec.own_activations)
    if not changes:
        return lesson
    hints = list_comma_hints(options)
    try:
        spec = Spec.from_table(merge_tables(lesson.spec.to_table(), changes))
    except SpecError as error:
        given = {"activation"} if options.activation else set()
        faults = name_faults(error.faults, given.union(_read_texts(options)))
        raise LessonError(lesson.name, [*faults, *hints]) from error
    for hint in hints:
        print_faults(hint)
    changed = {ALIASES.get(key, key) for key in changes.get("training", {})}
    figures = tuple(f.without(changed) for f in lesson.figures)
    return replace(lesson, spec=spec, figures=figures)


def list_comma_hints(options: argparse.Namespace) -> list[str]:
    """Return what became of numbers that were typed with a comma for the point, in flags that take lists."""
    from bptui.core.problem.kinds.array_kinds import describe_commas
    from bptui.core.problem.spec import list_settings

    texts = {item: getattr(options, f"set_{item.name}", None) or "" for item in list_settings()}
    hints = {item.name: describe_commas(item.metadata["kind"], text) for item, text in texts.items()}
    return [f"--{name.replace('_', '-')}: {hint}" for name, hint in hints.items() if hint]


def read_changed_lesson(name: str, options: argparse.Namespace) -> "Lesson":
    """Return a lesson with the settings of the options; if they change it, its title and note say so."""
    from dataclasses import replace

    from bptui.lessons.lesson import load_lesson
    from bptui.lessons.training import mark_note, name_run

    own, lesson = load_lesson(name), read_lesson_named(name, options)
    if lesson.spec == own.spec:
        return lesson
    note = mark_note(own.note) if own.note else ""
    return replace(lesson, title=name_run(own, lesson.spec), note=note)


def _read_changes(options: argparse.Namespace, places: "Iterable[str]") -> "Table":
    """Return the changes that flags make to a lesson that gives activations of their own to some layers and neurons."""
    from bptui.core.problem.flags import read_changes

    return read_changes(_read_texts(options), options.activation, places)


def _read_texts(options: argparse.Namespace) -> "dict[str, str]":
    """Return what was typed for settings, by their names or by other words for them."""
    from bptui.core.problem.spec import list_settings
    from bptui.core.problem.tables import ALIASES

    words = [*(item.name for item in list_settings()), *ALIASES]
    texts = {word: getattr(options, f"set_{word}", None) for word in words}
    return {word: text for word, text in texts.items() if text is not None}


def read_session(options: argparse.Namespace) -> "Session":
    """Return the session that the options name: a new one on a lesson, with changed settings, or one from a file.

    Raises:
        UserError: If flags change settings of a session from a file, among other faults.
    """
    from bptui.lessons.lesson import DEFAULT_LESSON
    from bptui.session.session import Session
    from bptui.system.reading import IsSessionFileError

    try:
        lesson = read_lesson(options, DEFAULT_LESSON)
        opened = options.lesson or _read_changes(options, [])
        session = Session.open(lesson) if opened else Session.start(lesson)
        hints = list_comma_hints(options)
        return session.with_notice("; ".join(hints)) if hints else session
    except IsSessionFileError as it:
        if _read_changes(options, []):
            message = f"{it.path} is a session, and flags change only lessons: press s in the program for its settings"
            raise make_user_error(message) from it
        from bptui.persistence.session_file import load_session

        return load_session(it.path)
