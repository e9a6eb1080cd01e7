"""Make and write a report: child processes summarise its runs, and its files are written in one step.

The command line and the screen share it, including the progress messages. What takes long is the search for the round
in which a run comes near its floor; it can be skipped, and then the runs not analysed by then are reported without it.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from functools import partial
from pathlib import Path
from time import perf_counter

from bptui.compare.summary import Summary
from bptui.compare.worker import PROCESSES, SummaryQuestion, align_questions, summarise_runs
from bptui.core.engines.engine import NumpyEngine
from bptui.core.training.convergence import count_rounds_searched
from bptui.core.training.history import History
from bptui.record import record
from bptui.report.files import HTML_FILE, OWN_FILES, PAGE_FILE, PDF_FILE, make_report_files
from bptui.report.page import About
from bptui.report.pdf import HOW_TO, make_latex, print_pdf
from bptui.report.sections import Section
from bptui.system.folder_writing import require_free, write_folder
from bptui.system.process import Unavailable
from bptui.text.words import format_count

Say = Callable[[str], None]
_TIMED = 0.01  # seconds of training by which the speed of a run is measured
_TRAININGS = 4  # times that a summary trains a run up to its last round, roughly


@record(eq=False)
class Order:
    """What is to be written.

    Attributes:
        sections: One or more sections.
        about: What the report says about itself.
        pdf: Whether to print it as PDF too, where a program can.
        skip: Set when the runs not analysed yet are to be left so.
    """

    sections: Sequence[Section]
    about: About
    pdf: bool = False
    skip: asyncio.Event | None = None


async def build_report(order: Order, say: Say) -> tuple[dict[str, str | bytes], str]:
    """Build a report and return its files by name, and what there is to say about it, if anything.

    Args:
        order: What is to be written.
        say: Receives progress messages.

    Raises:
        Unavailable: If the processes that summarise the runs fail.
    """
    sections = order.sections
    questions = align_questions(one for section in sections for one in section.questions)
    found = await _summarise(questions, order.skip or asyncio.Event(), say)
    in_order = iter([found.get(place) for place in range(len(questions))])
    by_section = [[next(in_order) for _ in section.trainings] for section in sections]
    say("writing …")
    texts = await asyncio.to_thread(make_report_files, sections, by_section, order.about)
    missing = len(questions) - len(found)
    notes = [f"{format_count(missing, 'run')} not analysed"] if missing else []
    files: dict[str, str | bytes] = {**texts}
    if order.pdf:
        say("printing the PDF …")
        try:
            files[PDF_FILE] = await print_pdf(partial(make_latex, sections, by_section, order.about), texts[HTML_FILE])
        except Unavailable as fault:
            notes.append(f"no PDF ({fault}): {HOW_TO}")
    return files, "; ".join(notes)


async def write_report(order: Order, folder: Path, force: bool, say: Say) -> str:
    """Build a report and write it to a folder.

    Args:
        order: What is to be written.
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
    files, noted = await build_report(order, say)
    await asyncio.to_thread(write_folder, folder, files, force, OWN_FILES, PAGE_FILE)
    first = [name for name in (PDF_FILE, HTML_FILE, PAGE_FILE) if name in files]
    others = format_count(len(files) - len(first), "other file")
    return f"wrote {folder}: {', '.join(first)} and {others}{f'; {noted}' if noted else ''}"


async def _summarise(questions: Sequence[SummaryQuestion], skip: asyncio.Event, say: Say) -> dict[int, Summary]:
    """Return the summaries by the place of their question, all of them or those that are there when it is skipped."""
    seconds = await asyncio.to_thread(lambda: [_estimate_seconds(one) for one in questions])
    found: dict[int, Summary] = {}
    skipped = asyncio.ensure_future(skip.wait())
    try:
        async with aclosing(summarise_runs(questions)) as runs:
            while len(found) < len(questions) and not skip.is_set():
                say(_describe_progress(questions, found, seconds))
                coming = asyncio.ensure_future(anext(runs))
                try:
                    await asyncio.wait({coming, skipped}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if not coming.done():
                        coming.cancel()
                        with suppress(asyncio.CancelledError):
                            await coming
                if not coming.cancelled():
                    place, summary = coming.result()
                    found[place] = summary
    finally:
        skipped.cancel()
    return found


def _describe_progress(
    questions: Sequence[SummaryQuestion], found: dict[int, Summary], seconds: Sequence[float]
) -> str:
    left = sum(seconds[place] for place in range(len(questions)) if place not in found) / PROCESSES
    longest = max((seconds[place] for place in range(len(questions)) if place not in found), default=0.0)
    about = f", up to {max(left, longest):,.0f} s left" if max(left, longest) >= 1.0 else ""
    return f"analysed {len(found)} of {format_count(len(questions), 'run')}{about} …"


def _estimate_seconds(question: SummaryQuestion) -> float:
    """Estimate how long it takes at most to summarise a run, by training it for a moment."""
    engine = NumpyEngine(question.spec)
    start, done, began = History(question.spec, engine.dtype).next_state, 0, perf_counter()
    while perf_counter() - began < _TIMED:
        engine.advance(start, 200, 1)
        done += 200
    rounds = _TRAININGS * question.rounds + count_rounds_searched(question.spec, question.rounds)
    return rounds * (perf_counter() - began) / done
