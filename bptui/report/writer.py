"""Make and write a report: child processes summarise its runs, and its files are written in one step.

The command line and the screen share it, including the progress messages.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from bptui.compare.summary import Summary
from bptui.compare.worker import align_questions, summarise_runs
from bptui.report.page import OWN_FILES, PAGE_FILE, make_report_files
from bptui.report.sections import Section
from bptui.system.folder_writing import require_free, write_folder
from bptui.text.words import format_count

Say = Callable[[str], None]


async def build_report(sections: Sequence[Section], say: Say) -> dict[str, str]:
    """Build a report and return its files by name.

    Args:
        sections: One or more sections.
        say: Receives progress messages.

    Raises:
        Unavailable: If the processes that summarise the runs fail.
    """
    questions = align_questions(one for section in sections for one in section.questions)
    found: dict[int, Summary] = {}
    say(f"looking at {format_count(len(questions), 'run')} …")
    async for place, summary in summarise_runs(questions):
        found[place] = summary
        say(f"looked at {len(found)} of {format_count(len(questions), 'run')} …")
    in_order = iter([found[place] for place in range(len(questions))])
    by_section = [[next(in_order) for _ in section.trainings] for section in sections]
    say("writing …")
    return await asyncio.to_thread(make_report_files, sections, by_section)


async def write_report(sections: Sequence[Section], folder: Path, force: bool, say: Say) -> str:
    """Build a report and write it to a folder.

    Args:
        sections: One or more sections.
        folder: The folder.
        force: Whether to replace an earlier report.
        say: Receives progress messages.

    Returns:
        A line that says what was written.

    Raises:
        Unavailable: If the processes that summarise the runs fail.
        UserError: If the folder cannot be written; nothing is left half-written.
    """
    await asyncio.to_thread(require_free, folder, force, PAGE_FILE)
    files = await build_report(sections, say)
    await asyncio.to_thread(write_folder, folder, files, force, OWN_FILES, PAGE_FILE)
    return f"wrote {folder}: {', '.join(files)}"
