"""Load the preferences before the first paint, unless the disk is slow; save them at exit.

A file that takes longer than ``_PATIENCE`` is taken over when it is read; what was set by then stays. Remapped keys can
only be checked against all screens, so that is done after the first paint, in a thread; all errors in
the file are then reported at once.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event, Lock, Thread

from textual.app import App
from textual.theme import BUILTIN_THEMES

from bptui.core.problem.tables import UserError
from bptui.persistence.preferences import (
    CONFIG_FILE,
    Preferences,
    PreferencesFile,
    load_preferences,
    save_preferences,
)
from bptui.session.session import Session
from bptui.system.folders import find_state_folder
from bptui.text.words import shorten_faults
from bptui.ui.widgets.dismiss_once import start_work

GREETING = "space: next · ^n: your own exercise"  # as long as 80 columns have room for
_PATIENCE = 0.25  # seconds that the first picture waits for a disk
_POLL_INTERVAL = 0.1  # seconds between two looks whether a slow disk has answered
_REMEMBERED = ("digits", "speed", "log_scale")  # of a session
_SHOWN_SECONDS, _MOST_LINES = 15.0, 5  # seconds that errors are shown, and how many


class StoredPreferences:
    """The preferences of a program: the content of their file, and the reports on it.

    Args:
        session: The session that is opened.
    """

    def __init__(self, session: Session) -> None:
        self.found, self.session = PreferencesFile(Path(CONFIG_FILE), Preferences()), session
        self._answer = self.found, False
        self._writing = Lock()
        self._first_theme = ""
        self._reported = self._is_late = False
        self._loaded = Event()
        Thread(target=self._load, name="preferences", daemon=True).start()  # no exit waits for a disk either
        self._is_late = not self._loaded.wait(_PATIENCE)
        if not self._is_late:
            self.found, is_first_start = self._answer
            self.session = self.found.preferences.apply(session)
            if is_first_start and not session.notice:
                self.session = replace(self.session, notice=GREETING)

    def _load(self) -> None:
        """Read the file, and whether there has been a start before."""
        is_first_start = False
        try:
            found = load_preferences(list(BUILTIN_THEMES), _key_of)
            with suppress(UserError, OSError):
                is_first_start = not find_state_folder().exists() and not found.path.exists()
            self._answer = found, is_first_start
        finally:
            self._loaded.set()

    def attach(self, app: App[int]) -> None:
        """Remember the theme of the start, and set the app's keymap."""
        self._first_theme = app.theme
        app.set_keymap(self.keymap)

    @property
    def keymap(self) -> dict[str, str]:
        """The remapped keys by action, in Textual's form."""
        return {action: ",".join(keys) for action, keys in self.found.preferences.keys.items()}

    async def check(self, app: App[int], last_session: Callable[[], Session], show: Callable[[Session], None]) -> None:
        """Check what could wait for the first paint, and write the theme whenever it changes.

        Args:
            app: The program.
            last_session: Returns the session at that time.
            show: Shows another one.
        """
        if self._is_late:
            await self._take_late(app, last_session, show)
        if app.is_running:  # otherwise it is already exiting
            app.theme_changed_signal.subscribe(app, lambda _: self._write_soon(app, last_session))
        if self.found.preferences.keys:
            from bptui.ui.keymap import find_actions, is_typed

            places = await asyncio.to_thread(find_actions, type(app))
            self.found = self.found.check_keys(places, is_typed)
            if app.is_running:
                app.set_keymap(self.keymap)
        if app.is_running and (fault := self.found.error) is not None:
            told = shorten_faults(fault.without_source(), _MOST_LINES, ": run `bptui config` to see all")
            title = str(self.found.path)
            app.notify(told, title=title, severity="warning", timeout=_SHOWN_SECONDS, markup=False)

    async def _take_late(
        self, app: App[int], last_session: Callable[[], Session], show: Callable[[Session], None]
    ) -> None:
        """Take over a file that a slow disk has not given in time, but for what was set meanwhile."""
        while not self._loaded.is_set():
            await asyncio.sleep(_POLL_INTERVAL)
        if not app.is_running:
            return
        (self.found, _), self._is_late = self._answer, False
        app.set_keymap(self.keymap)
        if (theme := self.found.preferences.theme) and app.theme == self._first_theme:
            app.theme = self._first_theme = theme
        now, preferred = last_session(), self.found.preferences.apply(self.session)
        same = [name for name in _REMEMBERED if getattr(now, name) == getattr(self.session, name)]
        show(replace(now, **{name: getattr(preferred, name) for name in same}))
        self.session = preferred

    def _write_soon(self, app: App[int], last_session: Callable[[], Session]) -> None:
        start_work(app, partial(self._write, app, last_session), "preferences")

    async def _write(self, app: App[int], last_session: Callable[[], Session]) -> None:
        try:
            await asyncio.to_thread(self.write, app, last_session())
        except UserError as fault:
            if not self._reported:
                self._reported = True
                app.notify(f"the theme cannot be saved: {fault}", severity="warning", markup=False)

    def write(self, app: App[int], session: Session) -> None:
        """Write what was changed, if this is the user's own terminal; and record that there was a first start.

        Raises:
            UserError: If it cannot be written.
        """
        if app.is_web or self._is_late:  # what is in the file is not known
            return
        with suppress(UserError, OSError):
            find_state_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._writing:
            theme = app.theme if app.theme != self._first_theme else self.found.preferences.theme
            now = self.found.preferences.after(session, theme)
            save_preferences(self.found, now)
            self.found = self.found._replace(preferences=now)
            self._first_theme = app.theme


def _key_of(word: str) -> str:
    """Return the one name of a key; see ``bptui.ui.keymap``, which is loaded only for files with keys."""
    from bptui.ui.keymap import parse_key

    return parse_key(word)
