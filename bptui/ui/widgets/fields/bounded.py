"""Text fields that take so much and no more: every key and every paste stays quick, and what is left out is told."""

from typing import Any, ClassVar

from textual.widgets import Input, TextArea
from textual.widgets.text_area import Edit, EditResult

LONGEST = 1_200  # characters of a field: the longest double has 1,077 digits
LONGEST_PATH = 4_096
LONGEST_LIST = 20_000  # of lists and matrices
LONGEST_TEXT = 100_000  # of a text of many lines


def say_left_out(longest: int) -> str:
    """Return that a field takes no more."""
    return f"this field takes {longest:,} characters; the rest is left out"


class BoundedInput(Input):
    """A field of one line.

    Attributes:
        longest: How many characters it takes where no ``max_length`` is given.
    """

    longest: ClassVar[int] = LONGEST

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_length = self.max_length or self.longest
        self._is_told = False

    def replace(self, text: str, start: int, end: int) -> None:
        """Replace a part of the text, with as much as there is room for."""
        longest = self.max_length or self.longest
        room = max(longest - len(self.value) + abs(end - start), 0)
        is_told, self._is_told = self._is_told, len(text) > room
        if self._is_told and not is_told:  # not again for each key
            self.app.notify(say_left_out(longest), severity="warning", markup=False)
        if text[:room] or end != start:
            super().replace(text[:room], start, end)


class BoundedText(TextArea):
    """A text of many lines."""

    def edit(self, edit: Edit) -> EditResult:
        """Do what changes the text, with as much of what is put in as there is room for."""
        room = LONGEST_TEXT - len(self.text) + len(self.get_text_range(*sorted((edit.from_location, edit.to_location))))
        if len(edit.text) > max(room, 0):
            edit.text = edit.text[: max(room, 0)]
            self.app.notify(say_left_out(LONGEST_TEXT), severity="warning", markup=False)
        return super().edit(edit)
