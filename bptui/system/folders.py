"""Folders: of the bundled lessons, of the user's configuration, and of what is kept from one start to the next.

The user's own may not exist yet.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bptui.core.problem.tables import UserError

BUNDLED_LESSONS = Path(__file__).parents[1] / "lessons" / "bundled"


def config_folder() -> Path:
    """The folder for what the user prefers.

    Raises:
        UserError: If the user has no home.
    """
    from platformdirs import user_config_path  # only the screen needs it

    return _absolute(lambda: user_config_path("bptui", appauthor=False))


def state_folder() -> Path:
    """The folder for what is kept from one start to the next.

    Raises:
        UserError: If the user has no home.
    """
    from platformdirs import user_state_path

    return _absolute(lambda: user_state_path("bptui", appauthor=False))


def _absolute(folder: Callable[[], Path]) -> Path:
    with suppress(RuntimeError):
        path = folder()
        if path.is_absolute():
            return path
    raise UserError("there is no home folder")
