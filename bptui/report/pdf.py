"""Print a report as PDF, by LaTeX or a browser, whichever is on this computer; without either there is none.

LaTeX sets the formulas best, so it comes first; a browser prints the page that is written as HTML. Both work in a
folder of their own that is removed afterwards.
"""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from bptui.derive.blocks import Block, Paragraph, Picture, Table, UserNote
from bptui.derive.formats import FORMATS
from bptui.report.files import HTML_FILE, PDF_FILE, Summaries, draw_sections
from bptui.report.page import About, make_page
from bptui.report.pdf_picture import draw_pdf
from bptui.report.sections import Section
from bptui.system.process import Unavailable
from bptui.system.programs import find_program, run_program
from bptui.text.markdown import read_table, split_blocks, strip_marks

_SECONDS = 90.0  # that a program may take
_ANY_SCRIPT = ("xelatex", "lualatex")  # which set letters of every script
_LATEX = ("pdflatex", *_ANY_SCRIPT)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_WIDE = 6  # columns of a table that is made to fit the page
LatexMaker = Callable[[], tuple[str, dict[str, bytes]]]
HOW_TO = f"print {HTML_FILE} from a browser"


def find_printer() -> str:
    """Return the name of the program that makes a PDF; empty if there is none."""
    path = find_program((*_LATEX, *_BROWSERS))
    return Path(path).name if path else ""


def make_latex(sections: Sequence[Section], summaries: Summaries, about: About) -> tuple[str, dict[str, bytes]]:
    """Return a report in LaTeX, and its pictures by file."""
    rows, drawn = draw_sections(sections, summaries)
    latex = FORMATS["latex"]
    *before, begin = latex.before
    svgs = {f"picture-{number}.pdf": svg for number, (_, svg) in enumerate(chain.from_iterable(drawn), 1)}
    files = iter(svgs)
    pictures = [[Picture(next(files), picture.about) for picture, _ in some] for some in drawn]
    page = make_page(sections, rows, pictures, about, latex.form)
    form = replace(latex, block=_print_block, before=(*before, r"\usepackage{graphicx}", begin))
    return "\n".join(form.print(page)) + "\n", {file: draw_pdf(svg) for file, svg in svgs.items()}


def _print_block(block: Block) -> Iterator[str]:
    plain = FORMATS["latex"].block
    match block:
        case Picture(file, about):
            yield rf"\begin{{center}}\includegraphics[width=0.9\textwidth]{{{file}}}\end{{center}}"
            yield from plain(Paragraph(f"{about}."))
        case Table(head, _, ()) if len(head) > _WIDE:
            lines = [line.replace("longtable", "tabular") for line in plain(block)]
            yield from [r"\medskip", r"\resizebox{\textwidth}{!}{%", *lines, "}", r"\medskip"]
        case UserNote(markdown):
            yield r"\begin{quote}"
            for part in split_blocks(markdown):
                yield from ["", *_print_note(part)]
            yield r"\end{quote}"
        case _:
            yield from plain(block)


def _print_note(part: str) -> Iterator[str]:
    plain = FORMATS["latex"].block
    if table := read_table(part):
        yield from plain(Table(tuple(table[0]), tuple(map(tuple, table[1:]))))
    else:
        yield from plain(Paragraph(" ".join(strip_marks(part).split())))


async def print_pdf(latex: LatexMaker, html: str) -> bytes:
    """Return a report as PDF.

    Args:
        latex: Returns it in LaTeX, with its pictures by file.
        html: The report as HTML.

    Raises:
        Unavailable: If there is no program for it, or none succeeds.
    """
    reason = "LaTeX, Chromium and Chrome are all missing"
    for make in (_by_latex, _by_browser):
        try:
            if (found := await make(latex, html)) is not None:
                return found
        except Unavailable as fault:
            reason = str(fault)
    raise Unavailable(reason)


async def _by_latex(latex: LatexMaker, _: str) -> bytes | None:
    if not find_program(_LATEX):
        return None
    text, pictures = await asyncio.to_thread(latex)
    body = text.partition(r"\begin{document}")[2]
    scripts = any(rf"\{command}{{" in body for command in ("otherletters", "cjkletters"))
    program = find_program(_ANY_SCRIPT if scripts else _LATEX)
    if not program:
        raise Unavailable("pdflatex has no font for some characters on this page")
    words = [program, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "report.tex"]
    return await _print_in_folder({**pictures, "report.tex": text.encode()}, words, times=2)  # for widths of tables


async def _by_browser(_: LatexMaker, html: str) -> bytes | None:
    if not (program := find_program(_BROWSERS)):
        return None
    words = [program, "--headless", "--disable-gpu", "--user-data-dir=profile", "--no-pdf-header-footer"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--no-sandbox")  # a browser refuses root with one; the page has no script
    return await _print_in_folder(
        {HTML_FILE: html.encode()}, [*words, f"--print-to-pdf={PDF_FILE}", f"{{}}/{HTML_FILE}"]
    )


async def _print_in_folder(files: Mapping[str, bytes], words: Sequence[str], times: int = 1) -> bytes:
    """Run a program that makes a PDF of some files, and return it; ``{}`` in its words is the folder's address."""
    folder = Path(await asyncio.to_thread(mkdtemp, prefix="bptui-report-"))
    try:
        for name, content in files.items():
            await asyncio.to_thread((folder / name).write_bytes, content)
        for _ in range(times):
            await run_program([word.replace("{}", folder.as_uri()) for word in words], folder, _SECONDS)
        return await asyncio.to_thread((folder / PDF_FILE).read_bytes)
    except OSError as fault:
        raise Unavailable(f"it could not be made: {fault.strerror or fault}") from fault
    finally:
        await asyncio.shield(asyncio.to_thread(rmtree, folder, ignore_errors=True))
