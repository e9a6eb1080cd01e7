"""A line of text with a cursor, frozen: what keys of a text field do to it."""

from dataclasses import replace

from bptui.record import record


@record
class TypedLine:
    """A line that is typed.

    Attributes:
        text: The text.
        place: How many of its characters are before the cursor; None while all of it is selected.
    """

    text: str
    place: int | None = None

    @property
    def end(self) -> int:
        """How many characters are before the cursor, or before the end of the selection."""
        return len(self.text) if self.place is None else self.place

    def insert(self, text: str) -> "TypedLine":
        """Put text in at the cursor, or in place of what is selected."""
        start = 0 if self.place is None else self.place
        return TypedLine(self.text[:start] + text + self.text[self.end :], start + len(text))

    def erase(self) -> "TypedLine":
        """Take away the character before the cursor, or all that is selected."""
        return self._cut(0 if self.place is None else max(self.place - 1, 0), self.end)

    def erase_after(self) -> "TypedLine":
        """Take away the character after the cursor, or all that is selected."""
        return self._cut(self.place or 0, self.end if self.place is None else self.place + 1)

    def erase_to_start(self) -> "TypedLine":
        """Take away all before the cursor."""
        return self._cut(0, self.end)

    def erase_to_end(self) -> "TypedLine":
        """Take away all after the cursor."""
        return self._cut(self.place or 0, len(self.text))

    def erase_word(self) -> "TypedLine":
        """Take away the word before the cursor."""
        before = self.text[: self.end].rstrip()
        return self._cut(len(before) - len(before.split(" ")[-1]), self.end)

    def go_to_start(self) -> "TypedLine":
        """Move the cursor before the text."""
        return replace(self, place=0)

    def go_to_end(self) -> "TypedLine":
        """Move the cursor behind the text."""
        return replace(self, place=len(self.text))

    def go_across(self, step: int) -> "TypedLine | None":
        """Move the cursor by a character; None where that leaves the text."""
        inside = self.place is not None and 0 <= self.place + step <= len(self.text)
        return replace(self, place=self.end + step) if inside else None

    def _cut(self, start: int, end: int) -> "TypedLine":
        return TypedLine(self.text[:start] + self.text[end:], start)
