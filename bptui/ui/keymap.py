"""Which actions there are to have other keys, on which screens, and what keys are called.

An action's name is the id of its binding. An id may stand on several screens, such as ``leave``, which then share it.
Only a filter keeps its key: it is that of the screen, which clears the filter before it closes the screen.
"""

import re
from importlib import import_module
from inspect import getmembers, isclass
from pkgutil import iter_modules

from textual.app import App
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_DISPLAY_ALIASES, Keys, format_key
from textual.screen import Screen

from bptui.ui.textual_private import normalize_keys
from bptui.ui.widgets.fields.filter import FilterField

_MODIFIERS = re.compile(r"^(?:(?:ctrl|alt|shift|super|meta|hyper)\+)+(?=.)")
_NAMED = frozenset(key.value for key in Keys if not key.value.startswith("<"))
_SHOWN = {shown: key for key, shown in KEY_DISPLAY_ALIASES.items()}  # as the footer has them, such as esc
KeysByAction = dict[str, tuple[str, ...]]


def parse_key(word: str) -> str:
    """The one name of a key, such as ``question_mark`` for ``?``.

    Raises:
        ValueError: If there is no such key.
    """
    base = _MODIFIERS.sub("", word)
    modifiers = word[: len(word) - len(base)]
    name = _SHOWN.get(base) or normalize_keys(base)
    sign = format_key(name)
    is_sign = len(sign) == 1 and sign.isprintable() and (len(base) == 1 or base == base.lower())
    if name in _NAMED or is_sign:
        return modifiers + name
    from bptui.core.problem.kinds.suggestions import suggest

    raise ValueError(f'"{word[:60]}" is not a key{suggest(word, sorted(_NAMED))}')


def is_typed(key: str) -> bool:
    """Whether a key types a sign where there is a field for it."""
    sign = format_key(key)
    return key == "space" or len(key) == 1 or (len(sign) == 1 and sign.isascii())


def find_actions(app: type[App[int]]) -> dict[str, KeysByAction]:
    """The keys of each action by its name, for each screen by its name; the program's own are on every one."""
    from bptui.ui import dialogs, screens

    own = _keys(app)
    found: dict[str, KeysByAction] = {}
    modules = {one.name: package.__name__ for package in (screens, dialogs) for one in iter_modules(package.__path__)}
    for name, package in sorted(modules.items()):
        module = import_module(f"{package}.{name}")
        classes = [one for _, one in getmembers(module, isclass) if issubclass(one, DOMNode)]
        inside = [_keys(one) for one in classes if not issubclass(one, App | Screen | FilterField)]
        for one in classes:
            if issubclass(one, Screen) and one.__module__ == module.__name__:
                title = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", one.__name__.removesuffix("Screen")).lower()
                found[title] = {key: keys for place in (own, *inside, _keys(one)) for key, keys in place.items()}
    return found


def _keys(of: type[DOMNode]) -> KeysByAction:
    """The keys of a class's own bindings, by their ids."""
    keys: KeysByAction = {}
    for binding in of.BINDINGS:
        if isinstance(binding, Binding) and binding.id:
            keys[binding.id] = (*keys.get(binding.id, ()), *normalize_keys(binding.key).split(","))
    return keys
