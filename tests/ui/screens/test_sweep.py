"""The sweep screen: fields that are checked, results while they come, a clean stop, and single runs that open."""

import asyncio
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList, Static

from bptui.core.problem.initialisation import make_initial_parameters
from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.session.torch_side.process import TorchProcess
from bptui.sweep.chunk import Chunk
from bptui.sweep.plan import Plan
from bptui.sweep.runner import SweepProgress
from bptui.sweep.tally import Tally
from bptui.system.process import Unavailable
from bptui.ui.app import BptuiApp
from bptui.ui.screens import sweep
from bptui.ui.screens.stepper import StepperScreen
from bptui.ui.screens.sweep import SweepScreen


class Trainer:
    """Stands in for the processes: trains here, one setting after the other, as far as it is let."""

    def __init__(self) -> None:
        self.go_on = asyncio.Semaphore(100)
        self.plans: list[Plan] = []
        self.fault = ""
        self.cancelled = False

    async def swept(self, plan: Plan, say: Callable[[SweepProgress], None]) -> None:
        self.plans.append(plan)
        results: list[Tally | None] = [None] * len(plan.settings)
        say(SweepProgress(0, plan.runs, None, tuple(results)))
        try:
            for place, setting in enumerate(plan.settings):
                await self.go_on.acquire()
                chunk = Chunk(setting.spec, setting.seeds)
                for _ in chunk.train():
                    pass
                results[place] = Tally.of(setting.spec, setting.seeds, chunk.collect_result())
                done = sum(tally.runs for tally in results if tally)
                say(SweepProgress(done, plan.runs, 1.0, tuple(results)))
                if self.fault:
                    raise Unavailable(self.fault)
        except asyncio.CancelledError:
            self.cancelled = True
            raise


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch) -> Trainer:
    async def start(self: TorchProcess) -> None:
        raise Unavailable("torch is not installed")

    trainer = Trainer()
    monkeypatch.setattr(TorchProcess, "start", start)
    monkeypatch.setattr(sweep, "run_sweep", trainer.swept)
    monkeypatch.setattr(sweep, "_OFTEN", 0.0)
    monkeypatch.setattr(sweep, "_PAUSE", 0)
    return trainer


@pytest.fixture
async def pilot(trainer: Trainer) -> AsyncIterator[Pilot[Any]]:
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("w")
        await pilot.pause()
        yield pilot


def screen_of(pilot: Pilot[Any]) -> SweepScreen:
    assert isinstance(pilot.app.screen, SweepScreen)
    return pilot.app.screen


async def start(pilot: Pilot[Any], vary: str = "step=0.5,5", seeds: str = "30", rounds: str = "20") -> None:
    for name, text in (("vary", vary), ("seeds", seeds), ("rounds", rounds)):
        screen_of(pilot).query_one(f"#{name}", Input).value = text
    await pilot.press("ctrl+r")
    for _ in range(20):
        await pilot.pause()


def listed(pilot: Pilot[Any]) -> str:
    results = screen_of(pilot).query_one(OptionList)
    return "\n".join(str(option.prompt) for option in results.options)


def said(pilot: Pilot[Any], name: str) -> str:
    return str(screen_of(pilot).query_one(f"#{name}", Static).render())


async def test_every_setting_is_listed_with_its_verdicts_quantiles_histogram_and_runs(
    pilot: Pilot[Any], trainer: Trainer
) -> None:
    await start(pilot)
    assert [setting.spec.step for setting in trainer.plans[0].settings] == [0.5, 5.0]
    assert trainer.plans[0].runs == 60 and trainer.plans[0].settings[0].spec.rounds == 20
    text = listed(pilot)
    for part in ("median", "still", "best", "worst", "█", "0.5"):
        assert part in text
    assert "60 runs done" in said(pilot, "state")


async def test_where_a_row_does_not_fit_each_setting_still_heads_its_own_runs(pilot: Pilot[Any]) -> None:
    values = [", ".join([f"{0.123456789 + n}"] * 8) for n in (0, 1)]
    await start(pilot, vary=f"weights={';'.join(values)}", seeds="")
    text = listed(pilot).split("\n")
    heads = [before for before, line in pairwise(text) if "best" in line]
    assert heads == [f"weights {value}" for value in values]


async def test_a_run_opens_in_the_stepper_with_exactly_its_weights(pilot: Pilot[Any], trainer: Trainer) -> None:
    await start(pilot, vary="step=0.5")
    await pilot.press("enter")
    await pilot.pause()
    stepper = pilot.app.screen
    assert isinstance(stepper, StepperScreen)
    spec = stepper.session.spec
    assert (spec.init, spec.step, spec.rounds) == ("normal", 0.5, 20)
    best = trainer.plans[0].settings[0].spec_of(spec.seed)
    assert best == spec
    assert (stepper.session.run.parameters(1) == make_initial_parameters(spec)).all()


