"""The command ``config``: the path of the preferences file, the values in force, and the errors in the file.

The output is itself a preferences file: every value in force, and every action with its keys, as a comment where they
are the defaults.
"""

import argparse

from bptui.cli.output import print_lines

TYPE_CHECKING = False  # as in `typing`, which takes longer to load than help takes to answer
if TYPE_CHECKING:
    from bptui.persistence.preferences import Preferences


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the command takes no arguments."""


def run(options: argparse.Namespace) -> int:
    """Print the preferences in force.

    Raises:
        LessonError: With all errors in the file, after the values in force were printed.
    """
    from textual.theme import BUILTIN_THEMES

    from bptui.persistence.preferences import load_preferences
    from bptui.ui.app import BptuiApp
    from bptui.ui.keymap import find_actions, is_typed, parse_key

    places = find_actions(BptuiApp)
    found = load_preferences(list(BUILTIN_THEMES), parse_key).check_keys(places, is_typed)
    print_lines([f"# {found.path}{'' if found.path.exists() else ' (does not exist yet)'}"])
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
