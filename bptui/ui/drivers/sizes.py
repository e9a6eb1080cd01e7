"""The sizes of terminals that are drawn: a terminal may say that it has millions of cells, which take hours."""

from textual.geometry import Size

MOST_COLUMNS, MOST_ROWS = 1000, 400


def limit_size(width: int, height: int) -> Size:
    """Return the part of a terminal that is drawn, in cells."""
    return Size(min(max(width, 1), MOST_COLUMNS), min(max(height, 1), MOST_ROWS))