async def test_any_seed_of_the_setting_under_the_cursor_opens(pilot: Pilot[Any]) -> None:
    await start(pilot)
    field = screen_of(pilot).query_one("#seed", Input)
    field.focus()
    field.value = "31"
    await pilot.press("enter")
    await pilot.pause()
    assert "must be a whole number from 1 to 30" in said(pilot, "fault")
    field.value = "17"
    await pilot.press("enter")
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen)
    assert pilot.app.screen.session.spec.seed == 17


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"vary": "step=0"}, "step=0: 0 must be a number above 0"),
        ({"vary": "steps=1"}, "unknown setting"),
        ({"vary": "step=1", "seeds": "many"}, "random starts: many must be a number of seeds"),
        ({"vary": "step=1", "rounds": "0"}, "rounds: must be a whole number from 1"),
        ({"vary": "step=1 step=2"}, "given twice"),
        ({"vary": "z" * 3000}, f"{'z' * 39}: unknown setting"),
    ],
)
async def test_a_fault_in_a_field_is_told_and_nothing_is_trained(
    pilot: Pilot[Any], trainer: Trainer, fields: dict[str, str], words: str
) -> None:
    await start(pilot, **fields)
    assert words in said(pilot, "fault") and len(said(pilot, "fault")) < 1000 and not trainer.plans


async def test_values_with_spaces_and_several_settings_are_read(pilot: Pilot[Any], trainer: Trainer) -> None:
    await start(pilot, vary="activation=leaky relu,sigmoid loss=half squared error,cross entropy", seeds="5")
    assert len(trainer.plans[0].settings) == 4
    assert {setting.spec.activation_output for setting in trainer.plans[0].settings} == {"leaky relu", "sigmoid"}


async def test_escape_stops_and_keeps_what_is_done_and_leaves_only_then(pilot: Pilot[Any], trainer: Trainer) -> None:
    trainer.go_on = asyncio.Semaphore(1)
    await start(pilot)
    assert "escape to stop" in said(pilot, "state")
    await pilot.press("escape")
    await pilot.pause()
    assert trainer.cancelled and "stopped: 30 runs" in said(pilot, "state")
    assert "best" in listed(pilot)
    await pilot.press("escape")
    await pilot.pause()
    assert isinstance(pilot.app.screen, StepperScreen)


async def test_a_process_that_dies_is_told_of_and_what_was_done_is_kept(pilot: Pilot[Any], trainer: Trainer) -> None:
    trainer.fault = "its process ended with status 9"
    await start(pilot)
    assert "status 9; the results up to then are shown" in said(pilot, "state")
    assert "best" in listed(pilot)


async def test_leaving_while_training_ends_it(pilot: Pilot[Any], trainer: Trainer) -> None:
    trainer.go_on = asyncio.Semaphore(0)
    await start(pilot)
    pilot.app.pop_screen()
    await pilot.pause()
    await pilot.pause()
    assert trainer.cancelled


async def test_a_word_that_comes_while_the_screen_is_taken_down_is_no_matter(
    pilot: Pilot[Any], trainer: Trainer
) -> None:
    trainer.go_on = asyncio.Semaphore(0)
    await start(pilot)
    screen = screen_of(pilot)
    await screen.query("*").remove()
    trainer.go_on.release()
    await pilot.pause()
    await pilot.pause()
    assert screen.is_current and pilot.app._exception is None


async def test_any_size_is_drawn(pilot: Pilot[Any]) -> None:
    await start(pilot, vary="step=0.5,5 activation=relu,sigmoid loss=half squared error,cross entropy", seeds="25")
    for size in [(20, 5), (1, 1), (200, 60), (80, 24)]:
        await pilot.resize_terminal(*size)
        await pilot.pause()
    assert screen_of(pilot).is_current


async def test_leaving_the_program_while_there_is_something_to_tell_is_no_crash(
    pilot: Pilot[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = screen_of(pilot)

    async def swept(plan: Plan, say: Callable[[SweepProgress], None]) -> None:
        progress = SweepProgress(0, plan.runs, None, (None,) * len(plan.settings))
        say(progress)
        try:
            await asyncio.Event().wait()
        finally:  # the program stops what it does before its screens
            while screen.query("#state"):
                await asyncio.sleep(0)
            say(progress)

    monkeypatch.setattr(sweep, "run_sweep", swept)
    await start(pilot)
    assert "escape to stop" in said(pilot, "state")
    await pilot.press("ctrl+q")
    assert pilot.app.return_code == 0
