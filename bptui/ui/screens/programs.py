"""The programs of the network on screen, two side by side and part by part; saves them all.

The panes hold the programs exactly as they are saved, wrapped if too wide. On the left stands NumPy, by hand or in
matrices, and on the right PyTorch. A terminal too narrow for two shows one at a time.
"""

import re
from asyncio import to_thread
from pathlib import Path

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.highlight import HighlightTheme, highlight
from textual.screen import Screen
from textual.widgets import Static

from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import UserError
from bptui.derive.program_parts import ProgramPart
from bptui.derive.programs import PROGRAMS, count_code_lines, join_source
from bptui.system.writing import AlreadyExistsError, make_stem, write_file
from bptui.text.words import format_count, join_words
from bptui.ui.bindings import HELP_BINDING
from bptui.ui.drivers.download import download
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.too_small import TooSmall

_HEADINGS = {"numpy": "NumPy by hand", "matrix": "NumPy in matrices", "torch": "PyTorch, autograd"}
_SCROLLS = {
    "up": "scroll up",
    "down": "scroll down",
    "page_up": "scroll up a page",
    "page_down": "scroll down a page",
    "home": "scroll to the beginning",
    "end": "scroll to the end",
}
_CLASSES = {"numpy": (), "matrix": ("-matrix",), "torch": ("-torch",)}  # of the screen, where only one is shown


class _Readable(HighlightTheme):
    """Textual's colours of program text, none of them faded, as faded ones are not readable in every theme."""

    STYLES = {  # noqa: RUF012 - Textual's own form
        token: re.sub(r" \d+%", "", style.replace("$text 60%", "$text-muted"))
        for token, style in HighlightTheme.STYLES.items()
    }


def _scroll(key: str, to: str) -> Binding:
    name, first = to.replace("_", " "), key.partition(",")[0]
    return Binding(key, f"scroll('{to}')", name.capitalize(), tooltip=_SCROLLS[to], show=False, id=f"scroll-{first}")


class ProgramsScreen(DismissOnce[None], Screen[None]):
    """Shows a NumPy program beside the PyTorch program, each part at the height of its counterpart."""

    CSS_PATH = "programs.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("w", "save", "Save all", tooltip="save all programs to the current folder", id="programs-save"),
        Binding("tab", "switch", "Other program", tooltip="show another program", id="switch"),
        Binding(
            "escape,q,p", "dismiss(None)", "Close", tooltip="return to the main screen", key_display="esc", id="close"
        ),
        _scroll("up,k", "up"),
        _scroll("down,j", "down"),
        _scroll("pageup", "page_up"),
        _scroll("pagedown", "page_down"),
        _scroll("home", "home"),
        _scroll("end", "end"),
        HELP_BINDING,
    ]

    def __init__(self, spec: Spec, title: str, name: str) -> None:
        super().__init__()
        self._title, self._stem = title, make_stem(name)
        self._programs = {engine: PROGRAMS[engine](spec, title) for engine in _HEADINGS}

    def compose(self) -> ComposeResult:
        """Yield the headings, then a row for each part."""
        yield Static(f"NumPy and PyTorch side by side · {self._title}", id="title", markup=False)
        with Horizontal(id="headings"):
            for engine, program in self._programs.items():
                yield Static(
                    f"{_HEADINGS[engine]} · {format_count(count_code_lines(program), 'line')} of code", classes=engine
                )
        with VerticalScroll(can_focus=False):
            for parts in zip(*self._programs.values(), strict=True):
                with Horizontal(classes="part") as row:
                    row.border_title = parts[0].name
                    for engine, part in zip(self._programs, parts, strict=True):
                        yield Static(_visible_source(part), classes=f"{engine} pane", markup=False)
        yield Static(id="said", markup=False)
        yield TooSmall()
        yield KeysFooter()

    def on_mount(self) -> None:
        """Colour the panes after they are shown: for a large network this takes a tenth of a second."""
        self._color()

    @work
    async def _color(self) -> None:
        parts = [part for row in zip(*self._programs.values(), strict=True) for part in row]
        for pane, part in zip(self.query(".pane").results(Static), parts, strict=True):
            pane.update(
                await to_thread(highlight, _visible_source(part), language="python", theme=_Readable), layout=False
            )

    def to_copy(self) -> dict[str, str]:
        """Return the programs, by their headings; see ``bptui.ui.copying``."""
        return {_HEADINGS[engine]: join_source(program) for engine, program in self._programs.items()}

    def action_scroll(self, to: str) -> None:
        """Scroll all programs, at once, so that the next key goes on from there."""
        text = self.query_one(VerticalScroll)
        page, whole = text.scrollable_content_region.height, text.max_scroll_y
        lines = {"up": -1, "down": 1, "page_up": -page, "page_down": page, "home": -whole, "end": whole}
        text.scroll_relative(y=lines[to], animate=False, immediate=True)

    def action_switch(self) -> None:
        """Show the next program; where two are shown, the other one of NumPy."""
        order = list(_CLASSES)[: 2 if self.has_class("-wide") else None]
        now = next((name for name in order if _CLASSES[name] and self.has_class(*_CLASSES[name])), order[0])
        following = order[(order.index(now) + 1) % len(order)]
        self.remove_class("-matrix", "-torch").add_class(*_CLASSES[following])

    def action_save(self) -> None:
        """Write each program to a file of its own."""
        self._save()

    @work
    async def _save(self) -> None:
        texts = {f"{self._stem}-{engine}.py": join_source(program) for engine, program in self._programs.items()}
        faults = {name: await to_thread(_write, Path(name), text) for name, text in texts.items()}
        written = join_words([name for name, fault in faults.items() if not fault])
        where = await download(self.app, *(Path(name) for name, fault in faults.items() if not fault))
        said = [f"wrote {written} {where}"] if written else []
        said += [fault for fault in faults.values() if fault]
        self.query_one("#said", Static).update("\n".join(said))
        self.query_one("#said").set_class(any(faults.values()), "-fault")
        self.query_one("#said").add_class("-shown")


def _visible_source(part: ProgramPart) -> str:
    """Return a part's lines without the empty one at its end."""
    return part.source.rstrip("\n")


def _write(path: Path, text: str) -> str:
    """Write a new file; return the error message for the user, empty if it succeeded."""
    try:
        write_file(path, text)
    except AlreadyExistsError as fault:
        return f"{fault}: move it first, then save again"
    except UserError as fault:
        return str(fault)
    return ""
