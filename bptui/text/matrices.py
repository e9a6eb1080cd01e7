"""Formulas with whole matrices in them, laid out over several lines of text.

A formula is a sequence of pieces, texts and grids, which stand beside each other; a text stands at a grid's middle row.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bptui.record import record

Segment = tuple[str, str]  # a piece of a line, and what a cell is; nothing for what is no cell
_GAP = "  "  # between columns
_CLOSING = ")²"


@record
class Grid:
    """A matrix of cells.

    Attributes:
        label: What stands for it where there is no room.
        rows: Its cells, row by row.
        entries: What each cell is, row by row; nothing where nobody asks.
        first: The number of its first column.
    """

    label: str
    rows: tuple[tuple[str, ...], ...]
    entries: tuple[tuple[str, ...], ...] = ()
    first: int = 1

    @property
    def widths(self) -> tuple[int, ...]:
        """The characters of each column."""
        return tuple(max(map(len, column)) for column in zip(*self.rows, strict=True))

    @property
    def last(self) -> int:
        """The number of its last column."""
        return self.first + len(self.rows[0]) - 1


Pieces = tuple[str | Grid, ...]


def measure(grid: Grid) -> int:
    """Return the columns that a grid takes, with its brackets."""
    return sum(grid.widths) + len(_GAP) * (len(grid.widths) - 1) + 4


def split_columns(grid: Grid, most: int) -> list[Grid]:
    """Return a grid in blocks of at most so many columns of cells, as equal as possible."""
    count = len(grid.rows[0])
    blocks = -(-count // most)
    size, found = -(-count // blocks), []
    for start in range(0, count, size):
        rows, entries = (tuple(row[start : start + size] for row in of) for of in (grid.rows, grid.entries))
        found.append(replace(grid, rows=rows, entries=entries, first=grid.first + start))
    return found


def fit_columns(grid: Grid, width: float, measure: Callable[[Grid], float] = measure) -> list[Grid]:
    """Return a grid in as few blocks of columns as fit in a width, as measured."""
    counts = range(len(grid.rows[0]), 1, -1)
    tried = (split_columns(grid, most) for most in counts)
    return next((found for found in tried if max(map(measure, found)) <= width), split_columns(grid, 1))


def arrange(sides: Sequence[Pieces], fit: Callable[[Grid, str], list[Grid]]) -> Iterator[tuple[str, Pieces]]:
    """Yield the sides of an equation, each with what is said before it, so that no matrix is too wide.

    A matrix that is too wide alone on its side is yielded in blocks of columns; elsewhere its label stands for it. A
    side that is then the same as the one before is left out.

    Args:
        sides: The sides, from left to right.
        fit: Returns a grid in blocks that are narrow enough behind a text.
    """
    before: Pieces = ()
    for side in sides:
        if len(side) == 1 and isinstance(side[0], Grid) and len(blocks := fit(side[0], "")) > 1:
            yield from ((_name_columns(block), (block,)) for block in blocks)
            continue
        fitted = _put_labels(side, fit)
        if fitted != before:
            yield "", fitted
        before = fitted


def _name_columns(block: Grid) -> str:
    return f"columns {block.first} to {block.last}" if block.last > block.first else f"column {block.first}"


def _put_labels(side: Pieces, fit: Callable[[Grid, str], list[Grid]]) -> Pieces:
    """Return a side with labels in place of the grids that are too wide behind the text before them."""
    joined: list[str | Grid] = []
    for piece in side:
        before = joined[-1] if joined and isinstance(joined[-1], str) else ""
        if isinstance(piece, Grid) and len(fit(piece, before)) == 1:
            joined.append(piece)
            continue
        text = piece if isinstance(piece, str) else piece.label
        joined[-1 if before else len(joined) :] = [before + text]
    return tuple(joined)


def _draw(piece: str | Grid, height: int) -> list[list[Segment]]:
    """Return a piece as so many lines of segments."""
    if isinstance(piece, str):
        middle = (height - 1) // 2
        return [[(piece if at == middle else " " * len(piece), "")] for at in range(height)]
    above = (height - len(piece.rows)) // 2
    blank: list[Segment] = [(" " * measure(piece), "")]
    lines = [blank] * above
    for i, row in enumerate(piece.rows):
        line: list[Segment] = [("[ ", "")]
        for j, (cell, wide) in enumerate(zip(row, piece.widths, strict=True)):
            line += [(_GAP if j else "", ""), (cell.rjust(wide), piece.entries[i][j] if piece.entries else "")]
        lines.append([*line, (" ]", "")])
    return [*lines, *([blank] * (height - above - len(piece.rows)))]


def _size(pieces: Sequence[str | Grid]) -> int:
    return sum(len(piece) if isinstance(piece, str) else measure(piece) for piece in pieces)


def _split_rows(pieces: Pieces, room: int) -> Iterator[list[str | Grid]]:
    """Yield the pieces of each row of matrices, broken before a text that has a matrix behind it.

    Where both are wider than the room, the matrix goes below its text.
    """
    units: list[list[str | Grid]] = []
    for whole in pieces:
        piece = whole
        if units and isinstance(whole, str):
            closing = whole[: len(whole) - len(whole.lstrip(_CLOSING))]
            if closing and _size(units[-1]) + len(closing) <= room:
                units[-1].append(closing)  # no row begins with it, if there is room
                piece = whole[len(closing) :]
        if not piece:
            continue
        last = units[-1] if units else []
        follows = isinstance(piece, Grid) and last and not any(isinstance(one, Grid) for one in last)
        if follows and _size([*last, piece]) <= room:
            last.append(piece)
        else:
            units.append([piece])
    row: list[str | Grid] = []
    for unit in units:
        if row and _size(row) + _size(unit) > room:
            yield row
            first, *rest = unit
            row = [first.lstrip() if isinstance(first, str) else first, *rest]
        else:
            row += unit
    yield row


def lay_out(lead: str, pieces: Pieces, width: int) -> list[list[Segment]]:
    """Return a lead and the pieces behind it as lines of segments, no wider than a width if that can be.

    Args:
        lead: What stands before the first row of matrices; later rows are indented as far.
        pieces: The texts and grids.
        width: The columns of a line.
    """
    lines: list[list[Segment]] = []
    for row in _split_rows(pieces, width - len(lead)):
        height = max(1, *(len(piece.rows) for piece in row if isinstance(piece, Grid)), 1)
        drawn = [_draw(piece, height) for piece in (lead, *row)]
        lines += [[segment for piece in drawn for segment in piece[at]] for at in range(height)]
        lead = " " * len(lead)
    return lines


def join_segments(lines: Sequence[Sequence[Segment]]) -> list[str]:
    """Return lines of segments as plain text."""
    return ["".join(text for text, _ in line).rstrip() for line in lines]
