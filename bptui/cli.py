"""The command line: ``bptui [LESSON]`` opens the program, the other verbs print.

Nothing heavy is imported until a verb needs it, so that help and faults answer at once. A fault of the user's ends
with exit status 2 and one line per fault on standard error, never with a traceback.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from bptui import __version__

if TYPE_CHECKING:
    from bptui.lessons import Lesson

_VERBS = ("open", "rounds", "lessons")
_DESCRIPTION = "Step a small neural network's training round by round and check every number of backpropagation."
_EPILOG = "`bptui VERB --help` explains a verb. Inside the program, f1 shows all keys."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Words after the program's name; those of the process if left out.

    Returns:
        The exit status: 0 done, 2 bad input.
    """
    words = _joined(list(sys.argv[1:] if arguments is None else arguments))
    if not words or words[0] not in (*_VERBS, "-h", "--help", "--version"):
        words.insert(0, "open")
    options = _parser(words[0]).parse_args(words)
    try:
        status: int = options.verb(options)
        sys.stdout.flush()
    except ValueError as fault:
        from bptui.core.tables import UserError
        from bptui.text import plain

        if not isinstance(fault, UserError):
            raise
        print(plain(f"bptui: {fault}".replace("\n", "\nbptui: ")), file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader had enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return status


def _refuse(message: str) -> NoReturn:
    from bptui.core.tables import UserError

    raise UserError(message)


def _joined(words: list[str]) -> list[str]:
    """``--weights -0.1,0.2`` as one word: argparse takes a leading minus for a flag."""
    joined: list[str] = []
    for word in words:
        flag = joined and joined[-1].startswith("--") and "=" not in joined[-1]
        if flag and word[:1] == "-" and word[1:2] in set("0123456789."):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _parser(verb: str) -> argparse.ArgumentParser:
    """The parser; the settings' flags are added to the verb in use only, for they import the core."""
    parser = argparse.ArgumentParser("bptui", description=_DESCRIPTION, epilog=_EPILOG, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"bptui {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    opening = verbs.add_parser("open", help="open the program on a lesson; the verb itself may be left out")
    opening.set_defaults(verb=_open)
    opening.add_argument("lesson", nargs="?", metavar="LESSON", help="a bundled lesson's name or a file's path")
    rounds = verbs.add_parser("rounds", help="print every quantity of some rounds")
    rounds.set_defaults(verb=_rounds)
    rounds.add_argument("lesson", metavar="LESSON", help="a bundled lesson's name or a file's path")
    rounds.add_argument("--at", default="1", metavar="ROUNDS", help="such as 1,10,100 or 1-5 (default: 1)")
    rounds.add_argument("--engine", default="numpy", choices=("numpy", "torch", "both"), help="default: numpy")
    form = rounds.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="a JSON object a line, for programs")
    form.add_argument("--csv", action="store_true", help="comma-separated values")
    lessons = verbs.add_parser("lessons", help="list the bundled lessons, or print one's file")
    lessons.set_defaults(verb=_lessons)
    lessons.add_argument("name", nargs="?", metavar="NAME", help="the lesson whose file to print")
    if verb in ("open", "rounds"):
        _add_settings(opening if verb == "open" else rounds)
    return parser


def _add_settings(parser: argparse.ArgumentParser) -> None:
    """A flag for every setting of a problem, from the settings' own descriptions."""
    from bptui.core.spec import settings

    group = parser.add_argument_group("settings, in place of the lesson's")
    for item in settings():
        if not item.name.startswith("activation"):
            names = getattr(item.metadata["kind"], "names", ())
            about = item.metadata["about"] + (f": {', '.join(names)}" if names else "")
            flag = item.name.replace("_", "-")
            group.add_argument(f"--{flag}", dest=f"set_{item.name}", metavar="VALUE", help=about)
    about = "of all neurons, or of a layer or neuron by name, such as o2=relu or hidden=tanh"
    group.add_argument("--activation", action="append", metavar="[WHERE=]NAME", default=[], help=about)


def _lesson(options: argparse.Namespace, default: str = "") -> "Lesson":
    """The lesson that the words and flags ask for."""
    from bptui import lessons
    from bptui.core.spec import Spec, SpecError
    from bptui.core.tables import merged

    lesson = lessons.load(options.lesson or default)
    changes = _changes(options, [name for name, _ in lesson.spec.activation_neurons])
    if not changes:
        return lesson
    try:
        spec = Spec.from_table(merged(lesson.spec.to_table(), changes))
    except SpecError as error:
        raise lessons.LessonError(lesson.name, list(error.faults)) from error
    return replace(lesson, spec=spec)


def _changes(options: argparse.Namespace, neurons: list[str]) -> dict[str, Any]:
    """The tables that the flags lay over the lesson's, which has activations of their own for some neurons."""
    from bptui.core.spec import settings
    from bptui.core.tables import put

    changes: dict[str, Any] = {}
    for item in settings():
        text = getattr(options, f"set_{item.name}", None)
        if text is not None:
            put(changes, item.metadata["path"], item.metadata["kind"].read(text))
    for text in options.activation:
        where, sign, name = text.rpartition("=")
        for key in [where.strip()] if sign else ["hidden", "output", *neurons]:
            put(changes, ("network", "activation", key), name.strip())
    return changes


def _open(options: argparse.Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        _refuse("the program needs a terminal; `bptui rounds LESSON` prints the same numbers")
    from bptui import lessons

    lesson = _lesson(options, lessons.DEFAULT)
    from bptui.ui.app import BptuiApp

    app = BptuiApp(lesson)
    app.run()
    return app.return_code or 0


def _lessons(options: argparse.Namespace) -> int:
    from bptui import lessons, text

    if options.name:
        print(lessons.read_text(lessons.path_of(options.name)), end="")
    else:
        print("\n".join(text.columns([(lesson.name, lesson.title) for lesson in lessons.catalogue()], left=2)))
    return 0


def _numbers_of(text: str) -> list[int]:
    """The rounds that ``1,10,100`` or ``1-5`` names."""
    from bptui.core.spec import MOST_ROUNDS

    found: dict[int, None] = {}
    for part in text.split(","):
        low, dash, high = part.strip().partition("-")
        try:
            span = range(int(low), int(high if dash else low) + 1)
        except ValueError:
            _refuse(f'--at: "{part}" must be a round or a range such as 1-5')
        if not span:
            _refuse(f"--at: {part} is no range: it ends before it starts")
        if span[0] < 1 or span[-1] > MOST_ROUNDS:
            _refuse(f"--at: {part} must lie between 1 and {MOST_ROUNDS:,}")
        found |= dict.fromkeys(span)
    return list(found)


def _rounds(options: argparse.Namespace) -> int:
    at = _numbers_of(options.at)
    lesson = _lesson(options)
    from bptui import rounds
    from bptui.core.engine import EngineUnavailableError

    engines = ("numpy", "torch") if options.engine == "both" else (options.engine,)
    write = rounds.as_json if options.json else rounds.as_csv if options.csv else rounds.as_table
    try:
        for line in write(rounds.compute(lesson, engines, at)):
            print(line)
    except EngineUnavailableError as fault:
        _refuse(f"--engine {options.engine}: {fault}")
    return 0
