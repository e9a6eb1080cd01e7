"""The palette's commands: every action of a screen; on the stepper also every lesson, speed and setting in use.

A setting with named choices has one command for each, which takes effect at once; other settings open the settings
screen on their field. Long lists are found only by typing, so that the actions come first.
"""

from collections.abc import Iterator
from functools import partial
from math import isinf
from typing import TYPE_CHECKING, Any

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.dom import DOMNode
from textual.screen import Screen

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.problem.kinds.setting_kinds import Choice
from bptui.core.problem.layer_keys import OUTPUT, activation_of
from bptui.core.problem.setting_names import name_setting
from bptui.core.problem.spec import Spec, SpecError, list_settings
from bptui.core.problem.tables import Table, merge_tables, put_value
from bptui.lessons.lesson import load_bundled_lessons
from bptui.session.session import Session
from bptui.session.state import DIGITS, SPEEDS

if TYPE_CHECKING:
    from bptui.ui.screens.stepper import StepperScreen

THEME_PREFIX = "Theme: "


def list_screen_commands(screen: Screen[Any]) -> Iterator[SystemCommand]:
    """Yield the actions of a screen's keys, of the widgets in it, and of the program's own keys."""
    app = screen.app
    found = [(active.binding, active.node) for active in screen.active_bindings.values() if active.enabled]
    found += [(binding, app) for binding in app.BINDINGS if isinstance(binding, Binding)]  # a dialog hides them
    seen: set[tuple[DOMNode, str]] = {(app, "command_palette")}
    for binding, node in found:
        if binding.id is not None and (node, binding.action) not in seen:
            seen.add((node, binding.action))
            do = partial(app.call_later, _run, app, binding.action, node)
            about = f"{binding.tooltip or binding.description.lower()} · {app.get_key_display(binding)}"
            yield SystemCommand(binding.description, about, do)


async def _run(app: App[Any], action: str, node: DOMNode) -> None:
    if node.is_attached:  # the screen may have been closed meanwhile
        await app.run_action(action, default_namespace=node)


def list_theme_commands(app: App[Any]) -> Iterator[SystemCommand]:
    """Yield every theme."""
    for name, theme in app.available_themes.items():
        about = "the terminal's own colours" if theme.ansi else "dark" if theme.dark else "light"
        yield SystemCommand(f"{THEME_PREFIX}{name}", about, partial(setattr, app, "theme", name), discover=False)


def list_stepper_commands(stepper: "StepperScreen") -> Iterator[SystemCommand]:
    """Yield every lesson, setting that the problem has, number of digits and speed."""
    for lesson in load_bundled_lessons():
        yield SystemCommand(f"Lesson {lesson.name}", lesson.title, partial(stepper.open_lesson, lesson))
    name = stepper.session.trainings[stepper.session.current].name
    remove = partial(stepper.action_intend, "remove")
    yield SystemCommand("Remove this run", f"remove {name} from the session and show its neighbour", remove)
    unused = stepper.session.spec.unused
    for item in (item for item in list_settings() if item.name not in unused):
        name, kind, about = name_setting(item.name, explained=True), item.metadata["kind"], item.metadata["about"]
        if isinstance(kind, Choice):
            for choice in (choice for choice in kind.names if _is_for(item.name, choice)):
                do = partial(_change, stepper, item.metadata["path"], choice)
                yield SystemCommand(f"Set {name}: {choice}", kind.about_name(choice) or about, do, discover=False)
        else:
            yield SystemCommand(
                f"Set {name}: …", about, partial(stepper.action_open, "settings", item.name), discover=False
            )
    for digits in range(DIGITS[0], DIGITS[1] + 1):
        do = partial(_call_session, stepper, "show_digits", digits)
        yield SystemCommand(f"Digits: {digits}", "significant digits of the numbers shown", do, discover=False)
    for speed in SPEEDS:
        words = "as fast as possible" if isinf(speed) else f"{speed:,.0f} per second"
        do = partial(_call_session, stepper, "run_at", speed)
        yield SystemCommand(f"Speed: {words}", "rounds shown while playing", do, discover=False)


def _is_for(setting: str, choice: str) -> bool:
    """Whether a choice can be made for a setting: an activation of a whole layer is for the outputs alone."""
    return setting == activation_of(OUTPUT) or not (choice in ACTIVATIONS and ACTIVATIONS[choice].of_layer)


def _call_session(stepper: "StepperScreen", method: str, value: float) -> None:
    stepper.session = getattr(stepper.session, method)(value)


def _change(stepper: "StepperScreen", path: tuple[str, ...], choice: str) -> None:
    stepper.session = change_setting(stepper.session, path, choice)


def change_setting(session: Session, path: tuple[str, ...], choice: str) -> Session:
    """Return a session with one setting changed, or with a notice of why that is impossible."""
    changes: Table = {}
    put_value(changes, path, choice)
    try:
        return session.change(Spec.from_table(merge_tables(session.spec.to_table(), changes)))
    except SpecError as error:
        return session.with_notice("; ".join(str(fault) for fault in error.faults))
