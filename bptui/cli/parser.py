"""The parser of the command line, which refuses words in at most three lines and says what was meant.

Argparse's own refusal prints every flag there is, and the fault below them, where nobody looks for it.
"""

import argparse
import re
from collections.abc import Sequence

from bptui.cli.output import format_faults

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than help takes to answer
if TYPE_CHECKING:
    from typing import NoReturn

_UNKNOWN = re.compile(r"unrecognized arguments: (\S+)")
_NO_CHOICE = re.compile(r"argument (.+): invalid choice: '(.*)' \(choose from (.*)\)", re.DOTALL)
_NO_VALUE = re.compile(r"argument (\S+): expected (?:one|at least one) argument")
_NO_TAKER = re.compile(r"argument (\S+): ignored explicit argument '(.*)'", re.DOTALL)
_MISSING = "the following arguments are required: "
_TWO = re.compile(r"argument (\S+): not allowed with argument (\S+)")


class CommandParser(argparse.ArgumentParser):
    """A parser of one command, or of all of them."""

    def error(self, message: str) -> "NoReturn":
        """End with status 2 after the fault, the usage, and where more to read more."""
        lines = [f"{self.prog}: {self._describe(message)}", self.format_usage().strip()]
        lines += [f"`{self.prog} --help` explains every flag, with an example", ""]
        self.exit(2, format_faults("\n".join(lines)))

    def refuse_unknown(self, words: Sequence[str]) -> None:
        """Refuse words that no flag or argument takes, if there are any."""
        if words:
            self.error(f"unrecognized arguments: {words[0]}")

    def _describe(self, message: str) -> str:
        """Return a fault in the user's words; of an unknown flag, also the flag that was meant."""
        if found := _UNKNOWN.match(message):
            return self._describe_unknown(found[1].partition("=")[0])
        if found := _NO_CHOICE.match(message):
            return _describe_choice(found[1], found[2], found[3].replace("'", "").split(", "))
        if found := _NO_VALUE.match(message):
            return f"{_name(found[1])} needs a value"
        if found := _NO_TAKER.match(message):
            return f"{_name(found[1])} takes no value"
        if found := _TWO.match(message):
            return f"{_name(found[1])} and {_name(found[2])} cannot be used together"
        if message.startswith(_MISSING):
            names = message.removeprefix(_MISSING)
            return f"{names} {'are' if ', ' in names else 'is'} missing"
        return message

    def _describe_unknown(self, word: str) -> str:
        if not word.startswith("-"):
            return f'unexpected argument "{word}"'
        meant = self._find_flag(word)
        return f"unknown flag {word}" + (f"; did you mean {meant}?" if meant else "")

    def _find_flag(self, word: str) -> str:
        from bptui.core.problem.kinds.suggestions import find_meant

        flags = [flag for action in self._actions for flag in action.option_strings if flag.startswith("--")]
        meant = find_meant(word.strip("-"), [flag.strip("-") for flag in flags])
        return f"--{meant}" if meant else ""


def _name(argument: str) -> str:
    """Return the longest of a flag's names, which argparse gives as ``-h/--help``."""
    return max(argument.split("/"), key=len)


def _describe_choice(argument: str, word: str, known: Sequence[str]) -> str:
    from bptui.core.problem.kinds.suggestions import suggest

    return f'{_name(argument)}: "{word}" must be one of {", ".join(known)}{suggest(word, known)}'
