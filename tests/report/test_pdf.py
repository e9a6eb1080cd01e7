"""A report as PDF: by whichever program there is, and with a reason where it fails."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bptui.compare.summary import summarise_run
from bptui.lessons.lesson import load_lesson
from bptui.lessons.training import LessonRun
from bptui.report.page import About
from bptui.report.pdf import find_printer, make_latex, print_pdf
from bptui.report.pdf_picture import draw_pdf
from bptui.report.sections import Section
from bptui.report.svg import PlotCurve, draw_svg
from bptui.system import confinement
from bptui.system.process import Unavailable

Program = Callable[[str, str], None]
_COMMAND = '#!/bin/sh\necho "$@" > "{args}"\n{body}\n'


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Make a program of a name, the only ones there are besides the system's own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/bin")
    monkeypatch.setattr(
        "bptui.system.programs.which", lambda name: str(folder / name) if (folder / name).exists() else None
    )

    def make(name: str, body: str) -> None:
        path = folder / name
        path.write_text(_COMMAND.format(args=tmp_path / f"{name}.args", body=body))
        path.chmod(0o755)

    return make


def latex_of(name: str = "relu", title: str = "") -> tuple[str, dict[str, bytes]]:
    sections = Section.of_runs({0: LessonRun.of(load_lesson(name)).called(title)})
    return make_latex(sections, [[summarise_run(load_lesson(name).spec, 20)]], About("Homework", "Ada & Bob"))


def plain() -> tuple[str, dict[str, bytes]]:
    return "\\begin{document}", {}


async def test_latex_comes_first_then_a_browser_and_without_either_there_is_a_reason(program: Program) -> None:
    with pytest.raises(Unavailable, match="LaTeX, Chromium and Chrome are all missing"):
        await print_pdf(plain, "<html>")
    assert find_printer() == ""
    program("chromium", "echo -n browser > report.pdf")
    assert find_printer() == "chromium" and await print_pdf(plain, "<html>") == b"browser"
    program("pdflatex", "echo -n latex > report.pdf")
    assert find_printer() == "pdflatex" and await print_pdf(plain, "<html>") == b"latex"
    program("pdflatex", "echo '! LaTeX Error: no such file.'; exit 1")
    assert await print_pdf(plain, "<html>") == b"browser"  # what the other can do


async def test_a_program_that_fails_says_why(program: Program) -> None:
    program("pdflatex", "echo This is; echo '! LaTeX Error: no such file.'; exit 1")
    with pytest.raises(Unavailable, match="pdflatex failed: LaTeX Error: no such file"):
        await print_pdf(plain, "<html>")
    program("pdflatex", "exit 0")
    with pytest.raises(Unavailable, match="it could not be made"):
        await print_pdf(plain, "<html>")


async def test_letters_that_pdflatex_lacks_are_left_to_a_program_that_has_them(program: Program) -> None:
    program("pdflatex", "echo -n plain > report.pdf")
    with pytest.raises(Unavailable, match="no font"):
        await print_pdf(lambda: ("\\begin{document}\\cjkletters{x}", {}), "<html>")
    program("xelatex", "echo -n every > report.pdf")
    assert await print_pdf(lambda: ("\\begin{document}\\cjkletters{x}", {}), "<html>") == b"every"


async def test_a_program_that_never_ends_is_stopped(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bptui.report.pdf._SECONDS", 0.2)
    program("chromium", "sleep 60")
    with pytest.raises(Unavailable, match=r"took more than 0\.2 s"):
        await print_pdf(plain, "<html>")


async def test_a_guest_runs_no_program(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program("pdflatex", "echo -n latex > report.pdf")
    monkeypatch.setattr(confinement, "_folder", tmp_path)
    assert find_printer() == ""
    with pytest.raises(Unavailable, match="all missing"):
        await print_pdf(plain, "<html>")
    assert not (tmp_path / "pdflatex.args").exists()


def test_the_latex_has_the_pictures_and_escapes_names() -> None:
    text, pictures = latex_of(title="50 % & more_")
    assert list(pictures) == ["picture-1.pdf"] and r"\includegraphics[width=0.9\textwidth]{picture-1.pdf}" in text
    assert r"Ada \& Bob" in text and r"50 \% \& more\_" in text and "**" not in text
    assert text.index(r"\usepackage{graphicx}") < text.index(r"\begin{document}")


def test_a_picture_is_a_pdf_with_every_curve_and_word() -> None:
    import numpy as np

    curves = [PlotCurve(letter, f"run ({letter})", np.array([4.0, 2.0, 1.0])) for letter in "ab"]
    file = draw_pdf(draw_svg(curves, "E"))
    assert file.startswith(b"%PDF-1.4") and file.endswith(b"%%EOF\n")
    assert b"(a  run \\(a\\)) Tj" in file and b"(E, logarithmic) Tj" in file and file.count(b" 2 w [") >= 2
    start = int(file.split(b"startxref\n")[1].split()[0])
    assert file[start:].startswith(b"xref\n0 6") and file.count(b" obj\n") == 5


@pytest.mark.exhaustive
async def test_a_program_that_is_here_makes_a_pdf_of_every_kind_of_page() -> None:
    if not find_printer():
        pytest.skip("neither LaTeX nor a browser is here")
    for name, title in (("xor", ""), ("softmax", "誤差"), ("step-size", "50 % & more_")):
        assert (await print_pdf(lambda one=(name, title): latex_of(*one), "<p>x</p>")).startswith(b"%PDF")  # type: ignore[misc]
