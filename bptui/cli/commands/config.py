"""The command ``config``: where the file of preferences is, what holds, and what is wrong in it.

What is printed is such a file: every value that holds, and every action with its keys, as a comment where these are
the program's own.
"""

import argparse

from bptui.cli.output import print_lines

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than help to answer
if TYPE_CHECKING:
    from bptui.persistence.preferences import Preferences


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the command takes no arguments."""


def run(options: argparse.Namespace) -> int:
    """Print what is preferred.

    Raises:
        LessonError: With all that is wrong in the file, after what holds was printed.
    """
    from textual.theme import BUILTIN_THEMES

    from bptui.persistence.preferences import load_preferences
    from bptui.ui.app import BptuiApp
    from bptui.ui.keymap import find_actions, is_typed, parse_key

    places = find_actions(BptuiApp)
    found = load_preferences(list(BUILTIN_THEMES), parse_key).check_keys(places, is_typed)
    print_lines([f"# {found.path}{'' if found.path.exists() else ', which is not there yet'}"])
    print_lines(_values(found.preferences))
    print_lines(_keys(found.preferences, places))
    if found.error is not None:
        raise found.error
    return 0


def _values(preferences: "Preferences") -> list[str]:
    from json import dumps

    from textual.constants import DEFAULT_THEME

    from bptui.persistence.preferences import make_file_values

    values = {**make_file_values(preferences), "theme": preferences.theme or DEFAULT_THEME}
    return [f"{name} = {dumps(value, ensure_ascii=False)}" for name, value in values.items()]


def _keys(preferences: "Preferences", places: dict[str, dict[str, tuple[str, ...]]]) -> list[str]:
    from json import dumps

    lines = ["", "[keys]"]
    own = {action: keys for place in places.values() for action, keys in place.items()}
    for action, keys in sorted((own | dict(preferences.keys)).items()):
        names = [name for name, there in places.items() if action in there]
        where = "every screen" if len(names) == len(places) else ", ".join(names)
        lines.append(f"{'' if action in preferences.keys else '# '}{action} = {dumps(','.join(keys))}  # {where}")
    return lines
