"""Small pictures of the selected part: its activation, the loss over it, or its numbers over the rounds.

The screen has no session of its own, but follows the stepper's; see ``FollowingScreen``. A picture may take longer than
a key may wait, so each is computed beside the event loop.
"""

import asyncio

import numpy as np
from textual import work
from textual.app import ComposeResult
from textual.content import Content

from bptui.part_pictures.gallery import Question, can_zoom, list_pictures
from bptui.part_pictures.picture import Picture
from bptui.session.frame import Frame
from bptui.ui.bindings import bind_key
from bptui.ui.drawing.lines import Line
from bptui.ui.drawing.plots.picture import draw_picture
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.panels.status import StatusPanel
from bptui.ui.widgets.following_screen import FollowingScreen, bind_followed
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.panel import Panel
from bptui.ui.widgets.session_screen import SessionScreen
from bptui.ui.widgets.too_small import TooSmall

_ZOOM, _FURTHEST = 2.0, 2.0**20


class PicturePanel(Panel[Picture]):
    """One picture with its sentences."""

    def __init__(self, strokes: Strokes = BRAILLE) -> None:
        super().__init__()
        self._strokes = strokes
        self.place, self.count = 0, 1

    def heading(self, frame: Picture) -> str:
        """See ``Panel.heading``."""
        return f"{frame.title} · picture {self.place + 1} of {self.count}"

    def footing(self, frame: Picture) -> Content:
        """See ``Panel.footing``."""
        has_gaps = not all(np.isfinite(curve.y).all() for curve in frame.curves)
        return Content("× not finite" if has_gaps else "")

    def draw(self, frame: Picture, width: int, height: int) -> list[Line]:
        """See ``Panel.draw``."""
        return draw_picture(frame, width, height, self._strokes)


def _make_picture(question: Question, place: int) -> tuple[int, int, Picture]:
    """Return the place of a part's picture, how many it has, and the picture."""
    makers = list_pictures(question)
    if not makers:
        said = f"{question.part} is an input: it is given and never changes. Select a neuron, a weight, a bias or E."
        return 0, 1, Picture(question.part, "", sentences=(said,))
    place %= len(makers)
    return place, len(makers), makers[place]()


class PicturesScreen(FollowingScreen):
    """Shows the pictures of the part that is selected in the stepper."""

    CSS = """
    PicturesScreen {
        layout: vertical;
        & StatusPanel { height: 1; border: none; background: $panel; }
        & PicturePanel { height: 1fr; }
        &.-tiny PicturePanel, &.-low PicturePanel { display: none; }
    }
    """
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        *bind_followed(
            ("next", "back", "run-or-pause", "next-sample"),
            ("go-to", "first", "last", "more-digits", "fewer-digits", "up", "down"),
            "P",
            bind_key(
                "tab,right", "turn(1)", "next-picture", "Picture", "show the next picture of this part", show=True
            ),
            bind_key("shift+tab,left", "turn(-1)", "picture-before", "Previous picture", "show the previous picture"),
            bind_key(
                "plus,equals_sign", "zoom(True)", "picture-zoom", "Zoom", "narrow the axis", show=True, display="+"
            ),
            bind_key("minus", "zoom(False)", "picture-zoom-out", "Zoom out", "widen the axis", display="-"),
        )
    ]

    def __init__(self, owner: SessionScreen, strokes: Strokes = BRAILLE) -> None:
        """Follow a session.

        Args:
            owner: The screen that holds it.
            strokes: What to draw with.
        """
        super().__init__(owner)
        self._strokes = strokes
        self._place, self._zoom = 0, 1.0
        self._shown = 0  # the place of the picture that is drawn already
        self._stale = self._drawing = False

    def compose(self) -> ComposeResult:
        """Yield the picture below the state of the run."""
        yield StatusPanel().data_bind(PicturesScreen.frame)
        yield PicturePanel(self._strokes)
        yield TooSmall()
        yield KeysFooter().data_bind(FollowingScreen.frame)

    def on_unmount(self) -> None:
        """Compute nothing more."""
        self.workers.cancel_node(self)

    def show_frame(self, frame: Frame) -> None:
        """Picture a frame of the session."""
        if frame.selected != self.frame.selected:
            self._place, self._zoom = 0, 1.0
        super().show_frame(frame)
        self._draw_anew()

    def _ask(self) -> Question:
        frame = self.frame
        return Question(
            frame.history, frame.furthest, frame.round, frame.selected, frame.sample, frame.digits, self._zoom
        )

    def _draw_anew(self) -> None:
        """Picture the latest frame soon; one picture at a time, however fast rounds follow each other."""
        self._stale = True
        if not self._drawing:
            self._drawing = True
            self._compute()

    @work(group="picture")
    async def _compute(self) -> None:
        """Compute pictures until one is of the latest frame."""
        try:
            while self._stale:
                self._stale = False
                asked = self._place
                place, count, picture = await asyncio.to_thread(_make_picture, self._ask(), asked)
                self._place += (place - asked) * (self._place == asked)
                panel = self.query_one(PicturePanel)
                panel.place, panel.count, self._shown = place, count, place
                panel.frame = picture
                self.refresh_bindings()
        finally:
            self._drawing = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether a key does something now: zooming only where an axis can be narrower."""
        if action == "zoom":
            return can_zoom(self._ask(), self._shown)
        return super().check_action(action, parameters)

    def action_turn(self, by: int) -> None:
        """Show the next picture, or the one before."""
        self._place += by  # beyond the last is the first again
        self._draw_anew()

    def action_zoom(self, inwards: bool) -> None:
        """Make the axis narrower, or wider."""
        self._zoom = min(max(self._zoom * (_ZOOM if inwards else 1.0 / _ZOOM), 1.0 / _FURTHEST), _FURTHEST)
        self._draw_anew()

    def action_move(self, across: int, down: int) -> None:
        """Select another part."""
        self._owner.session = self._owner.session.move(across, down)
