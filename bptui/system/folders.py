"""Locate folders: the bundled lessons, the user's configuration, and state kept between starts.

The user's own folders need not exist yet.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bptui.core.problem.tables import UserError

BUNDLED_LESSONS = Path(__file__).parents[1] / "lessons" / "bundled"


def find_config_folder() -> Path:
    """Return the folder for the user's preferences.

    Raises:
        UserError: If the user has no home.
    """
    from platformdirs import user_config_path  # only the screen needs it

    return _require_absolute(lambda: user_config_path("bptui", appauthor=False))


def find_state_folder() -> Path:
    """Return the folder for state kept between starts.

    Raises:
        UserError: If the user has no home.
    """
    from platformdirs import user_state_path

    return _require_absolute(lambda: user_state_path("bptui", appauthor=False))


def _require_absolute(folder: Callable[[], Path]) -> Path:
    with suppress(RuntimeError):
        path = folder()
        if path.is_absolute():
            return path
    raise UserError("no home folder found")
