"""The command ``explain``: the mistake behind printed values that differ."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TYPE_CHECKING

from bptui.cli.arguments import add_lesson, add_settings, make_user_error, parse_int, read_lesson
from bptui.cli.output import make_status_line, print_lines

if TYPE_CHECKING:
    from bptui.explain.result import ExplanationData
    from bptui.explain.search.progress import SearchProgress
    from bptui.explain.text_lines import TextLine
    from bptui.lessons.lesson import Lesson

_LONGEST = 86_400  # seconds
_LONG = 3.0  # seconds of a search after which its findings are printed as they come
_WIDTH = 100  # columns of a line for people, if it can be broken


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the lesson, the user's own numbers and the output format."""
    add_lesson(parser)
    about_json = "JSON objects, for programs: the audit, then the whole explanation"
    parser.add_argument("--json", action="store_true", help=about_json)
    parser.add_argument(
        "--number",
        action="append",
        default=[],
        metavar="NAME=DIGITS",
        help="a number of your own in place of the lesson's printed values, such as dE_dw1=0.000365, or a whole array, "
        "such as dE_dW1='[[0.1 0.2] [0.3 0.4]]'; repeat the flag for more numbers",
    )
    parser.add_argument("--round", metavar="K", help="the round of --number (default: 1)")
    parser.add_argument(
        "--limit",
        metavar="S",
        help="stop the search after this many seconds of processor time (default: 20; 0: no limit)",
    )
    add_settings(parser)


def run(options: argparse.Namespace) -> int:
    """Audit printed values and search for the mistake behind those that differ; ctrl+c stops the search.

    Raises:
        UserError: If there is no printed value to explain, or a number, the lesson or a setting is invalid.
    """
    from bptui.explain.search.progress import SearchProgress
    from bptui.explain.worker import LIMIT, LessonSearch
    from bptui.lessons.lesson import require_figures

    lesson = _with_numbers(read_lesson(options), options)
    require_figures(lesson)
    if not lesson.figures:
        asked = "to ask about a number of your own, add --number dE_dw1=0.000365"
        raise make_user_error(f"{lesson.name} has no printed values; {asked}")
    limit = LIMIT if options.limit is None else parse_int("--limit", options.limit, _LONGEST, least=0)
    search = LessonSearch(lesson)
    output = _Output(options.json)
    output.show(SearchProgress(0, 0, 0))  # of a late round the audit takes a while
    try:
        for found in search.run(limit or None):
            output.show(found)
    except KeyboardInterrupt:
        if not search.has_begun:
            raise
        search.stop()
    finally:
        output.clear()
    output.end(search.told)
    return 130 if search.told["stopped"] else 0


class _Output:
    """Prints the audit at once, each finding of a long search as it comes, and at last the whole explanation."""

    def __init__(self, json: bool) -> None:
        self._json = json
        self._say = make_status_line()
        self._audit: list[TextLine] | None = None
        self._begun = monotonic()
        self._named = set[str]()
        self._found: ExplanationData | None = None  # what is not printed yet, in case it is the end

    def show(self, found: "SearchProgress | ExplanationData") -> None:
        """Show progress, or what is known so far."""
        from bptui.explain.search.progress import SearchProgress
        from bptui.explain.sentences import describe_progress, make_audit_lines

        if isinstance(found, SearchProgress):
            if self._found is not None and monotonic() - self._begun > _LONG:
                self._print(self._list_new(self._found))
                self._found = None
            self._say(describe_progress(found))
            return
        if self._audit is None:
            self._audit = list(make_audit_lines(found))
            if self._json and found["audit"]:
                self._print([json.dumps({"lesson": found["lesson"], "audit": found["audit"]})])
            elif not self._json:
                self._print_lines(self._audit)
        elif not self._json:
            self._found = found

    def _list_new(self, found: "ExplanationData") -> Iterator[str]:
        """Yield a line for each finding that was not named before."""
        for group in found["groups"]:
            names = " + ".join(change["name"] for change in group["changes"])
            if group["sure"] and names not in self._named:
                self._named.add(names)
                yield f"found so far: {names} ({group['explains']:,} of {found['figures']:,} match)"

    def end(self, told: "ExplanationData") -> None:
        """Print the whole explanation, without what was printed before."""
        from bptui.explain.sentences import make_audit_lines, make_sentences
        from bptui.explain.text_lines import TextLine

        if self._json:
            self._print([json.dumps(told)])
            return
        lines, known = list(make_sentences(told)), list(make_audit_lines(told))
        if told["limit"] is not None and told["audit"]:
            lines.append(TextLine("dim", "`--limit 0` searches to the end."))
        self._print_lines(lines[len(known) :] if known == self._audit else lines)

    def clear(self) -> None:
        """Remove the line of progress."""
        self._say("")

    def _print_lines(self, lines: "Iterable[TextLine]") -> None:
        from shutil import get_terminal_size

        from bptui.explain.text_lines import fit_lines

        widest = min(_WIDTH, get_terminal_size().columns) if sys.stdout.isatty() else _WIDTH
        self._print(line.text for line in fit_lines(lines, widest))

    def _print(self, lines: Iterable[str]) -> None:
        self.clear()
        print_lines(lines)
        sys.stdout.flush()


def _with_numbers(lesson: "Lesson", options: argparse.Namespace) -> "Lesson":
    """Return the lesson with the numbers of the options, if any, in place of its printed values.

    Raises:
        UserError: If a number is invalid, or a round is given without numbers.
    """
    from bptui.check.own_number import with_numbers
    from bptui.core.problem.settings import MOST_ROUNDS

    if options.round is not None and not options.number:
        raise make_user_error("--round needs --number")
    round_ = parse_int("--round", options.round or "1", MOST_ROUNDS)
    try:
        return with_numbers(lesson, options.number, round_) if options.number else lesson
    except ValueError as fault:
        raise make_user_error(f"--number: {fault}") from fault
