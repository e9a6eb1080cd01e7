"""Run an app and print its event loop's longest gap.

``bptui`` runs until torch is loaded, ``empty`` for a second; ``settings`` opens that dialog once the screens are
prepared; ``largest`` opens a problem of as many formulas as are
possible, after torch is loaded, and presses a key until each round has been computed as often as it takes to compile.
"""

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual.app import App

if TYPE_CHECKING:
    from bptui.ui.screens.stepper import StepperScreen

NAP = 0.001
ROUNDS = 60  # of the largest problem
REST = 1.0  # seconds after torch is loaded, and after a dialog is opened


async def longest_gap(done: Callable[[], bool]) -> float:
    """How many seconds a nap of a millisecond has lasted too long, until something holds."""
    longest = 0.0
    while not done():
        start = monotonic()
        await asyncio.sleep(NAP)
        longest = max(longest, monotonic() - start - NAP)
    return longest


def _bptui() -> tuple[App[Any], Callable[[], bool]]:
    from bptui.lessons.lesson import DEFAULT_LESSON, load_lesson
    from bptui.session.session import Session
    from bptui.ui.app import BptuiApp

    app = BptuiApp(Session.open(load_lesson(DEFAULT_LESSON)))
    return app, lambda: _is_loaded(app)


def _is_loaded(app: App[Any]) -> bool:
    return any(screen.session.torch.state != "loading" for screen in _find_steppers(app))


def _find_steppers(app: App[Any]) -> "list[StepperScreen]":
    from bptui.ui.screens.stepper import StepperScreen

    return [s for s in app.screen_stack if isinstance(s, StepperScreen)] if app.is_running else []


def _empty() -> tuple[App[Any], Callable[[], bool]]:
    from tests.bench.programs.empty import EmptyApp

    end = monotonic() + 1.0
    return EmptyApp(), lambda: monotonic() > end


async def _watch(name: str) -> float:
    """Run an app and watch its loop from the loop's start."""
    app, done = {"bptui": _bptui, "empty": _empty}[name]()
    watching, running = asyncio.create_task(longest_gap(done)), asyncio.create_task(app.run_async())
    longest = await watching
    app.exit()
    await running
    return longest


async def _watch_opening() -> float:
    """Watch the loop while the largest problem is opened in a running app, and while its first rounds are shown."""
    from bptui.lessons.lesson import Lesson
    from tests.bench.programs.largest import make_largest

    app, loaded = _bptui()
    running = asyncio.create_task(app.run_async())
    while not loaded():
        await asyncio.sleep(NAP)
    (stepper,) = _find_steppers(app)
    spec, asked = make_largest(), 1
    stepper.call_later(stepper.open_lesson, Lesson("largest", "largest", spec))

    def done() -> bool:
        nonlocal asked
        frame = stepper.frame
        if frame.spec == spec and frame.round == asked:
            asked += 1
            stepper.call_later(stepper.action_intend, "next")
        return asked > ROUNDS

    longest = await longest_gap(done)
    app.exit()
    await running
    return longest


async def _watch_settings() -> float:
    """Watch the loop from the key that opens the settings until nothing more is done."""
    app, loaded = _bptui()
    running = asyncio.create_task(app.run_async())
    while not loaded():
        await asyncio.sleep(NAP)
    await asyncio.sleep(REST)
    (stepper,) = _find_steppers(app)
    stepper.call_later(stepper.action_open, "settings")
    end = monotonic() + REST
    longest = await longest_gap(lambda: monotonic() > end)
    assert app.screen is not stepper
    app.exit()
    await running
    return longest


if __name__ == "__main__":
    name = sys.argv[1]
    watch = {"largest": _watch_opening, "settings": _watch_settings}.get(name, partial(_watch, name))
    print(f"longest gap: {asyncio.run(watch()):.6f} s")
