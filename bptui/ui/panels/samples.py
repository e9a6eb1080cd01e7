"""The samples of a problem as a small table, and in words which of them is shown."""

from bptui.session.frame import Frame
from bptui.session.samples import SampleRow
from bptui.text.numbers import format_significant
from bptui.ui.drawing.lines import Line, Span, make_line

_DIGITS = 4


def describe_shown(frame: Frame) -> str:
    """Return which sample is shown, to stand in a heading before other words; empty where there is only one."""
    if not frame.samples:
        return ""
    return (
        f"sample {frame.sample} of {len(frame.samples)} · " if frame.sample else f"all {len(frame.samples)} samples · "
    )


def draw_samples(frame: Frame, width: int) -> list[Line]:
    """Return a line of heads, then one for each sample: its outputs, targets and loss.

    Where the round uses only some samples, a sign stands before these.
    """
    some = not all(row.is_used for row in frame.samples)
    digits = min(frame.digits, _DIGITS)
    rows = [(row, _write_row(row, digits)) for row in frame.samples]
    heads = ("sample", ", ".join(frame.network.outputs), ", ".join(frame.network.targets), "E")
    widths = [max(map(len, column)) for column in zip(heads, *(cells for _, cells in rows), strict=True)]
    head = "  ".join(f"{text:>{wide}}" for text, wide in zip(heads, widths, strict=True))
    lines = [make_line(Span(f" {head}"[:width], "label"))]
    for row, cells in rows:
        part = f"E_s{row.sample}"
        role = "selected" if row.sample == frame.sample else "" if row.is_used else "dim"
        text = "  ".join(f"{cell:>{wide}}" for cell, wide in zip(cells, widths, strict=True))
        lines.append(make_line(Span(f"{'▸' if some and row.is_used else ' '}{text}"[:width], role, part)))
    return lines


def _write_row(row: SampleRow, digits: int) -> tuple[str, ...]:
    outputs, targets = (", ".join(_write(number, digits) for number in of) for of in (row.outputs, row.targets))
    return f"{row.sample}", outputs, targets, _write(row.loss, digits)


def _write(number: float | None, digits: int) -> str:
    return "·" if number is None else format_significant(number, digits)
