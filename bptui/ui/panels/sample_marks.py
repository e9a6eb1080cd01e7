"""The samples on the picture of an output: signs that say without colours which of two targets a sample has."""

from collections.abc import Sequence
from itertools import groupby

from bptui.session.frame import Frame
from bptui.session.sides import OutputSides
from bptui.ui.drawing.canvas import Canvas
from bptui.ui.drawing.strokes import ASCII, Strokes

HIGH, LOW, SHARED = "●", "○", "+"
"""The signs of a sample with the higher target, or without two targets; with the lower; of several in one cell."""


def draw_sample_marks(canvas: Canvas, frame: Frame, sides: OutputSides, cells: Sequence[tuple[int, int]]) -> None:
    """Draw each sample's sign, and its number beside it; those that share a cell have one sign.

    Args:
        canvas: What to draw on.
        frame: What is shown, with the sample that is selected.
        sides: The output.
        cells: The column and row of each sample.
    """
    numbered = sorted(enumerate(cells, 1), key=lambda one: (one[1], one[0]))
    found = [(cell, [number for number, _ in same]) for cell, same in groupby(numbered, key=lambda one: one[1])]
    for (x, y), numbers in found:
        canvas.text(x, y, _choose_sign(sides, numbers, canvas.strokes), *_mark(frame, numbers))
    for (x, y), numbers in found:
        if len(cells) > 1:
            _write_numbers(canvas, x, y, ",".join(map(str, numbers)), *_mark(frame, numbers))


def _mark(frame: Frame, numbers: Sequence[int]) -> tuple[str, str]:
    """Return the role of a sample, and what a click on it selects."""
    chosen = frame.sample if frame.sample in numbers else numbers[0]
    role = "selected" if frame.sample in numbers else "title"
    return role, f"E_s{chosen}" if frame.samples else ""


def _choose_sign(sides: OutputSides, numbers: Sequence[int], strokes: Strokes) -> str:
    if len(numbers) > 1:
        return SHARED
    pair = sides.pair
    is_high = pair is None or sides.targets[numbers[0] - 1] == pair.high
    high, low = ("*", "o") if strokes is ASCII else (HIGH, LOW)
    return high if is_high else low


def _write_numbers(canvas: Canvas, x: int, y: int, text: str, role: str, part: str) -> None:
    """Write the numbers of samples beside their sign, in the first place that is free."""
    middle = x - len(text) // 2
    places = ((x + 1, y), (x - len(text), y), (middle, y - 1), (middle, y + 1))
    free = next((place for place in places if canvas.is_free(*place, len(text))), None)
    if free is not None:
        canvas.text(*free, text, role, part)
