"""The kinds of values in the program's own files, besides those of a problem's settings."""

from typing import Any

from bptui.record import record


@record
class OneOf:
    """One of some values of one type, which are said in words."""

    values: tuple[Any, ...]
    words: str

    def check(self, value: object) -> Any:
        """Return the value; ``ValueError`` if it is none of them."""
        of_bool = isinstance(self.values[0], bool)
        if isinstance(value, bool) != of_bool or value not in self.values:
            raise ValueError(self.words)
        return type(self.values[0])(value)


@record
class Text:
    """Any text; which ones are known is checked elsewhere."""

    words: str

    def check(self, value: object) -> str:
        """Return the text; ``ValueError`` if it is none."""
        if not isinstance(value, str):
            raise ValueError(self.words)
        return value


TRUTH = OneOf((False, True), "true or false")
