"""Once it is prepared, no screen's first opening imports a module or parses a file of styles."""

import asyncio
import sys
from pathlib import Path

import pytest

from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui import preparing
from bptui.ui.app import BptuiApp
from bptui.ui.preparing import MODULES, prepare
from bptui.ui.stylesheet import QuickStylesheet
from tests.test_imports import loaded_after
from tests.ui.seeing import until

OPENING = """
import asyncio, sys
from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.session.torch_side.process import TorchProcess
from bptui.ui import app as bptui_app, preparing
from bptui.ui.screens.screen_table import SCREENS

async def start(self):
    await asyncio.Event().wait()

async def never(app):
    pass

async def main():
    TorchProcess.start = start
    prepare, preparing.prepare = preparing.prepare, never
    app = bptui_app.BptuiApp(Session.open(load_lesson("two-by-two")))
    async with app.run_test(size=(120, 36)) as pilot:
        await prepare(app)
        before, below = set(sys.modules), app.screen
        for name in (*SCREENS, "help", "copy", "command_palette"):
            open_ = below.action_open if name in SCREENS else lambda name: getattr(app, f"action_{name}")()
            app.call_later(open_, name)
            while app.screen is below:
                await pilot.pause()
            for _ in range(5):
                await pilot.pause()
            app.call_later(app.screen.dismiss, None)
            while app.screen is not below:
                await pilot.pause()
    late = sorted(set(sys.modules) - before)
    assert not late, late

asyncio.run(main())
"""


def test_no_first_opening_imports_a_module() -> None:
    loaded_after(OPENING)


@pytest.mark.usefixtures("torch_is_missing")
async def test_a_program_prepares_itself_after_its_first_picture() -> None:
    app = BptuiApp(Session.open(load_lesson("two-by-two")))
    async with app.run_test(size=(120, 36)) as pilot:
        sheet = app.stylesheet
        assert isinstance(sheet, QuickStylesheet)
        files = {str(file) for file in Path(preparing.__file__).parent.rglob("*.tcss")}
        await until(pilot, "the styles", lambda: files <= {key[1][0] for key in sheet._parse_cache})
        assert set(MODULES) <= set(sys.modules)


async def test_what_cannot_be_imported_is_left_to_the_screen_that_needs_it_and_an_end_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = list[str]()

    def load(name: str) -> None:
        found.append(name)
        raise ImportError(name)

    monkeypatch.setattr(preparing, "import_module", load)
    app = BptuiApp(Session.open(load_lesson("two-by-two")))
    await asyncio.wait_for(prepare(app), 5.0)
    assert tuple(found) == MODULES
