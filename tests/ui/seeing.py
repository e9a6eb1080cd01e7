"""What tests see of the program that they drive: its screens, their texts, and whether something has come to hold."""

from collections.abc import Callable
from typing import Any

from textual.pilot import Pilot
from textual.screen import Screen

from bptui.session.session import Session
from bptui.ui.forms.setting_rows import SettingRow
from bptui.ui.screens.stepper import StepperScreen
from bptui.ui.textual_private import render_rows
from bptui.ui.widgets.panel import Panel


def stepper(pilot: Pilot[Any]) -> StepperScreen:
    return next(screen for screen in pilot.app.screen_stack if isinstance(screen, StepperScreen))


def session_of(pilot: Pilot[Any]) -> Session:
    return stepper(pilot).session


def screen_text(panel: Panel[Any]) -> str:
    """What the terminal shows of a panel."""
    return "\n".join(panel.render_line(y).text for y in range(panel.content_size.height))


def text_of(screen: Screen[Any]) -> str:
    """What the terminal shows of a screen."""
    return "\n".join("".join(s.text for s in strip) for strip in render_rows(screen))


async def edit_setting(pilot: Pilot[Any], name: str) -> Any:
    """Go to a setting of the form that is open, and return its editor: a field, or a list."""
    row = next(row for row in pilot.app.screen.query(SettingRow) if row.item.name == name)
    row.focus()
    await until(pilot, f"the focus at {name}", lambda: pilot.app.focused is row.editor and row.editor is not row)
    return pilot.app.focused


async def until(pilot: Pilot[Any], what: str, check: Callable[[], object]) -> None:
    """Let the program work until something holds, and what was posted by then is handled; fail after a while."""
    for _ in range(600):
        if check():
            await pilot.pause()  # a screen closes before its answer is taken in
            return
        await pilot.pause(0.05)
    raise AssertionError(f"never happened: {what}\n{text_of(pilot.app.screen)}")
