"""Making a report: its trainings are looked at in processes of their own, its files written in one step.

Shared by the command line and the program; the words about progress are the same.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from bptui.compare.summary import Summary
from bptui.compare.worker import summaries, together
from bptui.report.page import OURS, PAGE, report
from bptui.report.sections import Section
from bptui.system.writing import require_free, write_folder
from bptui.text.words import counted

Say = Callable[[str], None]


async def made(sections: Sequence[Section], say: Say) -> dict[str, str]:
    """The files of a report, by name.

    Args:
        sections: One or more.
        say: Told how far it is.

    Raises:
        Unavailable: If the processes that look at the trainings fail.
    """
    questions = together(one for section in sections for one in section.questions)
    found: dict[int, Summary] = {}
    say(f"looking at {counted(len(questions), 'run')} …")
    async for place, summary in summaries(questions):
        found[place] = summary
        say(f"looked at {len(found)} of {counted(len(questions), 'run')} …")
    in_order = iter([found[place] for place in range(len(questions))])
    by_section = [[next(in_order) for _ in section.trainings] for section in sections]
    say("writing …")
    return await asyncio.to_thread(report, sections, by_section)


async def written(sections: Sequence[Section], folder: Path, force: bool, say: Say) -> str:
    """Make a report and write it to a folder.

    Args:
        sections: One or more.
        folder: Its place.
        force: Whether to replace an earlier report.
        say: Told how far it is.

    Returns:
        What was written, as a line.

    Raises:
        Unavailable: If the processes that look at the trainings fail.
        UserError: If the folder cannot be written; nothing is left half-written.
    """
    await asyncio.to_thread(require_free, folder, force, PAGE)
    files = await made(sections, say)
    await asyncio.to_thread(write_folder, folder, files, force, OURS, PAGE)
    return f"wrote {folder}: {', '.join(files)}"
