"""The user's preferences, in ``config.toml`` of their configuration folder: theme, digits, speed, loss scale and keys.

The file is the user's. Valid settings apply even if others are wrong; the program changes single values between the
user's own lines and comments, and never writes to a file with faults. Only the screen knows which themes, keys and
actions exist, so these are passed in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, fields, replace
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

from bptui.core.problem.kinds.setting_kinds import WholeNumber
from bptui.core.problem.kinds.suggestions import suggest
from bptui.core.problem.tables import Fault, UserError, find_unknown, format_briefly, read_all
from bptui.persistence.file_kinds import TRUTH, Text
from bptui.persistence.key_faults import KEYS_PATH, ScreenKeys, find_key_faults, read_keys
from bptui.record import record
from bptui.session.session import Session
from bptui.session.state import DIGITS, SPEEDS
from bptui.system.folders import find_config_folder, find_state_folder
from bptui.system.reading import LessonError, parse_toml, read_text

CONFIG_FILE = "config.toml"
_LOCK = "preferences.lock"
_FLAT_OUT = "flat out"


@record
class _Speed:
    """A number of rounds per second, or full speed."""

    def check(self, value: object) -> float:
        if value == _FLAT_OUT:
            return inf
        if isinstance(value, bool) or not isinstance(value, int | float) or value not in SPEEDS[:-1]:
            raise ValueError(f'one of {", ".join(f"{speed:g}" for speed in SPEEDS[:-1])} or "{_FLAT_OUT}"')
        return float(value)


def _row(key: str, kind: Any, default: Any) -> Any:
    return field(default=default, metadata={"path": (key,), "kind": kind})


@record
class Preferences:
    """What is remembered from one start to the next.

    Attributes:
        theme: The theme's name; empty for Textual's default.
        digits: Significant digits of a number, 3 to 17.
        speed: Rounds per second while running; infinite for as fast as possible.
        log_scale: Whether the loss is drawn on a logarithmic scale.
        keys: The keys of actions that differ from the defaults, by the action's name.
    """

    theme: str = _row("theme", Text("a name in quotes"), "")
    digits: int = _row("digits", WholeNumber(*DIGITS), Session.digits)
    speed: float = _row("speed", _Speed(), Session.speed)
    log_scale: bool = _row("log_scale", TRUTH, False)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def apply(self, session: Session) -> Session:
        """Return a new session with these preferences; one from a file has its own speed and scale."""
        session = replace(session, digits=self.digits)
        return session if session.file else replace(session, speed=self.speed, log_scale=self.log_scale)

    def after(self, session: Session, theme: str) -> "Preferences":
        """Return the preferences at the end of a session, which may have set other values."""
        now = replace(self, theme=theme, digits=session.digits)
        return now if session.file else replace(now, speed=session.speed, log_scale=session.log_scale)


_ROWS = tuple(item for item in fields(Preferences) if item.metadata)


class PreferencesFile(NamedTuple):
    """The preferences in a file, and its faults.

    Attributes:
        path: The file; it may not exist.
        preferences: Its valid settings.
        faults: All that is wrong in it.
    """

    path: Path
    preferences: Preferences
    faults: tuple[Fault | str, ...] = ()

    @property
    def error(self) -> LessonError | None:
        """All faults, one per line; None if there are none."""
        return LessonError(str(self.path), self.faults) if self.faults else None

    def check_keys(self, places: ScreenKeys, types: Callable[[str], bool]) -> "PreferencesFile":
        """Check the keys against all actions; return the result, with the default keys in place of faulty ones.

        Args:
            places: The default keys of each action by its name, for each screen by its name.
            types: Whether a key types a character in a field.
        """
        keys, faults = dict(self.preferences.keys), list(self.faults)
        while wrong := dict(find_key_faults(keys, places, types)):
            faults += [Fault((*KEYS_PATH, name), message) for name, message in wrong.items()]
            keys = {name: own for name, own in keys.items() if name not in wrong}
        return self._replace(preferences=replace(self.preferences, keys=keys), faults=tuple(faults))


def load_preferences(themes: Sequence[str], key_of: Callable[[str], str]) -> PreferencesFile:
    """Read the user's file, as far as possible without knowing all screens; see ``PreferencesFile.check_keys``.

    Args:
        themes: The names of all themes.
        key_of: Maps any name of a key to its one name; ``ValueError`` if there is no such key.
    """
    try:
        path = find_config_folder() / CONFIG_FILE
        if not path.exists():
            return PreferencesFile(path, Preferences())
        text = read_text(path, "configuration")
    except LessonError as fault:
        return PreferencesFile(path, Preferences(), (fault.without_source(),))
    except (UserError, OSError):
        return PreferencesFile(Path(CONFIG_FILE), Preferences())
    return parse_preferences(text, path, themes, key_of)


def parse_preferences(text: str, path: Path, themes: Sequence[str], key_of: Callable[[str], str]) -> PreferencesFile:
    """Read the text of a preferences file; see ``load_preferences``."""
    try:
        table = parse_toml(text, str(path))
    except LessonError as fault:
        return PreferencesFile(path, Preferences(), (fault.without_source(),))
    paths = [*(item.metadata["path"] for item in _ROWS), KEYS_PATH]
    values, refused = read_all(_ROWS, table, paths)
    faults = [*find_unknown(table, (), paths), *refused]
    if (theme := values.get("theme", "")) and theme not in themes:
        faults.append(Fault(("theme",), f'"{format_briefly(theme)[1:-1]}" is not a theme{suggest(theme, themes)}'))
        del values["theme"]
    values["keys"] = dict(read_keys(table, key_of, faults))
    return PreferencesFile(path, Preferences(**values), tuple(faults))


def save_preferences(found: PreferencesFile, now: Preferences) -> None:
    """Write the changed values into the file; do nothing if nothing has changed or the file has faults.

    Raises:
        UserError: If it cannot be written, with the reason.
    """
    then = make_file_values(found.preferences)
    changes = {name: value for name, value in make_file_values(now).items() if value != then[name]}
    if not changes or found.faults:
        return
    from bptui.system.locking import hold_lock
    from bptui.system.toml_edit import set_values
    from bptui.system.writing import report_os_errors, write_file  # only writing needs them

    path = found.path
    with hold_lock(find_state_folder() / _LOCK):  # another program may write its own changes at the same moment
        text = read_text(path, "configuration") if path.exists() else ""
        parse_toml(text, str(path))  # it may have changed meanwhile
        written = set_values(text, changes)
        if written != text:
            with report_os_errors(path.parent, "made"):
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_file(path, written, replace=True)


def make_file_values(preferences: Preferences) -> dict[str, Any]:
    """Return the values of preferences as in a file, without the keys."""
    return {item.name: _to_file_value(getattr(preferences, item.name)) for item in _ROWS}


def _to_file_value(value: Any) -> Any:
    """Return a value as in a file."""
    return _FLAT_OUT if value == inf else int(value) if isinstance(value, float) else value
