"""The moving picture in README.md: the first five minutes, key by key, as one SVG that any browser plays.

A row that several frames share is in the file once. The frames lie side by side behind a window, and one CSS animation
moves them along; a reader who asks for less motion sees one frame alone, that of the mistake.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from xml.etree import ElementTree

CELL, ROW = 12.2, 24.4  # width and height of a cell in Textual's exports
MARGIN, BAR = 10, 44  # around the terminal, and the height of the caption below it
KEY_SECONDS, SCENE_SECONDS = 1.2, 3.6  # how long the picture after a key stays, and the one at the end of a scene
FONTS = '"DejaVu Sans Mono", Menlo, Consolas, monospace'


@dataclass(frozen=True)
class Scene:
    """Some keys and what they show.

    Attributes:
        keys: The keys as README writes them, with spaces between.
        caption: What to look at, in one short sentence.
    """

    keys: str
    caption: str


@dataclass(frozen=True)
class Terminal:
    """A picture's terminal: what is open in it, and how large it is.

    Attributes:
        name: The picture's file without its ending.
        lesson: The lesson to open.
        columns: Width of the terminal.
        rows: Its height.
    """

    name: str
    lesson: str
    columns: int
    rows: int


@dataclass(frozen=True)
class Film(Terminal):
    """A moving picture.

    Attributes:
        title: What it shows, below the first frame.
        scenes: What is pressed.
        still: The scene whose end is shown where nothing may move.
    """

    title: str
    scenes: tuple[Scene, ...]
    still: int


@dataclass(frozen=True)
class Frame:
    """The terminal after a key.

    Attributes:
        screen: Textual's export.
        key: The key that was pressed last.
        caption: What the scene shows.
        seconds: How long it stays.
    """

    screen: str
    key: str
    caption: str
    seconds: float


FIVE_MINUTES = Film(
    "five-minutes",
    "two-by-two",
    80,
    24,
    "Find the mistake in a course's program, in five minutes.",
    (
        Scene("space space home", "Each space is one round: forward, backward, update."),
        Scene("< . . . . . . . .", "Step inside the round: each number with its formula."),
        Scene("g 1000 enter", "Round 1,000: the loss is near the lowest possible."),
        Scene("l down enter", "The course's own program: torch disagrees on w1 to w4."),
        Scene("enter enter", "Why? It adds two gradients instead of two products."),
        Scene("q g 10 enter", "This mistake reproduces the printed results: ✓ ✓ ✓"),
        Scene("s shift+tab enter home enter ctrl+s", "Now train by the chain rule: all eight agree."),
        Scene("g 10 enter", "Without the mistake, the printed results differ: ✗ ✗ ✗"),
        Scene("o", "Back to the previous run: nothing is lost."),
    ),
    still=5,
)


def make_svg(film: Film, frames: Sequence[Frame]) -> str:
    """Return the moving picture of some frames."""
    styles, rows = dict[str, str](), dict[str, str]()
    strip = [
        f'<g transform="translate({place * _width(film)})">{_draw_frame(film, frame, styles, rows)}</g>'
        for place, frame in enumerate(frames)
    ]
    width, height = _width(film), film.rows * ROW + 2 * MARGIN + BAR
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">',
        f"<style>{_make_style(film, frames, styles)}</style>",
        "<defs>",
        *(f'<g id="{name}">{row}</g>' for row, name in rows.items()),
        "</defs>",
        f'<rect width="{width:g}" height="{height:g}" rx="10" fill="#292929" stroke="#808080"/>',
        f'<svg width="{width:g}" height="{height:g}" overflow="hidden"><g class="film">',
        *strip,
        "</g></svg></svg>\n",
    )
    return "\n".join(parts)


def _width(film: Film) -> float:
    return film.columns * CELL + 2 * MARGIN


def _make_style(film: Film, frames: Sequence[Frame], styles: dict[str, str]) -> str:
    whole, width = sum(frame.seconds for frame in frames), _width(film)
    begins = accumulate((frame.seconds for frame in frames[:-1]), initial=0.0)
    steps = "".join(
        f"{100 * begin / whole:.3f}%{{transform:translateX({-place * width:g}px)}}"
        for place, begin in enumerate(begins)
    )
    still = (
        -width * [place for place, frame in enumerate(frames) if frame.caption == film.scenes[film.still].caption][-1]
    )
    return "\n".join(
        (
            f"text{{font-family:{FONTS};font-size:20px;white-space:pre}}",
            *(f".{name}{{{rule}}}" for rule, name in styles.items()),
            f".film{{animation:play {whole:.1f}s step-end infinite}}",
            f"@keyframes play{{{steps}}}",
            f"@media (prefers-reduced-motion:reduce){{.film{{animation:none;transform:translateX({still:g}px)}}}}",
        )
    )


def _draw_frame(film: Film, frame: Frame, styles: dict[str, str], rows: dict[str, str]) -> str:
    """Return a frame; styles and rows that are new are added to those there are."""
    drawn = ""
    for place, row in enumerate(_read_rows(frame.screen, film.rows, styles)):
        name = rows.setdefault(row, f"l{len(rows)}")
        drawn += f'<use href="#{name}" x="{MARGIN}" y="{MARGIN + place * ROW:g}"/>'
    return drawn + _draw_caption(film, frame)


def _draw_caption(film: Film, frame: Frame) -> str:
    """Return the line below the terminal: the key that was pressed, if one was, and what the scene shows."""
    top, left, key = MARGIN + film.rows * ROW, float(MARGIN), ""
    if frame.key:
        wide = len(frame.key) * CELL + 20
        key = f'<rect x="{left:g}" y="{top + 10:g}" width="{wide:g}" height="32" rx="6" fill="#fea62b"/>'
        key += f'<text x="{left + 10:g}" y="{top + 33:g}" fill="#121212" font-weight="bold">{escape(frame.key)}</text>'
        left += wide + 16
    return f'{key}<text x="{left:g}" y="{top + 33:g}" fill="#e0e0e0">{escape(frame.caption)}</text>'


def _read_rows(svg: str, count: int, styles: dict[str, str]) -> list[str]:
    """Return each row of an export, drawn where the first is: its backgrounds, then its texts."""
    root, own = ElementTree.fromstring(svg), _read_styles(svg)
    rows = [""] * count
    for tag, attributes, text in _read_parts(root):
        x, width = attributes["x"], attributes.get("width") or attributes["textLength"]
        place = int((float(attributes["y"])) / ROW) if tag == "rect" else round((float(attributes["y"]) - 20) / ROW)
        if tag == "rect":
            rows[place] += f'<rect x="{x}" width="{width}" height="24.8" fill="{attributes["fill"]}"/>'
        elif text.strip():
            name = styles.setdefault(own[attributes["class"]], f"s{len(styles)}")
            rows[place] += f'<text class="{name}" x="{x}" y="19" textLength="{width}">{escape(text)}</text>'
    return rows


def _read_parts(root: ElementTree.Element) -> Iterable[tuple[str, dict[str, str], str]]:
    """Yield backgrounds and texts of the terminal, not those of the window around it."""
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        mark = {"rect": "shape-rendering", "text": "textLength"}.get(tag)
        if mark in element.attrib:
            yield tag, element.attrib, element.text or ""


def _read_styles(svg: str) -> dict[str, str]:
    """Return an export's rules by the classes that have them."""
    return {name: rule.strip() for name, rule in re.findall(r"^\s*\.([\w-]+-r\d+) \{([^}]*)\}", svg, re.MULTILINE)}
