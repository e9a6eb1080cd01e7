"""The blocks of a page: headings, paragraphs, tables and equations.

An equation is written in the notation of the page's format. All other text is words, which the format escapes; see
``bptui.derive.formats``.
"""

from bptui.record import record
from bptui.text.matrices import Pieces


@record
class Heading:
    """A heading; level 1 is the page's title."""

    text: str
    level: int = 2


@record
class Paragraph:
    """A paragraph."""

    text: str


@record
class Table:
    """Rows of cells under a head; cells of ``formulas`` columns are formulas."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    formulas: tuple[int, ...] = ()


@record
class Equation:
    """A left side and one or more equal right sides; all on one line if ``on_one_line``.

    ``exact`` says whether the last right side equals the others, or only approximately.
    """

    left: str
    right: tuple[str, ...]
    on_one_line: bool = False
    exact: bool = True

    def right_sides(self, about: str) -> list[tuple[str, str]]:
        """Return the right sides, each with the sign before it; ``about`` is the sign of approximate equality."""
        *before, last = self.right
        found = [*(("=", right) for right in before), ("=" if self.exact else about, last)]
        return [("=", " ".join(f"{sign} {right}" for sign, right in found)[2:])] if self.on_one_line else found


@record
class Equations:
    """Equations below each other."""

    lines: tuple[Equation, ...]


@record
class MatrixEquation:
    """A left side and one or more equal right sides with matrices, below each other; ``exact`` as in ``Equation``."""

    left: str
    right: tuple[Pieces, ...]
    exact: bool = True


@record
class BulletList:
    """A bulleted list of sentences, with an optional emphasised lead before it."""

    texts: tuple[str, ...]
    lead: str = ""


@record
class TreeItem:
    """An item of a tree; ``remark`` follows its first equation, and each further one has its word before it."""

    level: int
    head: Equation
    remark: str = ""
    lines: tuple[tuple[str, Equation], ...] = ()


@record
class Tree:
    """Items below each other; those of the next level after an item belong to it."""

    items: tuple[TreeItem, ...]


@record
class UserNote:
    """Markdown that the user wrote, isolated so that it cannot change the rest of the page."""

    markdown: str


@record
class Picture:
    """A picture in a file beside the page, and a description of it."""

    file: str
    about: str


Block = Heading | Paragraph | Table | Equations | MatrixEquation | BulletList | Tree | UserNote | Picture
