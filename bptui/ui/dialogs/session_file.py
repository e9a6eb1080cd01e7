"""The dialogs that save a session or a lesson, and open one: each asks for a file name, and returns when it is done.

Whatever would lose something needs a second enter. Errors are shown, and the name stays there to be corrected.
"""

import os
from asyncio import to_thread
from contextlib import suppress
from pathlib import Path
from typing import Generic, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from bptui.core.problem.tables import UserError
from bptui.lessons.lesson import Lesson, load_lesson
from bptui.persistence.lesson_files import remember_lesson, save_lesson
from bptui.persistence.session_file import load_session, save_session
from bptui.session.session import Session
from bptui.system.confinement import make_relative
from bptui.system.reading import IsSessionFileError
from bptui.system.writing import AlreadyExistsError, make_stem
from bptui.text.words import shorten_faults
from bptui.ui.bindings import CANCEL_BINDING, HELP_BINDING, bind_enter
from bptui.ui.drivers.download import download
from bptui.ui.widgets.dismiss_once import DismissOnce, is_open
from bptui.ui.widgets.fields.bounded import LONGEST_PATH, BoundedInput
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.ordered_keys import hold_keys
from bptui.ui.widgets.too_small import TooSmall

MOST_LINES = 8  # of errors that are shown
_ENDING = ".toml"
Answer = TypeVar("Answer")


class UnconfirmedError(UserError):
    """An action that needs a second enter."""


class FileScreen(DismissOnce[Answer | None], ModalScreen[Answer | None], Generic[Answer]):
    """Asks for a file name and does something with the file."""

    CSS_PATH = "dialog.tcss"
    BINDINGS = [CANCEL_BINDING, HELP_BINDING]  # noqa: RUF012 - Textual's own form
    FIELD: type[Input] = Input
    HEADING = ""
    PLACEHOLDER = ""
    ABOUT = ""
    WRITES = False  # whether the action creates the named file

    def __init__(self, name: str = "") -> None:
        super().__init__()
        self._preset = name
        self._unsure = ""  # the name that needs a second request
        self._busy = False

    def act(self, path: Path, sure: bool) -> Answer:
        """Do it, off the event loop; a subclass has either this or ``do``.

        Args:
            path: The file.
            sure: Whether it was requested twice.

        Raises:
            AlreadyExistsError: If it would replace something; it has to be requested twice.
            UnconfirmedError: If it has to be requested twice for another reason.
            UserError: If it fails.
        """
        raise NotImplementedError

    async def do(self, path: Path, sure: bool) -> Answer:
        """Do it asynchronously, cancelled if the dialog closes; see ``act``."""
        return await to_thread(self.act, path, sure)

    @staticmethod
    def make_path(name: str) -> Path:
        """Return the file that a typed name means, with ~ for the home folder."""
        with suppress(RuntimeError, ValueError):  # no such home folder, or a character that no name can contain
            return make_relative(Path(name).expanduser())
        return Path(name)

    def show_progress(self, text: str) -> None:
        """Show progress in place of the description."""
        if is_open(self):
            self.query_one(".about", Static).update(text)

    def compose(self) -> ComposeResult:
        """Yield one field, the error, and the description."""
        with Vertical(classes="dialog") as box:
            box.border_title = self.HEADING
            yield self.FIELD(self._preset, placeholder=self.PLACEHOLDER, select_on_focus=False)
            yield Static(classes="fault", markup=False)
            yield Static(self.ABOUT, classes="about", markup=False)
        yield TooSmall()
        yield KeysFooter()

    def on_input_changed(self) -> None:
        """Forget the first request and the error: another name is another question."""
        self._unsure = ""
        self.query_one(".fault").remove_class("-shown")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do it, unless it is under way or there is no name yet."""
        name = event.value.strip()
        if name and not self._busy:
            self._busy = True
            self._perform(name)

    @work
    async def _perform(self, name: str) -> None:
        try:
            path = self.make_path(name)
            with hold_keys(self):
                answer = await self.do(path, name == self._unsure)
                if self.WRITES:
                    await download(self.app, path)
        except AlreadyExistsError as error:
            self._refuse(f"{error}; press enter again to replace it", unsure=name)
        except UserError as error:
            self._refuse(str(error), unsure=name if isinstance(error, UnconfirmedError) else "")
        else:
            if is_open(self):
                self.dismiss(answer)
        finally:
            self._busy = False

    def _refuse(self, text: str, unsure: str) -> None:
        """Show why it is not done; ``unsure`` is the name that, entered again, does it all the same."""
        self._unsure = unsure
        self.show_progress(self.ABOUT)
        if not is_open(self):
            return
        fault = self.query_one(".fault", Static)
        fault.update(shorten_faults(text, MOST_LINES))
        fault.add_class("-shown")


class SaveInput(BoundedInput):
    """The field for the name of a file to write."""

    longest = LONGEST_PATH
    BINDINGS = [bind_enter("Save", "save the session to this file", "go")]  # noqa: RUF012


class SaveScreen(FileScreen[Path]):
    """Saves a session; returns the file."""

    FIELD = SaveInput
    WRITES = True
    HEADING = "save this session"
    PLACEHOLDER = "file name"
    ABOUT = "saves all runs of this session, and where you are in them"

    def __init__(self, session: Session) -> None:
        super().__init__(session.file or f"{make_stem(session.lesson.name)}.session.toml")
        self._session = session

    def act(self, path: Path, sure: bool) -> Path:
        """Write the file; an existing one is replaced only after a second request."""
        save_session(self._session, path, replace=sure)
        return path


class SaveLessonInput(BoundedInput):
    """The field for the name of a lesson's file."""

    longest = LONGEST_PATH
    BINDINGS = [bind_enter("Save", "save the lesson to this file", "go")]  # noqa: RUF012


