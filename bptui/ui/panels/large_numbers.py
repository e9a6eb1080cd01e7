"""The most important numbers in digits five rows high, for a projector."""

from bptui.derive.notations import format_label
from bptui.session.frame import Frame
from bptui.text.numbers import format_significant
from bptui.ui.drawing.block_digits import ROWS, BlockDigits
from bptui.ui.drawing.lines import Line, Span, make_line
from bptui.ui.panels.selection import list_numbers
from bptui.ui.widgets.panel import Panel

_NUMBER = 1 + ROWS  # rows of a number with its name above it
_FEWEST = 3  # significant digits shown at any width
_APART = 6  # most empty rows between two numbers


class LargePanel(Panel[Frame]):
    """The round, the loss and the numbers of the selected part, as many as fit, spread over the panel's height."""

    def heading(self, frame: Frame) -> str:
        """See ``Panel.heading``."""
        return frame.selected if frame.selected != "E" else ""

    def draw(self, frame: Frame, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        selected = [name for _, name, second in sorted(list_numbers(frame)) if not second]
        names = list(dict.fromkeys(["round", "E", *selected]))
        count = min(len(names), max(height // _NUMBER, 1))
        spare = min(max(height - count * _NUMBER, 0), _APART * (count - 1))
        lines: list[Line] = []
        for place, name in enumerate(names[:count]):
            lines += [make_line()] * (place * _NUMBER + place * spare // max(count - 1, 1) - len(lines))
            lines += _draw_number(frame, name, width)
        return lines[:height]


def _draw_number(frame: Frame, name: str, width: int) -> list[Line]:
    """Return a number's name and its digits."""
    value = frame.round if name == "round" else frame.values.get(name, frame.given.get(name))
    part, role = ("", "accent") if name == "round" else ("E" if name == "E" else frame.selected, frame.role_of(name))
    rows = _enlarge(value, frame.digits, width)
    return [make_line(Span(text, role or "title", part)) for text in (format_label(name)[:width], *rows)]


def _enlarge(value: float | None, digits: int, room: int) -> tuple[str, ...]:
    """Return the rows of a number, with fewer digits if all have no room; what cannot be enlarged is in the middle."""
    form, text = BlockDigits.that_fit(digits, room), "·"
    if value is not None:
        texts = [format_significant(value, count) for count in range(digits, _FEWEST - 1, -1)]
        text = next((text for text in texts if form.measure(text) <= room), texts[-1])
        if form.can_write(text) and form.measure(text) <= room:
            return form.write(text)
    middle = ROWS // 2
    return (*[""] * middle, text[:room], *[""] * (ROWS - 1 - middle))
