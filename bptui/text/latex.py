"""Words and matrices in LaTeX: what a font has no letter for, and what is wider than the page.

Widths are in points, of the type area of an A4 page with margins of 2 cm, and estimated on the safe side.
"""

import re
import unicodedata
from collections.abc import Iterator

from bptui.text.matrices import Grid, Pieces, fit_columns

_ROOM = 400.0  # points of a line behind a left side and its equals sign
_CODECS = ("latin-1", "iso8859-2", "iso8859-9")  # whose letters the encoding T1 has
_GREEK = r"[\u0370-\u03ff\u1f00-\u1fff]"
_FONTS = {
    "otherletters": ("CMU Serif", "DejaVu Serif", "Noto Serif", "FreeSerif", "Times New Roman"),
    "cjkletters": (
        "Noto Serif CJK SC", "Noto Sans CJK SC", "Source Han Serif SC", "FandolSong-Regular.otf",
        "WenQuanYi Micro Hei", "Songti SC", "SimSun", "MS Mincho",
    ),
}  # fmt: skip
_CHARACTERS = {sign: rf"\{sign}" for sign in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "∂": r"$\partial$",
    "η": r"$\eta$",
    "δ": r"$\delta$",
    "Δ": r"$\Delta$",
    "λ": r"$\lambda$",
    "μ": r"$\mu$",
    "α": r"$\alpha$",
    "β": r"$\beta$",
    "ε": r"$\varepsilon$",
    "σ": r"$\sigma$",
    "Σ": r"$\sum$",
    "½": r"$\frac{1}{2}$",
    "√": r"$\surd$",
    "−": "$-$",
    "·": r"$\cdot$",
    "×": r"$\times$",
    "⊙": r"$\odot$",
    "ᵀ": r"$^{\top}$",
    "→": r"$\to$",
    "≈": r"$\approx$",
    "²": "$^2$",
    "…": r"\dots{}",
}


def _define_letters(command: str, fonts: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines that define a command for letters of other scripts, in the first of some fonts that exists."""
    for font in fonts:
        yield rf"\IfFontExistsTF{{{font}}}{{\newcommand\{command}[1]{{{{\fontspec{{{font}}}#1}}}}}}{{%"
    missing = rf"\PackageError{{bptui}}{{No font has some letters of this page}}{{Install {fonts[0]}}}"
    yield rf"\newcommand\{command}[1]{{{missing}}}{'}' * len(fonts)}"


PREAMBLE = (
    r"\documentclass{article}",
    r"\usepackage{iftex}",
    r"\usepackage[a4paper,margin=2cm]{geometry}",
    r"\usepackage{amsmath,longtable}",
    r"\ifPDFTeX",
    r"\usepackage[T1]{fontenc}",
    *(
        rf"\newcommand\{command}[1]{{\PackageError{{bptui}}"
        r"{pdflatex has no font for some letters of this page}{Run xelatex or lualatex instead}}"
        for command in _FONTS
    ),
    r"\else",
    r"\usepackage{fontspec}",
    *(line for command, fonts in _FONTS.items() for line in _define_letters(command, fonts)),
    r'\ifXeTeX\XeTeXlinebreaklocale "zh" \XeTeXlinebreakskip=0pt plus 1pt\fi',
    r"\fi",
    r"\setcounter{MaxMatrixCols}{20}",
    r"\setlength{\parindent}{0pt}",
    r"\setlength{\parskip}{4pt}",
    r"\allowdisplaybreaks",
    r"\begin{document}",
)
"""The lines before a page, for pdflatex, xelatex and lualatex; the last two set letters of every script."""


def escape_latex(text: str) -> str:
    """Return words in LaTeX, where letters that the usual fonts lack go to the commands of ``PREAMBLE``."""
    words = re.split(f"({_GREEK}{{2,}})", text)  # a Greek word is no row of symbols
    return "".join(_wrap("otherletters", word) if at % 2 else _escape_signs(word) for at, word in enumerate(words))


def _escape_signs(text: str) -> str:
    found, run, command = "", "", ""
    for sign in text:
        to = _find_command(sign)
        if run and to != command:
            found, run = found + _wrap(command, run), ""
        if to:
            run += sign
        else:
            found += _CHARACTERS.get(sign, sign)
        command = to
    return found + (_wrap(command, run) if run else "")


def _wrap(command: str, letters: str) -> str:
    return rf"\{command}{{{letters}}}"


def _find_command(sign: str) -> str:
    """Return the command for a letter that the usual fonts lack; empty for the others."""
    if sign in _CHARACTERS or sign.isascii() or any(_has(codec, sign) for codec in _CODECS):
        return ""
    return "cjkletters" if unicodedata.east_asian_width(sign) in ("W", "F") else "otherletters"


def _has(codec: str, sign: str) -> bool:
    try:
        return bool(sign.encode(codec))
    except UnicodeEncodeError:
        return False


# Matrices


def measure_latex(formula: str) -> float:
    """Estimate the width of a formula in points, on the safe side."""
    if fraction := re.fullmatch(r"(.*?)\\frac\{(.+)\}\{(.+)\}", formula):
        return measure_latex(fraction[1]) + max(map(measure_latex, fraction.groups()[1:])) + 3
    scripts = sum(len(re.sub(r"\\[a-z]+", "x", script)) for script in re.findall(r"[_^]\{([^{}]*)\}", formula))
    plain = re.sub(r"[_^]\{[^{}]*\}", "", formula)
    plain = re.sub(r"\\(?:left|right|math[a-z]+|text|operatorname)", "", plain)
    signs = re.sub(r"\\[a-zA-Z]+", "x", plain)
    wide = sum({".": 2.8, ",": 2.8, " ": 0.0, "{": 0.0, "}": 0.0}.get(s, 5.0 if s.isdigit() else 8.5) for s in signs)
    return wide + 4.3 * scripts + 5.0 * len(re.findall(r" (?:\\cdot|\\odot|[-+=]) ", formula))


def _measure_grid(grid: Grid) -> float:
    columns = zip(*grid.rows, strict=True)
    return sum(max(map(measure_latex, column)) + 10.0 for column in columns) + 10.0


def fit_latex_columns(grid: Grid, before: str) -> list[Grid]:
    """Return a grid in as few blocks of columns as fit on the page behind a text."""
    return fit_columns(grid, _ROOM - measure_latex(before), _measure_grid)


def write_latex_rows(pieces: Pieces) -> list[str]:
    """Return a formula as lines no wider than the page, broken before a sign with a matrix behind it."""
    rows, width = [""], 0.0
    pending, waiting = "", 0.0
    for piece in pieces:
        if isinstance(piece, str):
            pending, waiting = pending + piece, waiting + measure_latex(piece)
            continue
        wide = _measure_grid(piece)
        if rows[-1] and width + waiting + wide > _ROOM:
            rows, width = [*rows, ""], 0.0
        rows[-1] += pending + _write_grid(piece)
        width, pending, waiting = width + waiting + wide, "", 0.0
    if pending and rows[-1] and width + waiting > _ROOM:
        return [*rows, pending]
    rows[-1] += pending
    return rows


def _write_grid(grid: Grid) -> str:
    lines = r" \\ ".join(" & ".join(row) for row in grid.rows)
    return rf"\begin{{pmatrix}} {lines} \end{{pmatrix}}"
