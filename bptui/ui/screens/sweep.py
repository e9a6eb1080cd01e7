"""The sweep screen: what to vary, the progress, the results, and single runs to open.

Training happens in processes of their own, which end with the screen. ``escape`` first stops a sweep and keeps its
results, then closes; the screen returns the problem of a run to open, or nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from time import monotonic

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from bptui.core.problem.kinds.setting_kinds import WholeNumber
from bptui.core.problem.settings import MOST_ROUNDS
from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import UserError
from bptui.sweep.plan import Plan, Setting, make_plan, parse_seeds
from bptui.sweep.results import BARS
from bptui.sweep.runner import SweepProgress, run_sweep
from bptui.sweep.tally import Tally
from bptui.sweep.text import draw_histogram, fit_rows, format_progress, format_table, pick_runs
from bptui.system.process import Unavailable
from bptui.text.numbers import format_number
from bptui.text.words import format_count, shorten_faults
from bptui.ui.bindings import HELP_BINDING, bind_enter
from bptui.ui.widgets.choices import Choices
from bptui.ui.widgets.dismiss_once import DismissOnce, is_open
from bptui.ui.widgets.fields.bounded import BoundedInput
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.too_small import TooSmall

_OFTEN = 0.5  # least seconds between two updates of the results
_PAUSE = 9  # times as long as the last update took, if that is more: with many millions of runs, sorting takes time
_MOST_FAULTS = 8  # lines of errors
_MOST_SHOWN = 60  # settings with a histogram and runs of their own
_BESIDE = 46  # columns beside the bars of a histogram
_FIELDS = {
    "vary": ("vary", "step=0.1,1,10", "settings and their values, such as step=0.1,1,10 loss=cross entropy"),
    "seeds": ("random starts", "1000", "how many, or seeds such as 1-500; empty: only the problem's own start"),
    "rounds": ("rounds", "", "rounds of each run"),
}


class RunList(Choices):
    """The results by setting, and single runs."""

    BINDINGS = [bind_enter("Open run", "show the run under the cursor on the main screen", "open-run", "select")]  # noqa: RUF012


class SweepScreen(DismissOnce[Spec | None], Screen[Spec | None]):
    """Sweeps a problem."""

    CSS_PATH = "sweep.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("ctrl+r", "start", "Start", priority=True, tooltip="train all runs", id="start"),
        Binding("escape", "leave", "Stop, close", key_display="esc", tooltip="stop the sweep, or close", id="leave"),
        HELP_BINDING,
    ]

    def __init__(self, spec: Spec, title: str) -> None:
        super().__init__()
        self._spec, self._title = spec, title
        self._plan: Plan | None = None
        self._progress: SweepProgress | None = None
        self._training = False
        self._next = 0.0
        self._runs: dict[str, Spec] = {}

    def compose(self) -> ComposeResult:
        """Yield fields, results, and a line for the progress."""
        yield Static(f"sweep · {self._title}", id="top", markup=False)
        for name, (label, preset, about) in _FIELDS.items():
            with Horizontal(classes="row"):
                yield Label(label, classes="name", markup=False)
                yield BoundedInput(preset or str(self._spec.rounds), placeholder=about, id=name, tooltip=about)
        yield Static(id="fault", markup=False)
        yield RunList(markup=False)
        with Horizontal(classes="row", id="single"):
            yield Label("open seed", classes="name", markup=False)
            yield BoundedInput(placeholder="a seed number for the combination under the cursor, then enter", id="seed")
        yield Static("press enter or ctrl+r to start", id="state", markup=False)
        yield TooSmall()
        yield KeysFooter()

    def on_unmount(self) -> None:
        """End the processes with the screen."""
        self._training = False
        self.workers.cancel_node(self)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Start from any of the fields; from the last one, open a run."""
        if event.input.id == "seed":
            self._open_seed(event.value)
        else:
            self.action_start()

    def action_start(self) -> None:
        """Start the sweep if the fields are valid."""
        if self._training:
            return
        try:
            self._plan = self._read_plan()
        except UserError as fault:
            self._show_fault(re.sub("--vary (?!:)|--(?=vary:)", "", str(fault)).replace("--seeds", "random starts"))
            return
        self._show_fault("")
        self._training, self._progress = True, None
        self.query_one(OptionList).focus()
        self._sweep(self._plan)

    def _read_plan(self) -> Plan:
        texts = {name: self.query_one(f"#{name}", Input).value.strip() for name in _FIELDS}
        words = [word for word in re.split(r"[\s;]+(?=[\w-]+\s*=)", texts["vary"]) if word]
        kind = WholeNumber(1, MOST_ROUNDS)
        try:
            rounds = kind.check(kind.read(texts["rounds"]))
        except ValueError as fault:
            raise UserError(f"rounds: must be {fault}") from fault
        seeds = parse_seeds(texts["seeds"]) if texts["seeds"] else None
        return make_plan(replace(self._spec, rounds=rounds), words, seeds)

    @work(group="sweeping", exclusive=True)
    async def _sweep(self, plan: Plan) -> None:
        fault = ""
        try:
            await run_sweep(plan, self._take_in)
        except Unavailable as reason:
            fault = f"{reason}; the results up to then are shown"
        self._training = False
        if is_open(self):
            self._show()
            self._show_state(
                fault or f"{format_count(plan.runs, 'run')} done; press enter to open the one under the cursor"
            )

    def _take_in(self, progress: SweepProgress) -> None:
        self._progress = progress
        if self._training and self.query("#state"):  # otherwise it was stopped, or the screen or the program was closed
            self._show_state(f"{format_progress(progress)}  press escape to stop")
            if (begun := monotonic()) > self._next:
                self._show()
                self._next = monotonic() + max(_OFTEN, _PAUSE * (monotonic() - begun))

    def _show(self) -> None:
        """List the results so far, keeping the cursor on its run."""
        if self._plan is None or self._progress is None:
            return
        results = self.query_one(OptionList)
        at = results.highlighted_option
        found = zip(self._plan.settings, self._progress.results, strict=True)
        done = [(setting, tally) for setting, tally in found if tally is not None]
        results.set_options(self._options(self._plan, done))
        places = {option.id: i for i, option in enumerate(results.options) if not option.disabled}
        results.highlighted = places.get(at.id if at else None, min(places.values(), default=None))

    def _options(self, plan: Plan, done: list[tuple[Setting, Tally]]) -> Iterator[Option]:
        if not done:
            return
        self._runs = {}
        bars = min(max(self.size.width - _BESIDE, 8), BARS)
        width = max(self.size.width - 4, 40)
        lines = fit_rows(plan.varied, done, width)
        heads, rows = lines[: -len(done)], lines[-len(done) :]
        if not lines:
            heads = list(format_table(plan.varied, done, width))
            rows = [" ".join(f"{key} {text}" for key, text in one.varied.items()) for one, _ in done]
        for head in heads:
            yield Option(Content.styled(head, "$text-muted"), disabled=True)
        for place, ((setting, tally), row) in enumerate(zip(done, rows, strict=True)):
            yield Option(Content.styled(row or "all runs", "bold"), disabled=True)
            if place >= _MOST_SHOWN:
                continue
            for text in draw_histogram(tally.loss, bars):
                yield Option(Content.styled(text, "$text-primary"), disabled=True)
            for name, value, seed in pick_runs(tally):
                key = f"{plan.settings.index(setting)} {seed} {name}"
                self._runs[key] = setting.spec_of(seed)
                loss = "" if value is None else f"  {format_number(value)}"
                yield Option(Content(f"    {name:<14} seed {seed:,}{loss}"), id=key)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open a run."""
        if event.option_id is not None and event.option_id in self._runs:
            self.dismiss(self._runs[event.option_id])

    def _open_seed(self, text: str) -> None:
        """Open any run of the setting under the cursor."""
        results = self.query_one(OptionList)
        option = results.highlighted_option
        if self._plan is None or option is None or option.id is None:
            self._show_fault("there is no combination under the cursor yet")
            return
        setting = self._plan.settings[int(option.id.split()[0])]
        kind = WholeNumber(setting.seeds[0], setting.seeds[-1])
        try:
            seed = kind.check(kind.read(text))
        except ValueError as fault:
            self._show_fault(f"open seed: must be {fault}")
            return
        self.dismiss(setting.spec_of(seed))

    def action_leave(self) -> None:
        """Stop the sweep if there is one, otherwise close."""
        if not self._training:
            self.dismiss(None)
            return
        self.workers.cancel_group(self, "sweeping")
        self._training = False
        self._show()
        done = self._progress.done if self._progress else 0
        self._show_state(f"stopped: {format_count(done, 'run')} done and counted; press escape to close")

    def _show_state(self, text: str) -> None:
        self.query_one("#state", Static).update(text)

    def _show_fault(self, fault: str) -> None:
        self.query_one("#fault", Static).update(shorten_faults(fault, _MOST_FAULTS))
        self.query_one("#fault").set_class(bool(fault), "-shown")
