"""The command line: ``bptui [LESSON]`` opens the program, the other verbs print.

This is the parser; what a verb does stands in ``bptui.cli.verbs``. A fault of the user's ends
with exit status 2 and one line per fault on standard error, never with a traceback.
"""

import argparse
import errno
import gc
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from io import TextIOWrapper

from bptui import __version__

# Each verb, what help says about it, and what does it, which is imported when it is used: help must answer at once
_VERBS = {
    "open": ("open the program on a lesson; the verb itself may be left out", "bptui.cli.verbs:open_"),
    "rounds": ("print every quantity of some rounds", "bptui.cli.verbs:rounds"),
    "check": ("recompute every figure that was printed for a lesson, and compare the digits", "bptui.cli.verbs:check"),
    "explain": ("find what was done otherwise where a printed figure does not come out", "bptui.cli.verbs:explain"),
    "sweep": ("train with many settings and from many starts, and count what becomes of them", "bptui.cli.sweep:run"),
    "derive": ("print a round's whole calculation, formula by formula", "bptui.cli.verbs:derive"),
    "program": ("print the training as a program of its own", "bptui.cli.verbs:program"),
    "report": ("observe, summarise and state: a page, pictures and all numbers", "bptui.cli.report:run"),
    "practice": ("calculate a round yourself, and have it checked", "bptui.cli.verbs:practice"),
    "serve": ("open the program in a browser, each visitor with a sitting of their own", "bptui.cli.serve:run"),
    "config": ("print where your preferences are, what holds of them, and what is wrong", "bptui.cli.config:run"),
    "lessons": ("list the bundled lessons, or print one's file", "bptui.cli.verbs:lessons"),
    "completion": ("print what makes a shell complete bptui's words", "bptui.cli.completion:run"),
}
_SHELLS = ("bash", "zsh", "fish")
_OF_NO_LESSON = ("lessons", "completion", "config")  # verbs without a lesson's settings
_SWITCHES = ("--ascii", "--presenter")  # which say nothing of the word after them
_HOW_MANY = {"open": "?", "serve": "?", "check": "+", "report": "+"}  # lessons that a verb takes, where it is not one
_WITHOUT_TERMINAL = {  # what does without one, for each verb that needs it
    "open": "`bptui rounds LESSON` prints the same numbers",
    "practice": "`bptui derive LESSON` prints the whole calculation",
}
_LESSON = "a bundled lesson's name or a file's path"
_DESCRIPTION = "Step a small neural network's training round by round and check every number of backpropagation."
_EPILOG = "`bptui VERB --help` explains a verb. Inside the program, f1 shows all keys."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Words after the program's name; those of the process if left out.

    Returns:
        The exit status: 0 done, 1 if a figure that was checked does not agree, 2 bad input, or a
            full disk under what is printed.
    """
    words = with_verb(_joined(list(sys.argv[1:] if arguments is None else arguments)))
    _print_what_can_be()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy takes long to start threads that nothing here uses
    try:
        if words[0] in _WITHOUT_TERMINAL and not {"-h", "--help"} & set(words):
            from bptui.cli import verbs

            verbs.need_terminal(_WITHOUT_TERMINAL[words[0]])  # first, for what comes then takes time
            gc.disable()  # until the first picture is painted: nothing that is made before is garbage
        options = parser(words[:1]).parse_args(words)
        module, _, function = options.verb.partition(":")
        status: int = getattr(import_module(module), function)(options)
        sys.stdout.flush()
    except ValueError as fault:
        from bptui.core.problem.tables import UserError
        from bptui.text.words import plain

        if not isinstance(fault, UserError):
            raise
        print(plain(f"bptui: {fault}".replace("\n", "\nbptui: ")), file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader had enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as fault:
        if fault.errno not in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO) or fault.filename:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python would try again as it ends
        print(f"bptui: this cannot be printed: {fault.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return status


def _print_what_can_be() -> None:
    """Have signs that a stream's encoding lacks printed in an ASCII form, and what has no stream nowhere."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - for as long as the program runs
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower() not in ("utf-8", "utf8"):
            from bptui.text.ascii import IN_PRINT

            stream.reconfigure(errors=IN_PRINT)


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


def with_verb(words: list[str]) -> list[str]:
    """The words with the verb that may be left out, before what switches something on."""
    at = next((place for place, word in enumerate(words) if word not in _SWITCHES), len(words))
    verb, others = words[at : at + 1], [*words[:at], *words[at + 1 :]]
    return [*verb, *others] if verb and verb[0] in (*_VERBS, "-h", "--help", "--version") else ["open", *words]


