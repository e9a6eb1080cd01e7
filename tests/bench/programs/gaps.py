"""Run an app, ``bptui`` until torch is loaded or ``empty`` for a second, and print its event loop's longest gap."""

import asyncio
import sys
from collections.abc import Callable
from time import monotonic
from typing import Any

from textual.app import App

NAP = 0.001


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
    from bptui.ui.screens.stepper import StepperScreen

    def loaded() -> bool:
        screens = app.screen_stack if app.is_running else []
        return any(isinstance(s, StepperScreen) and s.session.torch.state != "loading" for s in screens)

    app = BptuiApp(Session.open(load_lesson(DEFAULT_LESSON)))
    return app, loaded


def _empty() -> tuple[App[Any], Callable[[], bool]]:
    from tests.bench.programs.empty import EmptyApp

    end = monotonic() + 1.0
    return EmptyApp(), lambda: monotonic() > end


async def main(name: str) -> None:
    """Run an app and watch its loop from the loop's start."""
    app, done = {"bptui": _bptui, "empty": _empty}[name]()
    watching, running = asyncio.create_task(longest_gap(done)), asyncio.create_task(app.run_async())
    longest = await watching
    app.exit()
    await running
    print(f"longest gap: {longest:.6f} s")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
