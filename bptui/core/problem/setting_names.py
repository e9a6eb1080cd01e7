"""The names of settings on screen, and settings in words.

A setting is named as its field of ``Spec``, unless this table has another name.
"""

from collections.abc import Mapping
from typing import Any

_NAMES = {"gradient": "gradient rule", "init": "initialisation", "step": "η"}
_EXPLAINED = {"rounds": "rounds (epochs)", "step": "learning rate η (step)"}  # where there is room to explain


def describe_settings(changes: Mapping[str, Any]) -> str:
    """Return training settings of a file in words: ``η 0.1, optimiser momentum, momentum 0.9``."""
    flat = dict[str, Any]()
    for key, value in changes.items():
        nested = value if isinstance(value, Mapping) else {}
        flat |= {key if name == "kind" else name: one for name, one in nested.items()} if nested else {key: value}
    return ", ".join(f"{name_setting(name)} {str(value).removesuffix('.0')}" for name, value in flat.items())


def name_setting(name: str, explained: bool = False) -> str:
    """Return the name of a field of ``Spec`` on screen; ``explained`` adds a word of explanation for editing."""
    names = _NAMES | _EXPLAINED if explained else _NAMES
    return names.get(name, name.replace("_", " "))
