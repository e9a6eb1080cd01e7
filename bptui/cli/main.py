"""The command line: ``bptui [LESSON]`` opens the program, the other commands print.

A mistake of the user ends with exit status 2 and one line per fault on standard error, never with a traceback.
"""

import errno
import gc
import os
import sys
from collections.abc import Container, Sequence
from importlib import import_module
from io import TextIOWrapper

from bptui import __version__
from bptui.cli.arguments import SWITCHES
from bptui.cli.output import print_faults
from bptui.cli.parser import CommandParser

# Each command with its line of help, what it takes before its flags, and an example; the command's file in
# bptui/cli/commands has the same name
COMMANDS = {
    "open": ("open the program on a lesson; you can leave out the word open", "[LESSON]", "xor --lr 0.5"),
    "rounds": ("print all quantities of one or more rounds", "LESSON", "two-by-two --at 1-3 --engine both"),
    "check": (
        "recompute a lesson's printed values and compare the digits",
        "LESSON [LESSON ...]",
        "mazur-2015 nnwj",
    ),
    "explain": ("find the mistake behind printed values that don't match", "LESSON", "era-sheet"),
    "sweep": (
        "train with many settings and from many starts, and count the outcomes",
        "LESSON",
        "xor --vary step=0.1,1,10 --seeds 20",
    ),
    "derive": ("print the full calculation of a round, formula by formula", "LESSON", "two-by-two --quantity dE_dw1"),
    "program": ("print the training as a standalone program or a notebook", "LESSON", "two-by-two --style matrix"),
    "report": ("write a report: page, plots, all numbers", "LESSON [LESSON ...]", "two-by-two"),
    "practice": ("calculate a round yourself and have your numbers checked", "LESSON", "two-by-two --part forward"),
    "serve": ("serve the program to browsers; each visitor has their own session", "[LESSON]", "--port 8000"),
    "config": ("show your preferences, where they live, and any errors", "", ""),
    "lessons": ("list the bundled lessons, or print the file of one", "[NAME]", "two-by-two"),
    "help": ("read the manual: a page, or the list of its pages", "[PAGE]", "keys"),
    "completion": ("print a shell completion script", "SHELL", "bash"),
}
_FOLDER = "bptui.cli.commands"
_LESSONS = os.path.join(os.path.dirname(os.path.dirname(__file__)), "lessons", "bundled")  # noqa: PTH118, PTH120
_NO_FILES = "cannot find its own lessons and other files: it does not run from an archive; unpack or install it first"
_DEFAULT = "open"  # the command used if none is named
_DESCRIPTION = "Step a small neural network's training round by round and check every number of backpropagation."
_EPILOG = (
    "`bptui COMMAND --help` explains a command, with an example; `bptui help` lists the pages of the manual. In the "
    "program, f1 shows all keys."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The words after the program's name; by default those of the process.

    Returns:
        The exit status: 0 on success, 1 if a checked printed value differs, 2 on bad input, without enough memory or if
            the output cannot be written (as on a full disk), 130 after ctrl+c.
    """
    typed = _join_numbers(list(sys.argv[1:] if arguments is None else arguments))
    words = with_command(typed)
    _print_what_can_be()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy is slow to start threads that nothing here uses
    if not os.path.isdir(_LESSONS):  # noqa: PTH112 - the style sheets and the manual are not there either
        print_faults(_NO_FILES)
        return 2
    try:
        if _DEFAULT not in typed and (meant := _find_meant(words)):
            print(_describe_mistyped(words[1], meant), file=sys.stderr)
            return 2
        _prepare_terminal(words)
        options, unknown = make_parser(words[:1]).parse_known_args(words)
        options.parser.refuse_unknown(unknown)
        status: int = options.run(options)
        sys.stdout.flush()
    except ValueError as fault:
        from bptui.core.problem.tables import UserError

        if not isinstance(fault, UserError):
            raise
        print_faults(str(fault))
        return 2
    except BrokenPipeError:  # the reader has closed the pipe, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as fault:
        if fault.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO) or fault.filename:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # otherwise Python would try again at exit
        print(f"bptui: cannot write the output: {fault.strerror}", file=sys.stderr)
        return 2
    except MemoryError:
        print("bptui: there is not enough memory for this", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return status


def _print_what_can_be() -> None:
    """Let streams print characters outside their encoding in ASCII, and discard what has no stream to go to."""
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115, PTH123 - open while the program runs
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower() not in ("utf-8", "utf8"):
            from bptui.text.ascii import ASCII_ERRORS

            stream.reconfigure(errors=ASCII_ERRORS)


def _join_numbers(words: list[str]) -> list[str]:
    """Join ``--weights -0.1,0.2`` to one word, because argparse mistakes a leading minus for a flag."""
    joined: list[str] = []
    for word in words:
        flag = joined and joined[-1].startswith("--") and "=" not in joined[-1]
        if flag and word[:1] == "-" and word[1:2] in set("0123456789."):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def with_command(words: list[str]) -> list[str]:
    """Return the words with the command first; in the input it may be omitted or come after switches."""
    at = next((place for place, word in enumerate(words) if word not in SWITCHES), len(words))
    command, others = words[at : at + 1], [*words[:at], *words[at + 1 :]]
    if command and command[0] in (*COMMANDS, "-h", "--help", "--version"):
        return [*command, *others]
    return [_DEFAULT, *words]


def _find_meant(words: Sequence[str]) -> str:
    """Return the command that a word is close to which is neither a command nor a lesson; empty for any other."""
    if words[0] != _DEFAULT or len(words) == 1 or words[1].startswith("-") or os.path.exists(words[1]):  # noqa: PTH110
        return ""
    from difflib import get_close_matches

    bundled = os.path.exists(os.path.join(_LESSONS, f"{words[1]}.toml"))  # noqa: PTH110, PTH118
    return "" if bundled else next(iter(get_close_matches(words[1], COMMANDS, 1)), "")


def _describe_mistyped(word: str, meant: str) -> str:
    """Return the error of a word that is close to a command, and the usage of that."""
    from bptui.text.words import make_printable

    fault = f'bptui: unknown command or lesson "{word}"; did you mean `bptui {meant}`?'
    return make_printable(f"{fault}\nusage: {_describe_usage(meant)}")


def _describe_usage(command: str) -> str:
    return " ".join(filter(None, ["bptui", command, COMMANDS[command][1], "[FLAG ...]"]))


def _prepare_terminal(words: Sequence[str]) -> None:
    """Refuse a command that lacks the terminal it needs, before any slow import.

    Raises:
        UserError: If the command needs a terminal and there is none.
    """
    if words[0] not in COMMANDS or {"-h", "--help"} & set(words):
        return
    otherwise = getattr(import_module(f"{_FOLDER}.{words[0]}"), "WITHOUT_TERMINAL", "")
    if otherwise:
        from bptui.cli.terminal import require_terminal

        require_terminal(otherwise)
        gc.disable()  # until the first paint: nothing created before it is garbage


def make_parser(used: Container[str] = frozenset(COMMANDS)) -> CommandParser:
    """Make the parser of all commands.

    Args:
        used: The commands whose files are loaded for their arguments.
    """
    parser = CommandParser("bptui", description=_DESCRIPTION, epilog=_EPILOG, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"bptui {__version__}")
    group = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, (about, _, example) in COMMANDS.items():
        parser_of_command = group.add_parser(
            name,
            help=about,
            description=f"{about[0].upper()}{about[1:]}.",
            usage=_describe_usage(name),
            epilog=f"example: {' '.join(filter(None, ['bptui', name, example]))}",
        )
        if name in used:
            command = import_module(f"{_FOLDER}.{name}")
            command.add_arguments(parser_of_command)
            parser_of_command.set_defaults(run=command.run, parser=parser_of_command)
    return parser
