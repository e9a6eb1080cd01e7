"""The dialog that writes a report of the session's runs: it asks for a folder and returns what was written.

Analysing the runs can take seconds; it ends with the dialog, and then nothing is written.
"""

from pathlib import Path

from textual.widgets import Input

from bptui.core.problem.tables import UserError
from bptui.report.sections import Section
from bptui.report.writer import write_report
from bptui.session.session import Session
from bptui.system.process import Unavailable
from bptui.system.writing import make_stem
from bptui.ui.bindings import bind_enter
from bptui.ui.dialogs.session_file import FileScreen


class WriteInput(Input):
    """The field for the name of a folder to write."""

    BINDINGS = [bind_enter("Write", "write the report into this folder", "go")]  # noqa: RUF012


class ReportScreen(FileScreen[str]):
    """Writes a report."""

    FIELD = WriteInput
    WRITES = True
    HEADING = "write a report"
    PLACEHOLDER = "a folder's name"
    ABOUT = "observes, summarises and states all runs of this sitting"

    def __init__(self, session: Session) -> None:
        super().__init__(f"{make_stem(session.lesson.name)}-report")
        self._section = Section.of_session(session.trainings)

    async def do(self, path: Path, sure: bool) -> str:
        """Write the folder; an earlier report is replaced only after a second request."""
        try:
            return await write_report([self._section], path, sure, self.show_progress)
        except Unavailable as fault:
            raise UserError(f"the runs cannot be looked at: {fault}") from fault
