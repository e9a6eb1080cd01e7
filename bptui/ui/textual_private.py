"""What the screen uses of Textual that is not public: the only file that imports or calls it from outside.

A release of Textual may change any of it without a word, so ``tests/ui/test_textual_private.py`` compares the names and
signatures with the release that is installed. What a class takes from its parent in Textual keeps its name there, as
nothing else would be called or read by the parent: it stands in ``INHERITED`` and is compared likewise.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from textual._compositor import CompositorUpdate
from textual._xterm_parser import XTermParser
from textual.keys import _normalize_key_list
from textual.widgets._footer import FooterKey

if TYPE_CHECKING:
    from rich.console import Console
    from textual.app import App
    from textual.binding import BindingsMap, Keymap
    from textual.css.styles import RulesMap
    from textual.css.stylesheet import Stylesheet
    from textual.dom import DOMNode
    from textual.drivers._byte_stream import ByteStream
    from textual.geometry import Region
    from textual.screen import Screen
    from textual.strip import Strip
    from textual.widget import Widget

__all__ = ["FooterKey", "XTermParser"]  # a key of the footer, and what reads a terminal's codes

# By the parent in Textual: methods that a class of the program's own overrides or calls, and attributes that it reads
# or sets
INHERITED = {
    "textual.app:App": ("_check_bindings", "_handle_exception"),
    "textual.command:CommandPalette": ("_action_command_list",),
    "textual.screen:Screen": ("_compositor_refresh",),
    "textual.css.stylesheet:Stylesheet": (
        *("_parse_rules", "_process_component_classes"),
        *("_rules", "_parse_cache", "_require_parse"),
    ),
    "textual.drivers.linux_driver:LinuxDriver": (
        *("_get_terminal_size", "_sigtstp_application", "_sigcont_application"),
        *("_app", "_debug", "_loop", "_file", "_key_thread", "_in_band_window_resize"),
    ),
    "textual.drivers.web_driver:WebDriver": ("_on_meta", "_app", "_debug", "_write", "_input_reader"),
}


def normalize_keys(keys: str) -> str:
    """Return a list of keys, separated by commas, as a keymap is read: ``question_mark`` for ``?``."""
    return _normalize_key_list(keys)


def get_own_bindings(node: "DOMNode") -> "BindingsMap":
    """Return the bindings of a node itself, with remapped keys where it has been on a screen."""
    return node._bindings


def get_keymap(app: "App[Any]") -> "Keymap":
    """Return the keys that actions have in place of their own."""
    return app._keymap


def has_alt_keys(app: "App[Any]") -> bool:
    """Whether an action has a key with alt in place of its own."""
    return any("alt+" in keys for keys in app._keymap.values())


def get_binding_chain(screen: "Screen[Any]", modal: bool) -> "list[tuple[DOMNode, BindingsMap]]":
    """Return the nodes that keys on a screen are looked up in, and their bindings.

    Args:
        screen: The screen.
        modal: Whether to leave out what a dialog hides.
    """
    return screen._modal_binding_chain if modal else screen._binding_chain


def render_rows(screen: "Screen[Any]") -> "list[Strip]":
    """Return the rows of a screen as they are shown."""
    return screen._compositor.render_strips()


def paint_now(screen: "Screen[Any]") -> None:
    """Paint what is marked as changed now, not a sixtieth of a second after the picture before."""
    screen._on_timer_update()


def mark_changed(widget: "Widget", region: "Region") -> None:
    """Have a region of a widget painted by the next picture, without the messages that ``refresh`` sends for it."""
    widget._set_dirty(region)
    widget.screen._dirty_widgets.add(widget)


def can_write_rows(screen: "Screen[Any]") -> bool:
    """Whether this release of Textual has all that the next three functions use."""
    there = hasattr(screen, "_dirty_widgets") and hasattr(screen, "_compositor")
    return there and hasattr(screen._compositor, "_dirty_regions") and hasattr(screen._compositor, "visible_widgets")


def get_marked_regions(screen: "Screen[Any]") -> "set[Region]":
    """Return the regions of a screen that the next picture is to paint."""
    return screen._compositor._dirty_regions


def get_placed_widgets(screen: "Screen[Any]") -> "Mapping[Widget, tuple[Region, Region]]":
    """Return the widgets of a screen that can be seen, from the uppermost down: the same value until one is moved.

    Each has its region, and the region that it is cut off at.
    """
    return screen._compositor.visible_widgets


def write_rows(screen: "Screen[Any]", text: str) -> None:
    """Send the terminal a text in place of what the next picture is to paint."""
    screen._compositor._dirty_regions.clear()
    screen.app._display(screen, cast(Any, _Written(text)))
    screen._dirty_widgets.clear()
    screen.app._update_mouse_over(screen)


class _Written(CompositorUpdate):
    """A picture that is already as the terminal is to be sent it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render_segments(self, console: "Console") -> str:
        """See ``CompositorUpdate``."""
        return self.text


def get_variables(stylesheet: "Stylesheet") -> dict[str, str]:
    """Return the variables that a stylesheet's rules are written with."""
    return stylesheet._variables


def get_selector_names(node: "DOMNode") -> set[str]:
    """Return the names by which a rule may apply to a node."""
    return node._selector_names


def get_parts(node: "DOMNode") -> frozenset[str]:
    """Return the classes of the parts of a node that have styles of their own."""
    return node._get_component_classes()


def has_rules(node: "DOMNode", rules: "RulesMap") -> bool:
    """Whether a node has the very styles that some rules give it, and no others of a stylesheet."""
    return node.styles.base._rules == rules


def get_style_flags(node: "DOMNode") -> tuple[bool, ...]:
    """Return what a node knows of the rules that may apply to it: whether they depend on states and on neighbours."""
    return node._has_hover_style, node._has_focus_within, node._has_order_style, node._has_odd_or_even


def set_style_flags(node: "DOMNode", flags: tuple[bool, ...]) -> None:
    """Set what ``get_style_flags`` returns."""
    node._has_hover_style, node._has_focus_within, node._has_order_style, node._has_odd_or_even = flags


def make_packet_reader() -> "ByteStream":
    """Return a reader of the packets that a server sends to a program in a browser."""
    from textual.drivers._byte_stream import ByteStream

    return ByteStream()