class SaveLessonScreen(FileScreen[Path]):
    """Saves a lesson; returns the file."""

    FIELD = SaveLessonInput
    WRITES = True
    HEADING = "save as a lesson"
    PLACEHOLDER = "file name"
    ABOUT = "saves the problem with its title, printed values and note in a file that you can edit and open again"

    def __init__(self, lesson: Lesson) -> None:
        super().__init__(f"{make_stem(lesson.title.partition(':')[0].strip().lower())}{_ENDING}")
        self._lesson = lesson

    @staticmethod
    def make_path(name: str) -> Path:
        """Return the file that a typed name means; without the ending it is not listed among the lessons."""
        path = FileScreen.make_path(name)
        return path if path.name.endswith(_ENDING) else Path(f"{path}{_ENDING}")

    def act(self, path: Path, sure: bool) -> Path:
        """Write the file; an existing one is replaced only after a second request."""
        save_lesson(self._lesson, path, replace=sure)
        remember_lesson(path)
        return path


class OpenInput(BoundedInput):
    """The field for the name of a file to read."""

    longest = LONGEST_PATH
    BINDINGS = [bind_enter("Open", "open this file", "go")]  # noqa: RUF012


class OpenScreen(FileScreen[Session | Lesson]):
    """Opens a session's or a lesson's file; returns what the file holds."""

    FIELD = OpenInput
    HEADING = "open a session or a lesson"
    PLACEHOLDER = "file name"
    ABOUT = "a session replaces this one; a lesson is added as a new run"

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def act(self, path: Path, sure: bool) -> Session | Lesson:
        """Read the file; a session replaces one with unsaved runs only after a second request."""
        is_file = os.path.exists(path)  # noqa: PTH110 - a name that no file can have is no file
        try:
            lesson = load_lesson(os.path.join(".", path) if is_file else str(path))  # noqa: PTH118 - not a bundled one
            remember_lesson(path)
            return lesson
        except IsSessionFileError:
            session = load_session(path)
        if self._session.unsaved and not sure:
            raise UnconfirmedError("the runs of this session are not saved; press enter again to open the file anyway")
        return session
