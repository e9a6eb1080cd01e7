"""The names of Textual that are not public: all in one file, and as this release of Textual has them.

Each release that ``pyproject.toml`` allows has to have them; one that has not is found here, not by a user.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import bptui.ui
from bptui.ui import textual_private
from bptui.ui.textual_private import INHERITED
from tests.private_names import names_of, signature_of

UI = Path(bptui.ui.__file__).parent
FILES = sorted(path for path in UI.rglob("*.py") if path.name != "textual_private.py")
# What is called, and what it takes
CALLED = {
    "textual._xterm_parser:XTermParser": "(debug=False)",
    "textual._xterm_parser:XTermParser.feed": "(self, data)",
    "textual._xterm_parser:XTermParser.tick": "(self)",
    "textual._compositor:Compositor.render_strips": "(self, size=None)",
    "textual.drivers._byte_stream:ByteStream": "()",
    "textual.drivers._byte_stream:ByteStream.feed": "(self, data)",
    "textual.css.stylesheet:Stylesheet._parse_rules": (
        "(self, css, read_from, is_default_rules=False, tie_breaker=0, scope='')"
    ),
    "textual.css.stylesheet:Stylesheet._process_component_classes": "(self, node)",
    "textual.css.stylesheet:Stylesheet.apply": "(self, node, *, animate=False, cache=None)",
    "textual.dom:DOMNode._get_component_classes": "()",
    "textual.keys:_normalize_key_list": "(keys)",
    "textual.screen:Screen._on_timer_update": "(self)",
    "textual.screen:Screen._compositor_refresh": "(self)",
    "textual._compositor:CompositorUpdate": "()",
    "textual._compositor:CompositorUpdate.render_segments": "(self, console)",
    "textual.app:App._display": "(self, screen, renderable)",
    "textual.app:App._update_mouse_over": "(self, screen)",
    "textual.widget:Widget._set_dirty": "(self, *regions)",
    "textual.app:App._check_bindings": "(self, key, priority=False)",
    "textual.app:App._handle_exception": "(self, error)",
    "textual.command:CommandPalette._action_command_list": "(self, action)",
    "textual.drivers.linux_driver:LinuxDriver._get_terminal_size": "(self)",
    "textual.drivers.linux_driver:LinuxDriver._sigtstp_application": "(self, *_)",
    "textual.drivers.linux_driver:LinuxDriver._sigcont_application": "(self, *_)",
    "textual.drivers.web_driver:WebDriver._on_meta": "(self, packet_type, payload)",
}
# What is read or set
HELD = {
    "textual.app:App": ("_keymap",),
    "textual._compositor:Compositor": ("_dirty_regions", "visible_widgets"),
    "textual.css.styles:Styles": ("_rules",),
    "textual.css.stylesheet:Stylesheet": ("_rules", "_variables", "_parse_cache", "_require_parse"),
    "textual.dom:DOMNode": (
        *("_bindings", "_selector_names"),
        *("_has_hover_style", "_has_focus_within", "_has_order_style", "_has_odd_or_even"),
    ),
    "textual.screen:Screen": ("_binding_chain", "_modal_binding_chain", "_compositor", "_dirty_widgets"),
    "textual.widgets._footer:FooterKey": ("key_display", "description", "action"),
    "textual.drivers.linux_driver:LinuxDriver": (
        *("_app", "_debug", "_loop", "_file", "_key_thread", "_in_band_window_resize"),
    ),
    "textual.drivers.web_driver:WebDriver": ("_app", "_debug", "_write", "_input_reader"),
}
POSIX = "textual.drivers.linux_driver"  # a module that other systems do not have


def there(place: str) -> Any:
    """What a place such as ``textual.app:App`` names."""
    module, _, names = place.partition(":")
    if module == POSIX and sys.platform == "win32":
        pytest.skip("drives a POSIX terminal")
    found: Any = import_module(module)
    for name in names.split("."):
        found = getattr(found, name)
    return found


def inherited(one: type, package: str) -> set[str]:
    """The names of a class and its parents, as far as these are of a package."""
    parents = [parent for parent in one.__mro__ if parent.__module__.partition(".")[0] == package]
    return {name for parent in parents for name in names_of(parent)}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def private_names(tree: ast.AST) -> Iterator[str]:
    """The private names that some source takes from anything."""
    for node in ast.walk(tree):
        names = [node.attr] if isinstance(node, ast.Attribute) else []
        if isinstance(node, ast.ImportFrom):
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
        yield from filter(is_private, names)


@pytest.mark.parametrize("place", CALLED)
def test_what_is_called_takes_what_it_is_given(place: str) -> None:
    assert signature_of(there(place)) == CALLED[place]


@pytest.mark.parametrize("place", HELD)
def test_what_is_read_or_set_is_there(place: str) -> None:
    assert set(HELD[place]) <= inherited(there(place), "textual")


def test_every_name_is_compared() -> None:
    """Of those that the file names, and of those that classes inherit."""
    known = {place.rpartition(":")[2].rpartition(".")[2] for place in CALLED}
    known |= {part for place in (*CALLED, *HELD) for part in place.partition(":")[0].split(".")}
    known |= {name for names in HELD.values() for name in names}
    assert set(private_names(ast.parse(inspect.getsource(textual_private)))) <= known
    for parent, names in INHERITED.items():
        for name in names:
            assert f"{parent}.{name}" in CALLED or name in HELD[parent]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(UI)))
def test_other_files_take_no_private_name_of_textual(path: Path) -> None:
    """But those in ``INHERITED``; and none of a class's own names is by chance one of Textual's."""
    parts = ("bptui.ui", *path.relative_to(UI).with_suffix("").parts)
    module = import_module(".".join(parts).removesuffix(".__init__"))
    known = {"_replace", "_asdict", "_fields", "_exit"}  # of named tuples, and of `os`
    for one in (one for _, one in inspect.getmembers(module, inspect.isclass) if one.__module__ == module.__name__):
        parents = {f"{parent.__module__}:{parent.__name__}" for parent in one.__mro__} & set(INHERITED)
        allowed = {name for parent in parents for name in INHERITED[parent]}
        own = {name for name in inherited(one, "bptui") if is_private(name)}
        assert own & inherited(one, "textual") <= allowed
        known |= own | allowed
    assert set(private_names(ast.parse(path.read_text(encoding="utf-8")))) <= known
