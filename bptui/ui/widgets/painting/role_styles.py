"""The styles of roles, defined once for each screen, because defining them for each panel slows the start.

A screen with panels has ``ROLE_CLASSES`` as its component classes and ``make_roles_css`` of its own name among its
styles, as ``PanelScreen`` does; a panel asks its screen.
"""

from typing import Any

from bptui.ui.drawing.lines import ROLES
from bptui.ui.widgets.painting.terminal_rows import Answer, RowsScreen

ROLE_CLASSES = {f"panel--{role}" for role in ROLES}
_ROLES_CSS = """
    & .panel--title { text-style: bold; }
    & .panel--label { color: $text-muted; }
    & .panel--dim { color: $text-muted; }
    & .panel--second { color: $text-muted; }
    & .panel--selected { text-style: bold reverse; }
    & .panel--positive { color: $text-primary; }
    & .panel--negative { color: $text-error; }
    & .panel--good { color: $text-success; }
    & .panel--warning { color: $text-warning; text-style: bold; }
    & .panel--accent { color: $text-accent; text-style: bold; }
    & .panel--changed { color: $text-primary; }
    & .panel--curve1 { color: $text-primary; }
    & .panel--curve2 { color: $text-warning; }
    & .panel--curve3 { color: $text-success; }
    & .panel--curve4 { color: $text-error; }
    & .panel--curve5 { color: $text-accent; }
    & .panel--curve6 { color: $text-secondary; }
    & .panel--flow { color: $text; text-style: bold; }
    & .panel--lit { color: $text; background: $secondary-muted; text-style: bold; }
    & .panel--field { background: $panel; }
    & .panel--active-field { background: $primary-muted; color: $text; }
    & .panel--cursor { color: $text; text-style: bold reverse; }
    & .panel--missing-field { background: $panel; color: $text-warning; }
    & .panel--wrong-field { background: $panel; color: $text-error; text-style: bold; }
    &:ansi .panel--field, &:ansi .panel--active-field, &:ansi .panel--missing-field, &:ansi .panel--wrong-field {
        background: ansi_default;
        text-style: underline;
    }
    &:nocolor .panel--field, &:nocolor .panel--active-field { text-style: underline; }
    &:nocolor .panel--missing-field, &:nocolor .panel--wrong-field { text-style: underline; }
    &:nocolor .panel--lit { text-style: bold underline; }
    &:ansi .panel--label, &:ansi .panel--dim, &:ansi .panel--second { text-style: dim; }
    &:ansi .panel--lit { color: ansi_default; background: ansi_default; text-style: bold underline; }
"""


def make_roles_css(screen: str) -> str:
    """Return the styles of roles for a kind of screen with panels, shared by all its panels."""
    return f"{screen} {{{_ROLES_CSS}}}"


class PanelScreen(RowsScreen[Answer]):
    """A screen with panels."""

    COMPONENT_CLASSES = ROLE_CLASSES
    DEFAULT_CSS = make_roles_css("PanelScreen")


def require_set() -> Any:
    """Stand in for the first value of a screen's reactive attribute, which has none until the screen is made.

    Raises:
        LookupError: Always.
    """
    raise LookupError("set when the screen is made")
