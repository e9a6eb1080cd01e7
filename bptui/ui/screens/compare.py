"""The runs of a session overlaid: curves, a table, and observations on each.

A key calls one method of the frozen ``View``, which returns the next one; the panels draw it. Runs are computed here in
slices between keys; their summaries are made in processes of their own, which end with the screen.
"""

import asyncio
from typing import NamedTuple

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.reactive import reactive
from textual.widgets import Static

from bptui.compare.view import View
from bptui.compare.view_state import Summaries
from bptui.compare.worker import summarise_runs
from bptui.core.training.memory import MEMORY
from bptui.lessons.training import LessonRun, begin_variants
from bptui.system.process import Unavailable
from bptui.text.words import format_count
from bptui.ui.bindings import HELP_BINDING, bind_key
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.panels.curves import CurvesPanel, find_round_at
from bptui.ui.panels.observations import ObservationsPanel
from bptui.ui.panels.overview import OverviewPanel
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.page_scroll import bind_page_keys
from bptui.ui.widgets.painting.role_styles import PanelScreen, require_set
from bptui.ui.widgets.panel import Panel
from bptui.ui.widgets.too_small import TooSmall

_SLICE = 0.004  # seconds of computing before keys are looked at again
_MOST_LINES = 9  # of the table, including its head


class CompareOutcome(NamedTuple):
    """The result of the screen: all runs, their summaries, and the place of the one to show, if any."""

    trainings: tuple[LessonRun, ...]
    known: Summaries
    show: int | None = None


def _intent(
    keys: str, call: str, description: str, tooltip: str, *, show: bool = False, display: str | None = None
) -> Binding:
    name = f"compare-{description.lower().replace(' ', '-')}"
    return bind_key(keys, call, name, description, tooltip, show=show, display=display)


