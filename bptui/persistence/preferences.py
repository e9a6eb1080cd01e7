"""The user's preferences, in ``config.toml`` of their configuration folder: theme, digits, speed, loss scale and keys.

The file is theirs. What is right in it holds whatever else is wrong; the program changes single values between the
user's own lines and comments, and leaves a file alone in which anything is wrong. Which themes, keys and actions there
are is for the screen to know, so that is asked of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

from bptui.core.problem.kinds import Whole, suggestion
from bptui.core.problem.tables import Fault, UserError, brief, read_all, unknown
from bptui.persistence.key_faults import KEYS, Places, key_faults, keys_in
from bptui.persistence.kinds import TRUTH, Text
from bptui.session.session import DIGITS, SPEEDS, Session
from bptui.system.folders import config_folder
from bptui.system.reading import LessonError, read_text, toml

FILE = "config.toml"
_FLAT_OUT = "flat out"


@dataclass(frozen=True)
class _Speed:
    """Rounds a second, or as fast as it goes."""

    def check(self, value: object) -> float:
        if value == _FLAT_OUT:
            return inf
        if isinstance(value, bool) or not isinstance(value, int | float) or value not in SPEEDS[:-1]:
            raise ValueError(f'one of {", ".join(f"{speed:g}" for speed in SPEEDS[:-1])} or "{_FLAT_OUT}"')
        return float(value)


def _row(key: str, kind: Any, default: Any) -> Any:
    return field(default=default, metadata={"path": (key,), "kind": kind})


@dataclass(frozen=True)
class Preferences:
    """What is remembered from one start to the next.

    Attributes:
        theme: The theme's name; nothing for the one that Textual begins with.
        digits: Significant digits of a number, 3 to 17.
        speed: Rounds a second while running; infinite for as fast as it goes.
        log_scale: Whether the loss is drawn on a logarithmic scale.
        keys: The keys of actions that have others than the program's own, by the action's name.
    """

    theme: str = _row("theme", Text("a name in quotes"), "")
    digits: int = _row("digits", Whole(*DIGITS), Session.digits)
    speed: float = _row("speed", _Speed(), Session.speed)
    log_scale: bool = _row("log_scale", TRUTH, False)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def applied(self, session: Session) -> Session:
        """A sitting as it begins; one from a file has a speed and a scale of its own."""
        session = replace(session, digits=self.digits)
        return session if session.file else replace(session, speed=self.speed, log_scale=self.log_scale)

    def after(self, session: Session, theme: str) -> "Preferences":
        """What is preferred at the end of a sitting, where other values may have been set."""
        now = replace(self, theme=theme, digits=session.digits)
        return now if session.file else replace(now, speed=session.speed, log_scale=session.log_scale)


_ROWS = tuple(item for item in fields(Preferences) if item.metadata)


class Found(NamedTuple):
    """What a file says, and what is wrong in it.

    Attributes:
        path: The file; it may not be there.
        preferences: What is right in it.
        faults: What is not.
    """

    path: Path
    preferences: Preferences
    faults: tuple[Fault | str, ...] = ()

    @property
    def error(self) -> LessonError | None:
        """All that is wrong, a line each."""
        return LessonError(str(self.path), self.faults) if self.faults else None

    def checked(self, places: Places, types: Callable[[str], bool]) -> "Found":
        """The same after a look at all actions there are; keys with a fault give way to the program's own.

        Args:
            places: The keys of each action by its name, for each screen by its name.
            types: Whether a key types a sign where there is a field for it.
        """
        keys, faults = dict(self.preferences.keys), list(self.faults)
        while wrong := dict(key_faults(keys, places, types)):
            faults += [Fault((*KEYS, name), message) for name, message in wrong.items()]
            keys = {name: own for name, own in keys.items() if name not in wrong}
        return self._replace(preferences=replace(self.preferences, keys=keys), faults=tuple(faults))


def find(themes: Sequence[str], key_of: Callable[[str], str]) -> Found:
    """What the user's file says, as far as that can be told without a look at all screens; see ``Found.checked``.

    Args:
        themes: The names of all themes.
        key_of: The one name of a key, for any name of it; ``ValueError`` if there is no such key.
    """
    try:
        path = config_folder() / FILE
        if not path.exists():
            return Found(path, Preferences())
        text = read_text(path, "configuration")
    except LessonError as fault:
        return Found(path, Preferences(), (_without(path, fault),))
    except (UserError, OSError):
        return Found(Path(FILE), Preferences())
    return loads(text, path, themes, key_of)


def loads(text: str, path: Path, themes: Sequence[str], key_of: Callable[[str], str]) -> Found:
    """What a file's text says; see ``find``."""
    try:
        table = toml(text, str(path))
    except LessonError as fault:
        return Found(path, Preferences(), (_without(path, fault),))
    paths = [*(item.metadata["path"] for item in _ROWS), KEYS]
    values, refused = read_all(_ROWS, table, paths)
    faults = [*unknown(table, (), paths), *refused]
    if (theme := values.get("theme", "")) and theme not in themes:
        faults.append(Fault(("theme",), f'"{brief(theme)[1:-1]}" is no theme{suggestion(theme, themes)}'))
        del values["theme"]
    values["keys"] = dict(keys_in(table, key_of, faults))
    return Found(path, Preferences(**values), tuple(faults))


def remember(found: Found, now: Preferences) -> None:
    """Write what is otherwise now than a file says into it; nothing where nothing is, or anything in it is wrong.

    Raises:
        UserError: If it cannot be written, and why.
    """
    then = file_values(found.preferences)
    changes = {name: value for name, value in file_values(now).items() if value != then[name]}
    if not changes or found.faults:
        return
    from bptui.system.toml_edit import with_values
    from bptui.system.writing import report_os_errors, write_file  # only writing needs them

    path = found.path
    text = read_text(path, "configuration") if path.exists() else ""
    toml(text, str(path))  # it may have become something else meanwhile
    written = with_values(text, changes)
    if written != text:
        with report_os_errors(path.parent, "made"):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_file(path, written, replace=True)


def _without(path: Path, fault: LessonError) -> str:
    return str(fault).replace(f"{path}: ", "")


def file_values(preferences: Preferences) -> dict[str, Any]:
    """The values of preferences as a file has them, but for the keys."""
    return {item.name: _value(getattr(preferences, item.name)) for item in _ROWS}


def _value(value: Any) -> Any:
    """A value as the file has it."""
    return _FLAT_OUT if value == inf else int(value) if isinstance(value, float) else value
