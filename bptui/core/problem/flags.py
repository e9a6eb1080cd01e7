"""Settings as command-line flags: parsed into tables that change a lesson's, and formatted for a problem.

A flag is a setting's name with dashes, such as ``--step``, or another word for it, such as ``--learning-rate``. The
exception: one flag serves all activations, and its value says which neurons it applies to.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from shlex import quote
from typing import Any

from bptui.core.problem.initialisation import is_random
from bptui.core.problem.spec import Spec, list_settings
from bptui.core.problem.starts import GIVEN, INITS, find_unused
from bptui.core.problem.tables import ALIASES, Fault, Path, Table, put_value

ACTIVATION = "activation"
OTHER_FLAGS = {  # of the words in ALIASES: the flags, and their help
    "learning_rate": (("learning-rate", "lr"), "the learning rate η"),
    "epochs": (("epochs",), "number of times every sample is used, instead of --rounds"),
}
_SAME = {"step": "the same as --learning-rate"}  # the help of a setting whose other word comes first


def list_flags(setting: str, about: str) -> list[tuple[str, list[str], str]]:
    """Return the words for a setting in the order of the help: each with its flags and their help.

    Args:
        setting: The name of ``Spec``'s field.
        about: The help of its own flag.
    """
    own = (setting, [name_flag(setting)], _SAME.get(setting, about))
    others = [(word, list(OTHER_FLAGS[word][0]), OTHER_FLAGS[word][1]) for word in ALIASES if ALIASES[word] == setting]
    return [*others, own] if setting in _SAME else [own, *others]


def read_changes(texts: Mapping[str, str], activations: Iterable[str], places: Iterable[str]) -> Table:
    """Return the tables of changes that flags make to a lesson's tables.

    Args:
        texts: The typed values, by the names of ``Spec``'s fields or by another word for one.
        activations: Each an activation's name for all neurons, or ``where=name``.
        places: The layers and neurons to which the lesson gives activations of their own.
    """
    found: Table = {}
    for item in list_settings():
        path, kind = item.metadata["path"], item.metadata["kind"]
        if item.name in texts:
            put_value(found, path, kind.read(texts[item.name]))
        for alias in (alias for alias, name in ALIASES.items() if name == item.name and alias in texts):
            put_value(found, (*path[:-1], alias), kind.read(texts[alias]))
    for text in activations:
        where, sign, name = text.rpartition("=")
        for key in [where.strip()] if sign else ["hidden", "output", *places]:
            put_value(found, ("network", "activation", key), name.strip())
    return found


def name_faults(faults: Iterable[Fault], texts: Container[str]) -> list[str]:
    """Return faults in the words of a command line: with the flag for its path where a flag gave the value.

    Args:
        faults: The faults of a problem.
        texts: What flags give: the names of ``Spec``'s fields, other words for one, and "activation".
    """
    flags = {item.metadata["path"]: name_flag(item.name) for item in list_settings() if item.name in texts}
    for item in list_settings():
        for alias in (alias for alias, name in ALIASES.items() if name == item.name and alias in texts):
            flags[*item.metadata["path"][:-1], alias] = OTHER_FLAGS[alias][0][0]
            flags.setdefault(item.metadata["path"], OTHER_FLAGS[alias][0][0])
    return [_name_fault(fault, flags, ACTIVATION in texts) for fault in faults]


def _name_fault(fault: Fault, flags: Mapping[Path, str], has_activations: bool) -> str:
    if has_activations and fault.path[:2] == ("network", ACTIVATION):
        return f"--{' '.join(fault.path[1:])}: {fault.message}"
    return f"--{flags[fault.path]}: {fault.message}" if fault.path in flags else str(fault)


def name_flag(field: str) -> str:
    """Return the flag's name for a field of ``Spec``."""
    return field.replace("_", "-")


def format_command(lesson: str, base: Spec, spec: Spec) -> str:
    """Return the command that opens a problem in the program.

    Args:
        lesson: A lesson, as the user named it.
        base: The lesson's problem.
        spec: The problem to open, which flags can make from ``base``.
    """
    return " ".join(["bptui", quote(lesson), *_words(base, spec)])


def _words(base: Spec, spec: Spec) -> Iterator[str]:
    new = spec.init != base.init  # another initialisation resets its own settings to their defaults
    unused = find_unused(spec.init, spec.optimiser) | ({"init"} if spec.init == GIVEN else set())
    yield from _activations(base, spec)
    for item in list_settings():
        value = getattr(spec, item.name)
        before = item.default if new and item.name in INITS[spec.init] else getattr(base, item.name)
        always = item.name == "seed" and is_random(spec)
        if item.name not in unused and not item.name.startswith(ACTIVATION) and (value != before or always):
            yield f"--{name_flag(item.name)} {quote(_typed(item.metadata['kind'], value))}"


def _activations(base: Spec, spec: Spec) -> Iterator[str]:
    by_place = spec.own_activations
    before = {"hidden": base.activation_hidden, **base.own_activations}
    changed = {place: name for place, name in by_place.items() if name != before.get(place)}
    if set(changed) >= set(by_place) and len(set(changed.values())) == 1:
        yield f"--{ACTIVATION} {quote(by_place['output'])}"
    else:
        yield from (f"--{ACTIVATION} {quote(f'{place}={name}')}" for place, name in changed.items())


def _typed(kind: Any, value: Any) -> str:
    text: str = kind.show(value)
    return re.sub(r"\.0(?=[],]|$)", "", text.replace(", ", ","))