def parser(used: Iterable[str] = _VERBS) -> argparse.ArgumentParser:
    """The parser; the settings' flags are added to the verbs in use only, for they import the core."""
    parser = argparse.ArgumentParser("bptui", description=_DESCRIPTION, epilog=_EPILOG, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"bptui {__version__}")
    group = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    by_name = {name: group.add_parser(name, help=about) for name, (about, _) in _VERBS.items()}
    for name, (_, run) in _VERBS.items():
        by_name[name].set_defaults(verb=run)
        if name == "lessons":
            by_name[name].add_argument("name", nargs="?", metavar="NAME", help="the lesson whose file to print")
        elif name == "completion":
            by_name[name].add_argument("shell", metavar="SHELL", choices=_SHELLS, help=", ".join(_SHELLS))
        elif name != "config":
            by_name[name].add_argument("lesson", metavar="LESSON", help=_LESSON, nargs=_HOW_MANY.get(name))
    _add_options(by_name)
    for name in by_name.keys() & set(used) - set(_OF_NO_LESSON):
        _add_settings(by_name[name])
    return parser


def _add_options(by_name: Mapping[str, argparse.ArgumentParser]) -> None:
    """The flags that a verb has of its own."""
    rounds, derive, program, practice = (by_name[name] for name in ("rounds", "derive", "program", "practice"))
    rounds.add_argument("--at", default="1", metavar="ROUNDS", help="such as 1,10,100 or 1-5 (default: 1)")
    rounds.add_argument("--engine", default="numpy", choices=("numpy", "torch", "both"), help="default: numpy")
    form = rounds.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="a JSON object a line, for programs")
    by_name["check"].add_argument("--json", action="store_true", help="a JSON object a figure, for programs")
    by_name["explain"].add_argument("--json", action="store_true", help="one JSON object, for programs")
    by_name["explain"].add_argument(
        "--number",
        action="append",
        default=[],
        metavar="NAME=DIGITS",
        help="a number of your own in place of the lesson's figures, such as dE_dw1=0.000365; may be repeated",
    )
    by_name["explain"].add_argument("--round", metavar="K", help="the round of --number (default: 1)")
    form.add_argument("--csv", action="store_true", help="comma-separated values")
    _add_sweep_options(by_name["sweep"])
    for verb in (by_name["open"], practice):
        verb.add_argument("--ascii", action="store_true", help="draw and write with ASCII signs only")
    _add_serve_options(by_name["serve"])
    for verb in (by_name["open"], by_name["serve"]):
        verb.add_argument("--presenter", action="store_true", help="for a projector: less and larger, and keys shown")
    for verb in (derive, practice):
        verb.add_argument("--round", default="1", metavar="K", help="the round to work out (default: 1)")
    practice.add_argument("--part", default="whole round", metavar="PART", help="such as forward (default: all of it)")
    by_name["report"].add_argument("--out", metavar="FOLDER", help="where to write it; else the page alone is printed")
    by_name["report"].add_argument("--force", action="store_true", help="replace an earlier report in that folder")
    program.add_argument("--engine", default="numpy", choices=("numpy", "torch"), help="default: numpy")
    derive.add_argument("--quantity", metavar="NAME", help="only this one, such as dE_dw1, with its factors")
    derive.add_argument("--format", default="text", choices=("text", "markdown", "latex"), help="default: text")
    derive.add_argument(
        "--precision-shown", default="6", metavar="N", help="significant digits shown, 1 to 17 (default: 6)"
    )


def _add_sweep_options(sweep: argparse.ArgumentParser) -> None:
    varied = "a setting, by its flag, and the values to train with; may be repeated, for every combination"
    sweep.add_argument("--vary", action="append", default=[], metavar="KEY=V1,V2,…", help=varied)
    seeds = "random starts: so many, such as 10000, or from one seed to another, such as 1-500"
    sweep.add_argument("--seeds", metavar="N", help=seeds)
    form = sweep.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="a JSON object a setting, for programs")
    form.add_argument("--csv", action="store_true", help="comma-separated values, a row a setting")


def _add_serve_options(serve: argparse.ArgumentParser) -> None:
    serve.add_argument("--port", default="8000", metavar="N", help="0 takes a free one (default: 8000)")
    host = "the name or address to serve; others than this machine can open it then (default: 127.0.0.1)"
    serve.add_argument("--host", default="127.0.0.1", metavar="NAME", help=host)
    serve.add_argument("--visitors", default="8", metavar="N", help="how many may be there at once (default: 8)")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    """A flag for every setting of a problem, from the settings' own descriptions."""
    from bptui.core.formulas.activations import ACTIVATIONS
    from bptui.core.problem.spec import setting_fields

    group = parser.add_argument_group("settings, in place of the lesson's")
    for item in setting_fields():
        if not item.name.startswith("activation"):
            names = getattr(item.metadata["kind"], "names", ())
            about = item.metadata["about"] + (f": {', '.join(names)}" if names else "")
            flag = item.name.replace("_", "-")
            group.add_argument(f"--{flag}", dest=f"set_{item.name}", metavar="VALUE", help=about)
    about = f"of all neurons, or of a layer or neuron by name, such as hidden=tanh: {', '.join(ACTIVATIONS)}"
    group.add_argument("--activation", action="append", metavar="[WHERE=]NAME", default=[], help=about)
