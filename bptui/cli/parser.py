"""The parser of the command line, which refuses words in at most three lines and says what was meant.

Argparse's own refusal prints every flag there is, and the fault below them, where nobody looks for it.
"""

import argparse
import re
from collections.abc import Sequence

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than help takes to answer
if TYPE_CHECKING:
    from typing import NoReturn

_UNKNOWN = re.compile(r"unrecognized arguments: (\S+)")


class CommandParser(argparse.ArgumentParser):
    """A parser of one command, or of all of them."""

    def error(self, message: str) -> "NoReturn":
        """End with status 2 after the fault, the usage, and where more is to be read."""
        lines = [f"{self.prog}: {self._describe(message)}", self.format_usage().strip()]
        self.exit(2, "\n".join([*lines, f"`{self.prog} --help` explains every flag, with an example", ""]))

    def refuse_unknown(self, words: Sequence[str]) -> None:
        """Refuse words that no flag or argument takes, if there are any."""
        if words:
            self.error(f"unrecognized arguments: {words[0]}")

    def _describe(self, message: str) -> str:
        """Return a fault in the user's words; of an unknown flag, also the flag that was meant."""
        unknown = _UNKNOWN.match(message)
        if unknown is None:
            return message.replace("the following arguments are required: ", "what is missing: ")
        word = unknown[1].partition("=")[0]
        if not word.startswith("-"):
            return f'"{word}" is a word too many'
        meant = self._find_flag(word)
        return f"there is no flag {word}" + (f"; did you mean {meant}?" if meant else "")

    def _find_flag(self, word: str) -> str:
        from bptui.core.problem.kinds.suggestions import find_meant

        flags = [flag for action in self._actions for flag in action.option_strings if flag.startswith("--")]
        meant = find_meant(word.strip("-"), [flag.strip("-") for flag in flags])
        return f"--{meant}" if meant else ""