class CompareScreen(DismissOnce[CompareOutcome], PanelScreen[CompareOutcome]):
    """Compares runs."""

    CSS_PATH = "compare.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding(
            "enter", "open", "Open", key_display="⏎", tooltip="show this run on the main screen", id="compare-open"
        ),
        Binding("v", "variants", "Variants", tooltip="add the lesson's variants as runs", id="compare-variants"),
        _intent("space", "intend('hide_or_show')", "Hide", "hide or show this run's curve", show=True),
        _intent(
            "e",
            "intend('switch_loss_axis')",
            "Loss axis",
            "switch the loss axis between linear and logarithmic",
            show=True,
        ),
        _intent(
            "r",
            "intend('switch_round_axis')",
            "Round axis",
            "switch the round axis between linear and logarithmic",
            show=True,
        ),
        _intent(
            "m", "intend('switch_measure')", "Measure", "show each run's own loss, or half squared errors", show=True
        ),
        _intent("plus,equals_sign", "intend('zoom', True)", "Zoom", "show fewer rounds", show=True, display="+"),
        _intent("minus", "intend('zoom', False)", "Zoom out", "show more rounds"),
        _intent("0", "intend('whole')", "All", "show all rounds"),
        bind_key("f2", "rename", "compare-rename", "Rename", "rename this run", show=True),
        bind_key("d", "remove", "compare-remove", "Remove", "remove this run from the session", show=True),
        bind_key("u,ctrl+z", "undo", "compare-undo", "Undo", "bring back a removed run, or an earlier name"),
        _intent("up,k", "intend('move', -1)", "Up", "select the run above"),
        _intent("down,j", "intend('move', 1)", "Down", "select the run below"),
        _intent("left", "intend('step', -1)", "Left", "move the cursor to earlier rounds"),
        _intent("right", "intend('step', 1)", "Right", "move the cursor to later rounds"),
        _intent("home", "intend('point', 1)", "First round", "move the cursor to round 1"),
        _intent("end", "intend('point', 1e9)", "Last round", "move the cursor to the last round"),
        *bind_page_keys("the sentences", show=False),
        Binding("escape,q,a", "leave", "Close", key_display="esc", tooltip="return to the main screen", id="leave"),
        HELP_BINDING,
    ]

    view: reactive[View] = reactive(require_set, repaint=False)

    def __init__(self, trainings: tuple[LessonRun, ...], at: int, known: Summaries, strokes: Strokes = BRAILLE) -> None:
        """Compare runs.

        Args:
            trainings: All runs of the session.
            at: The place of the one that is shown.
            known: The summaries that exist already.
            strokes: What curves are drawn with.
        """
        super().__init__()
        self._strokes = strokes
        self.set_reactive(CompareScreen.view, View.of(trainings, at, known))

    def compose(self) -> ComposeResult:
        """Yield plot and sentences above, the table below."""
        yield Static(id="top", markup=False)
        with Container(id="upper"):
            yield CurvesPanel(self._strokes).data_bind(frame=CompareScreen.view)
            yield ObservationsPanel().data_bind(frame=CompareScreen.view)
        yield OverviewPanel().data_bind(frame=CompareScreen.view)
        yield TooSmall()
        yield KeysFooter()

    def on_mount(self) -> None:
        """Train the runs to compare, and summarise them."""
        self._start_workers(self.view)

    def on_unmount(self) -> None:
        """End the processes with the screen."""
        self.workers.cancel_node(self)

    def _start_workers(self, view: View) -> None:
        self.query_one("#top", Static).update(f"comparing {format_count(len(view.trainings), 'run')}")
        self.query_one(OverviewPanel).styles.height = min(len(view.trainings) + 1, _MOST_LINES) + 2
        self._train()
        self._summarise()

    @work(group="training", exclusive=True)
    async def _train(self) -> None:
        """Train every run as far as it is compared, in slices."""
        try:
            for place in (one for one in range(len(self.view.trainings)) if one not in self.view.curves):
                await self._read_curve(place)
        except MemoryError:
            MEMORY.shrink()
            self.notify("not enough memory for these curves", severity="error", markup=False)

    async def _read_curve(self, place: int) -> None:
        run, ahead = self.view.trainings[place].run, self.view.questions[place].rounds + 1  # as of every run shown
        while not run.train_to(ahead, _SLICE):
            await asyncio.sleep(0)
        for curve in self.view.read_curve(place):
            self.view = self.view.with_curve(place, curve) if curve else self.view
            await asyncio.sleep(0)

    @work(group="looking", exclusive=True)
    async def _summarise(self) -> None:
        """Summarise every run that has no summary yet."""
        waiting = [place for place in range(len(self.view.trainings)) if place not in self.view.summaries]
        try:
            async for at, summary in summarise_runs([self.view.questions[place] for place in waiting]):
                self.view = self.view.with_summary(waiting[at], summary)
        except Unavailable as fault:
            self.notify(f"the runs cannot be analysed: {fault}", severity="error", markup=False)

    def action_intend(self, name: str, *words: float) -> None:
        """Call the view's method of a key."""
        self.view = getattr(self.view, name)(*words)

    def action_variants(self) -> None:
        """Add the missing variants of the lesson under the cursor."""
        training = self.view.trainings[self.view.at]
        there = {one.run.spec for one in self.view.trainings}
        new = tuple(one for one in begin_variants(training.lesson) if one.run.spec not in there)
        if not new:
            said = "all variants of this lesson are here" if training.lesson.variants else "this lesson has no variants"
            self.view = self.view.with_trainings((), said)
            return
        self.view = self.view.with_trainings(
            new, f"added {format_count(len(new), 'variant')} of {training.lesson.name}"
        )
        self._start_workers(self.view)

    def action_rename(self) -> None:
        """Ask for a name for the run under the cursor."""
        from bptui.ui.dialogs.rename import RenameScreen

        def take(name: str | None) -> None:
            if name is not None:
                self.view = self.view.rename(name)

        self.app.push_screen(RenameScreen(self.view.trainings[self.view.at]), take)

    def action_remove(self) -> None:
        """Remove the run under the cursor."""
        self._change_runs(self.view.remove())

    def action_undo(self) -> None:
        """Go back to the runs and names before the last change of them."""
        self._change_runs(self.view.undo())

    def _change_runs(self, view: View) -> None:
        """Show other runs, and compute what is still missing of them."""
        before, self.view = self.view, view
        if view.trainings != before.trainings:
            self._start_workers(view)

    def action_page(self, pages: int) -> None:
        """Scroll the sentences."""
        panel = self.query_one(ObservationsPanel)
        panel.scroll_lines(pages * max(panel.content_size.height - 1, 1))

    def on_panel_selected(self, message: Panel.Selected) -> None:
        """Select the run that was clicked."""
        self.view = self.view.select(int(message.part))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the round that was clicked."""
        round_ = self._round_under_mouse(event)
        if round_ is not None:
            self.view = self.view.point(round_)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Zoom in around the round under the mouse."""
        self._zoom(event, inwards=True)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Zoom out."""
        self._zoom(event, inwards=False)

    def _zoom(self, event: events.MouseEvent, inwards: bool) -> None:
        round_ = self._round_under_mouse(event)
        if round_ is not None:
            self.view = self.view.zoom(inwards, round_)

    def _round_under_mouse(self, event: events.MouseEvent) -> float | None:
        panel = self.query_one(CurvesPanel)
        at = event.get_content_offset(panel)
        return None if at is None else find_round_at(self.view, at.x, panel.content_size.width)

    def action_open(self) -> None:
        """Close, and show the run under the cursor."""
        self._leave(self.view.at)

    def action_leave(self) -> None:
        """Close."""
        self._leave(None)

    def _leave(self, show: int | None) -> None:
        self.dismiss(CompareOutcome(self.view.trainings, self.view.known_summaries, show))
