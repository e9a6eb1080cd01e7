"""The keys that the user assigns to actions in place of the defaults, and the faults in them.

An action is named by the id of its binding. It may occur on several screens, and has the same keys on all of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from bptui.core.problem.kinds.suggestions import suggest
from bptui.core.problem.tables import Fault, Table, format_briefly

KEYS_PATH = ("keys",)  # the table of keys in a file
_DOUBLES = ("j", "k")  # keys that do what arrows do, unless they are assigned to something else
_NO_FIELDS = "stepper"  # the screen without fields
Keys = Mapping[str, tuple[str, ...]]
ScreenKeys = Mapping[str, Mapping[str, Sequence[str]]]


def read_keys(table: Table, key_of: Callable[[str], str], faults: list[Fault]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the keys of actions in a file, as far as such keys exist.

    Args:
        table: The whole file.
        key_of: Maps any name of a key to its one name; ``ValueError`` if there is no such key.
        faults: The list that faults are appended to.
    """
    given = table.get(*KEYS_PATH, {})
    if not isinstance(given, dict):
        faults.append(Fault(KEYS_PATH, 'must be a table of actions and their keys, such as next = "space,n"'))
        return
    for action, words in given.items():
        try:
            if not isinstance(words, str) or not words.strip():
                raise ValueError(f'{format_briefly(words)} must be keys in quotes, such as "space,n"')
            yield action, tuple(dict.fromkeys(key_of(word.strip()) for word in words.split(",")))
        except ValueError as fault:
            faults.append(Fault((*KEYS_PATH, action), str(fault)))


def find_key_faults(keys: Keys, places: ScreenKeys, types: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Yield the actions whose keys are not possible, with the reason; one action may have several.

    Args:
        keys: The keys assigned to actions.
        places: The default keys of each action by its name, for each screen by its name.
        types: Whether a key types a character in a field.
    """
    known = sorted({action for actions in places.values() for action in actions})
    for action in keys:
        if action not in known:
            yield action, f"unknown action{suggest(action, known)}"
    for place, actions in places.items():
        yield from _find_clashes(keys, place, actions)
        if place != _NO_FIELDS:
            yield from _find_unreachable(keys, place, actions, types)


def _find_clashes(keys: Keys, place: str, actions: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield actions that share a key with another action on the same screen."""
    first: dict[str, str] = {}
    for action in sorted(actions, key=lambda one: one in keys):  # defaults come first
        for key in keys.get(action) or [key for key in actions[action] if key not in _DOUBLES]:
            other = first.setdefault(key, action)
            if other != action and action in keys:
                yield action, f'{key} is also the key of "{other}" on the screen "{place}"'


def _find_unreachable(
    keys: Keys, place: str, actions: Mapping[str, Sequence[str]], types: Callable[[str], bool]
) -> Iterator[tuple[str, str]]:
    """Yield actions that can no longer be reached from inside a field."""
    for action in keys.keys() & actions.keys():
        if all(map(types, keys[action])) and not all(map(types, actions[action])):
            yield action, f'needs a key that does not type a character, such as f8, for the screen "{place}"'
