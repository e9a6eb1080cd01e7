"""The message that a terminal is too small, over a whole screen; the screen below keeps the keys."""

from textwrap import wrap

from textual.widgets import Static

_WORDS = (  # the first that fits is shown
    "bptui needs a terminal of at least 80 columns and 24 rows",
    "needs 80 columns and 24 rows",
    "needs 80×24",
    "80×24",
)


class TooSmall(Static):
    """States the required size, where the terminal is smaller."""

    SCOPED_CSS = False  # the classes are the screen's
    DEFAULT_CSS = """
    TooSmall {
        display: none;
        overlay: screen;
        position: absolute;
        width: 100vw;
        height: 100vh;
        background: $background;
        content-align: center middle;
        text-align: center;
    }
    .-tiny > TooSmall, .-low > TooSmall { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(id="too-small", markup=False)

    def render(self) -> str:
        """Return the longest message that fits."""
        width, height = max(self.size.width, 1), self.size.height
        broken = (wrap(words, width, break_long_words=False) for words in _WORDS)
        fits = (lines for lines in broken if len(lines) <= height and max(map(len, lines)) <= width)
        return "\n".join(next(fits, [_WORDS[-1]]))
