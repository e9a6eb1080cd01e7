"""The pictures in README.md, drawn by the real program: ``python -P -m tests.pictures [FOLDER [NAME...]]``.

They are Textual's own export, with names of our own for what it numbers, and without the font it would fetch from
elsewhere: the same screen gives the same bytes, and a picture shows where nothing may be fetched. What is drawn waits
for everything that is still computed, so torch has to be there.
"""

import asyncio
import os
import re
import sys
from dataclasses import dataclass
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING

from tests.film import FIVE_MINUTES, FONTS, KEY_SECONDS, SCENE_SECONDS, Film, Frame, Terminal, make_svg

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from bptui.ui.app import BptuiApp

FOLDER = Path(__file__).parents[1] / ".pictures"
TYPED = {".": "full_stop", "<": "less_than_sign"}  # keys as README writes them, and what Textual calls them
_UNSEEN = (
    "torch",
    "keeping",
)  # work that no picture waits for: torch's answers are asked for, and autosaving shows nothing
_PATIENCE = 240.0  # seconds for one picture


@dataclass(frozen=True)
class Picture(Terminal):
    """A picture, and how to get there.

    Attributes:
        keys: The keys to press, with spaces between.
        sign: What is on the screen when it is finished.
    """

    keys: str
    sign: str


_EXERCISE = (
    "ctrl+n tab tab 3 tab tab tab tab a tab tab tab tab tab tab tab 0 full_stop 5 tab minus 1 tab 0 full_stop 8 tab "
    "0 full_stop 1 tab minus 0 full_stop 3 tab 0 full_stop 5 tab 0 full_stop 2 tab"
)
_ANSWERS = (
    "x 0 full_stop 2 5 enter 0 full_stop 5 6 2 2 enter minus 0 full_stop 0 2 enter 0 full_stop 4 9 5 enter "
    "0 full_stop 1 enter f2"
)
PICTURES = (
    Picture("stepper", "numpy-by-hand", 120, 36, "space space", "w1, w2, w3, w4 disagree with torch"),
    Picture("derivation", "numpy-by-hand", 100, 30, "space space enter enter", "The chain rule multiplied out"),
    Picture("check", "era-sheet", 100, 30, "space c w", "cause (pgdn): "),
    Picture("exercise", "two-by-two", 120, 36, _EXERCISE, "to fill in"),
    Picture("practice", "two-by-two", 100, 30, _ANSWERS, "not right"),
    Picture("programs", "two-by-two", 120, 36, "p pagedown", "lines of code"),
    Picture("presenter", "two-by-two", 120, 36, "z space space right right", "round 3/1,000"),
    Picture("slope", "mazur-2015", 100, 30, "right right P", "The update moves w5"),
    Picture("compare", "step-size", 120, 36, "a v", "all together"),
    Picture("boundary", "xor", 100, 30, "g 1 5 0 enter d", "for all 4 samples"),
)


def own_home(folder: str) -> None:
    """Let nothing of the user's decide what a picture looks like."""
    for name in [name for name in os.environ if name.startswith(("TEXTUAL", "NO_COLOR", "XDG_"))]:
        del os.environ[name]
    os.environ |= {"HOME": folder, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LC_ALL": "C.UTF-8"}


def plain_svg(svg: str, name: str) -> str:
    """An exported picture without what differs from time to time, and without anything from elsewhere."""
    svg = re.sub(r"\s*(@font-face \{.*?\}|<!--.*?-->)", "", svg, flags=re.DOTALL)
    svg = re.sub(r"terminal-\d+", name, svg)
    return svg.replace("font-family: Fira Code, monospace", f"font-family: {FONTS}")


async def drawn(picture: Picture | Film) -> str:
    """A picture as SVG."""
    from bptui.lessons.lesson import load_lesson
    from bptui.session import session
    from bptui.session.session import Session
    from bptui.ui.app import BptuiApp

    session._AT_ONCE = inf  # where "go to" runs there, an arrow depends on which round was seen last
    app = BptuiApp(Session.open(load_lesson(picture.lesson)))
    async with app.run_test(size=(picture.columns, picture.rows)) as pilot:
        if isinstance(picture, Film):
            return plain_svg(make_svg(picture, await film(pilot, picture)), picture.name)
        for key in ("", *picture.keys.split()):
            await pilot.press(*filter(None, [key]))
            while not settled(app):
                await pilot.pause(0.02)
        return plain_svg(await at_rest(pilot, picture.lesson, picture.sign), picture.name)


async def film(pilot: "Pilot[int]", film: Film) -> list[Frame]:
    """The frames of a moving picture: the start, and the screen after each key."""
    frames = [Frame(await at_rest(pilot, film.lesson), "", film.title, SCENE_SECONDS)]
    for scene in film.scenes:
        keys = scene.keys.split()
        for place, key in enumerate(keys, 1):
            await pilot.press(*(key if key.isdigit() else [TYPED.get(key, key)]))
            seconds = SCENE_SECONDS if place == len(keys) else KEY_SECONDS
            frames.append(Frame(await at_rest(pilot, film.lesson), key, scene.caption, seconds))
    return frames


async def at_rest(pilot: "Pilot[int]", lesson: str, sign: str = "") -> str:
    """The screen as SVG, when it has the sign and no longer changes."""
    app: BptuiApp = pilot.app  # type: ignore[assignment]
    end, svg, before = monotonic() + _PATIENCE, "", ""
    while svg != before or not svg or sign not in svg.replace("&#160;", " ") or not settled(app):
        if monotonic() > end:
            raise TimeoutError(f"{lesson}: never showed {sign!r}")
        await pilot.pause(0.1)
        if settled(app):
            svg, before = app.export_screenshot(title=f"bptui {lesson}", simplify=True), svg
    return svg


def settled(app: "BptuiApp") -> bool:
    """Whether nothing is still computed that a picture would show."""
    session = app.get_default_screen().session
    answered = session.torch.state == "ready" and session.next_question() is None
    return (
        answered
        and session.goal is None
        and all(worker.is_finished for worker in app.workers if worker.group not in _UNSEEN)
    )


def main(folder: Path, *names: str) -> None:
    """Draw pictures into a folder: those that are named, or all."""
    folder.mkdir(exist_ok=True)
    for picture in (*PICTURES, FIVE_MINUTES):
        if picture.name in names or not names:
            path, began = folder / f"{picture.name}.svg", monotonic()
            path.write_text(asyncio.run(drawn(picture)), encoding="utf-8", newline="\n")
            print(f"{path.name}  {path.stat().st_size:,} bytes  {monotonic() - began:.1f} s", flush=True)


if __name__ == "__main__":
    with TemporaryDirectory() as home:
        own_home(home)
        main(Path(sys.argv[1]) if sys.argv[1:] else FOLDER, *sys.argv[2:])
