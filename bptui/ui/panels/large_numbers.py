"""The most important numbers in digits three rows high, for a projector: a terminal cannot enlarge its letters."""

from collections.abc import Iterator

from textual.renderables.digits import DIGITS, DIGITS3X3_BOLD

from bptui.derive.notations import format_label
from bptui.session.frame import Frame
from bptui.text.numbers import format_significant
from bptui.ui.drawing.lines import Line, Span, make_line
from bptui.ui.drawing.strokes import ASCII, BRAILLE, Strokes
from bptui.ui.panels.selection import list_numbers
from bptui.ui.widgets.panel import Panel

_ROWS = 3
_BESIDE = 8  # columns of a name beside its digits, if there is no row for it above them
_FEWEST = 3  # significant digits shown at any width
_LEAST = 3  # numbers always shown: the round, the loss and the selected one


class LargePanel(Panel[Frame]):
    """The round, the loss and the numbers of the selected part, as many as fit.

    Args:
        strokes: What is drawn with; in ASCII, digits have one row.
    """

    def __init__(self, strokes: Strokes = BRAILLE) -> None:
        super().__init__()
        self._plain = strokes is ASCII

    def heading(self, frame: Frame) -> str:
        """See ``Panel.heading``."""
        return frame.selected if frame.selected != "E" else ""

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        selected = [name for _, name, second in sorted(list_numbers(frame)) if not second]
        names = dict.fromkeys(["round", "E", *selected])
        above = height >= _LEAST * (_ROWS + 1)
        rows = _ROWS + above
        shown = list(names)[: max(height // rows, 1)]
        gap = [make_line()] * (above and len(shown) * (rows + 1) <= height + 1)
        lines: list[Line] = []
        for name in shown:
            lines += [*(gap if lines else []), *self._number_lines(frame, name, width, above)]
        return lines

    def _number_lines(self, frame: Frame, name: str, width: int, above: bool) -> Iterator[Line]:
        """Yield a number's name and its digits."""
        value = frame.round if name == "round" else frame.values.get(name, frame.given.get(name))
        part, role = (
            ("", "accent") if name == "round" else ("E" if name == "E" else frame.selected, frame.role_of(name))
        )
        room = width if above else width - _BESIDE
        rows = self._enlarge("·" if value is None else _fit_number(value, frame.digits, room), room)
        if above:
            yield make_line(Span(format_label(name), "title", part))
        for number, row in enumerate(rows):
            before = "" if above else f"{format_label(name) if number == 1 else '':{_BESIDE}}"
            yield make_line(Span(before, "title", part), Span(row, role or "title", part))

    def _enlarge(self, text: str, room: int) -> tuple[str, ...]:
        """Return the rows of a text; what cannot be enlarged, such as inf, is in the middle one."""
        signs = [sign for sign in text if sign != "."]
        if self._plain or any(sign not in DIGITS for sign in signs) or _width(text) > room:
            return "", text, ""
        return tuple("".join(_glyph(sign, row) for sign in text) for row in range(_ROWS))


def _fit_number(value: float, digits: int, room: int) -> str:
    """Return a number with ``digits`` digits, or with fewer if their large forms do not fit."""
    texts = (format_significant(value, count).replace("e", "E") for count in range(digits, _FEWEST - 1, -1))
    last = ""
    for last in texts:
        if _width(last) <= room:
            break
    return last


def _width(text: str) -> int:
    return sum(1 if sign == "." else _ROWS for sign in text)


def _glyph(sign: str, row: int) -> str:
    if sign == ".":
        return "•" if row == _ROWS - 1 else " "
    return DIGITS3X3_BOLD[_ROWS * DIGITS.index(sign) + row].ljust(_ROWS)
